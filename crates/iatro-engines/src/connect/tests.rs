//! The client against a server that misbehaves on purpose: a whole answer or an error, never fewer rows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fake;
mod proxy;
mod script;
mod tls;

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, UInt32Array, UInt64Array};
use iatro_signals::count::sql::{SessionError, SessionErrorKind, SqlSession};
use proptest::prelude::*;

use self::fake::Fake;
use self::proxy::Proxy;
use self::script::{Fault, Script};
use super::{ConnectUrl, Options, ServerVersion, Session};

fn options() -> Options {
    Options { deadline: Duration::from_secs(20), ..Options::default() }
}

fn session(port: u16, options: Options) -> Result<Session, SessionError> {
    let url = ConnectUrl::parse(&format!("sc://127.0.0.1:{port}")).unwrap();
    Session::connect(&url, options)
}

/// What the query gives under faults.
fn asked(batches: &[Vec<i64>], faults: &[Fault]) -> Result<Vec<i64>, SessionError> {
    let server = Fake::start(Script::new(batches, faults));
    let session = session(server.port(), options()).unwrap();
    session.sql("SELECT n FROM t").map(|rows| numbers(&rows))
}

fn numbers(rows: &[RecordBatch]) -> Vec<i64> {
    let column = |rows: &RecordBatch| rows.column(0).as_primitive::<Int64Type>().values().to_vec();
    rows.iter().flat_map(column).collect()
}

fn three() -> Vec<Vec<i64>> {
    vec![vec![1, 2], vec![3], vec![4, 5, 6]]
}

const ALL: [i64; 6] = [1, 2, 3, 4, 5, 6];

#[test]
fn an_answer_in_one_stream() {
    assert_eq!(asked(&three(), &[]).unwrap(), ALL);
    assert_eq!(asked(&[vec![]], &[]).unwrap(), Vec::<i64>::new());
}

#[test]
fn a_stream_cut_after_any_message_is_taken_up_again() {
    for sent in 0..4 {
        for fault in [Fault::End(sent), Fault::Break(sent)] {
            assert_eq!(asked(&three(), &[fault]).unwrap(), ALL, "{fault:?}");
        }
    }
    let every = [Fault::End(1), Fault::End(1), Fault::Break(1), Fault::End(0), Fault::End(0)];
    assert_eq!(asked(&three(), &every).unwrap(), ALL);
}

#[test]
fn a_server_that_never_says_that_it_is_complete_gives_no_answer() {
    let faults = [Fault::End(3), Fault::NeverComplete];
    let error = asked(&three(), &faults).unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Incomplete);
    assert!(error.said.contains("without a word"), "{error}");
}

#[test]
fn what_does_not_belong_to_the_answer_is_an_error() {
    for (fault, kind, word) in [
        (Fault::Repeat(1), SessionErrorKind::Incomplete, "came twice"),
        (Fault::Skip(1), SessionErrorKind::Incomplete, "rows from 3 on came after 2 rows"),
        (Fault::WrongOperation(0), SessionErrorKind::Incomplete, "message of operation"),
        (Fault::WrongSession(2), SessionErrorKind::Incomplete, "message of session"),
        (Fault::Unnumbered(0), SessionErrorKind::Incomplete, "without a number"),
        (Fault::WrongRows(1), SessionErrorKind::Incomplete, "announced with"),
        (Fault::Garbage(0), SessionErrorKind::Incomplete, "cannot be read"),
        (Fault::OtherColumns(1), SessionErrorKind::Incomplete, "different columns"),
        (Fault::InPieces(0), SessionErrorKind::Incomplete, "pieces"),
        (Fault::OnlyComplete, SessionErrorKind::Incomplete, "empty answer"),
        (Fault::Restarted(1), SessionErrorKind::Lost, "restarted"),
        (Fault::Gone, SessionErrorKind::Lost, "INVALID_HANDLE"),
        (Fault::NoPath, SessionErrorKind::Missing, "/nowhere"),
        (Fault::Denied, SessionErrorKind::Refused, "who are you"),
        (Fault::Unknown, SessionErrorKind::Version, "no such call"),
        (Fault::Wordless, SessionErrorKind::Missing, "PATH_NOT_FOUND"),
    ] {
        let error = asked(&three(), &[fault]).unwrap_err();
        assert_eq!(error.kind, kind, "{fault:?}: {error}");
        assert!(error.said.contains(word), "{fault:?}: {error}");
        assert!(error.engine.starts_with("Spark at 127.0.0.1:"), "{error}");
    }
}

/// The protocol has no number of all rows. So counting holds every answer against control totals.
#[test]
fn a_server_that_leaves_out_its_last_rows_and_says_complete_cannot_be_told_from_a_whole_one() {
    assert_eq!(asked(&three(), &[Fault::SkipLast]).unwrap(), [1, 2, 3]);
}

