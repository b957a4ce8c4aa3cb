//! Columns of the lake, by name and type.

use arrow_array::{Array, RecordBatch};
use iatro_reports::{Error, Place};

/// A column; a lake that verifies always has it.
pub(crate) fn column<'b, T: Array + 'static>(
    batch: &'b RecordBatch,
    name: &str,
) -> Result<&'b T, Error> {
    let found = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref());
    found.ok_or_else(|| defect(&format!("column {name} is missing or has another type")))
}

/// A lake that holds what no ingest writes.
pub(crate) fn defect(what: &str) -> Error {
    Error::bad_data(
        Place::file("lake"),
        format!("the tables do not fit together ({what})"),
        "`iatro lake verify` tells whether the lake is damaged. If it is not, this is a defect of \
         iatro.",
    )
}
