//! The reports of a line list, each gathered from its rows.

use hashbrown::HashMap;

use super::case_of;
use crate::model::date::PartialDate;
use crate::part::{PartBuilder, ReportRow, Sighting, VersionRank};

/// A report, in what its rows say about it as a whole.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) id: String,
    /// The line of its first row.
    pub(super) line: u64,
    pub(super) group: String,
    pub(super) date: Option<PartialDate>,
    /// How many drugs it has so far.
    pub(super) drugs: u64,
}

/// Reports in the order of their first rows.
#[derive(Debug, Default)]
pub(super) struct Reports {
    list: Vec<Report>,
    places: HashMap<String, u32, foldhash::fast::FixedState>,
}

impl Reports {
    /// The place of a report, and the report; new if this is its first row.
    pub(super) fn of(&mut self, id: &str, line: u64) -> (u32, &mut Report) {
        let place = match self.places.get(id) {
            Some(&place) => place,
            None => self.add(id, line),
        };
        (place, &mut self.list[place as usize])
    }

    fn add(&mut self, id: &str, line: u64) -> u32 {
        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.places.insert(id.to_owned(), place);
        let (id, group) = (id.to_owned(), String::new());
        self.list.push(Report { id, line, group, date: None, drugs: 0 });
        place
    }

    /// The sightings in order; each report is a case of its own.
    pub(super) fn sightings(&self, period: &str) -> Vec<Sighting> {
        (0..).zip(&self.list).map(|(ordinal, report)| sighting(period, report, ordinal)).collect()
    }

    /// Puts the reports into the part, in order.
    pub(super) fn push(&self, period: &str, part: &mut PartBuilder) {
        for (report, sighting) in self.list.iter().zip(self.sightings(period)) {
            let row = ReportRow {
                line: Some(report.line),
                native_id: &report.id,
                case_id: &report.id,
                event_date: report.date,
                group: &report.group,
                ..ReportRow::default()
            };
            part.push_report(&row, sighting);
        }
    }
}

fn sighting(period: &str, report: &Report, ordinal: u64) -> Sighting {
    let rank =
        VersionRank { modern: true, version: 0, received: i32::MIN, period: 0, native: ordinal };
    Sighting { case: case_of(period, &report.id), rank, duplicate_key: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_stand_in_the_order_of_their_first_rows() {
        let mut reports = Reports::default();
        assert_eq!(reports.of("b", 2).0, 0);
        assert_eq!(reports.of("a", 3).0, 1);
        assert_eq!(reports.of("b", 4).0, 0);
        let natives: Vec<_> = reports.sightings("x").iter().map(|s| s.rank.native).collect();
        assert_eq!(natives, [0, 1]);
    }
}
