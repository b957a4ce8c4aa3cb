//! Parquet.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;

use crate::answer::{Cell, Kind, Rows};
use crate::error::CliError;

pub(super) fn render(rows: &Rows) -> Result<Vec<u8>, CliError> {
    let failed = |error: &dyn std::error::Error| CliError::failed(format!("Parquet: {error}"));
    let fields: Vec<Field> =
        rows.columns.iter().map(|(name, kind)| Field::new(*name, data_type(*kind), true)).collect();
    let columns = (0..rows.columns.len()).map(|at| column(rows, at)).collect();
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(schema.clone(), columns).map_err(|e| failed(&e))?;
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, None).map_err(|e| failed(&e))?;
    writer.write(&batch).map_err(|e| failed(&e))?;
    writer.into_inner().map_err(|e| failed(&e))
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
