//! A part read back from a snapshot, in the form in which readers give parts, so that the next
//! snapshot is made from old and new parts alike.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Date32Array, RecordBatch, StringArray, UInt32Array, UInt64Array,
};
use arrow_schema::ArrowError;
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;

use super::build::defect;
use super::manifest::PartSummary;
use super::schema::Table;
use super::snapshot::Snapshot;
use crate::error::Result;
use crate::part::{
    Child, Coding, Name, Part, Sighting, SourceKind, Symbols, VersionRank, Withdrawal,
};

/// The names and terms of a snapshot, as symbols, without spellings: those are the parts' own.
pub(crate) fn symbols(snapshot: &Snapshot) -> Result<Symbols> {
    let mut symbols = Symbols::default();
    for batch in snapshot.read(Table::Name, &["verbatim", "stated", "coding"])? {
        let batch = batch?;
        let [verbatim, stated, coding] =
            ["verbatim", "stated", "coding"].map(|name| column::<StringArray>(&batch, name));
        let (verbatim, stated, coding) = (verbatim?, stated?, coding?);
        for row in 0..batch.num_rows() {
            let code = coding.value(row);
            let known = Coding::ALL.into_iter().find(|c| c.code() == code);
            symbols.name(Name {
                verbatim: verbatim.value(row).to_owned(),
                stated: text(stated, row).to_owned(),
                coding: known.ok_or_else(|| defect(&format!("coding \"{code}\"")))?,
            });
        }
    }
    for batch in snapshot.read(Table::Term, &["folded"])? {
        let batch = batch?;
        let folded = column::<StringArray>(&batch, "folded")?;
        folded.iter().flatten().for_each(|term| _ = symbols.folded_term(term.to_owned(), []));
    }
    Ok(symbols)
}

/// The symbols with the spellings that this part has, so that a part that is replaced takes its
/// spellings with it.
fn symbols_of_part(
    snapshot: &Snapshot,
    summary: &PartSummary,
    symbols: &Symbols,
) -> Result<Symbols> {
    let mut symbols = symbols.clone();
    let batch = extent(snapshot, summary, Table::Spelling.name())?;
    let terms = column::<UInt32Array>(&batch, "term_id")?;
    let spellings = column::<StringArray>(&batch, "spelling")?;
    for (&term, spelling) in terms.values().iter().zip(spellings.iter().flatten()) {
        let added = symbols.add_spelling(term, spelling.to_owned());
        added.ok_or_else(|| defect(&format!("a spelling of no term ({term})")))?;
    }
    Ok(symbols)
}

/// Reads a part back.
pub(crate) fn part(snapshot: &Snapshot, summary: &PartSummary, symbols: &Symbols) -> Result<Part> {
    let current = extent(snapshot, summary, "report")?;
    let history = extent(snapshot, summary, "history/report")?;
    let first = |batch: &RecordBatch| -> Result<u64> {
        let ids = column::<UInt64Array>(batch, "report_id")?;
        Ok(if ids.is_empty() { 0 } else { ids.value(0) })
    };
    let (first_current, first_history) = (first(&current)?, first(&history)?);
    let mut places = BTreeMap::new();
    for (store, batch) in [("", &current), ("history/", &history)] {
        let rows = column::<UInt32Array>(batch, "row")?;
        places.insert(store, rows.values().to_vec());
    }
    let reports = project(&in_file_order(&current, &history)?, Table::Report)?;
    let mut children = BTreeMap::new();
    for table in Table::CHILDREN {
        let mut owner = Vec::new();
        let mut batches = Vec::new();
        for (store, first) in [("", first_current), ("history/", first_history)] {
            let batch = extent(snapshot, summary, &format!("{store}{}", table.name()))?;
            let ids = column::<UInt64Array>(&batch, "report_id")?;
            let rows = &places[store];
            for &id in ids.values() {
                let place = id.checked_sub(first).and_then(|p| usize::try_from(p).ok());
                let row = place.and_then(|place| rows.get(place));
                owner.push(*row.ok_or_else(|| defect("a row without its report"))?);
            }
            batches.push(project(&batch, table)?);
        }
        let columns = concat_batches(&table.part_schema(), &batches).map_err(columns_defect)?;
        children.insert(table, Child { owner, columns });
    }
    Ok(Part {
        sightings: sightings(summary, &reports)?,
        reports,
        withdrawals: Vec::new(),
        children,
        symbols: Arc::new(symbols_of_part(snapshot, summary, symbols)?),
        logs: Vec::new(),
    })
}

/// The columns of a report that decide fates, and its place in the part.
const DECISIVE: [&str; 7] =
    ["row", "native_id", "case_id", "version", "received", "sender", "sender_number"];

