//! Student's t distribution, by the incomplete beta function.

use super::{DomainError, beta, in_range, positive, probability};

/// Returns P(T <= t) for Student's t with `df` degrees of freedom (above 0, at most 1e300).
///
/// `t` is any number but NaN. Source: Abramowitz and Stegun 1964, 26.7.1.
///
/// # Errors
/// [`DomainError`] if an argument is out of range.
pub fn student_t_cdf(t: f64, df: f64) -> Result<f64, DomainError> {
    let df = positive("student_t_cdf", "df", df)?;
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
    let df = positive("student_t_quantile", "df", df)?;
    if p == 0.5 {
        return Ok(0.0);
    }
    let tail = p.min(1.0 - p);
    // t^2 / df = y / (1 - y), y beta with shapes 1/2 and df/2; the upper tail of y is 2 tail.
    let x = beta::quantile(2.0 * tail, df / 2.0, 0.5);
    let t = (df * ((1.0 - x) / x)).sqrt();
    Ok(if p < 0.5 { -t } else { t })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
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
