//! DEMO: one row a report version.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;

use super::header::Header;
use super::layout::{CASE, ID};
use super::places::ReportPlaces;
use super::quarter::{Era, Quarter};
use super::rows::{Row, RowSink};
use super::values;
use crate::model::codes;
use crate::model::date::PartialDate;
use crate::model::measure;
use crate::part::{PartBuilder, ReportRow, Sighting, VersionRank};
use crate::quarantine::{Reason, TableLog};
use crate::values::identifier;

#[derive(Debug)]
struct Columns {
    id: Option<usize>,
    case: Option<usize>,
    version: Option<usize>,
    event_date: Option<usize>,
    received: Option<usize>,
    report_type: Option<usize>,
    sender_number: Option<usize>,
    sender: Option<usize>,
    literature: Option<usize>,
    age: (Option<usize>, Option<usize>),
    sex: Option<usize>,
    weight: (Option<usize>, Option<usize>),
    reporter: Option<usize>,
    country: Option<usize>,
    occurred: Option<usize>,
}

impl Columns {
    fn new(header: &Header) -> Self {
        let column = |names: &[&str]| header.column(names);
        Self {
            id: column(ID),
            case: column(CASE),
            version: column(&["caseversion"]),
            event_date: column(&["event_dt"]),
            received: column(&["fda_dt"]),
            report_type: column(&["rept_cod"]),
            sender_number: column(&["mfr_num"]),
            sender: column(&["mfr_sndr"]),
            literature: column(&["lit_ref"]),
            age: (column(&["age"]), column(&["age_cod"])),
            sex: column(&["sex", "gndr_cod"]),
            weight: (column(&["wt"]), column(&["wt_cod"])),
            reporter: column(&["occp_cod"]),
            country: column(&["reporter_country"]),
            occurred: column(&["occr_country"]),
        }
    }
}

/// Columns of DEMO that are known but not kept.
pub(crate) const NOT_KEPT: &[&str] = &[
    "i_f_code",
    "i_f_cod",
    "foll_seq",
    "image",
    "mfr_dt",
    "init_fda_dt",
    "auth_num",
    "age_grp",
    "e_sub",
    "rept_dt",
    "to_mfr",
    "death_dt",
    "confid",
];

/// Columns of DEMO that are read.
pub(crate) const READ: &[&str] = &[
    "primaryid",
    "isr",
    "caseid",
    "case",
    "caseversion",
    "event_dt",
    "fda_dt",
    "rept_cod",
    "mfr_num",
    "mfr_sndr",
    "lit_ref",
    "age",
    "age_cod",
    "sex",
    "gndr_cod",
    "wt",
    "wt_cod",
    "occp_cod",
    "reporter_country",
    "occr_country",
];

/// Reads DEMO into a part.
#[derive(Debug)]
pub(crate) struct DemoSink {
    columns: Columns,
    quarter: Quarter,
    pub(crate) part: PartBuilder,
    pub(crate) places: ReportPlaces,
}

impl DemoSink {
    pub(crate) fn new(header: &Header, quarter: Quarter) -> Self {
        Self {
            columns: Columns::new(header),
            quarter,
            part: PartBuilder::default(),
            places: ReportPlaces::default(),
        }
    }
}

/// Reads only what decides which version of a case is current.
#[derive(Debug)]
pub(crate) struct SightingSink {
    columns: Columns,
    quarter: Quarter,
    pub(crate) sightings: Vec<Sighting>,
}

impl SightingSink {
    pub(crate) fn new(header: &Header, quarter: Quarter) -> Self {
        Self { columns: Columns::new(header), quarter, sightings: Vec::new() }
    }
}

impl RowSink for SightingSink {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        let (_, sighting) = sighting(row, &self.columns, self.quarter)?;
        self.sightings.push(sighting);
        Ok(())
    }
}

fn sighting(row: &Row<'_>, columns: &Columns, quarter: Quarter) -> Result<(u64, Sighting), Reason> {
    let native = identifier(row.get(columns.id))?;
    let case = identifier(row.get(columns.case))?;
    let version = match row.get(columns.version) {
        "" => 0,
        text => text.parse().map_err(|_| Reason::BadIdentifier)?,
    };
    let last_year = quarter.year() + 1;
    let received = PartialDate::from_digits(row.get(columns.received), last_year).ok();
    let modern = quarter.era() == Era::Faers;
    let rank = VersionRank {
        modern,
        version,
        received: received.map_or(i32::MIN, PartialDate::first_day),
        period: if modern { quarter.index() } else { 0 },
        native,
    };
    let duplicate_key = duplicate_key(row.get(columns.sender), row.get(columns.sender_number));
    Ok((native, Sighting { case, rank, duplicate_key }))
}

/// A number that reports with the same sender and sender's number share; 0 when either is blank.
pub(crate) fn duplicate_key(sender: &str, number: &str) -> u64 {
    if sender.is_empty() || number.is_empty() {
        return 0;
    }
    let mut both = String::with_capacity(sender.len() + 1 + number.len());
    // No value holds a line break, so that no two pairs make one text.
    [sender, "\n", number].iter().for_each(|text| both.push_str(text));
    both.make_ascii_uppercase();
    FixedState::default().hash_one(both).max(1)
}

impl RowSink for DemoSink {
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason> {
        let columns = &self.columns;
        let (native, sighting) = sighting(row, columns, self.quarter)?;
        let last_year = self.quarter.year() + 1;
        let report = ReportRow {
            line: Some(row.line),
            native_id: row.get(columns.id),
            case_id: row.get(columns.case),
            version: Some(sighting.rank.version).filter(|_| columns.version.is_some()),
            received: values::date(row, columns.received, "fda_dt", last_year, log),
            event_date: values::date(row, columns.event_date, "event_dt", last_year, log),
            age_years: values::measure(row, columns.age, "age", measure::age_years, log),
            sex: values::code(row, columns.sex, "sex", codes::sex, log),
            weight_kg: values::measure(row, columns.weight, "wt", measure::weight_kg, log),
            reporter: values::code(row, columns.reporter, "occp_cod", codes::reporter, log),
            country: values::country(row.get(columns.country)),
            occurred_country: values::country(row.get(columns.occurred)),
            report_type: values::code(
                row,
                columns.report_type,
                "rept_cod",
                codes::report_type,
                log,
            ),
            sender: row.get(columns.sender),
            sender_number: row.get(columns.sender_number),
            literature: row.get(columns.literature),
            group: "",
            outcomes: 0,
            report_sources: 0,
        };
        self.part.push_report(&report, sighting);
        let part = &self.part;
        let outranks = |known: u32| part.rank(known) > Some(sighting.rank);
        self.places.add(native, sighting.case, outranks);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_share_a_key_in_any_case_and_blanks_have_none() {
        assert_eq!(duplicate_key("Acme", "n-1"), duplicate_key("ACME", "N-1"));
        assert_ne!(duplicate_key("ACME", "N-1"), duplicate_key("ACM", "EN-1"));
        assert_ne!(duplicate_key("ACME", "N-1"), 0);
        assert_eq!((duplicate_key("", "N-1"), duplicate_key("ACME", "")), (0, 0));
    }
}
