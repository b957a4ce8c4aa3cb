//! Agreement between raters: kappa.

use iatro_stats::agreement::{
    Weights, cohen_kappa, counts_by_subject, fleiss_kappa, percent_agreement,
    prevalence_adjusted_kappa, table_of_ratings,
};
use proptest::prelude::*;

const WEIGHTS: [Weights; 3] = [Weights::Unweighted, Weights::Linear, Weights::Quadratic];

/// Ratings of two raters in up to five categories.
fn two_raters() -> impl Strategy<Value = (usize, Vec<usize>, Vec<usize>)> {
    (2..=5_usize).prop_flat_map(|k| {
        proptest::collection::vec((0..k, 0..k), 1..60).prop_map(move |pairs| {
            (k, pairs.iter().map(|p| p.0).collect(), pairs.iter().map(|p| p.1).collect())
        })
    })
}

/// Subjects with the same number of ratings each.
fn many_raters() -> impl Strategy<Value = (usize, Vec<Vec<usize>>)> {
    (2..=4_usize, 2..=6_usize).prop_flat_map(|(k, m)| {
        let subject = proptest::collection::vec(0..k, m);
        proptest::collection::vec(subject, 1..30).prop_map(move |subjects| (k, subjects))
    })
}

fn close(x: f64, y: f64) -> bool {
    (x - y).abs() < 1e-12
}

proptest! {
    #[test]
    fn kappa_is_in_range_and_in_its_interval((k, first, second) in two_raters()) {
        let table = table_of_ratings(&first, &second, k).unwrap();
        for weights in WEIGHTS {
            let Some(got) = cohen_kappa(&table, k, weights, 0.95).unwrap() else { continue };
            prop_assert!(got.kappa > -1.0 - 1e-12 && got.kappa <= 1.0 + 1e-12);
            prop_assert!(got.kappa <= got.observed + 1e-12);
            prop_assert!(got.se >= 0.0 && got.se.is_finite() && got.se_null >= 0.0);
            prop_assert_eq!(got.interval.is_some(), got.se > 0.0);
            if let Some([lower, upper]) = got.interval {
                prop_assert!(lower <= got.kappa && got.kappa <= upper);
                prop_assert!(lower >= -1.0 && upper <= 1.0);
            }
        }
    }

    /// Exchanging the raters, and turning the order of the categories round, changes nothing.
    #[test]
    fn raters_and_directions_are_alike((k, first, second) in two_raters()) {
        let turned = |ratings: &[usize]| ratings.iter().map(|r| k - 1 - r).collect::<Vec<_>>();
        let tables = [
            table_of_ratings(&first, &second, k).unwrap(),
            table_of_ratings(&second, &first, k).unwrap(),
            table_of_ratings(&turned(&first), &turned(&second), k).unwrap(),
        ];
        for weights in WEIGHTS {
            let got = tables.each_ref().map(|t| cohen_kappa(t, k, weights, 0.95).unwrap());
            for other in &got[1..] {
                prop_assert_eq!(other.is_some(), got[0].is_some());
                if let (Some(x), Some(y)) = (got[0], *other) {
                    prop_assert!(close(x.kappa, y.kappa) && close(x.se, y.se));
                    prop_assert!(close(x.se_null, y.se_null));
                }
            }
        }
    }

    /// A hundred times the same table: the same kappa, a tenth of the standard error.
    #[test]
    fn the_standard_error_falls_with_the_root_of_n((k, first, second) in two_raters()) {
        let table = table_of_ratings(&first, &second, k).unwrap();
        let more: Vec<u64> = table.iter().map(|count| count * 100).collect();
        let get = |table: &[u64]| cohen_kappa(table, k, Weights::Linear, 0.95).unwrap();
        if let (Some(x), Some(y)) = (get(&table), get(&more)) {
            prop_assert!(close(x.kappa, y.kappa) && close(x.se / 10.0, y.se));
        }
    }

    /// Kappa by its definition, from the ratings and not from the table.
    #[test]
    fn kappa_by_counting_pairs((k, first, second) in two_raters()) {
        let n = first.len() as f64;
        let agreed = first.iter().zip(&second).filter(|(a, b)| a == b).count() as f64 / n;
        let chance = first.iter().map(|a| second.iter().filter(|b| a == *b).count()).sum::<usize>();
        let chance = chance as f64 / (n * n);
        let table = table_of_ratings(&first, &second, k).unwrap();
        prop_assert!(close(percent_agreement(&table, k).unwrap().unwrap(), agreed));
        let adjusted = prevalence_adjusted_kappa(&table, k).unwrap().unwrap();
        prop_assert!(close(adjusted, (agreed - 1.0 / k as f64) / (1.0 - 1.0 / k as f64)));
        match cohen_kappa(&table, k, Weights::Unweighted, 0.95).unwrap() {
            Some(got) => prop_assert!(close(got.kappa, (agreed - chance) / (1.0 - chance))),
            None => prop_assert!(close(chance, 1.0)),
        }
    }

    /// Fleiss' agreement by counting pairs of ratings, and no order of subjects matters.
    #[test]
    fn fleiss_by_counting_pairs((k, subjects) in many_raters()) {
        let counts = counts_by_subject(&subjects, k).unwrap();
        let got = fleiss_kappa(&counts, k, 0.9).unwrap();
        let mut turned = subjects.clone();
        turned.reverse();
        let other = fleiss_kappa(&counts_by_subject(&turned, k).unwrap(), k, 0.9).unwrap();
        prop_assert_eq!(&got, &other);
        let Some(got) = got else { return Ok(()) };
        let (mut agreed, mut pairs) = (0_u32, 0_u32);
        for ratings in &subjects {
            for (i, a) in ratings.iter().enumerate() {
                for b in &ratings[..i] {
                    agreed += u32::from(a == b);
                    pairs += 1;
                }
            }
        }
        prop_assert!(close(got.observed, f64::from(agreed) / f64::from(pairs)));
        prop_assert!(got.kappa <= 1.0 + 1e-12 && got.se_null >= 0.0);
        if let Some([lower, upper]) = got.interval {
            prop_assert!(lower <= got.kappa && got.kappa <= upper);
        }
    }

    /// With two categories, the kappa of each is the kappa of all.
    #[test]
    fn two_categories_share_their_kappa(subjects in proptest::collection::vec(0..=5_u64, 2..20)) {
        let counts: Vec<u64> = subjects.iter().flat_map(|&x| [x, 5 - x]).collect();
        if let Some(got) = fleiss_kappa(&counts, 2, 0.95).unwrap() {
            for category in got.by_category {
                prop_assert!(close(category.unwrap(), got.kappa));
            }
        }
    }

    #[test]
    fn nothing_panics(table in proptest::collection::vec(any::<u64>(), 0..20), k in 0..6_usize, level in any::<f64>()) {
        for weights in WEIGHTS {
            let _ = cohen_kappa(&table, k, weights, level);
            let _ = cohen_kappa(&table, k, weights, 0.95);
        }
        let _ = fleiss_kappa(&table, k, 0.95);
        let _ = (percent_agreement(&table, k), prevalence_adjusted_kappa(&table, k));
    }
}
