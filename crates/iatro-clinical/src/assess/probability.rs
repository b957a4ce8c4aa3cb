//! The published probability of a total.
//!
//! Rows stand as printed. Between two rows with a number the logit is interpolated and labelled so. Between a row with
//! a bound and one with a number there is nothing to interpolate: what holds of both is shown (`≤1 %` between `<1` and
//! 1, `≥99 %` between 99 and `>99`).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::result::{Interval, Probability, ProbabilityAt};
use crate::instrument::{ProbabilityRow, ProbabilityTable};

/// At both ends of a total.
pub(super) fn of(table: &ProbabilityTable, score: Interval) -> Option<Probability> {
    let (min, max) = (at(&table.row, score.min)?, at(&table.row, score.max)?);
    Some(Probability { of: table.of.clone(), min, max })
}

/// At one total; `None` for a table without rows.
fn at(rows: &[ProbabilityRow], total: Decimal) -> Option<ProbabilityAt> {
    let (first, last) = (rows.first()?, rows.last()?);
    let inside = total.clamp(first.total, last.total);
    if let Some(row) = rows.iter().find(|row| row.total == inside) {
        let text = format!("{} %", row.percent);
        return Some(ProbabilityAt { text, percent: number(row), interpolated: false });
    }
    let above = rows.iter().position(|row| row.total > inside)?;
    let (below, above) = (rows.get(above.checked_sub(1)?)?, rows.get(above)?);
    Some(match (number(below), number(above)) {
        (Some(low), Some(high)) => interpolated(below, above, low, high, inside),
        (Some(low), None) => bound(format!("≥{low} %")),
        (None, Some(high)) => bound(format!("≤{high} %")),
        (None, None) => bound(format!("{} % to {} %", below.percent, above.percent)),
    })
}

fn number(row: &ProbabilityRow) -> Option<f64> {
    row.percent.parse().ok()
}

fn bound(text: String) -> ProbabilityAt {
    ProbabilityAt { text, percent: None, interpolated: true }
}

fn interpolated(
    below: &ProbabilityRow,
    above: &ProbabilityRow,
    low: f64,
    high: f64,
    total: Decimal,
) -> ProbabilityAt {
    let logit = |percent: f64| (percent / (100.0 - percent)).ln();
    let part = (total - below.total) / (above.total - below.total);
    let part = part.to_f64().unwrap_or_default();
    let between = logit(low) + part * (logit(high) - logit(low));
    let percent = 100.0 / (1.0 + (-between).exp());
    let text = format!("{} %", percent.round());
    // A tenth of a per cent is more than the table holds, and the same on every machine.
    let percent = Some((percent * 10.0).round() / 10.0);
    ProbabilityAt { text, percent, interpolated: true }
}
