//! The real FAERS files beside the checkout: three eras into one lake, though their tables are cut.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{Quiet, ingest_faers, real_data};
use iatro_reports::ingest::{Input, Options, ingest};
use iatro_reports::lake::Lake;

#[test]
fn three_eras_go_into_one_lake() {
    let Some(data) = real_data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let paths = [
        "faers/faers_ascii_2022Q4_head.zip",
        "faers/aers_ascii_2004q1_100.zip",
        "faers/faers_2012q4_quirks",
    ];
    let done = ingest_faers(&lake, &paths.map(|path| data.join(path))).unwrap();
    let manifest = done.snapshot.manifest();
    let rows = manifest.row_totals();
    assert_eq!(rows["demo"].rows, 8_905 + 100 + 9);
    assert_eq!(rows["reac"].rows, 94_620 + 416 + 10);
    assert_eq!(rows["indi"].rows, 80_625 + 124 + 10);
    assert_eq!(rows["ther"].rows, 21_888 + 145 + 10);
    assert_eq!(rows["drug"].rows, 15_278 + 386 + 10);
    assert_eq!(rows["outc"].rows, 69_346 + 93 + 10);
    assert_eq!(rows["deleted"].rows, 3_624);
    for (table, totals) in &rows {
        assert_eq!(totals.rows, totals.stored + totals.quarantined, "{table}");
    }
    assert!(
        manifest.parts.iter().all(|part| part
            .quarantine
            .values()
            .flatten()
            .all(|(r, _)| r == "no_report"))
    );
    assert_eq!(
        manifest.reports() + manifest.superseded() + manifest.deleted(),
        rows["demo"].stored
    );
    let verified = Lake::open(&lake).unwrap().current().unwrap().verify().unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
}

#[test]
fn a_lake_grown_quarter_by_quarter_equals_one_made_at_once() {
    let Some(data) = real_data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let paths = [
        data.join("faers/faers_ascii_2022Q4_head.zip"),
        data.join("faers/aers_ascii_2004q1_100.zip"),
        data.join("faers/faers_2012q4_quirks"),
    ];
    let at_once = ingest_faers(&folder.path().join("a"), &paths).unwrap();
    let grown = folder.path().join("b");
    for path in &paths {
        ingest_faers(&grown, std::slice::from_ref(path)).unwrap();
    }
    let current = Lake::open(&grown).unwrap().current().unwrap();
    assert_eq!(current.manifest().dataset_id, at_once.snapshot.manifest().dataset_id);
    let again = ingest(
        &Input::Faers(paths.to_vec()),
        &Options { lake: grown.clone(), replace: false, rxnorm: None },
        &mut Quiet,
    )
    .unwrap();
    assert!(again.added.is_empty());
    assert_eq!(again.already_there.len(), 3);
    assert_eq!(Lake::open(&grown).unwrap().snapshots().unwrap().len(), 3);
}
