//! The dictionaries of a snapshot, read for people.

use std::collections::BTreeMap;

use arrow_array::{Array, RecordBatch, StringArray, UInt64Array};
use serde::Serialize;

use super::build::defect;
use super::schema::Table;
use super::snapshot::Snapshot;
use crate::error::Result;

/// A name and how it was mapped.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct NameUse {
    /// As reports write it.
    pub verbatim: String,
    /// `stated`, `learned`, `seed`, `rxnorm`, `ingredient` or `unmapped`.
    pub mapped_by: String,
    /// Drug rows of current reports with it.
    pub rows: u64,
}

/// A substance and how often it stands in current reports.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct SubstanceUse {
    /// Its name.
    pub substance: String,
    /// Its class, if the seed table has one.
    pub class: Option<String>,
    /// Drug rows of current reports with it.
    pub rows: u64,
}

/// The names of a snapshot, the most frequent first.
pub fn names(snapshot: &Snapshot) -> Result<Vec<NameUse>> {
    let mut names = Vec::new();
    for batch in snapshot.read(Table::Name, &["verbatim", "mapped_by", "rows"])? {
        let batch = batch?;
        let (verbatim, mapped_by) = (text(&batch, "verbatim")?, text(&batch, "mapped_by")?);
        let rows = counts(&batch, "rows")?;
        names.extend((0..batch.num_rows()).map(|row| NameUse {
            verbatim: verbatim.value(row).to_owned(),
            mapped_by: mapped_by.value(row).to_owned(),
            rows: rows.value(row),
        }));
    }
    names.sort_by(|a, b| (b.rows, &a.verbatim).cmp(&(a.rows, &b.verbatim)));
    Ok(names)
}

/// The substances of a snapshot, the most frequent first.
pub fn substances(snapshot: &Snapshot) -> Result<Vec<SubstanceUse>> {
    let mut substances = Vec::new();
    for batch in snapshot.read(Table::Substance, &["substance", "class", "rows"])? {
        let batch = batch?;
        let (names, classes) = (text(&batch, "substance")?, text(&batch, "class")?);
        let rows = counts(&batch, "rows")?;
        substances.extend((0..batch.num_rows()).map(|row| SubstanceUse {
            substance: names.value(row).to_owned(),
            class: classes.is_valid(row).then(|| classes.value(row).to_owned()),
            rows: rows.value(row),
        }));
    }
    substances.sort_by(|a, b| (b.rows, &a.substance).cmp(&(a.rows, &b.substance)));
    Ok(substances)
}

fn text<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b StringArray> {
    let found = batch.column_by_name(name).and_then(|c| c.as_any().downcast_ref());
    found.ok_or_else(|| defect(&format!("column {name} is missing")))
}

/// A term and how often it stands in current reports.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct TermUse {
    /// Its preferred spelling.
    pub term: String,
    /// How it is compared.
    pub folded: String,
    /// Rows of current reports with it as an event.
    pub event_rows: u64,
    /// Rows of current reports with it as an indication.
    pub indication_rows: u64,
}

/// The terms of a snapshot, by how they are compared.
pub fn terms(snapshot: &Snapshot) -> Result<Vec<TermUse>> {
    let mut terms = Vec::new();
    let columns = ["term", "folded", "event_rows", "indication_rows"];
    for batch in snapshot.read(Table::Term, &columns)? {
        let batch = batch?;
        let (names, folded) = (text(&batch, "term")?, text(&batch, "folded")?);
        let events = counts(&batch, "event_rows")?;
        let indications = counts(&batch, "indication_rows")?;
        terms.extend((0..batch.num_rows()).map(|row| TermUse {
            term: names.value(row).to_owned(),
            folded: folded.value(row).to_owned(),
            event_rows: events.value(row),
            indication_rows: indications.value(row),
        }));
    }
    terms.sort_by(|a, b| a.folded.cmp(&b.folded));
    Ok(terms)
}

/// Event rows of current reports, by folded term.
pub fn event_rows(snapshot: &Snapshot) -> Result<BTreeMap<String, u64>> {
    Ok(terms(snapshot)?.into_iter().map(|term| (term.folded, term.event_rows)).collect())
}

fn counts<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b UInt64Array> {
    let found = batch.column_by_name(name).and_then(|c| c.as_any().downcast_ref());
    found.ok_or_else(|| defect(&format!("column {name} is missing")))
}
