//! An estimate of a log ratio with its standard error, and its p-value.

use crate::special::normal::cdf;
use crate::special::{Z_95, in_range};
use crate::{DomainError, Estimate};

/// Which deviations a p-value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Ratios above and below.
    Two,
    /// Ratios above only.
    Upper,
    /// Ratios below only.
    Lower,
}

impl Side {
    /// The p-value of a standard normal deviate.
    pub(super) fn p(self, z: f64) -> f64 {
        match self {
            Self::Two => 2.0 * cdf(-z.abs()),
            Self::Upper => cdf(-z),
            Self::Lower => cdf(z),
        }
    }
}

/// The natural logarithm of an estimated ratio, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogEstimate {
    value: f64,
    standard_error: f64,
}

impl LogEstimate {
    /// An estimate from the log ratio (natural logarithm, -700 to 700) and its standard error (1e-6 to
    /// 1e3).
    ///
    /// A standard error of 0 is refused: with one such control the likelihood of a systematic error has
    /// no maximum.
    ///
    /// # Errors
    /// [`DomainError`] if an argument is out of range.
    pub fn new(value: f64, standard_error: f64) -> Result<Self, DomainError> {
        let function = "LogEstimate::new";
        let expected = "the natural logarithm of a ratio, from -700 to 700";
        let value = in_range(value.abs() <= 700.0, function, "value", value, expected)?;
        let expected = "a standard error from 0.000001 to 1000";
        let ok = (1e-6..=1e3).contains(&standard_error);
        in_range(ok, function, "standard_error", standard_error, expected)?;
        Ok(Self { value, standard_error })
    }

    /// An estimate from a ratio and its 95 % Wald interval (ROR, PRR): the standard error is
    /// the length of the interval on the log scale over 2 z, `ln(upper / lower) / (2 * 1.959964)`.
    ///
    /// Not for the IC, whose scale is log2 already and whose interval is not symmetric.
    ///
    /// # Errors
    /// [`DomainError`] if point and limits do not give a log ratio and a standard error in range.
    pub fn from_ratio(ratio: &Estimate) -> Result<Self, DomainError> {
        Self::new(ratio.point.ln(), (ratio.upper.ln() - ratio.lower.ln()) / (2.0 * Z_95))
    }

    /// The natural logarithm of the ratio.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Its standard error.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        self.standard_error
    }

    /// The Wald p-value of a ratio of 1, which knows of no systematic error.
    #[must_use]
    pub fn p(&self, side: Side) -> f64 {
        side.p(self.value / self.standard_error)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_wald_interval_gives_back_its_standard_error() {
        let got = LogEstimate::from_ratio(&Estimate::log_normal(2.0, 0.37)).unwrap();
        assert!((got.standard_error() - 0.37).abs() < 1e-15);
        assert!((got.value() - 2_f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn sides() {
        let estimate = LogEstimate::new(Z_95, 1.0).unwrap();
        assert!((estimate.p(Side::Two) - 0.05).abs() < 1e-14);
        assert!((estimate.p(Side::Upper) - 0.025).abs() < 1e-14);
        assert!((estimate.p(Side::Lower) - 0.975).abs() < 1e-14);
        assert_eq!(LogEstimate::new(0.0, 1.0).unwrap().p(Side::Two), 1.0);
    }

    #[test]
    fn impossible_estimates_are_refused() {
        for bad in [f64::NAN, f64::INFINITY, -701.0] {
            assert_eq!(LogEstimate::new(bad, 1.0).unwrap_err().argument, "value");
        }
        for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
            assert_eq!(LogEstimate::new(0.0, bad).unwrap_err().argument, "standard_error");
        }
        let negative = Estimate { point: 1.0, lower: -1.0, upper: 2.0 };
        assert!(LogEstimate::from_ratio(&negative).is_err());
    }
}
