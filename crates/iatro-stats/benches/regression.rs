//! Regression on sparse report data, propensity scores, the E-value.

#![allow(missing_docs, clippy::unwrap_used, clippy::cast_sign_loss)]

use divan::{Bencher, black_box};
use iatro_stats::regression::propensity::{Caliper, PropensityScores};
use iatro_stats::regression::{
    CriterionLikelihood, DesignMatrix, FitOptions, Lambdas, LogisticData, Nuisance, Penalty,
    information_criterion, penalised_logistic, profile_interval, regularisation_path,
};

fn main() {
    divan::main();
}

const REPORTS: u32 = 1_000_000;
const SUBSTANCES: u32 = 2_000;

/// The generator of Park and Miller 1988.
struct Uniform(u64);

impl Uniform {
    fn next(&mut self) -> f64 {
        self.0 = 16_807 * self.0 % 2_147_483_647;
        self.0 as f64 / 2_147_483_647.0
    }
}

/// A million reports that name 3 of 2,000 substances in the mean, common ones far more often; 3,000
/// cases or so, 40 substances with a log odds ratio of 1 to 3.
fn reports() -> (DesignMatrix, Vec<bool>) {
    let mut uniform = Uniform(20_240_229);
    let (mut lists, mut outcome) = (Vec::new(), Vec::new());
    for _ in 0..REPORTS {
        let mut list = Vec::new();
        // Geometric with mean 3; substance k is drawn with a density that falls as 1 / (k + 20).
        loop {
            let k = 20.0 * (((f64::from(SUBSTANCES) + 20.0) / 20.0).powf(uniform.next()) - 1.0);
            list.push((k as u32).min(SUBSTANCES - 1));
            if uniform.next() < 1.0 / 3.0 {
                break;
            }
        }
        list.sort_unstable();
        list.dedup();
        let signal = |k: &u32| if k % 50 == 7 { 1.0 + f64::from(k % 3) } else { 0.0 };
        let eta = -6.25 + list.iter().map(signal).sum::<f64>();
        outcome.push(uniform.next() < 1.0 / (1.0 + (-eta).exp()));
        lists.push(list);
    }
    let design = DesignMatrix::from_reports(SUBSTANCES as usize, lists.iter().map(Vec::as_slice));
    (design.unwrap(), outcome)
}

/// 50 lambdas down to a hundredth of the first.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn lasso_path_of_50_lambdas(bencher: Bencher) {
    let (design, outcome) = reports();
    let data = LogisticData::new(&design, &outcome).unwrap();
    let (lambdas, options) = (Lambdas::default(), FitOptions::default());
    bencher.bench_local(|| {
        let path = regularisation_path(&data, &Penalty::lasso(), &lambdas, &options).unwrap();
        assert!(path.fits.iter().all(|fit| fit.converged));
        black_box(path)
    });
}

/// The same lambdas until 50 substances are in the model, and the refitted BIC of each fit.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn lasso_bic_of_50_substances(bencher: Bencher) {
    let (design, outcome) = reports();
    let data = LogisticData::new(&design, &outcome).unwrap();
    let options = FitOptions { max_nonzero: Some(50), ..FitOptions::default() };
    bencher.bench_local(|| {
        let lambdas = Lambdas::default();
        let path = regularisation_path(&data, &Penalty::lasso(), &lambdas, &options).unwrap();
        let likelihood = CriterionLikelihood::Refitted;
        black_box(information_criterion(&data, &path, likelihood, 0.0).unwrap())
    });
}

/// Every substance has a coefficient.
#[divan::bench(sample_count = 2, sample_size = 1)]
fn ridge_at_one_lambda(bencher: Bencher) {
    let (design, outcome) = reports();
    let data = LogisticData::new(&design, &outcome).unwrap();
    let options = FitOptions::default();
    bencher.bench_local(|| {
        black_box(penalised_logistic(&data, &Penalty::ridge(), 1e-5, &options).unwrap())
    });
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn profile_interval_with_the_others_penalised(bencher: Bencher) {
    let (design, outcome) = reports();
    let data = LogisticData::new(&design, &outcome).unwrap();
    let penalty = Penalty::lasso();
    let nuisance = Nuisance::Penalised { penalty: &penalty, lambda: 1e-4 };
    let options = FitOptions::default();
    bencher.bench_local(|| black_box(profile_interval(&data, 7, &nuisance, &options).unwrap()));
}

/// 1:4 matching of the reports with substance 0.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn matching_of_a_million_reports(bencher: Bencher) {
    let (design, _) = reports();
    let exposed = design.indicator(0).unwrap();
    let mut uniform = Uniform(7);
    let scores: Vec<f64> = exposed
        .iter()
        .map(|&e| (uniform.next() * 0.9 + if e { 0.1 } else { 0.0 }).clamp(0.001, 0.999))
        .collect();
    let scores = PropensityScores::new(&exposed, &scores).unwrap();
    bencher.bench_local(|| {
        black_box(scores.match_nearest(4, Caliper::StandardDeviations(0.2)).unwrap())
    });
}
