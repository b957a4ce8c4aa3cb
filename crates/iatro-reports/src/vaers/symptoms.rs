//! SYMPTOMS: up to five terms of a report a row, each with the MedDRA version it was coded in.

use std::borrow::Cow;

use super::key::{KeyColumns, ReportKey, ReportPlaces};
use super::layout::TERMS;
use crate::csv_rows::{Column, CsvSink, Header, Row};
use crate::part::{EventRow, PartBuilder};
use crate::quarantine::{Reason, TableLog};
use crate::text::tidy;

/// The columns of SYMPTOMS.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) key: KeyColumns,
    terms: [(Column, Column); TERMS.len()],
}

impl Columns {
    pub(super) fn new(header: &Header) -> Self {
        let terms = TERMS.map(|(term, version)| (header.column(term), header.column(version)));
        Self { key: KeyColumns::new(header), terms }
    }

    /// The report of a row that has a term.
    pub(super) fn usable(&self, row: &Row<'_>) -> Result<ReportKey, Reason> {
        let key = self.key.of(row)?;
        let any = self.terms.iter().any(|&(term, _)| !row.get(term).is_empty());
        if any { Ok(key) } else { Err(Reason::Blank) }
    }
}

/// Reads SYMPTOMS into a part.
pub(super) struct SymptomsSink<'p> {
    columns: Columns,
    places: &'p ReportPlaces,
    part: &'p mut PartBuilder,
}

impl<'p> SymptomsSink<'p> {
    pub(super) fn new(
        header: &Header,
        places: &'p ReportPlaces,
        part: &'p mut PartBuilder,
    ) -> Self {
        Self { columns: Columns::new(header), places, part }
    }
}

impl CsvSink for SymptomsSink<'_> {
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason> {
        self.columns.usable(row)?;
        let owner = self.columns.key.owner(row, self.places)?;
        let cells = self.columns.terms.iter().filter(|(term, _)| !row.get(*term).trim().is_empty());
        *log.values.get_or_insert(0) += cells.count() as u64;
        for &(term, version) in &self.columns.terms {
            let text = tidy(row.get(term));
            if text.is_empty() {
                continue;
            }
            let term = self.part.symbols.term(&text);
            let version = meddra_version(row.get(version));
            let event = EventRow { term, dictionary_version: &version, recurred: "" };
            self.part.events.push(owner, &event);
        }
        Ok(())
    }

    fn starts_row(&self, row: &Row<'_>) -> bool {
        self.columns.key.starts_row(row)
    }
}

/// A MedDRA version with one decimal.
///
/// MedDRA has two versions a year, x.0 and x.1, so `8.10`, as some files write it, is 8.1, and `24` is
/// 24.0. Anything else stays as it is.
fn meddra_version(text: &str) -> Cow<'_, str> {
    let is_number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        None if is_number(text) => Cow::Owned(format!("{text}.0")),
        Some((major, minor)) if is_number(major) && is_number(minor) => {
            let shortest = major.len() + 2;
            let length = text.trim_end_matches('0').len().max(shortest);
            Cow::Borrowed(text.get(..length).unwrap_or(text))
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_one_decimal() {
        for (text, version) in [
            ("8.10", "8.1"),
            ("8.1", "8.1"),
            ("24.0", "24.0"),
            ("12.00", "12.0"),
            ("24", "24.0"),
            ("18.01", "18.01"),
            ("v24.0", "v24.0"),
            ("", ""),
        ] {
            assert_eq!(meddra_version(text), version, "{text}");
        }
    }
}
