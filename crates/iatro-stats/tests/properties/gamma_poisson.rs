//! The gamma-Poisson shrinker.

use iatro_stats::gamma_poisson::{
    Fit, FitError, FitOptions, FittedOn, Likelihood, Location, Pair, Posterior, Prior,
    SquashOptions, Squashing, fit, quantiles, score, squash,
};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};

/// Priors of every shape that a table of reports may give.
fn priors() -> impl Strategy<Value = Prior> {
    let log = |low: f64, high: f64| (low.ln()..high.ln()).prop_map(f64::exp);
    (log(0.05, 50.0), log(0.1, 30.0), log(0.05, 50.0), log(0.1, 30.0), 0.001..0.999_f64).prop_map(
        |(shape1, mean1, shape2, mean2, p)| {
            Prior::new(shape1, shape1 / mean1, shape2, shape2 / mean2, p).unwrap()
        },
    )
}

/// Priors as far out as the constructor lets them.
fn extreme_priors() -> impl Strategy<Value = Prior> {
    let number = || (-10.0..10.0_f64).prop_map(|e| 10_f64.powf(e));
    (number(), number(), number(), number(), prop_oneof![Just(1e-300), 1e-9..0.999_999_f64])
        .prop_map(|(a, b, c, d, p)| Prior::new(a, b, c, d, p).unwrap())
}

fn pairs_of(prior: std::ops::Range<u64>) -> impl Strategy<Value = Pair> {
    (prior, -9.0..7.0_f64).prop_map(|(observed, ln)| Pair { observed, expected: ln.exp() })
}

fn extreme_pairs() -> impl Strategy<Value = Pair> {
    let observed = prop_oneof![
        Just(0),
        Just(1),
        0..50_u64,
        Just(u64::from(u32::MAX)),
        Just(u64::MAX),
        any::<u64>()
    ];
    let expected =
        prop_oneof![Just(1e-300), Just(1e12), (-300.0..12.0_f64).prop_map(|e| 10_f64.powf(e))];
    (observed, expected).prop_map(|(observed, expected)| Pair { observed, expected })
}

fn posterior(prior: &Prior, observed: u64, expected: f64) -> Posterior {
    prior.posterior(&Pair { observed, expected }).unwrap()
}

/// A table drawn from nothing in particular.
#[allow(clippy::cast_sign_loss)]
fn table(seed: u64, rows: usize, counts: u64) -> Vec<Pair> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut row = || {
        let expected = (rng.random_range(-5.0..3.0_f64)).exp();
        let observed = 1 + (counts as f64 * rng.random::<f64>().powi(6)) as u64;
        Pair { observed, expected }
    };
    (0..rows).map(|_| row()).collect()
}

