//! Intervals of a fitted parameter: Wald's, and by the profile of the likelihood.

use super::fit::Peak;
use super::likelihood::Sample;
use super::standard::Standard;
use crate::Estimate;
use crate::numeric::maximise::{Local, newton};
use crate::numeric::root::brent;
use crate::special::Z_95;

/// A fitted parameter with its standard error and two 95 % intervals.
///
/// Scale, shape, sigma and median are positive, and their standard error and Wald interval are those
/// of the logarithm: `point * exp(-+ z * se)`. For mu both are on the scale of mu.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Maximum likelihood estimate.
    pub point: f64,
    /// Standard error of ln(point) (of the point itself for mu), by the delta method for the median.
    pub se: f64,
    /// Wald 95 % interval.
    pub wald: Estimate,
    /// Profile likelihood 95 % interval.
    pub profile: ProfileInterval,
}

/// The values of a parameter that a likelihood ratio test does not reject at 5 %: those for which the
/// log-likelihood, at its highest over the other parameter, is within 1.92 of the maximum.
///
/// It follows the likelihood where that is lopsided, as it is in small and in truncated samples, and
/// is the one to read. Source: Cox and Oakes 1984, *Analysis of Survival Data*, section 3.3.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileInterval {
    /// Lower limit; `None` if the likelihood never falls far enough below the point.
    pub lower: Option<f64>,
    /// Upper limit; `None` if the likelihood never falls far enough above it, as with truncated data
    /// that do not bound the scale.
    pub upper: Option<f64>,
}

impl ProfileInterval {
    /// True if `value` is not rejected; a missing limit bounds nothing.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.lower.is_none_or(|lower| lower <= value)
            && self.upper.is_none_or(|upper| value <= upper)
    }
}

impl Parameter {
    /// The exponential of a parameter.
    pub(super) fn exp(self) -> Self {
        let Estimate { point, lower, upper } = self.wald;
        let ProfileInterval { lower: low, upper: high } = self.profile;
        Self {
            point: self.point.exp(),
            se: self.se,
            wald: Estimate { point: point.exp(), lower: lower.exp(), upper: upper.exp() },
            profile: ProfileInterval { lower: low.map(f64::exp), upper: high.map(f64::exp) },
        }
    }

    /// One over the exponential.
    pub(super) fn reciprocal_exp(self) -> Self {
        let Estimate { point, lower, upper } = self.wald;
        let ProfileInterval { lower: low, upper: high } = self.profile;
        let turned = Self {
            point: -self.point,
            se: self.se,
            wald: Estimate { point: -point, lower: -upper, upper: -lower },
            profile: ProfileInterval { lower: high.map(|x| -x), upper: low.map(|x| -x) },
        };
        turned.exp()
    }
}

/// What is held fixed while the likelihood climbs over tau or mu.
#[derive(Debug, Clone, Copy)]
enum Fixed {
    /// The quantile mu + z sigma of ln t, at this z.
    Quantile(f64),
    /// tau.
    Spread,
}

pub(super) struct Profile<'a> {
    sample: &'a Sample,
    standard: Standard,
    peak: &'a Peak,
}

/// No limit is sought further away than this, in logarithms: a factor of 1e26.
const FARTHEST: f64 = 60.0;

impl<'a> Profile<'a> {
    pub(super) fn new(sample: &'a Sample, standard: Standard, peak: &'a Peak) -> Self {
        Self { sample, standard, peak }
    }

    /// The quantile mu + z sigma of ln t.
    pub(super) fn quantile(&self, z: f64) -> Parameter {
        let sigma = self.peak.tau.exp();
        let [mm, mt, tt] = self.peak.covariance;
        let by_tau = z * sigma;
        let variance = mm + 2.0 * by_tau * mt + by_tau * by_tau * tt;
        let with_tau = mt + by_tau * tt;
        let point = self.peak.mu + by_tau;
        self.parameter(Fixed::Quantile(z), point, variance, [self.peak.tau, with_tau])
    }

    /// tau = ln sigma.
    pub(super) fn spread(&self) -> Parameter {
        let [_, mt, tt] = self.peak.covariance;
        self.parameter(Fixed::Spread, self.peak.tau, tt, [self.peak.mu, mt])
    }

    /// `other` is the parameter climbed over and its covariance with the one fixed.
    fn parameter(&self, fixed: Fixed, point: f64, variance: f64, other: [f64; 2]) -> Parameter {
        let se = variance.max(0.0).sqrt();
        let drift = if variance > 0.0 { other[1] / variance } else { 0.0 };
        let limit = |side: f64| self.limit(fixed, point, side * se, [other[0], drift]);
        Parameter {
            point,
            se,
            wald: Estimate { point, lower: point - Z_95 * se, upper: point + Z_95 * se },
            profile: ProfileInterval { lower: limit(-1.0), upper: limit(1.0) },
        }
    }

    /// Where the profile has fallen by z^2 / 2, going from the point by steps that begin with two
    /// standard errors.
    fn limit(&self, fixed: Fixed, point: f64, se: f64, [other, drift]: [f64; 2]) -> Option<f64> {
        let needed = self.peak.log_likelihood - 0.5 * Z_95 * Z_95;
        let mut guess = other + drift * 2.0 * se;
        let mut above = |at: f64| match self.highest(fixed, at, guess) {
            Some((value, found)) => {
                guess = found;
                value - needed
            }
            None => f64::NAN,
        };
        let (mut inside, mut step) = (point, 2.0 * se);
        loop {
            let outside = point + step;
            let value = above(outside);
            if value.is_nan() {
                return None;
            }
            if value <= 0.0 {
                return brent(inside, outside, 1e-10, above);
            }
            if step.abs() >= FARTHEST {
                return None;
            }
            (inside, step) = (outside, step * 1.6);
        }
    }

    /// The highest log-likelihood with one parameter fixed, and the other there.
    fn highest(&self, fixed: Fixed, at: f64, guess: f64) -> Option<(f64, f64)> {
        let climb = |start: f64| {
            newton(&[start], 1e-13, 100, |free| match free {
                &[free] => self.along(fixed, at, free),
                _ => Local { value: f64::NAN, gradient: Vec::new(), hessian: Vec::new() },
            })
        };
        let home = match fixed {
            Fixed::Quantile(_) => self.peak.tau,
            Fixed::Spread => self.peak.mu,
        };
        let top = climb(guess).or_else(|| climb(home))?;
        top.at.first().map(|&free| (top.local.value, free))
    }

    /// The log-likelihood along the line of the free parameter.
    fn along(&self, fixed: Fixed, at: f64, free: f64) -> Local {
        let (mu, tau, by_free) = match fixed {
            Fixed::Quantile(z) => (at - z * free.exp(), free, -z * free.exp()),
            Fixed::Spread => (free, at, 1.0),
        };
        let whole = self.sample.log_likelihood(self.standard, mu, tau);
        let (&[gm, gt], &[mm, mt, _, tt]) = (whole.gradient.as_slice(), whole.hessian.as_slice())
        else {
            return whole;
        };
        let (gradient, hessian) = match fixed {
            Fixed::Quantile(_) => {
                (gm * by_free + gt, mm * by_free * by_free + 2.0 * mt * by_free + tt + gm * by_free)
            }
            Fixed::Spread => (gm, mm),
        };
        Local { value: whole.value, gradient: vec![gradient], hessian: vec![hessian] }
    }
}