#[test]
fn a_message_or_an_answer_that_is_too_large_is_an_error() {
    let large = vec![(0..10_000).collect::<Vec<i64>>(); 4];
    let server = Fake::start(Script::new(&large, &[]));
    let small = Options { message_bytes: 50_000, ..options() };
    let error = session(server.port(), small).unwrap().sql("SELECT n FROM t").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Incomplete);
    assert!(error.said.contains("too large") && error.help.contains("fewer rows"), "{error}");
    let short = Options { answer_bytes: 200_000, ..options() };
    let error = session(server.port(), short).unwrap().sql("SELECT n FROM t").unwrap_err();
    assert!(error.said.contains("as much as is kept"), "{error}");
}

#[test]
fn a_query_beyond_its_deadline_is_interrupted() {
    let server = Fake::start(Script::new(&three(), &[Fault::Stall(1)]));
    let short = Options { deadline: Duration::from_millis(300), ..options() };
    let began = Instant::now();
    let error = session(server.port(), short).unwrap().sql("SELECT n FROM t").unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Deadline);
    assert!(began.elapsed() < Duration::from_secs(15));
    assert_eq!(server.interrupted(), 1, "the server was not asked to stop");
}

#[test]
fn a_query_is_released_when_it_is_done() {
    let server = Fake::start(Script::new(&three(), &[]));
    let session = session(server.port(), options()).unwrap();
    session.sql("SELECT n FROM t").unwrap();
    drop(session);
    // The query that is tried on connecting, and this one.
    assert_eq!((server.released(), server.goodbyes()), (2, 1));
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let port = Fake::start(Script::new(&[], &[])).port();
    let began = Instant::now();
    let error = session(port, options()).err().unwrap();
    assert_eq!(error.kind, SessionErrorKind::Lost);
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_an_error() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let quick = Options { connect: Duration::from_millis(500), ..options() };
    let began = Instant::now();
    let error = session(silent.local_addr().unwrap().port(), quick).err().unwrap();
    assert_eq!(error.kind, SessionErrorKind::Lost, "{error}");
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[test]
fn a_frozen_connection_is_found_by_keep_alive() {
    let server = Fake::start(Script::new(&three(), &[Fault::Stall(1)]));
    let proxy = Proxy::start(server.port());
    let quick = Options {
        keep_alive: Duration::from_millis(200),
        keep_alive_timeout: Duration::from_millis(200),
        ..options()
    };
    let session = session(proxy.port(), quick).unwrap();
    let began = Instant::now();
    let freezing = std::thread::spawn({
        let frozen = proxy.frozen();
        move || {
            std::thread::sleep(Duration::from_millis(300));
            frozen.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    });
    let error = session.sql("SELECT n FROM t").unwrap_err();
    freezing.join().unwrap();
    assert_eq!(error.kind, SessionErrorKind::Lost, "{error}");
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
}

#[test]
fn versions_are_checked() {
    let connect = |version: Option<&str>| {
        let server = Fake::start(Script::new(&[], &[]).of_version(version));
        session(server.port(), options()).map(|session| session.version().clone())
    };
    assert_eq!(connect(Some("4.3.0")).unwrap(), ServerVersion::Said("4.3.0".to_owned()));
    assert!(
        matches!(connect(None).unwrap(), ServerVersion::Unsaid(said) if said.contains("pyspark"))
    );
    for other in ["3.4.1", "5.0.0", ""] {
        let error = connect(Some(other)).unwrap_err();
        assert_eq!(error.kind, SessionErrorKind::Version);
        assert!(error.said.contains("expected Spark 3.5"), "{error}");
    }
}

#[test]
fn names_and_places_that_could_mean_something_else_are_refused() {
    let server = Fake::start(Script::new(&three(), &[]));
    let session = session(server.port(), options()).unwrap();
    for name in ["", "a b", "a;DROP", "1a", "ä", "a.b", "`a`"] {
        let error = session.open(name, "/lake/exposure.parquet").unwrap_err();
        assert_eq!(error.kind, SessionErrorKind::Query, "{name}");
    }
    for place in ["", "/lake/*.parquet", "/lake/{a,b}", "/lake/[a]", "/a?b", "/a\\b", "/a\nb"] {
        let error = session.open("t", place).unwrap_err();
        assert_eq!(error.kind, SessionErrorKind::Missing, "{place}");
    }
}

#[test]
fn rows_are_sent_in_pieces_that_a_server_takes() {
    let server = Fake::start(Script::new(&[], &[]));
    let session = session(server.port(), options()).unwrap();
    let rows = 1_000_000_u32;
    let ids: ArrayRef = Arc::new(UInt32Array::from_iter_values(0..rows));
    let words: ArrayRef = Arc::new(Int64Array::from_iter_values((0..i64::from(rows)).map(|n| !n)));
    let sent = RecordBatch::try_from_iter([("id", ids), ("word", words)]).unwrap();
    session.put("selection", &sent).unwrap();
    let arrived = server.uploaded();
    assert!(arrived.len() >= 6, "{} pieces", arrived.len());
    let column = |n: usize| -> Vec<i64> {
        let of =
            |piece: &RecordBatch| piece.column(n).as_primitive::<Int64Type>().values().to_vec();
        arrived.iter().flat_map(of).collect()
    };
    assert_eq!(column(0), (0..i64::from(rows)).collect::<Vec<_>>());
    assert_eq!(column(1), (0..i64::from(rows)).map(|n| !n).collect::<Vec<_>>());
}

#[test]
fn rows_that_did_not_all_arrive_are_an_error() {
    let server = Fake::start(Script::new(&[], &[]).that_loses_rows());
    let session = session(server.port(), options()).unwrap();
    let ids: ArrayRef = Arc::new(UInt32Array::from_iter_values(0..5));
    let sent = RecordBatch::try_from_iter([("id", ids)]).unwrap();
    let error = session.put("selection", &sent).unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::Incomplete);
    assert!(error.said.contains("4 rows arrived"), "{error}");
}

#[test]
fn unsigned_numbers_become_signed_or_are_refused() {
    let column = |values: Vec<u64>| {
        let ids: ArrayRef = Arc::new(UInt64Array::from(values));
        RecordBatch::try_from_iter([("id", ids)]).unwrap()
    };
    assert!(super::rows::pieces(&column(vec![0, i64::MAX as u64])).is_ok());
    let error = super::rows::pieces(&column(vec![1 << 63])).unwrap_err().to_string();
    assert!(error.contains("id") && error.contains("9223372036854775808"), "{error}");
    let empty = super::rows::pieces(&column(vec![])).unwrap();
    assert_eq!(empty.len(), 1);
    let small: ArrayRef = Arc::new(arrow_array::UInt16Array::from(vec![Some(u16::MAX), None]));
    let pieces = super::rows::pieces(&RecordBatch::try_from_iter([("n", small)]).unwrap()).unwrap();
    let mut read = arrow_ipc::reader::StreamReader::try_new(pieces[0].as_slice(), None).unwrap();
    let rows = read.next().unwrap().unwrap();
    let numbers = rows.column(0).as_primitive::<Int32Type>();
    assert_eq!((numbers.value(0), numbers.is_null(1)), (65_535, true));
}

#[test]
fn a_session_works_from_several_threads_and_within_a_runtime() {
    let server = Fake::start(Script::new(&three(), &[]));
    let session = session(server.port(), options()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(numbers(&session.query("SELECT n FROM t").unwrap()), ALL));
        }
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let rows = runtime.block_on(async move {
        let rows = session.query("SELECT n FROM t");
        drop(session);
        rows
    });
    assert_eq!(numbers(&rows.unwrap()), ALL);
}

