//! What the tests of exchange share: the real files, and small bundles.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

use std::path::Path;

use iatro_clinical::exchange::{Imported, NoteKind, read_any};
use jiff::civil::Date;

/// The day of every test.
pub fn today() -> Date {
    "2026-06-01".parse().unwrap()
}

/// A file under `IATRO_TEST_DATA`, or under `shared/data` beside the checkout; `None`, with a line that says so, where
/// it is missing: a fresh clone alone must pass.
pub fn real(name: &str) -> Option<Vec<u8>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("IATRO_TEST_DATA").map_or_else(beside, Into::into);
    let path = folder.join(name);
    let read = std::fs::read(&path).ok();
    if read.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    read
}

/// A bundle of one patient, born 1980, with these resources.
pub fn bundle(resources: &[&str]) -> String {
    let patient =
        r#"{"resourceType":"Patient","id":"p1","birthDate":"1980-02-03","gender":"female"}"#;
    let all: Vec<String> = std::iter::once(&patient)
        .chain(resources)
        .map(|resource| format!("{{\"resource\":{resource}}}"))
        .collect();
    format!("{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{}]}}", all.join(","))
}

/// An Observation of a LOINC code with further fields.
pub fn observation(id: &str, loinc: &str, fields: &str) -> String {
    format!(
        "{{\"resourceType\":\"Observation\",\"id\":\"{id}\",\"status\":\"final\",\"subject\":{{\"reference\":\"Patient/p1\"}},\
         \"effectiveDateTime\":\"2026-03-02T08:15:00Z\",\
         \"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"{loinc}\"}}]}},{fields}}}"
    )
}

/// A bundle that is read, with its account checked: entries are the sum of used and not used.
pub fn reads(text: &str) -> Imported {
    let read = read_any(text.as_bytes(), today())
        .unwrap_or_else(|error| panic!("{error}\n{}", start(text)));
    balanced(&read);
    read
}

/// Entries in are those used and those not used, and each of the latter is in a note.
pub fn balanced(read: &Imported) {
    let control = read.control;
    assert_eq!(control.read, control.used + control.not_used);
    let noted = read.notes.iter().filter(|note| note.kind == NoteKind::NotUsed);
    assert_eq!(noted.map(|note| note.count).sum::<usize>(), control.not_used);
}

/// The complaint about a text that is refused.
pub fn fails(text: &str) -> String {
    match read_any(text.as_bytes(), today()) {
        Ok(read) => panic!("read as {:?}\n{}", read.case, start(text)),
        Err(error) => error.to_string(),
    }
}

/// As much of a text as a failure may show.
fn start(text: &str) -> String {
    text.chars().take(2_000).collect()
}
