//! Limits of a proportion.

use iatro_stats::DomainError;
use iatro_stats::proportion::{Proportion, clopper_pearson, jeffreys, wilson, wilson_corrected};
use iatro_stats::special::beta_cdf;
use proptest::prelude::*;

type Method = fn(u64, u64, f64) -> Result<Option<Proportion>, DomainError>;

const METHODS: [Method; 4] = [wilson, wilson_corrected, clopper_pearson, jeffreys];

fn counts() -> impl Strategy<Value = (u64, u64)> {
    let n = prop_oneof![3 => 1..60_u64, 2 => 1..1_000_000_u64, 1 => 1..10_000_000_000_u64];
    n.prop_flat_map(|n| (prop_oneof![0..=n, Just(0), Just(n), Just(1)], Just(n)))
}

fn get(method: Method, events: u64, n: u64, level: f64) -> Proportion {
    method(events, n, level).unwrap().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn limits_hold_their_point((x, n) in counts(), level in 0.01..0.9999_f64) {
        for method in METHODS {
            let got = get(method, x, n, level);
            prop_assert!(0.0 <= got.lower && got.lower <= got.point, "{got:?}");
            prop_assert!(got.point <= got.upper && got.upper <= 1.0, "{got:?}");
            prop_assert_eq!(got.point, x as f64 / n as f64);
        }
    }

    /// Counting the others instead mirrors the interval; limits near 1 keep 13 digits.
    #[test]
    fn exchanging_events_and_others_mirrors((x, n) in counts(), level in 0.5..0.999_f64) {
        for method in METHODS {
            let (one, other) = (get(method, x, n, level), get(method, n - x, n, level));
            prop_assert!((one.lower + other.upper - 1.0).abs() < 1e-11, "{one:?} {other:?}");
            prop_assert!((one.upper + other.lower - 1.0).abs() < 1e-11, "{one:?} {other:?}");
        }
    }

    #[test]
    fn limits_widen_with_the_level((x, n) in counts(), level in 0.1..0.95_f64) {
        for method in METHODS {
            let (narrow, wide) = (get(method, x, n, level), get(method, x, n, level + 0.04));
            prop_assert!(wide.lower <= narrow.lower * (1.0 + 1e-12), "{narrow:?} {wide:?}");
            prop_assert!(wide.upper * (1.0 + 1e-12) >= narrow.upper, "{narrow:?} {wide:?}");
        }
    }

    #[test]
    fn limits_rise_with_the_events(n in 2..2_000_u64, x in 0..2_000_u64) {
        let x = x % n;
        for method in METHODS {
            let (now, more) = (get(method, x, n, 0.95), get(method, x + 1, n, 0.95));
            prop_assert!(more.lower > now.lower && more.upper > now.upper, "{now:?} {more:?}");
        }
    }

    /// Correction widens, and so does exactness.
    #[test]
    fn the_plain_score_interval_is_inside_the_corrected((x, n) in counts()) {
        let (plain, corrected) = (get(wilson, x, n, 0.95), get(wilson_corrected, x, n, 0.95));
        prop_assert!(corrected.lower <= plain.lower && corrected.upper >= plain.upper);
        let (bayes, exact) = (get(jeffreys, x, n, 0.95), get(clopper_pearson, x, n, 0.95));
        prop_assert!(exact.lower <= bayes.lower * (1.0 + 1e-11));
        prop_assert!(exact.upper * (1.0 + 1e-11) >= bayes.upper);
    }

    /// At each limit of Wilson's interval the score statistic is z.
    #[test]
    fn wilson_limits_solve_the_score_equation(n in 1..100_000_u64, x in 0..100_000_u64) {
        let x = x % (n + 1);
        let got = get(wilson, x, n, 0.95);
        for limit in [got.lower, got.upper] {
            if limit > 0.0 && limit < 1.0 {
                let score = (got.point - limit) / (limit * (1.0 - limit) / n as f64).sqrt();
                prop_assert!((score.abs() - 1.959963984540054).abs() < 1e-7, "{got:?} {score}");
            }
        }
    }

    #[test]
    fn nothing_panics(x in any::<u64>(), n in any::<u64>(), level in any::<f64>()) {
        for method in METHODS {
            let _ = method(x, n, level);
            let _ = method(x.min(n), n, 0.95);
        }
    }
}

/// P(X <= k) for X binomial.
fn at_most(k: u64, n: u64, p: f64) -> f64 {
    if k >= n { 1.0 } else { beta_cdf((n - k) as f64, (k + 1) as f64, 1.0 - p).unwrap() }
}

/// Coverage at p by adding up the binomial probabilities of the outcomes whose interval holds p.
fn exact_coverage(method: Method, n: u64, p: f64) -> f64 {
    let holds = |&x: &u64| {
        let got = get(method, x, n, 0.95);
        got.lower <= p && p <= got.upper
    };
    let probability = |x: u64| at_most(x, n, p) - if x == 0 { 0.0 } else { at_most(x - 1, n, p) };
    (0..=n).filter(holds).map(probability).sum()
}

/// The exact interval covers at least at its level for every p tried, Wilson's on average.
#[test]
fn coverage_by_enumeration() {
    for n in [5, 20, 60] {
        let grid: Vec<f64> = (1..200).map(|i| f64::from(i) / 200.0 + 1e-4).collect();
        for &p in &grid {
            let exact = exact_coverage(clopper_pearson, n, p);
            assert!(exact >= 0.95 - 1e-12, "{n}, {p}: {exact}");
        }
        let mean = |method| {
            let all = grid.iter().map(|&p| exact_coverage(method, n, p));
            all.sum::<f64>() / grid.len() as f64
        };
        let (score, bayes) = (mean(wilson), mean(jeffreys));
        assert!((0.945..0.965).contains(&score), "{n}: {score}");
        assert!((0.94..0.965).contains(&bayes), "{n}: {bayes}");
    }
}
