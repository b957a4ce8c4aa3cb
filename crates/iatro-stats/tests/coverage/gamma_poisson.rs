//! The gamma-Poisson shrinker: planted relative reporting ratios, planted priors.

use iatro_stats::gamma_poisson::{
    Fit, FitOptions, Likelihood, Location, Pair, Prior, StandardErrors, fit, score,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, LogNormal, Poisson};

use crate::simulation::{CLAIMED, coverage};

/// Priors as fits give them: one typical of a large database, one with two narrow components.
const PRIORS: [[f64; 5]; 2] = [[0.2, 0.06, 1.4, 1.8, 0.1], [3.0, 0.4, 2.5, 2.8, 0.15]];

fn prior([a1, b1, a2, b2, p]: [f64; 5]) -> Prior {
    Prior::new(a1, b1, a2, b2, p).unwrap()
}

/// An expected count: median 0.4, log-normal.
fn expected(rng: &mut ChaCha8Rng) -> f64 {
    LogNormal::new(-1.0, 1.5).unwrap().sample(rng)
}

fn ratio(rng: &mut ChaCha8Rng, numbers: [f64; 5], first: bool) -> f64 {
    let [a1, b1, a2, b2, _] = numbers;
    let (shape, rate) = if first { (a1, b1) } else { (a2, b2) };
    Gamma::new(shape, 1.0 / rate).unwrap().sample(rng)
}

#[allow(clippy::cast_sign_loss)]
fn count(rng: &mut ChaCha8Rng, mean: f64) -> u64 {
    if mean > 0.0 { Poisson::new(mean).unwrap().sample(rng) as u64 } else { 0 }
}

/// The interval between two quantiles of the posterior at the true prior.
fn interval(name: &str, seed: u64, numbers: [f64; 5], limits: [f64; 2]) -> f64 {
    let prior = prior(numbers);
    coverage(name, seed, 20_000, |rng| {
        let expected = expected(rng);
        let first = rng.random::<f64>() < numbers[4];
        let lambda = ratio(rng, numbers, first);
        let observed = count(rng, lambda * expected);
        let posterior = prior.posterior(&Pair { observed, expected }).unwrap();
        Some((limits.map(|p| posterior.quantile(p).unwrap()), lambda))
    })
}

#[test]
fn eb05_to_eb95_holds_the_ratio_in_90_percent() {
    for (numbers, seed) in PRIORS.into_iter().zip([101, 102]) {
        let share = interval("EB05 to EB95", seed, numbers, [0.05, 0.95]);
        // 20,000 replicates: chance alone stays within 0.6 points.
        assert!((0.885..=0.915).contains(&share), "{share}");
    }
}

#[test]
fn a_95_percent_interval_holds_the_ratio_in_95_percent() {
    for (numbers, seed) in PRIORS.into_iter().zip([103, 104]) {
        let share = interval("2.5 to 97.5 %", seed, numbers, [0.025, 0.975]);
        assert!(CLAIMED.contains(&share), "{share}");
    }
}

/// The same with a fitted prior, over the pairs that were reported: each interval claims 90 % given
/// N, so it holds for any choice of pairs that N makes.
#[test]
fn with_a_fitted_prior_the_interval_still_holds() {
    let numbers = PRIORS[1];
    let mut rng = ChaCha8Rng::seed_from_u64(105);
    let (pairs, ratios): (Vec<Pair>, Vec<f64>) = reported(&mut rng, numbers, 20_000).unzip();
    let likelihood = Likelihood::MixtureTruncated { minimum: 1 };
    let fit = fit(&pairs, &FitOptions { likelihood, ..FitOptions::default() }).unwrap();
    let scores = score(fit.prior(), &pairs).unwrap();
    let held = scores.iter().zip(&ratios).filter(|(s, r)| s.eb05 <= **r && **r <= s.eb95).count();
    let share = held as f64 / 20_000.0;
    println!("EB05 to EB95, fitted prior: {share:.4}");
    assert!((0.885..=0.915).contains(&share), "{share}");
}

/// Pairs with a report, and their ratios.
fn reported(
    rng: &mut ChaCha8Rng,
    numbers: [f64; 5],
    rows: usize,
) -> impl Iterator<Item = (Pair, f64)> {
    std::iter::repeat_with(move || {
        let expected = expected(rng);
        let first = rng.random::<f64>() < numbers[4];
        let lambda = ratio(rng, numbers, first);
        (Pair { observed: count(rng, lambda * expected), expected }, lambda)
    })
    .filter(|(pair, _)| pair.observed > 0)
    .take(rows)
}

