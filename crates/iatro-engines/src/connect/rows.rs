//! Rows of this process on their way to the server.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};

/// The largest piece, in bytes of its columns: servers refuse messages over 4 MiB unless told otherwise.
const PIECE: usize = 2 << 20;

/// Rows as the server can take them, in pieces of bounded size, each an Arrow IPC stream. No rows give one piece, which
/// names the columns.
pub(super) fn pieces(rows: &RecordBatch) -> Result<Vec<Vec<u8>>, ArrowError> {
    let rows = signed(rows)?;
    let bytes = rows.get_array_memory_size();
    let wanted = bytes.div_ceil(PIECE).max(1);
    let length = rows.num_rows().div_ceil(wanted).max(1);
    let mut pieces = Vec::with_capacity(wanted);
    let mut at = 0;
    while at < rows.num_rows() || pieces.is_empty() {
        let piece = rows.slice(at, length.min(rows.num_rows() - at));
        pieces.push(encoded(&piece)?);
        at += length;
    }
    Ok(pieces)
}

fn encoded(rows: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut writer = StreamWriter::try_new(Vec::new(), &rows.schema())?;
    writer.write(rows)?;
    writer.into_inner()
}

/// Spark has no unsigned numbers: each becomes the next wider signed one, 64 bits stay 64 if they fit.
fn signed(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = rows.schema();
    let mut fields = Vec::with_capacity(rows.num_columns());
    let mut columns = Vec::with_capacity(rows.num_columns());
    for (field, column) in schema.fields().iter().zip(rows.columns()) {
        let column = signed_column(field.name(), column)?;
        let kind = column.data_type().clone();
        fields.push(Field::new(field.name(), kind, field.is_nullable()));
        columns.push(column);
    }
    let schema = Arc::new(Schema::new(fields));
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
    RecordBatch::try_new_with_options(schema, columns, &options)
}

fn signed_column(name: &str, column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    Ok(match column.data_type() {
        DataType::UInt8 => {
            Arc::new(column.as_primitive::<UInt8Type>().unary::<_, Int16Type>(i16::from))
        }
        DataType::UInt16 => {
            Arc::new(column.as_primitive::<UInt16Type>().unary::<_, Int32Type>(i32::from))
        }
        DataType::UInt32 => {
            Arc::new(column.as_primitive::<UInt32Type>().unary::<_, Int64Type>(i64::from))
        }
        DataType::UInt64 => {
            let too_large = |value| {
                let said =
                    format!("column {name}: {value} is larger than a signed number of 64 bits");
                ArrowError::InvalidArgumentError(said)
            };
            let narrowed = |value| i64::try_from(value).map_err(|_| too_large(value));
            Arc::new(column.as_primitive::<UInt64Type>().try_unary::<_, Int64Type, _>(narrowed)?)
        }
        _ => Arc::clone(column),
    })
}
