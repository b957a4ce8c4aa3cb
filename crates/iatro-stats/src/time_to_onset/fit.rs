//! Maximum likelihood of the Weibull and the log-normal distribution.

use thiserror::Error;

use super::distribution::Distribution;
use super::likelihood::Sample;
use super::limits::{self, Limit};
use super::onset::Onset;
use super::profile::{Parameter, Profile};
use super::standard::Standard;
use crate::Estimate;
use crate::numeric::linear::Cholesky;
use crate::numeric::maximise::{Local, Maximum, newton};

/// Why there is no fit. None of these is a number.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum FitError {
    /// No cases.
    #[error("time to onset: no cases; expected at least two with different times")]
    NoCases,
    /// Weights and cases are not paired.
    #[error("time to onset: {weights} weights for {cases} cases; expected one each")]
    UnequalLengths {
        /// Number of cases.
        cases: usize,
        /// Number of weights.
        weights: usize,
    },
    /// A weight out of range.
    #[error(
        "time to onset: the weight at index {index} is {value}; expected a number above 0 and at \
         most 1e12"
    )]
    Weight {
        /// Index of the case, from 0.
        index: usize,
        /// The weight.
        value: f64,
    },
    /// All times may be equal: any distribution narrow enough fits perfectly.
    #[error(
        "time to onset: not estimable, all cases may lie in one interval (from {lower_days} days \
         on); expected times that differ, a sample summary is all there is"
    )]
    OneInterval {
        /// Where the interval that all cases share begins, days.
        lower_days: f64,
    },
    /// The likelihood is nowhere higher than at the edge of the parameters.
    #[error(
        "time to onset: not estimable, no parameters are more likely than the limit of {}; \
         expected more cases, narrower dates or later truncation",
        limit.name()
    )]
    NoMaximum {
        /// The limit.
        limit: Limit,
    },
    /// There is a maximum, but so flat that a Wald limit is no number of days.
    #[error(
        "time to onset: not estimable, the standard error of the logarithm of the {parameter} is \
         {se:.0}; expected more cases, narrower dates or later truncation"
    )]
    Flat {
        /// "scale", "shape", "median" or "sigma".
        parameter: &'static str,
        /// Standard error of its logarithm.
        se: f64,
    },
    /// The search did not end at a maximum.
    #[error(
        "time to onset: no maximum of the likelihood found in {steps} steps; check for outliers"
    )]
    NotConverged {
        /// Steps of the best search.
        steps: u32,
    },
}

/// What both fits say about themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitSummary {
    /// Total weight of the cases (their number, without weights).
    pub cases: f64,
    /// The same of cases with an upper end.
    pub onsets: f64,
    /// Log-likelihood: the log of the probability of the observed intervals, given truncation.
    pub log_likelihood: f64,
    /// Akaike's information criterion, 4 - 2 log-likelihood. Both families are fitted to the same
    /// intervals, so their criteria may be compared.
    pub aic: f64,
    /// Variances of the two parameters on the log scale and their covariance (ln scale, ln shape; mu,
    /// ln sigma): the inverse of minus the Hessian. In the order (first, both, second).
    pub covariance: [f64; 3],
    /// Newton steps of the search that won; it converged, or there would be no fit.
    pub steps: u32,
}

/// A Weibull distribution fitted to times to onset: F(t) = 1 - exp(-(t / scale)^shape).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeibullFit {
    /// Scale in days: 63.2 % of onsets come before it.
    pub scale_days: Parameter,
    /// Shape, no unit: below 1 the hazard falls, above 1 it rises.
    pub shape: Parameter,
    /// Median of the fitted distribution, days.
    pub median_days: Parameter,
    /// Likelihood, convergence.
    pub summary: FitSummary,
}

/// A log-normal distribution fitted to times to onset: ln t is normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogNormalFit {
    /// Mean of ln t (t in days). Its intervals are on this scale.
    pub mu: Parameter,
    /// Standard deviation of ln t.
    pub sigma: Parameter,
    /// Median of the fitted distribution in days, exp(mu).
    pub median_days: Parameter,
    /// Likelihood, convergence.
    pub summary: FitSummary,
}

/// Fits a Weibull distribution by maximum likelihood under interval censoring and right truncation.
///
/// ```text
/// ln L = sum of ln(F(upper) - F(lower)) - ln F(truncation)
/// F(t) = 1 - exp(-(t / scale)^shape)
/// ```
///
/// With truncation, the fit speaks about all onsets, also those that come too late to be reported
/// yet; it rests on the shape of the distribution beyond the truncation, which the data cannot check.
/// Standard errors from the observed information, intervals by Wald on the log scale and by the
/// profile of the likelihood ([`Parameter`]). Search: Newton on (ln scale, ln shape) with analytic
/// derivatives. Without truncation the log-likelihood is concave in (ln scale / sigma, 1 / sigma)
/// (Burridge 1981, J R Stat Soc B 43:41-45), so there is one maximum; with truncation the best of
/// five starts counts. Sources: Leroy et al. 2014, BMC Med Res Methodol 14:17; Cornelius et al. 2012,
/// Drug Saf 35:599-610.
///
/// # Errors
/// [`FitError`] if there are no cases or the data do not identify both parameters.
pub fn weibull(onsets: &[Onset]) -> Result<WeibullFit, FitError> {
    fit_weibull(&unweighted(onsets)?)
}

