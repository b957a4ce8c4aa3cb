//! Whatever the files hold: no panic, no row lost, and the same lake however the rows were cut, glued
//! or ordered.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::path::{Path, PathBuf};

use common::ingest_faers;
use common::quarter::{Quarter, TABLES};
use common::tables::{numbers, rows};
use iatro_reports::ErrorKind;
use iatro_reports::lake::{Lake, Snapshot};
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Ingests quarters into a new lake in `folder`.
fn ingested(folder: &Path, quarters: &[Quarter]) -> iatro_reports::Result<Snapshot> {
    let paths: Vec<PathBuf> = quarters.iter().map(|q| q.unpacked(folder)).collect();
    ingest_faers(&folder.join("lake"), &paths).map(|done| done.snapshot)
}

/// Every row that went in is in the lake once, and the manifest says so.
fn assert_adds_up(snapshot: &Snapshot) {
    let manifest = snapshot.manifest();
    let count = |table: &str| {
        let column =
            if table.ends_with("report") || table == "drug" { "report_id" } else { "line" };
        rows(snapshot, table, column).len() as u64
    };
    let both = |table: &str| {
        numbers(snapshot, table, "report_id").len()
            + numbers(snapshot, &format!("history/{table}"), "report_id").len()
    };
    let totals = manifest.row_totals();
    for (table, totals) in &totals {
        assert_eq!(totals.rows, totals.stored + totals.quarantined, "{table}");
    }
    for (input, table) in [
        ("demo", "report"),
        ("drug", "drug"),
        ("reac", "event"),
        ("indi", "indication"),
        ("ther", "therapy"),
    ] {
        // A damaged zip may have lost a table that a quarter can do without.
        let stored = totals.get(input).copied().unwrap_or_default().stored;
        assert_eq!(stored, both(table) as u64, "{input}");
    }
    assert_eq!(manifest.quarantined(), count("quarantine"));
    assert_eq!(manifest.reports(), count("report"));
    assert_eq!(manifest.superseded() + manifest.deleted(), count("history/report"));
    let issues: u64 = manifest.parts.iter().flat_map(|p| p.value_issues.values()).sum();
    assert_eq!(issues, count("value_issue"));
    let files: u64 = manifest.parts.iter().flat_map(|p| &p.files).map(|file| file.rows).sum();
    assert_eq!(files, totals.values().map(|totals| totals.rows).sum::<u64>());
    assert_eq!(snapshot.verify().unwrap().problems, Vec::<String>::new());
}

/// Bytes that look like a table, or like nothing.
fn table_bytes() -> impl Strategy<Value = Vec<u8>> {
    let rows = prop::collection::vec(select(b"177$$$$\n\n\r\" PSA.-\xe9\x08".to_vec()), 0..240);
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), rows]
}

/// A value as files have them, or not.
fn junk() -> impl Strategy<Value = String> {
    let known = [
        "",
        "",
        "",
        "7",
        "71",
        "PS",
        "DN",
        "YR",
        "F",
        "2001",
        "20010905",
        "DE",
        "HP",
        "NA",
        "-1",
        "99999999999999999999",
        "A B",
        "\"",
        "x\u{e9}",
    ];
    prop_oneof![4 => select(known.to_vec()).prop_map(str::to_owned), 1 => "[^$\\n\\r]{0,12}"]
}

/// Rows of every table: an identifier that is mostly known, then anything.
fn junk_rows() -> impl Strategy<Value = Vec<(usize, u64, Vec<String>)>> {
    let row = (0..TABLES.len(), 1..6_u64, prop::collection::vec(junk(), 24));
    prop::collection::vec(row, 0..30)
}

fn with_rows(period: &str, all: &[(usize, u64, Vec<String>)]) -> Quarter {
    all.iter().fold(
        Quarter::new(period).report(1, 1, 1, "20110101"),
        |quarter, (at, id, values)| {
            let table = TABLES[*at];
            let blank = quarter.row_text(table, &format!("primaryid={id}"));
            let mut cells: Vec<&str> = blank.split('$').collect();
            let end = cells.len() - usize::from(quarter.is_legacy());
            let case = id.to_string();
            cells[1..end].iter_mut().zip(values).for_each(|(cell, value)| *cell = value);
            if table == "demo" {
                cells[1] = &case;
            }
            let line = cells.join("$");
            quarter.line(table, line)
        },
    )
}

