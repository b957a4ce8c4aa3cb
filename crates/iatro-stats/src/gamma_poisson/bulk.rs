//! Scores of many pairs at once.
//!
//! The pairs are ordered by (N, E): what depends on N alone is computed once a count, and for one
//! count a quantile is a smooth function of E ([`super::panel`]).

use thiserror::Error;

use super::mixture_quantile::Target;
use super::pair::{self, Pair, PairError};
use super::panel::{Curve, Place};
use super::posterior::ForCount;
use super::prior::Prior;
use crate::DomainError;
use crate::special::probability;

/// The scores of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Empirical Bayes geometric mean of the relative reporting ratio.
    pub ebgm: f64,
    /// 5 % quantile of its posterior.
    pub eb05: f64,
    /// 95 % quantile of its posterior.
    pub eb95: f64,
}

/// Returns EBGM, EB05 and EB95 of every pair, in the order of the rows.
///
/// The numbers are those of [`super::Posterior::ebgm`] and [`super::Posterior::quantile`], to a
/// relative 1e-10.
///
/// # Errors
/// [`PairError`] names the first row whose expected count is out of range.
pub fn score(prior: &Prior, pairs: &[Pair]) -> Result<Vec<Score>, PairError> {
    pair::check(pairs)?;
    let mut scores = vec![Score { ebgm: 0.0, eb05: 0.0, eb95: 0.0 }; pairs.len()];
    let targets = [Target::new(0.05), Target::new(0.95)];
    for same_count in ordered(pairs).chunk_by(|x, y| x.count == y.count) {
        let count = ForCount::new(prior, same_count[0].count);
        for place in same_count {
            scores[place.row].ebgm = count.at(place.expected).ebgm();
        }
        let curves = targets.map(|target| Curve::new(&count, target));
        curves[0].fill(same_count, &mut |row, x| scores[row].eb05 = x);
        curves[1].fill(same_count, &mut |row, x| scores[row].eb95 = x);
    }
    Ok(scores)
}

/// Why [`quantiles`] has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum QuantileError {
    /// A row is out of range.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// The probability is out of range.
    #[error(transparent)]
    Probability(#[from] DomainError),
}

/// Returns the `p` quantile of the posterior of every pair, in the order of the rows; 0 < p < 1.
///
/// The numbers are those of [`super::Posterior::quantile`], to a relative 1e-10.
///
/// # Errors
/// [`QuantileError`] if `p` or an expected count is out of range.
pub fn quantiles(prior: &Prior, pairs: &[Pair], p: f64) -> Result<Vec<f64>, QuantileError> {
    let target = Target::new(probability("quantiles", "p", p)?);
    pair::check(pairs)?;
    let mut out = vec![0.0; pairs.len()];
    for same_count in ordered(pairs).chunk_by(|x, y| x.count == y.count) {
        let count = ForCount::new(prior, same_count[0].count);
        Curve::new(&count, target).fill(same_count, &mut |row, x| out[row] = x);
    }
    Ok(out)
}

/// The pairs in the order (N, E).
fn ordered(pairs: &[Pair]) -> Vec<Place> {
    let place = |(row, pair): (usize, &Pair)| Place {
        count: pair.observed,
        expected: pair.expected,
        ln_expected: pair.expected.ln(),
        row,
    };
    let mut places: Vec<Place> = pairs.iter().enumerate().map(place).collect();
    // For positive numbers the order of the bits is the order of the values.
    places.sort_unstable_by_key(|place| (place.count, place.expected.to_bits(), place.row));
    places
}
