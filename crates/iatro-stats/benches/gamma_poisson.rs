//! The gamma-Poisson shrinker (MGPS): prior, fit, posterior.

#![allow(missing_docs, clippy::unwrap_used)]

use divan::{Bencher, black_box};
use iatro_stats::gamma_poisson::{
    FitOptions, Likelihood, Pair, Posterior, Prior, Squashing, fit, quantiles, score,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, LogNormal, Poisson};

fn main() {
    divan::main();
}

const PAIRS: usize = 100_000;

/// A prior as fits to large databases give it.
fn prior() -> Prior {
    Prior::new(2.0, 0.3, 3.0, 3.5, 0.1).unwrap()
}

/// Pairs with a report: E log-normal, N with a heavy tail (1 to several thousand).
#[allow(clippy::cast_sign_loss)]
fn pairs() -> Vec<Pair> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let expected = LogNormal::new(-1.0, 2.0).unwrap();
    let prior = prior();
    let ratios = [(prior.alpha1(), prior.beta1()), (prior.alpha2(), prior.beta2())]
        .map(|(shape, rate)| Gamma::new(shape, 1.0 / rate).unwrap());
    let mut pairs = Vec::with_capacity(PAIRS);
    while pairs.len() < PAIRS {
        let expected: f64 = expected.sample(&mut rng);
        let component = usize::from(rng.random::<f64>() >= prior.p());
        let mean = expected * ratios[component].sample(&mut rng);
        let count: f64 =
            if mean > 0.0 { Poisson::new(mean).unwrap().sample(&mut rng) } else { 0.0 };
        if count > 0.0 {
            pairs.push(Pair { observed: count as u64, expected });
        }
    }
    pairs
}

/// 100,000 pairs with as many distinct expected counts.
#[divan::bench]
fn fit_components_truncated(bencher: Bencher) {
    let pairs = pairs();
    bencher.bench(|| fit(black_box(&pairs), &FitOptions::default()).unwrap());
}

#[divan::bench]
fn fit_mixture_truncated(bencher: Bencher) {
    let pairs = pairs();
    let likelihood = Likelihood::MixtureTruncated { minimum: 1 };
    let options = FitOptions { likelihood, ..FitOptions::default() };
    bencher.bench(|| fit(black_box(&pairs), &options).unwrap());
}

/// Every start on all points.
#[divan::bench(sample_count = 5)]
fn fit_without_squashing(bencher: Bencher) {
    let pairs = pairs();
    let options = FitOptions { squashing: Squashing::Never, ..FitOptions::default() };
    bencher.bench(|| fit(black_box(&pairs), &options).unwrap());
}

/// EBGM, EB05 and EB95 of 100,000 pairs.
#[divan::bench]
fn score_all(bencher: Bencher) {
    let pairs = pairs();
    bencher.bench(|| score(black_box(&prior()), black_box(&pairs)).unwrap());
}

#[divan::bench]
fn one_quantile_of_all(bencher: Bencher) {
    let pairs = pairs();
    bencher.bench(|| quantiles(black_box(&prior()), black_box(&pairs), 0.025).unwrap());
}

fn single(observed: u64) -> Posterior {
    prior().posterior(&Pair { observed, expected: 1.3 }).unwrap()
}

/// The posterior itself and EBGM.
#[divan::bench(args = [1, 10, 1_000])]
fn single_ebgm(bencher: Bencher, observed: u64) {
    bencher.bench(|| single(black_box(observed)).ebgm());
}

#[divan::bench(args = [1, 10, 1_000])]
fn single_quantile(bencher: Bencher, observed: u64) {
    let posterior = single(observed);
    bencher.bench(|| black_box(&posterior).quantile(black_box(0.05)).unwrap());
}