/// Only what decides the fates of a part.
pub(crate) fn part_sightings(
    snapshot: &Snapshot,
    summary: &PartSummary,
) -> Result<(Vec<Sighting>, Vec<Withdrawal>)> {
    let store = |name: &str| columns_of_extent(snapshot, summary, name, Some(&DECISIVE));
    let reports = in_file_order(&store("report")?, &store("history/report")?)?;
    let batch = extent(snapshot, summary, Table::Withdrawal.name())?;
    let cases = column::<StringArray>(&batch, "case_id")?;
    let lines = column::<UInt64Array>(&batch, "line")?;
    let mut withdrawals = Vec::new();
    for row in 0..batch.num_rows() {
        let case = cases.value(row).parse().map_err(|_| defect("a withdrawn case id"))?;
        withdrawals.push(Withdrawal { case, line: lines.value(row) });
    }
    Ok((sightings(summary, &reports)?, withdrawals))
}

/// The rows of a part in a table that is copied as it stands.
pub(crate) fn extent(
    snapshot: &Snapshot,
    summary: &PartSummary,
    name: &str,
) -> Result<RecordBatch> {
    columns_of_extent(snapshot, summary, name, None)
}

/// Some columns of the rows of a part, in the order of the table; all of them if none is named.
fn columns_of_extent(
    snapshot: &Snapshot,
    summary: &PartSummary,
    name: &str,
    columns: Option<&[&str]>,
) -> Result<RecordBatch> {
    let extent = summary.extents.get(name).copied().unwrap_or_default();
    let base = name.rsplit('/').next().unwrap_or(name);
    let table = Table::ALL.into_iter().find(|table| table.name() == base);
    let schema = table.ok_or_else(|| defect(&format!("table {name}")))?.schema();
    let wanted =
        |at: &usize| columns.is_none_or(|c| c.contains(&schema.field(*at).name().as_str()));
    let wanted: Vec<usize> = (0..schema.fields().len()).filter(wanted).collect();
    let schema = Arc::new(schema.project(&wanted).map_err(columns_defect)?);
    if extent.rows == 0 {
        return Ok(RecordBatch::new_empty(schema));
    }
    let batches: Vec<RecordBatch> =
        snapshot.read_file(name, columns, Some(extent))?.collect::<Result<_>>()?;
    concat_batches(&schema, &batches).map_err(columns_defect)
}

/// The reports of the two stores of a part, put back into file order.
fn in_file_order(current: &RecordBatch, history: &RecordBatch) -> Result<RecordBatch> {
    let both = concat_batches(&current.schema(), [current, history]).map_err(columns_defect)?;
    let order = column::<UInt32Array>(&both, "row")?.values();
    let mut rows: Vec<u32> = (0_u32..).take(order.len()).collect();
    rows.sort_by_key(|&row| order[row as usize]);
    take_record_batch(&both, &UInt32Array::from(rows)).map_err(columns_defect)
}

fn project(batch: &RecordBatch, table: Table) -> Result<RecordBatch> {
    let schema = table.part_schema();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| batch.column_by_name(field.name()).cloned())
        .collect::<Option<_>>()
        .ok_or_else(|| defect("a column is missing"))?;
    RecordBatch::try_new(schema, columns).map_err(columns_defect)
}

/// The sightings as the readers made them, from the columns they were stored in.
fn sightings(summary: &PartSummary, reports: &RecordBatch) -> Result<Vec<Sighting>> {
    let native = column::<StringArray>(reports, "native_id")?;
    let case = column::<StringArray>(reports, "case_id")?;
    let version = column::<UInt32Array>(reports, "version")?;
    let received = column::<Date32Array>(reports, "received")?;
    let sender = column::<StringArray>(reports, "sender")?;
    let number = column::<StringArray>(reports, "sender_number")?;
    let known = |row: usize| VersionRank {
        modern: summary.modern,
        version: if version.is_valid(row) { version.value(row) } else { 0 },
        received: if received.is_valid(row) { received.value(row) } else { i32::MIN },
        period: if summary.modern { summary.period_order } else { 0 },
        native: native.value(row).parse().unwrap_or(row as u64),
    };
    let sighting = |row: usize| match summary.key.source {
        SourceKind::Faers => Sighting {
            case: text(case, row).parse().unwrap_or_default(),
            rank: known(row),
            duplicate_key: crate::faers::duplicate_key(text(sender, row), text(number, row)),
        },
        SourceKind::Vaers => Sighting {
            case: native.value(row).parse().unwrap_or_default(),
            rank: known(row),
            duplicate_key: 0,
        },
        SourceKind::Csv => Sighting {
            case: crate::line_list::case_of(&summary.key.period, native.value(row)),
            rank: VersionRank { native: row as u64, ..known(row) },
            duplicate_key: 0,
        },
    };
    Ok((0..reports.num_rows()).map(sighting).collect())
}

fn column<'a, T: Array + 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a T> {
    let missing = || defect(&format!("column {name} is missing"));
    let array = batch.column_by_name(name).ok_or_else(missing)?;
    let wrong = || defect(&format!("column {name} has another type"));
    array.as_any().downcast_ref().ok_or_else(wrong)
}

fn text(column: &StringArray, row: usize) -> &str {
    if column.is_valid(row) { column.value(row) } else { "" }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn columns_defect(error: ArrowError) -> crate::Error {
    defect(&error.to_string())
}
