//! VAX: one row a vaccine.
//!
//! The substance of a vaccine is its `VAX_TYPE` as it stands. Words that document "unknown" (dose
//! `UNK`, route `UN`, `UNKNOWN MANUFACTURER`) are left blank.

use super::key::{KeyColumns, ReportKey, ReportPlaces};
use crate::csv_rows::{Column, CsvSink, Header, Row};
use crate::model::codes::Role;
use crate::model::date::PartialDate;
use crate::part::{Coding, DrugRow, Name, PartBuilder, TherapyRow};
use crate::quarantine::{Reason, TableLog};
use crate::text::tidy;

/// The columns of VAX.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) key: KeyColumns,
    kind: Column,
    name: Column,
    manufacturer: Column,
    lot: Column,
    dose: Column,
    route: Column,
}

impl Columns {
    pub(super) fn new(header: &Header) -> Self {
        let column = |name| header.column(name);
        Self {
            key: KeyColumns::new(header),
            kind: column("vax_type"),
            name: column("vax_name"),
            manufacturer: column("vax_manu"),
            lot: column("vax_lot"),
            dose: header.first_of(&["vax_dose_series", "vax_dose"]),
            route: column("vax_route"),
        }
    }

    /// The report of a row that names a vaccine.
    pub(super) fn usable(&self, row: &Row<'_>) -> Result<ReportKey, Reason> {
        let key = self.key.of(row)?;
        if row.get(self.kind).is_empty() { Err(Reason::Blank) } else { Ok(key) }
    }

    fn name(&self, row: &Row<'_>) -> Name {
        let stated = tidy(row.get(self.kind)).into_owned();
        let verbatim = tidy(row.get(self.name)).into_owned();
        let verbatim = if verbatim.is_empty() { stated.clone() } else { verbatim };
        Name { verbatim, stated, coding: Coding::AsStated }
    }
}

/// Reads VAX into a part.
pub(super) struct VaxSink<'p> {
    columns: Columns,
    places: &'p ReportPlaces,
    /// Date of vaccination of each report; empty where DATA is missing.
    vaccinated: &'p [Option<PartialDate>],
    /// How many vaccines each report has so far.
    given: Vec<u64>,
    part: &'p mut PartBuilder,
}

impl<'p> VaxSink<'p> {
    pub(super) fn new(
        header: &Header,
        places: &'p ReportPlaces,
        vaccinated: &'p [Option<PartialDate>],
        part: &'p mut PartBuilder,
    ) -> Self {
        let given = vec![0; places.len()];
        Self { columns: Columns::new(header), places, vaccinated, given, part }
    }

    fn next_seq(&mut self, owner: u32) -> Option<u64> {
        let given = self.given.get_mut(owner as usize)?;
        *given += 1;
        Some(*given)
    }
}

impl CsvSink for VaxSink<'_> {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        let columns = self.columns;
        columns.usable(row)?;
        let owner = columns.key.owner(row, self.places)?;
        let seq = self.next_seq(owner);
        let drug = DrugRow {
            seq,
            role: Some(Role::PrimarySuspect),
            name: self.part.symbols.name(columns.name(row)),
            manufacturer: known(row.get(columns.manufacturer)),
            route: known(row.get(columns.route)),
            dose: known(row.get(columns.dose)),
            lot: known(row.get(columns.lot)),
            dechallenge: "",
            rechallenge: "",
        };
        let at = self.part.drugs.len();
        self.part.drugs.push(owner, &drug);
        if let Some(&Some(start)) = self.vaccinated.get(owner as usize) {
            self.part.drugs.add_course(at, Some(start), None);
            let course = TherapyRow {
                drug_seq: seq,
                start: Some(start),
                end: None,
                duration: None,
                duration_unit: "",
            };
            self.part.therapies.push(owner, &course);
        }
        Ok(())
    }

    fn starts_row(&self, row: &Row<'_>) -> bool {
        self.columns.key.starts_row(row)
    }
}

/// A value, blank where it documents "unknown".
fn known(text: &str) -> &str {
    let unknown = ["UNK", "UN", "UNKNOWN", "UNKNOWN MANUFACTURER"];
    if unknown.iter().any(|word| text.eq_ignore_ascii_case(word)) { "" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_documents_unknown_is_blank() {
        for text in ["UNK", "un", "Unknown", "UNKNOWN MANUFACTURER"] {
            assert_eq!(known(text), "");
        }
        assert_eq!((known("7+"), known("IM"), known("")), ("7+", "IM", ""));
    }
}
