//! Relative reporting ratio: observed over expected, without shrinkage and without interval.

use crate::special::non_negative;
use crate::{DomainError, Table2x2};

/// Returns the relative reporting ratio `a / E`, E = (a + b)(a + c) / n; `None` unless E is above
/// 0. It is 0 if a is 0.
///
/// Source: DuMouchel 1999, Am Stat 53:177-190 (there N / E).
#[must_use]
pub fn rrr(table: &Table2x2) -> Option<f64> {
    ratio(table.a(), table.expected()?)
}

/// Returns the relative reporting ratio `observed / expected` for an expected count from elsewhere
/// (strata); `None` if `expected` is 0 or so small that the ratio exceeds the largest `f64`.
///
/// # Errors
/// [`DomainError`] unless `expected` is finite, 0 or above.
pub fn rrr_observed_expected(observed: u64, expected: f64) -> Result<Option<f64>, DomainError> {
    let expected = non_negative("rrr_observed_expected", "expected", expected)?;
    Ok(ratio(observed, expected))
}

fn ratio(observed: u64, expected: f64) -> Option<f64> {
    (expected > 0.0).then(|| observed as f64 / expected).filter(|ratio| ratio.is_finite())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn observed_over_expected() {
        assert_eq!(rrr(&Table2x2::new(3, 97, 47, 19_853).unwrap()), Some(12.0));
        assert_eq!(rrr_observed_expected(10, 5.0), Ok(Some(2.0)));
    }

    #[test]
    fn undefined_when_nothing_is_expected() {
        assert_eq!(rrr(&Table2x2::new(0, 0, 5, 5).unwrap()), None);
        assert_eq!(rrr(&Table2x2::new(0, 0, 0, 0).unwrap()), None);
        assert_eq!(rrr_observed_expected(10, 0.0), Ok(None));
        assert_eq!(rrr_observed_expected(10, f64::from_bits(1)), Ok(None));
        assert!(rrr_observed_expected(10, f64::NAN).is_err());
    }

    #[test]
    fn nothing_observed_is_zero() {
        assert_eq!(rrr(&Table2x2::new(0, 5, 5, 90).unwrap()), Some(0.0));
    }
}
