//! Time to onset.

use iatro_stats::time_to_onset::{
    Distribution, FitError, Onset, Parameter, ShapeReading, anderson_darling, compare, describe,
    kolmogorov_smirnov, log_normal, log_normal_weighted, onset_signal, permutation_test,
    probability_plot, read_shape, sample_summary, turnbull, weibull, weibull_weighted,
};
use iatro_stats::{Estimate, time_to_onset};
use proptest::prelude::*;

/// Cases as spontaneous reports give them: days, months, some right-censored, some truncated.
fn onsets() -> impl Strategy<Value = Vec<Onset>> {
    let one = (0..300_i64, 0..10_u32, 0..200_i64, any::<bool>()).prop_map(
        |(day, kind, later, truncated)| {
            let report = truncated.then_some((day + later, day + later));
            let partial = if kind < 2 { (day - day % 30, day - day % 30 + 29) } else { (day, day) };
            if kind == 9 && !truncated {
                return Onset::new(day as f64, None, None).unwrap();
            }
            Onset::from_dates((0, 0), partial, report).unwrap()
        },
    );
    prop::collection::vec(one, 1..40)
}

/// Anything a constructor accepts.
fn wild() -> impl Strategy<Value = Vec<Onset>> {
    let days = prop_oneof![
        Just(0.0),
        Just(1e-300),
        Just(1e10),
        Just(1e10 - 1.0),
        0.0..1e-6_f64,
        0.0..1e10_f64,
        0.0..400.0_f64
    ];
    let optional = prop::option::of(days.clone());
    let one = (days, optional.clone(), optional)
        .prop_filter_map("not an onset", |(l, u, t)| Onset::new(l, u, t).ok());
    prop::collection::vec(one, 0..12)
}

fn times() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((0..40_u32).prop_map(f64::from), 1..30)
}

fn check_parameter(parameter: &Parameter) {
    let Parameter { point, se, wald, profile } = *parameter;
    assert!(point.is_finite() && se.is_finite() && se > 0.0, "{parameter:?}");
    let Estimate { lower, upper, .. } = wald;
    assert!(lower.is_finite() && lower < point && point < upper, "{parameter:?}");
    assert!(profile.lower.is_none_or(|lower| lower < point), "{parameter:?}");
    assert!(profile.upper.is_none_or(|upper| upper > point), "{parameter:?}");
    assert!(profile.contains(point));
}

/// The log-likelihood as written in a textbook: differences of distribution functions.
fn slow_log_likelihood(onsets: &[Onset], distribution: &Distribution) -> f64 {
    let below = |days: f64| distribution.share_within(days).unwrap();
    let one = |onset: &Onset| {
        let seen = onset.truncation_days().map_or(1.0, below);
        let upper = onset.upper_days().map_or(seen, below);
        ((upper - below(onset.lower_days())) / seen).ln()
    };
    onsets.iter().map(one).sum()
}

/// The highest textbook log-likelihood of Weibull distributions with this shape, by ternary search.
fn slow_profile(onsets: &[Onset], shape: f64, around: f64) -> f64 {
    let at = |log_scale: f64| {
        slow_log_likelihood(onsets, &Distribution::weibull(log_scale.exp(), shape).unwrap())
    };
    let (mut low, mut high) = (around - 1.5, around + 1.5);
    for _ in 0..100 {
        let third = (high - low) / 3.0;
        if at(low + third) < at(high - third) { low += third } else { high -= third }
    }
    at(0.5 * (low + high))
}

