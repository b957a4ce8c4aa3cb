//! Propensity scores and the E-value.

use iatro_stats::Estimate;
use iatro_stats::regression::propensity::{
    Caliper, MatchedSet, PenaltyChoice, PropensityScores, QuantileBase, Weighting,
    standardised_mean_differences, weighted_ror,
};
use iatro_stats::regression::{FitOptions, Penalty, e_value, e_value_of_estimate};
use proptest::prelude::*;

use super::reports;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn matching_agrees_with_the_obvious_version(
        rows in proptest::collection::vec((any::<bool>(), 1..40_u32), 2..60),
        k in 1..4_u32,
        width in prop_oneof![Just(f64::INFINITY), 0.0..2.0_f64],
    ) {
        let exposed: Vec<bool> = rows.iter().map(|r| r.0).collect();
        // Coarse scores, so that ties are common.
        let scores: Vec<f64> = rows.iter().map(|r| f64::from(r.1) / 40.0).collect();
        let Ok(scores) = PropensityScores::new(&exposed, &scores) else { return Ok(()) };
        let caliper = if width.is_finite() { Caliper::Logit(width) } else { Caliper::None };
        prop_assert_eq!(scores.match_nearest(k, caliper).unwrap(), slow_matching(&scores, k, width));
    }

    /// Equal scores share a stratum, and higher scores never stand in a lower one.
    #[test]
    fn strata_rise_with_the_score(
        rows in proptest::collection::vec((any::<bool>(), 1..200_u32), 2..80), count in 1..8_u32,
    ) {
        let exposed: Vec<bool> = rows.iter().map(|r| r.0).collect();
        let scores: Vec<f64> = rows.iter().map(|r| f64::from(r.1) / 200.0).collect();
        let Ok(propensity) = PropensityScores::new(&exposed, &scores) else { return Ok(()) };
        for base in [QuantileBase::All, QuantileBase::Exposed] {
            let strata = propensity.strata(count, base).unwrap();
            let mut by_score: Vec<(f64, u32)> = scores.iter().copied().zip(strata).collect();
            by_score.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            for pair in by_score.windows(2) {
                prop_assert!(pair[0].1 <= pair[1].1 && pair[1].1 < count);
                prop_assert!(pair[0].0 < pair[1].0 || pair[0].1 == pair[1].1);
            }
        }
    }

    /// The area under the curve against its definition, all pairs.
    #[test]
    fn auc_is_the_share_of_concordant_pairs(
        rows in proptest::collection::vec((any::<bool>(), 1..30_u32), 2..60),
    ) {
        let exposed: Vec<bool> = rows.iter().map(|r| r.0).collect();
        let scores: Vec<f64> = rows.iter().map(|r| f64::from(r.1) / 30.0).collect();
        let Ok(propensity) = PropensityScores::new(&exposed, &scores) else { return Ok(()) };
        let (mut concordant, mut pairs) = (0.0, 0.0);
        for (_, with) in rows.iter().filter(|r| r.0) {
            for (_, without) in rows.iter().filter(|r| !r.0) {
                pairs += 1.0;
                concordant += match with.cmp(without) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                };
            }
        }
        prop_assert!((propensity.auc() - concordant / pairs).abs() < 1e-12);
        let overlap = propensity.overlap(0.3, 0.7).unwrap();
        prop_assert!((0.0..=1.0).contains(&overlap.in_equipoise));
    }

    /// Overlap weights with an unpenalised logistic score balance the means exactly.
    #[test]
    fn overlap_weights_balance_exactly(reports in reports(30..80)) {
        let design = reports.design();
        let exposed = &reports.outcome;
        let penalty = Penalty::lasso().with_factors(&[0.0; 6]).unwrap();
        let options = FitOptions { tolerance: 1e-11, ..FitOptions::default() };
        let choice = PenaltyChoice::Lambda(1.0);
        let fit = PropensityScores::fit(&design, exposed, &penalty, &choice, &options);
        let Ok((scores, _)) = fit else { return Ok(()) };
        let weights = scores.weights(Weighting::Overlap);
        let balance = standardised_mean_differences(&design, exposed, Some(&weights)).unwrap();
        for column in balance {
            prop_assert!((column.mean_exposed - column.mean_unexposed).abs() < 1e-8, "{column:?}");
        }
    }

    /// The interval of a weighted ROR holds its point, and weights are known up to a constant.
    #[test]
    fn weighted_ror_is_free_of_the_scale_of_the_weights(
        rows in proptest::collection::vec((any::<bool>(), any::<bool>(), 0.01..5.0_f64), 0..60),
        scale in 1e-3..1e3_f64,
    ) {
        let exposed: Vec<bool> = rows.iter().map(|r| r.0).collect();
        let events: Vec<bool> = rows.iter().map(|r| r.1).collect();
        let weights: Vec<f64> = rows.iter().map(|r| r.2).collect();
        let scaled: Vec<f64> = weights.iter().map(|w| w * scale).collect();
        let one = weighted_ror(&exposed, &events, &weights).unwrap();
        let other = weighted_ror(&exposed, &events, &scaled).unwrap();
        prop_assert_eq!(one.is_some(), other.is_some());
        if let (Some(a), Some(b)) = (one, other) {
            prop_assert!(a.lower < a.point && a.point < a.upper);
            prop_assert!((a.point / b.point - 1.0).abs() < 1e-12);
            prop_assert!((a.lower / b.lower - 1.0).abs() < 1e-11);
        }
    }

    #[test]
    fn e_values_are_symmetric_and_rise(ratio in 1.0..1e6_f64, step in 1e-3..10.0_f64) {
        prop_assert!((e_value(1.0 / ratio).unwrap() / e_value(ratio).unwrap() - 1.0).abs() < 1e-7);
        prop_assert!(e_value(ratio + step).unwrap() > e_value(ratio).unwrap());
        let estimate = Estimate { point: ratio, lower: ratio / (1.0 + step), upper: ratio * 2.0 };
        let both = e_value_of_estimate(&estimate).unwrap();
        prop_assert!(1.0 <= both.limit && both.limit <= both.point);
    }
}

#[test]
fn the_e_value_of_no_association_is_1() {
    assert_eq!(e_value(1.0), Ok(1.0));
    assert_eq!(e_value(0.25), e_value(4.0));
}

/// Every free report is looked at for every choice.
fn slow_matching(scores: &PropensityScores, k: u32, width: f64) -> Vec<MatchedSet> {
    let logit: Vec<f64> = scores.scores().iter().map(|s| (s / (1.0 - s)).ln()).collect();
    let rows = 0..logit.len();
    let mut queue: Vec<usize> = rows.clone().filter(|&row| scores.exposed()[row]).collect();
    queue.sort_by(|&a, &b| logit[b].total_cmp(&logit[a]).then(a.cmp(&b)));
    let mut free: Vec<bool> = scores.exposed().iter().map(|e| !e).collect();
    let mut found: Vec<Vec<usize>> = vec![Vec::new(); logit.len()];
    for round in 0..k as usize {
        let in_play: Vec<usize> =
            queue.iter().copied().filter(|&row| found[row].len() == round).collect();
        for row in in_play {
            let distance = |other: usize| (logit[other] - logit[row]).abs();
            let nearest = rows.clone().filter(|&other| free[other] && distance(other) <= width);
            let nearest =
                nearest.min_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)));
            if let Some(other) = nearest {
                free[other] = false;
                found[row].push(other);
            }
        }
    }
    let sets = found.into_iter().enumerate().filter(|(_, unexposed)| !unexposed.is_empty());
    sets.map(|(exposed, unexposed)| MatchedSet { exposed, unexposed }).collect()
}
