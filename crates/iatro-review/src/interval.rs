//! A point with its interval, and how the two are written.

use iatro_signals::run::Signal;

use crate::number::{NOT_DEFINED, decimals, significant};

/// An estimate as a run gives it; what is not defined is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interval {
    /// The point.
    pub point: Option<f64>,
    /// The lower limit: of the 95 % interval, but for EBGM.
    pub lower: Option<f64>,
    /// The upper limit: of the 95 % interval, but for EBGM.
    pub upper: Option<f64>,
}

impl Interval {
    /// The ROR (Wald 95 %) of a signal.
    pub fn ror(signal: &Signal) -> Self {
        Self {
            point: signal.estimates.ror,
            lower: signal.estimates.ror_lo,
            upper: signal.estimates.ror_hi,
        }
    }

    /// The PRR (log-normal 95 %) of a signal.
    pub fn prr(signal: &Signal) -> Self {
        Self {
            point: signal.estimates.prr,
            lower: signal.estimates.prr_lo,
            upper: signal.estimates.prr_hi,
        }
    }

    /// The IC (exact gamma 95 %) of a signal.
    pub fn ic(signal: &Signal) -> Self {
        Self {
            point: signal.estimates.ic,
            lower: signal.estimates.ic025,
            upper: signal.estimates.ic975,
        }
    }

    /// EBGM of a signal with EB05 and EB95, its 90 % interval.
    pub fn ebgm(signal: &Signal) -> Self {
        let shrunk = signal.shrinkage;
        Self { point: shrunk.ebgm, lower: shrunk.eb05, upper: shrunk.eb95 }
    }

    /// The limits, if both are there.
    pub fn limits(self) -> Option<(f64, f64)> {
        self.lower.zip(self.upper).filter(|(lower, upper)| lower.is_finite() && upper.is_finite())
    }

    /// The point, if it is a finite number.
    pub fn value(self) -> Option<f64> {
        self.point.filter(|point| point.is_finite())
    }

    /// A ratio: `3.08 (1.67–5.68)`.
    pub fn as_ratio(self) -> String {
        joined(self.ratio_point(), self.ratio_limits())
    }

    /// The point of a ratio, `None` if it is not defined.
    pub(crate) fn ratio_point(self) -> Option<String> {
        self.value().map(significant)
    }

    /// The limits of a ratio: `(1.67–5.68)`.
    pub(crate) fn ratio_limits(self) -> Option<String> {
        let (lower, upper) = self.limits()?;
        Some(format!("({}–{})", significant(lower), significant(upper)))
    }

    /// A logarithm, whose limits may be below 0: `1.15 (0.20 to 1.90)`.
    pub fn as_logarithm(self) -> String {
        joined(self.log_point(), self.log_limits())
    }

    pub(crate) fn log_point(self) -> Option<String> {
        self.value().map(|point| decimals(point, 2))
    }

    pub(crate) fn log_limits(self) -> Option<String> {
        let (lower, upper) = self.limits()?;
        Some(format!("({} to {})", decimals(lower, 2), decimals(upper, 2)))
    }
}

fn joined(point: Option<String>, limits: Option<String>) -> String {
    match (point, limits) {
        (None, _) => NOT_DEFINED.to_owned(),
        (Some(point), Some(limits)) => format!("{point} {limits}"),
        (Some(point), None) => format!("{point} (interval {NOT_DEFINED})"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn an_interval_is_written_with_its_limits_or_says_that_there_are_none() {
        let whole = Interval { point: Some(3.08), lower: Some(1.67), upper: Some(5.68) };
        assert_eq!(whole.as_ratio(), "3.08 (1.67–5.68)");
        let ic = Interval { point: Some(-0.42), lower: Some(-1.0), upper: Some(0.4) };
        assert_eq!(ic.as_logarithm(), "−0.42 (−1.00 to 0.40)");
        let bare = Interval { point: Some(0.0), ..Interval::default() };
        assert_eq!(bare.as_ratio(), "0 (interval not defined)");
        assert_eq!(Interval::default().as_ratio(), "not defined");
        let odd = Interval { point: Some(f64::NAN), lower: Some(1.0), upper: Some(f64::INFINITY) };
        assert_eq!(odd.as_logarithm(), "not defined");
        assert_eq!(odd.limits(), None);
    }
}
