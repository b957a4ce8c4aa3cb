//! Many looks: MaxSPRT and cumulative series.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::black_box;
use iatro_stats::Table2x2;
use iatro_stats::sequential::{BinomialPlan, PoissonPlan, cumulative_tables};

fn main() {
    divan::main();
}

#[divan::bench(args = [10.0, 100.0, 1_000.0], sample_count = 20)]
fn poisson_critical_value(length: f64) -> f64 {
    let plan = PoissonPlan::continuous(black_box(length), 1).unwrap();
    plan.critical_value(0.05).unwrap().value
}

#[divan::bench(args = [10.0, 100.0, 1_000.0], sample_count = 20)]
fn poisson_performance(length: f64) -> f64 {
    let plan = PoissonPlan::continuous(black_box(length), 1).unwrap();
    plan.performance(4.0, 1.5).unwrap().power
}

#[divan::bench(sample_count = 20)]
fn poisson_88_quarters() -> f64 {
    let looks: Vec<f64> = (1..=88).map(|quarter| 0.7 * f64::from(quarter)).collect();
    PoissonPlan::group(&looks, 3).unwrap().critical_value(0.05).unwrap().value
}

#[divan::bench(args = [60, 500], sample_count = 20)]
fn binomial_critical_value(events: u64) -> f64 {
    let plan = BinomialPlan::every_event(black_box(events), 2.0, 3).unwrap();
    plan.critical_value(0.05).unwrap().value
}

#[divan::bench]
fn cumulative_tables_88_quarters(bencher: divan::Bencher) {
    let table = Table2x2::new(3, 97, 47, 19_853).unwrap();
    let periods = vec![table; 88];
    bencher.bench(|| cumulative_tables(black_box(&periods)).unwrap().len());
}
