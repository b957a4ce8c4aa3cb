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
        let rows = rows_of(&batch)?;
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
        let rows = rows_of(&batch)?;
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

fn rows_of(batch: &RecordBatch) -> Result<&UInt64Array> {
    let found = batch.column_by_name("rows").and_then(|c| c.as_any().downcast_ref());
    found.ok_or_else(|| defect("column rows is missing"))
}

/// Event rows of current reports, by folded term.
pub fn event_rows(snapshot: &Snapshot) -> Result<BTreeMap<String, u64>> {
    let mut rows = BTreeMap::new();
    for batch in snapshot.read(Table::Term, &["folded", "event_rows"])? {
        let batch = batch?;
        let folded = text(&batch, "folded")?;
        let counts = batch.column_by_name("event_rows").and_then(|c| c.as_any().downcast_ref());
        let counts: &UInt64Array = counts.ok_or_else(|| defect("column event_rows is missing"))?;
        for row in 0..batch.num_rows() {
            rows.insert(folded.value(row).to_owned(), counts.value(row));
        }
    }
    Ok(rows)
}
