//! Cox regression: proportional hazards by maximum partial likelihood.

mod baseline;
mod concordance;
mod design;
mod fit;
mod profile;
mod proportional;
mod sweep;

pub use baseline::BaselineStep;
pub use concordance::Concordance;
pub use profile::ProfileInterval;
pub use proportional::{ProportionalHazards, TimeTransform};

use design::{Design, dot};
use fit::Fit;

use super::limits::z_of;
use super::{ChiSquaredTest, Cohort, Interval, SurvivalError};
use crate::numeric::linear::Cholesky;
use crate::special::chi_squared_1df_upper;

/// How events at the same time are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// Efron 1977, J Am Stat Assoc 72:557-565: the events one after the other, averaged over their
    /// orders. Near the exact likelihood; the default, as in R's `coxph`.
    #[default]
    Efron,
    /// Breslow 1974, Biometrics 30:89-99: each event against everyone at risk at its time. The
    /// default of many other programs; shrinks coefficients where there are many ties.
    Breslow,
}

/// How to fit. By default Efron's treatment of ties, no strata, 95 % limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoxOptions<'a> {
    /// How events at the same time are treated.
    pub ties: Ties,
    /// A label for each subject of the input: each stratum has a baseline hazard of its own.
    pub strata: Option<&'a [usize]>,
    /// Level of the Wald limits, strictly between 0 and 1 (0.95, not 95).
    pub level: f64,
}

impl Default for CoxOptions<'_> {
    fn default() -> Self {
        Self { ties: Ties::Efron, strata: None, level: 0.95 }
    }
}

/// The effect of one covariate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// Logarithm of the hazard ratio for one unit of the covariate.
    pub log_hazard_ratio: f64,
    /// Its standard error, from the observed information.
    pub standard_error: f64,
    /// Wald statistic: the one divided by the other.
    pub z: f64,
    /// Two-sided probability of a statistic as far from 0 where there is no effect.
    pub p: f64,
    /// Wald limits of the logarithm.
    pub limits: Interval,
}

/// A hazard ratio for one unit of a covariate, with Wald limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HazardRatio {
    /// The ratio.
    pub point: f64,
    /// Its limits.
    pub limits: Interval,
}

impl Coefficient {
    /// Returns the hazard ratio; `None` if it or a limit is too large or too small for a number
    /// (choose a larger or smaller unit for the covariate).
    #[must_use]
    pub fn hazard_ratio(&self) -> Option<HazardRatio> {
        let limits = Interval { lower: self.limits.lower.exp(), upper: self.limits.upper.exp() };
        let all = [self.log_hazard_ratio.exp(), limits.lower, limits.upper];
        let usable = all.iter().all(|value| value.is_normal());
        usable.then_some(HazardRatio { point: all[0], limits })
    }
}

/// Why a covariate has no coefficient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotEstimable {
    /// It does not differ among those at risk at any event (or there is no event).
    Constant,
    /// It is a linear function of the covariates before it.
    Collinear,
    /// The likelihood rises for ever as the coefficient grows: one value of the covariate has no
    /// events, or the events fall in its order (separation). Tests of the whole model remain
    /// valid, and [`Cox::profile_interval`] gives the limit that exists.
    Monotone {
        /// Whether the coefficient tends to plus infinity (else to minus infinity); `None` if several
        /// tend to infinity together, which they may in more than one direction.
        rising: Option<bool>,
    },
    /// Other coefficients tend to infinity, and where they do, the events tell nothing of this one.
    Undetermined,
    /// The search for the maximum did not end.
    NoConvergence,
}

impl std::fmt::Display for NotEstimable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Constant => "does not differ among those at risk at any event",
            Self::Collinear => "is a linear function of other covariates",
            Self::Monotone { rising: Some(true) } => {
                "events separated: hazard ratio without upper bound"
            }
            Self::Monotone { rising: Some(false) } => "events separated: hazard ratio down to 0",
            Self::Monotone { rising: None } => "events separated by several covariates together",
            Self::Undetermined => "nothing is told of it once others are separated",
            Self::NoConvergence => "no maximum found",
        })
    }
}

/// A fitted model.
#[derive(Debug, Clone)]
pub struct Cox {
    design: Design,
    fit: Fit,
    ties: Ties,
    /// Covariance of the estimated coefficients, standardised, row by row over `estimated`.
    covariance: Vec<f64>,
    /// Places, among the covariates that the design keeps, of those with an estimate.
    estimated: Vec<usize>,
    coefficients: Vec<Result<Coefficient, NotEstimable>>,
}