/// Legacy reports with text values: (case, words, drugs).
fn legacy_rows() -> impl Strategy<Value = Vec<(u64, Vec<String>, u64)>> {
    let words = || prop::collection::vec("[A-Za-z\u{e9}]{3,9}", 2..6);
    prop::collection::vec((1..20_u64, words(), 0..4_u64), 1..8)
}

/// The rows of DEMO, DRUG and REAC, one line each.
fn legacy_lines(all: &[(u64, Vec<String>, u64)]) -> [Vec<String>; 3] {
    let quarter = Quarter::new("2008Q1");
    let [mut demo, mut drug, mut reac] = [Vec::new(), Vec::new(), Vec::new()];
    for (isr, (case, words, drugs)) in (100..).zip(all) {
        let text = words.join(" ");
        let values = format!(
            "primaryid={isr}, caseid={case}, fda_dt=20080{}01, mfr_sndr={text}, sex=F",
            1 + isr % 3
        );
        demo.push(quarter.row_text("demo", &values));
        for seq in 1..=*drugs {
            let values = format!(
                "primaryid={isr}, drug_seq={seq}, role_cod=SS, drugname={}, dose_vbm={text}, dechal=Y",
                words[0]
            );
            drug.push(quarter.row_text("drug", &values));
        }
        reac.push(quarter.row_text("reac", &format!("primaryid={isr}, pt={text}")));
    }
    [demo, drug, reac]
}

/// What the lake holds of these lines, line numbers and the record of mends aside.
fn held(lines: [String; 3]) -> Vec<Vec<String>> {
    let [demo, drug, reac] = lines;
    let quarter = Quarter::new("2008Q1").raw("demo", demo).raw("drug", drug).raw("reac", reac);
    let folder = tempfile::tempdir().unwrap();
    let snapshot = ingested(folder.path(), &[quarter]).unwrap();
    assert_adds_up(&snapshot);
    let columns = [
        ("report", "report_id native_id case_id sender sex received"),
        ("history/report", "report_id native_id case_id sender sex received"),
        ("drug", "report_id seq role name dose dechallenge"),
        ("history/drug", "report_id seq role name dose dechallenge"),
        ("event", "report_id term"),
        ("history/event", "report_id term"),
        ("quarantine", "table line reason"),
    ];
    columns.iter().map(|(table, columns)| rows(&snapshot, table, columns)).collect()
}