/// [`weibull`], each case counting `weights` times.
///
/// A weight stands for so many identical cases (above 0, at most 1e12; it need not be whole);
/// standard errors take it so.
///
/// # Errors
/// As [`weibull`], and for weights out of range or not paired with the cases.
pub fn weibull_weighted(onsets: &[Onset], weights: &[f64]) -> Result<WeibullFit, FitError> {
    fit_weibull(&weighted(onsets, weights)?)
}

/// Fits a log-normal distribution by maximum likelihood under interval censoring and right
/// truncation; everything else as [`weibull`].
///
/// # Errors
/// As [`weibull`].
pub fn log_normal(onsets: &[Onset]) -> Result<LogNormalFit, FitError> {
    fit_log_normal(&unweighted(onsets)?)
}

/// [`log_normal`], each case counting `weights` times, as in [`weibull_weighted`].
///
/// # Errors
/// As [`weibull_weighted`].
pub fn log_normal_weighted(onsets: &[Onset], weights: &[f64]) -> Result<LogNormalFit, FitError> {
    fit_log_normal(&weighted(onsets, weights)?)
}

impl WeibullFit {
    /// The fitted distribution.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        Distribution::located(
            Standard::SmallestExtreme,
            self.scale_days.point.ln(),
            1.0 / self.shape.point,
        )
    }
}

impl LogNormalFit {
    /// The fitted distribution.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        Distribution::located(Standard::Normal, self.mu.point, self.sigma.point)
    }
}

pub(super) fn fit_weibull(sample: &Sample) -> Result<WeibullFit, FitError> {
    let standard = Standard::SmallestExtreme;
    let peak = Peak::find(sample, standard)?;
    let profile = Profile::new(sample, standard, &peak);
    let mut summary = peak.summary(sample);
    // ln shape = -ln sigma.
    summary.covariance[1] = -summary.covariance[1];
    Ok(WeibullFit {
        // The quantile at z = 0 is the scale.
        scale_days: bounded("scale", profile.quantile(0.0).exp())?,
        shape: bounded("shape", profile.spread().reciprocal_exp())?,
        median_days: bounded("median", profile.quantile(standard.quantile(0.5)).exp())?,
        summary,
    })
}

pub(super) fn fit_log_normal(sample: &Sample) -> Result<LogNormalFit, FitError> {
    let peak = Peak::find(sample, Standard::Normal)?;
    let profile = Profile::new(sample, Standard::Normal, &peak);
    let mu = profile.quantile(0.0);
    Ok(LogNormalFit {
        mu,
        sigma: bounded("sigma", profile.spread().exp())?,
        median_days: bounded("median", mu.exp())?,
        summary: peak.summary(sample),
    })
}

/// Refuses a positive parameter whose point or Wald limits leave the range of numbers: the
/// likelihood is then all but flat, and 0 or infinity would stand for unknown.
fn bounded(name: &'static str, parameter: Parameter) -> Result<Parameter, FitError> {
    let Estimate { point, lower, upper } = parameter.wald;
    if [point, lower, upper].iter().all(|value| value.is_normal()) {
        Ok(parameter)
    } else {
        Err(FitError::Flat { parameter: name, se: parameter.se })
    }
}

pub(super) fn unweighted(onsets: &[Onset]) -> Result<Sample, FitError> {
    if onsets.is_empty() {
        return Err(FitError::NoCases);
    }
    Ok(Sample::new(onsets, std::iter::repeat(1.0)))
}

fn weighted(onsets: &[Onset], weights: &[f64]) -> Result<Sample, FitError> {
    if onsets.len() != weights.len() {
        return Err(FitError::UnequalLengths { cases: onsets.len(), weights: weights.len() });
    }
    let bad = |w: &f64| !(*w > 0.0 && *w <= 1e12);
    if let Some((index, &value)) = weights.iter().enumerate().find(|(_, w)| bad(w)) {
        return Err(FitError::Weight { index, value });
    }
    if onsets.is_empty() {
        return Err(FitError::NoCases);
    }
    Ok(Sample::new(onsets, weights.iter().copied()))
}

/// The maximum of the likelihood over mu and tau = ln sigma.
#[derive(Debug, Clone)]
pub(super) struct Peak {
    pub(super) mu: f64,
    pub(super) tau: f64,
    pub(super) log_likelihood: f64,
    pub(super) covariance: [f64; 3],
    steps: u32,
}