/// Fits the hazard h(t | x) = h_0(t) exp(x' beta) to a cohort; an event of any cause counts (see
/// [`Cohort::cause_specific`] for one).
///
/// `covariates`: one column each, with a value for every subject of the input, in its order.
///
/// ```text
/// ln L = sum over event times [ sum over events w_i x_i' beta
///        - w/d sum for k = 0 .. d-1 of ln(R - k/d D) ]
/// ```
///
/// R: sum of w exp(x' beta) over those at risk; D: over the d events of the time; w: their weight.
/// With `Ties::Breslow` k is 0 throughout. Strata add up. A subject is at risk at t if entry < t <= time.
/// The covariates are standardised inside, so units and origin do not matter. Where the weights are
/// not all 1, the standard errors are those of that many subjects, not robust ones; tied events are
/// averaged as in R's `coxph`, so a weight is not quite a repeated row (with `Breslow` it is).
///
/// A coefficient that does not exist is [`NotEstimable`], never a large number; the model is then
/// fitted without it (constant, collinear) or at its limit (monotone). Cost: O(n p^2) a step, after
/// one sort. Source: Cox 1972, J R Stat Soc B 34:187-220.
///
/// # Errors
/// [`SurvivalError`] if a covariate is missing, out of range or of the wrong length, the strata do
/// not match the subjects, or the level is out of range.
///
/// ```
/// use iatro_stats::survival::{Cohort, CoxOptions, cox};
///
/// let cohort = Cohort::right_censored(&[3.0, 5.0, 7.0, 8.0], &[true, true, false, true])?;
/// let fit = cox(&cohort, &[&[1.0, 0.0, 0.0, 1.0]], &CoxOptions::default())?;
/// let coefficient = fit.coefficients()[0].map_err(|why| why.to_string())?;
/// assert!(coefficient.limits.lower < coefficient.log_hazard_ratio);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cox(
    cohort: &Cohort,
    covariates: &[&[f64]],
    options: &CoxOptions<'_>,
) -> Result<Cox, SurvivalError> {
    let z = z_of("cox", options.level)?;
    let mut design = Design::new(cohort, covariates, options.strata)?;
    let (fit, left_out) = fit::fit(&mut design, options.ties);
    let estimated: Vec<usize> =
        (0..design.size()).filter(|&place| fit.missing[place].is_none()).collect();
    let inverse =
        Cholesky::new(&fit::information(&fit::part(&fit.top, &estimated)), estimated.len());
    let covariance = inverse.map_or_else(Vec::new, |factor| factor.inverse());
    let mut coefficients = vec![Err(NotEstimable::NoConvergence); covariates.len()];
    for (place, why) in left_out {
        coefficients[place] = Err(why);
    }
    for (place, why) in fit.missing.iter().enumerate() {
        coefficients[design.kept[place]] = Err(why.unwrap_or(NotEstimable::NoConvergence));
    }
    for (row, &place) in estimated.iter().enumerate() {
        let variance = covariance.get(row * estimated.len() + row).copied().unwrap_or(f64::NAN);
        let spread = design.scaling[place].spread;
        let coefficient = coefficient(fit.beta[place] / spread, variance.sqrt() / spread, z);
        coefficients[design.kept[place]] = coefficient.ok_or(NotEstimable::NoConvergence);
    }
    Ok(Cox { design, fit, ties: options.ties, covariance, estimated, coefficients })
}

fn coefficient(estimate: f64, standard_error: f64, z: f64) -> Option<Coefficient> {
    let usable = estimate.is_finite() && standard_error.is_finite() && standard_error > 0.0;
    let wald = estimate / standard_error;
    let p = chi_squared_1df_upper(wald * wald).ok()?.min(1.0);
    let half = z * standard_error;
    let limits = Interval { lower: estimate - half, upper: estimate + half };
    let coefficient =
        Coefficient { log_hazard_ratio: estimate, standard_error, z: wald, p, limits };
    usable.then_some(coefficient)
}

impl Cox {
    /// Returns the coefficient of each covariate, in the order given, or why there is none.
    pub fn coefficients(&self) -> &[Result<Coefficient, NotEstimable>] {
        &self.coefficients
    }

    /// Returns the covariance of two estimated coefficients; `None` if either is not estimable.
    #[must_use]
    pub fn covariance(&self, covariate: usize, other: usize) -> Option<f64> {
        let place = |covariate: usize| {
            let is_it = |&place: &usize| self.design.kept[place] == covariate;
            self.estimated.iter().position(is_it)
        };
        let (i, j) = (place(covariate)?, place(other)?);
        let spread = |i: usize| self.design.scaling[self.estimated[i]].spread;
        let value = self.covariance.get(i * self.estimated.len() + j)?;
        Some(value / spread(i) / spread(j)).filter(|value| value.is_finite())
    }

    /// Returns the log partial likelihood with all coefficients 0, and at its maximum (its limit, if
    /// it rises for ever).
    #[must_use]
    pub fn log_likelihood(&self) -> [f64; 2] {
        [self.fit.null.value, self.fit.top.value]
    }

    /// Returns the likelihood ratio test that all coefficients are 0. Valid where some tend to
    /// infinity; `None` without a covariate that tells anything.
    #[must_use]
    pub fn likelihood_ratio(&self) -> Option<ChiSquaredTest> {
        let [null, top] = self.log_likelihood();
        self.searched().then(|| ChiSquaredTest::new(2.0 * (top - null), self.design.size()))?
    }

    /// Returns the score test that all coefficients are 0; with one covariate that tells two groups
    /// apart and no ties, the log-rank test. Needs no maximum; `None` without a covariate that tells
    /// anything.
    #[must_use]
    pub fn score_test(&self) -> Option<ChiSquaredTest> {
        let null = &self.fit.null;
        let factor = Cholesky::new(&fit::information(null), self.design.size())?;
        let chi_squared = dot(&null.gradient, &factor.solve(&null.gradient));
        ChiSquaredTest::new(chi_squared, self.design.size())
    }

    /// Returns the Wald test that all coefficients are 0; `None` if one of them tends to infinity.
    #[must_use]
    pub fn wald_test(&self) -> Option<ChiSquaredTest> {
        if !self.has_maximum() {
            return None;
        }
        let size = self.design.size();
        let information = fit::information(&self.fit.top);
        let rows = information.chunks_exact(size.max(1));
        let product: Vec<f64> = rows.map(|row| dot(row, &self.fit.beta)).collect();
        ChiSquaredTest::new(dot(&product, &self.fit.beta), size)
    }

    /// Whether every coefficient that the model keeps is finite.
    fn has_maximum(&self) -> bool {
        self.fit.missing.iter().all(Option::is_none)
    }

    fn searched(&self) -> bool {
        !self.fit.missing.contains(&Some(NotEstimable::NoConvergence))
    }
}
