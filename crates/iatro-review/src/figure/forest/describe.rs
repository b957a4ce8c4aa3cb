//! The description of a forest plot for those who do not see it.

use super::{Forest, ForestRow};
use crate::figure::axis::Axis;
use crate::number::counted;

/// Rows that are read out; the numbers of the others stand in the figure's columns and its table.
const READ_OUT: usize = 3;

pub(super) fn describe(forest: &Forest, axis: &Axis) -> String {
    let rows: Vec<&ForestRow> = forest.rows().collect();
    if rows.is_empty() {
        return "Forest plot without rows: there is no substance to show.".to_owned();
    }
    let mut text = format!(
        "Forest plot of {} with ROR (Wald 95 %) on a logarithmic axis from {}.",
        counted(rows.len() as u64, "substance", "substances"),
        axis.range(),
    );
    for group in forest.groups.iter().filter(|g| !g.rows.is_empty() && !g.title.is_empty()) {
        let rows = group.rows.len();
        text.push_str(&format!(" {} ({}s): {rows}.", group.title, group.mark.name()));
    }
    let above = rows.iter().filter(|row| row.ror.limits().is_some_and(|(lower, _)| lower > 1.0));
    text.push_str(&format!(" {} of {} intervals lie wholly above 1.", above.count(), rows.len()));
    for row in rows.iter().take(READ_OUT) {
        text.push_str(&format!(
            " {}: ROR {}, IC {}, {}.",
            row.name,
            row.ror.as_ratio(),
            row.ic.as_logarithm(),
            counted(row.cases, "case", "cases"),
        ));
    }
    if rows.len() > READ_OUT {
        text.push_str(" The columns beside the plot and the data table have all rows.");
    }
    text
}
