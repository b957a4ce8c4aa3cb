//! Stratified 2 x 2 tables.

// Shares of counts and Poisson draws are not negative.
#![allow(clippy::cast_sign_loss)]

use iatro_stats::disproportionality::{
    chi2_pearson, ic as crude_ic, prr, prr_point, ror, ror_point,
};
use iatro_stats::strata::{
    Content, StratumTotals, chi2_mantel_haenszel, chi2_mantel_haenszel_corrected, content,
    expected, heterogeneity, ic, pooled, prr_mantel_haenszel, prr_mantel_haenszel_point,
    ror_mantel_haenszel, ror_mantel_haenszel_point, summary,
};
use iatro_stats::{Estimate, Table2x2};
use proptest::prelude::*;

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(0_u64), 3 => 0..8_u64, 3 => 0..400_u64, 2 => 0..2_000_000_u64]
}

fn table() -> impl Strategy<Value = Table2x2> {
    prop_oneof![
        1 => Just(Table2x2::new(0, 0, 0, 0).unwrap()),
        9 => [count(), count(), count(), count()]
            .prop_map(|[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap()),
    ]
}

fn strata() -> impl Strategy<Value = Vec<Table2x2>> {
    prop::collection::vec(table(), 0..9)
}

fn huge_strata() -> impl Strategy<Value = Vec<Table2x2>> {
    let cell = || prop_oneof![Just(0), Just(1), Just(u64::MAX / 4), 0..=u64::MAX / 4];
    let table = [cell(), cell(), cell(), cell()]
        .prop_map(|[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap());
    prop::collection::vec(table, 0..4)
}

fn same(x: Option<f64>, y: Option<f64>, tolerance: f64) -> bool {
    match (x, y) {
        (None, None) => true,
        (Some(x), Some(y)) => (x - y).abs() <= tolerance * x.abs().max(y.abs()),
        _ => false,
    }
}

fn same_estimate(x: Option<Estimate>, y: Option<Estimate>, tolerance: f64) -> bool {
    same(x.map(|x| x.point), y.map(|y| y.point), tolerance)
        && same(x.map(|x| x.lower), y.map(|y| y.lower), tolerance)
        && same(x.map(|x| x.upper), y.map(|y| y.upper), tolerance)
}

/// Every number of the module.
fn numbers(strata: &[Table2x2]) -> Vec<Option<f64>> {
    let mut numbers = vec![
        expected(strata),
        chi2_mantel_haenszel(strata),
        chi2_mantel_haenszel_corrected(strata),
        ror_mantel_haenszel_point(strata),
        prr_mantel_haenszel_point(strata),
    ];
    for estimate in [ror_mantel_haenszel(strata), prr_mantel_haenszel(strata), ic(strata)] {
        numbers.extend([
            estimate.map(|e| e.lower),
            estimate.map(|e| e.point),
            estimate.map(|e| e.upper),
        ]);
    }
    let test = heterogeneity(strata);
    numbers.extend([
        test.map(|t| t.breslow_day),
        test.map(|t| t.tarone),
        test.map(|t| t.breslow_day_p),
        test.map(|t| t.tarone_p),
    ]);
    numbers
}

fn mapped(strata: &[Table2x2], cells: impl Fn(&Table2x2) -> [u64; 4]) -> Vec<Table2x2> {
    strata
        .iter()
        .map(|t| {
            let [a, b, c, d] = cells(t);
            Table2x2::new(a, b, c, d).unwrap()
        })
        .collect()
}

proptest! {
    #[test]
    fn numbers_are_finite_and_intervals_hold_their_point(strata in strata()) {
        for number in numbers(&strata).into_iter().flatten() {
            prop_assert!(number.is_finite());
        }
        for estimate in
            [ror_mantel_haenszel(&strata), prr_mantel_haenszel(&strata)].into_iter().flatten()
        {
            prop_assert!(0.0 < estimate.lower && estimate.lower < estimate.point);
            prop_assert!(estimate.point < estimate.upper);
        }
        if let Some(test) = heterogeneity(&strata) {
            prop_assert!(0.0 <= test.tarone && test.tarone <= test.breslow_day);
            prop_assert!(test.breslow_day_p <= test.tarone_p && test.tarone_p <= 1.0);
            prop_assert_eq!(test.degrees_of_freedom + 1, test.informative);
            prop_assert_eq!(test.strata, strata.len());
        }
    }

    #[test]
    fn the_largest_counts_do_no_harm(strata in huge_strata()) {
        for number in numbers(&strata).into_iter().flatten() {
            prop_assert!(number.is_finite());
        }
        prop_assert_eq!(summary(&strata).is_ok(), pooled(&strata).is_ok());
    }

    /// One stratum is the crude table.
    #[test]
    fn one_stratum_changes_nothing(t in table()) {
        let one = [t];
        prop_assert!(same_estimate(ror_mantel_haenszel(&one), ror(&t), 1e-12));
        prop_assert!(same_estimate(prr_mantel_haenszel(&one), prr(&t), 1e-12));
        prop_assert!(same(ror_mantel_haenszel_point(&one), ror_point(&t), 1e-14));
        prop_assert!(same(prr_mantel_haenszel_point(&one), prr_point(&t), 1e-14));
        prop_assert_eq!(expected(&one), t.expected());
        prop_assert_eq!(ic(&one), crude_ic(&t));
        let n = t.n() as f64;
        let pearson = chi2_pearson(&t).map(|chi2| chi2 * (n - 1.0) / n);
        prop_assert!(same(chi2_mantel_haenszel(&one), pearson, 1e-12));
        prop_assert_eq!(heterogeneity(&one), None);
    }

    /// Copies of one stratum have its odds ratio and nothing that differs.
    #[test]
    fn identical_strata_are_homogeneous(t in table(), copies in 2..6_usize) {
        let strata = vec![t; copies];
        let merged = pooled(&strata).unwrap();
        prop_assert!(same_estimate(ror_mantel_haenszel(&strata), ror(&merged), 1e-12));
        prop_assert!(same_estimate(prr_mantel_haenszel(&strata), prr(&merged), 1e-12));
        prop_assert!(same(expected(&strata), merged.expected(), 1e-14));
        if let Some(test) = heterogeneity(&strata) {
            prop_assert!(test.breslow_day < 1e-10 * t.n() as f64, "{test:?}");
            prop_assert!(test.tarone_p > 0.999);
        }
    }

    #[test]
    fn order_changes_no_bit(strata in strata(), seed in any::<u64>()) {
        let mut other = strata.clone();
        other.reverse();
        if !other.is_empty() {
            let by = (seed % other.len() as u64) as usize;
            other.rotate_left(by);
        }
        prop_assert_eq!(numbers(&strata), numbers(&other));
    }

    /// Strata that say nothing are counted and change neither the ROR nor the test; empty ones change
    /// nothing at all.
    #[test]
    fn uninformative_strata_stay_and_have_no_weight(
        strata in strata(), rest in 1..5_000_u64, events in 0..50_u64,
    ) {
        let mut more = strata.clone();
        more.push(Table2x2::new(0, 0, events, rest).unwrap());
        more.push(Table2x2::new(0, 0, 0, 0).unwrap());
        prop_assert_eq!(ror_mantel_haenszel(&strata), ror_mantel_haenszel(&more));
        prop_assert_eq!(chi2_mantel_haenszel(&strata), chi2_mantel_haenszel(&more));
        let (x, y) = (heterogeneity(&strata), heterogeneity(&more));
        prop_assert_eq!(x.map(|x| x.tarone), y.map(|y| y.tarone));
        prop_assert_eq!(x.map(|x| x.strata + 2), y.map(|y| y.strata));
        let got = summary(&more).unwrap();
        prop_assert_eq!(got.strata.len(), strata.len() + 2);
        let informative = more.iter().filter(|t| content(t) == Content::Informative).count();
        prop_assert_eq!(got.informative, informative);
    }

    /// Exchanging exposed and unexposed inverts the ratios.
    #[test]
    fn exchanging_the_rows_inverts_the_ratios(strata in strata()) {
        let other = mapped(&strata, |t| [t.c(), t.d(), t.a(), t.b()]);
        for (x, y) in [
            (ror_mantel_haenszel(&strata), ror_mantel_haenszel(&other)),
            (prr_mantel_haenszel(&strata), prr_mantel_haenszel(&other)),
        ] {
            prop_assert_eq!(x.is_some(), y.is_some());
            if let (Some(x), Some(y)) = (x, y) {
                prop_assert!((x.point * y.point - 1.0).abs() < 1e-12);
                prop_assert!((x.lower * y.upper - 1.0).abs() < 1e-11);
            }
        }
        let statistics = [chi2_mantel_haenszel(&strata), chi2_mantel_haenszel(&other)];
        // The difference can be a sum that nearly cancels: compared in units of the statistic + 1.
        if let [Some(x), Some(y)] = statistics {
            prop_assert!((x - y).abs() < 1e-9 * (1.0 + x));
        }
    }

    /// Exposure and event are interchangeable in all but the PRR. A standard error of hundreds makes
    /// its last digit worth as much in the limits.
    #[test]
    fn transposition_changes_only_the_prr(strata in strata()) {
        let other = mapped(&strata, |t| [t.a(), t.c(), t.b(), t.d()]);
        prop_assert!(same_estimate(
            ror_mantel_haenszel(&strata), ror_mantel_haenszel(&other), 1e-11
        ));
        prop_assert_eq!(ic(&strata), ic(&other));
        prop_assert!(same(
            heterogeneity(&strata).map(|t| t.tarone_p + 1.0),
            heterogeneity(&other).map(|t| t.tarone_p + 1.0),
            1e-6
        ));
    }

    /// A stratified estimate lies between the smallest and the largest of its strata.
    #[test]
    fn adjusted_lies_among_the_strata(strata in strata()) {
        let points: Option<Vec<f64>> = strata.iter()
            .filter(|t| content(t) == Content::Informative)
            .map(ror_point)
            .collect();
        if let Some((points, adjusted)) = points.zip(ror_mantel_haenszel_point(&strata)) {
            let least = points.iter().copied().fold(f64::INFINITY, f64::min);
            let most = points.iter().copied().fold(0.0, f64::max);
            prop_assert!(least * (1.0 - 1e-12) <= adjusted && adjusted <= most * (1.0 + 1e-12));
        }
    }

    #[test]
    fn flags_say_what_the_numbers_say(strata in strata()) {
        let got = summary(&strata).unwrap();
        if got.limits_on_opposite_sides == Some(true) {
            prop_assert_eq!(got.directions_disagree, Some(true));
        }
        if got.simpson_reversal == Some(true) {
            // All strata on one side put the adjusted ROR there.
            prop_assert!(got.directions_disagree.is_none_or(|disagree| disagree));
        }
        if let (Some(crude), Some(adjusted)) = (got.crude_ror, got.ror) {
            let disagree = (crude.point > 1.0 && adjusted.point < 1.0)
                || (crude.point < 1.0 && adjusted.point > 1.0);
            prop_assert_eq!(got.directions_disagree, Some(disagree));
        }
    }

    /// The corrected statistic is never the larger one, and the correction stops at 0.
    #[test]
    fn continuity_correction_only_lowers(strata in strata()) {
        let (plain, corrected) =
            (chi2_mantel_haenszel(&strata), chi2_mantel_haenszel_corrected(&strata));
        prop_assert_eq!(plain.is_some(), corrected.is_some());
        if let (Some(plain), Some(corrected)) = (plain, corrected) {
            prop_assert!(0.0 <= corrected && corrected <= plain);
        }
    }

    /// Totals of every size: the sum over strata, whatever the lists.
    #[test]
    fn expected_counts_of_many_pairs(
        counts in prop::collection::vec((0..1_000_000_u64, 0.0..1.0_f64, 0.0..1.0_f64), 1..6),
    ) {
        let reports: Vec<u64> = counts.iter().map(|c| c.0).collect();
        let part = |share: fn(&(u64, f64, f64)) -> f64| -> Vec<u64> {
            counts.iter().map(|c| (c.0 as f64 * share(c)) as u64).collect()
        };
        let (exposure, event) = (part(|c| c.1), part(|c| c.2));
        let totals = StratumTotals::new(&reports);
        let got = totals.expected(&exposure, &event).unwrap();
        let slow: f64 = (0..reports.len())
            .filter(|&s| reports[s] > 0)
            .map(|s| exposure[s] as f64 * event[s] as f64 / reports[s] as f64)
            .sum();
        prop_assert!((got - slow).abs() <= 1e-12 * slow);
        let table = totals.expected_table(&[event.clone(), exposure.clone()], &[event, exposure]);
        let table = table.unwrap();
        prop_assert_eq!(table[1][0], got);
        prop_assert_eq!(table[0][1], got);
    }
}

/// Breslow and Day's fitted count by bisection, and the statistic from it.
#[test]
fn heterogeneity_agrees_with_bisection() {
    let cells = [[30, 10, 50, 6], [2, 40, 9, 31], [5, 5, 5, 90], [0, 12, 7, 80]];
    let strata = cells.map(|[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap());
    let common = ror_mantel_haenszel_point(&strata).unwrap();
    let (mut statistic, mut excess, mut variances) = (0.0, 0.0, 0.0);
    for t in &strata {
        let [with, event] = [t.exposure_total() as f64, t.event_total() as f64];
        let without = t.no_exposure_total() as f64;
        let odds = |a: f64| a * (without - event + a) / ((with - a) * (event - a));
        let (mut low, mut high) = ((event - without).max(0.0), with.min(event));
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if odds(middle) < common { low = middle } else { high = middle }
        }
        let fitted = [low, with - low, event - low, without - event + low];
        let variance = 1.0 / fitted.iter().map(|x| 1.0 / x).sum::<f64>();
        statistic += (t.a() as f64 - low).powi(2) / variance;
        excess += t.a() as f64 - low;
        variances += variance;
    }
    let got = heterogeneity(&strata).unwrap();
    assert!((got.breslow_day / statistic - 1.0).abs() < 1e-10);
    assert!((got.tarone / (statistic - excess * excess / variances) - 1.0).abs() < 1e-10);
}
