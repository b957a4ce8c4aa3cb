//! Whether the strata share one reporting odds ratio.

use super::{Content, content, ror_mantel_haenszel_point, sum};
use crate::Table2x2;
use crate::special::chi_squared_upper;

/// The test of Breslow and Day, with and without Tarone's correction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// Breslow and Day's statistic.
    pub breslow_day: f64,
    /// Its upper tail probability.
    pub breslow_day_p: f64,
    /// Breslow and Day's statistic with Tarone's correction: the one to report.
    pub tarone: f64,
    /// Its upper tail probability.
    pub tarone_p: f64,
    /// Degrees of freedom: informative strata less 1.
    pub degrees_of_freedom: usize,
    /// Strata that say something about the pair.
    pub informative: usize,
    /// All strata.
    pub strata: usize,
}

/// Returns the test of Breslow and Day that all strata share one reporting odds ratio; `None` with
/// fewer than two informative strata, or if the Mantel-Haenszel ROR is undefined or 0.
///
/// For each informative stratum, A is the count of exposed reports with the event that has the
/// Mantel-Haenszel ROR under the margins of the stratum, V = 1 / (1/A + 1/B + 1/C + 1/D):
///
/// ```text
/// Breslow-Day = sum (a - A)^2 / V
/// Tarone      = Breslow-Day - (sum (a - A))^2 / sum V
/// ```
///
/// Both are compared with chi-squared, informative strata less 1 degrees of freedom. (Packages that
/// count all strata lose power to strata that say nothing.) The approximation needs several expected
/// reports in every cell of most strata. Sources: Breslow and Day 1980, *Statistical Methods in
/// Cancer Research* I, 4.4; Tarone 1985, Biometrika 72:91-95.
#[must_use]
pub fn heterogeneity(strata: &[Table2x2]) -> Option<Heterogeneity> {
    let common = ror_mantel_haenszel_point(strata).filter(|&ror| ror > 0.0)?;
    let fitted: Vec<(f64, f64)> = strata
        .iter()
        .filter(|stratum| content(stratum) == Content::Informative)
        .map(|stratum| residual(stratum, common))
        .collect();
    let degrees_of_freedom = fitted.len().checked_sub(1).filter(|&df| df > 0)?;
    let breslow_day = sum(fitted.iter().map(|(residual, variance)| residual * residual / variance));
    let excess = sum(fitted.iter().map(|(residual, _)| *residual));
    let variance = sum(fitted.iter().map(|(_, variance)| *variance));
    let tarone = (breslow_day - excess * (excess / variance)).max(0.0);
    let tail = |statistic: f64| chi_squared_upper(statistic, degrees_of_freedom as f64).ok();
    Some(Heterogeneity {
        breslow_day,
        breslow_day_p: tail(breslow_day)?,
        tarone,
        tarone_p: tail(tarone)?,
        degrees_of_freedom,
        informative: fitted.len(),
        strata: strata.len(),
    })
}

/// a - A and the variance of the fitted table.
fn residual(stratum: &Table2x2, ror: f64) -> (f64, f64) {
    let fitted = fitted_count(stratum, ror);
    let [with, event] = [stratum.exposure_total() as f64, stratum.event_total() as f64];
    let b = with - fitted;
    let c = event - fitted;
    let d = stratum.no_exposure_total() as f64 - c;
    let variance = 1.0 / (1.0 / fitted + 1.0 / b + 1.0 / c + 1.0 / d);
    (stratum.a() as f64 - fitted, variance.max(f64::MIN_POSITIVE))
}

/// The root A of A (c + d - (a + c) + A) = ror (a + b - A)(a + c - A) between the bounds that the
/// margins set, by the form of the quadratic formula that does not cancel.
fn fitted_count(stratum: &Table2x2, ror: f64) -> f64 {
    let [with, event] = [stratum.exposure_total() as f64, stratum.event_total() as f64];
    let rest = stratum.no_exposure_total() as f64 - event;
    // (1 - ror) A^2 + linear A - constant = 0.
    let linear = rest + ror * (with + event);
    let constant = ror * with * event;
    let root = (linear * linear + 4.0 * (1.0 - ror) * constant).max(0.0).sqrt();
    if linear > 0.0 {
        2.0 * constant / (linear + root)
    } else {
        (root - linear) / (2.0 * (1.0 - ror))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_fitted_table_has_the_odds_ratio() {
        for (cells, ror) in [
            ([3, 97, 47, 19_853], 13.0),
            ([3, 97, 47, 19_853], 0.01),
            ([30, 10, 50, 6], 1e-4),
            ([30, 10, 50, 6], 1.0),
            ([1, 1, 1, 1], 1e6),
        ] {
            let [a, b, c, d] = cells;
            let t = Table2x2::new(a, b, c, d).unwrap();
            let fitted = fitted_count(&t, ror);
            let b = t.exposure_total() as f64 - fitted;
            let c = t.event_total() as f64 - fitted;
            let d = t.no_exposure_total() as f64 - c;
            assert!(fitted > 0.0 && b > 0.0 && c > 0.0 && d > 0.0, "{cells:?}, {ror}: {fitted}");
            assert!((fitted * d / (b * c) / ror - 1.0).abs() < 1e-8, "{cells:?}, {ror}");
        }
    }

    #[test]
    fn one_informative_stratum_is_not_enough() {
        let t = |a, b, c, d| Table2x2::new(a, b, c, d).unwrap();
        assert_eq!(heterogeneity(&[]), None);
        assert_eq!(heterogeneity(&[t(3, 97, 47, 19_853), t(0, 0, 5, 5), t(0, 0, 0, 0)]), None);
        let two = heterogeneity(&[t(3, 97, 47, 19_853), t(0, 0, 5, 5), t(5, 5, 9, 9)]).unwrap();
        assert_eq!((two.degrees_of_freedom, two.informative, two.strata), (1, 2, 3));
    }
}
