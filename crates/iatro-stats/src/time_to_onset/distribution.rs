//! A Weibull or log-normal distribution of times.

use super::standard::Standard;
use crate::DomainError;
use crate::special::{in_range, positive, probability};

/// A family of distributions of times to onset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Weibull.
    Weibull,
    /// Log-normal.
    LogNormal,
}

impl Family {
    /// The name to print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weibull => "Weibull",
            Self::LogNormal => "log-normal",
        }
    }
}

/// A distribution of times to onset, in days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution {
    standard: Standard,
    mu: f64,
    sigma: f64,
}

impl Distribution {
    /// The Weibull distribution F(t) = 1 - exp(-(t / `scale_days`)^`shape`); both above 0, the shape
    /// at least 1e-300.
    ///
    /// # Errors
    /// [`DomainError`] if a parameter is out of range.
    pub fn weibull(scale_days: f64, shape: f64) -> Result<Self, DomainError> {
        let scale = positive("Distribution::weibull", "scale_days", scale_days)?;
        let range = "a number from 1e-300 to 1e300";
        let ok = (1e-300..=1e300).contains(&shape);
        let shape = in_range(ok, "Distribution::weibull", "shape", shape, range)?;
        Ok(Self::located(Standard::SmallestExtreme, scale.ln(), 1.0 / shape))
    }

    /// The log-normal distribution: ln t has mean `mu` (at most 700 either way) and standard
    /// deviation `sigma`, above 0.
    ///
    /// # Errors
    /// [`DomainError`] if a parameter is out of range.
    pub fn log_normal(mu: f64, sigma: f64) -> Result<Self, DomainError> {
        let range = "a number from -700 to 700";
        let mu = in_range(mu.abs() <= 700.0, "Distribution::log_normal", "mu", mu, range)?;
        let sigma = positive("Distribution::log_normal", "sigma", sigma)?;
        Ok(Self::located(Standard::Normal, mu, sigma))
    }

    pub(super) fn located(standard: Standard, mu: f64, sigma: f64) -> Self {
        Self { standard, mu, sigma }
    }

    /// Which family.
    #[must_use]
    pub fn family(&self) -> Family {
        match self.standard {
            Standard::SmallestExtreme => Family::Weibull,
            Standard::Normal => Family::LogNormal,
        }
    }

    /// F(`days`): the share of onsets within `days`; 0 for negative days, infinity gives 1.
    ///
    /// # Errors
    /// [`DomainError`] if `days` is NaN.
    pub fn share_within(&self, days: f64) -> Result<f64, DomainError> {
        let days = in_range(!days.is_nan(), "share_within", "days", days, "a number of days")?;
        Ok(self.below(days))
    }

    /// The time within which a share `p` of onsets comes, days; 0 < `p` < 1.
    ///
    /// # Errors
    /// [`DomainError`] if `p` is out of range, or its time beyond the largest number, as under a
    /// very wide distribution.
    pub fn quantile_days(&self, p: f64) -> Result<f64, DomainError> {
        let p = probability("quantile_days", "p", p)?;
        let days = (self.mu + self.sigma * self.standard.quantile(p)).exp();
        let expected = "a share whose time is a number of days; that of this one is too large";
        in_range(days.is_finite(), "quantile_days", "p", p, expected)?;
        Ok(days)
    }

    /// F at a number of days that is not NaN.
    pub(super) fn below(&self, days: f64) -> f64 {
        if days <= 0.0 { 0.0 } else { self.standard.below((days.ln() - self.mu) / self.sigma) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn known_values() {
        let exponential = Distribution::weibull(10.0, 1.0).unwrap();
        assert!((exponential.share_within(10.0).unwrap() - 0.6321205588285577).abs() < 1e-15);
        assert!((exponential.quantile_days(0.5).unwrap() - 10.0 * 2_f64.ln()).abs() < 1e-13);
        let log_normal = Distribution::log_normal(3.0, 2.0).unwrap();
        assert!((log_normal.quantile_days(0.5).unwrap() - 3_f64.exp()).abs() < 1e-13);
        for d in [exponential, log_normal] {
            assert_eq!(d.share_within(-1.0), Ok(0.0));
            assert_eq!(d.share_within(0.0), Ok(0.0));
            assert_eq!(d.share_within(f64::INFINITY), Ok(1.0));
            assert!(d.share_within(f64::NAN).is_err());
        }
    }

    #[test]
    fn very_wide_distributions_give_numbers_or_an_error() {
        for wide in [Distribution::weibull(10.0, 1e-3), Distribution::log_normal(10.0, 1e300)] {
            assert_eq!(wide.unwrap().quantile_days(0.99).unwrap_err().argument, "p");
        }
        let widest = Distribution::weibull(10.0, 1e-300).unwrap();
        assert_eq!(widest.share_within(f64::INFINITY), Ok(1.0));
        assert_eq!(Distribution::weibull(10.0, 1e-310).unwrap_err().argument, "shape");
    }

    #[test]
    fn impossible_parameters_are_refused() {
        assert!(Distribution::weibull(0.0, 1.0).is_err());
        assert!(Distribution::weibull(1.0, f64::NAN).is_err());
        assert!(Distribution::log_normal(f64::INFINITY, 1.0).is_err());
        assert!(Distribution::log_normal(0.0, 0.0).is_err());
        assert!(Distribution::weibull(1.0, 1.0).unwrap().quantile_days(1.0).is_err());
    }
}