/// The search ends where one more step promises less log-likelihood than this a case, above the
/// rounding of the sum; two plain Newton steps then square the rest of the distance twice.
pub(super) const GAIN_PER_CASE: f64 = 1e-11;
const MAX_STEPS: u32 = 200;
/// A maximum must stand out from the limits by so much log-likelihood; less is a plateau, with standard
/// errors of thousands of logarithms.
const ABOVE_LIMITS: f64 = 1e-3;

/// mu and tau are sought within these bounds: on the way to a limit at infinity, rounding further out
/// would look like a rise.
const WIDEST: [f64; 2] = [500.0, 15.0];

impl Peak {
    fn find(sample: &Sample, standard: Standard) -> Result<Self, FitError> {
        let (lower_days, upper_days) = limits::shared(sample);
        if lower_days < upper_days {
            return Err(FitError::OneInterval { lower_days });
        }
        let mut best = search(sample, standard).ok_or(FitError::NotConverged { steps: 0 })?;
        polish(&mut best, sample, standard);
        if let Some((limit, value)) = limits::highest(sample)
            && best.local.value < value + ABOVE_LIMITS
        {
            return Err(FitError::NoMaximum { limit });
        }
        Self::checked(&best).ok_or(FitError::NotConverged { steps: best.steps })
    }

    /// `None` unless the end of the search is a maximum.
    fn checked(best: &Maximum) -> Option<Self> {
        let Local { value, gradient, hessian } = &best.local;
        let information: Vec<f64> = hessian.iter().map(|h| -h).collect();
        let factor = Cholesky::new(&information, 2)?;
        let step = factor.solve(gradient);
        let gain = 0.5 * step.iter().zip(gradient).map(|(s, g)| s * g).sum::<f64>();
        let inverse = factor.inverse();
        let (&[mu, tau], &[vm, cov, _, vt]) = (best.at.as_slice(), inverse.as_slice()) else {
            return None;
        };
        // A thousandth of a standard error.
        let ok = gain < 5e-7 && [vm, cov, vt].iter().all(|v| v.is_finite());
        ok.then_some(Self {
            mu,
            tau,
            log_likelihood: *value,
            covariance: [vm, cov, vt],
            steps: best.steps,
        })
    }

    fn summary(&self, sample: &Sample) -> FitSummary {
        FitSummary {
            cases: sample.cases,
            onsets: sample.onsets,
            log_likelihood: self.log_likelihood,
            aic: 4.0 - 2.0 * self.log_likelihood,
            covariance: self.covariance,
            steps: self.steps,
        }
    }
}

/// Shifts of the start (in mu, and of tau): the moments of the typical times, and with truncation
/// distributions that reach further, as the unseen cases may.
const STARTS: [(f64, f64); 5] = [(0.0, 0.0), (1.0, 0.2), (3.0, 0.5), (0.5, -0.7), (7.0, 0.9)];

fn search(sample: &Sample, standard: Standard) -> Option<Maximum> {
    let (mean, deviation) = sample.log_moments();
    let (centre, unit) = standard.moments();
    let sigma = deviation.max(0.1) / unit;
    let mu = mean - centre * sigma;
    let tolerance = GAIN_PER_CASE * (1.0 + sample.cases);
    let mut best: Option<Maximum> = None;
    for (shift, stretch) in STARTS {
        let start = [mu + shift * sigma.max(0.5), sigma.ln() + stretch];
        let found = newton(&start, tolerance, MAX_STEPS, |at| match at {
            &[mu, tau] if mu.abs() < WIDEST[0] && tau.abs() < WIDEST[1] => {
                sample.log_likelihood(standard, mu, tau)
            }
            _ => Local { value: f64::NAN, gradient: Vec::new(), hessian: Vec::new() },
        });
        let Some(found) = found else { continue };
        let done = found.converged && !sample.is_truncated();
        if best.as_ref().is_none_or(|b| found.local.value > b.local.value) {
            best = Some(found);
        }
        if done {
            break;
        }
    }
    best
}

/// Two Newton steps without any damping, taken only from a point where the search converged.
fn polish(best: &mut Maximum, sample: &Sample, standard: Standard) {
    for _ in 0..2 {
        let information: Vec<f64> = best.local.hessian.iter().map(|h| -h).collect();
        let Some(factor) = Cholesky::new(&information, 2).filter(|_| best.converged) else {
            return;
        };
        let step = factor.solve(&best.local.gradient);
        let next: Vec<f64> = best.at.iter().zip(&step).map(|(x, s)| x + s).collect();
        let &[mu, tau] = next.as_slice() else { return };
        let local = sample.log_likelihood(standard, mu, tau);
        if !local.value.is_finite() || local.gradient.iter().any(|g| !g.is_finite()) {
            return;
        }
        best.at = next;
        best.local = local;
    }
}
