//! Mantel-Haenszel estimates and test.

use super::sum;
use crate::{Estimate, Table2x2};

/// a, b, c, d and n of a stratum as `f64`.
fn cells(stratum: &Table2x2) -> [f64; 5] {
    [stratum.a(), stratum.b(), stratum.c(), stratum.d(), stratum.n()].map(|count| count as f64)
}

/// Strata with reports; the others add nothing to any sum.
fn filled(strata: &[Table2x2]) -> impl Iterator<Item = &Table2x2> {
    strata.iter().filter(|stratum| stratum.n() > 0)
}

/// a d / n and b c / n of a stratum with reports.
fn products(stratum: &Table2x2) -> (f64, f64) {
    let n = stratum.n() as f64;
    (stratum.ad() as f64 / n, stratum.bc() as f64 / n)
}

/// Returns the Mantel-Haenszel reporting odds ratio with its 95 % interval by the variance of
/// Robins, Breslow and Greenland; `None` unless both sums below are above 0 and the limits within the
/// range of an `f64`.
///
/// Over the strata, with R = a d / n, S = b c / n, P = (a + d) / n and Q = (b + c) / n:
///
/// ```text
/// ROR = sum R / sum S
/// var(ln ROR) = sum P R / (2 (sum R)^2) + sum (P S + Q R) / (2 sum R sum S) + sum Q S / (2 (sum S)^2)
/// limits = ROR exp(-+ 1.959963984540054 sqrt(var))
/// ```
///
/// With one stratum it is the crude ROR with Wald's interval. It serves for few large and for many
/// sparse strata. Sources: Mantel and Haenszel 1959, J Natl Cancer Inst 22:719-748; Robins, Breslow
/// and Greenland 1986, Biometrics 42:311-323.
#[must_use]
pub fn ror_mantel_haenszel(strata: &[Table2x2]) -> Option<Estimate> {
    let point = ror_mantel_haenszel_point(strata).filter(|&point| point > 0.0)?;
    let shares = |stratum: &Table2x2| {
        let [a, b, c, d, n] = cells(stratum);
        ((a + d) / n, (b + c) / n)
    };
    let terms = |term: fn(f64, f64, f64, f64) -> f64| {
        sum(filled(strata).map(|stratum| {
            let ((r, s), (p, q)) = (products(stratum), shares(stratum));
            term(r, s, p, q)
        }))
    };
    let (r, s) = (terms(|r, _, _, _| r), terms(|_, s, _, _| s));
    let variance = terms(|r, _, p, _| p * r) / r / r
        + terms(|r, s, p, q| p * s + q * r) / r / s
        + terms(|_, s, _, q| q * s) / s / s;
    within_range(Estimate::log_normal(point, (0.5 * variance).sqrt()))
}

/// The estimate, if its limits can be told from 0 and infinity. A sum to which only strata with huge
/// opposite margins add can be so small that they cannot.
fn within_range(estimate: Estimate) -> Option<Estimate> {
    (estimate.lower > 0.0 && estimate.upper.is_finite()).then_some(estimate)
}

/// Returns the point; `None` unless the sum of b c / n is above 0. It is 0 if the sum of a d / n is.
#[must_use]
pub fn ror_mantel_haenszel_point(strata: &[Table2x2]) -> Option<f64> {
    let numerator = sum(filled(strata).map(|stratum| products(stratum).0));
    let denominator = sum(filled(strata).map(|stratum| products(stratum).1));
    (denominator > 0.0).then(|| numerator / denominator)
}

/// a (c + d) / n and c (a + b) / n of a stratum with reports.
fn weighted(stratum: &Table2x2) -> (f64, f64) {
    let product = |x: u64, y: u64| (u128::from(x) * u128::from(y)) as f64 / stratum.n() as f64;
    (
        product(stratum.a(), stratum.no_exposure_total()),
        product(stratum.c(), stratum.exposure_total()),
    )
}

