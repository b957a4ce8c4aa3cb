//! Regression on sparse report data, propensity scores, the E-value.

use iatro_stats::disproportionality::ror;
use iatro_stats::regression::propensity::{
    PenaltyChoice, PropensityScores, Weighting, weighted_ror,
};
use iatro_stats::regression::{
    DesignMatrix, FitOptions, LogisticData, Nuisance, Penalty, maximum_likelihood, profile_interval,
};
use iatro_stats::{Estimate, Table2x2};
use rand::{Rng, RngExt};

use crate::simulation::{CLAIMED, coverage};

/// Reports of three substances, the first the one of interest, and their outcome.
fn reports(rng: &mut impl Rng, rows: usize, b: [f64; 4]) -> (DesignMatrix, Vec<bool>) {
    let (mut lists, mut outcome) = (Vec::new(), Vec::new());
    for _ in 0..rows {
        let second = rng.random_bool(0.3);
        // The first goes with the second.
        let first = rng.random_bool(if second { 0.35 } else { 0.15 });
        let third = rng.random_bool(0.2);
        let x = [first, second, third];
        let named = x.iter().zip(0_u32..).filter(|(x, _)| **x).map(|(_, j)| j);
        lists.push(named.collect::<Vec<u32>>());
        let eta = b[0] + x.iter().zip(&b[1..]).filter(|(x, _)| **x).map(|(_, b)| b).sum::<f64>();
        outcome.push(rng.random_bool(1.0 / (1.0 + (-eta).exp())));
    }
    let lists = lists.iter().map(Vec::as_slice);
    (DesignMatrix::from_reports(3, lists).unwrap(), outcome)
}

const TRUTH: [f64; 4] = [-2.0, 0.8, 0.6, -0.4];

