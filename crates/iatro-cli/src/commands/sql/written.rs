//! The rows of an answer, for machines, as they come.

use std::io::{self, Write};

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_json::writer::{JsonArray, JsonFormat, LineDelimited, WriterBuilder};
use arrow_schema::{ArrowError, DataType};
use parquet::arrow::ArrowWriter;

use super::ask::{Rows, interrupted};
use super::shown::columns;
use crate::answer::Cell;
use crate::error::CliError;
use crate::output::Interrupted;
use crate::output::csv::Csv;
use crate::output::parquet::{as_io, properties};

pub(super) fn csv(rows: Rows<'_>, out: &mut (dyn Write + Send)) -> Result<(), Interrupted> {
    let mut csv = Csv::new(&columns(&rows.schema()), out)?;
    for batch in rows {
        let batch = batch.map_err(|error| interrupted(&error))?;
        let cells = batch.columns().iter().map(cells).collect::<Result<Vec<_>, _>>();
        let cells = cells.map_err(|error| unreadable(&error))?;
        let mut row = Vec::with_capacity(cells.len());
        for at in 0..batch.num_rows() {
            row.clear();
            row.extend(cells.iter().map(|column| column.get(at).cloned().unwrap_or(Cell::Missing)));
            csv.write_row(&row)?;
        }
    }
    Ok(csv.flush()?)
}

/// The values of a column; what is no number is text. Numbers below 0 are no formulas, whatever their type.
fn cells(column: &ArrayRef) -> Result<Vec<Cell>, ArrowError> {
    let kind = column.data_type();
    let integer = |column: &ArrayRef| -> Result<Vec<Cell>, ArrowError> {
        let wide = cast(column, &DataType::Int64)?;
        Ok(wide
            .as_primitive::<Int64Type>()
            .iter()
            .map(|n| n.map_or(Cell::Missing, Cell::Integer))
            .collect())
    };
    Ok(match kind {
        DataType::UInt64 => column.as_primitive::<UInt64Type>().iter().map(Cell::from).collect(),
        DataType::Float64 => column.as_primitive::<Float64Type>().iter().map(Cell::from).collect(),
        DataType::Float32 => {
            let numbers = column.as_primitive::<Float32Type>().iter();
            numbers.map(|number| Cell::from(number.map(f64::from))).collect()
        }
        kind if kind.is_integer() => integer(column)?,
        _ => {
            let options = FormatOptions::default();
            let formatter = ArrayFormatter::try_new(column, &options)?;
            let cell = if kind.is_decimal() { Cell::Decimal } else { Cell::Text };
            let text = |at| match column.is_null(at) {
                true => Ok(Cell::Missing),
                false => formatter.value(at).try_to_string().map(cell),
            };
            (0..column.len()).map(text).collect::<Result<_, _>>()?
        }
    })
}

pub(super) fn json(rows: Rows<'_>, out: &mut (dyn Write + Send)) -> Result<(), Interrupted> {
    as_json::<JsonArray>(rows, &mut *out)?;
    Ok(out.write_all(b"\n")?)
}

pub(super) fn ndjson(rows: Rows<'_>, out: &mut (dyn Write + Send)) -> Result<(), Interrupted> {
    as_json::<LineDelimited>(rows, out)
}

/// Objects in which a missing value is null, not absent.
fn as_json<F: JsonFormat>(rows: Rows<'_>, out: &mut (dyn Write + Send)) -> Result<(), Interrupted> {
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, F>(out);
    for batch in rows {
        writer.write(&batch.map_err(|error| interrupted(&error))?).map_err(unwritten)?;
    }
    writer.finish().map_err(unwritten)
}

pub(super) fn parquet(rows: Rows<'_>, out: &mut (dyn Write + Send)) -> Result<(), Interrupted> {
    let writer = ArrowWriter::try_new(out, rows.schema(), Some(properties().build()));
    let mut writer = writer.map_err(|error| Interrupted::Target(as_io(error)))?;
    for batch in rows {
        let batch: RecordBatch = batch.map_err(|error| interrupted(&error))?;
        writer.write(&batch).map_err(|error| Interrupted::Target(as_io(error)))?;
    }
    writer.close().map(drop).map_err(|error| Interrupted::Target(as_io(error)))
}

fn unreadable(error: &ArrowError) -> Interrupted {
    Interrupted::Rows(CliError::failed(format!("rows: {error}")))
}

/// The error of the target itself, where it is one.
fn unwritten(error: ArrowError) -> Interrupted {
    match error {
        ArrowError::IoError(_, error) => Interrupted::Target(error),
        other => Interrupted::Target(io::Error::other(other)),
    }
}
