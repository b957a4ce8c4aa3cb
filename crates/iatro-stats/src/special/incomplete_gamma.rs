//! The regularised incomplete gamma functions P and Q: distribution function and upper tail of a
//! gamma variable of unit scale.
//!
//! Three methods, each where it is short and exact:
//! - near x = shape with shape >= 100, Temme's uniform expansion ([`temme`]);
//! - else for x < shape + 1, the power series for P (DLMF 8.7.1), all terms positive;
//! - else the continued fraction for Q (the even part of DLMF 8.9.2), by the modified Lentz method.
//!
//! The common prefactor is written so that nothing large cancels (Loader 2000, *Fast and accurate
//! computation of binomial probabilities*).

mod temme;

use std::f64::consts::TAU;

use super::ln_gamma::{ln_gamma_unchecked, stirling_correction};
use super::{DomainError, non_negative, positive};

/// A lower tail and an upper tail, which sum to 1; the smaller of the two holds its own digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tails {
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

impl Tails {
    fn from_lower(lower: f64) -> Self {
        Self { lower, upper: (1.0 - lower).max(0.0) }
    }

    fn from_upper(upper: f64) -> Self {
        Self { lower: (1.0 - upper).max(0.0), upper }
    }
}

/// Returns P(shape, x), the probability that a gamma variable of this shape and unit scale is at
/// most `x`.
///
/// `shape` is above 0 and at most 1e300, `x` is finite and 0 or above. Relative error below
/// 1e-12 while the result is above 1e-300 and the shape at least 0.01.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn gamma_lower(shape: f64, x: f64) -> Result<f64, DomainError> {
    let shape = positive("gamma_lower", "shape", shape)?;
    let x = non_negative("gamma_lower", "x", x)?;
    Ok(tails(shape, x).lower)
}

/// Returns Q(shape, x) = 1 - P(shape, x), the probability that a gamma variable of this shape and
/// unit scale is above `x`.
///
/// Ranges and accuracy as for [`gamma_lower`], except that for a shape below 1 with x < shape + 1
/// the error is absolute, 3e-15.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn gamma_upper(shape: f64, x: f64) -> Result<f64, DomainError> {
    let shape = positive("gamma_upper", "shape", shape)?;
    let x = non_negative("gamma_upper", "x", x)?;
    Ok(tails(shape, x).upper)
}

/// Both tails at `x`; shape > 0 and x >= 0, both finite.
pub(super) fn tails(shape: f64, x: f64) -> Tails {
    let deviation = (x - shape) / shape;
    if x > 0.0 && temme::applies(shape, deviation) {
        // Spares the prefactor, which only the other methods need.
        return temme::tails(shape, deviation, deviance(shape, x));
    }
    GammaShape::new(shape).tails_and_log_density(x).0
}

/// Returns `x^shape e^-x / gamma(shape + 1)`; times shape, the density of ln X.
pub(super) fn prefactor(shape: f64, x: f64) -> f64 {
    GammaShape::new(shape).prefactor(x)
}

/// A shape with what depends on it alone, for callers who need many `x` for one shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GammaShape {
    shape: f64,
    /// ln gamma(shape + 1) below [`LARGE`], the correction to Stirling's formula from there on.
    normaliser: f64,
}

/// From this shape on the prefactor is written by Stirling's formula.
const LARGE: f64 = 10.0;

impl GammaShape {
    /// `shape` above 0 and at most 1e300.
    pub(crate) fn new(shape: f64) -> Self {
        let small = shape < LARGE;
        let normaliser =
            if small { ln_gamma_unchecked(shape + 1.0) } else { stirling_correction(shape) };
        Self { shape, normaliser }
    }

    fn prefactor(&self, x: f64) -> f64 {
        let Self { shape, normaliser } = *self;
        if shape < LARGE {
            return (shape * x.ln() - x - normaliser).exp();
        }
        self.prefactor_from(deviance(shape, x))
    }

    fn prefactor_from(&self, deviance: f64) -> f64 {
        (-(self.shape * deviance + self.normaliser)).exp() / (TAU * self.shape).sqrt()
    }

    /// Both tails at `x`, and the density of ln X there; x >= 0, finite.
    pub(crate) fn tails_and_log_density(&self, x: f64) -> (Tails, f64) {
        let shape = self.shape;
        if x <= 0.0 {
            return (Tails { lower: 0.0, upper: 1.0 }, 0.0);
        }
        let deviation = (x - shape) / shape;
        if temme::applies(shape, deviation) {
            let deviance = deviance(shape, x);
            let density = shape * self.prefactor_from(deviance);
            return (temme::tails(shape, deviation, deviance), density);
        }
        let prefactor = self.prefactor(x);
        if prefactor <= 0.0 {
            let beyond = x > shape;
            return (if beyond { Tails::from_upper(0.0) } else { Tails::from_lower(0.0) }, 0.0);
        }
        let tails = if x < shape + 1.0 {
            Tails::from_lower((prefactor * power_series(shape, x)).min(1.0))
        } else {
            Tails::from_upper((prefactor * shape * continued_fraction(shape, x)).min(1.0))
        };
        (tails, shape * prefactor)
    }
}

