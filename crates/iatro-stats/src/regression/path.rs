//! Penalised logistic regression at one lambda or along a path of them.

use super::bernoulli::contribution;
use super::proximal_newton::Exactness;
use super::working_set::{Fit, WorkingSet, check_unpenalised};
use super::{DesignMatrix, LogisticData, Penalty, RegressionError};
use crate::special::{in_range, positive};

/// The lambdas of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Lambdas {
    /// `count` values (1 to 10,000) from the smallest lambda at which all penalised coefficients are
    /// 0 down to `ratio` (above 0, below 1) times that, evenly spaced on the log scale.
    Geometric {
        /// How many.
        count: usize,
        /// The last over the first.
        ratio: f64,
    },
    /// These values, each above 0; fitted from the largest to the smallest.
    Given(Vec<f64>),
}

impl Default for Lambdas {
    /// 50 values down to a hundredth of the first.
    fn default() -> Self {
        Self::Geometric { count: 50, ratio: 0.01 }
    }
}

/// How exact a fit is, and when a path ends early.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// A fit has converged when no coefficient, re-optimised alone on the quadratic expansion of the
    /// log-likelihood, would move the linear predictor of any row by more than this (log odds;
    /// 1e-11 to 0.01, by default 1e-8).
    pub tolerance: f64,
    /// Most Newton iterations of one fit (at least 1, by default 200).
    pub max_iterations: u32,
    /// A path ends before the first fit with more non-zero penalised coefficients than this.
    pub max_nonzero: Option<usize>,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { tolerance: 1e-8, max_iterations: 200, max_nonzero: None }
    }
}

impl FitOptions {
    pub(super) fn exactness(&self, function: &'static str) -> Result<Exactness, RegressionError> {
        let tolerance = self.tolerance;
        let ok = (1e-11..=0.01).contains(&tolerance);
        in_range(ok, function, "tolerance", tolerance, "a number from 1e-11 to 0.01 (log odds)")?;
        let iterations = f64::from(self.max_iterations);
        in_range(iterations >= 1.0, function, "max_iterations", iterations, "at least 1")?;
        Ok(Exactness { tolerance, max_iterations: self.max_iterations })
    }
}

/// A penalised logistic regression at one lambda.
#[derive(Debug, Clone, PartialEq)]
pub struct PenalisedFit {
    /// Strength of the penalty ([`Penalty`] states the objective).
    pub lambda: f64,
    /// Intercept, log odds.
    pub intercept: f64,
    /// Column and log odds ratio per unit, for the columns whose coefficient is not 0, in order of
    /// columns.
    pub coefficients: Vec<(usize, f64)>,
    /// Unpenalised log-likelihood (natural logs, without binomial coefficients).
    pub log_likelihood: f64,
    /// Largest violation of the optimality conditions (Karush, Kuhn and Tucker) over all columns, in
    /// the units of lambda: of `|g_j| <= lambda f_j alpha` where the coefficient is 0, and of `g_j =
    /// lambda f_j (alpha sign b_j + (1 - alpha) b_j)` elsewhere, with g the gradient of l / n.
    pub violation: f64,
    /// Whether the tolerance was reached; if not, the coefficients are not the answer.
    pub converged: bool,
    /// Newton iterations made.
    pub iterations: u32,
}

impl PenalisedFit {
    fn new(lambda: f64, fit: Fit) -> Self {
        Self {
            lambda,
            intercept: fit.intercept,
            coefficients: fit.coefficients,
            log_likelihood: fit.log_likelihood,
            violation: fit.violation,
            converged: fit.converged,
            iterations: fit.iterations,
        }
    }

    /// The coefficient of a column: 0 where it is not among the non-zero ones.
    #[must_use]
    pub fn coefficient(&self, column: usize) -> f64 {
        let found = self.coefficients.binary_search_by_key(&column, |&(j, _)| j);
        found.map_or(0.0, |at| self.coefficients[at].1)
    }

    /// The linear predictor (log odds, without offset) of each row of a design with the columns of
    /// the fit; columns that the design does not have count as 0.
    #[must_use]
    pub fn linear_predictor(&self, design: &DesignMatrix) -> Vec<f64> {
        let mut eta = vec![self.intercept; design.rows()];
        for &(j, coefficient) in &self.coefficients {
            if let Some(column) = design.all().get(j) {
                column.for_each(|row, value| eta[row] += coefficient * value);
            }
        }
        eta
    }

    /// Deviance of data with the columns of the fit: -2 log-likelihood. Aggregated rows count as the
    /// reports they stand for.
    pub(super) fn deviance(&self, data: &LogisticData<'_>) -> f64 {
        let mut eta = self.linear_predictor(data.design());
        if let Some(offset) = data.offset() {
            eta.iter_mut().zip(offset).for_each(|(eta, offset)| *eta += offset);
        }
        let rows = data.events().iter().zip(data.totals()).zip(eta);
        -2.0 * rows.map(|((&e, &t), eta)| contribution(e, t, eta).log_likelihood).sum::<f64>()
    }
}