fn scaled(onsets: &[Onset], k: f64) -> Vec<Onset> {
    let by = |o: &Onset| {
        let [u, t] = [o.upper_days(), o.truncation_days()].map(|end| end.map(|days| days * k));
        Onset::new(o.lower_days() * k, u, t).unwrap()
    };
    onsets.iter().map(by).collect()
}

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn points_lie_within_their_intervals(onsets in onsets()) {
        if let Ok(fit) = weibull(&onsets) {
            [fit.scale_days, fit.shape, fit.median_days].iter().for_each(check_parameter);
            prop_assert!((fit.summary.aic - (4.0 - 2.0 * fit.summary.log_likelihood)).abs() < 1e-9);
        }
        if let Ok(fit) = log_normal(&onsets) {
            [fit.mu, fit.sigma, fit.median_days].iter().for_each(check_parameter);
        }
        if let Some(interval) = describe(&onsets).sample.and_then(|s| s.median_interval) {
            let Estimate { point, lower, upper } = interval.estimate;
            prop_assert!(lower <= point && point <= upper && interval.coverage >= 0.95);
        }
    }

    /// The maximum is what the textbook formula says it is, and no neighbour is higher.
    #[test]
    fn the_fit_is_a_maximum(onsets in onsets()) {
        if let Ok(fit) = weibull(&onsets) {
            let top = fit.summary.log_likelihood;
            let slow = slow_log_likelihood(&onsets, &fit.distribution());
            prop_assert!(near(top, slow, 1e-7), "{top} {slow}");
            for (scale, shape) in [(1.1, 1.0), (0.9, 1.0), (1.0, 1.1), (1.0, 0.9), (3.0, 0.8)] {
                let (scale, shape) = (scale * fit.scale_days.point, shape * fit.shape.point);
                let other = Distribution::weibull(scale, shape).unwrap();
                let value = slow_log_likelihood(&onsets, &other);
                prop_assert!(value.is_nan() || value <= top + 1e-7);
            }
        }
        if let Ok(fit) = log_normal(&onsets) {
            let slow = slow_log_likelihood(&onsets, &fit.distribution());
            prop_assert!(!slow.is_finite() || near(fit.summary.log_likelihood, slow, 1e-6));
        }
    }

    /// Sorted before anything is summed: the same to the last bit.
    #[test]
    fn the_order_of_cases_does_not_matter(
        (onsets, shuffled) in onsets().prop_flat_map(|o| (Just(o.clone()), Just(o).prop_shuffle())),
    ) {
        prop_assert_eq!(describe(&onsets), describe(&shuffled));
    }

    /// Another unit of time changes the scale and nothing else; to 1e-6, for each limit is sought
    /// anew.
    #[test]
    fn scaling_the_days_scales_the_scale(onsets in onsets(), k in 0.05..20.0_f64) {
        if let (Ok(fit), Ok(other)) = (weibull(&onsets), weibull(&scaled(&onsets, k))) {
            prop_assert!(near(other.scale_days.point, k * fit.scale_days.point, 1e-6));
            prop_assert!(near(other.shape.point, fit.shape.point, 1e-6));
            prop_assert!(near(other.shape.se, fit.shape.se, 1e-6));
            prop_assert_eq!(read_shape(&fit), read_shape(&other));
        }
        if let (Ok(fit), Ok(other)) = (log_normal(&onsets), log_normal(&scaled(&onsets, k))) {
            prop_assert!(near(other.mu.point, fit.mu.point + k.ln(), 1e-6));
            prop_assert!(near(other.sigma.point, fit.sigma.point, 1e-6));
        }
    }

    /// Either there is a maximum and it is found, or the limit that beats it is named.
    #[test]
    fn the_search_ends(onsets in onsets()) {
        for error in [weibull(&onsets).err(), log_normal(&onsets).err()].into_iter().flatten() {
            prop_assert!(!matches!(error, FitError::NotConverged { .. }), "{}", error);
        }
    }

    /// A weight of 3 is three cases.
    #[test]
    fn weights_are_numbers_of_cases(onsets in onsets()) {
        let weights = vec![3.0; onsets.len()];
        let thrice: Vec<Onset> = onsets.iter().flat_map(|&o| [o, o, o]).collect();
        if let (Ok(a), Ok(b)) = (weibull_weighted(&onsets, &weights), weibull(&thrice)) {
            prop_assert_eq!(a, b);
        }
        if let (Ok(a), Ok(b)) = (log_normal_weighted(&onsets, &weights), log_normal(&thrice)) {
            prop_assert_eq!(a, b);
        }
    }

    #[test]
    fn nothing_panics_and_every_number_is_finite(onsets in wild()) {
        let description = describe(&onsets);
        prop_assert_eq!(description.cases, onsets.len());
        if let Ok(fit) = description.weibull {
            [fit.scale_days, fit.shape, fit.median_days].iter().for_each(|p| {
                assert!(p.point > 0.0 && p.point.is_finite() && p.se.is_finite(), "{p:?}");
            });
        }
        for plot in [&description.weibull_plot, &description.log_normal_plot].into_iter().flatten() {
            for point in &plot.points {
                prop_assert!((0.0..=1.0).contains(&point.observed) && !point.fitted.is_nan());
            }
        }
        if let Some(estimate) = turnbull(&onsets) {
            let sum: f64 = estimate.steps.iter().map(|step| step.probability).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9 && !estimate.gap.is_nan());
        }
    }

    #[test]
    fn readings_follow_the_interval(onsets in onsets()) {
        let description = describe(&onsets);
        let Ok(fit) = description.weibull else {
            prop_assert_eq!(description.shape, ShapeReading::NotAssessable);
            return Ok(());
        };
        let few = fit.summary.onsets < time_to_onset::MINIMUM_CASES;
        match description.shape {
            ShapeReading::NotAssessable => prop_assert!(few),
            ShapeReading::Constant => prop_assert!(fit.shape.profile.contains(1.0)),
            ShapeReading::EarlyFailure => prop_assert!(fit.shape.profile.upper.unwrap() < 1.0),
            ShapeReading::WearOut => prop_assert!(fit.shape.profile.lower.unwrap() > 1.0),
        }
    }

    /// Turnbull's estimate is more likely than any fitted distribution.
    #[test]
    fn no_family_beats_turnbull(onsets in onsets()) {
        let plain: Vec<Onset> = onsets
            .iter()
            .map(|o| Onset::new(o.lower_days(), o.upper_days(), None).unwrap())
            .collect();
        let estimate = turnbull(&plain).unwrap();
        let held = |o: &Onset| -> f64 {
            let upper = o.upper_days().unwrap_or(f64::INFINITY);
            let inside = |lower: f64, end: Option<f64>| {
                lower >= o.lower_days() && end.unwrap_or(f64::INFINITY) <= upper
            };
            let steps = estimate.steps.iter().filter(|s| inside(s.lower_days, s.upper_days));
            steps.map(|s| s.probability).sum()
        };
        let free: f64 = plain.iter().map(|o| held(o).ln()).sum();
        for top in [
            weibull(&plain).map(|fit| fit.summary.log_likelihood),
            log_normal(&plain).map(|fit| fit.summary.log_likelihood),
        ].into_iter().flatten() {
            prop_assert!(top <= free + estimate.gap + 1e-9, "{top} {free}");
        }
    }

    #[test]
    fn comparisons_are_symmetric_and_see_ranks_only(a in times(), b in times()) {
        let (one, two) = (compare(&a, &b).unwrap(), compare(&b, &a).unwrap());
        let (ks, sk) = (one.kolmogorov_smirnov, two.kolmogorov_smirnov);
        prop_assert!((ks.statistic - sk.statistic).abs() < 1e-15);
        prop_assert!((ks.p() - sk.p()).abs() < 1e-12);
        prop_assert!((0.0..=1.0).contains(&ks.p()) && (0.0..=1.0).contains(&ks.p_asymptotic));
        let squared = |v: &[f64]| v.iter().map(|x| x * x + 1.0).collect::<Vec<f64>>();
        prop_assert_eq!(kolmogorov_smirnov(&squared(&a), &squared(&b)), Ok(ks));
        prop_assert_eq!(anderson_darling(&squared(&a), &squared(&b)), Ok(one.anderson_darling));
        if let (Some(ad), Some(da)) = (one.anderson_darling, two.anderson_darling) {
            prop_assert!(near(ad.a_squared, da.a_squared, 1e-12) && ad.a_squared >= 0.0);
        }
        let signal = onset_signal(&a, &b, &b, 60.0, 0.01).unwrap();
        prop_assert_eq!(signal.against_other_events, Some(one));
    }

    #[test]
    fn quartiles_are_in_order(mut values in times()) {
        let s = sample_summary(&values).unwrap().unwrap();
        let order = [s.smallest, s.lower_quartile, s.median, s.upper_quartile, s.largest];
        prop_assert!(order.windows(2).all(|w| w[0] <= w[1]));
        values.reverse();
        prop_assert_eq!(sample_summary(&values), Ok(Some(s)));
    }
}

