//! Interactions of two drugs.
//!
//! Omega's gamma interval is a credibility interval: the ratio is drawn from its prior. The others are
//! about fixed proportions in four groups.

// Shares of counts and Poisson draws are not negative.
#![allow(clippy::cast_sign_loss)]

use iatro_stats::interaction::{
    FourGroups, Group, Scale, additive, interaction_contrast, multiplicative, omega,
};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Gamma, Poisson};

use crate::simulation::{CLAIMED, coverage};

const REPLICATES: u32 = 4_000;
/// Reports and proportion with the event: neither, first, second, both.
const GROUPS: [(u64, f64); 4] = [(60_000, 0.01), (3_000, 0.03), (2_500, 0.04), (1_000, 0.09)];

fn sample(rng: &mut ChaCha8Rng) -> FourGroups {
    let [neither, first, second, both] = GROUPS.map(|(reports, share)| {
        let events = Binomial::new(reports, share).unwrap().sample(rng);
        Group::new(reports, events).unwrap()
    });
    FourGroups::new(neither, first, second, both).unwrap()
}

/// Ratios of first, second and both against neither.
fn ratios(scale: Scale) -> [f64; 3] {
    let [neither, first, second, both] = GROUPS.map(|(_, share)| match scale {
        Scale::Prr => share,
        Scale::Ror => share / (1.0 - share),
    });
    [first / neither, second / neither, both / neither]
}

/// Groups whose expected count with both drugs is exactly 10 and known.
fn known(observed: u64) -> FourGroups {
    let group = |reports, events| Group::new(reports, events).unwrap();
    FourGroups::new(
        group(100_000, 1_000),
        group(2_000, 20),
        group(3_000, 30),
        group(1_000, observed.min(1_000)),
    )
    .unwrap()
}

#[test]
fn omega_over_its_prior() {
    let prior = Gamma::new(0.5, 2.0).unwrap();
    let share = coverage("Omega (gamma), over its prior", 31, REPLICATES, |rng| {
        let ratio: f64 = prior.sample(rng);
        let observed = Poisson::new((ratio * 10.0).max(1e-300)).unwrap().sample(rng);
        let omega = omega(&known(observed as u64))?;
        assert!((omega.expected - 10.0).abs() < 1e-9);
        Some(([omega.gamma.lower, omega.gamma.upper], ratio.log2()))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// The normal approximation about a fixed ratio of 2, 20 reports expected.
#[test]
fn omega_normal_approximation() {
    let share = coverage("Omega (normal), ratio 2", 32, REPLICATES, |rng| {
        let observed = Poisson::new(20.0).unwrap().sample(rng);
        let normal = omega(&known(observed as u64))?.normal?;
        Some(([normal.lower, normal.upper], 1.0))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

#[test]
fn interaction_contrast_of_proportions() {
    let truth = GROUPS[3].1 - GROUPS[1].1 - GROUPS[2].1 + GROUPS[0].1;
    let share = coverage("interaction contrast", 33, REPLICATES, |rng| {
        interaction_contrast(&sample(rng)).map(|c| ([c.lower, c.upper], truth))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

#[test]
fn additive_measures_on_both_scales() {
    for (scale, name) in [(Scale::Prr, "PRR"), (Scale::Ror, "ROR")] {
        let [first, second, both] = ratios(scale);
        let reri = both - first - second + 1.0;
        let share = coverage(&format!("RERI, {name}"), 34, REPLICATES, |rng| {
            additive(&sample(rng), scale).map(|a| ([a.reri.lower, a.reri.upper], reri))
        });
        assert!(CLAIMED.contains(&share), "{share}");
        let name_ap = format!("attributable proportion, {name}");
        let share = coverage(&name_ap, 35, REPLICATES, |rng| {
            let proportion = additive(&sample(rng), scale)?.attributable_proportion;
            Some(([proportion.lower, proportion.upper], reri / both))
        });
        assert!(CLAIMED.contains(&share), "{share}");
        let synergy = (both - 1.0) / (first + second - 2.0);
        let share = coverage(&format!("synergy index, {name}"), 36, REPLICATES, |rng| {
            let index = additive(&sample(rng), scale)?.synergy_index?;
            Some(([index.lower, index.upper], synergy))
        });
        assert!(CLAIMED.contains(&share), "{share}");
    }
}

#[test]
fn multiplicative_contrast_on_both_scales() {
    for (scale, name) in [(Scale::Prr, "PRR"), (Scale::Ror, "ROR")] {
        let [first, second, both] = ratios(scale);
        let truth = both / (first * second);
        let share = coverage(&format!("multiplicative contrast, {name}"), 37, REPLICATES, |rng| {
            multiplicative(&sample(rng), scale).map(|m| ([m.lower, m.upper], truth))
        });
        assert!(CLAIMED.contains(&share), "{share}");
    }
}
