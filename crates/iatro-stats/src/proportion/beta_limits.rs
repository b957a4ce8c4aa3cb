//! Limits that are quantiles of a beta variable: Clopper and Pearson, Jeffreys.

use super::{Proportion, tail};
use crate::DomainError;
use crate::special::{beta_quantile, in_range};

/// Returns `events / n` with the exact interval of Clopper and Pearson; `None` if n is 0.
///
/// ```text
/// lower = B(alpha/2; x, n - x + 1), 0 for x = 0
/// upper = B(1 - alpha/2; x + 1, n - x), 1 for x = n
/// ```
///
/// B(p; a, b) is the p quantile of a beta variable, x events among n, alpha = 1 - `level` (strictly
/// between 0 and 1). Holds the truth at least at its level whatever it is, mostly more often. n is at
/// most 10^10; the limits are good to 10 digits for n up to 10^7 and to 7 at the largest. Source: Clopper and Pearson 1934, Biometrika 26:404-413.
///
/// # Errors
/// [`DomainError`] if `events` is above n, n above 10^10 or `level` out of range.
pub fn clopper_pearson(events: u64, n: u64, level: f64) -> Result<Option<Proportion>, DomainError> {
    let tail = checked("clopper_pearson", events, n, level)?;
    let (x, y) = (events as f64, n.saturating_sub(events) as f64);
    limits(events, n, tail, [x, y + 1.0], [x + 1.0, y])
}

/// Returns `events / n` with the interval of Jeffreys; `None` if n is 0.
///
/// ```text
/// lower = B(alpha/2; x + 1/2, n - x + 1/2), 0 for x = 0
/// upper = B(1 - alpha/2; x + 1/2, n - x + 1/2), 1 for x = n
/// ```
///
/// Equal tails of the posterior under a beta(1/2, 1/2) prior, moved to the end where there are no
/// events or no others. n is at most 10^10. Source: Brown, Cai and DasGupta 2001, Stat Sci
/// 16:101-133.
///
/// # Errors
/// [`DomainError`] if `events` is above n, n above 10^10 or `level` out of range.
pub fn jeffreys(events: u64, n: u64, level: f64) -> Result<Option<Proportion>, DomainError> {
    let tail = checked("jeffreys", events, n, level)?;
    let shapes = [events as f64 + 0.5, n.saturating_sub(events) as f64 + 0.5];
    limits(events, n, tail, shapes, shapes)
}

/// More than the incomplete beta function has its digits for.
const LARGEST: u64 = 10_000_000_000;

fn checked(function: &'static str, events: u64, n: u64, level: f64) -> Result<f64, DomainError> {
    in_range(n <= LARGEST, function, "n", n as f64, "a count of at most 10^10 (or use wilson)")?;
    tail(function, events, n, level)
}

fn limits(
    events: u64,
    n: u64,
    tail: f64,
    [lower_a, lower_b]: [f64; 2],
    [upper_a, upper_b]: [f64; 2],
) -> Result<Option<Proportion>, DomainError> {
    if n == 0 {
        return Ok(None);
    }
    let lower = if events == 0 { 0.0 } else { beta_quantile(tail, lower_a, lower_b)? };
    let upper = if events == n { 1.0 } else { beta_quantile(1.0 - tail, upper_a, upper_b)? };
    Ok(Some(Proportion::new(events, n, lower, upper)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// Of n reports none: the upper limit has a closed form, 1 - (alpha/2)^(1/n).
    #[test]
    fn none_of_n() {
        for n in [1_u64, 2, 20, 5_000, 1_000_000] {
            let got = clopper_pearson(0, n, 0.95).unwrap().unwrap();
            let expected = -(0.025_f64.ln() / n as f64).exp_m1();
            assert_eq!(got.lower, 0.0);
            assert!((got.upper / expected - 1.0).abs() < 1e-11, "{n}: {got:?} {expected}");
            let all = clopper_pearson(n, n, 0.95).unwrap().unwrap();
            assert!(all.upper == 1.0 && (all.lower + got.upper - 1.0).abs() < 1e-14);
        }
    }

    /// `scipy.stats.beta.ppf`, scipy 1.17, at the largest n. The upper limit of a few events
    /// among very many loses digits in the incomplete beta function, in proportion to n.
    #[test]
    fn the_largest_counts() {
        for (x, lower, upper) in [
            (3, 6.18672122938331e-11, 8.76727306721414e-10),
            (1_000_000_000, 0.0999941201738212, 0.100005880057726),
            (5_000_000_000, 0.499990200130078, 0.500009799869922),
        ] {
            let got = clopper_pearson(x, LARGEST, 0.95).unwrap().unwrap();
            assert!((got.lower / lower - 1.0).abs() < 1e-11, "{x}: {got:?}");
            let tolerance = if x == 3 { 1e-7 } else { 1e-11 };
            assert!((got.upper / upper - 1.0).abs() < tolerance, "{x}: {got:?}");
        }
    }

    #[test]
    fn ends_and_errors() {
        for method in [clopper_pearson, jeffreys] {
            assert_eq!(method(0, 0, 0.95), Ok(None));
            assert_eq!(method(2, 1, 0.95).unwrap_err().argument, "events");
            assert_eq!(method(0, LARGEST + 1, 0.95).unwrap_err().argument, "n");
            assert_eq!(method(0, 1, 1.0).unwrap_err().argument, "level");
            assert_eq!(method(0, 7, 0.95).unwrap().unwrap().lower, 0.0);
            assert_eq!(method(7, 7, 0.95).unwrap().unwrap().upper, 1.0);
        }
    }
}
