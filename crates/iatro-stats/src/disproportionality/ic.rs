//! Information component with exact gamma credibility limits.

use super::limits_of_count::half_more;
use crate::special::non_negative;
use crate::{DomainError, Estimate, Table2x2};

/// Shrinkage: half a report added to the observed and to the expected count.
pub(super) const SHRINKAGE: f64 = 0.5;

/// Returns the information component of a table, with its exact 95 % credibility interval, log2
/// scale; `None` if there are no reports.
///
/// The expected count is that of [`Table2x2::expected`]; see [`ic_observed_expected`] for the
/// formula and for expected counts from elsewhere (strata).
#[must_use]
pub fn ic(table: &Table2x2) -> Option<Estimate> {
    table.expected().map(|expected| ic_unchecked(table.a(), expected))
}

/// Returns the information component of `observed` reports against an `expected` count, with its
/// exact 95 % credibility interval, log2 scale.
///
/// ```text
/// IC = log2((observed + 0.5) / (expected + 0.5))
/// limits = log2(gamma quantile(0.025 and 0.975; shape observed + 0.5) / (expected + 0.5))
/// ```
///
/// The limits are quantiles of the posterior of the observed-to-expected ratio under a gamma(0.5,
/// 0.5) prior. `expected` is finite, 0 or above; at 0 the ratio is taken against 0.5. The lower
/// limit is above 0 only from 3 reports on. Source: Noren, Hopstadius and Bate 2013, Stat Methods
/// Med Res 22:57-69.
///
/// # Errors
/// [`DomainError`] if `expected` is out of range.
pub fn ic_observed_expected(observed: u64, expected: f64) -> Result<Estimate, DomainError> {
    let expected = non_negative("ic_observed_expected", "expected", expected)?;
    Ok(ic_unchecked(observed, expected))
}

fn ic_unchecked(observed: u64, expected: f64) -> Estimate {
    let (shape, rate) = (observed as f64 + SHRINKAGE, expected + SHRINKAGE);
    let [lower, upper] = half_more(observed).map(|limit| (limit / rate).log2());
    Estimate { point: (shape / rate).log2(), lower, upper }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn table_and_counts_agree() {
        let table = Table2x2::new(3, 97, 47, 19_853).unwrap();
        assert_eq!(ic(&table), ic_observed_expected(3, 0.25).ok());
    }

    #[test]
    fn defined_as_soon_as_there_is_a_report() {
        assert_eq!(ic(&Table2x2::new(0, 0, 0, 0).unwrap()), None);
        let nothing_seen = ic(&Table2x2::new(0, 0, 0, 1).unwrap()).unwrap();
        assert_eq!(nothing_seen.point, 0.0);
        assert!(nothing_seen.lower < 0.0 && nothing_seen.upper > 0.0);
    }

    #[test]
    fn expected_zero_is_taken_against_one_half() {
        assert_eq!(ic_observed_expected(3, 0.0).unwrap().point, 7.0_f64.log2());
    }

    #[test]
    fn the_largest_expected_count_gives_finite_limits() {
        for observed in [0, u64::MAX] {
            let got = ic_observed_expected(observed, f64::MAX).unwrap();
            assert!(got.lower.is_finite() && got.upper.is_finite());
        }
    }

    #[test]
    fn impossible_expected_counts_are_refused() {
        for expected in [-0.1, f64::NAN, f64::INFINITY] {
            let error = ic_observed_expected(1, expected).unwrap_err();
            assert_eq!(error.argument, "expected");
        }
    }

    /// With nothing expected, the most favourable case: 2 reports never suffice, 3 may.
    #[test]
    fn lower_limit_above_zero_takes_three_reports() {
        assert!(ic_observed_expected(2, 0.0).unwrap().lower < 0.0);
        assert!(ic_observed_expected(3, 0.0).unwrap().lower > 0.0);
    }
}
