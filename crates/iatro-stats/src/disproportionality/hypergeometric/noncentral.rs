//! Sums over the tables above the given one, at any odds ratio.

use super::{cells, smooth};
use crate::Table2x2;

/// Sums over the tables k = 1, 2, ... steps above the given one, whose own weight is 1.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::disproportionality) struct Sums {
    /// Sum of the weights.
    pub(in crate::disproportionality) mass: f64,
    /// Sum of k times the weight.
    pub(in crate::disproportionality) first: f64,
    /// Sum of k squared times the weight.
    pub(in crate::disproportionality) second: f64,
}

/// Returns ln(a d / (b c)); `None` if a cell is 0. No digits are lost near 0.
pub(in crate::disproportionality) fn log_odds_ratio(table: &Table2x2) -> Option<f64> {
    let (ad, bc) = (table.ad(), table.bc());
    if ad == 0 || bc == 0 {
        return None;
    }
    let difference = ad.abs_diff(bc) as f64;
    if difference < 0.5 * ad.min(bc) as f64 {
        let signed = if ad >= bc { difference } else { -difference };
        Some((signed / bc as f64).ln_1p())
    } else {
        Some((ad as f64 / bc as f64).ln())
    }
}

/// Returns the sums above the table at an odds ratio of exp(`log_odds`).
///
/// The sum passes over the peak if there is one above; the weights then exceed 1 by no more than
/// exp(z^2 / 2), z being the distance to the peak in standard deviations. Relative error below
/// 1e-12.
pub(in crate::disproportionality) fn sums_above(table: &Table2x2, log_odds: f64) -> Sums {
    let cells = cells(table);
    if let Some(observed) = log_odds_ratio(table)
        && smooth::fits(cells, log_odds - observed)
    {
        return smooth::sums_above(cells, log_odds - observed);
    }
    term_by_term(cells, log_odds.exp())
}

fn term_by_term([mut a, mut b, mut c, mut d]: [f64; 4], odds: f64) -> Sums {
    let mut sums = Sums::default();
    let (mut weight, mut k) = (1.0, 0.0);
    while b > 0.0 && c > 0.0 {
        let ratio = odds * ((b * c) / ((a + 1.0) * (d + 1.0)));
        weight *= ratio;
        k += 1.0;
        sums.mass += weight;
        sums.first += k * weight;
        sums.second += k * k * weight;
        if negligible(weight, ratio, sums.mass) || weight > LARGEST {
            break;
        }
        (a, b, c, d) = (a + 1.0, b - 1.0, c - 1.0, d + 1.0);
    }
    sums
}

/// Weights beyond this mean that the odds ratio tried is hopelessly far from the table; the sum so
/// far says so clearly enough.
const LARGEST: f64 = 1e290;

/// True if all terms after one of this weight add less than 1e-20 of the sum. The ratio of weights
/// falls from step to step, so a geometric series is above the rest.
pub(super) fn negligible(weight: f64, ratio: f64, mass: f64) -> bool {
    ratio < 1.0 && weight * ratio <= 1e-20 * (1.0 - ratio) * mass
}
