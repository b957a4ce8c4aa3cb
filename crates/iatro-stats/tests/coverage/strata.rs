//! Stratified 2 x 2 tables.
//!
//! Four strata that differ in size, in how often the drug and in how often the event is reported, so
//! that the crude estimate is wrong; one ratio in all of them.

use iatro_stats::Table2x2;
use iatro_stats::strata::{
    chi2_mantel_haenszel, heterogeneity, pooled, prr_mantel_haenszel, ror_mantel_haenszel,
};
use iatro_stats::{disproportionality, special::chi_squared_1df_upper};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution};

use crate::simulation::{CLAIMED, coverage};

const REPLICATES: u32 = 4_000;
const RATIO: f64 = 2.5;

/// Exposed, unexposed, proportion of the unexposed with the event.
const STRATA: [(u64, u64, f64); 4] =
    [(60, 9_000, 0.004), (150, 6_000, 0.02), (300, 3_000, 0.05), (40, 12_000, 0.008)];

/// Exposed, unexposed, proportion of the unexposed with the event, number of strata: half a report of
/// the pair in each.
const SPARSE: (u64, u64, f64, usize) = (4, 40, 0.05, 60);

fn stratum(
    exposed: u64,
    unexposed: u64,
    with: f64,
    without: f64,
    rng: &mut ChaCha8Rng,
) -> Table2x2 {
    let a = Binomial::new(exposed, with).unwrap().sample(rng);
    let c = Binomial::new(unexposed, without).unwrap().sample(rng);
    Table2x2::new(a, exposed - a, c, unexposed - c).unwrap()
}

fn same_odds_ratio(ratio: f64, without: f64) -> f64 {
    let odds = ratio * without / (1.0 - without);
    odds / (1.0 + odds)
}

fn sample(with: fn(f64, f64) -> f64, ratio: f64, rng: &mut ChaCha8Rng) -> Vec<Table2x2> {
    let draw = |&(exposed, unexposed, without): &(u64, u64, f64)| {
        stratum(exposed, unexposed, with(ratio, without), without, rng)
    };
    STRATA.iter().map(draw).collect()
}

#[test]
fn ror_in_four_strata() {
    let share = coverage("ROR (Mantel-Haenszel), 4 strata", 21, REPLICATES, |rng| {
        let ror = ror_mantel_haenszel(&sample(same_odds_ratio, RATIO, rng))?;
        Some(([ror.lower, ror.upper], RATIO))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// The same samples pooled: the crude interval misses the ratio that every stratum has.
#[test]
fn the_crude_ror_misses() {
    let share = coverage("ROR (crude), 4 strata", 21, REPLICATES, |rng| {
        let table = pooled(&sample(same_odds_ratio, RATIO, rng)).unwrap();
        let ror = disproportionality::ror(&table)?;
        Some(([ror.lower, ror.upper], RATIO))
    });
    assert!(share < 0.2, "{share}");
}

#[test]
fn ror_in_sixty_sparse_strata() {
    let (exposed, unexposed, without, strata) = SPARSE;
    let share = coverage("ROR (Mantel-Haenszel), 60 sparse strata", 22, REPLICATES, |rng| {
        let with = same_odds_ratio(RATIO, without);
        let strata: Vec<Table2x2> =
            (0..strata).map(|_| stratum(exposed, unexposed, with, without, rng)).collect();
        let ror = ror_mantel_haenszel(&strata)?;
        Some(([ror.lower, ror.upper], RATIO))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

#[test]
fn prr_in_four_strata() {
    let share = coverage("PRR (Mantel-Haenszel), 4 strata", 23, REPLICATES, |rng| {
        let prr = prr_mantel_haenszel(&sample(|ratio, without| ratio * without, RATIO, rng))?;
        Some(([prr.lower, prr.upper], RATIO))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// A p value is above 0.05 in 95 % of samples in which nothing is the matter.
#[test]
fn tests_keep_their_level() {
    let share = coverage("Mantel-Haenszel p > 0.05, ROR 1", 24, REPLICATES, |rng| {
        let chi2 = chi2_mantel_haenszel(&sample(same_odds_ratio, 1.0, rng))?;
        Some(([0.05, 1.0], chi_squared_1df_upper(chi2).unwrap()))
    });
    assert!(CLAIMED.contains(&share), "{share}");
    let share = coverage("Breslow-Day-Tarone p > 0.05, one ROR", 25, REPLICATES, |rng| {
        let test = heterogeneity(&sample(same_odds_ratio, RATIO, rng))?;
        Some(([0.05, 1.0], test.tarone_p))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}
