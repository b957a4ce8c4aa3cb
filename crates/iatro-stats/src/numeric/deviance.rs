//! The deviance of a count from a mean, without loss of digits near the mean.

/// Returns x ln(x / m) - (x - m), half the contribution of a count x to the deviance from a mean m; x 0
/// or above, m above 0 unless x is 0 (a mean below the smallest normal f64 counts as that).
///
/// Near x = m by the series of Loader 2000 (*Fast and accurate computation of binomial
/// probabilities*), where the formula would lose its digits.
pub(crate) fn deviance(x: f64, m: f64) -> f64 {
    if x <= 0.0 {
        return m.max(0.0);
    }
    let m = m.max(f64::MIN_POSITIVE);
    let excess = x - m;
    if excess.abs() >= 0.1 * (x + m) {
        let quotient = x / m;
        // A quotient beyond the range of an f64 still has a logarithm.
        let log = if quotient.is_finite() { quotient.ln() } else { x.ln() - m.ln() };
        return x * log - excess;
    }
    let v = excess / (x + m);
    let mut sum = excess * v;
    let mut term = 2.0 * x * v;
    for j in 1..40 {
        term *= v * v;
        let next = sum + term / f64::from(2 * j + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::*;

    /// `mpmath`, 40 digits.
    #[test]
    fn deviance_keeps_its_digits() {
        for (x, m, expected) in [
            (3.0, 1.0, 1.2958368660043291),
            (10.0, 9.0, 0.053605156578263012),
            (1000.0, 999.9, 5.0003333583376075e-6),
            (1000.0, 1250.0, 26.856448685790244),
            (1.0, 0.999_999, 5.0000033336233903e-13),
        ] {
            let got = deviance(x, m);
            assert!((got / expected - 1.0_f64).abs() < 1e-14, "{x} {m}: {got} != {expected}");
        }
        assert_eq!(deviance(0.0, 2.5), 2.5);
        assert_eq!(deviance(0.0, 0.0), 0.0);
    }

    #[test]
    fn a_mean_next_to_nothing_gives_a_number() {
        for m in [0.0, 5e-324, 1e-310, 1e-300] {
            assert!(deviance(1e9, m).is_finite(), "{m}");
        }
    }
}
