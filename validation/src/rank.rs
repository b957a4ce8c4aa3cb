//! How well a ranking tells culprits from the others: areas under two curves.

use std::cmp::Ordering;

use crate::method::Verdict;

/// The area under the ROC curve: the chance that a culprit stands above another substance, half of a
/// tie counting. `None` without both kinds.
pub fn auroc(ranked: &[(Verdict, bool)]) -> Option<f64> {
    let (mut above, mut culprits, mut others) = (0.0, 0.0, 0.0);
    let mut below = 0.0;
    for tie in ties(ranked) {
        let (of_culprits, of_others) = tie;
        above += of_culprits * (below + of_others / 2.0);
        below += of_others;
        culprits += of_culprits;
        others += of_others;
    }
    (culprits > 0.0 && others > 0.0).then(|| above / (culprits * others))
}

/// The area under the precision-recall curve as average precision: the precision at each score that a
/// culprit has, weighed by the culprits that have it; of a tie, all are called at once. `None` without
/// both kinds.
pub fn average_precision(ranked: &[(Verdict, bool)]) -> Option<f64> {
    let (mut culprits, mut called, mut sum) = (0.0, 0.0, 0.0);
    for (of_culprits, of_others) in ties(ranked).into_iter().rev() {
        culprits += of_culprits;
        called += of_culprits + of_others;
        sum += of_culprits * culprits / called;
    }
    (culprits > 0.0 && called > culprits).then(|| sum / culprits)
}

/// Culprits and others by score, lowest first.
fn ties(ranked: &[(Verdict, bool)]) -> Vec<(f64, f64)> {
    let mut sorted = ranked.to_vec();
    sorted.sort_by(|(x, _), (y, _)| x.order(y));
    let same = |(x, _): &(Verdict, bool), (y, _): &(Verdict, bool)| x.order(y) == Ordering::Equal;
    let count = |tie: &[(Verdict, bool)]| {
        let culprits = tie.iter().filter(|(_, culprit)| *culprit).count();
        (culprits as f64, (tie.len() - culprits) as f64)
    };
    sorted.chunk_by(same).map(count).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::float_cmp)]
    use super::*;

    fn ranked(scores: &[f64], culprits: &[u8]) -> Vec<(Verdict, bool)> {
        let verdict = |score| Verdict::of(Some(score), false);
        scores.iter().zip(culprits).map(|(score, c)| (verdict(*score), *c == 1)).collect()
    }

    #[test]
    fn perfect_and_reversed_rankings() {
        let perfect = ranked(&[4.0, 3.0, 2.0, 1.0], &[1, 1, 0, 0]);
        assert_eq!((auroc(&perfect), average_precision(&perfect)), (Some(1.0), Some(1.0)));
        let reversed = ranked(&[4.0, 3.0, 2.0, 1.0], &[0, 0, 1, 1]);
        assert_eq!(auroc(&reversed), Some(0.0));
        // By hand: precision 1/3 at the first culprit, 2/4 at the second.
        assert!((average_precision(&reversed).unwrap() - (1.0 / 3.0 + 0.5) / 2.0).abs() < 1e-15);
    }

    /// `sklearn.metrics` 1.x: `roc_auc_score` and `average_precision_score` of the same lists.
    #[test]
    fn ties_count_half_and_are_called_at_once() {
        let scores = [0.9, 0.8, 0.8, 0.7, 0.5, 0.5, 0.5, 0.1];
        let mixed = ranked(&scores, &[1, 0, 1, 0, 1, 0, 0, 1]);
        assert!((auroc(&mixed).unwrap() - 0.531_25).abs() < 1e-12);
        assert!((average_precision(&mixed).unwrap() - 0.648_809_523_809_523_8).abs() < 1e-12);
    }

    #[test]
    fn a_ranking_without_information_is_worth_the_share_of_culprits() {
        let level = ranked(&[1.0; 10], &[1, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
        assert_eq!((auroc(&level), average_precision(&level)), (Some(0.5), Some(0.2)));
    }

    #[test]
    fn the_second_score_breaks_ties_and_no_score_stands_last() {
        let of = |score, second| Verdict { score: (score, second), called: false };
        let ranked =
            [(of(0.0, 2.0), true), (of(0.0, 1.0), false), (Verdict::of(None, true), false)];
        assert_eq!(auroc(&ranked), Some(1.0));
        assert!(!Verdict::of(None, true).called && !Verdict::of(Some(f64::NAN), true).called);
    }

    #[test]
    fn one_kind_alone_has_no_area() {
        assert_eq!(auroc(&ranked(&[1.0], &[1])), None);
        assert_eq!(average_precision(&ranked(&[1.0], &[0])), None);
        assert_eq!(average_precision(&ranked(&[1.0], &[1])), None);
        assert_eq!(auroc(&[]), None);
    }
}
