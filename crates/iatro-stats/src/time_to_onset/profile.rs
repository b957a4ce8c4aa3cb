//! Intervals of a fitted parameter: Wald's, and by the profile of the likelihood.

use super::fit::{GAIN_PER_CASE, Peak};
use super::likelihood::Sample;
use super::standard::Standard;
use crate::Estimate;
use crate::numeric::maximise::{Local, newton};
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

/// The profile at one value of the parameter fixed.
#[derive(Debug, Clone, Copy)]
struct Ridge {
    /// How far the highest log-likelihood there is below the maximum.
    fall: f64,
    /// Slope of the highest log-likelihood along the parameter fixed.
    slope: f64,
    /// The other parameter there, and how it changes along the ridge.
    other: f64,
    drift: f64,
}

/// No limit is sought further away than this, in logarithms: a factor of 1e26.
const FARTHEST: f64 = 60.0;
/// The fall of the log-likelihood that makes a limit.
const NEEDED: f64 = 0.5 * Z_95 * Z_95;

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

    /// Where the profile has fallen by z^2 / 2, on the side that the sign of `se` gives.
    ///
    /// The square root of twice the fall is almost a straight line, so Newton's method on it, from
    /// Wald's limit, takes two or three steps; kept between a value known to be inside and one known
    /// to be outside, or, while none is, from more than trebling the distance.
    fn limit(&self, fixed: Fixed, point: f64, se: f64, start: [f64; 2]) -> Option<f64> {
        let (mut inside, mut outside) = (point, None);
        let mut at = point + (Z_95 * se).clamp(-FARTHEST, FARTHEST);
        let mut guess = start[0] + start[1] * (at - point);
        let tolerance = GAIN_PER_CASE * (1.0 + self.sample.cases);
        for _ in 0..100 {
            let ridge = self.ridge(fixed, at, guess)?;
            if (ridge.fall - NEEDED).abs() <= tolerance {
                return Some(at);
            }
            if ridge.fall > NEEDED {
                outside = Some(at);
            } else {
                inside = at;
            }
            let next = at + newton_step(&ridge);
            let next = match outside {
                Some(outside) if between(next, inside, outside) => next,
                Some(outside) => 0.5 * (inside + outside),
                None if (inside - point).abs() >= FARTHEST => return None,
                None => {
                    let farthest = point + 3.0 * (inside - point);
                    if between(next, inside, farthest) { next } else { farthest }
                }
            };
            if next == at {
                return Some(at); // The last digit.
            }
            guess = ridge.other + ridge.drift * (next - at);
            at = next;
        }
        outside.map(|_| at)
    }

    /// The highest log-likelihood with one parameter fixed.
    fn ridge(&self, fixed: Fixed, at: f64, guess: f64) -> Option<Ridge> {
        // A hundredth of what the fall is compared to.
        let tolerance = 0.01 * GAIN_PER_CASE * (1.0 + self.sample.cases);
        let climb = |start: f64| {
            newton(&[start], tolerance, 100, |free| match free {
                &[free] => self.along(fixed, at, free).0,
                _ => Local { value: f64::NAN, gradient: Vec::new(), hessian: Vec::new() },
            })
        };
        let home = match fixed {
            Fixed::Quantile(_) => self.peak.tau,
            Fixed::Spread => self.peak.mu,
        };
        // A guess far off may lead nowhere; the other parameter's own estimate is the second start.
        let top = match climb(guess) {
            Some(top) if top.converged => top,
            first => {
                let both = [first, climb(home)].into_iter().flatten();
                both.reduce(|a, b| if b.local.value > a.local.value { b } else { a })?
            }
        };
        let other = *top.at.first()?;
        let (local, slope, mixed) = self.along(fixed, at, other);
        let curve = *local.hessian.first()?;
        Some(Ridge {
            fall: self.peak.log_likelihood - local.value,
            slope,
            other,
            drift: if curve < 0.0 { -mixed / curve } else { 0.0 },
        })
    }

    /// The log-likelihood along the line of the free parameter; its slope along the fixed one, and
    /// the mixed second derivative.
    fn along(&self, fixed: Fixed, at: f64, free: f64) -> (Local, f64, f64) {
        let (mu, tau) = match fixed {
            Fixed::Quantile(z) => (at - z * free.exp(), free),
            Fixed::Spread => (free, at),
        };
        let whole = self.sample.log_likelihood(self.standard, mu, tau);
        let (&[gm, gt], &[mm, mt, _, tt]) = (whole.gradient.as_slice(), whole.hessian.as_slice())
        else {
            return (whole, 0.0, 0.0);
        };
        let (gradient, hessian, slope, mixed) = match fixed {
            Fixed::Quantile(z) => {
                // mu changes with tau so that the quantile stays.
                let by = -z * free.exp();
                let curve = mm * by * by + 2.0 * mt * by + tt + gm * by;
                (gm * by + gt, curve, gm, mm * by + mt)
            }
            Fixed::Spread => (gm, mm, gt, mt),
        };
        let local = Local { value: whole.value, gradient: vec![gradient], hessian: vec![hessian] };
        (local, slope, mixed)
    }
}

/// Newton's step towards sqrt(2 fall) = z; not a number where there is no fall to go by.
fn newton_step(ridge: &Ridge) -> f64 {
    let root = if ridge.fall > 0.0 { (2.0 * ridge.fall).sqrt() } else { f64::NAN };
    // d root / d parameter = -slope / root.
    (root - Z_95) * root / ridge.slope
}

/// True if `x` lies strictly between two numbers in either order.
fn between(x: f64, a: f64, b: f64) -> bool {
    (a < x && x < b) || (b < x && x < a)
}
