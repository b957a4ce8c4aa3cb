//! Where entries go: the table, and the two arrays.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, UInt8Array, UInt32Array, UInt64Array};
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use super::merge::Distinct;
use super::unpack;
use crate::error::Result;
use crate::lake::arrays::ArrayWriter;
use crate::lake::build::defect;
use crate::lake::manifest::TableFile;
use crate::lake::schema::Table;
use crate::lake::writer::TableWriter;

/// Entries that a batch of the table has at most.
const BATCH: usize = 1 << 16;

/// The name of the array of ends of a table.
pub(super) fn ends_of(table: Table) -> String {
    format!("{}_end", table.name())
}

/// What was written.
pub(super) struct Written {
    pub(super) table: TableFile,
    pub(super) arrays: [TableFile; 2],
    /// Entries up to the end of each part.
    pub(super) part_ends: Vec<u64>,
}

/// Takes entries by report and writes them.
pub(super) struct Sink {
    kind: Table,
    table: TableWriter,
    items: ArrayWriter,
    ends: ArrayWriter,
    /// Reports up to the end of each part.
    report_ends: Vec<u64>,
    part_ends: Vec<u64>,
    /// Reports that are closed, and entries that were written.
    closed: u64,
    written: u64,
}

impl Sink {
    pub(super) fn create(folder: &Path, kind: Table, report_ends: &[u64]) -> Result<Self> {
        let mut sink = Self {
            kind,
            table: TableWriter::create_with(folder, kind.name(), kind.schema(), encodings())?,
            items: ArrayWriter::create(folder, kind.name())?,
            ends: ArrayWriter::create(folder, &ends_of(kind))?,
            report_ends: report_ends.to_vec(),
            part_ends: Vec::new(),
            closed: 0,
            written: 0,
        };
        // Parts at the beginning that have no report end before the first entry.
        sink.end_parts();
        Ok(sink)
    }

    /// Appends whole reports.
    pub(super) fn write(&mut self, entries: &Distinct) -> Result<()> {
        let mut ends = Vec::new();
        for of_report in entries.reports.chunk_by(|one, two| one == two) {
            let report = of_report.first().copied().unwrap_or(0);
            let reports = self.report_ends.last().copied().unwrap_or(0);
            if report < self.closed || report >= reports {
                return Err(defect(&format!("report {report} in {}", self.kind.name())));
            }
            self.close_until(report, &mut ends);
            self.written += of_report.len() as u64;
            self.close_until(report + 1, &mut ends);
        }
        self.ends.write(&ends)?;
        self.items.write(&entries.items)?;
        let reports = entries.reports.chunks(BATCH);
        for (reports, items) in reports.zip(entries.items.chunks(BATCH)) {
            self.table.write(&batch(self.kind, reports, items)?)?;
        }
        Ok(())
    }

    fn close_until(&mut self, report: u64, ends: &mut Vec<u32>) {
        while self.closed < report {
            self.closed += 1;
            ends.push(self.written as u32);
            self.end_parts();
        }
    }

    /// Parts may be without reports, and a lake without any.
    fn end_parts(&mut self) {
        while self.report_ends.get(self.part_ends.len()).is_some_and(|end| *end <= self.closed) {
            self.part_ends.push(self.written);
        }
    }

    /// Closes the reports that have no entry, and completes the files.
    pub(super) fn finish(mut self) -> Result<Written> {
        let mut ends = Vec::new();
        self.close_until(self.report_ends.last().copied().unwrap_or(0), &mut ends);
        self.end_parts();
        self.ends.write(&ends)?;
        let Self { kind, table, items, ends, report_ends, part_ends, closed, written } = self;
        let (table, items, ends) = (table.finish()?, items.finish()?, ends.finish()?);
        let whole = [table.rows, items.rows] == [written; 2] && ends.rows == closed;
        if !whole || part_ends.len() != report_ends.len() {
            return Err(defect(&format!("{} and its arrays differ", kind.name())));
        }
        Ok(Written { table, arrays: [items, ends], part_ends })
    }
}

/// Report ids ascend by little, so their differences are stored. What is left is small, and read faster
/// as it is.
fn encodings() -> WriterPropertiesBuilder {
    let report = ColumnPath::from("report_id");
    WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_column_dictionary_enabled(report.clone(), false)
        .set_column_encoding(report, Encoding::DELTA_BINARY_PACKED)
}

fn batch(kind: Table, reports: &[u64], items: &[u32]) -> Result<RecordBatch> {
    let mut columns: Vec<ArrayRef> = vec![Arc::new(UInt64Array::from(reports.to_vec()))];
    if kind == Table::Exposure {
        let unpacked = || items.iter().map(|&item| unpack(item));
        columns.push(Arc::new(UInt32Array::from_iter_values(unpacked().map(|(id, _)| id))));
        columns.push(Arc::new(UInt8Array::from_iter_values(unpacked().map(|(_, roles)| roles))));
    } else {
        columns.push(Arc::new(UInt32Array::from(items.to_vec())));
    }
    RecordBatch::try_new(kind.schema(), columns).map_err(|error| defect(&error.to_string()))
}
