//! A lake grown quarter by quarter equals one made at once, in whatever order the quarters came.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::quarter::Quarter;
use common::tables::{numbers, rows};
use common::{ingest_faers, made_of, replace_faers};
use iatro_reports::lake::{Lake, Snapshot};
use iatro_reports::{ErrorKind, PartKey};

/// Reports whose versions, withdrawals and spellings reach across three quarters and two eras.
fn quarters() -> [Quarter; 3] {
    let legacy = Quarter::new("2012Q3")
        .report(11, 1, 0, "20120701")
        .report(12, 1, 0, "20120702")
        .row("drug", "primaryid=12, drug_seq=2, role_cod=C, drugname=Zorbitol 20 mg, route=ORAL")
        .row("reac", "primaryid=12, pt=RASH")
        .row("indi", "primaryid=12, indi_drug_seq=2, indi_pt=Pain")
        .row("ther", "primaryid=12, dsg_drug_seq=2, start_dt=201201, dur=3, dur_cod=MON")
        .report(30, 3, 0, "20120801")
        .row("drug", "primaryid=99, drug_seq=1, role_cod=PS, drugname=OF NO REPORT");
    let early = Quarter::new("2012Q4")
        .report(21, 2, 1, "20121001")
        .row(
            "demo",
            "primaryid=41, caseid=4, caseversion=1, mfr_num=N1, mfr_sndr=ACME, age=932, age_cod=YR",
        )
        .row("drug", "primaryid=41, drug_seq=1, role_cod=PS, drugname=ZORBITOL")
        .row("reac", "primaryid=41, pt=Rash")
        .report(31, 3, 1, "20121002")
        .file("deleted", "1\n");
    let modern = Quarter::new("2020Q1")
        .report(210, 2, 10, "20200101")
        .row(
            "drug",
            "primaryid=210, drug_seq=2, role_cod=SS, drugname=ZORBITOL, prod_ai=ZORBITAMINE",
        )
        .row(
            "drug",
            "primaryid=210, drug_seq=3, role_cod=SS, drugname=ZORBITOL, prod_ai=ZORBITAMINE",
        )
        .row("demo", "primaryid=51, caseid=5, caseversion=1, mfr_num=n1, mfr_sndr=Acme")
        .row("reac", "primaryid=51, pt=rash")
        .file("deleted", "3\n77\n");
    [legacy, early, modern]
}

/// The manifest and the bytes of every table.
fn contents(snapshot: &Snapshot) -> BTreeMap<String, Vec<u8>> {
    let manifest = snapshot.manifest();
    let mut contents: BTreeMap<String, Vec<u8>> = manifest
        .tables
        .iter()
        .map(|t| (t.name.clone(), std::fs::read(snapshot.table_path(&t.name)).unwrap()))
        .collect();
    contents.insert(
        "manifest".to_owned(),
        std::fs::read(snapshot.folder().join("manifest.json")).unwrap(),
    );
    contents
}

fn assert_same(left: &Snapshot, right: &Snapshot) {
    let (left, right) = (contents(left), contents(right));
    for (name, bytes) in &left {
        assert!(right[name] == *bytes, "{name} differs");
    }
    assert_eq!(left.len(), right.len());
}

fn written(folder: &Path) -> Vec<PathBuf> {
    quarters().iter().map(|quarter| quarter.unpacked(folder)).collect()
}

#[test]
fn every_order_of_ingestion_gives_the_same_lake() {
    let folder = tempfile::tempdir().unwrap();
    let paths = written(folder.path());
    let at_once = ingest_faers(&folder.path().join("at_once"), &paths).unwrap().snapshot;
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let lake = folder.path().join(format!("{order:?}"));
        for at in order {
            ingest_faers(&lake, &paths[at..=at]).unwrap();
        }
        let grown = Lake::open(&lake).unwrap().current().unwrap();
        assert_same(&grown, &at_once);
        assert_eq!(grown.verify().unwrap().problems, Vec::<String>::new());
        let pair = folder.path().join(format!("pair {order:?}"));
        ingest_faers(&pair, &[paths[order[0]].clone(), paths[order[1]].clone()]).unwrap();
        assert_same(&ingest_faers(&pair, &paths[order[2]..=order[2]]).unwrap().snapshot, &at_once);
    }
}

