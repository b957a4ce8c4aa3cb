//! DATA: one row a report.

use super::age::age;
use super::country::{FOREIGN, country};
use super::files::VaersFiles;
use super::key::{KeyColumns, ReportKey, ReportPlaces, sighting};
use super::layout::TEXTS;
use crate::csv_rows::{Column, CsvSink, Header, Row, values};
use crate::model::codes::{self, outcome_bit};
use crate::model::date::PartialDate;
use crate::part::{NarrativeRow, PartBuilder, ReportRow, Sighting};
use crate::quarantine::{Reason, TableLog};
use crate::values::measure_reason;

/// Columns that say `Y`, and the outcome each tells.
const OUTCOMES: [(&str, &str); 10] = [
    ("died", "DE"),
    ("l_threat", "LT"),
    ("hospital", "HO"),
    ("x_stay", "HO"),
    ("disable", "DS"),
    ("birth_defect", "CA"),
    ("er_visit", "ER"),
    ("er_ed_visit", "ER"),
    ("ofc_visit", "OV"),
    ("recovd", "RC"),
];

/// Reads only what decides which report of a case is current.
pub(super) struct SightingSink<'f> {
    key: KeyColumns,
    received: Column,
    files: &'f VaersFiles,
    seen: ReportPlaces,
    pub(super) sightings: Vec<Sighting>,
}

impl<'f> SightingSink<'f> {
    pub(super) fn new(header: &Header, files: &'f VaersFiles) -> Self {
        Self {
            key: KeyColumns::new(header),
            received: header.column("recvdate"),
            files,
            seen: ReportPlaces::default(),
            sightings: Vec::new(),
        }
    }

    /// The report of a row that is the first of its key.
    fn first_seen(&mut self, row: &Row<'_>) -> Result<(ReportKey, Sighting), Reason> {
        let key = self.key.of(row)?;
        let place = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        if self.seen.try_insert(key, place).is_err() {
            return Err(Reason::RepeatedIdentifier);
        }
        let received = PartialDate::from_us(row.get(self.received), self.files.last_year());
        let received = received.ok().map(PartialDate::first_day);
        let version = Some(key.order).filter(|_| self.key.has_order());
        Ok((key, sighting(key, version, received, self.files)))
    }
}

impl CsvSink for SightingSink<'_> {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        let (_, sighting) = self.first_seen(row)?;
        self.sightings.push(sighting);
        Ok(())
    }

    /// An identifier and a date of receipt: no line of a narrative begins like that.
    fn starts_row(&self, row: &Row<'_>) -> bool {
        let received = PartialDate::from_us(row.get(self.received), self.files.last_year());
        self.key.starts_row(row) && received.is_ok()
    }
}

struct Columns {
    state: Column,
    age: [Column; 3],
    sex: Column,
    onset: Column,
    vaccinated: Column,
    number: Column,
    outcomes: [(Column, u16); OUTCOMES.len()],
    texts: [(Column, &'static str); TEXTS.len()],
}

impl Columns {
    fn new(header: &Header) -> Self {
        let column = |name| header.column(name);
        Self {
            state: column("state"),
            age: ["age_yrs", "cage_yr", "cage_mo"].map(column),
            sex: column("sex"),
            onset: column("onset_date"),
            vaccinated: column("vax_date"),
            number: column("splttype"),
            outcomes: OUTCOMES.map(|(name, code)| (column(name), outcome_bit(code).unwrap_or(0))),
            texts: TEXTS.map(|(name, field)| (column(name), field)),
        }
    }

    fn age(&self, row: &Row<'_>, log: &mut TableLog) -> Option<f64> {
        let [stated, years, fraction] = self.age.map(|column| row.get(column));
        age(stated, years, fraction).unwrap_or_else(|error| {
            let (name, raw) = match stated {
                "" => ("cage_yr", format!("{years} {fraction}")),
                _ => ("age_yrs", stated.to_owned()),
            };
            log.issue(row.line, name, measure_reason(error), raw.trim().as_bytes());
            None
        })
    }

    fn outcomes(&self, row: &Row<'_>, log: &mut TableLog) -> u16 {
        let mut bits = 0;
        for &(column, bit) in &self.outcomes {
            match row.get(column) {
                "Y" | "y" => bits |= bit,
                "" | "N" | "n" | "U" | "u" => {}
                junk => log.issue(row.line, column.name, Reason::UnknownCode, junk.as_bytes()),
            }
        }
        bits
    }
}

/// Reads DATA into a part.
pub(super) struct DataSink<'f> {
    first: SightingSink<'f>,
    columns: Columns,
    with_narratives: bool,
    pub(super) part: PartBuilder,
    /// Date of vaccination of each report.
    pub(super) vaccinated: Vec<Option<PartialDate>>,
}

impl<'f> DataSink<'f> {
    pub(super) fn new(header: &Header, files: &'f VaersFiles, with_narratives: bool) -> Self {
        Self {
            first: SightingSink::new(header, files),
            columns: Columns::new(header),
            with_narratives,
            part: PartBuilder::default(),
            vaccinated: Vec::new(),
        }
    }

    /// Where the reports stand in the part.
    pub(super) fn into_parts(self) -> (PartBuilder, ReportPlaces, Vec<Option<PartialDate>>) {
        (self.part, self.first.seen, self.vaccinated)
    }

    fn country(&self, row: &Row<'_>, log: &mut TableLog) -> &'static str {
        match values::code(row, self.columns.state, country, log) {
            "" if self.first.files.is_foreign() => FOREIGN,
            country => country,
        }
    }

    fn narratives(&mut self, place: u32, row: &Row<'_>) {
        for &(column, field) in &self.columns.texts {
            let text = row.get(column).replace("\r\n", "\n");
            if !text.is_empty() {
                self.part.narratives.push(place, NarrativeRow { field, text: &text });
            }
        }
    }
}

impl CsvSink for DataSink<'_> {
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason> {
        let (key, sighting) = self.first.first_seen(row)?;
        let id = key.id.to_string();
        let last_year = self.first.files.last_year();
        let date = |column, log: &mut TableLog| {
            values::date(row, column, PartialDate::from_us, last_year, log)
        };
        let report = ReportRow {
            line: Some(row.line),
            native_id: &id,
            case_id: &id,
            version: Some(key.order).filter(|_| self.first.key.has_order()),
            received: date(self.first.received, log),
            event_date: date(self.columns.onset, log),
            age_years: self.columns.age(row, log),
            sex: values::code(row, self.columns.sex, codes::sex, log),
            country: self.country(row, log),
            sender_number: row.get(self.columns.number),
            outcomes: self.columns.outcomes(row, log),
            ..ReportRow::default()
        };
        let place = self.part.push_report(&report, sighting);
        self.vaccinated.push(date(self.columns.vaccinated, log));
        if self.with_narratives {
            self.narratives(place, row);
        }
        Ok(())
    }

    fn starts_row(&self, row: &Row<'_>) -> bool {
        self.first.starts_row(row)
    }
}