proptest! {
    #[test]
    fn every_number_is_finite_and_in_order(
        prior in extreme_priors(), pair in extreme_pairs(), p in 1e-9..0.999_999_f64,
    ) {
        let posterior = prior.posterior(&pair).unwrap();
        let q = posterior.mixture_weight();
        prop_assert!((0.0..=1.0).contains(&q), "{q}");
        let quantile = posterior.quantile(p).unwrap();
        for value in [posterior.ebgm(), posterior.mean(), quantile] {
            prop_assert!(value.is_finite() && value >= 0.0, "{value}");
        }
        for x in [0.0, 1e-300, 1.0, 1e300, f64::MAX] {
            let below = posterior.probability_below(x).unwrap();
            let above = posterior.probability_above(x).unwrap();
            prop_assert!((0.0..=1.0).contains(&below) && (0.0..=1.0).contains(&above));
            prop_assert!((below + above - 1.0).abs() < 1e-12);
        }
        let [low, middle, high] = [0.05, 0.5, 0.95].map(|p| posterior.quantile(p).unwrap());
        prop_assert!(low <= middle && middle <= high, "{low} {middle} {high}");
        let scores = score(&prior, &[pair]).unwrap();
        prop_assert!(scores.iter().all(|s| s.eb05.is_finite() && s.eb95.is_finite()));
    }

    #[test]
    fn quantiles_invert_the_distribution(
        prior in priors(), pair in pairs_of(0..300), p in 1e-6..0.999_999_f64,
    ) {
        let posterior = prior.posterior(&pair).unwrap();
        let x = posterior.quantile(p).unwrap();
        prop_assume!(x > 1e-250);
        let (got, expected) = if p <= 0.5 {
            (posterior.probability_below(x).unwrap(), p)
        } else {
            (posterior.probability_above(x).unwrap(), 1.0 - p)
        };
        // A relative 1e-12 of x is worth that much times the log density, up to 1e3 here.
        prop_assert!((got / expected - 1.0).abs() < 1e-9, "{x}: {got} {expected}");
    }

    /// The posterior rises with N and falls with E in the sense of the likelihood ratio, so EBGM and
    /// every quantile do.
    #[test]
    fn scores_rise_with_observed_and_fall_with_expected(
        prior in priors(), pair in pairs_of(0..500), factor in 1.01..3.0_f64,
    ) {
        let Pair { observed, expected } = pair;
        let now = posterior(&prior, observed, expected);
        let more = posterior(&prior, observed + 1, expected);
        let wider = posterior(&prior, observed, expected * factor);
        // To rounding: with E far below both rates, E moves nothing.
        let room = 1.0 + 1e-11;
        prop_assert!(more.ebgm() * room >= now.ebgm() && wider.ebgm() <= now.ebgm() * room);
        for p in [0.01, 0.05, 0.5, 0.95, 0.99] {
            let [now, more, wider] = [now, more, wider].map(|x| x.quantile(p).unwrap());
            prop_assert!(more * room >= now && wider <= now * room, "{p}: {now} {more} {wider}");
        }
        let below = |x: Posterior| x.probability_below(1.0).unwrap();
        prop_assert!(below(more) <= below(now) * room + 1e-300);
    }

    /// With one component the geometric mean lies inside for every shape; with two it does where
    /// neither is rare, or where they are less than a factor 10 apart.
    #[test]
    fn ebgm_lies_between_eb05_and_eb95(prior in priors(), pair in pairs_of(1..300)) {
        let posterior = prior.posterior(&pair).unwrap();
        let q = posterior.mixture_weight();
        let means = [
            (prior.alpha1() + pair.observed as f64) / (prior.beta1() + pair.expected),
            (prior.alpha2() + pair.observed as f64) / (prior.beta2() + pair.expected),
        ];
        let apart = (means[0] / means[1]).ln().abs() * q.min(1.0 - q);
        prop_assume!(apart < 0.02);
        let [low, high] = [0.05, 0.95].map(|p| posterior.quantile(p).unwrap());
        prop_assert!(low <= posterior.ebgm() && posterior.ebgm() <= high);
    }

    #[test]
    fn the_order_of_the_components_does_not_matter(prior in priors(), pair in pairs_of(0..300)) {
        let [a1, b1, a2, b2, p] = prior.to_array();
        let swapped = Prior::new(a2, b2, a1, b1, 1.0 - p).unwrap();
        let (x, y) = (prior.posterior(&pair).unwrap(), swapped.posterior(&pair).unwrap());
        prop_assert!((x.mixture_weight() + y.mixture_weight() - 1.0).abs() < 1e-12);
        // 1 - p has rounded.
        prop_assert!((x.ebgm() / y.ebgm() - 1.0).abs() < 1e-11);
        let [x, y] = [x, y].map(|x| x.quantile(0.05).unwrap());
        prop_assert!(x < 1e-250 || (x / y - 1.0).abs() < 1e-9);
    }

    /// Extreme tables: an answer of finite numbers.
    #[test]
    fn a_fit_never_fails_on_valid_rows(
        pairs in prop::collection::vec(extreme_pairs(), 1..12), minimum in 0..4_u64,
    ) {
        let likelihood = match minimum {
            0 => Likelihood::Complete,
            3 => Likelihood::MixtureTruncated { minimum: 1 },
            minimum => Likelihood::ComponentsTruncated { minimum },
        };
        match fit(&pairs, &FitOptions { likelihood, max_steps: 60, ..FitOptions::default() }) {
            Ok(got) => check(&got),
            Err(error) => prop_assert!(matches!(error, FitError::NoPairs { .. }), "{error}"),
        }
    }
}

