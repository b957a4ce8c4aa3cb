//! Cox regression.

use iatro_stats::survival::{
    Coefficient, Cox, CoxOptions, NotEstimable, Subject, Ties, TimeTransform, cox,
};
use proptest::prelude::*;

use super::{
    at, at_risk, cohort, extreme, has_event, plain, reordered, scaled, subjects, whole_weight,
};

/// Subjects, two covariates with few values, two strata.
type Data = (Vec<Subject>, [Vec<f64>; 2], Vec<usize>);

fn data(most: usize) -> impl Strategy<Value = Data> {
    subjects(most).prop_flat_map(|s| {
        let column = || proptest::collection::vec((0..4_u32).prop_map(f64::from), s.len());
        (Just(s.clone()), [column(), column()], proptest::collection::vec(0..2_usize, s.len()))
    })
}

fn fit(s: &[Subject], x: &[Vec<f64>], strata: Option<&[usize]>, ties: Ties) -> Cox {
    let columns: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
    cox(&cohort(s), &columns, &CoxOptions { ties, strata, level: 0.95 }).unwrap()
}

/// Every number that a fit gives is finite and in its range.
fn check(fit: &Cox) {
    for c in fit.coefficients().iter().flatten() {
        let Coefficient { log_hazard_ratio, standard_error, z, p, limits } = *c;
        assert!(log_hazard_ratio.is_finite() && standard_error > 0.0 && z.is_finite(), "{c:?}");
        assert!((0.0..=1.0).contains(&p), "{c:?}");
        assert!(limits.lower <= log_hazard_ratio && log_hazard_ratio <= limits.upper, "{c:?}");
        assert!(limits.lower.is_finite() && limits.upper.is_finite(), "{c:?}");
        let ratio = c.hazard_ratio();
        assert!(ratio.is_none_or(|r| r.limits.lower <= r.point && r.point <= r.limits.upper));
    }
    let [null, top] = fit.log_likelihood();
    assert!(null.is_finite() && top.is_finite() && top >= null - 1e-9 * null.abs());
    for test in [fit.likelihood_ratio(), fit.score_test(), fit.wald_test()].into_iter().flatten() {
        assert!(test.chi_squared.is_finite() && (0.0..=1.0).contains(&test.p), "{test:?}");
    }
    if let Some(c) = fit.concordance() {
        assert!((0.0..=1.0).contains(&c.index), "{c:?}");
        assert!(c.standard_error.is_none_or(f64::is_finite), "{c:?}");
    }
    for transform in [TimeTransform::KaplanMeier, TimeTransform::Identity] {
        let Some(zph) = fit.proportional_hazards(transform) else { continue };
        for test in zph.covariates.iter().chain([&zph.global]).flatten() {
            assert!(test.chi_squared.is_finite() && (0.0..=1.0).contains(&test.p), "{test:?}");
        }
    }
    let origin = vec![0.0; fit.coefficients().len()];
    for step in fit.cumulative_hazard(&origin).unwrap().unwrap_or_default() {
        assert!(step.hazard.is_finite() && step.hazard >= 0.0, "{step:?}");
    }
}

/// The log partial likelihood from its definition.
fn slow_likelihood(s: &[Subject], x: &[Vec<f64>], beta: &[f64], ties: Ties) -> f64 {
    let predictor = |i: usize| -> f64 { x.iter().zip(beta).map(|(x, b)| x[i] * b).sum() };
    let risk = |i: usize| s[i].weight * predictor(i).exp();
    let mut times: Vec<f64> = s.iter().map(|s| s.time).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let mut sum = 0.0;
    for time in times {
        let dead: Vec<usize> = (0..s.len()).filter(|&i| has_event(&s[i], time)).collect();
        let all: f64 = (0..s.len()).filter(|&i| at_risk(&s[i], time)).map(risk).sum();
        let gone: f64 = dead.iter().map(|&i| risk(i)).sum();
        let weight: f64 = dead.iter().map(|&i| s[i].weight).sum();
        sum += dead.iter().map(|&i| s[i].weight * predictor(i)).sum::<f64>();
        let d = dead.len() as f64;
        for k in 0..dead.len() {
            let share = if ties == Ties::Efron { k as f64 / d } else { 0.0 };
            sum -= weight / d * (all - share * gone).ln();
        }
    }
    sum
}

/// Whether the likelihood of one covariate rises for ever in the direction of `sign`: at every event
/// nobody at risk has more of it, and somebody has less.
fn slow_monotone(s: &[Subject], x: &[f64], sign: f64) -> bool {
    let mut strict = false;
    for (i, event) in s.iter().enumerate().filter(|(_, s)| has_event(s, s.time)) {
        for j in (0..s.len()).filter(|&j| at_risk(&s[j], event.time)) {
            if sign * x[j] > sign * x[i] {
                return false;
            }
            strict |= sign * x[j] < sign * x[i];
        }
    }
    strict
}

