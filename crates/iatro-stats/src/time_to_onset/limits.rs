//! What the likelihood tends to at the edge of the parameters: where it is as high there as inside,
//! the data do not identify the parameters.
//!
//! With z = (ln t - mu) / sigma, mu and sigma can leave every bounded region in three ways only:
//!
//! - sigma to 0: all times at one point m. The likelihood tends to 0 unless every interval reaches m
//!   (cases whose interval ends at their truncation may also lie at their own truncation).
//! - sigma to infinity with mu / sigma fixed: a share p of all times at 0, the rest at infinity.
//! - F to 0 at all observed times: F(t) / F(truncation) tends to (t / truncation)^k, for the Weibull
//!   (scale to infinity at shape k) as for the log-normal (mu and sigma^2 to infinity with mu /
//!   sigma^2 = k). Only truncated data can have a positive likelihood there: they do not say how far
//!   beyond the truncation the distribution goes.

use super::likelihood::Sample;
use crate::numeric::root::brent;

/// A limit at the edge of the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// All times at one point.
    OnePoint,
    /// Part of the times at 0, the rest beyond every bound.
    ZeroOrNever,
    /// A power of the time up to the truncation, the scale beyond every bound.
    PowerUpToTruncation,
}

impl Limit {
    /// The limit in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OnePoint => "all times at one point",
            Self::ZeroOrNever => "part of the times at 0 and the rest beyond every bound",
            Self::PowerUpToTruncation => {
                "a power of the time up to the truncation, without a scale"
            }
        }
    }
}

/// The highest of the limits of the log-likelihood; `None` if it tends to minus infinity everywhere.
pub(super) fn highest(sample: &Sample) -> Option<(Limit, f64)> {
    let all = [
        (Limit::OnePoint, one_point(sample)),
        (Limit::ZeroOrNever, zero_or_never(sample)),
        (Limit::PowerUpToTruncation, power(sample)),
    ];
    let finite = all.into_iter().filter_map(|(limit, value)| Some((limit, value?)));
    finite.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// The interval that all cases share, its ends (lower, upper); an interval that ends at the
/// truncation counts as open above.
pub(super) fn shared(sample: &Sample) -> (f64, f64) {
    let lower = sample.intervals.iter().map(|i| i.lower).fold(0.0, f64::max);
    let upper = sample.intervals.iter().filter(|i| !i.reaches_truncation()).map(|i| i.upper);
    (lower, upper.fold(f64::INFINITY, f64::min))
}

/// At the one point that all intervals touch, those ending there share the mass with those beginning
/// there.
fn one_point(sample: &Sample) -> Option<f64> {
    let (lower, upper) = shared(sample);
    if lower < upper {
        return Some(0.0);
    }
    if lower > upper {
        return None;
    }
    let weight = |keep: &dyn Fn(f64, f64) -> bool| -> f64 {
        let kept = sample.intervals.iter().filter(|i| keep(i.lower, i.upper));
        kept.map(|i| i.weight).sum()
    };
    Some(split(weight(&|_, u| u == upper), weight(&|l, _| l == lower)))
}

/// The highest of a ln p + b ln(1 - p).
fn split(a: f64, b: f64) -> f64 {
    let part = |x: f64| if x > 0.0 { x * (x / (a + b)).ln() } else { 0.0 };
    part(a) + part(b)
}

fn zero_or_never(sample: &Sample) -> Option<f64> {
    let (mut at_zero, mut never) = (0.0, 0.0);
    for i in &sample.intervals {
        match (i.lower == 0.0, i.truncation.is_finite()) {
            (true, true) => {}
            (true, false) if i.upper.is_finite() => at_zero += i.weight,
            (true, false) => {}
            (false, false) if i.upper == f64::INFINITY => never += i.weight,
            (false, _) => return None,
        }
    }
    Some(split(at_zero, never))
}

/// The highest likelihood of (t / truncation)^k over k: -ln(t / truncation) is exponential with rate
/// k, interval-censored, and its log-likelihood concave in k.
fn power(sample: &Sample) -> Option<f64> {
    let mut parts = Vec::new();
    for i in &sample.intervals {
        match (i.truncation.is_finite(), i.upper.is_finite()) {
            (true, _) => {
                let start = (i.truncation / i.upper).ln();
                let length = ((i.upper - i.lower) / i.lower).ln_1p();
                parts.push((start, length, i.weight));
            }
            (false, true) => return None,
            (false, false) => {}
        }
    }
    let value = |k: f64| -> f64 {
        let log = |&(start, length, weight): &(f64, f64, f64)| {
            weight * (-k * start + (-(-k * length).exp_m1()).ln())
        };
        parts.iter().map(log).sum()
    };
    let slope = |ln_k: f64| -> f64 {
        let k = ln_k.exp();
        let part = |&(start, length, weight): &(f64, f64, f64)| {
            let gain = if length.is_finite() { length / (k * length).exp_m1() } else { 0.0 };
            weight * (gain - start)
        };
        parts.iter().map(part).sum()
    };
    // Without a change of sign the limit is one of the two above.
    brent(-60.0, 60.0, 1e-12, slope).map(|ln_k| value(ln_k.exp()))
}