fn one_a_line(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Versions and withdrawals of a few cases: (quarter, case, version, day of receipt, withdrawn).
fn histories() -> impl Strategy<Value = Vec<(usize, u64, u32, u32, bool)>> {
    prop::collection::vec((0..3_usize, 1..5_u64, 1..12_u32, 1..4_u32, any::<bool>()), 3..24)
}

fn with_history(all: &[(usize, u64, u32, u32, bool)]) -> [Quarter; 3] {
    let mut quarters =
        ["2012Q3", "2012Q4", "2019Q2"].map(|period| Quarter::new(period).report(9, 900, 1, "2012"));
    for &(at, case, version, day, withdrawn) in all {
        let quarter = quarters[at].clone();
        quarters[at] = if withdrawn && at > 0 {
            quarter.line("deleted", case.to_string())
        } else {
            quarter.report(case * 100 + u64::from(version), case, version, &format!("2012080{day}"))
        };
    }
    quarters
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn any_bytes_as_any_table_are_read_or_refused(
        at in 0..=TABLES.len(),
        bytes in table_bytes(),
        with_header in any::<bool>(),
        period in select(vec!["2004Q1", "2012Q4", "2020Q1"]),
    ) {
        let whole = Quarter::new(period).report(1, 1, 1, "2004").report(7, 7, 2, "2003");
        let quarter = match TABLES.get(at) {
            Some(table) if with_header => whole.raw(table, bytes),
            Some(table) => whole.file(table, bytes),
            None => whole.file("deleted", bytes),
        };
        let folder = tempfile::tempdir().unwrap();
        match ingested(folder.path(), &[quarter]) {
            Ok(snapshot) => assert_adds_up(&snapshot),
            Err(error) => {
                prop_assert!(!with_header && at < TABLES.len(), "{}", error);
                prop_assert_eq!(error.kind(), ErrorKind::BadData);
                prop_assert!(!folder.path().join("lake").exists());
            }
        }
    }

    #[test]
    fn any_bytes_as_a_zip_are_read_or_refused(
        noise in prop::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<Index>()),
        random in prop::option::weighted(0.2, prop::collection::vec(any::<u8>(), 0..300)),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = Quarter::new("2020Q1").report(71, 7, 1, "20200101").zip(folder.path());
        let mut bytes = random.unwrap_or_else(|| std::fs::read(&path).unwrap());
        if !bytes.is_empty() {
            noise.iter().for_each(|(at, byte)| { let at = at.index(bytes.len()); bytes[at] = *byte; });
            cut.iter().for_each(|at| bytes.truncate(at.index(bytes.len())));
        }
        std::fs::write(&path, &bytes).unwrap();
        match ingest_faers(&folder.path().join("lake"), &[path]) {
            Ok(done) => assert_adds_up(&done.snapshot),
            Err(error) => {
                prop_assert!(!error.problem().is_empty() && !error.help().is_empty());
                prop_assert!(!folder.path().join("lake").exists());
            }
        }
    }

    #[test]
    fn every_row_is_stored_or_set_aside(
        all in junk_rows(),
        period in select(vec!["2004Q1", "2011Q2", "2012Q4", "2024Q4"]),
    ) {
        let quarter = with_rows(period, &all);
        let folder = tempfile::tempdir().unwrap();
        let snapshot = ingested(folder.path(), &[quarter]).unwrap();
        assert_adds_up(&snapshot);
        for (at, table) in TABLES.iter().enumerate() {
            let given = all.iter().filter(|row| row.0 == at).count() as u64;
            let first = u64::from(["demo", "drug", "reac"].contains(table));
            prop_assert_eq!(snapshot.manifest().row_totals()[*table].rows, given + first);
        }
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn rows_glued_at_any_place_come_out_as_before(
        all in legacy_rows(),
        glued in prop::collection::vec(any::<bool>(), 64),
    ) {
        let lines = legacy_lines(&all);
        let mut breaks = glued.iter().cycle();
        let glue = |lines: &Vec<String>| -> String {
            let mut text = String::new();
            for line in lines {
                text.push_str(line);
                text.push_str(if *breaks.next().unwrap() { "" } else { "\n" });
            }
            text
        };
        let together = lines.each_ref().map(glue);
        prop_assert_eq!(held(together), held(lines.each_ref().map(|l| one_a_line(l))));
    }

    #[test]
    fn rows_cut_inside_a_text_come_out_as_before(
        all in legacy_rows(),
        cut in prop::collection::vec(any::<bool>(), 64),
        end in select(vec!["\n", "\r\n", "\n\n"]),
    ) {
        let [demo, drug, reac] = legacy_lines(&all);
        let mut cuts = cut.iter().cycle();
        let mut cut_up = |line: &String| -> String {
            let pieces: Vec<&str> = line.split(' ').collect();
            let mut text = pieces[0].to_owned();
            for piece in &pieces[1..] {
                text.push_str(if *cuts.next().unwrap() { end } else { " " });
                text.push_str(piece);
            }
            text
        };
        let in_pieces = [demo.iter().map(&mut cut_up).collect(), drug.iter().map(&mut cut_up).collect(), reac.clone()];
        let lines = [&demo, &drug, &reac].map(|l| one_a_line(l));
        prop_assert_eq!(held(in_pieces.map(|l: Vec<String>| one_a_line(&l))), held(lines));
    }

    #[test]
    fn cases_come_out_alike_in_every_order_of_files(
        all in histories(),
        order in Just([0_usize, 1, 2]).prop_shuffle(),
        first in 1..3_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let paths = with_history(&all).map(|quarter| quarter.unpacked(folder.path()));
        let at_once = ingest_faers(&folder.path().join("a"), &paths).unwrap().snapshot;
        assert_adds_up(&at_once);
        let (before, after) = order.split_at(first);
        for step in [before, after] {
            let paths: Vec<PathBuf> = step.iter().map(|&at| paths[at].clone()).collect();
            ingest_faers(&folder.path().join("b"), &paths).unwrap();
        }
        let grown = Lake::open(&folder.path().join("b")).unwrap().current().unwrap();
        prop_assert_eq!(&grown.manifest().dataset_id, &at_once.manifest().dataset_id);
        prop_assert_eq!(grown.manifest(), at_once.manifest());
        let cases = rows(&at_once, "report", "case_id");
        let distinct: std::collections::BTreeSet<&String> = cases.iter().collect();
        prop_assert_eq!(distinct.len(), cases.len(), "one report stands for a case");
    }
}
