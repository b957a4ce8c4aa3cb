//! Quantile of the gamma distribution: the inverse of the regularised incomplete gamma function.

use super::incomplete_gamma::{Tails, prefactor, tails};
use super::ln_gamma::ln_gamma_unchecked;
use super::{DomainError, normal, positive, probability};

/// Returns x such that P(shape, x) = `p`: the `p` quantile of a gamma variable of this shape and
/// unit scale. Divide by the rate for another scale.
///
/// 0 < p < 1, `shape` above 0 and at most 1e300. Relative error below 1e-12 for shapes from 0.01
/// to the largest count (1.8e19), while the quantile is above 1e-307; below that (small shape and
/// small p) it loses digits and underflows to 0. It depends on `p` and `shape` alone, so a caller
/// with many pairs may keep the answer for each count.
///
/// Method: Newton steps in ln x on the log of the smaller tail, inside a proven bracket. Both
/// `ln P` and `ln Q` are concave in ln x, so a step never overshoots twice; a step that leaves the
/// bracket is replaced by its geometric middle.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn gamma_quantile(p: f64, shape: f64) -> Result<f64, DomainError> {
    let p = probability("gamma_quantile", "p", p)?;
    let shape = positive("gamma_quantile", "shape", shape)?;
    Ok(quantile(p, shape))
}

/// [`gamma_quantile`] without the checks: 0 < p < 1, 0 < shape <= 1e300.
pub(crate) fn quantile(p: f64, shape: f64) -> f64 {
    let mut low = lower_bound(p, shape);
    if low < 1e-17 {
        // P(shape, x) = x^shape / gamma(shape + 1) to the last digit, and `low` inverts that.
        return low;
    }
    low *= 1.0 - 1e-11;
    let mut high = upper_bound(p, shape);
    let mut x = first_guess(p, shape).max(low).min(high);
    // The error after a step is about sqrt(shape) times its square.
    let last_step = 1e-9 / (1.0 + shape).powf(0.25);
    for _ in 0..MAX_STEPS {
        let step = newton_step(p, shape, x);
        if step >= 0.0 {
            low = x;
        } else {
            high = x;
        }
        let next = x * step.exp();
        if step.abs() < last_step {
            return next;
        }
        let inside = next > low && next < high;
        x = if inside { next } else { low.sqrt() * high.sqrt() };
    }
    x
}

/// Newton needs 3 to 6 steps; halving the bracket alone, at most some 60.
const MAX_STEPS: u32 = 200;

/// Newton step in ln x on the log of the smaller tail; positive if the quantile is above `x`.
/// NaN (a tail that underflows, far from the quantile) is replaced by a step out of the bracket.
fn newton_step(p: f64, shape: f64, x: f64) -> f64 {
    let Tails { lower, upper } = tails(shape, x);
    let density = shape * prefactor(shape, x);
    let step = if p <= 0.5 {
        -(lower / p).ln() * lower / density
    } else {
        let q = 1.0 - p;
        (upper / q).ln() * upper / density
    };
    let beyond = if x > shape { f64::NEG_INFINITY } else { f64::INFINITY };
    if step.is_finite() { step } else { beyond }
}

/// Wilson and Hilferty 1931: the cube root of a gamma variable is nearly normal.
fn first_guess(p: f64, shape: f64) -> f64 {
    let variance = 1.0 / (9.0 * shape);
    let root = 1.0 - variance + normal::quantile(p) * variance.sqrt();
    if root > 0.0 { shape * root * root * root } else { 0.0 }
}

/// A bound below the quantile, but for rounding: P(shape, x) <= x^shape / gamma(shape + 1).
fn lower_bound(p: f64, shape: f64) -> f64 {
    ((p.ln() + ln_gamma_unchecked(shape + 1.0)) / shape).exp()
}

