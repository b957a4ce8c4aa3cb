//! Many looks: MaxSPRT and cumulative series.

use iatro_stats::Table2x2;
use iatro_stats::sequential::{
    BinomialPlan, PoissonPlan, binomial_llr, cumulative_counts, cumulative_tables, poisson_llr,
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_probability_of_a_false_signal_is_the_one_asked_for(
        length in 0.5..60.0_f64, minimum in 1..4_u64, alpha in 0.001..0.2_f64,
    ) {
        let plan = PoissonPlan::continuous(length, minimum).unwrap();
        let Ok(critical) = plan.critical_value(alpha) else { return Ok(()) };
        prop_assert!((critical.alpha / alpha - 1.0).abs() < 1e-8);
        let at_one = plan.performance(critical.value, 1.0).unwrap();
        prop_assert!((at_one.power - critical.alpha).abs() < 1e-15);
        prop_assert!(at_one.length > 0.0 && at_one.length <= length);
        prop_assert!(at_one.time_to_signal.unwrap() <= length);
    }

    /// The longer the plan and the smaller alpha, the higher the critical value; the more events
    /// required, the lower.
    #[test]
    fn critical_values_are_ordered(
        length in 1.0..50.0_f64, longer in 1.05..3.0_f64, alpha in 0.002..0.1_f64,
    ) {
        let value = |length, minimum, alpha| {
            PoissonPlan::continuous(length, minimum).unwrap().critical_value(alpha)
        };
        let here = value(length, 1, alpha).unwrap().value;
        prop_assert!(value(length * longer, 1, alpha).unwrap().value > here);
        prop_assert!(value(length, 1, alpha / 2.0).unwrap().value > here);
        if let Ok(more) = value(length, 2, alpha) {
            prop_assert!(more.value < here);
        }
    }

    #[test]
    fn power_rises_with_the_ratio_and_falls_with_the_critical_value(
        length in 1.0..50.0_f64, critical in 0.5..6.0_f64, ratio in 0.5..5.0_f64,
        minimum in 1..5_u64,
    ) {
        let plan = PoissonPlan::continuous(length, minimum).unwrap();
        let here = plan.performance(critical, ratio).unwrap();
        let more = plan.performance(critical, ratio * 1.1).unwrap();
        prop_assert!(more.power > here.power - 1e-14 && more.length < here.length + 1e-11);
        let higher = plan.performance(critical + 0.1, ratio).unwrap();
        prop_assert!(higher.power < here.power + 1e-14);
    }

    /// A plan looked at rarely signals less often than the same looked at all the time, and one looked
    /// at a thousand times nearly as often.
    #[test]
    fn looks_add_up_to_continuous_surveillance(
        length in 1.0..20.0_f64, critical in 1.0..5.0_f64, ratio in 0.8..3.0_f64,
    ) {
        let power = |plan: PoissonPlan| plan.performance(critical, ratio).unwrap().power;
        let looks = |n: u32| -> Vec<f64> {
            (1..=n).map(|i| length * f64::from(i) / f64::from(n)).collect()
        };
        let continuous = power(PoissonPlan::continuous(length, 1).unwrap());
        let few = power(PoissonPlan::group(&looks(5), 1).unwrap());
        let many = power(PoissonPlan::group(&looks(1_000), 1).unwrap());
        prop_assert!(few <= many + 1e-13 && many <= continuous + 1e-13);
        prop_assert!(continuous - many < 0.02, "{many} {continuous}");
    }

    /// The boundary: one event fewer does not reach the critical value.
    #[test]
    fn signal_counts_stand_on_the_boundary(critical in 0.1..10.0_f64, expected in 0.01..200.0_f64) {
        let plan = PoissonPlan::continuous(10.0, 1).unwrap();
        let count = plan.signal_count(critical, expected).unwrap();
        prop_assert!(poisson_llr(count, expected).unwrap() >= critical);
        prop_assert!(poisson_llr(count - 1, expected).unwrap() < critical);
    }

    #[test]
    fn alpha_is_never_exceeded_when_it_moves_in_jumps(
        looks in prop::collection::vec(0.2..6.0_f64, 1..12), minimum in 1..4_u64,
        alpha in 0.005..0.2_f64, events in 5..80_u64, ratio in 0.3..6.0_f64,
    ) {
        let cumulative: Vec<f64> =
            looks.iter().scan(0.0, |sum, look| { *sum += look; Some(*sum) }).collect();
        let plan = PoissonPlan::group(&cumulative, minimum).unwrap();
        if let Ok(critical) = plan.critical_value(alpha) {
            prop_assert!(critical.alpha <= alpha);
            // Any lower, by no more than the 1e-9 kept clear, and alpha is exceeded.
            let below = plan.performance(critical.value - 3e-9, 1.0).unwrap();
            prop_assert!(below.power > alpha);
        }
        let start = cumulative[0];
        let plan = PoissonPlan::continuous_from(start, start + 5.0, minimum).unwrap();
        if let Ok(critical) = plan.critical_value(alpha) {
            prop_assert!(critical.alpha <= alpha * (1.0 + 1e-8));
        }
        let plan = BinomialPlan::every_event(events, ratio, minimum).unwrap();
        if let Ok(critical) = plan.critical_value(alpha) {
            prop_assert!(critical.alpha <= alpha);
            let below = plan.performance(critical.value - 3e-9, 1.0).unwrap();
            prop_assert!(below.power > alpha);
        }
    }

    #[test]
    fn ratios_rise_with_the_count(
        count in 0..5_000_u64, expected in 1e-3..1e4_f64, events in 1..300_u64, z in 0.05..20.0_f64,
    ) {
        let (here, more) = (poisson_llr(count, expected), poisson_llr(count + 1, expected));
        prop_assert!(here.unwrap() <= more.unwrap());
        let ratios: Vec<f64> =
            (0..=events).map(|cases| binomial_llr(cases, events, z).unwrap()).collect();
        prop_assert!(ratios.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
    }

    /// The totals do not depend on the order of the periods, up to rounding in the sum of expectations.
    #[test]
    fn the_last_row_is_the_sum(
        periods in prop::collection::vec([0..40_u64, 0..400_u64, 0..400_u64, 0..9_000_u64], 0..20),
    ) {
        let tables: Vec<Table2x2> =
            periods.iter().map(|&[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap()).collect();
        let rows = cumulative_tables(&tables).unwrap();
        prop_assert_eq!(rows.len(), tables.len());
        let backwards: Vec<Table2x2> = tables.iter().rev().copied().collect();
        let reversed = cumulative_tables(&backwards).unwrap();
        if let (Some(last), Some(other)) = (rows.last(), reversed.last()) {
            prop_assert_eq!((last.table, last.ror, last.ic), (other.table, other.ror, other.ic));
            let distance = (last.count.expected - other.count.expected).abs();
            prop_assert!(distance <= 1e-12 * last.count.expected);
        }
        let observed: Vec<u64> = tables.iter().map(Table2x2::a).collect();
        let expected: Vec<f64> = tables.iter().map(|t| t.expected().unwrap_or(0.0)).collect();
        let counts = cumulative_counts(&observed, &expected).unwrap();
        prop_assert!(rows.iter().map(|row| row.count).eq(counts));
    }

    #[test]
    fn no_argument_makes_a_plan_panic(
        length in any::<f64>(), start in any::<f64>(), minimum in any::<u64>(), alpha in any::<f64>(),
        critical in any::<f64>(), ratio in any::<f64>(),
    ) {
        let plans = [
            PoissonPlan::continuous(length, minimum),
            PoissonPlan::continuous_from(start, length, minimum),
            PoissonPlan::group(&[start, length], minimum),
            PoissonPlan::continuous(3.0, minimum % 5 + 1),
        ];
        for plan in plans.into_iter().flatten().filter(|plan| plan.length() < 100.0) {
            let _ = plan.critical_value(alpha);
            let _ = plan.performance(critical, ratio);
            let _ = plan.signal_count(critical, start);
        }
        if let Ok(plan) = BinomialPlan::every_event(minimum % 200, ratio, minimum % 300) {
            let _ = plan.critical_value(alpha);
            let _ = plan.performance(critical, ratio);
        }
        let _ = cumulative_counts(&[minimum, minimum], &[start, length]);
        let _ = (poisson_llr(minimum, length), binomial_llr(minimum, u64::MAX, ratio));
    }
}

/// Every path of exposed and other events, one by one.
fn by_enumeration(events: u32, z: f64, minimum: u64, critical: f64, rate: f64) -> (f64, f64) {
    let exposed = rate / (rate + z);
    let (mut signal, mut length) = (0.0, 0.0);
    for path in 0..1_u32 << events {
        let probability: f64 =
            (0..events).map(|i| if path >> i & 1 == 1 { exposed } else { 1.0 - exposed }).product();
        let mut cases = 0_u64;
        let stop = (1..=u64::from(events)).find(|&n| {
            cases += u64::from(path >> (n - 1) & 1);
            cases >= minimum && binomial_llr(cases, n, z).unwrap() >= critical
        });
        signal += if stop.is_some() { probability } else { 0.0 };
        length += probability * stop.unwrap_or(u64::from(events)) as f64;
    }
    (signal, length)
}

#[test]
fn binomial_plans_agree_with_the_enumeration_of_all_paths() {
    for (events, z, minimum) in [(1, 0.01, 1), (8, 1.0, 1), (12, 4.0, 2), (14, 0.5, 3)] {
        let plan = BinomialPlan::every_event(u64::from(events), z, minimum).unwrap();
        for critical in [0.3, 1.0, 2.0, 3.5] {
            for rate in [1.0, 2.5] {
                let (signal, length) = by_enumeration(events, z, minimum, critical, rate);
                let got = plan.performance(critical, rate).unwrap();
                assert!((got.power - signal).abs() < 1e-13, "{events} {z} {critical}");
                assert!((got.length - length).abs() < 1e-12, "{events} {z} {critical}");
            }
        }
        // The critical value found is the smallest of all attainable ones that keeps alpha.
        let Ok(critical) = plan.critical_value(0.05) else { continue };
        let ratios = (1..=u64::from(events))
            .flat_map(|n| (minimum..=n).map(move |cases| binomial_llr(cases, n, z).unwrap()));
        let silent = ratios
            .filter(|&ratio| by_enumeration(events, z, minimum, ratio, 1.0).0 > 0.05)
            .fold(0.0, f64::max);
        assert!((critical.value - silent).abs() < 2e-9, "{events} {z}: {critical:?} {silent}");
    }
}

/// Shortest and longest plans, largest counts.
#[test]
fn extreme_plans_end() {
    let tiny = PoissonPlan::continuous(1e-3, 1).unwrap();
    assert!(tiny.critical_value(1e-4).unwrap().value > 0.0);
    assert!(tiny.critical_value(0.05).is_err());
    let long = PoissonPlan::continuous(2e3, 50).unwrap();
    let critical = long.critical_value(1e-9).unwrap();
    assert!((critical.alpha / 1e-9 - 1.0).abs() < 1e-5, "{critical:?}");
    let far = PoissonPlan::group(&[1e5], 1).unwrap().critical_value(0.05).unwrap();
    assert!(far.alpha <= 0.05 && far.alpha > 0.0499);
    let wide = BinomialPlan::group(&[1, 2_000], 1e6, 1).unwrap();
    assert!(wide.critical_value(0.05).is_err());
    assert!(wide.critical_value(1e-3).unwrap().alpha <= 1e-3);
}
