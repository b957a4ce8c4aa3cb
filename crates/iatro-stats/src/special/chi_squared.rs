//! Chi-squared distribution, upper tail.

use super::erfc::erfc_sqrt;
use super::{DomainError, gamma_upper, non_negative, positive};

/// Returns `P(X >= x)` for chi-squared with `df` degrees of freedom, `Q(df / 2, x / 2)`.
///
/// `x` is finite, 0 or above; `df` above 0. Source: Abramowitz and Stegun 1964, 26.4.19.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn chi_squared_upper(x: f64, df: f64) -> Result<f64, DomainError> {
    let x = non_negative("chi_squared_upper", "x", x)?;
    let df = positive("chi_squared_upper", "df", df)?;
    gamma_upper(df / 2.0, x / 2.0)
}

/// Returns `P(X >= x)` for chi-squared with one degree of freedom, `erfc(sqrt(x / 2))`.
///
/// `x` is finite, 0 or above. The result lies in [0, 1]; it underflows to 0 above x = 1,480 or so.
/// Source: Abramowitz and Stegun 1964, 26.4.
///
/// # Errors
/// [`DomainError`] if `x` is out of range.
pub fn chi_squared_1df_upper(x: f64) -> Result<f64, DomainError> {
    let x = non_negative("chi_squared_1df_upper", "x", x)?;
    // The rule that integrates may end a digit above 1.
    Ok(erfc_sqrt(x / 2.0).min(1.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::*;

    /// Percentage points: Abramowitz and Stegun table 26.8, first row, to more digits.
    /// The others: `mpmath.erfc(mpmath.sqrt(mpmath.mpf(x) / 2))`, 60 digits.
    #[test]
    fn published_values() {
        for (x, expected) in [
            (0.0, 1.0),
            (0.0039321400000195245, 0.95),
            (0.454936423119572, 0.500_000_000_000_000_4),
            (1.0, 0.3173105078629141),
            (3.841458820694124, 0.05),
            (6.634896601021213, 0.01),
            (10.827566170662733, 0.001),
            (20.402766, 6.2739049098988271e-6),
            (486.629238, 7.7135917282896174e-108),
            (1400.0, 2.1010145162642175e-306),
        ] {
            let got = chi_squared_1df_upper(x).unwrap();
            assert!((got / expected - 1.0).abs() < 2e-15, "{x}: {got} != {expected}");
        }
    }

    /// `scipy.stats.chi2.sf(x, df)`, scipy 1.17.
    #[test]
    fn other_degrees_of_freedom_agree_with_scipy() {
        for (x, df, expected) in [
            (3.84, 1.0, 0.05004352124870519),
            (5.99, 2.0, 0.05003662708658629),
            (7.3, 3.0, 0.06292623645904312),
            (20.0, 10.0, 0.029252688076961124),
            (200.0, 100.0, 1.1784500720979781e-08),
            (0.5, 4.0, 0.9735009788392561),
            (1000.0, 10.0, 1.870290720915977e-208),
        ] {
            let got = chi_squared_upper(x, df).unwrap();
            assert!((got / expected - 1.0).abs() < 1e-12, "{x} {df}: {got} != {expected}");
        }
    }
}
