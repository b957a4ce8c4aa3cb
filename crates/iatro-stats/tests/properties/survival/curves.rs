//! One group.

use iatro_stats::survival::{
    ConfidenceLimits, IncidenceVariance, LimitScale, Subject, aalen_johansen, kaplan_meier,
    nelson_aalen,
};
use proptest::prelude::*;

use super::{
    at_risk, cohort, extreme, has_event, plain, reordered, scaled, subjects, whole_weight,
};

fn all_limits() -> [ConfidenceLimits; 3] {
    [LimitScale::Plain, LimitScale::Log, LimitScale::LogLog]
        .map(|scale| ConfidenceLimits::new(scale, 0.95).unwrap())
}

/// Everything that can be asked of one group is finite, in its range and in order.
fn check(subjects: &[Subject]) {
    let cohort = cohort(subjects);
    let curve = kaplan_meier(&cohort);
    let mut before = 1.0;
    for step in curve.steps() {
        assert!((0.0..=before).contains(&step.survival), "{step:?}");
        before = step.survival;
        assert!(step.log_variance.is_none_or(|v| v.is_finite() && v >= 0.0), "{step:?}");
        for limits in all_limits() {
            let Some(got) = step.limits(&limits) else { continue };
            assert!(0.0 <= got.lower && got.lower <= step.survival, "{step:?} {got:?}");
            assert!(step.survival <= got.upper && got.upper <= 1.0, "{step:?} {got:?}");
        }
    }
    for limits in all_limits() {
        for p in [1e-9, 0.25, 0.5, 0.75, 1.0 - 1e-9] {
            let got = curve.quantile(p, &limits).unwrap();
            assert!(got.lower <= got.point || got.point.is_none(), "{got:?}");
            assert!(got.upper.is_none() || got.point <= got.upper, "{got:?}");
        }
    }
    let end = cohort.follow_up().unwrap();
    for horizon in [0.0, 0.3 * end, end] {
        let mean = curve.restricted_mean(horizon, 0.95).unwrap().unwrap();
        assert!((0.0..=horizon * (1.0 + 1e-12)).contains(&mean.mean), "{mean:?}");
        assert!(mean.standard_error.is_none_or(f64::is_finite), "{mean:?}");
    }
    for step in nelson_aalen(&cohort) {
        let limits = step.limits(0.95).unwrap();
        assert!(step.hazard.is_finite() && step.variance.is_finite());
        assert!(limits.is_none_or(|l| l.lower <= step.hazard && step.hazard <= l.upper));
    }
    check_causes(subjects);
}

fn check_causes(subjects: &[Subject]) {
    for variance in [IncidenceVariance::Delta, IncidenceVariance::Aalen] {
        let all = aalen_johansen(&cohort(subjects), variance).unwrap();
        for step in all.steps() {
            let at = |&cause: &u32| all.at(cause, step.time).unwrap();
            let sum: f64 = all.causes().iter().map(|cause| at(cause).incidence).sum();
            assert!((sum + step.survival - 1.0).abs() < 1e-9, "{sum} {}", step.survival);
        }
        for &cause in all.causes() {
            let mut before = 0.0;
            for step in all.incidence(cause) {
                assert!((before..=1.0).contains(&step.incidence), "{step:?}");
                before = step.incidence;
                assert!(step.variance.is_finite() && step.variance >= 0.0, "{step:?}");
                for limits in all_limits() {
                    let Some(l) = step.limits(&limits) else { continue };
                    assert!(0.0 <= l.lower && l.lower <= step.incidence, "{step:?} {l:?}");
                    assert!(step.incidence <= l.upper && l.upper <= 1.0, "{step:?} {l:?}");
                }
            }
        }
    }
}

/// The curve and its variance at a time, from the definition.
fn slow_kaplan_meier(subjects: &[Subject], until: f64) -> (f64, f64) {
    let mut times: Vec<f64> = subjects.iter().map(|s| s.time).filter(|&t| t <= until).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    let (mut survival, mut variance) = (1.0, 0.0);
    for time in times {
        let weight = |pick: &dyn Fn(&Subject) -> bool| -> f64 {
            subjects.iter().filter(|s| pick(s)).map(|s| s.weight).sum()
        };
        let n = weight(&|s| at_risk(s, time));
        let d = weight(&|s| has_event(s, time));
        let left = weight(&|s| at_risk(s, time) && !has_event(s, time));
        survival *= left / n;
        variance += if d > 0.0 { d / (n * left) } else { 0.0 };
    }
    (survival, variance)
}