/// Returns `x/shape - 1 - ln(x/shape)` without cancellation near x = shape.
fn deviance(shape: f64, x: f64) -> f64 {
    deviance_from(shape, x, x - shape)
}

/// [`deviance`] where the excess `x - shape` is known better than the subtraction would give it.
///
/// With s = x/shape - 1 and r = s / (2 + s), ln(1 + s) = 2 (r + r^3/3 + r^5/5 + ...) and
/// s - 2r = s r.
pub(super) fn deviance_from(shape: f64, x: f64, excess: f64) -> f64 {
    let s = excess / shape;
    if s.abs() > 0.5 {
        let ratio = x / shape;
        return ratio - 1.0 - ratio.ln();
    }
    let r = s / (2.0 + s);
    let square = r * r;
    let (mut power, mut sum, mut divisor) = (r * square, 0.0_f64, 3.0);
    loop {
        let term = power / divisor;
        sum += term;
        if term.abs() <= sum.abs() * 1e-17 {
            return s * r - 2.0 * sum;
        }
        power *= square;
        divisor += 2.0;
    }
}

/// Terms after which a sum is taken as it stands. With x outside Temme's region both sums need some
/// hundred terms, so the bound is never met; it keeps the loops finite by construction.
const MAX_TERMS: u32 = 10_000;

/// Returns `1 + x/(shape+1) + x^2/((shape+1)(shape+2)) + ...`, DLMF 8.7.1; x < shape + 1.
fn power_series(shape: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut divisor) = (1.0, 1.0, shape);
    for _ in 0..MAX_TERMS {
        divisor += 1.0;
        term *= x / divisor;
        sum += term;
        if term <= sum * 1e-17 {
            break;
        }
    }
    sum
}

