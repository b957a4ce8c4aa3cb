//! Limits of a proportion.
//!
//! The coverage of an interval for a binomial proportion swings with p, so the truth is drawn anew in
//! each replicate: what is measured is the mean over p.

use iatro_stats::DomainError;
use iatro_stats::proportion::{Proportion, clopper_pearson, jeffreys, wilson, wilson_corrected};
use rand::RngExt;
use rand_distr::{Binomial, Distribution};

use crate::simulation::{CLAIMED, coverage};

type Method = fn(u64, u64, f64) -> Result<Option<Proportion>, DomainError>;

/// p uniform on [`low`, `high`], `n` reports.
fn share(name: &str, seed: u64, method: Method, n: u64, low: f64, high: f64) -> f64 {
    coverage(name, seed, 10_000, |rng| {
        let p = rng.random_range(low..high);
        let events = Binomial::new(n, p).unwrap().sample(rng);
        let got = method(events, n, 0.95).unwrap().unwrap();
        Some(([got.lower, got.upper], p))
    })
}

#[test]
fn wilson_on_average() {
    for (seed, n) in [(11, 10), (12, 50), (13, 400)] {
        let got = share(&format!("Wilson, n = {n}"), seed, wilson, n, 0.0, 1.0);
        assert!(CLAIMED.contains(&got), "{n}: {got}");
    }
    let got = share("Wilson, n = 2,000, p to 0.05", 14, wilson, 2_000, 0.0, 0.05);
    assert!(CLAIMED.contains(&got), "{got}");
}

#[test]
fn jeffreys_on_average() {
    for (seed, n) in [(21, 10), (22, 50), (23, 400)] {
        let got = share(&format!("Jeffreys, n = {n}"), seed, jeffreys, n, 0.0, 1.0);
        assert!(CLAIMED.contains(&got), "{n}: {got}");
    }
}

/// The exact interval holds the truth at least at its level for every p, and the corrected score
/// interval comes close to it; so at least 95 % on average (a standard error is 0.2 points or less).
#[test]
fn conservative_methods_hold_at_least_their_level() {
    let methods: [(&str, Method); 2] =
        [("Clopper-Pearson", clopper_pearson), ("Wilson corrected", wilson_corrected)];
    for (name, method) in methods {
        for (seed, n) in [(31, 10), (32, 50), (33, 400)] {
            let got = share(&format!("{name}, n = {n}"), seed, method, n, 0.0, 1.0);
            assert!((0.95..=0.995).contains(&got), "{name}, {n}: {got}");
        }
    }
}