#[test]
fn the_lake_is_what_the_rules_say() {
    let made = made_of(&quarters());
    let lake = &made.snapshot;
    let report = "report_id period native_id fate duplicate_cluster";
    assert_eq!(
        rows(lake, "report", report),
        ["0|2012Q4|41|-|0", "1|2020Q1|210|-|-", "2|2020Q1|51|-|0"]
    );
    assert_eq!(
        rows(lake, "history/report", report),
        [
            "0|2012Q3|11|superseded|-",
            "1|2012Q3|12|deleted|-",
            "2|2012Q3|30|superseded|-",
            "3|2012Q4|21|superseded|-",
            "4|2012Q4|31|deleted|-"
        ]
    );
    assert_eq!(
        rows(lake, "history/drug", "report_id seq name route start"),
        [
            "0|1|ASPIRIN|-|-",
            "1|1|ASPIRIN|-|-",
            "1|2|Zorbitol 20 mg|ORAL|2012-01-01",
            "2|1|ASPIRIN|-|-",
            "3|1|ASPIRIN|-|-",
            "4|1|ASPIRIN|-|-"
        ]
    );
    let events = rows(lake, "history/event", "report_id term");
    assert_eq!(events, ["0|Rash", "1|Rash", "1|Rash", "2|Rash", "3|Rash", "4|Rash"]);
    assert_eq!(rows(lake, "history/indication", "report_id drug_seq term"), ["1|2|Pain"]);
    assert_eq!(rows(lake, "history/therapy", "report_id duration_unit"), ["1|MON"]);
    assert_eq!(rows(lake, "event", "report_id term"), ["0|Rash", "1|Rash", "2|Rash"]);
    assert_eq!(
        rows(lake, "term", "folded variants event_rows"),
        ["rash|RASH+Rash+rash|3", "pain|Pain|0"]
    );
    assert_eq!(rows(lake, "withdrawal", "period case_id"), ["2012Q4|1", "2020Q1|3", "2020Q1|77"]);
}

#[test]
fn ids_are_dense_tables_sorted_and_every_stored_row_in_current_or_history() {
    let made = made_of(&quarters());
    let lake = &made.snapshot;
    let manifest = lake.manifest();
    for store in ["", "history/"] {
        let ids = numbers(lake, &format!("{store}report"), "report_id");
        assert_eq!(ids, (0..ids.len() as u64).collect::<Vec<_>>());
        for table in ["drug", "event", "indication", "therapy", "narrative"] {
            let owners = numbers(lake, &format!("{store}{table}"), "report_id");
            assert!(owners.is_sorted() && owners.iter().all(|id| ids.contains(id)), "{table}");
        }
    }
    let both = |table: &str| {
        [table.to_owned(), format!("history/{table}")]
            .iter()
            .map(|t| rows(lake, t, "report_id").len() as u64)
            .sum::<u64>()
    };
    let totals = manifest.row_totals();
    for (input, table) in [
        ("demo", "report"),
        ("drug", "drug"),
        ("reac", "event"),
        ("indi", "indication"),
        ("ther", "therapy"),
    ] {
        assert_eq!(totals[input].stored, both(table), "{input}");
    }
    assert_eq!((manifest.reports(), manifest.superseded(), manifest.deleted()), (3, 3, 2));
    assert_eq!(totals["drug"].quarantined, rows(lake, "quarantine", "line").len() as u64);
}

#[test]
fn the_order_of_paths_does_not_matter_and_zips_and_folders_mix() {
    let folder = tempfile::tempdir().unwrap();
    let [legacy, early, modern] = quarters();
    let paths =
        [legacy.zip(folder.path()), early.unpacked(folder.path()), modern.zip(folder.path())];
    let lake = |name: &str, order: [usize; 3]| {
        let paths = order.map(|at| paths[at].clone());
        ingest_faers(&folder.path().join(name), &paths).unwrap().snapshot
    };
    let first = lake("a", [0, 1, 2]);
    assert_same(&lake("b", [2, 0, 1]), &first);
    let periods: Vec<&str> = first.manifest().parts.iter().map(|p| p.key.period.as_str()).collect();
    assert_eq!(periods, ["2012Q3", "2012Q4", "2020Q1"]);
}

/// The name of a zip is no content, even where a row was set aside or mended.
#[test]
fn a_renamed_zip_is_the_same_data() {
    let folder = tempfile::tempdir().unwrap();
    let id = |quarter: &Quarter, zip: &str, lake: &str| {
        let path = quarter.zip_as(&folder.path().join(zip), str::to_owned);
        let snapshot = ingest_faers(&folder.path().join(lake), &[path]).unwrap().snapshot;
        snapshot.manifest().dataset_id.clone()
    };
    let clean = Quarter::new("2020Q1").report(71, 7, 1, "20200101");
    assert_eq!(id(&clean, "a.zip", "1"), id(&clean, "b.zip", "2"));
    let broken = clean.row("reac", "primaryid=99, pt=Rash");
    assert_eq!(id(&broken, "a.zip", "3"), id(&broken, "b.zip", "4"));
}

