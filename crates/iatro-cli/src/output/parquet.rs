//! Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use super::stream::Sink;
use crate::answer::{Cell, Kind, Rows};

/// Rows of a row group: what is in memory before it is written.
const ROW_GROUP: usize = 1 << 17;

/// Writes rows as they come, in row groups.
pub(super) struct Parquet<W: Write + Send> {
    schema: Arc<Schema>,
    writer: ArrowWriter<W>,
}

/// How Parquet is written.
pub(crate) fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("iatro".to_owned())
        .set_max_row_group_row_count(Some(ROW_GROUP))
}

impl<W: Write + Send> Parquet<W> {
    pub(super) fn new(columns: &[(&'static str, Kind)], out: W) -> io::Result<Self> {
        let field = |(name, kind): &(&str, Kind)| Field::new(*name, data_type(*kind), true);
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        let mut properties = properties();
        // Hardly a number is there twice: a dictionary of them takes longer to make than it saves.
        for (name, _) in columns.iter().filter(|(_, kind)| *kind == Kind::Number) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), false);
        }
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties.build()));
        Ok(Self { schema, writer: writer.map_err(as_io)? })
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn write(&mut self, rows: &Rows) -> io::Result<()> {
        let columns = (0..rows.columns.len()).map(|at| column(rows, at)).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        self.writer.write(&batch.map_err(io::Error::other)?).map_err(as_io)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.writer.close().map(|_| ()).map_err(as_io)
    }
}

/// The error of the target, where there is one within.
pub(crate) fn as_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(within) => match within.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(within) => io::Error::other(within),
        },
        other => io::Error::other(other),
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Count => DataType::UInt64,
        Kind::Number => DataType::Float64,
    }
}

fn column(rows: &Rows, at: usize) -> ArrayRef {
    let cells = rows.rows.iter().map(|row| row.get(at).unwrap_or(&Cell::Missing));
    match rows.columns[at].1 {
        Kind::Text => Arc::new(cells.map(text).collect::<StringArray>()),
        Kind::Count => Arc::new(cells.map(count).collect::<UInt64Array>()),
        Kind::Number => Arc::new(cells.map(number).collect::<Float64Array>()),
    }
}

fn text(cell: &Cell) -> Option<&str> {
    if let Cell::Text(text) = cell { Some(text) } else { None }
}

fn count(cell: &Cell) -> Option<u64> {
    if let Cell::Count(count) = cell { Some(*count) } else { None }
}

fn number(cell: &Cell) -> Option<f64> {
    if let Cell::Number(number) = cell { Some(*number) } else { None }
}
