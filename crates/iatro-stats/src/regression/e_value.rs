//! The E-value: how strong unmeasured confounding would have to be.

use crate::special::positive;
use crate::{DomainError, Estimate};

/// E-values of a ratio and of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EValue {
    /// E-value of the point estimate, 1 or above.
    pub point: f64,
    /// E-value of the limit nearest 1; 1 if the interval holds 1.
    pub limit: f64,
}

/// Returns the E-value of a `ratio` (above 0, at most 1e150):
///
/// ```text
/// E = r + sqrt(r (r - 1)),   r = max(ratio, 1 / ratio)
/// ```
///
/// An unmeasured confounder that is associated with both the exposure and the outcome by ratios of at
/// least E each, above the measured covariates, could explain the ratio away; weaker confounding could
/// not. The ratio is a ratio of probabilities; an odds ratio may stand in its place where the outcome is
/// rare in both groups, and for a common outcome the square root of the odds ratio may (see the
/// source).
///
/// Applied to a reporting odds ratio it speaks about an association **within reports**: "exposure" is
/// being named in a report and "outcome" is being the event reported. It says nothing of the selection
/// of what is reported, which is no confounder of that kind. Source: VanderWeele and Ding 2017, Ann
/// Intern Med 167:268-274.
///
/// # Errors
/// [`DomainError`] if `ratio` is out of range.
pub fn e_value(ratio: f64) -> Result<f64, DomainError> {
    let ratio = positive("e_value", "ratio", ratio)?;
    // A ratio and its inverse give the same bits: both are divided by the smaller.
    let r = if ratio < 1.0 { 1.0 / ratio } else { ratio };
    positive("e_value", "ratio (or 1 / ratio) squared", r * r)?;
    Ok(r + (r * (r - 1.0)).sqrt())
}

/// Returns the E-values of a ratio with its interval, all three numbers above 0 (see [`e_value`]).
///
/// # Errors
/// [`DomainError`] if a number is out of range, or the point lies outside the interval.
pub fn e_value_of_estimate(ratio: &Estimate) -> Result<EValue, DomainError> {
    let function = "e_value_of_estimate";
    for (argument, value) in [("lower", ratio.lower), ("upper", ratio.upper)] {
        positive(function, argument, value)?;
    }
    if !ratio.contains(ratio.point) {
        let (argument, value) = ("point", ratio.point);
        let expected = "a point between the limits of its interval";
        return Err(DomainError { function, argument, value, expected });
    }
    let point = e_value(ratio.point)?;
    let limit = if ratio.contains(1.0) {
        1.0
    } else {
        e_value(if ratio.point > 1.0 { ratio.lower } else { ratio.upper })?
    };
    Ok(EValue { point, limit })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn an_interval_that_holds_1_needs_no_confounding() {
        let estimate = |lower, point, upper| Estimate { point, lower, upper };
        let across = e_value_of_estimate(&estimate(0.9, 1.5, 2.5)).unwrap();
        assert_eq!(across.limit, 1.0);
        let below = e_value_of_estimate(&estimate(0.4, 0.5, 0.8)).unwrap();
        assert_eq!(below.limit, e_value(1.25).unwrap());
        assert_eq!(below.point, e_value(2.0).unwrap());
        assert!(e_value_of_estimate(&estimate(0.0, 0.5, 0.8)).is_err());
        assert!(e_value_of_estimate(&estimate(0.6, 0.5, 0.8)).is_err());
        for ratio in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e200, 1e-200] {
            assert!(e_value(ratio).is_err(), "{ratio}");
        }
    }
}
