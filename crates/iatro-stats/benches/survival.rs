//! Survival: Kaplan-Meier, Aalen-Johansen, log-rank, Cox.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::{Bencher, black_box};
use iatro_stats::survival::{
    Cohort, ConfidenceLimits, CoxOptions, IncidenceVariance, Subject, aalen_johansen, cox,
    kaplan_meier, log_rank,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

/// Follow-up in whole days over ten years (ties), or to the last digit.
fn subjects(n: usize, days: bool, late: bool) -> Vec<Subject> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let draw = |_| {
        let time = -(1.0 - rng.random::<f64>()).ln() * 900.0 + 1.0;
        let time = if days { time.ceil().min(3_650.0) } else { time };
        let subject = match rng.random::<f64>() {
            share if share < 0.25 => Subject::censored(time),
            share => Subject::of_cause(time, if share < 0.75 { 1 } else { 2 }),
        };
        let entry = rng.random::<f64>() * time * 0.9;
        if late { subject.entering(entry.floor()) } else { subject }
    };
    (0..n).map(draw).collect()
}

fn columns(n: usize, p: usize) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut column = || (0..n).map(|_| rng.random::<f64>()).collect();
    (0..p).map(|_| column()).collect()
}

/// Checks, sorts and estimates, with the median and its limits.
#[divan::bench(args = [(1_000_000, true), (1_000_000, false)], sample_count = 10)]
fn kaplan_meier_with_median(bencher: Bencher, (n, days): (usize, bool)) {
    let subjects = subjects(n, days, false);
    bencher.bench(|| {
        let curve = kaplan_meier(&Cohort::new(black_box(&subjects)).unwrap());
        curve.median(&ConfidenceLimits::default())
    });
}

#[divan::bench(sample_count = 10)]
fn kaplan_meier_sorted_1e6(bencher: Bencher) {
    let cohort = Cohort::new(&subjects(1_000_000, true, false)).unwrap();
    bencher.bench(|| kaplan_meier(black_box(&cohort)));
}

#[divan::bench(sample_count = 10)]
fn aalen_johansen_sorted_1e6(bencher: Bencher) {
    let cohort = Cohort::new(&subjects(1_000_000, true, false)).unwrap();
    bencher.bench(|| aalen_johansen(black_box(&cohort), IncidenceVariance::Delta));
}

#[divan::bench(sample_count = 10)]
fn log_rank_sorted_1e6_of_4_groups(bencher: Bencher) {
    let cohort = Cohort::new(&subjects(1_000_000, true, false)).unwrap();
    let groups: Vec<usize> = (0..1_000_000).map(|i| i % 4).collect();
    bencher.bench(|| log_rank(black_box(&cohort), &groups, None, 0.0));
}

/// From sorted subjects to coefficients.
#[divan::bench(args = [(false, false), (true, false), (true, true)], sample_count = 10)]
fn cox_1e5_of_5_covariates(bencher: Bencher, (days, late): (bool, bool)) {
    let cohort = Cohort::new(&subjects(100_000, days, late)).unwrap();
    let columns = columns(100_000, 5);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    bencher.bench(|| cox(black_box(&cohort), &columns, &CoxOptions::default()));
}

#[divan::bench(sample_count = 5)]
fn concordance_1e5(bencher: Bencher) {
    let cohort = Cohort::new(&subjects(100_000, true, false)).unwrap();
    let columns = columns(100_000, 5);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let fit = cox(&cohort, &columns, &CoxOptions::default()).unwrap();
    bencher.bench(|| black_box(&fit).concordance());
}
