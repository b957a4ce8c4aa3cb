//! Wilson's score interval, with and without continuity correction.

use super::{Proportion, tail};
use crate::DomainError;
use crate::special::normal_quantile;

/// Returns `events / n` with its score interval; `None` if n is 0.
///
/// ```text
/// limits = (x + z^2/2 -+ z sqrt(x (n - x) / n + z^2/4)) / (n + z^2)
/// ```
///
/// x events among n, z the normal quantile of the `level` (strictly between 0 and 1; 0.95 usually).
/// The lower limit is 0 for x = 0, the upper 1 for x = n. On average over proportions the interval
/// holds the truth at about its level; for single ones it swings around it, and for very small
/// proportions falls short. Sources: Wilson 1927, J Am Stat Assoc 22:209-212; Brown, Cai and DasGupta
/// 2001, Stat Sci 16:101-133.
///
/// # Errors
/// [`DomainError`] if `events` is above n or `level` out of range.
pub fn wilson(events: u64, n: u64, level: f64) -> Result<Option<Proportion>, DomainError> {
    limits("wilson", events, n, level, 0.0)
}

/// Returns `events / n` with its score interval with continuity correction; `None` if n is 0.
///
/// The lower limit is that of [`wilson`] for x - 1/2 events, the upper that for x + 1/2; 0 for x = 0
/// and 1 for x = n. It is close to the exact interval, and nearly as conservative. Source: Newcombe 1998,
/// Stat Med 17:857-872, method 4.
///
/// # Errors
/// [`DomainError`] if `events` is above n or `level` out of range.
pub fn wilson_corrected(
    events: u64,
    n: u64,
    level: f64,
) -> Result<Option<Proportion>, DomainError> {
    limits("wilson_corrected", events, n, level, 0.5)
}

fn limits(
    function: &'static str,
    events: u64,
    n: u64,
    level: f64,
    correction: f64,
) -> Result<Option<Proportion>, DomainError> {
    let z = -normal_quantile(tail(function, events, n, level)?)?;
    if n == 0 {
        return Ok(None);
    }
    let (x, size) = (events as f64, n as f64);
    let lower = if events == 0 { 0.0 } else { lower(x - correction, size, z) };
    let upper = if events == n { 1.0 } else { upper(x + correction, size, z) };
    Ok(Some(Proportion::new(events, n, lower, upper)))
}

/// (x + z^2/2 + z sqrt(x (n - x) / n + z^2/4)) / (n + z^2).
fn upper(x: f64, n: f64, z: f64) -> f64 {
    larger_root(x, n, z) / (n + z * z)
}

/// The smaller root from the larger one and their product, x^2 / (n (n + z^2)): nothing cancels.
fn lower(x: f64, n: f64, z: f64) -> f64 {
    x * (x / n) / larger_root(x, n, z)
}

fn larger_root(x: f64, n: f64, z: f64) -> f64 {
    x + 0.5 * z * z + z * (x * ((n - x) / n) + 0.25 * z * z).sqrt()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_ends_and_nothing() {
        for method in [wilson, wilson_corrected] {
            assert_eq!(method(0, 0, 0.95), Ok(None));
            let (none, all) = (method(0, 20, 0.95).unwrap(), method(20, 20, 0.95).unwrap());
            let (none, all) = (none.unwrap(), all.unwrap());
            assert_eq!((none.point, none.lower), (0.0, 0.0));
            assert_eq!((all.point, all.upper), (1.0, 1.0));
            assert!((none.upper + all.lower - 1.0).abs() < 1e-15);
        }
    }

    #[test]
    fn bad_arguments_are_refused() {
        let error = wilson(3, 2, 0.95).unwrap_err();
        assert_eq!(error.to_string(), "wilson: events is 3; expected a count of at most n");
        for level in [0.0, 1.0, 95.0, f64::NAN] {
            assert_eq!(wilson_corrected(1, 2, level).unwrap_err().argument, "level");
        }
    }

    /// Newcombe 1998, table I: 81 of 263 with correction.
    #[test]
    fn published_example() {
        let got = wilson_corrected(81, 263, 0.95).unwrap().unwrap();
        assert!((got.lower - 0.2535).abs() < 5e-5 && (got.upper - 0.3682).abs() < 5e-5);
    }
}