fn any_fault() -> impl Strategy<Value = Fault> {
    let at = 0..6_usize;
    prop_oneof![
        4 => at.clone().prop_map(Fault::End),
        4 => at.clone().prop_map(Fault::Break),
        1 => at.clone().prop_map(Fault::Repeat),
        1 => at.clone().prop_map(Fault::Skip),
        1 => at.clone().prop_map(Fault::WrongOperation),
        1 => at.clone().prop_map(Fault::WrongRows),
        1 => at.clone().prop_map(Fault::Garbage),
        1 => at.prop_map(Fault::Restarted),
        1 => Just(Fault::Gone),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn under_any_faults_the_answer_is_whole_or_an_error(
        lengths in prop::collection::vec(0..40_i64, 1..6),
        faults in prop::collection::vec(any_fault(), 0..5),
    ) {
        let batches: Vec<Vec<i64>> = lengths.iter().map(|&n| (0..n).collect()).collect();
        let only_cuts = faults.iter().all(|f| matches!(f, Fault::End(_) | Fault::Break(_)));
        match asked(&batches, &faults) {
            Ok(rows) => prop_assert_eq!(rows, batches.concat()),
            Err(error) => prop_assert!(!only_cuts, "{error}"),
        }
    }

    #[test]
    fn a_connection_cut_at_any_byte_gives_the_whole_answer_or_an_error(
        cuts in prop::collection::vec(0..6_000_usize, 1..4),
    ) {
        let batches: Vec<Vec<i64>> = (0..8).map(|n| (n * 50..(n + 1) * 50).collect()).collect();
        let server = Fake::start(Script::new(&batches, &[]));
        let proxy = Proxy::start(server.port());
        let session = session(proxy.port(), options()).unwrap();
        proxy.cut_after(&cuts);
        match session.sql("SELECT n FROM t") {
            Ok(rows) => prop_assert_eq!(numbers(&rows), batches.concat()),
            Err(error) => prop_assert_eq!(error.kind, SessionErrorKind::Lost, "{}", error),
        }
    }
}