/// Returns the Mantel-Haenszel proportional reporting ratio with its 95 % interval by the variance
/// of Greenland and Robins; `None` unless both sums below and the variance are above 0 and the limits
/// within the range of an `f64`.
///
/// Over the strata, with R = a (c + d) / n and S = c (a + b) / n:
///
/// ```text
/// PRR = sum R / sum S
/// var(ln PRR) = sum (a d (a + b) + b c (c + d)) / n^2 / (sum R sum S)
/// limits = PRR exp(-+ 1.959963984540054 sqrt(var))
/// ```
///
/// The numerator of the variance is the published `(a + b)(c + d)(a + c) - a c n`, in a form in which
/// nothing cancels. With one stratum it is the crude PRR with its log-normal interval. Source:
/// Greenland and Robins 1985, Biometrics 41:55-68.
#[must_use]
pub fn prr_mantel_haenszel(strata: &[Table2x2]) -> Option<Estimate> {
    let point = prr_mantel_haenszel_point(strata).filter(|&point| point > 0.0)?;
    let numerator = sum(filled(strata).map(|stratum| {
        let [_, _, _, _, n] = cells(stratum);
        let (r, s) = products(stratum);
        r * (stratum.exposure_total() as f64 / n) + s * (stratum.no_exposure_total() as f64 / n)
    }));
    let r = sum(filled(strata).map(|stratum| weighted(stratum).0));
    let s = sum(filled(strata).map(|stratum| weighted(stratum).1));
    let variance = numerator / r / s;
    within_range(Estimate::log_normal(point, variance.sqrt())).filter(|_| variance > 0.0)
}

/// Returns the point; `None` unless the sum of c (a + b) / n is above 0. It is 0 if a is 0 wherever
/// there are unexposed reports.
#[must_use]
pub fn prr_mantel_haenszel_point(strata: &[Table2x2]) -> Option<f64> {
    let numerator = sum(filled(strata).map(|stratum| weighted(stratum).0));
    let denominator = sum(filled(strata).map(|stratum| weighted(stratum).1));
    (denominator > 0.0).then(|| numerator / denominator)
}

/// Returns the Mantel-Haenszel chi-squared without correction, one degree of freedom; `None` unless a
/// stratum is informative.
///
/// Over the strata, E and V being expectation and variance of a given the margins:
///
/// ```text
/// (sum (a - E))^2 / sum V,  a - E = (a d - b c) / n,
/// V = (a + b)(c + d)(a + c)(b + d) / (n^2 (n - 1))
/// ```
///
/// With one stratum it is Pearson's chi-squared times (n - 1) / n. Source: Mantel and Haenszel 1959,
/// J Natl Cancer Inst 22:719-748.
#[must_use]
pub fn chi2_mantel_haenszel(strata: &[Table2x2]) -> Option<f64> {
    statistic(strata, 0.0)
}

/// Returns the Mantel-Haenszel chi-squared with continuity correction, `(|sum (a - E)| - 1/2)^2 /
/// sum V`; `None` unless a stratum is informative.
///
/// The correction never takes the difference below 0. (`mantelhaen.test` of R leaves the correction
/// out where the difference is below 1/2, and so gives more than 0 there.) Source as for
/// [`chi2_mantel_haenszel`].
#[must_use]
pub fn chi2_mantel_haenszel_corrected(strata: &[Table2x2]) -> Option<f64> {
    statistic(strata, 0.5)
}

fn statistic(strata: &[Table2x2], correction: f64) -> Option<f64> {
    let difference = sum(filled(strata).map(|stratum| {
        let size = stratum.ad().abs_diff(stratum.bc()) as f64 / stratum.n() as f64;
        if stratum.ad() >= stratum.bc() { size } else { -size }
    }));
    let variance = sum(filled(strata).filter(|stratum| stratum.n() > 1).map(|stratum| {
        let n = stratum.n() as f64;
        let rows = stratum.exposure_total() as f64 * (stratum.no_exposure_total() as f64 / n);
        let columns = stratum.event_total() as f64 * (stratum.no_event_total() as f64 / n);
        rows * columns / (n - 1.0)
    }));
    let corrected = (difference.abs() - correction).max(0.0);
    (variance > 0.0).then(|| corrected * (corrected / variance))
}
