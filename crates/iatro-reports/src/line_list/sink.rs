//! Rows of a line list: checked, and stored without what they repeat.

use hashbrown::HashSet;

use super::report::{Report, Reports};
use super::role::role;
use crate::csv_rows::{Column, CsvSink, Header, Row, TableSpec, values};
use crate::model::codes::Role;
use crate::model::date::{DateError, PartialDate};
use crate::part::{Coding, DrugRow, EventRow, Name, PartBuilder};
use crate::quarantine::{Reason, TableLog};
use crate::text::tidy;

pub(super) const SPEC: TableSpec = TableSpec {
    table: "rows",
    delimiters: b",;\t",
    required: &["report_id", "drug", "event"],
    known: &["role", "group", "date"],
    expected: "Expected a line list with the columns report_id, drug and event, and if wanted role, \
               group and date, parted by comma, semicolon or tab.",
};

/// The last plausible year of an event; there is no clock in a reader.
const LAST_YEAR: u16 = 2100;

#[derive(Clone, Copy)]
struct Columns {
    id: Column,
    drug: Column,
    event: Column,
    role: Column,
    group: Column,
    date: Column,
}

impl Columns {
    fn new(header: &Header) -> Self {
        let column = |name| header.column(name);
        Self {
            id: column("report_id"),
            drug: column("drug"),
            event: column("event"),
            role: column("role"),
            group: column("group"),
            date: column("date"),
        }
    }

    /// The role of a row that can be stored.
    fn usable(&self, row: &Row<'_>) -> Result<Role, Reason> {
        let nothing = row.get(self.drug).is_empty() && row.get(self.event).is_empty();
        if row.get(self.id).is_empty() || nothing {
            return Err(Reason::Blank);
        }
        role(row.get(self.role))
    }
}

/// Reads only which reports there are.
pub(super) struct ReportSink {
    columns: Columns,
    pub(super) reports: Reports,
}

impl ReportSink {
    pub(super) fn new(header: &Header) -> Self {
        Self { columns: Columns::new(header), reports: Reports::default() }
    }
}

impl CsvSink for ReportSink {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        self.columns.usable(row)?;
        self.reports.of(row.get(self.columns.id), row.line);
        Ok(())
    }
}

/// Reads a line list into a part.
pub(super) struct LineListSink {
    columns: Columns,
    pub(super) reports: Reports,
    pub(super) part: PartBuilder,
    drugs: HashSet<(u32, u32, Role), foldhash::fast::FixedState>,
    events: HashSet<(u32, u32), foldhash::fast::FixedState>,
}

impl LineListSink {
    pub(super) fn new(header: &Header) -> Self {
        Self {
            columns: Columns::new(header),
            reports: Reports::default(),
            part: PartBuilder::default(),
            drugs: HashSet::default(),
            events: HashSet::default(),
        }
    }
}

impl CsvSink for LineListSink {
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason> {
        let columns = self.columns;
        let role = columns.usable(row)?;
        let (place, report) = self.reports.of(row.get(columns.id), row.line);
        note_group(report, row, columns.group, log);
        note_date(report, row, columns.date, log);
        let drug = tidy(row.get(columns.drug));
        if !drug.is_empty() {
            let (verbatim, stated) = (drug.to_string(), drug.into_owned());
            let name = self.part.symbols.name(Name { verbatim, stated, coding: Coding::AsStated });
            if self.drugs.insert((place, name, role)) {
                report.drugs += 1;
                let (seq, role) = (Some(report.drugs), Some(role));
                self.part.drugs.push(place, &DrugRow { seq, role, name, ..DrugRow::default() });
            }
        }
        let event = tidy(row.get(columns.event));
        if !event.is_empty() {
            let term = self.part.symbols.term(&event);
            if self.events.insert((place, term)) {
                let event = EventRow { term, dictionary_version: "", recurred: "" };
                self.part.events.push(place, &event);
            }
        }
        Ok(())
    }
}

/// Keeps the first group that a report's rows name.
fn note_group(report: &mut Report, row: &Row<'_>, column: Column, log: &mut TableLog) {
    let group = row.get(column);
    if report.group.is_empty() {
        report.group.push_str(group);
    } else if !group.is_empty() && group != report.group {
        log.issue(row.line, column.name, Reason::Disagreement, group.as_bytes());
    }
}

/// Keeps the first date that a report's rows give.
fn note_date(report: &mut Report, row: &Row<'_>, column: Column, log: &mut TableLog) {
    let Some(date) = values::date(row, column, any_date, LAST_YEAR, log) else { return };
    if *report.date.get_or_insert(date) != date {
        log.issue(row.line, column.name, Reason::Disagreement, row.get(column).as_bytes());
    }
}

fn any_date(text: &str, last_year: u16) -> Result<PartialDate, DateError> {
    if text.contains('-') {
        return PartialDate::from_iso(text, last_year);
    }
    PartialDate::from_digits(text, last_year)
}
