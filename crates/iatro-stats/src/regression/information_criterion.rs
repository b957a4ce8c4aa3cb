//! Choice of lambda by the Bayesian information criterion, plain or extended.

use super::classes::Problem;
use super::newton::{Model, not_converged};
use super::{LogisticData, RegressionError, RegularisationPath};
use crate::special::{in_range, ln_gamma_unchecked};

/// The log-likelihood in a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CriterionLikelihood {
    /// That of the penalised fit (Zou, Hastie and Tibshirani 2007, Ann Stat 35:2173-2192).
    Penalised,
    /// That of the unpenalised fit on the columns whose penalised coefficient is not 0, as the R
    /// package adapt4pv has it (Courtois et al. 2021, BMC Med Res Methodol 21:271). Under separation it
    /// is the supremum; a column that depends on the others adds nothing to it.
    Refitted,
}

/// The criterion at one fit of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InformationCriterion {
    /// Lambda of the fit.
    pub lambda: f64,
    /// Number of non-zero coefficients, without the intercept.
    pub degrees_of_freedom: usize,
    /// The log-likelihood in the criterion.
    pub log_likelihood: f64,
    /// The criterion; smaller is better.
    pub value: f64,
}

/// Returns the information criterion of each fit of a path on the data it was fitted to.
///
/// ```text
/// -2 l + df ln n + 2 gamma ln (p choose df)
/// ```
///
/// n is the weight of all reports, df the number of non-zero coefficients, p the number of columns
/// that can have one. `gamma` 0 gives the BIC (Schwarz 1978, Ann Stat 6:461-464), up to 1 the extended
/// BIC for many columns (Chen and Chen 2008, Biometrika 95:759-771).
///
/// # Errors
/// [`RegressionError::Domain`] if `gamma` is not from 0 to 1; with refitted likelihoods also the
/// errors of [`super::maximum_likelihood`].
pub fn information_criterion(
    data: &LogisticData<'_>,
    path: &RegularisationPath,
    likelihood: CriterionLikelihood,
    gamma: f64,
) -> Result<Vec<InformationCriterion>, RegressionError> {
    let function = "information_criterion";
    let ok = (0.0..=1.0).contains(&gamma);
    in_range(ok, function, "gamma", gamma, "a number from 0 (BIC) to 1")?;
    let mut criteria: Vec<InformationCriterion> = Vec::with_capacity(path.fits.len());
    let mut last: Option<(Vec<usize>, f64)> = None;
    for fit in &path.fits {
        let support: Vec<usize> = fit.coefficients.iter().map(|&(j, _)| j).collect();
        let df = support.len();
        let log_likelihood = match (likelihood, last.take()) {
            (CriterionLikelihood::Penalised, _) => fit.log_likelihood,
            (CriterionLikelihood::Refitted, Some((same, value))) if same == support => value,
            (CriterionLikelihood::Refitted, _) => refitted(function, data, &support)?,
        };
        last = Some((support, log_likelihood));
        let choices = ln_choose(path.columns_in_play.max(df), df);
        let n = path.total_weight;
        let value = -2.0 * log_likelihood + df as f64 * n.ln() + 2.0 * gamma * choices;
        let lambda = fit.lambda;
        criteria.push(InformationCriterion {
            lambda,
            degrees_of_freedom: df,
            log_likelihood,
            value,
        });
    }
    Ok(criteria)
}

/// Returns the position of the smallest criterion, the first (with the largest lambda) among equals;
/// `None` for none.
#[must_use]
pub fn smallest_criterion(criteria: &[InformationCriterion]) -> Option<usize> {
    let values = criteria.iter().enumerate();
    values.min_by(|(_, a), (_, b)| a.value.total_cmp(&b.value)).map(|(at, _)| at)
}

/// The largest log-likelihood that the columns reach without penalty.
fn refitted(
    function: &'static str,
    data: &LogisticData<'_>,
    support: &[usize],
) -> Result<f64, RegressionError> {
    let problem = Problem::on_columns(function, data, support)?;
    let all = || 0..support.len();
    let dependent = Model::new(&problem, all().collect()).dependent();
    let model = Model::new(&problem, all().filter(|at| !dependent.contains(at)).collect());
    let top = model.maximum(&problem.offset, None).ok_or(not_converged(function))?;
    Ok(top.value)
}

fn ln_choose(n: usize, k: usize) -> f64 {
    let ln_factorial = |m: usize| ln_gamma_unchecked(m as f64 + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}
