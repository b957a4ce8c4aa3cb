//! Fills a part row by row and checks that it hangs together.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder, UInt32Builder};
use arrow_array::{ArrayRef, RecordBatch, UInt16Array};
use arrow_schema::ArrowError;

use super::children::{DateColumns, Drugs, Events, Indications, Narratives, Therapies, push_text};
use super::{Part, Sighting, Symbols, VersionRank, Withdrawal};
use crate::error::{Error, Place, Result};
use crate::lake::schema::Table;
use crate::model::date::PartialDate;
use crate::quarantine::TableLog;

/// The columns of a report, blank texts meaning unknown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReportRow<'a> {
    /// Line in its table, from 1; `None` when only child tables name the report.
    pub(crate) line: Option<u64>,
    pub(crate) native_id: &'a str,
    pub(crate) case_id: &'a str,
    pub(crate) version: Option<u32>,
    pub(crate) received: Option<PartialDate>,
    pub(crate) event_date: Option<PartialDate>,
    pub(crate) age_years: Option<f64>,
    pub(crate) sex: &'a str,
    pub(crate) weight_kg: Option<f64>,
    pub(crate) reporter: &'a str,
    pub(crate) country: &'a str,
    pub(crate) occurred_country: &'a str,
    pub(crate) report_type: &'a str,
    pub(crate) sender: &'a str,
    pub(crate) sender_number: &'a str,
    pub(crate) literature: &'a str,
    pub(crate) group: &'a str,
    pub(crate) outcomes: u16,
    pub(crate) report_sources: u16,
}

/// A part under construction.
#[derive(Debug, Default)]
pub(crate) struct PartBuilder {
    line: UInt32Builder,
    version: UInt32Builder,
    received: DateColumns,
    event_date: DateColumns,
    age: Float64Builder,
    weight: Float64Builder,
    texts: [StringBuilder; 11],
    outcomes: Vec<u16>,
    report_sources: Vec<u16>,
    sightings: Vec<Sighting>,
    pub(crate) withdrawals: Vec<Withdrawal>,
    pub(crate) drugs: Drugs,
    pub(crate) events: Events,
    pub(crate) indications: Indications,
    pub(crate) therapies: Therapies,
    pub(crate) narratives: Narratives,
    pub(crate) symbols: Symbols,
    pub(crate) logs: Vec<TableLog>,
}

impl PartBuilder {
    /// Adds a report and returns its place in the part.
    pub(crate) fn push_report(&mut self, row: &ReportRow<'_>, sighting: Sighting) -> u32 {
        let place = u32::try_from(self.sightings.len()).unwrap_or(u32::MAX);
        self.line.append_option(row.line.and_then(|line| u32::try_from(line).ok()));
        self.version.append_option(row.version);
        self.received.push(row.received);
        self.event_date.push(row.event_date);
        self.age.append_option(row.age_years);
        self.weight.append_option(row.weight_kg);
        let texts = [
            row.native_id,
            row.case_id,
            row.sex,
            row.reporter,
            row.country,
            row.occurred_country,
            row.report_type,
            row.sender,
            row.sender_number,
            row.literature,
            row.group,
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            push_text(column, text);
        }
        self.outcomes.push(row.outcomes);
        self.report_sources.push(row.report_sources);
        self.sightings.push(sighting);
        place
    }

    /// How many reports it has.
    pub(crate) fn reports(&self) -> usize {
        self.sightings.len()
    }

    /// The version rank of a report.
    pub(crate) fn rank(&self, report: u32) -> Option<VersionRank> {
        self.sightings.get(report as usize).map(|sighting| sighting.rank)
    }

    /// Adds outcome bits to a report.
    pub(crate) fn add_outcome(&mut self, report: u32, bits: u16) {
        if let Some(outcomes) = self.outcomes.get_mut(report as usize) {
            *outcomes |= bits;
        }
    }

    /// Adds report source bits to a report.
    pub(crate) fn add_report_source(&mut self, report: u32, bits: u16) {
        if let Some(sources) = self.report_sources.get_mut(report as usize) {
            *sources |= bits;
        }
    }