/// Returns `1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...)))`, a = shape;
/// x >= shape + 1.
fn continued_fraction(shape: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut b = x + 1.0 - shape;
    let mut d = 1.0 / away_from_zero(b);
    let (mut c, mut value) = (1.0 / TINY, d);
    for i in 1..=MAX_TERMS {
        let i = f64::from(i);
        let numerator = -i * (i - shape);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 2e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::super::erfc::erfc_sqrt;
    use super::*;

    /// (shape, x, P, Q): the series of DLMF 8.7.1 in 60-digit arithmetic (mpmath), Q as 1 - P;
    /// where that cancels, `mpmath.gammainc(shape, x, inf, regularized=True)` with 400 digits.
    const VALUES: [(f64, f64, f64, f64); 20] = [
        (0.01, 0.001, 0.93857065252612899, 0.061429347473871015),
        (0.01, 1.0, 0.99778376537677201, 0.0022162346232279903),
        (0.5, 0.3, 0.56142197391900014, 0.43857802608099986),
        (1.0, 1.0, 0.63212055882855768, 0.36787944117144232),
        (2.5, 8.0, 0.99315592607757957, 0.006844073922420431),
        (9.99, 3.0, 0.001116730794537766, 0.99888326920546223),
        (10.0, 20.0, 0.99500458769169241, 0.0049954123083075872),
        (50.0, 20.0, 1.2458926079719379e-8, 0.99999998754107392),
        (99.0, 120.0, 0.97780650577939959, 0.022193494220600411),
        (100.0, 66.0, 5.8610541430717911e-5, 0.99994138945856928),
        (100.0, 135.0, 0.99929214810721399, 0.00070785189278600735),
        (100.0, 100.0, 0.51329879827914866, 0.48670120172085134),
        (100.0, 40.0, 1.2062542053086513e-15, 0.99999999999999879),
        (250.0, 240.0, 0.2676500698540158, 0.7323499301459842),
        (1000.0, 1100.0, 0.99894067674607002, 0.0010593232539299773),
        (1000.0, 650.0, 2.9577590125593029e-37, 1.0),
        (1000.0, 2000.0, 1.0, 6.8473494596147532e-136),
        (1e6, 1.001e6, 0.84134478636834029, 0.15865521363165971),
        (1e6, 0.98e6, 1.8371857329071326e-90, 1.0),
        (1e8, 1.0001e8, 0.84134474647179881, 0.15865525352820119),
    ];

    #[test]
    fn published_values() {
        for (shape, x, lower, upper) in VALUES {
            let got = gamma_lower(shape, x).unwrap();
            assert!((got / lower - 1.0).abs() < 2e-13, "P({shape}, {x}): {got} != {lower}");
            let got = gamma_upper(shape, x).unwrap();
            let tolerance = if shape < 1.0 { 3e-15 } else { 2e-13 * upper };
            let distance = (got - upper).abs();
            assert!(distance < tolerance, "Q({shape}, {x}): {got} != {upper}");
        }
    }

    /// Why `statrs` does not serve here: at shape 1e8 its answer has 7 digits.
    #[test]
    fn statrs_agrees_where_the_shape_is_small_and_drifts_where_it_is_large() {
        let statrs = statrs::function::gamma::gamma_lr;
        for (shape, x, lower, _) in VALUES.into_iter().filter(|v| v.0 <= 250.0) {
            assert!((statrs(shape, x) / lower - 1.0).abs() < 5e-13, "P({shape}, {x})");
        }
        let drift = statrs(1e8, 1.0001e8) / 0.84134474647179881 - 1.0;
        assert!(drift.abs() > 1e-10, "statrs has improved: {drift}");
    }

    /// For shape 1, Q is e^-x; for shape 1/2, erfc(sqrt x).
    #[test]
    fn closed_forms() {
        for i in 1..200 {
            let x = f64::from(i) * 0.1;
            let (p, q) = (gamma_lower(1.0, x).unwrap(), gamma_upper(1.0, x).unwrap());
            assert!((p / -(-x).exp_m1() - 1.0).abs() < 1e-14);
            assert!((q / (-x).exp() - 1.0).abs() < 2e-14);
            let half = erfc_sqrt(x);
            assert!((gamma_upper(0.5, x).unwrap() / half - 1.0).abs() < 5e-14);
        }
    }

    /// The Poisson sum: Q(n, x) = e^-x (1 + x + ... + x^(n-1)/(n-1)!).
    #[test]
    fn poisson_sums() {
        for n in [2_u32, 7, 40, 99, 100, 101, 150, 300] {
            for ratio in [0.3, 0.649, 0.651, 0.9, 1.0, 1.1, 1.349, 1.351, 1.8] {
                let x = f64::from(n) * ratio;
                let (mut term, mut sum) = ((-x).exp(), 0.0);
                for k in 1..=n {
                    sum += term;
                    term *= x / f64::from(k);
                }
                let got = gamma_upper(f64::from(n), x).unwrap();
                assert!((got / sum - 1.0).abs() < 2e-13, "Q({n}, {x}): {got} != {sum}");
            }
        }
    }

    #[test]
    fn methods_meet_at_the_borders_of_their_regions() {
        for shape in [100.0, 137.5, 1e3, 1e4] {
            for deviation in [-0.35, -0.2, -0.05, 0.05, 0.2, 0.35] {
                let x = shape * (1.0 + deviation);
                let uniform = temme::tails(shape, (x - shape) / shape, deviance(shape, x));
                let prefactor = prefactor(shape, x);
                if prefactor < 1e-300 {
                    continue;
                }
                let (got, expected) = if x < shape {
                    (uniform.lower, prefactor * power_series(shape, x))
                } else {
                    (uniform.upper, prefactor * shape * continued_fraction(shape, x))
                };
                assert!((got / expected - 1.0).abs() < 2e-13, "{shape}, {x}: {got}, {expected}");
            }
        }
    }

    #[test]
    fn extremes_are_finite_and_in_range() {
        for shape in [1e-300, 1e-10, 0.01, 1.0, 99.0, 100.0, 1e8, 1.8e19, 1e300] {
            for x in [0.0, f64::MIN_POSITIVE, 1e-300, 1e-5, 1.0, 1e3, 1e8, 1.8e19, f64::MAX] {
                let Tails { lower, upper } = tails(shape, x);
                assert!((0.0..=1.0).contains(&lower), "P({shape}, {x}) = {lower}");
                assert!((0.0..=1.0).contains(&upper), "Q({shape}, {x}) = {upper}");
                assert!((lower + upper - 1.0).abs() < 1e-12, "P + Q at ({shape}, {x})");
            }
        }
    }

    #[test]
    fn deviance_has_its_digits_near_zero() {
        let shape = f64::from(1 << 30);
        let s = 1.0 / shape;
        let expected = s * s * (0.5 - s * (1.0 / 3.0 - s / 4.0));
        assert!((deviance(shape, shape + 1.0) / expected - 1.0).abs() < 1e-15);
        assert_eq!(deviance(7.0, 7.0), 0.0);
        for s in [-0.5, -0.4, 0.4, 0.5] {
            let direct: f64 = s - f64::ln_1p(s);
            let got = deviance(64.0, 64.0 * (1.0 + s));
            assert!((got / direct - 1.0).abs() < 2e-15, "{s}");
        }
    }

    /// Far below the shape, P is x^shape / gamma(shape + 1).
    #[test]
    fn far_lower_tail_is_not_lost() {
        let got = gamma_lower(10.0, 1e-20).unwrap();
        assert!((got * 1e200 * 3_628_800.0 - 1.0).abs() < 1e-12, "{got}");
    }
}
