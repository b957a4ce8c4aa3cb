//! One 2 x 2 table.
//!
//! Wald, log-normal, exact and mid-P intervals are about a fixed odds ratio or ratio of proportions:
//! samples are two binomial counts of a database with some 12 reports of the pair. The IC intervals
//! are credibility intervals: they hold the truth in 95 % of samples over their own prior, and
//! promise nothing about one fixed truth; so the truth is drawn from the prior.

// Shares of counts and Poisson draws are not negative.
#![allow(clippy::cast_sign_loss)]

use iatro_stats::Table2x2;
use iatro_stats::disproportionality::{
    ic_bcpnn, ic_observed_expected, prr, ror, ror_conditional, ror_conditional_mid_p,
};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Gamma, Poisson};

use crate::simulation::{CLAIMED, coverage};

const REPLICATES: u32 = 4_000;
const EXPOSED: u64 = 400;
const UNEXPOSED: u64 = 19_600;
/// Proportions of reports with the event.
const WITH: f64 = 0.03;
const WITHOUT: f64 = 0.01;

fn odds_ratio() -> f64 {
    WITH / (1.0 - WITH) / (WITHOUT / (1.0 - WITHOUT))
}

fn sample(rng: &mut ChaCha8Rng) -> Table2x2 {
    let a = Binomial::new(EXPOSED, WITH).unwrap().sample(rng);
    let c = Binomial::new(UNEXPOSED, WITHOUT).unwrap().sample(rng);
    Table2x2::new(a, EXPOSED - a, c, UNEXPOSED - c).unwrap()
}

#[test]
fn ror_wald() {
    let share = coverage("ROR (Wald)", 11, REPLICATES, |rng| {
        ror(&sample(rng)).map(|ror| ([ror.lower, ror.upper], odds_ratio()))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

#[test]
fn prr_log_normal() {
    let share = coverage("PRR (log-normal)", 12, REPLICATES, |rng| {
        prr(&sample(rng)).map(|prr| ([prr.lower, prr.upper], WITH / WITHOUT))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// Exact limits hold the truth in at least 95 % of samples, and by how much more depends on how
/// coarse the distribution is.
#[test]
fn ror_conditional_exact() {
    let share = coverage("ROR (conditional, exact)", 13, REPLICATES, |rng| {
        let ror = ror_conditional(&sample(rng))?;
        Some(([ror.lower?, ror.upper?], odds_ratio()))
    });
    assert!((0.95..=0.985).contains(&share), "{share}");
}

/// The same with two reports of the pair expected: the guarantee holds, the price is higher.
#[test]
fn ror_conditional_exact_with_few_reports() {
    let share = coverage("ROR (conditional, exact), 2 reports", 14, REPLICATES, |rng| {
        let a = Binomial::new(EXPOSED, 0.005).unwrap().sample(rng);
        let c = Binomial::new(UNEXPOSED, 0.005).unwrap().sample(rng);
        let table = Table2x2::new(a, EXPOSED - a, c, UNEXPOSED - c).unwrap();
        let ror = ror_conditional(&table)?;
        Some(([ror.lower.unwrap_or(0.0), ror.upper?], 1.0))
    });
    assert!((0.95..=1.0).contains(&share), "{share}");
}

#[test]
fn ror_conditional_mid_p_limits() {
    let share = coverage("ROR (conditional, mid-P)", 15, REPLICATES, |rng| {
        let ror = ror_conditional_mid_p(&sample(rng))?;
        Some(([ror.lower?, ror.upper?], odds_ratio()))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// Ratio from its gamma(0.5, 0.5) prior, count from its Poisson distribution.
#[test]
fn ic_exact_gamma() {
    let prior = Gamma::new(0.5, 2.0).unwrap();
    let expected = 5.0;
    let share = coverage("IC (exact gamma), over its prior", 16, REPLICATES, |rng| {
        let ratio: f64 = prior.sample(rng);
        let observed = Poisson::new((ratio * expected).max(1e-300)).unwrap().sample(rng);
        let ic = ic_observed_expected(observed as u64, expected).unwrap();
        Some(([ic.lower, ic.upper], ratio.log2()))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// Cell probabilities from a Dirichlet prior around independence, counts from the multinomial. The
/// estimator takes the margins of the prior from the counts, so 95 % is nearly, not exactly, its own.
#[test]
fn ic_dirichlet() {
    let (drug, event, reports) = (0.03, 0.02, 60_000_u64);
    let weight = 0.5 / (drug * event);
    let prior = [
        weight * drug * event,
        weight * drug * (1.0 - event),
        weight * (1.0 - drug) * event,
        weight * (1.0 - drug) * (1.0 - event),
    ]
    .map(|shape| Gamma::new(shape, 1.0).unwrap());
    let mut seed = 0;
    let share = coverage("IC (BCPNN), over its prior", 17, 2_000, |rng| {
        let p = [0, 1, 2, 3].map(|cell: usize| prior[cell].sample(rng));
        let total: f64 = p.iter().sum();
        let truth = (p[0] / (p[0] + p[1]) * (total / (p[0] + p[2]))).log2();
        let (mut left, mut rest) = (reports, total);
        let mut counts = [0; 4];
        for cell in 0..3 {
            let share = (p[cell] / rest).clamp(0.0, 1.0);
            counts[cell] = Binomial::new(left, share).unwrap().sample(rng);
            left -= counts[cell];
            rest -= p[cell];
        }
        let table = Table2x2::new(counts[0], counts[1], counts[2], left).unwrap();
        seed += 1;
        let ic = ic_bcpnn(&table, 2_000, seed).unwrap()?.estimate;
        Some(([ic.lower, ic.upper], truth))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}
