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
        let (early, truncated) = (i.lower == 0.0, i.truncation.is_finite());
        let unbounded = i.upper == f64::INFINITY;
        if early && !truncated && !unbounded {
            at_zero += i.weight;
        } else if !early && unbounded {
            never += i.weight;
        } else if !early {
            return None;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::{FitError, Onset, log_normal, weibull};
    use super::*;

    fn onsets(rows: &[(f64, f64, f64)]) -> Vec<Onset> {
        let finite = |x: f64| x.is_finite().then_some(x);
        let onset = |&(l, u, t): &(f64, f64, f64)| Onset::new(l, finite(u), finite(t)).unwrap();
        rows.iter().map(onset).collect()
    }

    const NEVER: f64 = f64::INFINITY;

    fn check(rows: &[(f64, f64, f64)], expected: FitError) {
        let onsets = onsets(rows);
        assert_eq!(weibull(&onsets).unwrap_err(), expected);
        assert_eq!(log_normal(&onsets).unwrap_err(), expected);
    }

    fn sample(rows: &[(f64, f64, f64)]) -> Sample {
        Sample::new(&onsets(rows), std::iter::repeat(1.0))
    }

    #[test]
    fn one_day_for_all_is_one_interval() {
        check(&[(6.5, 7.5, NEVER); 30], FitError::OneInterval { lower_days: 6.5 });
        check(&[(0.0, 0.5, 400.5); 30], FitError::OneInterval { lower_days: 0.0 });
        check(&[(3.5, 4.5, NEVER)], FitError::OneInterval { lower_days: 3.5 });
        // Months that share a week.
        let months = [(0.0, 30.5, NEVER), (23.5, 54.5, NEVER), (20.5, NEVER, NEVER)];
        check(&months, FitError::OneInterval { lower_days: 23.5 });
        // Right-censored cases only.
        check(
            &[(5.0, NEVER, NEVER), (9.0, NEVER, NEVER)],
            FitError::OneInterval { lower_days: 9.0 },
        );
    }

    #[test]
    fn two_days_side_by_side_are_one_point() {
        let days = [(0.0, 0.5, NEVER), (0.5, 1.5, NEVER), (0.5, 1.5, NEVER)];
        check(&days, FitError::NoMaximum { limit: Limit::OnePoint });
        // 1 ln(1/3) + 2 ln(2/3).
        let value = one_point(&sample(&days)).unwrap();
        assert!((value - (4.0_f64 / 27.0).ln()).abs() < 1e-15);
    }

    #[test]
    fn early_or_never_has_no_scale() {
        let rows = [(0.0, 5.5, NEVER), (0.0, 5.5, NEVER), (60.5, NEVER, NEVER)];
        check(&rows, FitError::NoMaximum { limit: Limit::ZeroOrNever });
    }

    /// A sample whose likelihood rises without end along the scale; the limit by scipy 1.17.
    #[test]
    fn truncated_too_early_has_no_scale() {
        let rows = [
            (24.5, 25.5, 128.5),
            (0.0, 9.5, 105.5),
            (0.0, 27.5, 189.5),
            (54.5, 55.5, 181.5),
            (5.5, 6.5, 159.5),
            (73.5, 103.5, 152.5),
            (25.5, 55.5, 123.5),
            (111.5, 112.5, 125.5),
            (0.0, 0.5, 172.5),
            (26.5, 27.5, 47.5),
        ];
        check(&rows, FitError::NoMaximum { limit: Limit::PowerUpToTruncation });
        assert!((power(&sample(&rows)).unwrap() + 32.23553029702893).abs() < 1e-9);
        // Two cases truncated late: the log-normal is more likely than its limit by 2e-5, at mu 250.
        let plateau = onsets(&[(2.5, 3.5, 88.5), (89.5, 119.5, 123.5)]);
        let limit = Limit::PowerUpToTruncation;
        assert_eq!(log_normal(&plateau).unwrap_err(), FitError::NoMaximum { limit });
        // One case followed without limit bounds the scale.
        let mut bounded = rows.to_vec();
        bounded.push((20.5, 21.5, NEVER));
        assert!(weibull(&onsets(&bounded)).is_ok());
        assert_eq!(power(&sample(&bounded)), None);
    }

    /// Maxima that stand out from every limit, but so little that Wald limits leave the range of
    /// numbers (standard error 704 of ln median).
    #[test]
    fn a_maximum_without_limits_that_are_numbers_is_no_fit() {
        let flat = onsets(&[(6.5, 7.5, 47.5), (67.5, 68.5, 94.5)]);
        let error = log_normal(&flat).unwrap_err();
        assert!(matches!(error, FitError::Flat { parameter: "median", se } if se > 300.0));
        assert!(error.to_string().contains("logarithm of the median is 704;"), "{error}");
    }

    #[test]
    fn truncated_two_days_beyond_the_point() {
        // F(0.5)/F(1.5) has a saturated fit on a whole curve of parameters.
        let rows = [(0.0, 0.5, 1.5), (0.5, 1.5, 1.5), (0.5, 1.5, 1.5)];
        assert!(weibull(&onsets(&rows)).is_err());
        assert!(log_normal(&onsets(&rows)).is_err());
    }
}
