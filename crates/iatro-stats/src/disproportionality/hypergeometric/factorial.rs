//! The two parts of ln n! that survive when factorials are divided: Stirling's error, and the
//! deviance.

/// `ln n! - (ln(2 pi n) / 2 + n ln n - n)` for n = 1 to 15; `mpmath` 1.3, 40 digits.
#[allow(clippy::excessive_precision)] // As printed by the source.
const SMALL: [f64; 16] = [
    0.0,
    0.08106146679532725822,
    0.04134069595540929409,
    0.02767792568499833915,
    0.02079067210376509311,
    0.01664469118982119216,
    0.013876128823070748,
    0.0118967099458917701,
    0.0104112652619720965,
    0.009255462182712732918,
    0.008330563433362871256,
    0.007573675487951840795,
    0.006942840107209529866,
    0.006408994188004207068,
    0.005951370112758847736,
    0.005554733551962801371,
];

/// B(2k) / (2k (2k - 1)), k = 1 to 5.
const SERIES: [f64; 5] = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1_260.0, -1.0 / 1_680.0, 1.0 / 1_188.0];

/// Returns `ln n! - (ln(2 pi n) / 2 + n ln n - n)`, within 2e-16; 0 for n = 0, where the formula
/// does not exist and n! = 1.
///
/// Source: Abramowitz and Stegun 1964, 6.1.41.
pub(super) fn stirling_error(n: u64) -> f64 {
    if let Some(value) = usize::try_from(n).ok().and_then(|n| SMALL.get(n)) {
        return *value;
    }
    let x = n as f64;
    let inverse_square = 1.0 / (x * x);
    SERIES.iter().rev().fold(0.0, |sum, &c| sum * inverse_square + c) / x
}

/// Returns `x ln(x / mu) - x + mu` for x >= 0, mu > 0 and `difference` = x - mu, which the caller may
/// know better than the subtraction; relative error below 1e-14.
///
/// Source: Loader 2000, *Fast and accurate computation of binomial probabilities*.
pub(in crate::disproportionality) fn deviance(x: f64, mu: f64, difference: f64) -> f64 {
    let v = difference / (x + mu);
    if v.abs() >= 0.1 {
        let log = if x > 0.0 { x * (x / mu).ln() } else { 0.0 };
        return log - difference;
    }
    // x ln(x / mu) = 2 x atanh(v), and 2 x v - difference = difference v.
    let square = v * v;
    let mut power = 2.0 * x * v;
    let mut sum = difference * v;
    for odd in [3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0] {
        power *= square;
        let next = sum + power / odd;
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::excessive_precision)]
    use super::*;
    use crate::special::ln_gamma;

    #[test]
    fn factorials_come_back() {
        for n in (1..40_u64).chain([100, 1_000, 1_000_000]) {
            let x = n as f64;
            let stirling = 0.5 * (std::f64::consts::TAU * x).ln() + x * x.ln() - x;
            let expected = ln_gamma(x + 1.0).unwrap();
            let got = stirling + stirling_error(n);
            assert!((got - expected).abs() < 1e-14 * (1.0 + expected), "{n}: {got} {expected}");
        }
        assert_eq!(stirling_error(0), 0.0);
    }

    /// `mpmath` 1.3, 40 digits.
    #[test]
    fn deviance_near_and_far() {
        for (x, mu, expected) in DEVIANCES {
            let got = deviance(x, mu, x - mu);
            assert!((got / expected - 1.0).abs() < 1e-14, "{x}, {mu}: {got} {expected}");
        }
        assert_eq!(deviance(0.0, 3.0, -3.0), 3.0);
        assert_eq!(deviance(3.0, 3.0, 0.0), 0.0);
    }

    const DEVIANCES: [(f64, f64, f64); 6] = [
        (10.0, 10.5, 0.01209835830567996935),
        (10.0, 12.0, 0.1767844320604537379),
        (10.0, 12.5, 0.2685644868579024423),
        (1000000000.0, 1000010000.0, 0.04999966666916664667),
        (5.0, 0.01, 26.08304049211095861),
        (3.0, 300.0, 283.1844894420357259),
    ];
}