fn check(got: &Fit) {
    for optimum in got.optima() {
        assert!(optimum.log_likelihood.is_finite() && optimum.gradient_norm.is_finite());
        assert!(optimum.prior.to_array().iter().all(|x| x.is_finite() && *x > 0.0));
        assert_eq!(optimum.prior, optimum.prior.ordered());
        assert!(optimum.standard_errors.is_none() || optimum.location == Location::Interior);
    }
    let levels: Vec<f64> = got.others.iter().map(|optimum| optimum.log_likelihood).collect();
    assert!(levels.windows(2).all(|pair| pair[0] >= pair[1]));
    // Below another only by less than 1.92, as a proper maximum to which the first start led.
    if let Some(&highest) = levels.first().filter(|&&level| level > got.best.log_likelihood) {
        assert!(highest - got.best.log_likelihood < 1.92);
        assert_eq!(got.best.location, Location::Interior);
        assert_eq!(got.starts[0].optimum, Some(0));
    }
    let led = got.starts.iter().filter(|start| start.optimum.is_some()).count();
    assert_eq!(led, got.optima().map(|optimum| optimum.starts).sum::<usize>());
}

/// To the last bit.
#[test]
fn the_order_of_the_rows_does_not_matter() {
    let pairs = table(3, 4_000, 60);
    let mut other = pairs.clone();
    other.reverse();
    other.rotate_left(1_234);
    for squashing in [
        Squashing::Never,
        Squashing::Starts(SquashOptions { bins: 30, kept: 5 }),
        Squashing::Only(SquashOptions::default()),
    ] {
        let options = FitOptions { squashing, ..FitOptions::default() };
        assert_eq!(fit(&pairs, &options), fit(&other, &options));
    }
    let prior = Prior::DUMOUCHEL_1999;
    let (x, y) = (score(&prior, &pairs).unwrap(), score(&prior, &other).unwrap());
    for (pair, score) in pairs.iter().zip(&x) {
        let index = other.iter().position(|p| p == pair).unwrap();
        assert_eq!(y[index], *score);
    }
}

/// Equal pairs have equal scores, to the last bit, so that no order of rows can be seen in them: few
/// enough of a count that each has its own root.
#[test]
fn equal_pairs_have_equal_scores() {
    for seed in 0..20 {
        let mut pairs = table(seed, 200, 2_000);
        pairs.extend(pairs.clone());
        pairs.extend(pairs.clone());
        for prior in [Prior::DUMOUCHEL_1999, Prior::new(3.3, 0.4, 2.0, 1.9, 0.065).unwrap()] {
            let scores = score(&prior, &pairs).unwrap();
            for (row, score) in scores.iter().enumerate() {
                assert_eq!(*score, scores[row % 200], "{:?}", pairs[row]);
            }
        }
    }
}

/// Many pairs at once against one at a time: dense and sparse counts, priors of every shape.
#[test]
fn bulk_scores_are_those_of_single_pairs() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let mut worst = 0.0_f64;
    for round in 0..40 {
        let mut between = |low: f64, high: f64| rng.random_range(low.ln()..high.ln()).exp();
        let (a1, a2) = (between(0.1, 30.0), between(0.1, 30.0));
        let (b1, b2) = (a1 / between(0.2, 20.0), a2 / between(0.2, 20.0));
        let prior = Prior::new(a1, b1, a2, b2, between(0.003, 0.9)).unwrap();
        let pairs = table(round, 3_000, if round % 2 == 0 { 20 } else { 2_000 });
        let scores = score(&prior, &pairs).unwrap();
        let medians = quantiles(&prior, &pairs, 0.5).unwrap();
        for ((pair, score), median) in pairs.iter().zip(&scores).zip(&medians) {
            let posterior = prior.posterior(pair).unwrap();
            assert_eq!(score.ebgm, posterior.ebgm());
            for (bulk, p) in [(score.eb05, 0.05), (*median, 0.5), (score.eb95, 0.95)] {
                let single = posterior.quantile(p).unwrap();
                worst = worst.max((bulk / single - 1.0).abs());
            }
        }
    }
    // 1e-10 is claimed.
    assert!(worst < 1e-11, "{worst}");
}