/// The limits of the profile, by searching the textbook likelihood.
#[test]
fn profile_limits_are_where_the_likelihood_has_fallen() {
    let days = [0, 1, 1, 2, 3, 5, 8, 9, 13, 15, 21, 30, 33, 47, 52, 80];
    let plain: Vec<Onset> = days.map(Onset::on_day).to_vec();
    let seen = |d: u32| Onset::on_day(d).reported_on_day(100 + d % 7 * 40).unwrap();
    let truncated: Vec<Onset> = days.map(seen).to_vec();
    for onsets in [plain, truncated] {
        let fit = weibull(&onsets).unwrap();
        let limits = fit.shape.profile;
        for limit in [limits.lower.unwrap(), limits.upper.unwrap()] {
            let value = slow_profile(&onsets, limit, fit.scale_days.point.ln());
            let fall = 2.0 * (fit.summary.log_likelihood - value);
            assert!((fall - 3.841458820694124).abs() < 1e-7, "{fall}");
        }
    }
}

/// Less exact dates, less exact estimates.
#[test]
fn wider_intervals_do_not_shrink_standard_errors() {
    for days in [[2, 4, 7, 9, 11, 15, 18, 22, 29, 41], [0, 1, 1, 3, 6, 14, 30, 51, 90, 200]] {
        let mut before = [0.0; 2];
        for half in [0.5, 2.0, 4.0] {
            let wide = |day: u32| {
                let day = f64::from(day);
                Onset::new((day - half).max(0.0), Some(day + half), None).unwrap()
            };
            let fit = weibull(&days.map(wide)).unwrap();
            let now = [fit.scale_days.se, fit.shape.se];
            assert!(
                now[0] > before[0] && now[1] > before[1],
                "{days:?} {half}: {now:?} {before:?}"
            );
            before = now;
        }
    }
}

