//! Information component with the closed-form approximation of its limits.

use super::ic::SHRINKAGE;
use crate::special::non_negative;
use crate::{DomainError, Estimate, Table2x2};

/// Returns the information component of a table with the approximate limits of Noren 2013, log2
/// scale; `None` if there are no reports. See [`ic_noren2013_observed_expected`].
#[must_use]
pub fn ic_noren2013(table: &Table2x2) -> Option<Estimate> {
    table.expected().map(|expected| approximation(table.a(), expected))
}

/// Returns the information component of `observed` reports against an `expected` count, with the
/// approximate limits of Noren 2013, log2 scale.
///
/// ```text
/// s = observed + 0.5
/// IC = log2(s / (expected + 0.5))
/// lower = IC - 3.3 s^(-1/2) - 2.0 s^(-3/2)
/// upper = IC + 2.4 s^(-1/2) - 0.5 s^(-3/2)
/// ```
///
/// Kept to compare with published figures; the exact limits are
/// [`ic_observed_expected`](super::ic_observed_expected). They differ by 0.35 at observed = 0
/// and by less than 0.05 from 1 on. `expected` is finite, 0 or above. Source: Noren, Hopstadius and
/// Bate 2013, Stat Methods Med Res 22:57-69.
///
/// # Errors
/// [`DomainError`] if `expected` is out of range.
pub fn ic_noren2013_observed_expected(
    observed: u64,
    expected: f64,
) -> Result<Estimate, DomainError> {
    let expected = non_negative("ic_noren2013_observed_expected", "expected", expected)?;
    Ok(approximation(observed, expected))
}

fn approximation(observed: u64, expected: f64) -> Estimate {
    let shape = observed as f64 + SHRINKAGE;
    let point = (shape / (expected + SHRINKAGE)).log2();
    let (root, cube) = (shape.powf(-0.5), shape.powf(-1.5));
    Estimate {
        point,
        lower: point - 3.3 * root - 2.0 * cube,
        upper: point + 2.4 * root - 0.5 * cube,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::disproportionality::ic_observed_expected;

    /// How far the approximate limits are from the exact ones: the expected count cancels.
    #[test]
    fn distance_to_the_exact_limits() {
        for (observed, largest) in
            [(0, 0.35), (1, 0.05), (3, 0.02), (10, 0.05), (30, 0.05), (100, 0.035)]
        {
            let exact = ic_observed_expected(observed, 1.0).unwrap();
            let approximate = ic_noren2013_observed_expected(observed, 1.0).unwrap();
            assert_eq!(exact.point, approximate.point);
            assert!((exact.lower - approximate.lower).abs() < largest, "{observed}");
            assert!((exact.upper - approximate.upper).abs() < largest, "{observed}");
        }
    }

    #[test]
    fn no_reports_and_bad_expected_counts() {
        assert_eq!(ic_noren2013(&Table2x2::new(0, 0, 0, 0).unwrap()), None);
        assert!(ic_noren2013_observed_expected(1, -1.0).is_err());
    }
}
