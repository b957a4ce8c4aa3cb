//! Every row of vectors/*.csv.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "support/rows.rs"]
mod rows;

use std::collections::BTreeSet;

use iatro_clinical::instrument;

/// Files of the folder that are no rows of an instrument; each has a test of its own.
const OTHER: [&str; 1] = ["hscore_totals"];

#[test]
fn every_row_holds() {
    let mut failures = Vec::new();
    for instrument in instrument::all() {
        for row in rows::rows(&instrument.id) {
            assert!(!row.source.is_empty(), "{}, {}: no source", instrument.id, row.case);
            failures
                .extend(rows::failure(instrument, &row).map(|f| format!("{}: {f}", instrument.id)));
        }
    }
    assert!(failures.is_empty(), "{} rows:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_instrument_has_rows_and_every_file_an_instrument() {
    let ids: BTreeSet<String> = instrument::all().iter().map(|one| one.id.clone()).collect();
    let without: Vec<_> = ids.iter().filter(|id| rows::rows(id).is_empty()).collect();
    assert!(without.is_empty(), "no rows of {without:?}");
    let files = std::fs::read_dir(rows::folder("vectors")).unwrap();
    let files = files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    for path in files {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            ids.contains(&stem) || OTHER.contains(&stem.as_str()),
            "{stem}: no such instrument"
        );
    }
}

#[test]
fn names_of_rows_are_unique() {
    for instrument in instrument::all() {
        let rows = rows::rows(&instrument.id);
        let names: BTreeSet<_> = rows.iter().map(|row| row.case.clone()).collect();
        assert_eq!(names.len(), rows.len(), "{}: two rows of one name", instrument.id);
    }
}