fn values(fit: &Cox) -> Option<Vec<f64>> {
    fit.coefficients().iter().map(|c| c.ok().map(|c| c.log_hazard_ratio)).collect()
}

proptest! {
    #[test]
    fn numbers_are_finite_and_in_range((s, x, strata) in data(40)) {
        check(&fit(&s, &x, Some(&strata), Ties::Efron));
        check(&fit(&s, &x, None, Ties::Breslow));
    }

    #[test]
    fn nothing_breaks_at_the_limits_of_the_input(
        s in extreme(), picks in proptest::collection::vec(0..6_usize, 24),
    ) {
        let value = |i: usize| [0.0, 1e100, -1e100, 1e-300, 1.0, 5e-324][picks[i]];
        let column = |from: usize| -> Vec<f64> { (0..s.len()).map(|i| value(from + i)).collect() };
        let fit = fit(&s, &[column(0), column(12)], None, Ties::Efron);
        for c in fit.coefficients().iter().flatten() {
            prop_assert!(c.log_hazard_ratio.is_finite() && c.standard_error > 0.0);
        }
        let [null, top] = fit.log_likelihood();
        prop_assert!(null.is_finite() && top.is_finite());
    }

    /// The maximum is one, of the likelihood by its definition.
    #[test]
    fn the_likelihood_is_at_its_maximum((s, x, _) in data(30), breslow in any::<bool>()) {
        let ties = if breslow { Ties::Breslow } else { Ties::Efron };
        let fit = fit(&s, &x, None, ties);
        let Some(beta) = values(&fit) else { return Ok(()) };
        let slow = |beta: &[f64]| slow_likelihood(&s, &x, beta, ties);
        let top = slow(&beta);
        prop_assert!((top - fit.log_likelihood()[1]).abs() < 1e-7 * (1.0 + top.abs()));
        for (i, c) in fit.coefficients().iter().enumerate() {
            for side in [-1e-2, 1e-2] {
                let mut aside = beta.clone();
                aside[i] += side * c.unwrap().standard_error;
                prop_assert!(slow(&aside) <= top + 1e-9 * (1.0 + top.abs()));
            }
        }
    }

    /// With one covariate, the coefficient is said to be infinite exactly where it is.
    #[test]
    fn separation_is_found_and_only_separation((s, [x, _], _) in data(14)) {
        let got = fit(&s, std::slice::from_ref(&x), None, Ties::Breslow).coefficients()[0];
        let (up, down) = (slow_monotone(&s, &x, 1.0), slow_monotone(&s, &x, -1.0));
        match got {
            Ok(_) => prop_assert!(!up && !down, "{got:?}"),
            Err(NotEstimable::Monotone { rising }) => {
                let found = if rising == Some(true) { up } else { down };
                prop_assert!(found);
            }
            Err(why) => {
                prop_assert_eq!(why, NotEstimable::Constant);
                prop_assert!(!up && !down);
            }
        }
    }

    /// One covariate separates, the other does not: the other keeps its estimate.
    #[test]
    fn separation_leaves_the_other_covariate((s, [x, _], _) in data(40)) {
        let s = plain(&s);
        let fits = fit(&s, std::slice::from_ref(&x), None, Ties::Efron);
        if fits.coefficients()[0].is_err() {
            return Ok(());
        }
        // Three more, at risk at every event, none of their own.
        let last = s.iter().map(|s| s.time).fold(0.0, f64::max);
        let mut more = s.clone();
        more.extend([Subject::censored(last); 3]);
        let spare: Vec<f64> = (0..more.len()).map(|i| f64::from(u8::from(i >= s.len()))).collect();
        let x: Vec<f64> = x.iter().copied().chain([0.0, 1.0, 5.0]).collect();
        let both = fit(&more, &[x, spare], None, Ties::Efron);
        check(&both);
        prop_assert_eq!(both.coefficients()[1], Err(NotEstimable::Monotone { rising: Some(false) }));
        let (one, other) = (fits.coefficients()[0].unwrap(), both.coefficients()[0].unwrap());
        let near = |a: f64, b: f64| (a - b).abs() < 1e-5 * (1.0 + b.abs());
        prop_assert!(near(other.log_hazard_ratio, one.log_hazard_ratio), "{one:?} {other:?}");
        prop_assert!(near(other.standard_error, one.standard_error), "{one:?} {other:?}");
        prop_assert_eq!(both.wald_test(), None);
        let profile = both.profile_interval(1, 0.95).unwrap().unwrap();
        prop_assert!(profile.lower.is_none() && profile.upper.is_some());
    }

    /// To the last bit.
    #[test]
    fn the_order_of_the_subjects_does_not_matter(
        (s, x, strata) in data(40), seed in any::<u64>(),
    ) {
        let (t, places) = reordered(&s, seed);
        let y = x.each_ref().map(|x| at(x, &places));
        let one = fit(&s, &x, Some(&strata), Ties::Efron);
        let other = fit(&t, &y, Some(&at(&strata, &places)), Ties::Efron);
        prop_assert_eq!(one.coefficients(), other.coefficients());
        prop_assert_eq!(one.log_likelihood(), other.log_likelihood());
        prop_assert_eq!(one.concordance(), other.concordance());
    }

    /// Another origin and unit of the covariates, and another unit of time.
    #[test]
    fn units_do_not_matter((s, x, _) in data(40), a in 0.01..100.0_f64, b in -1e3..1e3_f64) {
        let one = fit(&s, &x, None, Ties::Efron);
        let moved = [x[0].iter().map(|v| a * v + b).collect(), x[1].iter().map(|v| -v).collect()];
        let other = fit(&scaled(&s), &moved, None, Ties::Efron);
        for (place, factor) in [(0, a), (1, -1.0)] {
            match (one.coefficients()[place], other.coefficients()[place]) {
                (Ok(p), Ok(q)) => {
                    let (p, q) = (p.log_hazard_ratio, factor * q.log_hazard_ratio);
                    prop_assert!((p - q).abs() < 1e-6 * (1.0 + p.abs()), "{p} {q}");
                }
                (
                    Err(NotEstimable::Monotone { rising: Some(p) }),
                    Err(NotEstimable::Monotone { rising: Some(q) }),
                ) => prop_assert_eq!(p == q, factor > 0.0),
                // Which of several directions is taken is a matter of rounding.
                (p, q) => prop_assert!(p.is_err() && q.is_err(), "{p:?} {q:?}"),
            }
        }
        let [p, q] = [&one, &other].map(|fit| fit.log_likelihood()[1]);
        prop_assert!((p - q).abs() < 1e-7 * (1.0 + p.abs()));
    }

    #[test]
    fn with_breslow_weights_count((s, x, _) in data(20)) {
        let times: Vec<usize> = s.iter().map(whole_weight).collect();
        let repeat = |i: usize| std::iter::repeat_n(i, times[i]);
        let places: Vec<usize> = (0..s.len()).flat_map(repeat).collect();
        let weigh = |(s, &times): (&Subject, &usize)| Subject { weight: times as f64, ..*s };
        let weighted: Vec<Subject> = s.iter().zip(&times).map(weigh).collect();
        let repeated: Vec<Subject> =
            at(&s, &places).iter().map(|s| Subject { weight: 1.0, ..*s }).collect();
        let one = fit(&weighted, &x, None, Ties::Breslow);
        let y = x.each_ref().map(|x| at(x, &places));
        let other = fit(&repeated, &y, None, Ties::Breslow);
        if let (Some(p), Some(q)) = (values(&one), values(&other)) {
            prop_assert!(p.iter().zip(&q).all(|(p, q)| (p - q).abs() < 1e-7 * (1.0 + p.abs())));
        }
    }

    #[test]
    fn concordance_agrees_with_counting_pairs((s, x, _) in data(30)) {
        let fit = fit(&s, &x, None, Ties::Efron);
        let (Some(beta), Some(got)) = (values(&fit), fit.concordance()) else { return Ok(()) };
        let predictor = |i: usize| x[0][i] * beta[0] + x[1][i] * beta[1];
        let [mut concordant, mut discordant, mut tied] = [0.0; 3];
        for i in (0..s.len()).filter(|&i| has_event(&s[i], s[i].time)) {
            let time = s[i].time;
            for j in (0..s.len()).filter(|&j| at_risk(&s[j], time) && !has_event(&s[j], time)) {
                let (weight, ahead) = (s[i].weight * s[j].weight, predictor(i) - predictor(j));
                // A tie that is none but for rounding counts either way.
                let same = (x[0][i], x[1][i]) == (x[0][j], x[1][j]);
                if ahead.abs() < 1e-9 && !same {
                    return Ok(());
                }
                match () {
                    () if ahead.abs() < 1e-9 => tied += weight,
                    () if ahead > 0.0 => concordant += weight,
                    () => discordant += weight,
                }
            }
        }
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * (1.0 + b);
        prop_assert!(near(got.concordant, concordant), "{got:?} {concordant}");
        prop_assert!(near(got.discordant, discordant), "{got:?} {discordant}");
        prop_assert!(near(got.tied, tied), "{got:?} {tied}");
    }

    /// Profile limits hold the estimate, and the likelihood there is as far down as it should be.
    #[test]
    fn profile_limits_hold_the_estimate((s, [x, _], _) in data(25)) {
        let fit = fit(&s, std::slice::from_ref(&x), None, Ties::Efron);
        let Ok(c) = fit.coefficients()[0] else { return Ok(()) };
        let profile = fit.profile_interval(0, 0.95).unwrap().unwrap();
        let slow = |b: f64| slow_likelihood(&s, std::slice::from_ref(&x), &[b], Ties::Efron);
        let target = slow(c.log_hazard_ratio) - 0.5 * 1.959963984540054_f64.powi(2);
        for (limit, side) in [(profile.lower, -1.0), (profile.upper, 1.0)] {
            let Some(limit) = limit else { continue };
            prop_assert!(side * (limit - c.log_hazard_ratio) > 0.0);
            prop_assert!((slow(limit) - target).abs() < 1e-6 * (1.0 + target.abs()));
        }
    }
}

