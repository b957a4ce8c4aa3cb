//! Digamma and trigamma: the first two derivatives of ln gamma.

use super::{DomainError, positive};

/// Returns digamma(x), the derivative of ln gamma at `x`; x above 0 and at most 1e300.
///
/// The recurrence `digamma(x) = digamma(x + 1) - 1/x` up to x >= 10, then the asymptotic series
/// (Abramowitz and Stegun 1964, 6.3.5 and 6.3.18). Error below `1e-14 (1 + |digamma(x)|)`.
///
/// # Errors
/// [`DomainError`] if `x` is out of range.
pub fn digamma(x: f64) -> Result<f64, DomainError> {
    Ok(digamma_unchecked(positive("digamma", "x", x)?))
}

/// Returns trigamma(x), the second derivative of ln gamma at `x`; x above 0 and at most 1e300.
///
/// Method and error as for [`digamma`] (Abramowitz and Stegun 1964, 6.4.6 and 6.4.12).
///
/// # Errors
/// [`DomainError`] if `x` is out of range.
pub fn trigamma(x: f64) -> Result<f64, DomainError> {
    Ok(trigamma_unchecked(positive("trigamma", "x", x)?))
}

/// From here on the series below hold to the last digit.
const ASYMPTOTIC: f64 = 10.0;

/// [`digamma`] without the check.
pub(crate) fn digamma_unchecked(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < ASYMPTOTIC {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let s = 1.0 / (x * x);
    let series = s
        * (1.0 / 12.0
            - s * (1.0 / 120.0
                - s * (1.0 / 252.0
                    - s * (1.0 / 240.0
                        - s * (1.0 / 132.0 - s * (691.0 / 32_760.0 - s * (1.0 / 12.0)))))));
    sum + (x.ln() - 0.5 / x - series)
}

/// [`trigamma`] without the check.
pub(crate) fn trigamma_unchecked(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < ASYMPTOTIC {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let s = 1.0 / (x * x);
    let series = s
        * (1.0 / 6.0
            - s * (1.0 / 30.0
                - s * (1.0 / 42.0
                    - s * (1.0 / 30.0
                        - s * (5.0 / 66.0 - s * (691.0 / 2_730.0 - s * (7.0 / 6.0)))))));
    sum + (1.0 + 0.5 / x + series) / x
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::*;

    /// `mpmath.digamma(x)` and `mpmath.psi(1, x)`, 60 digits.
    #[test]
    fn published_values() {
        for (x, first, second) in [
            (1e-5, -100000.57719921568, 10000000001.64491),
            (0.1, -10.423754940411077, 101.43329915079276),
            (0.5, -1.9635100260214235, 4.9348022005446793),
            (1.0, -0.57721566490153286, 1.6449340668482264),
            (1.4616321449683623, 0.0, 0.96767224544762121),
            (2.0, 0.42278433509846714, 0.64493406684822644),
            (3.5, 1.1031566406452432, 0.33035775610023486),
            (7.0, 1.8727843350984671, 0.15354517795933755),
            (10.0, 2.2517525890667211, 0.10516633568168575),
            (25.25, 3.2088934898690553, 0.040398546953104016),
            (1000.0, 6.9072551956488121, 0.0010005001666666333),
            (1e10, 23.025850929890457, 1.00000000005e-10),
        ] {
            let (d, t): (f64, f64) = (digamma(x).unwrap(), trigamma(x).unwrap());
            assert!((d - first).abs() < 1e-14 * (1.0 + first.abs()), "{x}: {d} != {first}");
            assert!((t / second - 1.0).abs() < 2e-15, "{x}: {t} != {second}");
        }
    }
}
