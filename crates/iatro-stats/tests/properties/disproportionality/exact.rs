//! Exact and likelihood methods of one 2 x 2 table, against sums written out.

use iatro_stats::Table2x2;
use iatro_stats::disproportionality::{
    ConditionalRor, fisher_greater, fisher_less, fisher_mid_p, fisher_mid_p_two_sided,
    fisher_two_sided, g_squared, ic_bcpnn, log_likelihood_ratio, ror, ror_conditional,
    ror_conditional_mid_p,
};
use iatro_stats::special::ln_gamma;
use proptest::prelude::*;

use super::{huge_tables, tables, with_a};

fn small_tables() -> impl Strategy<Value = Table2x2> {
    let cell = || 0..14_u64;
    [cell(), cell(), cell(), cell()].prop_map(|[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap())
}

/// Sparse as in a database: few reports of the pair, a large rest.
fn sparse_tables() -> impl Strategy<Value = Table2x2> {
    (0..60_u64, 0..4_000_u64, 0..4_000_u64, 0..20_000_000_u64)
        .prop_map(|(a, b, c, d)| Table2x2::new(a, b, c, d).unwrap())
}

fn columns_exchanged(t: &Table2x2) -> Table2x2 {
    Table2x2::new(t.b(), t.a(), t.d(), t.c()).unwrap()
}

fn has_choice(t: &Table2x2) -> bool {
    ![t.exposure_total(), t.no_exposure_total(), t.event_total(), t.no_event_total()].contains(&0)
}

/// C(n, k), exact.
fn choose(n: u64, k: u64) -> u128 {
    (0..k).fold(1, |c, i| c * u128::from(n - i) / u128::from(i + 1))
}

/// Every count that the margins allow, with its exact integer weight.
fn support(t: &Table2x2) -> Vec<(u64, u128)> {
    let lowest = t.a() - t.a().min(t.d());
    let highest = t.a() + t.b().min(t.c());
    (lowest..=highest)
        .map(|x| {
            let rest = t.event_total() - x;
            (x, choose(t.exposure_total(), x) * choose(t.no_exposure_total(), rest))
        })
        .collect()
}

/// Probability of the counts that `keep` keeps, at an odds ratio.
fn slow_probability(t: &Table2x2, odds: f64, keep: impl Fn(u64) -> f64) -> f64 {
    let weights: Vec<(u64, f64)> = support(t)
        .into_iter()
        .map(|(x, weight)| (x, weight as f64 * odds.powf(x as f64 - t.a() as f64)))
        .collect();
    let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
    weights.iter().map(|&(x, weight)| keep(x) * weight).sum::<f64>() / total
}

/// Share of a count in "more than a, and this much of a".
fn from_a(a: u64, own: f64) -> impl Fn(u64) -> f64 {
    move |x| {
        if x > a {
            1.0
        } else if x == a {
            own
        } else {
            0.0
        }
    }
}

fn below_a(a: u64, own: f64) -> impl Fn(u64) -> f64 {
    move |x| {
        if x < a {
            1.0
        } else if x == a {
            own
        } else {
            0.0
        }
    }
}

fn close(got: f64, expected: f64, tolerance: f64) -> bool {
    (got - expected).abs() <= tolerance * expected.abs().max(1e-300)
}

/// Limits are where the slow tails are 0.025, the point is where the slow mean is a.
fn check_conditional(t: &Table2x2, got: &ConditionalRor, own: f64) {
    if let Some(lower) = got.lower {
        let tail = slow_probability(t, lower, from_a(t.a(), own));
        assert!(close(tail, 0.025, 1e-11), "{t:?}: lower {lower} gives {tail}");
    }
    if let Some(upper) = got.upper {
        let tail = slow_probability(t, upper, below_a(t.a(), own));
        assert!(close(tail, 0.025, 1e-11), "{t:?}: upper {upper} gives {tail}");
    }
    if let Some(point) = got.point.filter(|&point| point > 0.0) {
        let mean = slow_probability(t, point, |x| x as f64);
        assert!(close(mean, t.a() as f64, 1e-12), "{t:?}: point {point} gives {mean}");
    }
}

fn check_shape(t: &Table2x2, got: &ConditionalRor) {
    assert_eq!(got.lower.is_some(), t.a() > 0 && t.d() > 0, "{t:?}");
    assert_eq!(got.upper.is_some(), t.b() > 0 && t.c() > 0, "{t:?}");
    let point_exists = got.upper.is_some() || got.lower.is_none();
    assert_eq!(got.point.is_some(), point_exists, "{t:?}");
    for value in [got.lower, got.point, got.upper].into_iter().flatten() {
        assert!(value.is_finite() && value >= 0.0, "{t:?}: {got:?}");
    }
    if let (Some(lower), Some(point)) = (got.lower, got.point) {
        assert!(0.0 < lower && lower <= point, "{t:?}: {got:?}");
    }
    if let (Some(upper), Some(point)) = (got.upper, got.point) {
        assert!(point <= upper, "{t:?}: {got:?}");
    }
}

fn p_values(t: &Table2x2) -> [Option<f64>; 5] {
    [
        fisher_greater(t),
        fisher_less(t),
        fisher_two_sided(t),
        fisher_mid_p(t),
        fisher_mid_p_two_sided(t),
    ]
}

fn check_everything(t: &Table2x2) {
    for p in p_values(t) {
        assert_eq!(p.is_some(), has_choice(t), "{t:?}");
        assert!(p.is_none_or(|p| 0.0 < p && p <= 1.0), "{t:?}: {p:?}");
    }
    for got in [ror_conditional(t), ror_conditional_mid_p(t)] {
        assert_eq!(got.is_some(), has_choice(t), "{t:?}");
        if let Some(got) = got {
            check_shape(t, &got);
        }
    }
    for value in [g_squared(t), log_likelihood_ratio(t)].into_iter().flatten() {
        assert!(value.is_finite() && value >= 0.0, "{t:?}: {value}");
    }
    let ic = ic_bcpnn(t, 1_000, 3).unwrap();
    assert_eq!(ic.is_some(), t.n() > 0);
    if let Some(ic) = ic {
        let estimate = ic.estimate;
        let numbers = [
            estimate.point,
            estimate.lower,
            estimate.upper,
            ic.posterior_mean,
            ic.lower_error,
            ic.upper_error,
        ];
        assert!(numbers.iter().all(|number| number.is_finite()), "{t:?}: {ic:?}");
        assert!(estimate.lower <= estimate.point && estimate.point <= estimate.upper);
    }
}

proptest! {
    #[test]
    fn p_values_agree_with_exact_sums(t in small_tables()) {
        prop_assume!(has_choice(&t));
        let a = t.a();
        let slow = |keep: &dyn Fn(u64) -> f64| slow_probability(&t, 1.0, keep);
        prop_assert!(close(fisher_greater(&t).unwrap(), slow(&from_a(a, 1.0)), 1e-13));
        prop_assert!(close(fisher_less(&t).unwrap(), slow(&below_a(a, 1.0)), 1e-13));
        prop_assert!(close(fisher_mid_p(&t).unwrap(), slow(&from_a(a, 0.5)), 1e-13));
        let weights = support(&t);
        let own = weights.iter().find(|(x, _)| *x == a).unwrap().1;
        // Integers: a tie is a tie.
        let rare = |x: u64| f64::from(u8::from(weights.iter().any(|w| w.0 == x && w.1 <= own)));
        prop_assert!(close(fisher_two_sided(&t).unwrap(), slow(&rare), 1e-13));
        let smaller = slow(&from_a(a, 0.5)).min(slow(&below_a(a, 0.5)));
        prop_assert!(close(fisher_mid_p_two_sided(&t).unwrap(), 2.0 * smaller, 1e-13));
    }

    #[test]
    fn conditional_limits_agree_with_exact_sums(t in small_tables()) {
        if let (Some(exact), Some(mid)) = (ror_conditional(&t), ror_conditional_mid_p(&t)) {
            check_conditional(&t, &exact, 1.0);
            check_conditional(&t, &mid, 0.5);
        }
    }

    #[test]
    fn everything_is_finite_and_exists_when_documented(t in tables()) {
        check_everything(&t);
    }

    #[test]
    fn the_same_for_sparse_tables(t in sparse_tables()) {
        check_everything(&t);
    }

    #[test]
    fn the_same_for_the_largest_counts(t in huge_tables()) {
        check_everything(&t);
    }

    /// The limit is above 1 exactly when the test rejects at 0.025.
    #[test]
    fn limits_and_tests_are_one_thing(t in sparse_tables()) {
        prop_assume!(has_choice(&t));
        let decided = |p: Option<f64>| p.filter(|p| (p - 0.025).abs() > 1e-9);
        for (p, ror) in [
            (fisher_greater(&t), ror_conditional(&t)),
            (fisher_mid_p(&t), ror_conditional_mid_p(&t)),
        ] {
            if let (Some(p), Some(ror)) = (decided(p), ror) {
                prop_assert_eq!(ror.lower.is_some_and(|lower| lower > 1.0), p < 0.025);
            }
        }
    }

    #[test]
    fn tails_of_one_table_share_its_probability(t in sparse_tables()) {
        if let (Some(greater), Some(less)) = (fisher_greater(&t), fisher_less(&t)) {
            let mid = fisher_mid_p(&t).unwrap();
            // P(x >= a) + P(x <= a) = 1 + P(a), and the mid-P value takes half of P(a) off.
            prop_assert!((greater - mid - (less - (1.0 - mid))).abs() < 1e-12);
            prop_assert!(fisher_two_sided(&t).unwrap() >= greater.min(less) * (1.0 - 1e-12));
        }
    }

    #[test]
    fn mid_p_limits_lie_within_the_exact_ones(t in sparse_tables()) {
        if let (Some(exact), Some(mid)) = (ror_conditional(&t), ror_conditional_mid_p(&t)) {
            prop_assert_eq!(exact.point, mid.point);
            if let (Some(outer), Some(inner)) = (exact.lower, mid.lower) {
                prop_assert!(outer < inner);
            }
            if let (Some(inner), Some(outer)) = (mid.upper, exact.upper) {
                prop_assert!(inner < outer);
            }
        }
    }

    /// The conditional estimate lies between the sample odds ratio and 1.
    #[test]
    fn the_conditional_point_is_nearer_to_one(t in sparse_tables()) {
        if let (Some(sample), Some(conditional)) = (ror(&t), ror_conditional(&t)) {
            let (sample, conditional) = (sample.point.ln(), conditional.point.unwrap().ln());
            prop_assert!(conditional.abs() <= sample.abs() * (1.0 + 1e-12) + 1e-12);
            prop_assert!(conditional * sample >= -1e-20);
        }
    }

    #[test]
    fn transposition_changes_nothing_but_the_lrt(t in sparse_tables()) {
        let s = t.transposed();
        for (x, y) in p_values(&t).into_iter().zip(p_values(&s)) {
            prop_assert_eq!(x.is_some(), y.is_some());
            if let (Some(x), Some(y)) = (x, y) {
                prop_assert!((x - y).abs() <= 1e-12 * x);
            }
        }
        let g = [g_squared(&t), g_squared(&s)];
        prop_assert!(g[0].is_none() && g[1].is_none()
            || (g[0].unwrap() - g[1].unwrap()).abs() <= 1e-12 * g[0].unwrap());
        if let (Some(x), Some(y)) = (ror_conditional(&t), ror_conditional(&s)) {
            for (x, y) in [(x.point, y.point), (x.lower, y.lower), (x.upper, y.upper)] {
                prop_assert_eq!(x.is_some(), y.is_some());
                if let (Some(x), Some(y)) = (x, y) {
                    prop_assert!((x - y).abs() <= 1e-11 * x);
                }
            }
        }
    }

    /// Exchanging event and no event inverts the odds ratio and swaps the tails.
    #[test]
    fn exchanging_the_columns_inverts(t in sparse_tables()) {
        let s = columns_exchanged(&t);
        prop_assert_eq!(fisher_greater(&t), fisher_less(&s));
        if let (Some(x), Some(y)) = (ror_conditional(&t), ror_conditional(&s)) {
            for (x, y) in [(x.lower, y.upper), (x.upper, y.lower)] {
                prop_assert_eq!(x.is_some(), y.is_some());
                if let (Some(x), Some(y)) = (x, y) {
                    prop_assert!((x * y - 1.0).abs() < 1e-11);
                }
            }
            if let (Some(x), Some(y)) = (x.point.filter(|&x| x > 0.0), y.point) {
                prop_assert!(y == 0.0 || (x * y - 1.0).abs() < 1e-11);
            }
        }
    }

    /// With b, c and d fixed, one more report with exposure and event raises the odds ratio and its
    /// limits and lowers the p value.
    #[test]
    fn one_more_report_is_more(t in sparse_tables()) {
        let more = with_a(&t, t.a() + 1);
        if let (Some(x), Some(y)) = (ror_conditional(&t), ror_conditional(&more)) {
            for (x, y) in [(x.point, y.point), (x.lower, y.lower), (x.upper, y.upper)] {
                if let (Some(x), Some(y)) = (x, y) {
                    prop_assert!(y > x * (1.0 - 1e-11), "{t:?}: {x} {y}");
                }
            }
        }
        for test in [fisher_greater, fisher_mid_p] {
            if let (Some(x), Some(y)) = (test(&t), test(&more)) {
                prop_assert!(y <= x * (1.0 + 1e-12), "{t:?}: {x} {y}");
            }
        }
    }

    #[test]
    fn the_one_sided_ratio_is_part_of_g_squared(t in tables()) {
        if let (Some(one_sided), Some(g)) = (log_likelihood_ratio(&t), g_squared(&t)) {
            prop_assert!(one_sided <= 0.5 * g * (1.0 + 1e-12));
        }
    }

    /// Wide tables, where sums are integrals: the same tail from logarithms of gamma functions, term
    /// by term. ln gamma is good to 1e-14 of its size, so the tolerance grows with the table.
    #[test]
    fn wide_tables_agree_with_plain_sums(
        a in 1_200_000..1_300_000_u64, shift in -1_500..1_500_i64, scale in 1..3_u64,
    ) {
        let [b, c, d] = [1_250_000 * scale, 1_250_000, 1_250_000 * scale];
        let c = c.saturating_add_signed(shift);
        let t = Table2x2::new(a, b, c, d).unwrap();
        let ln_factorial = |n: u64| ln_gamma(n as f64 + 1.0).unwrap();
        let ln_weight = |x: u64| {
            -(ln_factorial(x) + ln_factorial(t.exposure_total() - x)
                + ln_factorial(t.event_total() - x)
                + ln_factorial(t.n() + x - t.exposure_total() - t.event_total()))
        };
        let margins = ln_factorial(t.exposure_total()) + ln_factorial(t.no_exposure_total())
            + ln_factorial(t.event_total()) + ln_factorial(t.no_event_total())
            - ln_factorial(t.n());
        let reach = 12_000;
        let tail = |from: u64, to: u64| (from..to).map(|x| (margins + ln_weight(x)).exp()).sum::<f64>();
        let (got, slow) = if t.a() as f64 > t.expected().unwrap() {
            (fisher_greater(&t).unwrap(), tail(a, a + reach))
        } else {
            (fisher_less(&t).unwrap(), tail(a - reach, a + 1))
        };
        prop_assume!(slow > 1e-250);
        prop_assert!((got / slow - 1.0).abs() < 3e-6, "{t:?}: {got} {slow}");
    }
}

#[test]
fn the_largest_tables_of_all() {
    let max = u64::MAX;
    for [a, b, c, d] in [
        [max - 3, 1, 1, 1],
        [1, max - 3, 1, 1],
        [1, 1, max - 3, 1],
        [1, 1, 1, max - 3],
        [max / 2, 0, 0, max / 2],
        [0, max / 2, max / 2, 0],
        [max / 2, max / 2, 1, 0],
        [max / 4, max / 4, max / 4, max / 4],
        [max / 2, max / 8, max / 8, 5],
        [5, max / 8, max / 8, max / 2],
    ] {
        check_everything(&Table2x2::new(a, b, c, d).unwrap());
    }
}
