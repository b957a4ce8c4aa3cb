//! Data squashing: fewer, weighted points with nearly the same likelihood.
//!
//! For one count N the likelihood of a pair is a smooth function of E alone, so pairs with
//! neighbouring E may stand together at their mean. Pairs of different counts are never joined.
//! The idea is that of DuMouchel and Pregibon 2001, KDD '01:67-76, section 3; the rule for the bins
//! is ours and is stated at [`squash`].

use super::pair::{self, Pair, PairError, WeightedPair};
use crate::DomainError;
use crate::special::in_range;

/// How far [`squash`] goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SquashOptions {
    /// Bins for each count N, 1 or more.
    pub bins: usize,
    /// Points of each count, those with the largest E, that stay as they are: they say most about
    /// the prior, and lie furthest apart.
    pub kept: usize,
}

impl Default for SquashOptions {
    /// 100 bins a count, 20 points kept.
    fn default() -> Self {
        Self { bins: 100, kept: 20 }
    }
}

impl SquashOptions {
    pub(super) fn check(self) -> Result<(), DomainError> {
        let expected = "1 bin or more for each count";
        in_range(self.bins > 0, "squash", "bins", self.bins as f64, expected).map(|_| ())
    }
}

/// Returns weighted points, in the order (observed, expected), whose likelihood is close to that of
/// `pairs`; their weights sum to the number of pairs.
///
/// Equal pairs become one point. Then, for each count N with more than `bins + kept` points, the
/// points are ordered by E; the last `kept` stay; the others are cut into `bins` runs that hold
/// nearly equal numbers of pairs, and a run becomes one point at the mean of its E.
///
/// # Errors
/// [`SquashError`] if an expected count or an option is out of range.
pub fn squash(pairs: &[Pair], options: &SquashOptions) -> Result<Vec<WeightedPair>, SquashError> {
    pair::check(pairs)?;
    options.check()?;
    Ok(squashed(&pair::aggregated(pairs), options))
}

/// Why [`squash`] has no answer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SquashError {
    /// A row is out of range.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// An option is out of range.
    #[error(transparent)]
    Option(#[from] DomainError),
}

/// [`squash`] of ordered points.
pub(super) fn squashed(points: &[WeightedPair], options: &SquashOptions) -> Vec<WeightedPair> {
    let mut out = Vec::new();
    for same_count in points.chunk_by(|x, y| x.observed == y.observed) {
        let binned = same_count.len().saturating_sub(options.kept);
        let (low, kept) = same_count.split_at(binned);
        if low.len() > options.bins {
            bin(low, options.bins, &mut out);
        } else {
            out.extend_from_slice(low);
        }
        out.extend_from_slice(kept);
    }
    out
}

/// Cuts points of one count into runs: a point belongs to the run in which the middle of its weight
/// falls.
fn bin(points: &[WeightedPair], bins: usize, out: &mut Vec<WeightedPair>) {
    // Twice the weights, so that a middle is a whole number.
    let total: u128 = points.iter().map(|point| 2 * u128::from(point.weight)).sum();
    let mut before: u128 = 0;
    let mut run = Run::default();
    for point in points {
        let middle = before + u128::from(point.weight);
        let index = middle * bins as u128 / total;
        if index != run.index {
            out.extend(run.point(point.observed));
            run = Run { index, ..Run::default() };
        }
        run.add(point);
        before += 2 * u128::from(point.weight);
    }
    out.extend(points.last().and_then(|last| run.point(last.observed)));
}

#[derive(Default)]
struct Run {
    index: u128,
    weight: u64,
    /// Mean of the expected counts so far: a sum could overflow.
    mean: f64,
}

impl Run {
    fn add(&mut self, point: &WeightedPair) {
        self.weight += point.weight;
        let share = point.weight as f64 / self.weight as f64;
        self.mean += (point.expected - self.mean) * share;
    }

    fn point(&self, observed: u64) -> Option<WeightedPair> {
        let Self { weight, mean, .. } = *self;
        (weight > 0).then_some(WeightedPair { observed, expected: mean, weight })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pairs() -> Vec<Pair> {
        let one = (1..=1_000).map(|i| Pair { observed: 1, expected: f64::from(i) * 0.01 });
        let two = (1..=7).map(|i| Pair { observed: 2, expected: f64::from(i) });
        one.chain(two).collect()
    }

    #[test]
    fn weights_and_means_are_kept() {
        let options = SquashOptions { bins: 50, kept: 10 };
        let points = squash(&pairs(), &options).unwrap();
        assert_eq!(points.len(), 50 + 10 + 7);
        assert_eq!(points.iter().map(|p| p.weight).sum::<u64>(), 1_007);
        let sum: f64 = points.iter().map(|p| p.expected * p.weight as f64).sum();
        assert!((sum / (5_005.0 + 28.0) - 1.0).abs() < 1e-13);
        let kept = &points[50..60];
        assert!(kept.iter().all(|p| p.weight == 1 && p.expected > 9.9));
        assert!(points[..50].iter().all(|p| (19..=21).contains(&p.weight)));
        assert!(points.is_sorted_by_key(|p| (p.observed, p.expected.to_bits())));
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter() {
        let mut reversed = pairs();
        reversed.reverse();
        let options = SquashOptions::default();
        assert_eq!(squash(&pairs(), &options), squash(&reversed, &options));
    }

    #[test]
    fn a_heavy_point_stays_alone_and_nothing_is_lost() {
        let mut pairs = vec![Pair { observed: 1, expected: 0.5 }; 900];
        pairs.extend((1..=100).map(|i| Pair { observed: 1, expected: f64::from(i) }));
        let points = squash(&pairs, &SquashOptions { bins: 3, kept: 0 }).unwrap();
        assert_eq!(points.iter().map(|p| p.weight).sum::<u64>(), 1_000);
        assert!(points.len() <= 3);
    }

    #[test]
    fn bad_input_is_refused() {
        assert!(squash(&pairs(), &SquashOptions { bins: 0, kept: 1 }).is_err());
        let bad = [Pair { observed: 1, expected: 0.0 }];
        let error = squash(&bad, &SquashOptions::default()).unwrap_err();
        assert!(matches!(error, SquashError::Pair(PairError { row: 0, .. })));
        assert_eq!(squash(&[], &SquashOptions::default()), Ok(Vec::new()));
    }
}
