//! What every server that speaks Spark Connect is asked.

#![allow(dead_code)]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, UInt32Array, UInt64Array};
use iatro_engines::connect::Session;
use iatro_signals::count::sql::SessionErrorKind;
use parquet::arrow::ArrowWriter;

use crate::launch::Server;

/// A query that would take hours.
pub(crate) const LONG: &str = "SELECT CAST(SUM(a.id * b.id % 7) AS BIGINT) AS n \
     FROM range(0, 10000000) AS a CROSS JOIN range(0, 10000000) AS b";

/// A table of ids 0, 1, 2, … and their remainders.
pub(crate) fn write(path: &Path, rows: u32) {
    let ids: ArrayRef = Arc::new(UInt64Array::from_iter_values((0..rows).map(u64::from)));
    let remainders: ArrayRef = Arc::new(UInt32Array::from_iter_values((0..rows).map(|n| n % 7)));
    let batch = RecordBatch::try_from_iter([("id", ids), ("r", remainders)]).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The numbers of the only column.
pub(crate) fn numbers(batches: &[RecordBatch]) -> Vec<i64> {
    let column = |rows: &RecordBatch| rows.column(0).as_primitive::<Int64Type>().values().to_vec();
    batches.iter().flat_map(column).collect()
}

pub(crate) fn number(session: &Session, sql: &str) -> i64 {
    let numbers = numbers(&session.sql(sql).unwrap());
    assert_eq!(numbers.len(), 1);
    numbers[0]
}

pub(crate) fn a_query_without_rows_names_its_columns(session: &Session) {
    let sql = "SELECT CAST(id AS BIGINT) AS number FROM range(0, 10) WHERE id > 99";
    let rows = session.sql(sql).unwrap();
    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
    assert_eq!(rows[0].schema().field(0).name(), "number");
}

pub(crate) fn a_table_is_opened_and_replaced(session: &Session) {
    let folder = tempfile::tempdir().unwrap();
    let (small, large) = (folder.path().join("a.parquet"), folder.path().join("b.parquet"));
    write(&small, 100);
    write(&large, 70_000);
    session.view_of_parquet("t", small.to_str().unwrap()).unwrap();
    assert_eq!(number(session, "SELECT CAST(COUNT(*) AS BIGINT) FROM t"), 100);
    session.view_of_parquet("t", large.to_str().unwrap()).unwrap();
    assert_eq!(number(session, "SELECT CAST(COUNT(*) AS BIGINT) FROM t"), 70_000);
    let sum = "SELECT CAST(SUM(CAST(id AS BIGINT)) AS BIGINT) FROM t WHERE CAST(r AS BIGINT) = 3";
    assert_eq!(number(session, sum), (0..70_000).filter(|n| n % 7 == 3).sum::<i64>());
}

pub(crate) fn places_with_odd_characters_are_opened(session: &Session) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["it's", "a b", "a;b", "\"q\"", "ü", "a%20b", "a#b", "a&b=c", "--x", "`x`"] {
        let within = folder.path().join(name);
        std::fs::create_dir(&within).unwrap();
        let path = within.join("t.parquet");
        write(&path, 10);
        let opened = session.view_of_parquet("odd", path.to_str().unwrap());
        opened.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(number(session, "SELECT CAST(COUNT(*) AS BIGINT) FROM odd"), 10, "{name}");
    }
}

pub(crate) fn rows_are_sent_whole(session: &Session) {
    for rows in [0, 1, 1_000, 400_000_u32] {
        let words: ArrayRef = Arc::new(UInt32Array::from_iter_values(0..rows));
        let negative = (0..i64::from(rows)).map(|n| i64::MIN + n);
        let bits: ArrayRef = Arc::new(Int64Array::from_iter_values(negative));
        let batch = RecordBatch::try_from_iter([("word", words), ("bits", bits)]).unwrap();
        session.view_of_rows("sent", &batch).unwrap();
        let sum = "SELECT CAST(COALESCE(SUM(word), 0) AS BIGINT) FROM sent";
        assert_eq!(number(session, sum), (0..i64::from(rows)).sum::<i64>());
        let bits = "SELECT CAST(COUNT(*) AS BIGINT) FROM sent \
             WHERE bits = word + CAST(-9223372036854775808 AS BIGINT)";
        assert_eq!(number(session, bits), i64::from(rows));
    }
    let names: ArrayRef = Arc::new(StringArray::from(vec![Some("'; DROP"), None, Some("ä")]));
    let batch = RecordBatch::try_from_iter([("name", names)]).unwrap();
    session.view_of_rows("sent", &batch).unwrap();
    assert_eq!(number(session, "SELECT CAST(COUNT(name) AS BIGINT) FROM sent"), 2);
}

pub(crate) fn what_is_wrong_is_told_apart(session: &Session) {
    let error = session.view_of_parquet("t", "/no/such/place/t.parquet").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Missing, "{error}");
    assert!(error.to_string().contains("/no/such/place"), "{error}");
    let error = session.sql("SELECT * FROM no_such_table").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Missing, "{error}");
    let error = session.sql("SELECT FROM WHERE").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Query, "{error}");
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.parquet");
    std::fs::write(&broken, b"PAR1 is not enough").unwrap();
    session.view_of_parquet("t", broken.to_str().unwrap()).unwrap_err();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    session.view_of_parquet("t", empty.to_str().unwrap()).unwrap_err();
}

pub(crate) fn sessions_do_not_see_each_other(server: &Server) {
    let (here, there) = (server.session(), server.session());
    let one: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let batch = RecordBatch::try_from_iter([("n", one)]).unwrap();
    here.view_of_rows("mine", &batch).unwrap();
    assert_eq!(number(&here, "SELECT n FROM mine"), 1);
    let error = there.sql("SELECT n FROM mine").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Missing, "{error}");
}

/// Every row once: as many as there are, and their sum.
pub(crate) fn many_rows_come_whole(session: &Session, rows: i64) {
    let sql = format!("SELECT CAST(id AS BIGINT) AS n FROM range(0, {rows})");
    let got = numbers(&session.sql(&sql).unwrap());
    assert_eq!(i64::try_from(got.len()).unwrap(), rows);
    assert_eq!(got.iter().sum::<i64>(), rows * (rows - 1) / 2);
}