/// A slow second way: prior times Poisson probability, integrated over ln lambda.
#[test]
fn the_posterior_is_the_prior_times_the_likelihood() {
    const STEPS: i32 = 60_000;
    for (numbers, observed, expected) in [
        ([0.2, 0.06, 1.4, 1.8, 0.1], 3_u64, 0.4),
        ([3.3, 0.4, 2.0, 1.9, 0.065], 16, 0.406),
        ([3.3, 0.4, 2.0, 1.9, 0.065], 0, 2.0),
        ([8.0, 1.0, 5.0, 6.0, 0.4], 40, 12.0),
    ] {
        let [a1, b1, a2, b2, p] = numbers;
        let prior = Prior::new(a1, b1, a2, b2, p).unwrap();
        let ln_gamma = |x: f64| iatro_stats::special::ln_gamma(x).unwrap();
        // The density of ln lambda.
        let gamma = |a: f64, b: f64, y: f64| (a * (b.ln() + y) - b * y.exp() - ln_gamma(a)).exp();
        let weight = |y: f64| {
            let poisson = (observed as f64 * y - expected * y.exp()).exp();
            (p * gamma(a1, b1, y) + (1.0 - p) * gamma(a2, b2, y)) * poisson
        };
        let mut sums = [0.0; 4];
        let h = 160.0 / f64::from(STEPS);
        for i in 0..=STEPS {
            let y = f64::from(i) * h - 150.0;
            let w = weight(y) * h;
            // The value at 0 counts half to either side.
            let below = if y < -0.5 * h {
                1.0
            } else if y < 0.5 * h {
                0.5
            } else {
                0.0
            };
            for (sum, value) in sums.iter_mut().zip([1.0, y, y.exp(), below]) {
                *sum += w * value;
            }
        }
        let got = prior.posterior(&Pair { observed, expected }).unwrap();
        assert!((got.ebgm() / (sums[1] / sums[0]).exp() - 1.0).abs() < 1e-9);
        assert!((got.mean() / (sums[2] / sums[0]) - 1.0).abs() < 1e-9);
        // The trapezium rule is good to h^2 at the cut.
        let below = got.probability_below(1.0).unwrap();
        assert!((below - sums[3] / sums[0]).abs() < 1e-5, "{below}");
    }
}

#[test]
fn the_start_may_have_its_components_in_either_order() {
    let pairs = table(5, 2_000, 40);
    let of = |start: Prior| {
        let options = FitOptions { starts: vec![start], ..FitOptions::default() };
        fit(&pairs, &options).unwrap().best.prior.to_array()
    };
    let start = Prior::new(2.0, 0.2, 2.0, 2.0, 0.25).unwrap();
    let swapped = Prior::new(2.0, 2.0, 2.0, 0.2, 0.75).unwrap();
    for (x, y) in of(start).into_iter().zip(of(swapped)) {
        assert!((x / y - 1.0).abs() < 1e-6, "{x} {y}");
    }
}

#[test]
fn squashed_fits_say_so_and_come_close() {
    let pairs = table(6, 20_000, 30);
    let of = |squashing| fit(&pairs, &FitOptions { squashing, ..FitOptions::default() }).unwrap();
    let full = of(Squashing::Never);
    let options = SquashOptions::default();
    let starts = of(Squashing::Starts(options));
    let only = of(Squashing::Only(options));
    assert_eq!(full.data, FittedOn::Full);
    assert_eq!(starts.data, FittedOn::FullAfterSquashedStarts);
    assert_eq!(only.data, FittedOn::Squashed);
    assert_eq!((full.pairs, starts.pairs, only.pairs), (20_000, 20_000, 20_000));
    assert!(only.points < 5_000 && only.points == squash(&pairs, &options).unwrap().len());
    // The optimum is that of the full data, to what 1e-10 in ln L leaves.
    assert!((full.best.log_likelihood - starts.best.log_likelihood).abs() < 1e-7);
    assert!((full.best.log_likelihood / only.best.log_likelihood - 1.0).abs() < 1e-3);
}

