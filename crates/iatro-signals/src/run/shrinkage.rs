//! The gamma-Poisson shrinker (MGPS) of a run: its prior is fitted to every pair of a substance and a
//! preferred term on the same reports.

use iatro_stats::gamma_poisson::{
    FitError, FitOptions, Location, Pair, PairError, Prior, Score, fit, score,
};
use rayon::prelude::*;
use serde::Serialize;

use crate::count::{PairCount, PairCounts};

/// A fitted prior, as a run reports it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FittedPrior {
    /// Shape of the first component.
    pub alpha1: f64,
    /// Rate of the first component.
    pub beta1: f64,
    /// Shape of the second component.
    pub alpha2: f64,
    /// Rate of the second component.
    pub beta2: f64,
    /// Weight of the first component.
    pub p: f64,
    /// Log likelihood at this optimum.
    pub log_likelihood: f64,
    /// Pairs that it was fitted to: every pair on at least one report.
    pub pairs: u64,
    /// "interior", "boundary" or "flat": at a boundary, and where it is flat, the data ask for a
    /// simpler prior and the five numbers mean little by themselves.
    pub location: &'static str,
    /// How many further optima the starting points led to.
    pub other_optima: usize,
    #[serde(skip)]
    prior: Prior,
}

/// What the prior makes of a pair; `None` where there is no prior or no expected count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Shrinkage {
    /// Empirical Bayes geometric mean of the relative reporting ratio.
    pub ebgm: Option<f64>,
    /// 5 % quantile of its posterior.
    pub eb05: Option<f64>,
    /// 95 % quantile of its posterior.
    pub eb95: Option<f64>,
}

impl From<Score> for Shrinkage {
    fn from(score: Score) -> Self {
        Self { ebgm: Some(score.ebgm), eb05: Some(score.eb05), eb95: Some(score.eb95) }
    }
}

impl FittedPrior {
    /// Fits the prior to every pair; `None` if no starting point converged or there is no pair.
    ///
    /// # Errors
    /// [`FitError`] if a pair is out of range: counts that do not fit together.
    pub(super) fn of(pairs: &[Pair]) -> Result<Option<Self>, FitError> {
        let fit = match fit(pairs, &FitOptions::default()) {
            Ok(fit) if fit.best.converged => fit,
            Ok(_) | Err(FitError::NoPairs { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let [alpha1, beta1, alpha2, beta2, p] = fit.prior().to_array();
        Ok(Some(Self {
            alpha1,
            beta1,
            alpha2,
            beta2,
            p,
            log_likelihood: fit.best.log_likelihood,
            pairs: fit.pairs,
            location: match fit.best.location {
                Location::Interior => "interior",
                Location::Boundary => "boundary",
                Location::Flat => "flat",
            },
            other_optima: fit.others.len(),
            prior: *fit.prior(),
        }))
    }

    /// The scores of pairs, in their order.
    ///
    /// # Errors
    /// [`PairError`] if an expected count is out of range.
    pub(super) fn scores(&self, pairs: &[Pair]) -> Result<Vec<Score>, PairError> {
        score(&self.prior, pairs)
    }

    /// The score of one table's observed and expected count.
    pub(super) fn shrinkage(&self, observed: u64, expected: Option<f64>) -> Shrinkage {
        let scored = |expected| self.scores(&[Pair { observed, expected }]).ok();
        let score = expected.filter(|&expected| expected > 0.0).and_then(scored);
        score.and_then(|scores| scores.first().copied()).map_or_else(Default::default, Into::into)
    }
}

/// Observed and expected count of every pair, in their order, from the margins of substances and terms
/// on `reports` reports.
pub(super) fn observed_expected(
    pairs: &[PairCount],
    reports: u64,
    substance: impl Fn(u32) -> u64 + Sync,
    term: impl Fn(u32) -> u64 + Sync,
) -> Vec<Pair> {
    let pair = |pair: &PairCount| {
        let both = substance(pair.substance) as f64 * term(pair.term) as f64;
        Pair { observed: u64::from(pair.n), expected: both / reports as f64 }
    };
    pairs.par_iter().map(pair).collect()
}

impl FittedPrior {
    /// The prior of counted pairs.
    ///
    /// # Errors
    /// As for [`of`](Self::of).
    pub(super) fn of_counts(counts: &PairCounts) -> Result<Option<Self>, FitError> {
        let margin = |margins: &[u64], at: u32| margins.get(at as usize).copied().unwrap_or(0);
        Self::of(&observed_expected(
            &counts.pairs,
            counts.reports,
            |substance| margin(&counts.substances, substance),
            |term| margin(&counts.terms, term),
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::count::PairCount;

    fn pairs() -> Vec<Pair> {
        let pair = |substance, term, n| PairCount { substance, term, n };
        let counts = [pair(0, 0, 3), pair(0, 1, 4), pair(1, 1, 5)];
        observed_expected(&counts, 10, |at| [6, 5][at as usize], |at| [4, 8][at as usize])
    }

    #[test]
    fn expected_counts_are_those_of_independence() {
        let pairs = pairs();
        assert_eq!(pairs.iter().map(|p| p.observed).collect::<Vec<_>>(), [3, 4, 5]);
        for (pair, expected) in pairs.iter().zip([2.4, 4.8, 4.0]) {
            assert!((pair.expected - expected).abs() < 1e-15);
        }
    }

    #[test]
    fn a_table_has_the_score_that_the_pair_has() {
        let pairs = pairs();
        let prior = FittedPrior::of(&pairs).unwrap().unwrap();
        let scores = prior.scores(&pairs).unwrap();
        for (pair, score) in pairs.iter().zip(scores) {
            let single = prior.shrinkage(pair.observed, Some(pair.expected));
            assert!((single.ebgm.unwrap() / score.ebgm - 1.0).abs() < 1e-12);
            assert!((single.eb05.unwrap() / score.eb05 - 1.0).abs() < 1e-9);
        }
        assert_eq!(prior.shrinkage(3, None), Shrinkage::default());
        assert_eq!(prior.shrinkage(0, Some(0.0)), Shrinkage::default());
        assert_eq!(FittedPrior::of(&[]), Ok(None));
        assert!(FittedPrior::of(&[Pair { observed: 1, expected: 0.0 }]).is_err());
    }
}
