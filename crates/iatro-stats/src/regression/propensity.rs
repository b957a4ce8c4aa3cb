//! Propensity scores: the probability of the exposure given the other covariates of a report.
//!
//! A score is fitted ([`PropensityScores::fit`]) or taken from elsewhere ([`PropensityScores::new`]),
//! and then used to stratify, match or weight the reports. What balance was reached is said by
//! [`standardised_mean_differences`], what overlap there was by [`PropensityScores::overlap`].
//! Source: Rosenbaum and Rubin 1983, Biometrika 70:41-55.

mod balance;
mod matching;
mod overlap;
mod strata;
mod weighted_ror;
mod weights;

pub use balance::{StandardisedMeanDifference, standardised_mean_differences};
pub use matching::{Caliper, MatchedSet, matched_weights};
pub use overlap::Overlap;
pub use strata::QuantileBase;
pub use weighted_ror::weighted_ror;
pub use weights::Weighting;

use super::bernoulli::probability;
use super::cross_validation::cross_validate;
use super::error::same_length;
use super::information_criterion::{
    CriterionLikelihood, information_criterion, smallest_criterion,
};
use super::path::{FitOptions, Lambdas, penalised_logistic, regularisation_path};
use super::{DesignMatrix, LogisticData, PenalisedFit, Penalty, RegressionError};
use crate::special::in_range;

/// How the strength of the penalty is chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum PenaltyChoice {
    /// This lambda.
    Lambda(f64),
    /// The lambda with the smallest cross-validated deviance, or with `one_standard_error` the
    /// largest one within a standard error of it.
    CrossValidation {
        /// Lambdas to choose from.
        lambdas: Lambdas,
        /// Number of folds, 2 to 1,000.
        folds: u32,
        /// Seed of the folds.
        seed: u64,
        /// Whether the larger lambda is taken.
        one_standard_error: bool,
    },
    /// The lambda with the smallest (extended) BIC.
    InformationCriterion {
        /// Lambdas to choose from.
        lambdas: Lambdas,
        /// The log-likelihood in the criterion.
        likelihood: CriterionLikelihood,
        /// 0 for the BIC, up to 1 for the extended one.
        gamma: f64,
    },
}

/// A propensity score for each report, with whether it has the exposure.
#[derive(Debug, Clone, PartialEq)]
pub struct PropensityScores {
    exposed: Vec<bool>,
    scores: Vec<f64>,
}

impl PropensityScores {
    /// Takes scores (strictly between 0 and 1) from elsewhere.
    ///
    /// # Errors
    /// [`RegressionError::Length`] unless each report has a score, [`RegressionError::Domain`] if a
    /// score is out of range, [`RegressionError::ConstantOutcome`] unless there are reports with the
    /// exposure and without.
    pub fn new(exposed: &[bool], scores: &[f64]) -> Result<Self, RegressionError> {
        let function = "PropensityScores::new";
        same_length(function, "scores", scores.len(), exposed.len(), "report")?;
        for &score in scores {
            let expected = "a probability strictly between 0 and 1; take out reports whose exposure \
                            is certain";
            in_range(score > 0.0 && score < 1.0, function, "scores", score, expected)?;
        }
        let events = exposed.iter().filter(|&&e| e).count();
        if events == 0 || events == exposed.len() {
            let (events, total) = (events as f64, exposed.len() as f64);
            return Err(RegressionError::ConstantOutcome { function, events, total });
        }
        Ok(Self { exposed: exposed.to_vec(), scores: scores.to_vec() })
    }

    /// Fits the scores by penalised logistic regression of the exposure on the columns of a design, and
    /// returns them with the fit. If the exposure is a column of the design itself, it has to be excluded
    /// ([`Penalty::excluding`], [`DesignMatrix::indicator`]).
    ///
    /// # Errors
    /// Those of [`penalised_logistic`], [`cross_validate`] and
    /// [`information_criterion`], and of [`PropensityScores::new`].
    pub fn fit(
        design: &DesignMatrix,
        exposed: &[bool],
        penalty: &Penalty,
        choice: &PenaltyChoice,
        options: &FitOptions,
    ) -> Result<(Self, PenalisedFit), RegressionError> {
        let data = LogisticData::new(design, exposed)?;
        let fit = chosen_fit(&data, penalty, choice, options)?;
        let eta = fit.linear_predictor(design);
        let scores: Vec<f64> = eta.into_iter().map(probability).collect();
        Ok((Self::new(exposed, &scores)?, fit))
    }

    /// Whether each report has the exposure.
    #[must_use]
    pub fn exposed(&self) -> &[bool] {
        &self.exposed
    }

    /// The score of each report.
    #[must_use]
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// The logit of each score.
    fn logits(&self) -> Vec<f64> {
        self.scores.iter().map(|score| (score / (1.0 - score)).ln()).collect()
    }
}

fn chosen_fit(
    data: &LogisticData<'_>,
    penalty: &Penalty,
    choice: &PenaltyChoice,
    options: &FitOptions,
) -> Result<PenalisedFit, RegressionError> {
    let (path, at) = match choice {
        PenaltyChoice::Lambda(lambda) => {
            return penalised_logistic(data, penalty, *lambda, options);
        }
        PenaltyChoice::CrossValidation { lambdas, folds, seed, one_standard_error } => {
            let cv = cross_validate(data, penalty, lambdas, options, *folds, *seed)?;
            let at = if *one_standard_error { cv.one_standard_error } else { cv.smallest };
            (cv.path, at)
        }
        PenaltyChoice::InformationCriterion { lambdas, likelihood, gamma } => {
            let path = regularisation_path(data, penalty, lambdas, options)?;
            let criteria = information_criterion(data, &path, *likelihood, *gamma)?;
            (path, smallest_criterion(&criteria).unwrap_or(0))
        }
    };
    let fit = path.fits.into_iter().nth(at).filter(|fit| fit.converged);
    fit.ok_or(RegressionError::NotConverged {
        function: "PropensityScores::fit",
        iterations: options.max_iterations,
    })
}
