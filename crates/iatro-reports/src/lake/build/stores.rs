//! The two stores of a table: what counts now, and history.

use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt16Array, UInt32Array, UInt64Array};
use arrow_schema::ArrowError;
use arrow_select::take::{take, take_record_batch};

use super::ids::{Ids, symbol_column};
use super::{Clusters, Failure};
use crate::cases::Fate;
use crate::error::Result;
use crate::lake::schema::Table;
use crate::lake::usage::Bits;
use crate::lake::writer::TableWriter;
use crate::part::{Child, Part, PartKey};

/// Rows are written in slices of this size, so that columns are copied in moderate pieces.
const SLICE: usize = 1 << 17;

/// Where a row goes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Store {
    Current,
    History,
}

/// Where a report goes, and its id there.
pub(super) type Home = (Store, u64);

/// The writers of a table's two files.
pub(super) struct Stores {
    pub(super) current: TableWriter,
    pub(super) history: TableWriter,
}

impl Stores {
    pub(super) fn create(folder: &Path, table: Table) -> Result<Self> {
        let create = |name: &str| TableWriter::create(folder, name, table.schema());
        Ok(Self {
            current: create(table.name())?,
            history: create(&format!("history/{}", table.name()))?,
        })
    }

    /// Writes rows of a child table, in this order.
    pub(super) fn write_child(
        &mut self,
        (table, child): (Table, &Child),
        order: &[u32],
        homes: &[Home],
        ids: &Ids,
    ) -> Result<(), Failure> {
        let home = |row: u32| homes[child.owner[row as usize] as usize];
        let (current, history): (Vec<u32>, Vec<u32>) =
            order.iter().partition(|row| home(**row).0 == Store::Current);
        let write = |writer: &mut TableWriter, rows: &[u32]| -> Result<(), Failure> {
            for rows in rows.chunks(SLICE) {
                let reports = UInt64Array::from_iter_values(rows.iter().map(|row| home(*row).1));
                let batch = child_rows((table, child), rows, reports, ids)?;
                writer.write(&batch)?;
            }
            Ok(())
        };
        let (now, before) = rayon::join(
            || write(&mut self.current, &current),
            || write(&mut self.history, &history),
        );
        now.and(before)
    }

    /// Writes the reports of a part; returns the code bits written.
    pub(super) fn write_reports(
        &mut self,
        reports: &Reports<'_>,
        clusters: &mut Clusters,
    ) -> Result<Bits, Failure> {
        let mut bits = Bits::default();
        for (store, writer) in
            [(Store::Current, &mut self.current), (Store::History, &mut self.history)]
        {
            let rows: Vec<u32> = (0_u32..)
                .zip(reports.homes)
                .filter(|(_, home)| home.0 == store)
                .map(|(row, _)| row)
                .collect();
            for rows in rows.chunks(SLICE) {
                let batch = reports.rows(rows, clusters)?;
                writer.write(&batch)?;
                bits.outcomes += ones(&batch, "outcomes")?;
                bits.report_sources += ones(&batch, "report_sources")?;
            }
        }
        Ok(bits)
    }
}

/// Rows of a child table as they stand in the lake.
fn child_rows(
    (table, child): (Table, &Child),
    rows: &[u32],
    reports: UInt64Array,
    ids: &Ids,
) -> Result<RecordBatch, ArrowError> {
    let indices = UInt32Array::from(rows.to_vec());
    let symbols = symbol_column(table);
    let mut columns: Vec<ArrayRef> = vec![Arc::new(reports)];
    for (field, column) in child.columns.schema().fields().iter().zip(child.columns.columns()) {
        let taken = take(column, &indices, None)?;
        let is_symbol = symbols == Some(field.name().as_str());
        columns.push(if is_symbol { Arc::new(ids.column(table, &taken)?) } else { taken });
    }
    RecordBatch::try_new(table.schema(), columns)
}

/// The reports of a part, with what the snapshot says of them.
pub(super) struct Reports<'p> {
    pub(super) key: &'p PartKey,
    pub(super) part: &'p Part,
    pub(super) fates: &'p [Fate],
    pub(super) homes: &'p [Home],
}

impl Reports<'_> {
    /// Rows as they stand in the lake; all of one store.
    fn rows(&self, rows: &[u32], clusters: &mut Clusters) -> Result<RecordBatch, ArrowError> {
        let homes: Vec<Home> = rows.iter().map(|&row| self.homes[row as usize]).collect();
        let cluster = |(&row, &(store, id)): (&u32, &Home)| {
            let key = self.part.sightings[row as usize].duplicate_key;
            (store == Store::Current).then(|| clusters.of(key, id)).flatten()
        };
        let of_duplicates: UInt64Array = rows.iter().zip(&homes).map(cluster).collect();
        let mut fate = StringBuilder::new();
        rows.iter().for_each(|&row| fate.append_option(self.fates[row as usize].name()));
        let repeat = |text: &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows.len())))
        };
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from_iter_values(homes.iter().map(|(_, id)| *id))),
            repeat(self.key.source.name()),
            repeat(&self.key.period),
        ];
        let taken = take_record_batch(&self.part.reports, &UInt32Array::from(rows.to_vec()))?;
        columns.extend(taken.columns().iter().cloned());
        columns.push(Arc::new(of_duplicates));
        columns.push(Arc::new(fate.finish()));
        RecordBatch::try_new(Table::Report.schema(), columns)
    }
}

/// The bits that are set in a column of codes, over all rows.
fn ones(batch: &RecordBatch, column: &str) -> Result<u64, ArrowError> {
    let wrong = || ArrowError::SchemaError("expected a column of u16".to_owned());
    let codes = batch.column_by_name(column).and_then(|c| c.as_any().downcast_ref());
    let codes: &UInt16Array = codes.ok_or_else(wrong)?;
    Ok(codes.values().iter().map(|bits| u64::from(bits.count_ones())).sum())
}
