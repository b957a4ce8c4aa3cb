//! The way from the files to the cases, line by line.

use iatro_signals::waterfall::Waterfall;

use crate::number::thousands;

/// Returns a waterfall as lines of text: what is left, and between two steps what went and why.
///
/// Counts stand in one column, at the right. The first line says where the number comes from.
pub fn waterfall_lines(waterfall: &Waterfall) -> Vec<String> {
    let counts = waterfall.steps.iter().flat_map(|step| [step.left, step.removed]);
    let width = counts.map(|count| thousands(count).len()).max().unwrap_or(0) + 2;
    let mut lines = Vec::new();
    for (place, step) in waterfall.steps.iter().enumerate() {
        if place > 0 {
            let removed = format!("− {}", thousands(step.removed));
            lines.push(format!("{removed:>width$}    {}", step.why));
        }
        lines.push(format!("{:>width$}  {}", thousands(step.left), step.label));
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use iatro_signals::waterfall::Step;

    use super::*;

    #[test]
    fn every_step_says_what_is_left_and_what_went() {
        let step = |label: &str, left, removed, why: &str| Step {
            label: label.to_owned(),
            left,
            removed,
            why: why.to_owned(),
        };
        let waterfall = Waterfall {
            steps: vec![
                step("report rows in 3 files", 12_345, 0, "read from the files"),
                step("current reports", 12_000, 345, "superseded by a later version"),
            ],
        };
        assert_eq!(
            waterfall_lines(&waterfall),
            [
                "  12,345  report rows in 3 files",
                "   − 345    superseded by a later version",
                "  12,000  current reports",
            ]
        );
        assert!(waterfall_lines(&Waterfall { steps: Vec::new() }).is_empty());
    }
}
