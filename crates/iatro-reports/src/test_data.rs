//! What tests share: where the real files lie, and the columns of a part as plain values.

use std::path::{Path, PathBuf};

use arrow_array::types::{ArrowPrimitiveType, Date32Type, Float64Type, UInt64Type};
use arrow_array::{Array, PrimitiveArray, RecordBatch, StringArray};

/// A file or folder under `IATRO_TEST_DATA`, or under `shared/data` beside the checkout; `None`, with
/// a line that says so, where it is missing: a fresh clone alone must pass.
#[allow(clippy::print_stderr)]
pub(crate) fn test_data(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("IATRO_TEST_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

/// A text column, unknown as blank.
pub(crate) fn texts<'b>(batch: &'b RecordBatch, name: &str) -> Vec<&'b str> {
    let column = batch.column_by_name(name).and_then(|c| c.as_any().downcast_ref::<StringArray>());
    column.into_iter().flatten().map(Option::unwrap_or_default).collect()
}

/// A column of days since 1970-01-01.
pub(crate) fn days(batch: &RecordBatch, name: &str) -> Vec<Option<i32>> {
    values::<Date32Type>(batch, name)
}

/// A column of numbers.
pub(crate) fn floats(batch: &RecordBatch, name: &str) -> Vec<Option<f64>> {
    values::<Float64Type>(batch, name)
}

/// A column of whole numbers.
pub(crate) fn numbers(batch: &RecordBatch, name: &str) -> Vec<Option<u64>> {
    values::<UInt64Type>(batch, name)
}

fn values<T: ArrowPrimitiveType>(batch: &RecordBatch, name: &str) -> Vec<Option<T::Native>> {
    let column = batch.column_by_name(name);
    let column = column.and_then(|c| c.as_any().downcast_ref::<PrimitiveArray<T>>());
    column.into_iter().flatten().collect()
}
