//! What goes in: an observed and an expected count, and how rows are checked.

use rayon::prelude::*;
use thiserror::Error;

/// The observed number of reports of a drug-event pair, and the number expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Reports that name drug and event, N; 0 or more.
    pub observed: u64,
    /// Reports expected, E: above 0 and at most 1e300. Crude or stratified; where it comes from is
    /// the caller's affair.
    pub expected: f64,
}

/// Pairs that share observed and expected count, or a bin of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedPair {
    /// Observed count of each pair, N.
    pub observed: u64,
    /// Expected count: that of each pair, or the mean of the bin.
    pub expected: f64,
    /// How many pairs stand behind it, 1 or more.
    pub weight: u64,
}

/// A row whose expected count is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error(
    "pairs[{row}]: observed {observed}, expected is {expected}; expected a number above 0 and at \
     most 1e300. A pair without an expected count has no posterior: leave the row out, or give the \
     expected count of its stratum"
)]
pub struct PairError {
    /// Index of the row, from 0.
    pub row: usize,
    /// Its observed count.
    pub observed: u64,
    /// Its expected count.
    pub expected: f64,
}

/// Returns true if the expected count is in range.
pub(super) fn is_valid(pair: &Pair) -> bool {
    pair.expected > 0.0 && pair.expected <= 1e300
}

/// Refuses the first row that is out of range.
pub(super) fn check(pairs: &[Pair]) -> Result<(), PairError> {
    match pairs.iter().position(|pair| !is_valid(pair)) {
        None => Ok(()),
        Some(row) => {
            let Pair { observed, expected } = pairs[row];
            Err(PairError { row, observed, expected })
        }
    }
}

/// The pairs in the order (observed, expected), equal ones as one point with their number: whatever
/// is computed from it does not depend on the order of the rows. Expected counts are in range.
pub(super) fn aggregated(pairs: &[Pair]) -> Vec<WeightedPair> {
    // For positive numbers the order of the bits is the order of the values.
    let mut keys: Vec<(u64, u64)> =
        pairs.iter().map(|pair| (pair.observed, pair.expected.to_bits())).collect();
    keys.par_sort_unstable();
    let mut points: Vec<WeightedPair> = Vec::with_capacity(keys.len());
    let mut last = None;
    for key in keys {
        match points.last_mut() {
            Some(point) if last == Some(key) => point.weight += 1,
            _ => {
                let expected = f64::from_bits(key.1);
                points.push(WeightedPair { observed: key.0, expected, weight: 1 });
            }
        }
        last = Some(key);
    }
    points
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pair(observed: u64, expected: f64) -> Pair {
        Pair { observed, expected }
    }

    #[test]
    fn equal_pairs_become_one_point() {
        let pairs = [pair(2, 0.5), pair(1, 3.0), pair(2, 0.5), pair(1, 1e-300)];
        let expected = [(1, 1e-300, 1), (1, 3.0, 1), (2, 0.5, 2)]
            .map(|(observed, expected, weight)| WeightedPair { observed, expected, weight });
        assert_eq!(aggregated(&pairs), expected);
    }

    #[test]
    fn the_row_is_named() {
        for bad in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, 2e300] {
            let error = check(&[pair(1, 1.0), pair(7, bad)]).unwrap_err();
            assert_eq!((error.row, error.observed), (1, 7));
            assert!(error.to_string().starts_with("pairs[1]: observed 7, expected is "));
        }
        assert_eq!(check(&[pair(0, 1e-300), pair(u64::MAX, 1e12)]), Ok(()));
    }
}
