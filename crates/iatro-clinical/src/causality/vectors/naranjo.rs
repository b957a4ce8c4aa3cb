//! All 59,049 ways to answer ten questions with yes, no, unknown: each interval and each set of reachable
//! categories against every completion.

use rust_decimal::Decimal;

use super::{Answers, Use, decide, load};
use crate::causality::definition::FILES;

/// Yes, no and unknown, question by question, as published.
const TABLE: [[i64; 3]; 10] = [
    [1, 0, 0],
    [2, -1, 0],
    [1, 0, 0],
    [2, -1, 0],
    [-1, 2, 0],
    [-1, 1, 0],
    [1, 0, 0],
    [1, 0, 0],
    [1, 0, 0],
    [1, 0, 0],
];

fn digits(mut index: usize) -> [usize; 10] {
    std::array::from_fn(|_| {
        let digit = index % 3;
        index /= 3;
        digit
    })
}

fn total(digits: &[usize; 10]) -> i64 {
    digits.iter().zip(TABLE).map(|(digit, row)| row[*digit]).sum()
}

/// The bit of the category of a total.
fn bit(total: i64) -> u8 {
    match total {
        9.. => 8,
        5..=8 => 4,
        1..=4 => 2,
        _ => 1,
    }
}

/// Least and most total, and the categories, over every completion from question `at`.
fn complete(digits: &[usize; 10], at: usize, so_far: i64, found: &mut (i64, i64, u8)) {
    if at == 10 {
        *found = (found.0.min(so_far), found.1.max(so_far), found.2 | bit(so_far));
        return;
    }
    for answer in if digits[at] == 2 { 0..3 } else { digits[at]..digits[at] + 1 } {
        complete(digits, at + 1, so_far + TABLE[at][answer], found);
    }
}

#[test]
fn every_completion_lies_in_the_interval_and_gives_a_reachable_category() {
    let (id, text) = FILES[0];
    let definition = load(id, text).unwrap();
    let names = ["doubtful", "possible", "probable", "definite"];
    for index in 0..59_049 {
        let digits = digits(index);
        let answers: Answers = digits
            .iter()
            .enumerate()
            .map(|(at, digit)| {
                (format!("q{}", at + 1), ["yes", "no", "unknown"][*digit].to_owned())
            })
            .collect();
        let made = decide(&definition, &Use::default(), &answers);
        let mut expected = (i64::MAX, i64::MIN, 0);
        complete(&digits, 0, 0, &mut expected);
        let own = total(&digits);
        let given = made.total.unwrap();
        assert_eq!(
            (given.as_published, given.min, given.max),
            (Some(Decimal::from(own)), Decimal::from(expected.0), Decimal::from(expected.1)),
            "{digits:?}"
        );
        let position = |id: &str| names.iter().position(|name| *name == id).unwrap();
        let reachable = made.reachable.iter().fold(0, |bits, id| bits | 1 << position(id));
        assert_eq!(reachable, expected.2, "{digits:?}");
        assert_eq!(1 << position(&made.category.unwrap()), bit(own), "{digits:?}");
    }
}
