//! The smallest critical value that keeps the probability of a false signal.

use super::SequentialError;
use crate::numeric::root::brent;
use crate::special::in_range;

/// A critical value, and the probability of a false signal that goes with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CriticalValue {
    /// The surveillance signals when the log likelihood ratio reaches this (natural logarithm).
    pub value: f64,
    /// Probability of a signal before the end of the plan at ratio 1. It is the one asked for (to 1e-9,
    /// relative) when looks are continuous; smaller, and as near as the plan allows, when they are not.
    pub alpha: f64,
}

/// Largest critical value searched: the probability of reaching it is below e^-50.
const HIGHEST: f64 = 60.0;

/// Returns `alpha` if it can be the probability of a false signal.
pub(super) fn check_alpha(function: &'static str, alpha: f64) -> Result<f64, SequentialError> {
    let expected = "a probability from 1e-9 to 0.5 (not a percentage)";
    Ok(in_range((1e-9..=0.5).contains(&alpha), function, "alpha", alpha, expected)?)
}

/// Returns `critical` if it can be one.
pub(super) fn check_critical(
    function: &'static str,
    critical: f64,
) -> Result<f64, SequentialError> {
    let expected = "a log likelihood ratio above 0 and at most 1000";
    let ok = critical > 0.0 && critical <= 1e3;
    Ok(in_range(ok, function, "critical_value", critical, expected)?)
}

/// Returns the smallest critical value at which `size`, the probability of a signal at ratio 1, is at
/// most `alpha`.
///
/// `size` falls with the critical value, continuously or in jumps. It jumps where a ratio attainable at
/// a look stops signalling; `attainable(c)` is the largest attainable ratio below `c` that does not
/// signal at `c`. At a jump every value between two attainable ratios is the same test, and the lower
/// end of that range, raised by 1e-9 so that rounding cannot undo the comparison, stands for all.
pub(super) fn smallest(
    alpha: f64,
    size: impl Fn(f64) -> f64,
    attainable: impl Fn(f64) -> Option<f64>,
) -> Result<CriticalValue, SequentialError> {
    let largest = size(LOWEST);
    if largest < alpha {
        return Err(SequentialError::TooShort { alpha, attainable: largest });
    }
    let distance = |critical: f64| (size(critical).max(1e-18) / alpha).ln();
    // No change of sign: not even the highest value is enough, which probabilities rule out.
    let root = brent(LOWEST, HIGHEST, 1e-12, distance);
    let root = root.ok_or(SequentialError::NeverSignals { alpha })?;
    // Where a jump brought the probability down to alpha, the ratio behind it is just below the root, or
    // at the lower end of a range that meets alpha. Where it did not, that ratio may be far below.
    let behind = attainable(root + 1e-10).map(|ratio| ratio + 1e-9);
    let jump = behind.map(|value| (value, size(value))).filter(|&(_, size)| size <= alpha);
    match jump.unwrap_or_else(|| (root, size(root))) {
        (value, alpha) if alpha > 0.0 => Ok(CriticalValue { value, alpha }),
        _ => Err(SequentialError::NeverSignals { alpha }),
    }
}

/// Smallest critical value searched.
const LOWEST: f64 = 1e-9;