#[test]
fn what_the_lake_holds_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let paths = written(folder.path());
    let first = ingest_faers(&lake, &paths[..2]).unwrap();
    let again = ingest_faers(&lake, &paths).unwrap();
    let names = |keys: &[PartKey]| keys.iter().map(|k| k.period.clone()).collect::<Vec<_>>();
    assert_eq!(
        (names(&first.added), first.already_there.len()),
        (vec!["2012Q3".into(), "2012Q4".into()], 0)
    );
    assert_eq!(names(&again.added), ["2020Q1"]);
    assert_eq!(names(&again.already_there), ["2012Q3", "2012Q4"]);
    let nothing = replace_faers(&lake, &paths).unwrap();
    assert!(nothing.added.is_empty());
    assert_eq!(nothing.snapshot.manifest(), again.snapshot.manifest());
    assert_eq!(Lake::open(&lake).unwrap().snapshots().unwrap().len(), 2);
}

#[test]
fn other_content_for_a_quarter_is_refused_unless_it_is_to_replace() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let paths = written(folder.path());
    let before = ingest_faers(&lake, &paths).unwrap().snapshot;
    // The new 2012Q3 has another drug, another case, fewer reports and no row set aside.
    let other = Quarter::new("2012Q3")
        .report(12, 1, 0, "20120702")
        .row("drug", "primaryid=12, drug_seq=2, role_cod=C, drugname=BRAND NEW")
        .row("reac", "primaryid=12, pt=RASH")
        .row("indi", "primaryid=12, indi_drug_seq=2, indi_pt=Pain")
        .report(91, 9, 0, "20120703");
    let elsewhere = tempfile::tempdir().unwrap();
    let path = other.unpacked(elsewhere.path());
    let error = ingest_faers(&lake, std::slice::from_ref(&path)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("the lake holds faers 2012Q3 already"), "{error}");
    assert_eq!(Lake::open(&lake).unwrap().current().unwrap().manifest(), before.manifest());

    let replaced = replace_faers(&lake, std::slice::from_ref(&path)).unwrap();
    assert_eq!(replaced.added.len(), 1);
    let fresh = [path, paths[1].clone(), paths[2].clone()];
    let fresh = ingest_faers(&folder.path().join("fresh"), &fresh).unwrap().snapshot;
    assert_same(&replaced.snapshot, &fresh);
    let back = replace_faers(&lake, &paths).unwrap().snapshot;
    assert_same(&back, &before);
}

/// Nor a spelling that only the replaced file had.
#[test]
fn a_replaced_file_leaves_no_row_behind() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let paths = written(folder.path());
    ingest_faers(&lake, &paths).unwrap();
    let other = Quarter::new("2012Q3").report(91, 9, 0, "20120703");
    let path = other.unpacked(&folder.path().join("other"));
    let replaced = replace_faers(&lake, std::slice::from_ref(&path)).unwrap().snapshot;
    let fresh = [path, paths[1].clone(), paths[2].clone()];
    let fresh = ingest_faers(&folder.path().join("fresh"), &fresh).unwrap().snapshot;
    assert_same(&replaced, &fresh);
}

#[test]
fn a_quarter_named_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [_, _, modern] = quarters();
    let paths = [modern.zip(folder.path()), modern.unpacked(folder.path())];
    let lake = folder.path().join("lake");
    let error = ingest_faers(&lake, &paths).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadData);
    assert!(error.to_string().contains("table for 2020Q1. The first is DE"), "{error}");
    assert!(!lake.exists());
}

#[test]
fn tables_longer_than_a_block_are_the_same_bytes_however_they_grew() {
    let long = |period: &str, first: u64, reactions: usize| {
        let quarter = Quarter::new(period).report(first, first, 1, "20200101");
        let row = format!("{first}${first}$Term number ");
        let many: String = (0..reactions).map(|n| format!("{row}{}$\n", n % 997)).collect();
        quarter.raw("reac", many)
    };
    let folder = tempfile::tempdir().unwrap();
    let paths =
        [long("2020Q1", 11, 50_000), long("2020Q2", 21, 30_000), long("2020Q3", 31, 70_000)]
            .map(|quarter| quarter.unpacked(folder.path()));
    let at_once = ingest_faers(&folder.path().join("a"), &paths).unwrap().snapshot;
    for path in paths.iter().rev() {
        ingest_faers(&folder.path().join("b"), std::slice::from_ref(path)).unwrap();
    }
    assert_same(&Lake::open(&folder.path().join("b")).unwrap().current().unwrap(), &at_once);
    assert_eq!(at_once.manifest().table("event").unwrap().rows, 150_003);
}
