//! Student's t distribution, by the incomplete beta function.

use super::{DomainError, beta, in_range, positive, probability};

/// From here on the distribution is the normal one to the last digit.
const NORMAL: f64 = beta::LARGEST_SHAPE;

/// Returns P(T <= t) for Student's t with `df` degrees of freedom (above 0, at most 1e300).
///
/// `t` is any number but NaN. Relative error of the smaller tail below 1e-12, from one degree of
/// freedom to the normal limit. Source: Abramowitz and Stegun 1964, 26.7.1.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn student_t_cdf(t: f64, df: f64) -> Result<f64, DomainError> {
    let df = positive("student_t_cdf", "df", df)?.min(NORMAL);
    let t = in_range(!t.is_nan(), "student_t_cdf", "t", t, "a number")?;
    if t.is_infinite() {
        return Ok(if t > 0.0 { 1.0 } else { 0.0 });
    }
    let x = df / (df + t * t);
    let tail = 0.5 * beta::tails(df / 2.0, 0.5, x, t * t / (df + t * t)).0;
    Ok(if t <= 0.0 { tail } else { 1.0 - tail })
}

/// Returns t such that P(T <= t) = `p`, 0 < p < 1.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn student_t_quantile(p: f64, df: f64) -> Result<f64, DomainError> {
    let p = probability("student_t_quantile", "p", p)?;
    let df = positive("student_t_quantile", "df", df)?.min(NORMAL);
    if p == 0.5 {
        return Ok(0.0);
    }
    let tail = p.min(1.0 - p);
    // t^2 / df = (1 - x) / x, x beta with shapes df/2 and 1/2; its lower tail is 2 tail.
    let logit = beta::logit_quantile(2.0 * tail, df / 2.0, 0.5);
    let t = (0.5 * (df.ln() - logit)).exp();
    Ok(if p < 0.5 { -t } else { t })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::*;

    /// `scipy.stats.t.ppf(p, df)` and `scipy.stats.t.cdf(1.5, df)`, scipy 1.17.
    #[test]
    fn agrees_with_scipy() {
        for (p, df, quantile, below) in [
            (0.975, 1.0, 12.706204736174694, 0.8128329581890011),
            (0.975, 2.0, 4.302652729749462, 0.8638034375544994),
            (0.975, 3.5, 2.9400886379827282, 0.8910909064923275),
            (0.975, 10.0, 2.228138851986274, 0.9177463367772799),
            (0.975, 100.0, 1.9839715185235518, 0.9316174709376556),
            (0.95, 5.0, 2.0150483733330233, 0.9030481598787634),
            (0.025, 7.0, -2.3646242515927844, 0.911350756505015),
            (0.975, 1000000.0, 1.959966356814107, 0.9331926408816036),
        ] {
            let got = student_t_quantile(p, df).unwrap();
            assert!((got / quantile - 1.0).abs() < 1e-10, "{p} {df}: {got} != {quantile}");
            let got = student_t_cdf(1.5, df).unwrap();
            assert!((got / below - 1.0).abs() < 1e-12, "{df}: {got} != {below}");
        }
    }

    /// (df, P(T <= -8), P(T <= -1.9)): the density integrated in mpmath 1.3, 50 digits (340 for the
    /// last). What ends up as digits of 1 - x is lost by df = 1e16, and must not matter.
    #[test]
    fn many_degrees_of_freedom() {
        for (df, far, near) in [
            (1e6, 6.2275317166012598e-16, 0.028716703498269691),
            (1e9, 6.2209671422273817e-16, 0.028716559959684036),
            (1e12, 6.2209605808397365e-16, 0.028716559816145487),
            (1e16, 6.2209605742724409e-16, 0.02871655981600182),
            (1e300, 6.2209605742717841e-16, 0.028716559816001805),
        ] {
            for (t, expected) in [(-8.0, far), (-1.9, near)] {
                let got = student_t_cdf(t, df).unwrap();
                assert!((got / expected - 1.0).abs() < 1e-12, "{t} {df}: {got} != {expected}");
            }
        }
        for (df, near, far) in [
            (1e6, -1.959966356814107, -6.3614068488767426),
            (1e9, -1.9599639869123254, -6.3613409683499438),
            (1e12, -1.959963984542426, -6.3613409024700021),
            (1e16, -1.9599639845400544, -6.3613409024040628),
            (1e300, -1.9599639845400542, -6.3613409024040562),
        ] {
            for (p, expected) in [(0.025, near), (1e-10, far)] {
                let got = student_t_quantile(p, df).unwrap();
                assert!((got / expected - 1.0).abs() < 1e-12, "{p} {df}: {got} != {expected}");
            }
        }
    }

    #[test]
    fn symmetry_and_ends() {
        assert_eq!(student_t_quantile(0.5, 3.0), Ok(0.0));
        assert_eq!(student_t_cdf(0.0, 3.0), Ok(0.5));
        assert_eq!(student_t_cdf(f64::NEG_INFINITY, 3.0), Ok(0.0));
        let (low, high) = (student_t_cdf(-2.0, 3.0).unwrap(), student_t_cdf(2.0, 3.0).unwrap());
        assert!((low + high - 1.0).abs() < 1e-15);
        assert!(student_t_cdf(1.0, 0.0).is_err() && student_t_quantile(1.0, 2.0).is_err());
    }
}
