//! Many tests: false discovery rates, empirical calibration.

use iatro_stats::multiplicity::{
    Deviation, EmpiricalNull, LogEstimate, MultiplicityError, Null, Side, SystematicErrorModel,
    benjamini_hochberg, benjamini_yekutieli, bonferroni, fdr_of_lists, holm, leave_one_out,
    list_at_fdr, local_fdr, pi0_at, pi0_bootstrap, pi0_smoother, q_values,
};
use proptest::prelude::*;

/// p-values with ties and both ends.
fn p_values() -> impl Strategy<Value = Vec<f64>> {
    let p = prop_oneof![
        1 => Just(0.0), 1 => Just(1.0), 2 => Just(0.05), 4 => 0.0..=1.0_f64, 4 => 0.0..0.01_f64,
    ];
    prop::collection::vec(p, 0..80)
}

fn rotated(values: &[f64], by: usize) -> Vec<f64> {
    let mut rotated = values.to_vec();
    if !rotated.is_empty() {
        rotated.rotate_left(by % values.len());
        rotated.swap(0, values.len() / 2);
    }
    rotated
}

type Method = fn(&[f64]) -> Result<Vec<f64>, MultiplicityError>;
const METHODS: [Method; 4] = [bonferroni, holm, benjamini_hochberg, benjamini_yekutieli];

fn controls() -> impl Strategy<Value = Vec<LogEstimate>> {
    let control = (-2.0..2.0_f64, 0.01..1.5_f64)
        .prop_map(|(value, error)| LogEstimate::new(value, error).unwrap());
    prop::collection::vec(control, 3..40)
}

