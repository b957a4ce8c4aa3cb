//! Completeness of a report.

use iatro_stats::completeness::{Age, PairFields, TimeToOnset, report_score, score};
use proptest::prelude::*;

const ONSET: [TimeToOnset; 4] = [
    TimeToOnset::Known,
    TimeToOnset::AmbiguousWithinMonth,
    TimeToOnset::AmbiguousBeyondMonth,
    TimeToOnset::Missing,
];
const AGE: [Age; 3] = [Age::Known, Age::GroupOnly, Age::Missing];

/// The pair number `i` of all 4 x 3 x 2^8.
fn pair(i: usize) -> PairFields {
    let bit = |place: usize| (i / 12) >> place & 1 == 1;
    PairFields {
        time_to_onset: ONSET[i % 4],
        age: AGE[i / 4 % 3],
        indication: bit(0),
        outcome: bit(1),
        sex: bit(2),
        dose: bit(3),
        country: bit(4),
        reporter: bit(5),
        report_type: bit(6),
        comments: bit(7),
    }
}

const ALL: usize = 4 * 3 * 256;

/// Every pair there is: in range, equal to the product of its factors as decimals.
#[test]
fn every_pair_is_the_product_of_its_factors() {
    for i in 0..ALL {
        let pair = pair(i);
        let product: f64 = pair.tenths().iter().map(|&(_, t)| f64::from(t) / 10.0).product();
        assert!((score(&pair) - product).abs() < 1e-15, "{pair:?}");
        assert!((0.0708883245..=1.0).contains(&score(&pair)), "{pair:?}");
        assert_eq!(report_score(&[pair]), Some(score(&pair)));
    }
}

/// More information never lowers the score.
#[test]
fn filling_a_field_raises_the_score() {
    for i in 0..ALL {
        let before = pair(i);
        let fuller = [
            PairFields { time_to_onset: ONSET[(i % 4).saturating_sub(1)], ..before },
            PairFields { age: AGE[(i / 4 % 3).saturating_sub(1)], ..before },
            PairFields { indication: true, ..before },
            PairFields { outcome: true, ..before },
            PairFields { sex: true, ..before },
            PairFields { dose: true, ..before },
            PairFields { country: true, ..before },
            PairFields { reporter: true, ..before },
            PairFields { report_type: true, ..before },
            PairFields { comments: true, ..before },
        ];
        for after in fuller {
            assert_eq!(score(&after) > score(&before), after != before, "{before:?} {after:?}");
        }
    }
}

proptest! {
    #[test]
    fn a_report_lies_between_its_pairs_in_any_order(
        mut numbers in proptest::collection::vec(0..ALL, 1..30),
    ) {
        let pairs: Vec<PairFields> = numbers.iter().map(|&i| pair(i)).collect();
        let mean = report_score(&pairs).unwrap();
        let low = pairs.iter().map(score).fold(1.0, f64::min);
        let high = pairs.iter().map(score).fold(0.0, f64::max);
        prop_assert!(low * (1.0 - 1e-15) <= mean && mean <= high * (1.0 + 1e-15));
        numbers.sort_unstable();
        let sorted: Vec<PairFields> = numbers.iter().map(|&i| pair(i)).collect();
        prop_assert_eq!(report_score(&sorted), Some(mean));
    }
}
