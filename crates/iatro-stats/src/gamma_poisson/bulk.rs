//! Scores of many pairs at once.
//!
//! The pairs are ordered by (N, E): what depends on N alone is computed once a count, and for one
//! count a quantile is a smooth function of E ([`super::panel`]).

use rayon::prelude::*;
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
    let targets = [Target::new(0.05), Target::new(0.95)];
    let places = ordered(pairs);
    let of_one_count = |same_count: &[Place]| {
        let count = ForCount::new(prior, same_count[0].count);
        let [eb05, eb95] = targets.map(|target| Curve::new(&count, target).of(same_count));
        let ebgm = same_count.par_iter().map(|place| count.at(place.expected).ebgm());
        let quantiles = eb05.into_par_iter().zip(eb95);
        let score = |(ebgm, (eb05, eb95))| Score { ebgm, eb05, eb95 };
        ebgm.zip(quantiles).map(score).collect::<Vec<Score>>()
    };
    let scores = by_count(&places).into_par_iter().map(of_one_count).collect::<Vec<_>>();
    let nothing = Score { ebgm: 0.0, eb05: 0.0, eb95: 0.0 };
    Ok(by_row(&places, scores.into_iter().flatten(), nothing))
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
    let places = ordered(pairs);
    let of_one_count = |same_count: &[Place]| {
        let count = ForCount::new(prior, same_count[0].count);
        Curve::new(&count, target).of(same_count)
    };
    let found = by_count(&places).into_par_iter().map(of_one_count).collect::<Vec<_>>();
    Ok(by_row(&places, found.into_iter().flatten(), 0.0))
}

/// The places of each count.
fn by_count(places: &[Place]) -> Vec<&[Place]> {
    places.chunk_by(|x, y| x.count == y.count).collect()
}

/// What was found place by place, in the order of the rows.
fn by_row<T: Copy>(places: &[Place], found: impl Iterator<Item = T>, nothing: T) -> Vec<T> {
    let mut rows = vec![nothing; places.len()];
    for (place, found) in places.iter().zip(found) {
        rows[place.row] = found;
    }
    rows
}

/// The pairs in the order (N, E).
fn ordered(pairs: &[Pair]) -> Vec<Place> {
    let place = |(row, pair): (usize, &Pair)| Place {
        count: pair.observed,
        expected: pair.expected,
        ln_expected: pair.expected.ln(),
        row,
    };
    let mut places: Vec<Place> = pairs.par_iter().enumerate().map(place).collect();
    // For positive numbers the order of the bits is the order of the values.
    places.par_sort_unstable_by_key(|place| (place.count, place.expected.to_bits(), place.row));
    places
}