/// Data that ask for one component say so, and give no standard errors.
#[test]
fn a_fit_at_a_limit_is_labelled() {
    let pairs = vec![Pair { observed: 2, expected: 1.0 }; 50];
    let got = fit(&pairs, &FitOptions::default()).unwrap();
    assert_ne!(got.best.location, Location::Interior);
    assert_eq!(got.best.standard_errors, None);
    assert_eq!((got.points, got.pairs), (1, 50));
}

#[test]
fn bad_input_is_refused_with_its_place() {
    let good = Pair { observed: 3, expected: 0.5 };
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let pairs = [good, Pair { observed: 1, expected: bad }];
        let error = fit(&pairs, &FitOptions::default()).unwrap_err();
        assert!(error.to_string().starts_with("pairs[1]: observed 1, expected is"), "{error}");
        assert_eq!(score(&Prior::DUMOUCHEL_1999, &pairs).unwrap_err().row, 1);
        assert!(quantiles(&Prior::DUMOUCHEL_1999, &pairs, 0.5).is_err());
        assert!(Prior::DUMOUCHEL_1999.posterior(&pairs[1]).is_err());
    }
    for p in [0.0, 1.0, 5.0, f64::NAN] {
        assert!(quantiles(&Prior::DUMOUCHEL_1999, &[good], p).is_err());
        assert!(posterior(&Prior::DUMOUCHEL_1999, 3, 0.5).quantile(p).is_err());
    }
    for x in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(posterior(&Prior::DUMOUCHEL_1999, 3, 0.5).probability_below(x).is_err());
        assert!(posterior(&Prior::DUMOUCHEL_1999, 3, 0.5).probability_above(x).is_err());
    }
    let with = |change: fn(&mut FitOptions)| {
        let mut options = FitOptions::default();
        change(&mut options);
        fit(&[good], &options).unwrap_err()
    };
    let minimum = |minimum| Likelihood::ComponentsTruncated { minimum };
    assert!(matches!(with(|o| o.starts.clear()), FitError::NoStarts));
    assert!(matches!(with(|o| o.max_steps = 0), FitError::Option(_)));
    for m in [0, 101] {
        let options = FitOptions { likelihood: minimum(m), ..FitOptions::default() };
        assert!(matches!(fit(&[good], &options), Err(FitError::Option(_))));
    }
    let options = FitOptions { likelihood: minimum(4), ..FitOptions::default() };
    let error = fit(&[good], &options).unwrap_err();
    assert_eq!(error, FitError::NoPairs { rows: 1, minimum: 4 });
    assert!(error.to_string().contains("none of the 1 pairs has 4 reports or more"));
    assert_eq!(score(&Prior::DUMOUCHEL_1999, &[]), Ok(Vec::new()));
}

/// A table without any spread: the likelihood rises towards a gamma without spread and hardly tells how
/// far, so the climb has to end, and soon, and to say that the numbers mean nothing by themselves.
#[test]
#[allow(clippy::cast_sign_loss)] // A Poisson count is not negative.
fn a_table_without_spread_is_fitted_and_labelled() {
    for likelihood in [
        Likelihood::ComponentsTruncated { minimum: 1 },
        Likelihood::MixtureTruncated { minimum: 1 },
    ] {
        let mut rng = ChaCha8Rng::seed_from_u64(41);
        let mut pairs = Vec::new();
        while pairs.len() < 20_000 {
            let expected = (4.0 * rng.random::<f64>() - 2.0).exp();
            let observed = Poisson::new(expected).unwrap().sample(&mut rng) as u64;
            if observed > 0 {
                pairs.push(Pair { observed, expected });
            }
        }
        let got = fit(&pairs, &FitOptions { likelihood, ..FitOptions::default() }).unwrap();
        check(&got);
        assert!(got.best.converged && got.best.location != Location::Interior, "{:?}", got.best);
        assert!(got.starts.iter().all(|start| start.steps <= 120), "{:?}", got.starts);
        let score = score(got.prior(), &[Pair { observed: 5, expected: 2.0 }]).unwrap();
        assert!((score[0].ebgm - 1.0).abs() < 0.05, "{score:?}");
    }
}
