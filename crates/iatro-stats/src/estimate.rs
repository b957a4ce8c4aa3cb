//! A point estimate with its two-sided 95 % interval: the answer of every interval estimator here.

use crate::special::Z_95;

/// A point estimate with its two-sided 95 % interval.
///
/// The scale is the estimator's own: a ratio for ROR and PRR, log2 for IC. The three numbers are
/// finite and `lower <= point <= upper`. The name of the estimator is not stored; wherever the
/// numbers are shown it goes with them ([`crate::disproportionality::names`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Point estimate.
    pub point: f64,
    /// Lower limit of the 95 % interval.
    pub lower: f64,
    /// Upper limit of the 95 % interval.
    pub upper: f64,
}

impl Estimate {
    /// Returns the log-normal interval `point * exp(-+ z * se)`, z for 95 %.
    ///
    /// `point` and `log_se` (the standard error of `ln point`) are finite and positive.
    pub(crate) fn log_normal(point: f64, log_se: f64) -> Self {
        let factor = (Z_95 * log_se).exp();
        Self { point, lower: point / factor, upper: point * factor }
    }

    /// Returns true if the interval holds `value`, limits included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_normal_limits_are_symmetric_on_the_log_scale() {
        let e = Estimate::log_normal(2.0, 0.5);
        assert!(((e.upper / e.point) - (e.point / e.lower)).abs() < 1e-15);
        assert!((e.upper - 2.0 * (0.5 * 1.959963984540054_f64).exp()).abs() < 1e-15);
    }

    #[test]
    fn contains_includes_both_limits() {
        let e = Estimate { point: 1.0, lower: 0.5, upper: 2.0 };
        assert!(e.contains(0.5) && e.contains(2.0) && e.contains(1.0));
        assert!(!e.contains(0.499) && !e.contains(2.001));
    }
}
