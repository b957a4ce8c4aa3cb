//! Negative tests: numbers that circulate under the same names and must not come out of this crate.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use iatro_stats::Table2x2;
use iatro_stats::disproportionality::{ic, ic_noren2013, ror};

const TABLES: [[u64; 4]; 3] =
    [[122, 1_320, 381, 31_341], [25, 1_101, 62, 571_385], [3, 97, 47, 19_853]];

fn table([a, b, c, d]: [u64; 4]) -> Table2x2 {
    Table2x2::new(a, b, c, d).unwrap()
}

fn sum_of_reciprocals(cells: [u64; 4]) -> f64 {
    cells.iter().map(|&cell| 1.0 / cell as f64).sum()
}

/// `IC025 = exp(ln IC - 1.96 sqrt(1/a + 1/b + 1/c + 1/d))`: the Wald limit of the ROR with the IC
/// in the place of the ROR. IC is a logarithm already.
fn wrong_ic025(cells: [u64; 4]) -> f64 {
    let point = ic(&table(cells)).unwrap().point;
    (point.ln() - 1.96 * sum_of_reciprocals(cells).sqrt()).exp()
}

#[test]
fn the_wrong_ic025_is_not_ours() {
    for cells in TABLES {
        let wrong = wrong_ic025(cells);
        let (exact, approximate) =
            (ic(&table(cells)).unwrap(), ic_noren2013(&table(cells)).unwrap());
        assert!((exact.lower - wrong).abs() > 0.19, "{cells:?}: {wrong}");
        assert!((approximate.lower - wrong).abs() > 0.16, "{cells:?}: {wrong}");
    }
    assert!((wrong_ic025(TABLES[2]) - 0.680107).abs() < 1e-6);
}

/// The wrong formula is above 0 whenever it exists, so "IC025 > 0" would always be met.
#[test]
fn the_wrong_ic025_can_never_reach_zero() {
    let weak = [3, 300, 300, 40_000];
    assert!(ic(&table(weak)).unwrap().lower < 0.0);
    assert!(wrong_ic025(weak) > 0.0);
    let fewer_than_expected = [1, 500, 500, 40_000];
    assert!(wrong_ic025(fewer_than_expected).is_nan());
}

/// PhViD's Monte Carlo BCPNN takes natural logarithms: its value is ours times ln 2.
#[test]
fn the_information_component_is_in_bits() {
    let t = table(TABLES[0]);
    let ratio = (122.0 + 0.5) / (t.expected().unwrap() + 0.5);
    assert!((ic(&t).unwrap().point - ratio.log2()).abs() < 1e-15);
    assert!((ic(&t).unwrap().point - ratio.ln()).abs() > 0.7);
}

/// The R package pvm has `1 + c` for `1/c` under the root (`R/ROR.R`); its c is our b.
#[test]
fn the_wald_variance_holds_four_reciprocals() {
    let cells = [3, 97, 47, 19_853];
    let ours = ror(&table(cells)).unwrap();
    let variance = sum_of_reciprocals(cells) - 1.0 / 97.0 + (1.0 + 97.0);
    let theirs = (ours.point.ln() - 1.959963984540054 * variance.sqrt()).exp();
    assert!(theirs < 1e-6 && ours.lower > 3.9);
}

/// The conditional odds ratio: maximum likelihood and exact limits under Fisher's noncentral
/// hypergeometric distribution, as `fisher.test` in R gives it. Written out term by term.
mod conditional {
    pub(crate) struct Support {
        /// (count, ln of the hypergeometric weight at odds ratio 1)
        terms: Vec<(f64, f64)>,
        observed: f64,
    }

    impl Support {
        pub(crate) fn new([a, b, c, d]: [u64; 4]) -> Self {
            let ln_factorial = |n: u64| (2..=n).map(|k| (k as f64).ln()).sum::<f64>();
            let (exposure, event, n) = (a + b, a + c, a + b + c + d);
            let weight = |x: u64| {
                let cells = [x, exposure - x, event - x, n + x - exposure - event];
                -cells.into_iter().map(ln_factorial).sum::<f64>()
            };
            let lowest = (exposure + event).saturating_sub(n);
            let terms = (lowest..=exposure.min(event)).map(|x| (x as f64, weight(x))).collect();
            Self { terms, observed: a as f64 }
        }

        /// Expectation of `f(count)` at the given log odds ratio.
        fn mean(&self, log_odds: f64, f: impl Fn(f64) -> f64) -> f64 {
            let exponent = |&(x, weight): &(f64, f64)| weight + x * log_odds;
            let top = self.terms.iter().map(exponent).fold(f64::MIN, f64::max);
            let weights = || self.terms.iter().map(|t| (t.0, (exponent(t) - top).exp()));
            let total: f64 = weights().map(|(_, w)| w).sum();
            weights().map(|(x, w)| f(x) * w).sum::<f64>() / total
        }

        /// Odds ratio at which the expectation, increasing in it, reaches `target`.
        fn solve(&self, target: f64, f: impl Fn(f64) -> f64) -> f64 {
            let (mut low, mut high) = (-20.0, 20.0);
            for _ in 0..200 {
                let middle = 0.5 * (low + high);
                if self.mean(middle, &f) < target {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            low.exp()
        }

        pub(crate) fn maximum_likelihood(&self) -> f64 {
            self.solve(self.observed, |x| x)
        }

        pub(crate) fn lower(&self) -> f64 {
            self.solve(0.025, |x| f64::from(x >= self.observed))
        }

        pub(crate) fn upper(&self) -> f64 {
            self.solve(0.975, |x| f64::from(x > self.observed))
        }
    }
}

/// A third "ROR" of this table, beside Wald's and pvm's. Expected:
/// `scipy.stats.contingency.odds_ratio([[3, 97], [47, 19853]], kind='conditional')`, scipy 1.17.
///
/// It also circulates as 13.056799 (2.55-41.71). That upper limit lies within the default tolerance
/// of R's root finder (1.2e-4, in the inverse odds ratio) of the limit, 41.678.
#[test]
fn the_conditional_odds_ratio_is_another_number() {
    let cells = [3, 97, 47, 19_853];
    let conditional = conditional::Support::new(cells);
    assert!((conditional.maximum_likelihood() - 13.056798986486752).abs() < 1e-8);
    assert!((conditional.lower() - 2.5563570901809607).abs() < 1e-8);
    assert!((conditional.upper() - 41.67847582916707).abs() < 1e-7);
    assert!((1.0 / conditional.upper() - 1.0 / 41.71).abs() < 1.2e-4);
    let ours = ror(&table(cells)).unwrap();
    assert!((ours.point - conditional.maximum_likelihood()).abs() > 5e-3);
    assert!((ours.lower - conditional.lower()).abs() > 1.0);
}
