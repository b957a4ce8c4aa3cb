//! The client against Sail, a real server: what it opens, sends and answers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![allow(missing_docs)]

#[path = "../support/launch.rs"]
mod launch;
#[path = "../support/questions.rs"]
mod questions;

use std::time::{Duration, Instant};

use iatro_engines::connect::Options;
use iatro_signals::count::sql::SessionErrorKind;

#[test]
fn what_a_server_is_asked_is_answered() {
    let Some(server) = launch::sail() else { return };
    let session = server.session();
    questions::a_query_without_rows_names_its_columns(&session);
    questions::a_table_is_opened_and_replaced(&session);
    questions::places_with_odd_characters_are_opened(&session);
    questions::rows_are_sent_whole(&session);
    questions::what_is_wrong_is_told_apart(&session);
    questions::sessions_do_not_see_each_other(&server);
    questions::many_rows_come_whole(&session, 3_000_000);
}

#[test]
fn a_server_that_is_killed_is_a_clear_error() {
    let Some(server) = launch::sail() else { return };
    let session = server.session();
    server.process.signal("KILL");
    let began = Instant::now();
    let error = session.sql("SELECT 1").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Lost, "{error}");
    assert!(error.to_string().contains(&server.port.to_string()));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn a_server_that_is_stopped_is_a_clear_error() {
    let Some(server) = launch::sail() else { return };
    let session = server.connect(Options::default()).unwrap();
    server.process.signal("STOP");
    let began = Instant::now();
    let error = session.sql("SELECT 1").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Lost, "{error}");
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn a_deadline_ends_a_long_query() {
    let Some(server) = launch::sail() else { return };
    let session = server.connect(Options::with_deadline(Duration::from_secs(3))).unwrap();
    let began = Instant::now();
    let error = session.sql(questions::LONG).unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Deadline, "{error}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