/// Penalised logistic regressions at falling lambdas.
#[derive(Debug, Clone, PartialEq)]
pub struct RegularisationPath {
    /// The fits, lambda falling.
    pub fits: Vec<PenalisedFit>,
    /// The smallest lambda at which all penalised coefficients are 0; for an L1 share below 0.001,
    /// where there is none, that of a share of 0.001. 0 if no penalised column carries information.
    pub lambda_max: f64,
    /// Log-likelihood of the model without penalised columns.
    pub null_log_likelihood: f64,
    /// Number of columns that can have a coefficient (neither excluded nor constant).
    pub columns_in_play: usize,
    /// Weight of all reports.
    pub total_weight: f64,
    /// Whether the path ended early at [`FitOptions::max_nonzero`].
    pub truncated: bool,
}

/// Returns the penalised logistic regression at one `lambda` (above 0, at most 1e300).
///
/// Coefficients minimise the objective that [`Penalty`] states. Columns that are constant over the
/// rows of weight above 0 have coefficient 0. Method: Newton's method with cyclic coordinate descent
/// on sparse columns (Friedman, Hastie and Tibshirani 2010, J Stat Softw 33:1), guarded by a line
/// search, over a working set that the optimality conditions of all columns close.
///
/// # Errors
/// [`RegressionError::ConstantOutcome`] if all rows have the same outcome,
/// [`RegressionError::Separation`] or [`RegressionError::Collinear`] if columns that no penalty holds
/// back have no finite or no unique estimate, [`RegressionError::NotConverged`] if the tolerance was
/// not reached, [`RegressionError::Domain`] or [`RegressionError::NoSuchColumn`] if an argument is out
/// of range.
pub fn penalised_logistic(
    data: &LogisticData<'_>,
    penalty: &Penalty,
    lambda: f64,
    options: &FitOptions,
) -> Result<PenalisedFit, RegressionError> {
    let function = "penalised_logistic";
    let path = path(function, data, penalty, &Lambdas::Given(vec![lambda]), options)?;
    let not_converged =
        RegressionError::NotConverged { function, iterations: options.max_iterations };
    path.fits.into_iter().next().filter(|fit| fit.converged).ok_or(not_converged)
}

/// Returns the penalised logistic regressions along a path of lambdas, each started from the one
/// before. Method and errors as for [`penalised_logistic`], except that a fit which did not converge
/// says so ([`PenalisedFit::converged`]).
///
/// # Errors
/// As for [`penalised_logistic`].
pub fn regularisation_path(
    data: &LogisticData<'_>,
    penalty: &Penalty,
    lambdas: &Lambdas,
    options: &FitOptions,
) -> Result<RegularisationPath, RegressionError> {
    path("regularisation_path", data, penalty, lambdas, options)
}

pub(super) fn path(
    function: &'static str,
    data: &LogisticData<'_>,
    penalty: &Penalty,
    lambdas: &Lambdas,
    options: &FitOptions,
) -> Result<RegularisationPath, RegressionError> {
    let exactness = options.exactness(function)?;
    check_lambdas(function, lambdas)?;
    data.check_outcome(function)?;
    let scales = penalty.scales(function, data)?;
    check_unpenalised(function, data, &scales, None)?;
    let unpenalised = scales.unpenalised().len();
    let columns_in_play = unpenalised + scales.penalised().count();
    let mut working = WorkingSet::new(data, scales, exactness, None);
    let (null, lambda_max) = working.null();
    let mut path = RegularisationPath {
        fits: Vec::new(),
        lambda_max,
        null_log_likelihood: null.log_likelihood,
        columns_in_play,
        total_weight: data.total_weight(),
        truncated: false,
    };
    for lambda in sequence(lambdas, lambda_max) {
        let fit = if lambda > 0.0 { working.fit(lambda) } else { null.clone() };
        let nonzero = fit.coefficients.len().saturating_sub(unpenalised);
        if options.max_nonzero.is_some_and(|most| nonzero > most) {
            path.truncated = true;
            break;
        }
        path.fits.push(PenalisedFit::new(lambda, fit));
    }
    Ok(path)
}

fn check_lambdas(function: &'static str, lambdas: &Lambdas) -> Result<(), RegressionError> {
    match lambdas {
        Lambdas::Geometric { count, ratio } => {
            let expected = "a whole number from 1 to 10,000";
            in_range((1..=10_000).contains(count), function, "count", *count as f64, expected)?;
            let ok = *ratio > 0.0 && *ratio < 1.0;
            in_range(ok, function, "ratio", *ratio, "a number above 0 and below 1")?;
        }
        Lambdas::Given(values) => {
            for &lambda in values {
                positive(function, "lambda", lambda)?;
            }
        }
    }
    Ok(())
}

/// The lambdas, falling. Where no penalised column carries information, a geometric path is the one
/// model without penalised columns.
fn sequence(lambdas: &Lambdas, lambda_max: f64) -> Vec<f64> {
    match lambdas {
        Lambdas::Given(values) => {
            let mut values = values.clone();
            values.sort_by(|a, b| b.total_cmp(a));
            values
        }
        Lambdas::Geometric { .. } if lambda_max == 0.0 => vec![0.0],
        Lambdas::Geometric { count, ratio } => {
            let last = (count - 1).max(1) as f64;
            (0..*count).map(|k| lambda_max * ratio.powf(k as f64 / last)).collect()
        }
    }
}
