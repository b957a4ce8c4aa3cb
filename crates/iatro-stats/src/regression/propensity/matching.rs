//! Nearest-neighbour matching on the propensity score.

use super::{PropensityScores, RegressionError};
use crate::special::{in_range, non_negative};

/// How far apart, on the logit of the score, matched reports may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Caliper {
    /// Any distance.
    None,
    /// This distance, in log odds.
    Logit(f64),
    /// This many standard deviations of the logit (pooled over the two groups: the root of the mean of
    /// their variances); 0.2 is usual (Austin 2011, Pharm Stat 10:150-161).
    StandardDeviations(f64),
}

/// A report with the exposure, and the reports without it that were matched to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedSet {
    /// Row of the report with the exposure.
    pub exposed: usize,
    /// Rows of its matches, nearest first, 1 to k of them.
    pub unexposed: Vec<usize>,
}

impl PropensityScores {
    /// Returns matched sets of one report with the exposure and up to `k` (1 to 100) without it, nearest
    /// on the logit of the score, without replacement; in order of the rows of the exposed reports. An
    /// exposed report without a match within the caliper has no set.
    ///
    /// Greedy, in k rounds: in each round every exposed report that found a match in all rounds before
    /// takes, in falling order of its score (equal scores: lower row first), the nearest report not yet
    /// taken; of two equally near, the one in the lower row. Sources: Rosenbaum and Rubin 1985, Am Stat
    /// 39:33-38; Rassen et al. 2012, Pharmacoepidemiol Drug Saf 21(S2):69-80.
    ///
    /// # Errors
    /// [`RegressionError::Domain`] if `k` or the caliper is out of range.
    pub fn match_nearest(
        &self,
        k: u32,
        caliper: Caliper,
    ) -> Result<Vec<MatchedSet>, RegressionError> {
        let function = "PropensityScores::match_nearest";
        let ok = (1..=100).contains(&k);
        in_range(ok, function, "k", f64::from(k), "a whole number from 1 to 100")?;
        let logits = self.logits();
        let width = match caliper {
            Caliper::None => f64::INFINITY,
            Caliper::Logit(width) => non_negative(function, "caliper", width)?,
            Caliper::StandardDeviations(count) => {
                non_negative(function, "caliper", count)? * self.pooled_deviation(&logits)
            }
        };
        Ok(self.greedy(k, width, &logits))
    }

    fn greedy(&self, k: u32, width: f64, logits: &[f64]) -> Vec<MatchedSet> {
        let rows = |exposed: bool| -> Vec<usize> {
            (0..self.exposed.len()).filter(|&row| self.exposed[row] == exposed).collect()
        };
        let mut queue = rows(true);
        queue.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]).then(a.cmp(&b)));
        let mut pool = Pool::new(rows(false), logits);
        let mut matches: Vec<Vec<usize>> = vec![Vec::new(); self.exposed.len()];
        for _ in 0..k {
            queue.retain(|&row| match pool.take_nearest(logits[row], width) {
                Some(found) => {
                    matches[row].push(found);
                    true
                }
                None => false,
            });
        }
        let sets = matches.into_iter().enumerate().filter(|(_, found)| !found.is_empty());
        sets.map(|(exposed, unexposed)| MatchedSet { exposed, unexposed }).collect()
    }

    /// Root of the mean of the variances of the logit in the two groups (divisor n - 1; a group of one
    /// has variance 0).
    fn pooled_deviation(&self, logits: &[f64]) -> f64 {
        let variance = |exposed: bool| {
            let group = || {
                logits.iter().zip(&self.exposed).filter(|&(_, &e)| e == exposed).map(|(&l, _)| l)
            };
            let count = group().count() as f64;
            let mean = group().sum::<f64>() / count;
            group().map(|l| (l - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0)
        };
        f64::midpoint(variance(true), variance(false)).sqrt()
    }
}