/// Counting paths and drawing divisions agree: within four standard errors of 20,000 draws.
#[test]
fn exact_and_permutation_p_values_agree() {
    let samples: [(&[f64], &[f64]); 3] = [
        (&[0.0, 1.0, 1.0, 2.0, 5.0, 9.0], &[2.0, 3.0, 5.0, 5.0, 8.0, 12.0, 30.0]),
        (&[1.0, 1.0, 1.0, 2.0, 2.0], &[1.0, 2.0, 2.0, 3.0, 3.0, 3.0]),
        (&[4.0, 8.0], &[1.0, 2.0, 3.0, 5.0, 6.0, 7.0]),
    ];
    for (a, b) in samples {
        let exact = kolmogorov_smirnov(a, b).unwrap().p_exact.unwrap();
        let drawn = permutation_test(a, b, 20_000, 5).unwrap().kolmogorov_smirnov;
        let error = (exact * (1.0 - exact) / 20_000.0).sqrt();
        assert!((exact - drawn).abs() < 4.0 * error + 1e-4, "{exact} {drawn}");
    }
}

/// With equal distributions, each test rejects as often as it says: 5 % of 1,000 samples, give or
/// take three standard errors (2.1 points); the exact test on tied days at most that.
#[test]
fn comparisons_hold_their_level() {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    let mut rejected = [0_u32; 3];
    for stream in 0..1_000 {
        let mut rng = ChaCha8Rng::seed_from_u64(31);
        rng.set_stream(stream);
        let mut draw = |n: usize| -> Vec<f64> {
            (0..n).map(|_| (-20.0 * rng.random::<f64>().max(1e-9).ln()).round()).collect()
        };
        let (a, b) = (draw(25), draw(40));
        let comparison = compare(&a, &b).unwrap();
        rejected[0] += u32::from(comparison.kolmogorov_smirnov.p() <= 0.05);
        rejected[1] += u32::from(comparison.anderson_darling.unwrap().p.is_at_most(0.05));
        let drawn = permutation_test(&a, &b, 199, stream).unwrap().anderson_darling.unwrap();
        rejected[2] += u32::from(drawn <= 0.05);
    }
    assert!((20..=71).contains(&rejected[0]), "{rejected:?}");
    assert!((29..=71).contains(&rejected[1]), "{rejected:?}");
    assert!((29..=71).contains(&rejected[2]), "{rejected:?}");
}

#[test]
fn an_empty_group_is_described() {
    let description = describe(&[]);
    assert_eq!(description.weibull, Err(FitError::NoCases));
    assert_eq!(description.shape, ShapeReading::NotAssessable);
    assert_eq!((description.sample, description.widest_days), (None, None));
    assert_eq!(description.weibull_plot, None);
    let any = Distribution::weibull(1.0, 1.0).unwrap();
    assert_eq!(probability_plot(&[], &any), None);
}

#[test]
fn weights_out_of_range_are_refused() {
    let days = [1, 5, 9].map(Onset::on_day);
    assert_eq!(
        weibull_weighted(&days, &[1.0]),
        Err(FitError::UnequalLengths { cases: 3, weights: 1 })
    );
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = log_normal_weighted(&days, &[1.0, bad, 1.0]).unwrap_err();
        assert!(matches!(error, FitError::Weight { index: 1, .. }));
    }
}
