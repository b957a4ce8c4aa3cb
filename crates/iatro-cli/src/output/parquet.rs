//! Parquet.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use crate::answer::{Cell, Kind, Rows};

/// Rows of a row group: what is in memory before it is written.
const ROW_GROUP: usize = 1 << 17;

/// Writes rows as they come, in row groups, whose columns are encoded side by side.
pub(crate) struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    row_groups: ArrowRowGroupWriterFactory,
    /// Those of the row group that is not written yet; none if it has no row.
    columns: Vec<ArrowColumnWriter>,
    /// Its rows.
    rows: usize,
}

/// How Parquet is written.
pub(crate) fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("iatro".to_owned())
        .set_max_row_group_row_count(Some(ROW_GROUP))
}

/// The schema of columns.
pub(super) fn schema(columns: &[(&'static str, Kind)]) -> SchemaRef {
    let field = |(name, kind): &(&str, Kind)| Field::new(*name, data_type(*kind), true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

/// Rows as columns of a schema.
pub(super) fn columns(schema: &SchemaRef, rows: &Rows) -> io::Result<RecordBatch> {
    let columns = (0..rows.columns.len()).map(|at| column(rows, at)).collect();
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(io::Error::other)
}

impl<W: Write + Send> Parquet<W> {
    pub(super) fn new(
        schema: &SchemaRef,
        columns: &[(&'static str, Kind)],
        out: W,
    ) -> io::Result<Self> {
        let mut properties = properties();
        // Hardly a number is there twice: a dictionary of them takes longer to make than it saves.
        for (name, _) in columns.iter().filter(|(_, kind)| *kind == Kind::Number) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), false);
        }
        let writer = ArrowWriter::try_new(out, Arc::clone(schema), Some(properties.build()));
        let (writer, row_groups) =
            writer.and_then(ArrowWriter::into_serialized_writer).map_err(as_io)?;
        Ok(Self { writer, row_groups, columns: Vec::new(), rows: 0 })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let mut from = 0;
        while from < batch.num_rows() {
            let rows = (ROW_GROUP - self.rows).min(batch.num_rows() - from);
            self.encode(&batch.slice(from, rows)).map_err(as_io)?;
            from += rows;
            if self.rows == ROW_GROUP {
                self.end_row_group().map_err(as_io)?;
            }
        }
        Ok(())
    }

    /// Adds rows to the row group.
    fn encode(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        if self.columns.is_empty() {
            let index = self.writer.flushed_row_groups().len();
            self.columns = self.row_groups.create_column_writers(index)?;
        }
        let fields = batch.schema_ref().fields().par_iter().zip(batch.columns());
        // No column is nested, so each is one leaf.
        self.columns.par_iter_mut().zip(fields).try_for_each(|(writer, (field, column))| {
            compute_leaves(field, column)?.iter().try_for_each(|leaf| writer.write(leaf))
        })?;
        self.rows += batch.num_rows();
        Ok(())
    }

    fn end_row_group(&mut self) -> Result<(), ParquetError> {
        let columns = std::mem::take(&mut self.columns);
        let chunks: Result<Vec<_>, _> =
            columns.into_par_iter().map(ArrowColumnWriter::close).collect();
        let mut row_group = self.writer.next_row_group()?;
        for chunk in chunks? {
            chunk.append_to_row_group(&mut row_group)?;
        }
        self.rows = 0;
        row_group.close().map(drop)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.end_row_group().map_err(as_io)?;
        }
        self.writer.close().map(drop).map_err(as_io)
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