#[test]
fn covariates_that_tell_nothing_are_named() {
    let s: Vec<Subject> = (1..=8).map(|t| Subject::event(f64::from(t))).collect();
    let x = [0., 3., 1., 4., 2., 9., 5., 6.].to_vec();
    let twice = x.iter().map(|v| 2.0 * v - 7.0).collect();
    let got = fit(&s, &[vec![2.5; 8], x.clone(), twice], None, Ties::Efron);
    assert_eq!(got.coefficients()[0], Err(NotEstimable::Constant));
    assert_eq!(got.coefficients()[2], Err(NotEstimable::Collinear));
    let alone = fit(&s, &[x], None, Ties::Efron);
    assert_eq!(got.coefficients()[1], alone.coefficients()[0]);
    assert_eq!(got.likelihood_ratio(), alone.likelihood_ratio());
    let nobody: Vec<Subject> = (1..=3).map(|t| Subject::censored(f64::from(t))).collect();
    let got = fit(&nobody, &[vec![1., 2., 3.]], None, Ties::Efron);
    assert_eq!(got.coefficients()[0], Err(NotEstimable::Constant));
    assert_eq!((got.likelihood_ratio(), got.concordance()), (None, None));
}

#[test]
fn bad_covariates_are_refused_by_place() {
    let cohort = cohort(&[Subject::event(1.0), Subject::event(2.0)]);
    let options = CoxOptions::default();
    let message = |columns: &[&[f64]]| cox(&cohort, columns, &options).unwrap_err().to_string();
    assert!(message(&[]).starts_with("no covariate"));
    assert!(message(&[&[1.0, 2.0], &[1.0]]).starts_with("covariate 1: 1 values for 2 subjects"));
    assert!(message(&[&[1.0, f64::NAN]]).starts_with("covariate 0, subject 1: NaN"));
    assert!(message(&[&[1.0, f64::INFINITY]]).starts_with("covariate 0, subject 1: inf"));
    let fit = cox(&cohort, &[&[1.0, 0.0]], &options).unwrap();
    assert!(fit.profile_interval(1, 0.95).is_err());
    assert!(fit.profile_interval(0, 95.0).is_err());
    assert!(fit.cumulative_hazard(&[]).is_err());
    assert!(cox(&cohort, &[&[1.0, 0.0]], &CoxOptions { level: 1.0, ..options }).is_err());
    let strata = CoxOptions { strata: Some(&[1]), ..options };
    assert!(cox(&cohort, &[&[1.0, 0.0]], &strata).is_err());
}