/// A bound above the quantile: P(X > shape + sqrt(2 shape t) + t) <= e^-t
/// (Boucheron, Lugosi and Massart 2013, section 2.4), with room for rounding.
fn upper_bound(p: f64, shape: f64) -> f64 {
    let t = -(-p).ln_1p();
    (shape + (2.0 * shape * t).sqrt() + t) * (1.0 + 1e-12)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::super::{gamma_lower, gamma_upper};
    use super::*;

    /// (p, shape, quantile): root in ln x of `log(P(shape, x) / p)`, P by the series of DLMF 8.7.1,
    /// all in 60-digit arithmetic (mpmath 1.4, `mpmath.gammainc(a, 0, x, regularized=True)`).
    /// `scipy.special.gammaincinv` 1.17 agrees to 1e-13, except at p = 1e-10, where it drifts from
    /// 5e-11 at shape 1e6 to 5e-6 at shape 1e8.
    const VALUES: [(f64, f64, f64); 107] = [
        (0.001, 0.01, 5.6607381470619744e-301),
        (0.025, 0.01, 3.5226859973137923e-161),
        (0.05, 0.01, 4.4655350189104013e-131),
        (0.5, 0.01, 4.4655350189103551e-31),
        (0.95, 0.01, 0.0033626239980746899),
        (0.975, 0.01, 0.047137958431590337),
        (0.999, 0.01, 1.5090841476947499),
        (1e-10, 0.1, 6.0730483624079624e-101),
        (0.001, 0.1, 6.0730483624079071e-31),
        (0.025, 0.1, 5.7917102455214488e-17),
        (0.05, 0.1, 5.9307112914142807e-14),
        (0.5, 0.1, 0.00059339110446022617),
        (0.95, 0.1, 0.58043510532313444),
        (0.975, 0.1, 0.97790479941885309),
        (0.999, 0.1, 3.3636770117187537),
        (1e-10, 0.5, 7.8539816339744837e-21),
        (0.001, 0.5, 7.8539857463124497e-7),
        (0.025, 0.5, 0.00049103455858762801),
        (0.05, 0.5, 0.0019660700000097616),
        (0.5, 0.5, 0.22746821155978638),
        (0.95, 0.5, 1.9207294103470622),
        (0.975, 0.5, 2.5119430936574437),
        (0.999, 0.5, 5.4137830853313653),
        (1e-10, 1.5, 2.6046988107172402e-7),
        (0.001, 1.5, 0.012148792907846367),
        (0.025, 1.5, 0.10789764131194894),
        (0.05, 1.5, 0.17592315887463571),
        (0.5, 1.5, 1.1829869421876691),
        (0.95, 1.5, 3.907363951625589),
        (0.975, 1.5, 4.6742018022480729),
        (0.999, 1.5, 8.1331180981190645),
        (1e-10, 3.5, 0.0028028342462406225),
        (0.001, 3.5, 0.29924687618768797),
        (0.025, 3.5, 0.84493459033867731),
        (0.05, 3.5, 1.0836749546490286),
        (0.5, 3.5, 3.1729055977607588),
        (0.95, 3.5, 7.0335702246700831),
        (0.975, 3.5, 8.0063821373146609),
        (0.999, 3.5, 12.160943173928427),
        (1e-10, 10.5, 0.55246041648145787),
        (0.001, 10.5, 3.2233382816086593),
        (0.025, 10.5, 5.1414488912614311),
        (0.05, 10.5, 5.7956526044103684),
        (0.5, 10.5, 10.168613781773963),
        (0.95, 10.5, 16.335286670458651),
        (0.975, 10.5, 17.739437952863625),
        (0.999, 10.5, 23.398519020780656),
        (1e-10, 99.5, 48.540492484207288),
        (0.001, 99.5, 71.498673278564347),
        (0.025, 99.5, 80.91309119682343),
        (0.05, 99.5, 83.680497665426986),
        (0.5, 99.5, 99.166865919208426),
        (0.95, 99.5, 116.45591088423791),
        (0.975, 99.5, 119.97984091382211),
        (0.999, 99.5, 133.19294768813103),
        (1e-10, 100.5, 49.226074601734275),
        (0.001, 100.5, 72.344314219391498),
        (0.025, 100.5, 81.815014088483921),
        (0.05, 100.5, 84.598159926392258),
        (0.5, 100.5, 100.16686392940771),
        (0.95, 100.5, 117.53825482177676),
        (0.975, 100.5, 121.07793174019264),
        (0.999, 100.5, 134.34738722338192),
        (1e-10, 122.5, 64.659116482415029),
        (0.001, 122.5, 91.124026015404687),
        (0.025, 122.5, 101.76928066438617),
        (0.05, 122.5, 104.88078712712104),
        (0.5, 122.5, 122.16682839726395),
        (0.95, 122.5, 141.25573829900315),
        (0.975, 122.5, 145.12391013196),
        (0.999, 122.5, 159.56911287168261),
        (1e-10, 1000.5, 812.2485282103938),
        (0.001, 1000.5, 905.59636549166879),
        (0.025, 1000.5, 939.45752414416881),
        (0.05, 1000.5, 949.04684576407595),
        (0.5, 1000.5, 1000.1666864170864),
        (0.95, 1000.5, 1053.0901217326446),
        (0.975, 1000.5, 1063.4366455565284),
        (0.999, 1000.5, 1101.1025241371365),
        (1e-10, 12345.5, 11651.79127678155),
        (0.001, 12345.5, 12004.991187181783),
        (0.025, 12345.5, 12128.676497872372),
        (0.05, 12345.5, 12163.310088855641),
        (0.5, 12345.5, 12345.166668266737),
        (0.95, 12345.5, 12528.826935133779),
        (0.975, 12345.5, 12564.217796975485),
        (0.999, 12345.5, 12691.708438401245),
        (1e-10, 1000000.5, 993652.30713986614),
        (0.001, 1000000.5, 996913.11654725727),
        (0.025, 1000000.5, 998041.48285030293),
        (0.05, 1000000.5, 998356.21467250441),
        (0.5, 1000000.5, 1000000.1666666864),
        (0.95, 1000000.5, 1001645.9223564035),
        (0.975, 1000000.5, 1001961.4114554413),
        (0.999, 1000000.5, 1003093.5831424124),
        (1e-10, 10000000.5, 9979897.326954684),
        (0.001, 10000000.5, 9990231.176945159),
        (0.025, 10000000.5, 9993803.4967293182),
        (0.5, 10000000.5, 10000000.166666669),
        (0.975, 10000000.5, 10006199.397576549),
        (0.999, 10000000.5, 10009775.522745232),
        (1e-10, 100000000.0, 99936399.745937219),
        (0.001, 100000000.0, 99969100.526761668),
        (0.025, 100000000.0, 99980401.307324735),
        (0.5, 100000000.0, 99999999.666666667),
        (0.975, 100000000.0, 100019600.58698114),
        (0.999, 100000000.0, 100030905.17292879),
    ];

    #[test]
    fn published_values() {
        for (p, shape, expected) in VALUES {
            let got = gamma_quantile(p, shape).unwrap();
            assert!((got / expected - 1.0).abs() < 1e-12, "{p}, {shape}: {got} != {expected}");
        }
    }

    /// For shape 1 the quantile is -ln(1 - p).
    #[test]
    fn exponential_distribution() {
        for p in [1e-12, 1e-3, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999999] {
            let expected = -f64::ln_1p(-p);
            let got = gamma_quantile(p, 1.0).unwrap();
            assert!((got / expected - 1.0).abs() < 1e-14, "{p}: {got}");
        }
    }

    #[test]
    fn quantile_inverts_both_tails() {
        for shape in [0.01, 0.3, 1.0, 2.5, 30.0, 99.9, 100.0, 5e3, 1e5] {
            for p in [0.001, 0.025, 0.2, 0.5] {
                let got = gamma_lower(shape, gamma_quantile(p, shape).unwrap()).unwrap();
                assert!((got / p - 1.0).abs() < 1e-10, "{p}, {shape}: {got}");
                let upper = gamma_quantile(1.0 - p, shape).unwrap();
                let got = gamma_upper(shape, upper).unwrap();
                assert!((got / p - 1.0).abs() < 1e-10, "1 - {p}, {shape}: {got}");
            }
        }
    }

    /// Beyond any count: the quantile keeps its place relative to shape + z sqrt(shape).
    #[test]
    fn huge_shapes_follow_the_normal_limit() {
        for shape in [1e10_f64, 1e15, 1.8e19, 1e100, 1e300] {
            for (p, z) in [(0.025, -1.959963984540054), (0.5, 0.0), (0.975, 1.959963984540054)] {
                // Cornish and Fisher: shape + z sqrt(shape) + (z^2 - 1)/3 + ...
                let expected = shape + z * shape.sqrt() + (z * z - 1.0) / 3.0;
                let got = gamma_quantile(p, shape).unwrap();
                assert!((got / expected - 1.0).abs() < 1e-15 + 1.0 / (shape * shape.sqrt()));
            }
        }
    }

    #[test]
    fn extremes_are_finite() {
        for shape in [1e-300, 1e-17, 1e-9, 1e-3, 0.01, 1.0, 1e8, 1e300] {
            for p in [f64::MIN_POSITIVE, 1e-100, 0.5, 0.999, 1.0 - f64::EPSILON] {
                let got = gamma_quantile(p, shape).unwrap();
                assert!(got.is_finite() && got >= 0.0, "{p}, {shape}: {got}");
            }
        }
        assert_eq!(gamma_quantile(1e-10, 0.01), Ok(0.0), "underflow, as documented");
    }
}