proptest! {
    #[test]
    fn numbers_are_finite_ordered_and_in_range(s in subjects(40)) {
        check(&s);
    }

    #[test]
    fn also_at_the_limits_of_the_input(s in extreme()) {
        check(&s);
    }

    #[test]
    fn agrees_with_the_definition(s in subjects(30)) {
        let curve = kaplan_meier(&cohort(&s));
        for step in curve.steps() {
            let (survival, variance) = slow_kaplan_meier(&s, step.time);
            prop_assert!((step.survival - survival).abs() < 1e-9);
            if let Some(got) = step.log_variance {
                prop_assert!((got - variance).abs() <= 1e-6 * (1.0 + variance), "{got} {variance}");
            }
        }
    }

    /// Without censoring it is one minus the empirical distribution, and Greenwood is binomial.
    #[test]
    fn without_censoring_it_is_the_empirical_distribution(
        times in proptest::collection::vec(0.0..20.0_f64, 1..60),
    ) {
        let times: Vec<f64> = times.iter().map(|t| (2.0 * t).floor() / 2.0).collect();
        let s: Vec<Subject> = times.iter().map(|&t| Subject::event(t)).collect();
        let n = times.len() as f64;
        for step in kaplan_meier(&cohort(&s)).steps() {
            let left = times.iter().filter(|&&t| t > step.time).count() as f64 / n;
            prop_assert!((step.survival - left).abs() < 1e-12);
            if let Some(se) = step.standard_error() {
                prop_assert!((se - (left * (1.0 - left) / n).sqrt()).abs() < 1e-12);
            }
        }
    }

    /// To the last bit.
    #[test]
    fn the_order_of_the_subjects_does_not_matter(s in subjects(40), seed in any::<u64>()) {
        let (t, _) = reordered(&s, seed);
        prop_assert_eq!(kaplan_meier(&cohort(&s)), kaplan_meier(&cohort(&t)));
        prop_assert_eq!(nelson_aalen(&cohort(&s)), nelson_aalen(&cohort(&t)));
        let incidences = |s: &[Subject]| aalen_johansen(&cohort(s), IncidenceVariance::Delta);
        prop_assert_eq!(incidences(&s), incidences(&t));
    }

    #[test]
    fn time_in_another_unit_moves_only_times(s in subjects(40)) {
        let limits = ConfidenceLimits::default();
        let (one, other) = (kaplan_meier(&cohort(&s)), kaplan_meier(&cohort(&scaled(&s))));
        for (a, b) in one.steps().iter().zip(other.steps()) {
            prop_assert_eq!((8.0 * a.time, a.survival), (b.time, b.survival));
        }
        let eightfold = |time: Option<f64>| time.map(|time| 8.0 * time);
        let (a, b) = (one.median(&limits), other.median(&limits));
        prop_assert_eq!(eightfold(a.point), b.point);
        prop_assert_eq!(eightfold(a.lower), b.lower);
        prop_assert_eq!(eightfold(a.upper), b.upper);
    }

    /// A subject of weight 3 is three subjects.
    #[test]
    fn weights_count(s in subjects(20)) {
        let weighted: Vec<Subject> =
            s.iter().map(|s| Subject { weight: whole_weight(s) as f64, ..*s }).collect();
        let repeated: Vec<Subject> = weighted
            .iter()
            .flat_map(|s| std::iter::repeat_n(Subject { weight: 1.0, ..*s }, whole_weight(s)))
            .collect();
        let (one, other) = (kaplan_meier(&cohort(&weighted)), kaplan_meier(&cohort(&repeated)));
        prop_assert_eq!(one.steps(), other.steps());
    }

    /// Cumulative incidence is below one minus Kaplan-Meier with competing events censored.
    #[test]
    fn competing_events_lower_the_incidence(s in subjects(40)) {
        let s = plain(&s);
        let whole = cohort(&s);
        let all = aalen_johansen(&whole, IncidenceVariance::Delta).unwrap();
        for &cause in all.causes() {
            let alone = kaplan_meier(&whole.cause_specific(cause));
            for (one, step) in all.incidence(cause).zip(alone.steps()) {
                prop_assert!(one.incidence <= 1.0 - step.survival + 1e-12);
            }
        }
    }
}