/// Far along a rising likelihood, one subject with next to no hazard is all that is left of a sum from
/// which one with a large hazard was taken out.
#[test]
fn late_entries_do_not_drown_in_rounding() {
    let s = [
        Subject::censored(10.0),
        Subject::event(10.0).entering(5.75),
        Subject::event(2.0).entering(0.5),
    ];
    let got = fit(&s, &[vec![0.0, 2.0, 0.0]], None, Ties::Efron);
    let [null, top] = got.log_likelihood();
    assert_eq!(got.coefficients()[0], Err(NotEstimable::Monotone { rising: Some(true) }));
    // Two at risk at each event: at the limit only the chance of one half at the first is left.
    assert!((null + 4.0_f64.ln()).abs() < 1e-12 && (top + 2.0_f64.ln()).abs() < 1e-8);
}

/// Both covariates tell the only event apart: no sign is claimed for either.
#[test]
fn several_infinite_coefficients_have_no_sign() {
    let s = [Subject::event(1.0), Subject::censored(2.0), Subject::censored(3.0)];
    let got = fit(&s, &[vec![1.0, 0.0, 0.0], vec![1.0, 0.0, 3.0]], None, Ties::Efron);
    assert!(got.coefficients().iter().all(Result::is_err), "{:?}", got.coefficients());
    let profile = got.profile_interval(1, 0.95).unwrap().unwrap();
    assert_eq!((profile.lower, profile.upper), (None, None));
}
