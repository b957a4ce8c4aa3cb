//! Tables of a snapshot as plain text, so that a test shows what it expects.

use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use iatro_reports::lake::Snapshot;
use iatro_reports::model::date::{PartialDate, Precision};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// The rows of a table file (`drug`, `history/report`), each as `a|b|c`; unknown is `-`.
///
/// Columns are named with blanks between. Three more can be named: `name` (of a drug, for its id),
/// `term` (likewise) and `substances`.
pub fn rows(snapshot: &Snapshot, table: &str, columns: &str) -> Vec<String> {
    let asked = |column: &str| table != column && columns.split(' ').any(|c| c == column);
    let names = if asked("name") { rows(snapshot, "name", "verbatim") } else { Vec::new() };
    let terms = if asked("term") { rows(snapshot, "term", "term") } else { Vec::new() };
    let substances = if asked("substances") { substances(snapshot) } else { Vec::new() };
    let mut shown = Vec::new();
    for batch in batches(snapshot, table) {
        for row in 0..batch.num_rows() {
            let cells = columns.split(' ').map(|column| match column {
                "name" if table.ends_with("drug") => pick(&names, &batch, "name_id", row),
                "substances" => pick(&substances, &batch, "name_id", row),
                "term" if !table.ends_with("term") => pick(&terms, &batch, "term_id", row),
                column => cell(batch.column_by_name(column).expect(column), row),
            });
            shown.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    shown
}

/// The one column of a table as whole numbers.
pub fn numbers(snapshot: &Snapshot, table: &str, column: &str) -> Vec<u64> {
    rows(snapshot, table, column).iter().map(|cell| cell.parse().unwrap()).collect()
}

/// The raw bytes of `quarantine` or `value_issue`, row by row.
pub fn raws(snapshot: &Snapshot, table: &str) -> Vec<Vec<u8>> {
    let of_batch = |batch: RecordBatch| -> Vec<Vec<u8>> {
        let raw = batch.column_by_name("raw").unwrap().as_binary::<i32>();
        raw.iter().map(|bytes| bytes.unwrap().to_vec()).collect()
    };
    batches(snapshot, table).into_iter().flat_map(of_batch).collect()
}

/// The quarantine, as `table|line|reason`.
pub fn set_aside(snapshot: &Snapshot) -> Vec<String> {
    rows(snapshot, "quarantine", "table line reason")
}

/// The values not used as they stood and the rows mended, as `table|line|column|reason|raw`.
pub fn issues(snapshot: &Snapshot) -> Vec<String> {
    rows(snapshot, "value_issue", "table line column reason raw")
}

/// The warnings of all files.
pub fn warnings(snapshot: &Snapshot) -> Vec<String> {
    let parts = &snapshot.manifest().parts;
    parts.iter().flat_map(|p| &p.files).flat_map(|f| f.warnings.clone()).collect()
}

fn batches(snapshot: &Snapshot, table: &str) -> Vec<RecordBatch> {
    let file = File::open(snapshot.table_path(table)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// The substances of every name, parted by `+`.
fn substances(snapshot: &Snapshot) -> Vec<String> {
    let substances = rows(snapshot, "substance", "substance");
    let named = |ids: &String| -> String {
        let ids = ids.split('+').map(|id| substances[id.parse::<usize>().unwrap()].clone());
        ids.collect::<Vec<_>>().join("+")
    };
    rows(snapshot, "name", "substance_ids").iter().map(named).collect()
}

fn pick(dictionary: &[String], batch: &RecordBatch, id: &str, row: usize) -> String {
    let ids = batch.column_by_name(id).unwrap().as_primitive::<UInt32Type>();
    dictionary[ids.value(row) as usize].clone()
}

fn cell(column: &ArrayRef, row: usize) -> String {
    if column.is_null(row) {
        return "-".to_owned();
    }
    match column.data_type() {
        DataType::UInt8 => column.as_primitive::<UInt8Type>().value(row).to_string(),
        DataType::UInt16 => column.as_primitive::<UInt16Type>().value(row).to_string(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).to_string(),
        DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).to_string(),
        DataType::Float64 => format!("{:.4}", column.as_primitive::<Float64Type>().value(row)),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            PartialDate::from_first_day(days, Precision::Day).unwrap().to_string()
        }
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Binary => String::from_utf8_lossy(column.as_binary::<i32>().value(row)).into(),
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            (0..items.len()).map(|at| cell(&items, at)).collect::<Vec<_>>().join("+")
        }
        other => panic!("no text for {other}"),
    }
}
