//! Log likelihood ratios of the maximised sequential probability ratio test.

use crate::DomainError;
use crate::numeric::deviance::deviance;
use crate::special::{in_range, positive};

/// Returns the log likelihood ratio of `observed` events against an `expected` count, for a ratio above
/// 1; 0 where no more was observed than expected.
///
/// ```text
/// LLR = observed ln(observed / expected) - (observed - expected)   if observed > expected, else 0
/// ```
///
/// Natural logarithm. `expected` is above 0 and at most 1e300. Source: Kulldorff et al. 2011, Sequential
/// Anal 30:58-78.
///
/// # Errors
/// [`DomainError`] if `expected` is out of range.
pub fn poisson_llr(observed: u64, expected: f64) -> Result<f64, DomainError> {
    let expected = positive("poisson_llr", "expected", expected)?;
    Ok(poisson_unchecked(observed, expected))
}

/// [`poisson_llr`] without the check.
pub(super) fn poisson_unchecked(observed: u64, expected: f64) -> f64 {
    let observed = observed as f64;
    if observed <= expected {
        return 0.0;
    }
    deviance(observed, expected).max(0.0)
}

/// Returns the log likelihood ratio of `cases` exposed events among `events`, when an event is exposed
/// with probability 1 / (1 + `ratio`) under no association, for a probability above that; 0 where no
/// more were exposed.
///
/// ```text
/// p0 = 1 / (1 + ratio), p = cases / events
/// LLR = cases ln(p / p0) + (events - cases) ln((1 - p) / (1 - p0))   if p > p0, else 0
/// ```
///
/// Natural logarithm; 0 ln 0 is 0. `ratio` is the number of matched comparators for one exposed (in a
/// self-controlled design, comparison time over exposed time), above 0 and at most 1e300. Source:
/// Kulldorff et al. 2011, Sequential Anal 30:58-78.
///
/// # Errors
/// [`DomainError`] if `ratio` is out of range or there are more cases than events.
pub fn binomial_llr(cases: u64, events: u64, ratio: f64) -> Result<f64, DomainError> {
    let ratio = positive("binomial_llr", "ratio", ratio)?;
    let expected = "a count no larger than events";
    in_range(cases <= events, "binomial_llr", "cases", cases as f64, expected)?;
    Ok(binomial_unchecked(cases, events, ratio))
}

/// [`binomial_llr`] without the checks.
pub(super) fn binomial_unchecked(cases: u64, events: u64, ratio: f64) -> f64 {
    let (c, n) = (cases as f64, events as f64);
    let rest = n - c;
    if c * ratio <= rest {
        return 0.0;
    }
    // The linear parts of the two deviances add up to 0.
    let (exposed, other) = (n / (1.0 + ratio), n * (ratio / (1.0 + ratio)));
    (deviance(c, exposed) + deviance(rest, other)).max(0.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn nothing_below_the_expected_count() {
        assert_eq!(poisson_llr(3, 3.0), Ok(0.0));
        assert_eq!(poisson_llr(0, 1e-300), Ok(0.0));
        assert_eq!(binomial_llr(1, 4, 3.0), Ok(0.0));
        assert_eq!(binomial_llr(0, 0, 3.0), Ok(0.0));
    }

    #[test]
    fn simple_cases() {
        assert!((poisson_llr(1, 0.5).unwrap() - (2_f64.ln() - 0.5)).abs() < 1e-15);
        assert!((binomial_llr(5, 5, 1.0).unwrap() - 5.0 * 2_f64.ln()).abs() < 1e-14);
        let direct = 6.0 * (0.75_f64 / 0.25).ln() + 2.0 * (0.25_f64 / 0.75).ln();
        assert!((binomial_llr(6, 8, 3.0).unwrap() - direct).abs() < 1e-14);
    }

    /// `mpmath`, 50 digits, rounded: n ln(n / mu) - (n - mu).
    #[test]
    fn digits_hold_next_to_the_expected_count() {
        for (n, mu, expected) in [
            (1_000_001, 1e6, 4.999_998_333_334_166e-7),
            (1_001, 1000.0, 4.998_334_166_167e-4),
            (7, 1e-12, 200.038_518_854_888_03),
        ] {
            let got = poisson_llr(n, mu).unwrap();
            assert!((got / expected - 1.0).abs() < 1e-12, "{n} {mu}: {got} != {expected}");
        }
    }

    /// `mpmath`, 50 digits: c ln(p / p0) + (n - c) ln((1 - p) / (1 - p0)).
    #[test]
    fn digits_of_a_binomial_ratio_hold_next_to_the_expected_share() {
        for (c, n, z, expected) in BINOMIAL {
            let got = binomial_llr(c, n, z).unwrap();
            assert!((got / expected - 1.0).abs() < 1e-12, "{c} {n} {z}: {got} != {expected}");
        }
    }

    const BINOMIAL: [(u64, u64, f64, f64); 3] = [
        (500_000_500, 1_000_000_000, 1.0, 0.0005000000000000833),
        (251_000_000, 1_000_000_000, 3.0, 2664.301814552695),
        (1_001, 2_000, 1.0, 0.001000000166666733),
    ];

    #[test]
    fn extremes_are_finite() {
        for mu in [1e-300, 1.0, 1e18, 1e300] {
            assert!(poisson_llr(u64::MAX, mu).unwrap().is_finite());
        }
        for ratio in [1e-300, 1.0, 1e300] {
            assert!(binomial_llr(u64::MAX, u64::MAX, ratio).unwrap().is_finite());
            assert!(binomial_llr(u64::MAX - 9, u64::MAX, ratio).unwrap().is_finite());
        }
    }

    #[test]
    fn impossible_arguments_are_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(poisson_llr(1, bad).unwrap_err().argument, "expected");
            assert_eq!(binomial_llr(1, 1, bad).unwrap_err().argument, "ratio");
        }
        assert_eq!(binomial_llr(3, 2, 1.0).unwrap_err().argument, "cases");
    }
}