#[test]
fn wald_and_profile_intervals_of_a_logistic_model() {
    let share = coverage("Wald interval, logistic, 400 reports", 41, 4_000, |rng| {
        let (design, outcome) = reports(rng, 400, TRUTH);
        let data = LogisticData::new(&design, &outcome).unwrap();
        let wald = maximum_likelihood(&data, &[0, 1, 2]).unwrap().wald(0)?;
        Some(([wald.lower, wald.upper], TRUTH[1]))
    });
    assert!(CLAIMED.contains(&share), "{share}");
    let options = FitOptions::default();
    let share = coverage("profile interval, logistic, 400 reports", 42, 4_000, |rng| {
        let (design, outcome) = reports(rng, 400, TRUTH);
        let data = LogisticData::new(&design, &outcome).unwrap();
        let nuisance = Nuisance::Refitted { support: &[0, 1, 2] };
        let profile = profile_interval(&data, 0, &nuisance, &options).unwrap().log_odds_ratio()?;
        Some(([profile.lower, profile.upper], TRUTH[1]))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// With the exposure unpenalised and a weak penalty on 20 other substances that do nothing, the profile
/// interval of the exposure keeps its coverage.
#[test]
fn profile_interval_with_the_others_penalised() {
    let options = FitOptions::default();
    let mut factors = vec![1.0; 21];
    factors[0] = 0.0;
    let penalty = Penalty::lasso().with_factors(&factors).unwrap();
    let share = coverage("profile interval, others penalised, 500 reports", 43, 1_500, |rng| {
        let mut columns: Vec<Vec<u32>> = vec![Vec::new(); 21];
        let mut outcome = Vec::new();
        for row in 0..500 {
            columns.iter_mut().for_each(|rows| {
                if rng.random_bool(0.15) {
                    rows.push(row);
                }
            });
            let eta = if columns[0].last() == Some(&row) { -1.0 } else { -2.0 };
            outcome.push(rng.random_bool(1.0 / (1.0 + f64::exp(-eta))));
        }
        let mut design = DesignMatrix::new(500).unwrap();
        columns.into_iter().for_each(|rows| {
            design.push_binary(rows).unwrap();
        });
        let data = LogisticData::new(&design, &outcome).unwrap();
        let nuisance = Nuisance::Penalised { penalty: &penalty, lambda: 0.02 };
        let profile = profile_interval(&data, 0, &nuisance, &options).unwrap().log_odds_ratio()?;
        Some(([profile.lower, profile.upper], 1.0))
    });
    assert!(CLAIMED.contains(&share), "{share}");
}

/// Two binary confounders: shares, and the log odds of exposure and of outcome.
struct Confounded {
    patterns: [(f64, f64, [f64; 2]); 4],
}

fn logistic(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

impl Confounded {
    /// For each pattern of the confounders: its share, the probability of the exposure, and that of the
    /// outcome without and with it.
    fn new() -> Self {
        let pattern = |(u, v): (f64, f64)| {
            let share = (if u > 0.0 { 0.3 } else { 0.7 }) * (if v > 0.0 { 0.4 } else { 0.6 });
            let exposure = logistic(-2.0 + 1.5 * u + 1.0 * v);
            let outcome = [0.0, 1.0].map(|e| logistic(-3.5 + 0.7 * e + 1.4 * u + 1.0 * v));
            (share, exposure, outcome)
        };
        Self { patterns: [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)].map(pattern) }
    }

    /// The odds ratio in the population that overlap weights aim at (share times e (1 - e)).
    fn truth(&self) -> f64 {
        let mean = |group: usize| {
            let overlap = |&(share, e, _): &(f64, f64, [f64; 2])| share * e * (1.0 - e);
            let total: f64 = self.patterns.iter().map(overlap).sum();
            self.patterns.iter().map(|p| overlap(p) * p.2[group]).sum::<f64>() / total
        };
        let odds = |p: f64| p / (1.0 - p);
        odds(mean(1)) / odds(mean(0))
    }

    fn draw(&self, rng: &mut impl Rng, rows: u32) -> (DesignMatrix, Vec<bool>, Vec<bool>) {
        let mut columns = [Vec::new(), Vec::new()];
        let (mut exposed, mut outcome) = (Vec::new(), Vec::new());
        for row in 0..rows {
            let pattern = 2 * usize::from(rng.random_bool(0.3)) + usize::from(rng.random_bool(0.4));
            (0..2).filter(|j| pattern >> (1 - j) & 1 == 1).for_each(|j| columns[j].push(row));
            let (_, e, p) = self.patterns[pattern];
            exposed.push(rng.random_bool(e));
            outcome.push(rng.random_bool(p[usize::from(exposed[row as usize])]));
        }
        let mut design = DesignMatrix::new(rows as usize).unwrap();
        columns.into_iter().for_each(|rows| {
            design.push_binary(rows).unwrap();
        });
        (design, exposed, outcome)
    }
}

fn crude(exposed: &[bool], outcome: &[bool]) -> Option<Estimate> {
    let count = |e: bool, y: bool| {
        exposed.iter().zip(outcome).filter(|&(&a, &b)| a == e && b == y).count() as u64
    };
    let cells = [count(true, true), count(true, false), count(false, true), count(false, false)];
    ror(&Table2x2::new(cells[0], cells[1], cells[2], cells[3]).unwrap())
}

/// The crude ROR is far off here and its interval mostly misses; the overlap-weighted one holds.
#[test]
fn overlap_weighted_ror_on_confounded_reports() {
    let model = Confounded::new();
    let truth = model.truth();
    let penalty = Penalty::lasso().with_factors(&[0.0, 0.0]).unwrap();
    let (choice, options) = (PenaltyChoice::Lambda(1.0), FitOptions::default());
    let share = coverage("overlap-weighted ROR, 2,000 confounded reports", 44, 2_000, |rng| {
        let (design, exposed, outcome) = model.draw(rng, 2_000);
        let (scores, _) =
            PropensityScores::fit(&design, &exposed, &penalty, &choice, &options).unwrap();
        let weights = scores.weights(Weighting::Overlap);
        let got = weighted_ror(&exposed, &outcome, &weights).unwrap()?;
        Some(([got.lower, got.upper], truth))
    });
    assert!(CLAIMED.contains(&share), "{share}");
    let share = coverage("crude ROR, the same reports", 44, 2_000, |rng| {
        let (_, exposed, outcome) = model.draw(rng, 2_000);
        crude(&exposed, &outcome).map(|got| ([got.lower, got.upper], truth))
    });
    assert!(share < 0.5, "{share}");
}