proptest! {
    #[test]
    fn adjusted_p_values_keep_order_and_never_fall(p in p_values()) {
        for method in METHODS {
            let adjusted = method(&p).unwrap();
            for (i, &p_i) in p.iter().enumerate() {
                prop_assert!(adjusted[i] >= p_i && adjusted[i] <= 1.0);
                for (j, &p_j) in p.iter().enumerate() {
                    prop_assert!(p_i != p_j || adjusted[i] == adjusted[j]);
                    prop_assert!(p_i > p_j || adjusted[i] <= adjusted[j]);
                }
            }
        }
    }

    /// From the mildest to the strictest.
    #[test]
    fn methods_are_ordered(p in p_values()) {
        let [bonferroni, holm, hochberg, yekutieli] = METHODS.map(|method| method(&p).unwrap());
        for i in 0..p.len() {
            prop_assert!(hochberg[i] <= holm[i] * (1.0 + 1e-15) + 1e-300);
            prop_assert!(holm[i] <= bonferroni[i]);
            prop_assert!(hochberg[i] <= yekutieli[i]);
        }
    }

    #[test]
    fn order_does_not_matter(p in p_values(), by in 0..80_usize) {
        let other = rotated(&p, by);
        for method in METHODS {
            let (here, there) = (method(&p).unwrap(), method(&other).unwrap());
            let (mut here, mut there): (Vec<_>, Vec<_>) =
                (p.iter().zip(here).collect(), other.iter().zip(there).collect());
            here.sort_by(|a, b| a.partial_cmp(b).unwrap());
            there.sort_by(|a, b| a.partial_cmp(b).unwrap());
            prop_assert_eq!(here, there);
        }
        prop_assert_eq!(pi0_bootstrap(&p), pi0_bootstrap(&other));
        prop_assert_eq!(pi0_smoother(&p), pi0_smoother(&other));
        prop_assert_eq!(pi0_at(&p, 0.5), pi0_at(&other, 0.5));
    }

    #[test]
    fn shares_are_shares(p in p_values(), lambda in 0.0..0.99_f64) {
        for pi0 in [pi0_at(&p, lambda), pi0_bootstrap(&p), pi0_smoother(&p)] {
            if let Some(pi0) = pi0.unwrap() {
                prop_assert!(pi0 > 0.0 && pi0 <= 1.0);
                let q = q_values(&p, pi0).unwrap();
                let adjusted = benjamini_hochberg(&p).unwrap();
                prop_assert!(q.iter().zip(adjusted).all(|(q, adjusted)| *q <= adjusted));
            }
        }
    }

    /// The list keeps its level, and one more test would break it.
    #[test]
    fn lists_keep_their_level(local in p_values(), level in 0.001..0.5_f64, by in 0..80_usize) {
        let list = list_at_fdr(&local, level).unwrap();
        let lists = fdr_of_lists(&local).unwrap();
        for (i, &fdr) in lists.iter().enumerate() {
            prop_assert_eq!(list.members.contains(&i), fdr <= level, "{} {}", fdr, level);
            prop_assert!(fdr <= local[i] + 1e-15);
        }
        let members: Vec<f64> = list.members.iter().map(|&i| local[i]).collect();
        if let Some(fdr) = list.expected.fdr {
            let mean = members.iter().sum::<f64>() / members.len() as f64;
            prop_assert!((fdr - mean).abs() < 1e-14 && fdr <= level + 1e-14);
        }
        prop_assert_eq!(list.members.is_empty(), list.threshold.is_none());
        let other = rotated(&local, by);
        let elsewhere = list_at_fdr(&other, level).unwrap();
        prop_assert_eq!(elsewhere.threshold, list.threshold);
        prop_assert_eq!(elsewhere.expected, list.expected);
        let numbers = [
            list.expected.fdr, list.expected.fnr, list.expected.sensitivity,
            list.expected.specificity,
        ];
        prop_assert!(numbers.into_iter().flatten().all(|share| (0.0..=1.0).contains(&share)));
    }

    /// Moving all controls moves the mean; a mirror image mirrors it; their order is nothing.
    #[test]
    fn the_null_distribution_follows_its_controls(controls in controls(), by in -1.0..1.0_f64) {
        let null = EmpiricalNull::fit(&controls).unwrap();
        let changed = |f: &dyn Fn(f64) -> f64| {
            let changed: Vec<LogEstimate> = controls
                .iter()
                .map(|c| LogEstimate::new(f(c.value()), c.standard_error()).unwrap())
                .collect();
            EmpiricalNull::fit(&changed).unwrap()
        };
        let moved = changed(&|value| value + by);
        prop_assert!((moved.mean() - null.mean() - by).abs() < 1e-6);
        prop_assert!((moved.sd() - null.sd()).abs() < 1e-5, "{moved:?} {null:?}");
        let mirrored = changed(&|value| -value);
        prop_assert!((mirrored.mean() + null.mean()).abs() < 1e-6);
        let backwards: Vec<LogEstimate> = controls.iter().rev().copied().collect();
        prop_assert_eq!(EmpiricalNull::fit(&backwards).unwrap(), null);
        let values = controls.iter().map(LogEstimate::value);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        prop_assert!(null.mean() >= low && null.mean() <= high && null.sd() <= high - low);
        prop_assert!(null.expected_absolute_error() >= null.mean().abs() - 1e-12);
    }

    /// No other pair of parameters has a larger likelihood.
    #[test]
    fn the_fit_is_a_maximum(
        controls in controls(), mean in -0.5..0.5_f64, factor in 0.3..3.0_f64, plus in 0.0..0.5_f64,
    ) {
        let log_likelihood = |mean: f64, sd: f64| -> f64 {
            let term = |c: &LogEstimate| {
                let v = sd * sd + c.standard_error().powi(2);
                -0.5 * (v.ln() + (c.value() - mean).powi(2) / v)
            };
            controls.iter().map(term).sum()
        };
        let null = EmpiricalNull::fit(&controls).unwrap();
        let best = log_likelihood(null.mean(), null.sd());
        let other = log_likelihood(null.mean() + mean, null.sd() * factor + plus);
        prop_assert!(other <= best + 1e-9, "{null:?}: {best} {other}");
    }

    #[test]
    fn calibrated_p_values_agree_with_their_intervals(
        controls in controls(), value in -3.0..3.0_f64, error in 0.01..2.0_f64,
    ) {
        let null = EmpiricalNull::fit(&controls).unwrap();
        let target = LogEstimate::new(value, error).unwrap();
        let p = null.calibrated_p(&target, Side::Two);
        let interval = null.calibrated_interval(&target).unwrap();
        prop_assert!(interval.lower <= interval.point && interval.point <= interval.upper);
        prop_assume!((p - 0.05).abs() > 1e-9);
        prop_assert_eq!(p < 0.05, !interval.contains(1.0));
        let [upper, lower] = [Side::Upper, Side::Lower].map(|s| null.calibrated_p(&target, s));
        prop_assert!((upper + lower - 1.0).abs() < 1e-14);
        prop_assert!((p - 2.0 * upper.min(lower)).abs() < 1e-14);
        for side in [Side::Two, Side::Upper, Side::Lower] {
            if let Some(limits) = null.calibrated_p_limits(&target, side) {
                prop_assert!(0.0 <= limits.lower && limits.upper <= 1.0);
                prop_assert!(limits.contains(limits.point));
            }
        }
        let checked = leave_one_out(&controls).unwrap();
        prop_assert!(checked.after.iter().all(|p| (0.0..=1.0).contains(p)));
    }

    #[test]
    fn systematic_error_models_do_not_depend_on_the_order(
        controls in controls(), value in -1.0..2.0_f64,
    ) {
        prop_assume!(controls.len() >= 5);
        let truth: Vec<f64> = (0..controls.len()).map(|i| 0.5 * (i % 3) as f64).collect();
        for deviation in [Deviation::Linear, Deviation::LogLinear] {
            let fit = SystematicErrorModel::fit(&controls, &truth, deviation);
            let (mut c, mut t) = (controls.clone(), truth.clone());
            c.reverse();
            t.reverse();
            prop_assert_eq!(&fit, &SystematicErrorModel::fit(&c, &t, deviation));
            let Ok(model) = fit else { continue };
            prop_assert!(model.parameters().iter().all(|p| p.is_finite()));
            let target = LogEstimate::new(value, 0.2).unwrap();
            if let Some(interval) = model.calibrated_interval(&target) {
                prop_assert!(interval.contains(interval.point) && interval.lower > 0.0);
            }
        }
    }

    #[test]
    fn no_list_makes_a_function_panic(values in prop::collection::vec(any::<f64>(), 0..12)) {
        let bad = values.iter().position(|v| !(0.0..=1.0).contains(v));
        for method in METHODS {
            match (method(&values), bad) {
                (Err(MultiplicityError::NotAProbability { index, .. }), Some(bad)) => {
                    prop_assert_eq!(index, bad);
                }
                (answer, _) => prop_assert!(answer.is_ok() && bad.is_none()),
            }
        }
        let _ = (fdr_of_lists(&values), pi0_bootstrap(&values), pi0_smoother(&values));
        let first = values.first().copied().unwrap_or(0.5);
        let _ = (list_at_fdr(&values, first), pi0_at(&values, first), q_values(&values, first));
        let _ = EmpiricalNull::known(first, first);
        let many: Vec<f64> = values.iter().cycle().take(values.len() * 50).copied().collect();
        let _ = (local_fdr(&many, Null::Empirical), local_fdr(&many, Null::Theoretical));
        let made: Vec<LogEstimate> = values
            .iter()
            .filter_map(|v| LogEstimate::new(*v, v.abs()).or(LogEstimate::new(0.1, v.abs())).ok())
            .collect();
        let _ = (EmpiricalNull::fit(&made), leave_one_out(&made));
        let truth = values.get(..made.len()).unwrap_or_default();
        let _ = SystematicErrorModel::fit(&made, truth, Deviation::Linear);
        let _ = SystematicErrorModel::fit(&made, truth, Deviation::LogLinear);
    }

    /// Controls at the edge of what an estimate may be.
    #[test]
    fn extreme_controls_give_finite_answers(
        values in prop::collection::vec((-700.0..700.0_f64, -13.8..6.9_f64), 5..12),
    ) {
        let controls: Vec<LogEstimate> = values
            .iter()
            .map(|&(value, log_error)| LogEstimate::new(value, log_error.exp()).unwrap())
            .collect();
        let null = EmpiricalNull::fit(&controls).unwrap();
        prop_assert!(null.mean().is_finite() && null.sd().is_finite());
        for control in &controls {
            let p = null.calibrated_p(control, Side::Two);
            prop_assert!((0.0..=1.0).contains(&p));
        }
    }
}
