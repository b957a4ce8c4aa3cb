//! Cumulative hazard of a subject with given covariates.

use super::super::SurvivalError;
use super::super::error::same_length;
use super::Cox;
use super::design::dot;
use super::sweep::sweep;

/// The cumulative hazard of one stratum from `time` until the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaselineStep {
    /// Label of the stratum; `None` without strata.
    pub stratum: Option<usize>,
    /// Time of the step: an event.
    pub time: f64,
    /// Cumulative hazard, 0 or above. Probability of no event so far: exp(-hazard).
    pub hazard: f64,
}

impl Cox {
    /// Returns the cumulative hazard of a subject with covariates `at` (one a covariate of the input),
    /// a step at each event time, stratum by stratum; `None` if a coefficient tends to infinity, or
    /// the covariates lie so far out that the hazard is no number.
    ///
    /// ```text
    /// H(t | x) = exp(x' beta) sum over event times t_j <= t of w/d sum for k = 0 .. d-1 of
    ///            1 / (R_j - k/d D_j)
    /// ```
    ///
    /// in the notation of [`cox`](super::cox()); the treatment of ties is that of the fit. With
    /// `at` all 0 it is the baseline hazard, R's `basehaz(fit, centered = FALSE)`. Covariates left
    /// out of the model have no part in it. Sources: Breslow 1972, J R Stat Soc B 34:216-217; Efron 1977.
    ///
    /// # Errors
    /// [`SurvivalError::Length`] unless `at` has one value a covariate.
    pub fn cumulative_hazard(
        &self,
        at: &[f64],
    ) -> Result<Option<Vec<BaselineStep>>, SurvivalError> {
        same_length("covariates of the subject", at.len(), self.coefficients.len())?;
        if !self.has_maximum() {
            return Ok(None);
        }
        let predictor = dot(&self.design.standardised(at), &self.fit.beta);
        let mut steps = Vec::new();
        for stratum in &self.design.strata {
            let mut jumps = Vec::new();
            sweep(stratum, &self.fit.beta, self.ties, |death| {
                let jump = death.hazard * (predictor - death.shift).exp();
                jumps.push((death.moment.time, jump));
            });
            let mut hazard = 0.0;
            steps.extend(jumps.into_iter().rev().map(|(time, jump)| {
                hazard += jump;
                BaselineStep { stratum: stratum.label, time, hazard }
            }));
        }
        let usable = steps.iter().all(|step| step.hazard.is_finite());
        Ok(usable.then_some(steps))
    }
}
