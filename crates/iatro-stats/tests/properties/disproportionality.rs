//! One 2 x 2 table.

mod exact;

use iatro_stats::disproportionality::{
    chi2_pearson, chi2_yates, ic, ic_noren2013, ic_observed_expected, prr, prr_point, ror,
    ror_point, rrr,
};
use iatro_stats::special::{
    chi_squared_1df_upper, gamma_lower, gamma_quantile, gamma_upper, normal_cdf, normal_quantile,
};
use iatro_stats::{Estimate, Table2x2, thresholds};
use proptest::prelude::*;

/// Counts of every size up to u32, zero and one among them.
fn count() -> impl Strategy<Value = u64> {
    prop_oneof![
        1 => Just(0_u64),
        1 => Just(1),
        3 => 0..50_u64,
        3 => 0..100_000_u64,
        2 => (0..=u32::MAX).prop_map(u64::from),
        1 => Just(u64::from(u32::MAX)),
    ]
}

fn tables() -> impl Strategy<Value = Table2x2> {
    [count(), count(), count(), count()].prop_map(|[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap())
}

/// Tables whose cells are as large as a u64 total allows.
fn huge_tables() -> impl Strategy<Value = Table2x2> {
    let cell = || prop_oneof![Just(0), Just(1), Just(u64::MAX / 4), 0..=u64::MAX / 4];
    [cell(), cell(), cell(), cell()].prop_map(|[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap())
}

/// Every interval, with whether its scale is a ratio (then all three numbers are above 0).
fn intervals(t: &Table2x2) -> [(Option<Estimate>, bool); 4] {
    [(ror(t), true), (prr(t), true), (ic(t), false), (ic_noren2013(t), false)]
}

fn check_every_number(t: &Table2x2) {
    for (estimate, ratio) in intervals(t) {
        let Some(Estimate { point, lower, upper }) = estimate else {
            continue;
        };
        assert!([point, lower, upper].iter().all(|v| v.is_finite()), "{t:?}: {estimate:?}");
        assert!(lower <= point && point <= upper, "{t:?}: {estimate:?}");
        assert!(!ratio || lower > 0.0, "{t:?}: {estimate:?}");
    }
    let plain = [ror_point(t), prr_point(t), rrr(t), chi2_pearson(t), chi2_yates(t), t.expected()];
    for value in plain.into_iter().flatten() {
        assert!(value.is_finite() && value >= 0.0, "{t:?}: {value}");
    }
}

/// When an estimate exists is as the documentation says.
fn check_defined(t: &Table2x2) {
    let (a, b, c, d) = (t.a() > 0, t.b() > 0, t.c() > 0, t.d() > 0);
    assert_eq!(ror(t).is_some(), a && b && c && d);
    assert_eq!(ror_point(t).is_some(), b && c);
    assert_eq!(prr(t).is_some(), a && c && (b || d));
    assert_eq!(prr_point(t).is_some(), (a || b) && c);
    let margins = [a || b, c || d, a || c, b || d] == [true; 4];
    assert_eq!(chi2_pearson(t).is_some(), margins);
    assert_eq!(chi2_yates(t).is_some(), margins);
    assert_eq!(rrr(t).is_some(), [a || b, a || c] == [true; 2]);
    assert_eq!(ic(t).is_some(), t.n() > 0);
    assert_eq!(ic_noren2013(t).is_some(), t.n() > 0);
}

fn with_a(t: &Table2x2, a: u64) -> Table2x2 {
    Table2x2::new(a, t.b(), t.c(), t.d()).unwrap()
}

proptest! {
    #[test]
    fn numbers_are_finite_and_intervals_hold_their_point(t in tables()) {
        check_every_number(&t);
        for estimate in intervals(&t).into_iter().filter_map(|(estimate, _)| estimate) {
            prop_assert!(estimate.lower < estimate.point && estimate.point < estimate.upper);
        }
    }

    /// Beyond 1e16 reports an interval may shrink to its point, within the digits of an f64.
    #[test]
    fn the_same_for_the_largest_counts(t in huge_tables()) {
        check_every_number(&t);
    }

    #[test]
    fn estimates_exist_exactly_when_documented(t in tables()) {
        check_defined(&t);
    }

    #[test]
    fn margins_rebuild_the_table(t in tables()) {
        let rebuilt =
            Table2x2::from_margins(t.a(), t.exposure_total(), t.event_total(), t.n());
        prop_assert_eq!(rebuilt, Ok(t));
    }

    /// Exposure and event are interchangeable in ROR, chi-squared, RRR and IC, to the last bit.
    #[test]
    fn transposition_changes_nothing_but_prr(t in tables()) {
        let s = t.transposed();
        prop_assert_eq!(ror(&t), ror(&s));
        prop_assert_eq!(rrr(&t), rrr(&s));
        prop_assert_eq!(ic(&t), ic(&s));
        prop_assert_eq!(ic_noren2013(&t), ic_noren2013(&s));
        for (x, y) in [(chi2_pearson(&t), chi2_pearson(&s)), (chi2_yates(&t), chi2_yates(&s))] {
            prop_assert_eq!(x.is_some(), y.is_some());
            if let (Some(x), Some(y)) = (x, y) {
                prop_assert!((x - y).abs() <= 1e-14 * x.abs());
            }
        }
    }

    /// Exchanging exposed and unexposed inverts ROR and PRR.
    #[test]
    fn exchanging_the_rows_inverts_the_ratios(t in tables()) {
        let s = Table2x2::new(t.c(), t.d(), t.a(), t.b()).unwrap();
        for (x, y) in [(ror(&t), ror(&s)), (prr(&t), prr(&s))] {
            if let (Some(x), Some(y)) = (x, y) {
                prop_assert!((x.point * y.point - 1.0).abs() < 1e-13);
                prop_assert!((x.lower * y.upper - 1.0).abs() < 1e-12);
            }
        }
    }

    /// With b, c and d fixed, one more report with exposure and event raises ROR and PRR.
    #[test]
    fn ratios_rise_with_a(t in tables()) {
        let more = with_a(&t, t.a() + 1);
        for (x, y) in [(ror_point(&t), ror_point(&more)), (prr_point(&t), prr_point(&more))] {
            if let (Some(x), Some(y)) = (x, y) {
                prop_assert!(y >= x * (1.0 - 1e-15), "{t:?}: {x} {y}");
            }
        }
        if let (Some(x), Some(y)) = (ror(&t), ror(&more)) {
            prop_assert!(y.lower >= x.lower * (1.0 - 1e-15));
        }
    }

    /// Against the same expected count, one more report raises the IC and both limits.
    #[test]
    fn ic_rises_with_the_observed_count(observed in 0..2_000_000_u64, expected in 0.0..1e6_f64) {
        let now = ic_observed_expected(observed, expected).unwrap();
        let more = ic_observed_expected(observed + 1, expected).unwrap();
        prop_assert!(more.point > now.point);
        prop_assert!(more.lower > now.lower && more.upper > now.upper);
    }

    #[test]
    fn yates_is_never_above_pearson(t in tables()) {
        if let (Some(pearson), Some(yates)) = (chi2_pearson(&t), chi2_yates(&t)) {
            prop_assert!(yates <= pearson * (1.0 + 1e-14));
        }
    }

    /// IC025 > 0 implies three reports, and no rule is met by fewer.
    #[test]
    fn no_rule_is_met_below_three_reports(t in tables(), a in 0..3_u64) {
        let t = with_a(&t, a);
        for rule in [thresholds::min_reports, thresholds::prr_evans2001,
                     thresholds::ror_lower_limit, thresholds::ic025] {
            prop_assert_ne!(rule(&t), thresholds::Assessment::Met);
        }
    }

    #[test]
    fn gamma_quantile_inverts_the_distribution(
        p in 1e-9..0.999_999_999_f64,
        log_shape in -4.6..18.4_f64,
    ) {
        let shape = log_shape.exp();
        let x = gamma_quantile(p, shape).unwrap();
        prop_assume!(x > 0.0);
        // A rounding of x is worth x times the density.
        let tolerance = 1e-13 * (1.0 + shape.sqrt());
        prop_assert!((gamma_lower(shape, x).unwrap() - p).abs() < tolerance);
        prop_assert!((gamma_upper(shape, x).unwrap() - (1.0 - p)).abs() < tolerance);
    }

    #[test]
    fn gamma_quantile_rises_with_p(
        p in 1e-6..0.99_f64, step in 1e-6..0.009_f64, log_shape in -3.0..15.0_f64,
    ) {
        let shape = log_shape.exp();
        prop_assert!(gamma_quantile(p, shape).unwrap() < gamma_quantile(p + step, shape).unwrap());
    }

    #[test]
    fn normal_quantile_inverts_the_distribution(p in 1e-12..0.999_999_999_999_f64) {
        let back = normal_cdf(normal_quantile(p).unwrap()).unwrap();
        prop_assert!((back - p).abs() < 1e-14 * (1.0 + p));
    }

    #[test]
    fn chi_squared_tail_is_two_normal_tails(x in 0.0..100.0_f64) {
        let tails = 2.0 * normal_cdf(-x.sqrt()).unwrap();
        let got = chi_squared_1df_upper(x).unwrap();
        prop_assert!((got - tails).abs() <= 1e-13 * tails);
    }
}

/// The gamma quantile from the density alone: Simpson's rule in s = sqrt(t), then bisection.
fn slow_gamma_quantile(p: f64, shape: f64) -> f64 {
    const STEPS: u32 = 4_000;
    // With t = s^2 the density is 2 s^(2 shape - 1) e^(-s^2) / gamma(shape), smooth from shape 1/2.
    let log_scale = shape - shape * shape.ln();
    let unscaled = |s: f64| {
        let power = if shape > 0.5 { (2.0 * shape - 1.0) * s.ln() } else { 0.0 };
        (power - s * s + log_scale).exp()
    };
    let integral = |to: f64| {
        let h = to / f64::from(STEPS);
        let at = |i: u32| unscaled(h * f64::from(i));
        let inner: f64 = (1..STEPS).map(|i| at(i) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
        (at(0) + inner + at(STEPS)) * h / 3.0
    };
    let far = (shape + 12.0 * shape.sqrt() + 40.0).sqrt();
    let total = integral(far);
    let (mut low, mut high) = (0.0, far);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if integral(middle) < p * total {
            low = middle;
        } else {
            high = middle;
        }
    }
    low * low
}

#[test]
fn gamma_quantile_agrees_with_integration_of_the_density() {
    for shape in [0.5, 1.5, 2.5, 3.5, 10.5, 25.5, 122.5, 500.5] {
        for p in [0.025, 0.5, 0.975] {
            let (slow, fast) = (slow_gamma_quantile(p, shape), gamma_quantile(p, shape).unwrap());
            assert!((slow / fast - 1.0).abs() < 1e-8, "{p}, {shape}: {slow} {fast}");
        }
    }
}

/// IC limits from the quantile by integration, not by the incomplete gamma function.
#[test]
fn ic_limits_agree_with_integration_of_the_density() {
    for (observed, expected) in
        [(0, 0.0), (0, 3.0), (1, 0.2), (3, 0.25), (25, 0.171091), (200, 90.0)]
    {
        let got = ic_observed_expected(observed, expected).unwrap();
        let limit = |p| (slow_gamma_quantile(p, observed as f64 + 0.5) / (expected + 0.5)).log2();
        assert!((got.lower - limit(0.025)).abs() < 2e-8, "{observed}, {expected}");
        assert!((got.upper - limit(0.975)).abs() < 2e-8, "{observed}, {expected}");
    }
}

#[test]
fn the_largest_tables_of_all() {
    let max = u64::MAX;
    for [a, b, c, d] in [
        [max, 0, 0, 0],
        [0, max, 0, 0],
        [0, 0, max, 0],
        [0, 0, 0, max],
        [max - 3, 1, 1, 1],
        [1, max - 3, 1, 1],
        [1, 1, max - 3, 1],
        [1, 1, 1, max - 3],
        [max / 2, 0, 0, max / 2],
        [0, max / 2, max / 2, 0],
        [max / 2, max / 2, 1, 0],
        [1, 0, max / 4, 1],
    ] {
        let t = Table2x2::new(a, b, c, d).unwrap();
        check_every_number(&t);
        check_defined(&t);
    }
}
