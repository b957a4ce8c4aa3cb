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

/// a - A and the variance of the fitted table. Each fitted cell is found for itself, and the
/// difference is taken where the cell is smallest: large cells would swallow the digits.
fn residual(stratum: &Table2x2, ror: f64) -> (f64, f64) {
    let [with, without] = [stratum.exposure_total(), stratum.no_exposure_total()];
    let [event, no_event] = [stratum.event_total(), stratum.no_event_total()];
    // A cell, what it counts up, and its fitted value.
    let cells = [
        (stratum.a(), 1.0, fitted_count([with, without], [event, no_event], ror)),
        (stratum.b(), -1.0, fitted_count([with, without], [no_event, event], 1.0 / ror)),
        (stratum.c(), -1.0, fitted_count([without, with], [event, no_event], 1.0 / ror)),
        (stratum.d(), 1.0, fitted_count([without, with], [no_event, event], ror)),
    ];
    let variance = 1.0 / cells.iter().map(|(_, _, fitted)| 1.0 / fitted).sum::<f64>();
    let smallest = cells.iter().min_by(|x, y| x.2.total_cmp(&y.2));
    let residual = smallest.map_or(0.0, |(count, sign, fitted)| sign * (*count as f64 - fitted));
    (residual, variance)
}

/// The first cell A of the table with these rows and columns and the odds ratio `ror`: the root of
/// `A (row 2 - column 1 + A) = ror (row 1 - A)(column 1 - A)` between its bounds, by the forms of
/// the quadratic formula and its discriminant in which nothing large cancels.
fn fitted_count(rows: [u64; 2], columns: [u64; 2], ror: f64) -> f64 {
    let less = |x: u64, y: u64| (i128::from(x) - i128::from(y)) as f64;
    let [row, column] = [rows[0] as f64, columns[0] as f64];
    let rest = less(rows[1], columns[0]);
    // (1 - ror) A^2 + linear A - constant = 0.
    let linear = rest + ror * (row + column);
    let constant = ror * row * column;
    // linear^2 + 4 (1 - ror) constant, written as a sum of two positive terms.
    let root = (rest + ror * less(rows[0], columns[0]))
        .hypot(2.0 * (ror * column * columns[1] as f64).sqrt());
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
            let rows = [t.exposure_total(), t.no_exposure_total()];
            let columns = [t.event_total(), t.no_event_total()];
            let fitted = fitted_count(rows, columns, ror);
            let (b, c) = (rows[0] as f64 - fitted, columns[0] as f64 - fitted);
            let d = rows[1] as f64 - c;
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