    /// The finished part; fails if a table's rows do not add up.
    pub(crate) fn finish(self) -> Result<Part> {
        for log in &self.logs {
            if !log.is_balanced() {
                return Err(unbalanced(log));
            }
        }
        self.build().map_err(|error| {
            Error::refused(
                Place::file("lake"),
                format!("rows could not be put into columns ({error})"),
                "This is a defect of iatro; nothing was changed.",
            )
        })
    }

    fn build(mut self) -> Result<Part, ArrowError> {
        let rows = u32::try_from(self.sightings.len()).unwrap_or(u32::MAX);
        let [native, case, texts @ ..] = &mut self.texts;
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(arrow_array::UInt32Array::from_iter_values(0..rows)),
            Arc::new(self.line.finish()),
            Arc::new(native.finish()),
            Arc::new(case.finish()),
            Arc::new(self.version.finish()),
        ];
        columns.extend(self.received.finish());
        columns.extend(self.event_date.finish());
        columns.push(Arc::new(self.age.finish()));
        columns.push(Arc::new(self.weight.finish()));
        columns.extend(texts.iter_mut().map(|c| Arc::new(c.finish()) as ArrayRef));
        columns.push(Arc::new(UInt16Array::from(self.outcomes)));
        columns.push(Arc::new(UInt16Array::from(self.report_sources)));
        let children = BTreeMap::from([
            (Table::Drug, self.drugs.finish()?),
            (Table::Event, self.events.finish()?),
            (Table::Indication, self.indications.finish()?),
            (Table::Therapy, self.therapies.finish()?),
            (Table::Narrative, self.narratives.finish()?),
        ]);
        Ok(Part {
            reports: RecordBatch::try_new(Table::Report.part_schema(), columns)?,
            sightings: self.sightings,
            withdrawals: self.withdrawals,
            children,
            symbols: Arc::new(self.symbols),
            logs: self.logs,
        })
    }
}

fn unbalanced(log: &TableLog) -> Error {
    Error::refused(
        Place::file(log.file.clone()),
        format!(
            "control totals disagree: {} rows in, {} stored, {} quarantined",
            log.rows,
            log.stored,
            log.quarantined.len()
        ),
        "This is a defect of iatro; nothing was changed. Report it with the file's name and hash.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::part::VersionRank;
    use crate::test_data::texts;

    fn sighting(version: u32) -> Sighting {
        let rank = VersionRank { version, ..VersionRank::default() };
        Sighting { case: 7, rank, duplicate_key: 0 }
    }

    #[test]
    fn blank_texts_are_unknown_and_places_count_up() {
        let mut part = PartBuilder::default();
        let row = ReportRow { native_id: "71", sender: "ACME", ..ReportRow::default() };
        assert_eq!(
            (part.push_report(&row, sighting(1)), part.push_report(&row, sighting(2))),
            (0, 1)
        );
        assert_eq!(part.rank(1), Some(sighting(2).rank));
        assert_eq!(part.rank(2), None);
        part.add_outcome(1, 4);
        part.add_outcome(1, 5);
        part.add_report_source(0, 1);
        part.add_outcome(9, 1);
        let part = part.finish().unwrap();
        assert_eq!(texts(&part.reports, "sender"), ["ACME", "ACME"]);
        assert_eq!(part.reports.column_by_name("case_id").unwrap().null_count(), 2);
        let outcomes = part.reports.column_by_name("outcomes").unwrap();
        let outcomes: Vec<u16> =
            outcomes.as_any().downcast_ref::<UInt16Array>().unwrap().values().to_vec();
        assert_eq!(outcomes, [0, 5]);
    }

    #[test]
    fn a_part_whose_rows_do_not_add_up_is_refused() {
        let mut part = PartBuilder::default();
        let log = TableLog { rows: 3, stored: 2, ..TableLog::new("DEMO20Q1.txt".into(), "demo") };
        part.logs.push(log);
        let error = part.finish().map(|_| ()).unwrap_err().to_string();
        assert!(
            error.contains("control totals disagree: 3 rows in, 2 stored, 0 quarantined"),
            "{error}"
        );
    }
}
