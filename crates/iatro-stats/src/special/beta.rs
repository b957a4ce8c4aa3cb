//! The regularised incomplete beta function: distribution function of a beta variable, and its
//! inverse.

use std::f64::consts::TAU;

use super::incomplete_gamma::deviance_from;
use super::ln_gamma::{ln_gamma_unchecked, stirling_correction};
use super::{DomainError, in_range, probability};

/// Returns I_x(a, b) = P(X <= x) for X beta with shapes `a` and `b`.
///
/// `a` and `b` above 0 and at most 1e100, `x` in [0, 1]. Relative error of the smaller tail below
/// 1e-12 for shapes up to 1e6, and growing with the shape beyond. Method: continued fraction
/// (Abramowitz and Stegun 1964, 26.5.8, in the even form of Press et al. 2007, section 6.4) on the
/// side of the smaller tail, with a prefactor free of cancellation for large shapes.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn beta_cdf(a: f64, b: f64, x: f64) -> Result<f64, DomainError> {
    let [a, b] = [shape("beta_cdf", "a", a)?, shape("beta_cdf", "b", b)?];
    let inside = (0.0..=1.0).contains(&x);
    let x = in_range(inside, "beta_cdf", "x", x, "a number from 0 to 1")?;
    Ok(tails(a, b, x, 1.0 - x).0)
}

/// Returns x such that I_x(a, b) = `p`: the `p` quantile of a beta variable; 0 < p < 1.
///
/// `a` and `b` above 0 and at most 1e100. Relative error below 1e-11 for shapes up to 1e6.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> Result<f64, DomainError> {
    let p = probability("beta_quantile", "p", p)?;
    let [a, b] = [shape("beta_quantile", "a", a)?, shape("beta_quantile", "b", b)?];
    Ok(quantile(p, a, b))
}

/// Largest shape: the coefficients of the continued fraction, of the size of its inverse square, keep
/// their digits.
pub(super) const LARGEST_SHAPE: f64 = 1e100;

fn shape(function: &'static str, argument: &'static str, value: f64) -> Result<f64, DomainError> {
    let expected = "a number above 0 and at most 1e100";
    in_range(value > 0.0 && value <= LARGEST_SHAPE, function, argument, value, expected)
}

/// Both tails at x, with y = 1 - x given apart so that neither end loses digits.
pub(crate) fn tails(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 {
        return (1.0, 0.0);
    }
    let density = logit_density(a, b, x, y);
    // Compared at the end that has its digits.
    let total = a + b + 2.0;
    let is_lower = if x <= y { x < (a + 1.0) / total } else { y > (b + 1.0) / total };
    if is_lower {
        let lower = (density / a * continued_fraction([a, b], [x, y])).min(1.0);
        (lower, 1.0 - lower)
    } else {
        let upper = (density / b * continued_fraction([b, a], [y, x])).min(1.0);
        (1.0 - upper, upper)
    }
}

/// x^a y^b / B(a, b): the density of ln(x / y).
///
/// Where a shape is large, Stirling's formula takes its gamma function apart, so that no two large
/// logarithms are subtracted.
fn logit_density(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    // n x - a = b - n y, from whichever of x and y has its digits.
    let excess = if x <= y { n * x - a } else { b - n * y };
    match (a >= LARGE, b >= LARGE) {
        (true, true) => {
            let exponent = a * deviance_from(a, n * x, excess)
                + b * deviance_from(b, n * y, -excess)
                + (stirling_correction(a) + stirling_correction(b) - stirling_correction(n));
            (-exponent).exp() * (a / TAU * (b / n)).sqrt()
        }
        (false, true) => one_large([a, b], [n * x, n * y], excess),
        (true, false) => one_large([b, a], [n * y, n * x], -excess),
        (false, false) => {
            let ln_beta = ln_gamma_unchecked(a) + ln_gamma_unchecked(b) - ln_gamma_unchecked(n);
            (a * x.ln() + b * y.ln() - ln_beta).exp()
        }
    }
}

/// From here on Stirling's formula holds to the last digit.
const LARGE: f64 = 10.0;

