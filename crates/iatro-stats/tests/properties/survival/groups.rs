//! Comparison of groups.

use iatro_stats::survival::{CoxOptions, LogRank, Subject, Ties, cox, log_rank};
use proptest::prelude::*;

use super::{at, cohort, extreme, reordered, scaled, subjects};

fn labelled() -> impl Strategy<Value = (Vec<Subject>, Vec<usize>, Vec<usize>)> {
    subjects(50).prop_flat_map(|s| {
        let labels = |most: usize| proptest::collection::vec(0..most, s.len());
        (Just(s.clone()), labels(4), labels(2))
    })
}

fn chi_squared(test: &LogRank) -> Option<f64> {
    test.test.map(|test| test.chi_squared)
}

fn near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * (1.0 + a.abs()),
        _ => a == b,
    }
}

fn totals(test: &LogRank) -> [f64; 2] {
    let sum = |part: fn(&iatro_stats::survival::LogRankGroup) -> f64| -> f64 {
        test.groups.iter().map(part).sum()
    };
    [sum(|group| group.observed), sum(|group| group.expected)]
}

proptest! {
    #[test]
    fn observed_and_expected_have_one_sum((s, groups, strata) in labelled(), rho in 0.0..2.0_f64) {
        let got = log_rank(&cohort(&s), &groups, Some(&strata), rho).unwrap();
        let [observed, expected] = totals(&got);
        prop_assert!((observed - expected).abs() < 1e-9 * (1.0 + observed));
        if let Some(test) = got.test {
            prop_assert!(test.chi_squared.is_finite() && test.chi_squared >= 0.0);
            prop_assert!((0.0..=1.0).contains(&test.p));
            prop_assert!(test.df < got.groups.len());
        }
    }

    #[test]
    fn nothing_breaks_at_the_limits_of_the_input(s in extreme(), rho in 0.0..1e300_f64) {
        let groups: Vec<usize> = (0..s.len()).map(|i| i % 3).collect();
        let got = log_rank(&cohort(&s), &groups, None, rho).unwrap();
        prop_assert!(got.test.is_none_or(|test| test.chi_squared.is_finite()));
    }

    /// To the last bit.
    #[test]
    fn the_order_of_the_subjects_does_not_matter(
        (s, groups, strata) in labelled(), seed in any::<u64>(),
    ) {
        let (t, places) = reordered(&s, seed);
        let got = log_rank(&cohort(&s), &groups, Some(&strata), 1.0).unwrap();
        let strata = at(&strata, &places);
        let other = log_rank(&cohort(&t), &at(&groups, &places), Some(&strata), 1.0).unwrap();
        prop_assert_eq!(got, other);
    }

    #[test]
    fn labels_and_units_do_not_matter((s, groups, strata) in labelled()) {
        let got = log_rank(&cohort(&s), &groups, Some(&strata), 0.0).unwrap();
        let other: Vec<usize> = groups.iter().map(|group| [70, 3, 41, 9][*group]).collect();
        let other = log_rank(&cohort(&scaled(&s)), &other, Some(&strata), 0.0).unwrap();
        prop_assert!(near(chi_squared(&got), chi_squared(&other), 1e-8));
        prop_assert_eq!(got.test.map(|test| test.df), other.test.map(|test| test.df));
    }

    /// Without ties the log-rank test is the score test of a Cox model with the groups as covariates.
    #[test]
    fn without_ties_it_is_the_score_test_of_cox((s, groups, _) in labelled()) {
        let distinct = |(i, s): (usize, &Subject)| {
            Subject { time: s.time + 0.001 + 1e-6 * i as f64, weight: 1.0, ..*s }
        };
        let s: Vec<Subject> = s.iter().enumerate().map(distinct).collect();
        let mut times: Vec<f64> = s.iter().map(|s| s.time).collect();
        times.sort_by(f64::total_cmp);
        if times.windows(2).any(|pair| pair[0] == pair[1]) {
            return Ok(());
        }
        let cohort = cohort(&s);
        let column = |label: usize| -> Vec<f64> {
            groups.iter().map(|&group| f64::from(u8::from(group == label))).collect()
        };
        let columns = [column(1), column(2), column(3)];
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let options = CoxOptions { ties: Ties::Breslow, ..CoxOptions::default() };
        let score = cox(&cohort, &columns, &options).unwrap().score_test();
        let test = log_rank(&cohort, &groups, None, 0.0).unwrap();
        prop_assert!(near(chi_squared(&test), score.map(|score| score.chi_squared), 1e-7));
    }
}
