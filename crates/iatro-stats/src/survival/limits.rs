//! Confidence limits of a probability, on the scale where its error is taken for normal.

use crate::DomainError;
use crate::special::normal::quantile;
use crate::special::{Z_95, chi_squared_upper, probability};

/// The scale on which the limits of a probability P are symmetric.
///
/// With se the standard error of P and z the normal quantile:
///
/// | scale | limits |
/// |-------|--------|
/// | `Plain` | P -+ z se, cut at 0 and 1 |
/// | `Log` | P exp(-+ z se / P), cut at 1 |
/// | `LogLog` | P^exp(-+ z se / (P ln P)) |
///
/// Source: Kalbfleisch and Prentice 2002, *The Statistical Analysis of Failure Time Data*, section
/// 1.4. The log-log limits never leave (0, 1) and hold their level best in small samples (Borgan and
/// Liestol 1990, Scand J Stat 17:35-41). R's `survfit` takes `Log` unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LimitScale {
    /// The probability itself.
    Plain,
    /// ln P.
    Log,
    /// ln(-ln P), the default.
    #[default]
    LogLog,
}

/// Two-sided limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

/// Which limits to give: on which scale, at which level. By default 95 % on the log-log scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceLimits {
    scale: LimitScale,
    level: f64,
    z: f64,
}

impl ConfidenceLimits {
    /// Limits on `scale` at `level`, strictly between 0 and 1 (0.95, not 95).
    ///
    /// # Errors
    /// [`DomainError`] if the level is out of range.
    pub fn new(scale: LimitScale, level: f64) -> Result<Self, DomainError> {
        Ok(Self { scale, level, z: z_of("ConfidenceLimits::new", level)? })
    }

    /// The scale.
    #[must_use]
    pub fn scale(&self) -> LimitScale {
        self.scale
    }

    /// The level.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// The limits of a probability whose logarithm has the standard error `log_se`; `None` at 0 and
    /// 1 and without error: nothing is known of the variance there.
    pub(super) fn of(&self, probability: f64, log_se: f64) -> Option<Interval> {
        if !(probability > 0.0 && probability < 1.0 && log_se > 0.0 && log_se.is_finite()) {
            return None;
        }
        let half = self.z * log_se;
        let (lower, upper) = match self.scale {
            LimitScale::Plain => (probability * (1.0 - half), probability * (1.0 + half)),
            LimitScale::Log => (probability * (-half).exp(), probability * half.exp()),
            LimitScale::LogLog => {
                let log = probability.ln();
                let factor = (half / -log).exp();
                ((log * factor).exp(), (log / factor).exp())
            }
        };
        // The point lies between, whatever the last digit says.
        Some(Interval {
            lower: lower.clamp(0.0, probability),
            upper: upper.clamp(probability, 1.0),
        })
    }
}

impl Default for ConfidenceLimits {
    fn default() -> Self {
        Self { scale: LimitScale::LogLog, level: 0.95, z: Z_95 }
    }
}

/// A test statistic that is chi-squared where the hypothesis is true.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChiSquaredTest {
    /// The statistic, 0 or above.
    pub chi_squared: f64,
    /// Its degrees of freedom, 1 or above.
    pub df: usize,
    /// Probability of a statistic as large or larger under the hypothesis.
    pub p: f64,
}

impl ChiSquaredTest {
    /// The test; `None` without degrees of freedom or if the statistic is not a number.
    pub(super) fn new(chi_squared: f64, df: usize) -> Option<Self> {
        // A statistic of 0 may come out a rounding below it.
        let chi_squared = if chi_squared > -1e-6 { chi_squared.max(0.0) } else { chi_squared };
        let p = chi_squared_upper(chi_squared, df as f64).ok()?.min(1.0);
        Some(Self { chi_squared, df, p })
    }
}

/// The normal quantile of two-sided limits at `level`.
pub(super) fn z_of(function: &'static str, level: f64) -> Result<f64, DomainError> {
    let level = probability(function, "level", level)?;
    Ok(-quantile(0.5 * (1.0 - level)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn limits_stay_within_a_probability() {
        for scale in [LimitScale::Plain, LimitScale::Log, LimitScale::LogLog] {
            let limits = ConfidenceLimits::new(scale, 0.999).unwrap();
            for p in [1e-300, 1e-9, 0.5, 1.0 - 1e-12] {
                for log_se in [1e-12, 0.3, 5.0, 1e8] {
                    let Interval { lower, upper } = limits.of(p, log_se).unwrap();
                    assert!(0.0 <= lower && lower <= p && p <= upper && upper <= 1.0);
                }
            }
            assert_eq!(limits.of(0.0, 0.1), None);
            assert_eq!(limits.of(1.0, 0.0), None);
            assert_eq!(limits.of(0.5, f64::NAN), None);
        }
    }

    #[test]
    fn levels_are_probabilities() {
        assert!(ConfidenceLimits::new(LimitScale::Log, 95.0).is_err());
        let default = ConfidenceLimits::default();
        let same = ConfidenceLimits::new(LimitScale::LogLog, 0.95).unwrap();
        assert!((default.z - same.z).abs() < 1e-14);
        assert_eq!((same.scale(), same.level()), (LimitScale::LogLog, 0.95));
    }
}