/// Returns the weight of each of `reports` reports in a matched sample: 1 for an exposed report with
/// matches, 1/m for each of its m matches, 0 for reports in no set. For balance and for the weighted ROR
/// after matching; the interval of the latter takes the reports as independent, not the sets.
///
/// # Errors
/// [`RegressionError::Domain`] if a set names a row that is not below `reports`, or has no match.
pub fn matched_weights(reports: usize, sets: &[MatchedSet]) -> Result<Vec<f64>, RegressionError> {
    let function = "matched_weights";
    let mut weights = vec![0.0; reports];
    for set in sets {
        let matches = set.unexposed.len() as f64;
        in_range(matches > 0.0, function, "sets", matches, "at least one match in each set")?;
        let shares = set.unexposed.iter().map(|&row| (row, 1.0 / matches));
        for (row, share) in std::iter::once((set.exposed, 1.0)).chain(shares) {
            let expected = "rows below the number of reports";
            in_range(row < reports, function, "sets", row as f64, expected)?;
            weights[row] += share;
        }
    }
    Ok(weights)
}

/// Unexposed reports not yet taken, in order of logit; the next free one on either side of a position
/// is found by following links that are shortened on the way.
struct Pool {
    /// Row and logit, rising by logit, then row.
    sorted: Vec<(usize, f64)>,
    /// For a taken position: one nearer the next free position above (positions shifted by 1).
    above: Vec<usize>,
    below: Vec<usize>,
}

impl Pool {
    fn new(rows: Vec<usize>, logits: &[f64]) -> Self {
        let mut sorted: Vec<(usize, f64)> = rows.into_iter().map(|r| (r, logits[r])).collect();
        sorted.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let links: Vec<usize> = (0..sorted.len() + 2).collect();
        Self { sorted, above: links.clone(), below: links }
    }

    /// Takes the free report nearest to a logit, within the width.
    fn take_nearest(&mut self, logit: f64, width: f64) -> Option<usize> {
        let at = self.sorted.partition_point(|&(_, l)| l < logit);
        // Position p is link p + 1; links 0 and len + 1 stand for "none".
        let up = follow(&mut self.above, at + 1);
        let up = (up <= self.sorted.len()).then_some(up);
        let down = match follow(&mut self.below, at) {
            0 => None,
            link => {
                // Of equal logits below, the lowest row comes first in the order.
                let value = self.sorted[link - 1].1;
                let first = self.sorted.partition_point(|&(_, l)| l < value);
                Some(follow(&mut self.above, first + 1))
            }
        };
        let distance = |link: usize| (self.sorted[link - 1].1 - logit).abs();
        let nearest = [up, down].into_iter().flatten().min_by(|&a, &b| {
            let rows = self.sorted[a - 1].0.cmp(&self.sorted[b - 1].0);
            distance(a).total_cmp(&distance(b)).then(rows)
        })?;
        if distance(nearest) > width {
            return None;
        }
        self.above[nearest] = nearest + 1;
        self.below[nearest] = nearest - 1;
        Some(self.sorted[nearest - 1].0)
    }
}

/// The end of a chain of links, which are then made to point there.
fn follow(links: &mut [usize], from: usize) -> usize {
    let mut end = from;
    while links[end] != end {
        end = links[end];
    }
    let mut link = from;
    while links[link] != link {
        link = std::mem::replace(&mut links[link], end);
    }
    end
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn by_hand() {
        let exposed = [true, false, false, true, false, false];
        let scores = [0.5, 0.5, 0.4, 0.8, 0.45, 0.1];
        let scores = PropensityScores::new(&exposed, &scores).unwrap();
        let sets = scores.match_nearest(2, Caliper::Logit(0.3)).unwrap();
        // The highest score goes first and finds nobody within 0.3.
        assert_eq!(sets, [MatchedSet { exposed: 0, unexposed: vec![1, 4] }]);
        let all = scores.match_nearest(2, Caliper::None).unwrap();
        assert_eq!(all[1], MatchedSet { exposed: 3, unexposed: vec![1, 2] });
        assert_eq!(all[0], MatchedSet { exposed: 0, unexposed: vec![4, 5] });
        assert_eq!(matched_weights(6, &sets).unwrap(), [1.0, 0.5, 0.0, 0.0, 0.5, 0.0]);
        assert!(matched_weights(4, &sets).is_err());
        assert!(scores.match_nearest(0, Caliper::None).is_err());
        assert!(scores.match_nearest(1, Caliper::Logit(-1.0)).is_err());
    }
}
