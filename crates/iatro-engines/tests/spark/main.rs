//! The client against Spark: answers that outlive a stream, and faults at random moments of a count.
//!
//! Run by `cargo xtask test --spark`, one test after another.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![allow(missing_docs)]

#[path = "../support/launch.rs"]
mod launch;
#[path = "../support/questions.rs"]
mod questions;

mod counting;
mod faults;
mod table;

use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use iatro_engines::connect::{Options, ServerVersion};
use iatro_signals::count::sql::SessionErrorKind;

/// The setting after which a server ends a stream, whatever is still to come.
const STREAM_LIMIT: (&str, &str) =
    ("spark.connect.execute.reattachable.senderMaxStreamDuration", "2s");
/// Without reports of progress nothing travels while a query runs.
const NO_PROGRESS: (&str, &str) = ("spark.connect.progress.reportInterval", "1h");

#[test]
fn what_a_server_is_asked_is_answered() {
    let Some(server) = launch::spark(&[]) else { return };
    let session = server.session();
    assert_eq!(*session.version(), ServerVersion::Said("4.3.0".to_owned()));
    questions::a_query_without_rows_names_its_columns(&session);
    questions::a_table_is_opened_and_replaced(&session);
    questions::places_with_odd_characters_are_opened(&session);
    questions::rows_are_sent_whole(&session);
    questions::what_is_wrong_is_told_apart(&session);
    questions::sessions_do_not_see_each_other(&server);
    questions::many_rows_come_whole(&session, 3_000_000);
}

#[test]
fn an_answer_that_outlives_its_stream_has_every_row() {
    let Some(server) = launch::spark(&[STREAM_LIMIT]) else { return };
    let session = server.session();
    // Work before the first row, and rows enough that sending them takes several streams, too.
    let slow = "SELECT reflect('java.lang.Thread', 'sleep', 700L) AS slept, CAST(id AS BIGINT) AS n \
         FROM range(0, 20, 1, 20)";
    let began = Instant::now();
    let rows: usize = session.sql(slow).unwrap().iter().map(RecordBatch::num_rows).sum();
    assert_eq!(rows, 20);
    assert!(began.elapsed() > Duration::from_secs(5), "one stream was enough");
    questions::many_rows_come_whole(&session, 20_000_000);
}

#[test]
fn a_quiet_query_is_not_taken_for_a_lost_one() {
    let Some(server) = launch::spark(&[NO_PROGRESS]) else { return };
    let session = server.session();
    let began = Instant::now();
    let slow =
        "SELECT id AS n, reflect('java.lang.Thread', 'sleep', 75000L) AS slept FROM range(1, 2)";
    assert_eq!(questions::number(&session, slow), 1);
    assert!(began.elapsed() > Duration::from_secs(75));
}

#[test]
fn a_deadline_ends_a_long_query_and_frees_the_server() {
    let Some(server) = launch::spark(&[]) else { return };
    let session = server.connect(Options::with_deadline(Duration::from_secs(5))).unwrap();
    let began = Instant::now();
    let error = session.sql(questions::LONG).unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Deadline, "{error}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    // Both of its threads are free again, or this would not be answered in time.
    let next = "SELECT CAST(SUM(id) AS BIGINT) AS n FROM range(0, 1000, 1, 2)";
    assert_eq!(questions::number(&session, next), 499_500);
}
