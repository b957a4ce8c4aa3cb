//! ln gamma, and the correction that Stirling's formula needs.

use super::{DomainError, positive};

/// Returns ln gamma(x), x above 0 and at most 1e300.
///
/// Lanczos approximation (Pugh 2004) through `statrs`, by `ln gamma(x + 1) - ln x` below 0.5. The
/// error is below `1e-14 (1 + |ln gamma(x)|)`; near x = 1 and x = 2, where ln gamma is 0, it is
/// absolute, not relative.
///
/// # Errors
/// [`DomainError`] if `x` is out of range.
pub fn ln_gamma(x: f64) -> Result<f64, DomainError> {
    Ok(ln_gamma_unchecked(positive("ln_gamma", "x", x)?))
}

/// [`ln_gamma`] without the check.
pub(crate) fn ln_gamma_unchecked(x: f64) -> f64 {
    if x < 0.5 {
        return statrs::function::gamma::ln_gamma(x + 1.0) - x.ln();
    }
    statrs::function::gamma::ln_gamma(x)
}

/// B(2k) / (2k (2k - 1)), k = 1 to 7.
const STIRLING: [f64; 7] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1_260.0,
    -1.0 / 1_680.0,
    1.0 / 1_188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
];

/// Returns `ln gamma(x + 1) - ((x + 1/2) ln x - x + ln(2 pi) / 2)` for x >= 10, to 1e-16.
///
/// Source: Abramowitz and Stegun 1964, 6.1.41.
pub(crate) fn stirling_correction(x: f64) -> f64 {
    let inverse_square = 1.0 / (x * x);
    STIRLING.iter().rev().fold(0.0, |sum, &c| sum * inverse_square + c) / x
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::*;

    /// `mpmath.loggamma(mpmath.mpf(x))`, 60 digits.
    #[test]
    fn published_values() {
        for (x, expected) in [
            (1e-300, 690.77552789821371),
            (1e-5, 11.512919692895826),
            (0.01, 4.5994798780420217),
            (0.5, 0.57236494292470009),
            (0.9, 0.066376239734742954),
            (1.01, -0.0056903079460696505),
            (1.5, -0.12078223763524522),
            (1.99, -0.0041955290887916687),
            (2.01, 0.0042600229070983458),
            (2.5, 0.28468287047291916),
            (5.5, 3.9578139676187163),
            (10.0, 12.80182748008147),
            (10.5, 13.940625219403764),
            (100.0, 359.1342053695754),
            (1e3, 5905.2204232091812),
            (1e6, 12815504.569147612),
            (1e8, 1742068066.1038347),
            (1e15, 33538776394910669.0),
            (1.8e19, 7.8006426177220177e20),
        ] {
            let got = ln_gamma(x).unwrap();
            let tolerance = 1e-14 * (1.0 + f64::abs(expected));
            assert!((got - expected).abs() < tolerance, "{x}: {got} != {expected}");
        }
    }

    #[test]
    fn factorials() {
        let mut factorial = 1.0_f64;
        for n in 1..=170_u32 {
            factorial *= f64::from(n);
            let got = ln_gamma(f64::from(n) + 1.0).unwrap();
            let expected = factorial.ln();
            assert!((got - expected).abs() < 1e-14 * (1.0 + expected), "{n}!");
        }
    }

    #[test]
    fn stirling_correction_closes_the_gap() {
        for x in [10.0_f64, 10.5, 15.0, 25.0, 60.0] {
            let stirling = (x + 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln();
            let got = stirling + stirling_correction(x);
            let expected = ln_gamma(x + 1.0).unwrap();
            assert!((got - expected).abs() < 1e-14 * (1.0 + expected), "{x}");
        }
    }
}
