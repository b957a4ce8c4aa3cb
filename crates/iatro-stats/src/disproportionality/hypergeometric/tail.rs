//! Probability of one table given its margins, and the mass above it, at odds ratio 1.

use super::factorial::{deviance, stirling_error};
use super::noncentral::{log_odds_ratio, negligible};
use super::{cells, smooth};
use crate::Table2x2;

/// Returns the logarithm of the hypergeometric probability of the table given its margins, which
/// must all be above 0.
///
/// ```text
/// (a+b)! (c+d)! (a+c)! (b+d)! / (n! a! b! c! d!)
/// ```
///
/// The large parts of the factorials combine into the deviance of the cells from their
/// expectations, a sum of positive terms; so nothing cancels. The error of the probability, as a
/// share of it, is below `1e-14 + 1e-15 |ln probability|`. Source: Loader 2000, *Fast and accurate
/// computation of binomial probabilities*, taken from the binomial to this distribution.
pub(in crate::disproportionality) fn ln_probability(table: &Table2x2) -> f64 {
    let counts = [table.a(), table.b(), table.c(), table.d()];
    let [with, without] = [table.exposure_total(), table.no_exposure_total()];
    let [event, no_event] = [table.event_total(), table.no_event_total()];
    let n = table.n();
    // Every cell differs from its expectation by this much, a and d one way, b and c the other.
    let difference = table.ad().abs_diff(table.bc()) as f64 / n as f64;
    let difference = if table.ad() >= table.bc() { difference } else { -difference };
    let rows = [with as f64, with as f64, without as f64, without as f64];
    let columns = [event as f64, no_event as f64, event as f64, no_event as f64];
    let signs = [1.0, -1.0, -1.0, 1.0];
    let mut exponent = 0.0;
    let mut root = 1.0;
    for cell in 0..4 {
        let expected = rows[cell] * (columns[cell] / n as f64);
        exponent -= deviance(counts[cell] as f64, expected, signs[cell] * difference);
        exponent -= stirling_error(counts[cell]);
        root /= circle(counts[cell]);
    }
    for margin in [with, without, event, no_event] {
        exponent += stirling_error(margin);
        root *= circle(margin);
    }
    exponent - stirling_error(n) + 0.5 * (root / circle(n)).ln()
}

/// 2 pi n, the square of what Stirling's formula multiplies with; 1 for n = 0.
fn circle(n: u64) -> f64 {
    if n == 0 { 1.0 } else { std::f64::consts::TAU * n as f64 }
}

/// Returns the mass of all tables above the given one, as a multiple of its own probability, at odds
/// ratio 1. To be called at or above the peak, where weights fall; relative error below 1e-12.
pub(in crate::disproportionality) fn mass_above(table: &Table2x2) -> f64 {
    let cells = cells(table);
    if let Some(log_odds) = log_odds_ratio(table)
        && smooth::fits(cells, -log_odds)
    {
        return smooth::sums_above(cells, -log_odds).mass;
    }
    let [mut a, mut b, mut c, mut d] = cells;
    let (mut weight, mut mass) = (1.0, 0.0);
    while b > 0.0 && c > 0.0 {
        let ratio = (b * c) / ((a + 1.0) * (d + 1.0));
        weight *= ratio;
        mass += weight;
        if negligible(weight, ratio, mass) {
            break;
        }
        (a, b, c, d) = (a + 1.0, b - 1.0, c - 1.0, d + 1.0);
    }
    mass
}
