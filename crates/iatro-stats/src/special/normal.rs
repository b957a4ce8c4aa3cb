//! Standard normal distribution and its quantile.

use std::f64::consts::{SQRT_2, TAU};

use statrs::function::erf::erfc_inv;

use super::erfc::erfc_sqrt;
use super::{DomainError, in_range, probability};

/// The 97.5 % point of the standard normal: z for every two-sided 95 % interval here.
pub const Z_95: f64 = 1.959963984540054;

/// Returns the standard normal distribution function at `z`, `erfc(-z / sqrt 2) / 2`.
///
/// `z` is any number but NaN; infinities give 0 and 1.
/// Source: Abramowitz and Stegun 1964, 26.2.29.
///
/// # Errors
/// [`DomainError`] if `z` is NaN.
pub fn normal_cdf(z: f64) -> Result<f64, DomainError> {
    let z = in_range(!z.is_nan(), "normal_cdf", "z", z, "a number")?;
    Ok(cdf(z))
}

/// Returns z such that the standard normal distribution function at z is `p`, 0 < p < 1.
///
/// The rational approximation of `statrs` to the inverse of erfc, and one Newton step on the log of
/// the tail; 14 digits in both tails.
///
/// # Errors
/// [`DomainError`] if `p` is out of range.
pub fn normal_quantile(p: f64) -> Result<f64, DomainError> {
    Ok(quantile(probability("normal_quantile", "p", p)?))
}

/// [`normal_cdf`] without the check.
pub(crate) fn cdf(z: f64) -> f64 {
    let tail = 0.5 * erfc_sqrt(0.5 * z * z);
    if z <= 0.0 { tail } else { 1.0 - tail }
}

/// [`normal_quantile`] without the check.
pub(crate) fn quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -lower_quantile(1.0 - p);
    }
    lower_quantile(p)
}

/// The quantile for 0 < p <= 0.5.
fn lower_quantile(p: f64) -> f64 {
    let z = -SQRT_2 * erfc_inv(2.0 * p);
    let tail = cdf(z);
    let density = (-0.5 * z * z).exp() / TAU.sqrt();
    let step = tail * (tail / p).ln() / density;
    if step.is_finite() { z - step } else { z }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::*;

    /// `mpmath.ncdf(mpmath.mpf(z))`, 60 digits.
    #[test]
    fn cdf_published_values() {
        for (z, expected) in [
            (-20.0, 2.7536241186062337e-89),
            (-8.0, 6.2209605742717841e-16),
            (-5.0, 2.8665157187919391e-7),
            (-3.0, 0.0013498980316300945),
            (-Z_95, 0.025),
            (-1.0, 0.15865525393145705),
            (-0.5, 0.3085375387259869),
            (-0.1, 0.46017216272297102),
            (0.0, 0.5),
            (0.3, 0.61791142218895263),
            (1.0, 0.84134474606854295),
            (2.0, 0.97724986805182079),
            (Z_95, 0.975),
            (4.0, 0.99996832875816688),
        ] {
            let got = normal_cdf(z).unwrap();
            let tolerance = 1e-15 + z * z * 1e-16;
            assert!((got / expected - 1.0).abs() < tolerance, "{z}: {got} != {expected}");
        }
        assert_eq!(normal_cdf(f64::NEG_INFINITY), Ok(0.0));
        assert_eq!(normal_cdf(f64::INFINITY), Ok(1.0));
    }

    /// Roots of `log(mpmath.ncdf(z)) - log(p)`, 60 digits.
    #[test]
    fn quantile_published_values() {
        for (p, expected) in [
            (1e-300, -37.047096299361199),
            (1e-100, -21.273453560965324),
            (1e-20, -9.2623400897984076),
            (1e-10, -6.3613409024040562),
            (1e-5, -4.2648907939228246),
            (0.001, -3.0902323061678135),
            (0.025, -1.9599639845400542),
            (0.05, -1.6448536269514727),
            (0.3, -0.52440051270804082),
            (0.45, -0.12566134685507401),
            (0.7, 0.52440051270804066),
            (0.95, 1.6448536269514723),
            (0.975, 1.9599639845400539),
            (0.999999, 4.7534243088170878),
        ] {
            let got: f64 = normal_quantile(p).unwrap();
            assert!((got / expected - 1.0).abs() < 4e-15, "{p}: {got} != {expected}");
        }
        assert_eq!(normal_quantile(0.5).unwrap().abs(), 0.0);
    }
}
