//! Keeps a quarter on course for the rows that each of its tables is to have.
//!
//! Before every new report the rows still missing are divided by the reports still to come. Rows
//! that follow-ups of earlier quarters bring along, or that are lost because a drug was drawn twice,
//! are made up for in this way, and a quarter ends near its rows at any scale.

use crate::habits::Intensity;
use crate::layout::TableKind;
use crate::volume::Rows;

/// The share of a quarter's rows over which a last shortfall is spread, and the fewest of them, so
/// that single reports do not have to make up for it.
const LAST: f64 = 0.002;
const FEWEST: f64 = 10.0;
/// How far the intensity may move from that of the whole quarter, either way.
const LEEWAY: f64 = 2.0;

/// A quarter's course.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    wanted: Rows,
}

impl Pace {
    /// The course to these rows.
    pub(crate) fn new(wanted: Rows) -> Self {
        Self { wanted }
    }

    /// How much the next report is to have, once so many rows are `written`.
    pub(crate) fn intensity(&self, written: &Rows) -> Intensity {
        let reports = self.missing(TableKind::Demo, written);
        let drugs = self.missing(TableKind::Drug, written);
        let rows = |table: TableKind, per: TableKind, left: f64| {
            let usual = self.rows(table) / self.rows(per);
            let now = self.missing(table, written) / left;
            now.clamp(usual / LEEWAY, usual * LEEWAY)
        };
        Intensity {
            drugs: rows(TableKind::Drug, TableKind::Demo, reports),
            terms: rows(TableKind::Reac, TableKind::Demo, reports),
            outcomes: rows(TableKind::Outc, TableKind::Demo, reports),
            sources: rows(TableKind::Rpsr, TableKind::Demo, reports),
            indications: rows(TableKind::Indi, TableKind::Drug, drugs),
            courses: rows(TableKind::Ther, TableKind::Drug, drugs),
        }
    }

    fn rows(&self, table: TableKind) -> f64 {
        self.wanted[table as usize] as f64
    }

    /// The rows that a table still lacks. Of those that others are divided by, at least the last
    /// share counts.
    fn missing(&self, table: TableKind, written: &Rows) -> f64 {
        let missing = self.rows(table) - written[table as usize] as f64;
        match table {
            TableKind::Demo | TableKind::Drug => missing.max(self.rows(table) * LAST).max(FEWEST),
            _ => missing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Rows = [1_000, 4_000, 3_000, 2_000, 800, 50, 1_600];

    #[test]
    fn a_quarter_on_course_goes_on_as_it_is() {
        let half = WANTED.map(|rows| rows / 2);
        let intensity = Pace::new(WANTED).intensity(&half);
        assert!((intensity.drugs - 4.0).abs() < 1e-9 && (intensity.terms - 3.0).abs() < 1e-9);
        assert!((intensity.indications - 0.5).abs() < 1e-9);
        assert!((intensity.courses - 0.4).abs() < 1e-9);
    }

    #[test]
    fn a_shortfall_is_made_up_within_the_leeway() {
        let mut written = WANTED.map(|rows| rows / 2);
        written[TableKind::Reac as usize] = 1_000;
        let pace = Pace::new(WANTED);
        assert!((pace.intensity(&written).terms - 4.0).abs() < 1e-9);
        written[TableKind::Reac as usize] = 9_000;
        assert!((pace.intensity(&written).terms - 1.5).abs() < 1e-9);
    }
}