/// Every pair, or those with a report; the component is drawn once, before N.
fn any(rng: &mut ChaCha8Rng, numbers: [f64; 5], is_redrawn: bool) -> Pair {
    let expected = expected(rng);
    let first = rng.random::<f64>() < numbers[4];
    loop {
        let lambda = ratio(rng, numbers, first);
        let observed = count(rng, lambda * expected);
        if observed > 0 || !is_redrawn {
            return Pair { observed, expected };
        }
    }
}

fn fitted(pairs: &[Pair], likelihood: Likelihood) -> Fit {
    fit(pairs, &FitOptions { likelihood, ..FitOptions::default() }).unwrap()
}

const REPLICATES: u64 = 40;
const ROWS: usize = 20_000;

/// Fits to 40 tables. For each of the five numbers, the distances from the truth in standard errors
/// have a mean near 0 and a standard deviation near 1: the estimate is centred and its standard error
/// is right. (One table alone may be 4 standard errors away: the distribution has longer tails than
/// the normal.)
fn check_recovery(
    name: &str,
    seed: u64,
    numbers: [f64; 5],
    likelihood: Likelihood,
    draw: impl Fn(&mut ChaCha8Rng) -> Vec<Pair>,
) {
    let distances = |replicate| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(replicate);
        let fit = fitted(&draw(&mut rng), likelihood);
        assert!(fit.best.converged && fit.best.location == Location::Interior, "{name}: {fit:?}");
        let StandardErrors { alpha1, beta1, alpha2, beta2, p } = fit.best.standard_errors.unwrap();
        let errors = [alpha1, beta1, alpha2, beta2, p];
        let got = fit.prior().to_array();
        std::array::from_fn::<f64, 5, _>(|i| (got[i] - numbers[i]) / errors[i])
    };
    let all: Vec<[f64; 5]> = (0..REPLICATES).map(distances).collect();
    let n = REPLICATES as f64;
    for i in 0..5 {
        let mean = all.iter().map(|d| d[i]).sum::<f64>() / n;
        let variance = all.iter().map(|d| (d[i] - mean).powi(2)).sum::<f64>() / (n - 1.0);
        println!("{name}, number {i}: mean distance {mean:.2}, deviation {:.2}", variance.sqrt());
        // 4 standard errors of a mean of 40; the chi-squared limits of a deviation at 1e-4, widened
        // for the longer tails.
        assert!(mean.abs() < 4.0 / n.sqrt(), "{name}, number {i}: {mean}");
        assert!((0.6..1.6).contains(&variance.sqrt()), "{name}, number {i}: {variance}");
    }
}

#[test]
fn the_mixture_truncated_recovers_the_prior_of_all_pairs() {
    let numbers = PRIORS[1];
    let likelihood = Likelihood::MixtureTruncated { minimum: 1 };
    check_recovery("mixture truncated", 106, numbers, likelihood, |rng| {
        reported(rng, numbers, ROWS).map(|(pair, _)| pair).collect()
    });
}

#[test]
fn the_complete_likelihood_recovers_the_prior() {
    let numbers = PRIORS[1];
    check_recovery("complete", 108, numbers, Likelihood::Complete, |rng| {
        (0..ROWS).map(|_| any(rng, numbers, false)).collect()
    });
}

/// Data of the model behind the likelihood of MGPS: the component is drawn for the pairs that were
/// reported, then N from its truncated distribution.
#[test]
fn the_components_truncated_recover_the_share_among_reported_pairs() {
    let numbers = PRIORS[1];
    let likelihood = Likelihood::ComponentsTruncated { minimum: 1 };
    check_recovery("components truncated", 109, numbers, likelihood, |rng| {
        (0..ROWS).map(|_| any(rng, numbers, true)).collect()
    });
}

/// On data of the prior as it is documented, the likelihood of MGPS finds another p, and the
/// conditional one is higher.
#[test]
fn the_likelihood_of_mgps_is_not_that_of_its_prior() {
    for (numbers, seed) in PRIORS.into_iter().zip([110, 111]) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let pairs: Vec<Pair> = reported(&mut rng, numbers, 40_000).map(|(pair, _)| pair).collect();
        let mgps = fitted(&pairs, Likelihood::ComponentsTruncated { minimum: 1 });
        let mixture = fitted(&pairs, Likelihood::MixtureTruncated { minimum: 1 });
        println!("planted {numbers:?}");
        println!("components truncated {:.4?}", mgps.prior().to_array());
        println!("mixture truncated {:.4?}", mixture.prior().to_array());
        assert!((mgps.prior().p() / numbers[4] - 1.0).abs() > 0.25);
        assert!(mgps.best.log_likelihood < mixture.best.log_likelihood);
    }
}
