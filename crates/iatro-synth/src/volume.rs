//! How many rows the published quarters have, table by table: what a corpus of true size follows.

use std::collections::BTreeMap;

use crate::error::SynthError;
use crate::layout::TableKind;
use crate::quarter::Quarter;

const FILE: &str = "quarter_rows.tsv";
const ROWS: &str = include_str!("../data/quarter_rows.tsv");
const TABLES: usize = TableKind::ALL.len();

/// Rows of each table, in the order of [`TableKind::ALL`].
pub(crate) type Rows = [u64; TABLES];

/// The rows of every published quarter.
#[derive(Debug)]
pub(crate) struct Volume(BTreeMap<Quarter, Rows>);

impl Volume {
    /// Reads the embedded table.
    pub(crate) fn load() -> Result<Self, SynthError> {
        let lines = ROWS.lines().enumerate();
        let lines = lines.filter(|(_, line)| !line.starts_with('#')).skip(1);
        lines.map(|(index, line)| row(index + 1, line)).collect::<Result<_, _>>().map(Self)
    }

    /// The published quarters, in the order of time.
    pub(crate) fn quarters(&self) -> Vec<Quarter> {
        self.0.keys().copied().collect()
    }

    /// The rows of a quarter at a scale, at least 1 each; `None` if it is not among the published.
    #[expect(clippy::cast_sign_loss, reason = "row counts and scales are positive")]
    pub(crate) fn scaled(&self, quarter: Quarter, scale: f64) -> Option<Rows> {
        let scaled = |rows: u64| ((rows as f64 * scale).round() as u64).max(1);
        self.0.get(&quarter).map(|rows| rows.map(scaled))
    }
}

fn row(line: usize, text: &str) -> Result<(Quarter, Rows), SynthError> {
    let broken = |problem: String| SynthError::Catalogue { file: FILE, line, problem };
    let mut fields = text.split('\t');
    let quarter: Quarter = fields.next().unwrap_or_default().parse()?;
    let numbers: Result<Vec<u64>, _> = fields.map(str::parse).collect();
    let numbers = numbers.map_err(|error| broken(format!("{error}, not a number of rows")))?;
    let rows = Rows::try_from(numbers)
        .map_err(|all| broken(format!("{} numbers, not {TABLES}", all.len())))?;
    if rows.contains(&0) {
        return Err(broken("a table without rows".to_owned()));
    }
    Ok((quarter, rows))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_table_holds_ninety_quarters_and_the_published_totals() {
        let volume = Volume::load().unwrap();
        assert_eq!(volume.quarters().len(), 90);
        let total =
            |table: TableKind| -> u64 { volume.0.values().map(|rows| rows[table as usize]).sum() };
        assert_eq!(total(TableKind::Demo), 24_812_425);
        assert_eq!(total(TableKind::Drug), 100_511_911);
        assert_eq!(total(TableKind::Ther), 35_772_081);
        let first = volume.scaled("2004Q1".parse().unwrap(), 0.01).unwrap();
        assert_eq!(first[0], 659);
        assert!(volume.scaled("2027Q1".parse().unwrap(), 1.0).is_none());
    }
}