/// [`logit_density`] for a small `a` and a large `b`, from n x, n y and their excess n x - a.
fn one_large([a, b]: [f64; 2], [nx, ny]: [f64; 2], excess: f64) -> f64 {
    let exponent =
        a * nx.ln() - a - excess - ln_gamma_unchecked(a) - b * deviance_from(b, ny, -excess)
            + (stirling_correction(a + b) - stirling_correction(b));
    exponent.exp() / (1.0 + a / b).sqrt()
}

/// The continued fraction of I_x(a, b) by the method of Lentz, y = 1 - x; two of its steps at a time:
/// where x is near 1 the odd coefficient is near -1, and 1 + odd is what matters.
fn continued_fraction([a, b]: [f64; 2], [x, y]: [f64; 2]) -> f64 {
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(one_and_odd(0.0, [a, b], [x, y]));
    let mut fraction = d;
    for m in 1..MAX_TERMS {
        let m = f64::from(m);
        let even = m / (a + 2.0 * m - 1.0) * ((b - m) / (a + 2.0 * m)) * x;
        let odd = one_and_odd(m, [a, b], [x, y]);
        let (by_d, by_c) = (even * d, even / c);
        fraction *= away(1.0 + by_c) / away(1.0 + by_d);
        d = away(1.0 + by_d) / away(odd + by_d);
        c = away(odd + by_c) / away(1.0 + by_c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

/// 1 - (a + m)(a + b + m) x / ((a + 2m)(a + 2m + 1)), without cancellation at either end.
fn one_and_odd(m: f64, [a, b]: [f64; 2], [x, y]: [f64; 2]) -> f64 {
    let (below, above) = (a + 2.0 * m, a + 2.0 * m + 1.0);
    let factor = (a + m) / below * ((a + b + m) / above);
    if x <= y {
        return 1.0 - factor * x;
    }
    let at_one =
        a / below * ((2.0 * m + 1.0 - b) / above) + m / below * ((3.0 * m + 2.0 - b) / above);
    at_one + factor * y
}

const TINY: f64 = 1e-300;

/// About the square root of the larger shape is needed.
const MAX_TERMS: u32 = 200_000;

/// [`beta_quantile`] without the checks.
fn quantile(p: f64, a: f64, b: f64) -> f64 {
    logistic(logit_quantile(p, a, b))
}

/// ln(x / (1 - x)) of the quantile x, which has its digits at both ends: Newton on the log of the
/// smaller tail, inside a bracket.
pub(super) fn logit_quantile(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (-744.0_f64, 744.0_f64);
    let mut u = (a / b).ln().clamp(low, high);
    for _ in 0..MAX_STEPS {
        let (x, y) = (logistic(u), logistic(-u));
        let (lower, upper) = tails(a, b, x, y);
        let density = logit_density(a, b, x, y);
        let step = if p <= 0.5 {
            (p.ln() - lower.ln()) * lower / density
        } else {
            (upper.ln() - (-p).ln_1p()) * upper / density
        };
        let below = if p <= 0.5 { lower < p } else { upper > 1.0 - p };
        if below {
            low = u;
        } else {
            high = u;
        }
        let next = u + step;
        if step.abs() < 1e-14 * (1.0 + u.abs()) {
            return next;
        }
        u = if next > low && next < high { next } else { f64::midpoint(low, high) };
        if high - low < 1e-15 * (1.0 + u.abs()) {
            break;
        }
    }
    u
}

const MAX_STEPS: u32 = 200;

fn logistic(u: f64) -> f64 {
    if u >= 0.0 { 1.0 / (1.0 + (-u).exp()) } else { u.exp() / (1.0 + u.exp()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::*;

    /// `mpmath.betainc(a, b, 0, x, regularized=True)`, 100 digits.
    #[test]
    fn published_values() {
        for (a, b, x, expected) in [
            (0.5, 0.5, 0.1, 0.20483276469913346),
            (1.0, 3.0, 0.25, 0.578125),
            (2.0, 3.0, 0.5, 0.6875),
            (10.0, 2.0, 0.9, 0.69735688020000009),
            (0.01, 5.0, 0.001, 0.95279588000707724),
            (50.0, 50.0, 0.4, 0.02193044213008522),
            (1000.0, 2000.0, 0.32, 0.059911027855426423),
            (3.0, 19998.0, 0.0001, 0.3233235835913552),
            (200.5, 0.5, 0.999, 0.52672758857689046),
        ] {
            let got = beta_cdf(a, b, x).unwrap();
            assert!((got / expected - 1.0).abs() < 2e-13, "{a} {b} {x}: {got} != {expected}");
        }
    }

    /// Next to 1, where x holds no digits of 1 - x: mpmath 1.3, 50 digits (the last two by integration).
    /// What remains is the rounding of the prefactor.
    #[test]
    fn a_large_shape_keeps_its_digits_next_to_one() {
        for (a, b, exponent, expected) in [
            (5e5, 0.5, -18, 0.050804622478400823525),
            (5e5, 1.5, -19, 0.59185711401359382752),
            (1e6, 3.0, -17, 0.018336129824470516728),
            (1e9, 2.0, -29, 0.4444582846600961332),
            (1e12, 2.5, -38, 0.20091259009908938056),
        ] {
            let got = beta_cdf(a, b, 1.0 - 2_f64.powi(exponent)).unwrap();
            assert!((got / expected - 1.0).abs() < 1e-12, "{a} {b}: {got} != {expected}");
            // The mirror image, where no digit was ever in danger.
            let mirrored = 1.0 - beta_cdf(b, a, 2_f64.powi(exponent)).unwrap();
            assert!((got - mirrored).abs() < 1e-12, "{a} {b}: {got} != {mirrored}");
        }
    }

    /// As b goes to infinity, b x is a gamma variable.
    #[test]
    fn huge_shapes_follow_the_gamma_limit() {
        for b in [1e20, 1e60, 1e100] {
            for (a, scaled) in [(0.5, 0.3), (2.5, 1.0), (2.5, 8.0)] {
                let got = beta_cdf(a, b, scaled / b).unwrap();
                let expected = crate::special::gamma_lower(a, scaled).unwrap();
                assert!((got / expected - 1.0).abs() < 1e-12, "{a} {b}: {got} != {expected}");
            }
        }
    }

    /// `scipy.special.betaincinv` 1.17.
    #[test]
    fn quantiles_agree_with_scipy() {
        for (p, a, b, expected) in [
            (0.025, 0.5, 0.5, 0.001541333133436012),
            (0.5, 2.0, 3.0, 0.3857275681323895),
            (0.975, 10.0, 2.0, 0.9771688017000404),
            (0.025, 3.0, 19998.0, 3.093467444528525e-05),
            (0.025, 1000.0, 2000.0, 0.31657412994546036),
            (0.975, 1000000.0, 2000000.0, 0.3338668730691445),
            (0.9, 0.01, 5.0, 3.3308179949666207e-06),
        ] {
            let got = beta_quantile(p, a, b).unwrap();
            assert!((got / expected - 1.0).abs() < 1e-11, "{p} {a} {b}: {got} != {expected}");
        }
    }

    #[test]
    fn quantile_inverts_both_tails() {
        for p in [1e-12, 0.001, 0.025, 0.4, 0.5, 0.6, 0.975, 0.999_999] {
            for a in [0.01, 0.5, 1.0, 3.0, 80.0, 1e4] {
                for b in [0.02, 0.5, 1.0, 7.0, 300.0, 1e7] {
                    let x = beta_quantile(p, a, b).unwrap();
                    // Where the quantile is next to 0 or 1 a neighbouring f64 is another p.
                    if !(1e-290..=0.999_999).contains(&x) {
                        continue;
                    }
                    let back = beta_cdf(a, b, x).unwrap();
                    let rest = if p <= 0.5 { back / p - 1.0 } else { (p - back) / (1.0 - p) };
                    assert!(rest.abs() < 1e-9, "{p} {a} {b}: {x} gives {back}");
                }
            }
        }
    }

    #[test]
    fn the_ends_and_bad_arguments() {
        assert_eq!(beta_cdf(2.0, 3.0, 0.0), Ok(0.0));
        assert_eq!(beta_cdf(2.0, 3.0, 1.0), Ok(1.0));
        for bad in [-0.1, 1.1, f64::NAN] {
            assert!(beta_cdf(2.0, 3.0, bad).is_err());
            assert!(beta_quantile(bad, 2.0, 3.0).is_err());
        }
        assert!(beta_cdf(1e101, 3.0, 0.5).is_err() && beta_quantile(0.5, 1e101, 3.0).is_err());
        assert!(beta_cdf(0.0, 3.0, 0.5).is_err() && beta_quantile(0.5, 1.0, f64::NAN).is_err());
    }
}
