//! A damaged snapshot is found before anything is made from it, and what decides a count cannot be
//! changed without the dataset id telling.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::quarter::Quarter;
use common::tables::rows;
use common::{ingest_faers, replace_faers};
use iatro_reports::lake::{Lake, Snapshot};
use iatro_reports::{Error, ErrorKind};

/// A lake made of the first two of three quarters.
struct Fixture {
    _folder: tempfile::TempDir,
    lake: PathBuf,
    quarters: [PathBuf; 3],
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let quarters = [("2020Q1", 71), ("2020Q2", 81), ("2020Q3", 91)].map(|(period, id)| {
            let quarter = Quarter::new(period).report(id, id / 10, 1, "20200101");
            quarter.row("reac", "primaryid=9, pt=OF NO REPORT").unpacked(folder.path())
        });
        let fixture = Self { lake: folder.path().join("lake"), _folder: folder, quarters };
        fixture.ingest(&[0]).unwrap();
        fixture.ingest(&[1]).unwrap();
        fixture
    }

    fn ingest(&self, quarters: &[usize]) -> Result<Snapshot, Error> {
        let paths: Vec<PathBuf> = quarters.iter().map(|at| self.quarters[*at].clone()).collect();
        ingest_faers(&self.lake, &paths).map(|done| done.snapshot)
    }

    fn current(&self) -> Snapshot {
        Lake::open(&self.lake).unwrap().current().unwrap()
    }
}

/// The bytes of every table.
fn tables(snapshot: &Snapshot) -> BTreeMap<String, Vec<u8>> {
    let tables = snapshot.manifest().tables.iter();
    tables.map(|t| (t.name.clone(), fs::read(snapshot.table_path(&t.name)).unwrap())).collect()
}

fn flip_a_bit(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn nothing_is_made_from_a_snapshot_with_a_damaged_table() {
    let fixture = Fixture::new();
    let snapshot = fixture.current();
    for table in ["drug", "history/event", "name", "withdrawal", "spelling"] {
        let path = snapshot.table_path(table);
        let whole = fs::read(&path).unwrap();
        for damage in [flip_a_bit, |path: &Path| fs::remove_file(path).unwrap()] {
            damage(&path);
            // A new quarter, and one that the lake holds already.
            for quarters in [&[2][..], &[0, 1]] {
                let error = fixture.ingest(quarters).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::BadData);
                assert_eq!(error.place().file, path.display().to_string());
                assert!(error.help().contains("all source files into a new lake"), "{error}");
            }
            assert_eq!(fixture.current().manifest(), snapshot.manifest());
            assert_eq!(Lake::open(&fixture.lake).unwrap().snapshots().unwrap().len(), 2);
            fs::write(&path, &whole).unwrap();
        }
    }
    fixture.ingest(&[2]).unwrap();
}

#[test]
fn what_counting_relies_on_cannot_be_edited_unseen() {
    let fixture = Fixture::new();
    let path = fixture.current().folder().join("manifest.json");
    let whole = fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("\"period\": \"2020Q1\"", "\"period\": \"2019Q1\""),
        ("\"modern\": true", "\"modern\": false"),
        ("\"narratives\": false", "\"narratives\": true"),
        ("\"superseded\": 0", "\"superseded\": 1"),
        ("\"offset\": 0", "\"offset\": 1"),
        ("\"quarantined\": 1\n", "\"quarantined\": 2\n"),
    ] {
        assert!(whole.contains(from), "{from}");
        fs::write(&path, whole.replacen(from, to, 1)).unwrap();
        let found = fixture.current().verify().unwrap().problems;
        assert!(found.iter().any(|p| p.contains("do not give its dataset id")), "{to}: {found:?}");
        let error = fixture.ingest(&[2]).unwrap_err();
        assert_eq!(error.place().file, path.display().to_string());
    }
    fs::write(&path, whole).unwrap();
    assert_eq!(fixture.current().verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_snapshot_under_another_name_is_not_opened() {
    let fixture = Fixture::new();
    let folder = fixture.current().folder().to_path_buf();
    let other = folder.with_file_name("0".repeat(32));
    fs::rename(&folder, &other).unwrap();
    fs::write(fixture.lake.join("CURRENT"), "0".repeat(32)).unwrap();
    let error = Lake::open(&fixture.lake).unwrap().current().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadData);
    assert!(error.to_string().contains("manifest.json: this folder holds the snapshot"), "{error}");
}

#[test]
fn a_damaged_snapshot_that_is_made_again_is_replaced() {
    let fixture = Fixture::new();
    let lake = Lake::open(&fixture.lake).unwrap();
    let second = fixture.current();
    let id = second.manifest().dataset_id.clone();
    let first = lake.snapshots().unwrap().into_iter().find(|other| *other != id).unwrap();
    let whole = tables(&second);
    let damages: [fn(&Snapshot); 3] = [
        |snapshot| flip_a_bit(&snapshot.table_path("drug")),
        |snapshot| fs::remove_file(snapshot.folder().join("manifest.json")).unwrap(),
        |_| {},
    ];
    for damage in damages {
        damage(&second);
        fs::write(fixture.lake.join("CURRENT"), &first).unwrap();
        let made = fixture.ingest(&[1]).unwrap();
        assert_eq!(made.manifest(), second.manifest());
        assert_eq!(made.verify().unwrap().problems, Vec::<String>::new());
        assert_eq!(tables(&made), whole);
        assert!(!fixture.lake.join("staging").exists());
        assert_eq!(lake.snapshots().unwrap().len(), 2);
    }
}

#[test]
fn what_is_no_snapshot_is_not_listed() {
    let fixture = Fixture::new();
    let lake = Lake::open(&fixture.lake).unwrap();
    let ids = lake.snapshots().unwrap();
    fs::write(fixture.lake.join("snapshots/.DS_Store"), "x").unwrap();
    fs::create_dir(fixture.lake.join("snapshots/copies")).unwrap();
    assert_eq!(lake.snapshots().unwrap(), ids);
    fixture.ingest(&[2]).unwrap();
    assert_eq!(lake.snapshots().unwrap().len(), 3);
}

#[test]
fn the_name_of_a_zip_is_no_content() {
    let folder = tempfile::tempdir().unwrap();
    let quarter = Quarter::new("2020Q1")
        .report(71, 7, 1, "20200101")
        .row("demo", "primaryid=81, caseid=8, fda_dt=20209999")
        .row("reac", "primaryid=99, pt=Rash");
    let made = |zip: &str| {
        let path = quarter.zip_as(&folder.path().join(zip), |name| format!("ASCII/{name}"));
        let lake = folder.path().join(format!("lake of {zip}"));
        ingest_faers(&lake, &[path]).unwrap().snapshot
    };
    let (a, b) = (made("a.zip"), made("b.zip"));
    assert_eq!(rows(&a, "quarantine", "file"), ["ASCII/REAC20Q1.txt"]);
    assert_eq!(rows(&a, "value_issue", "file"), ["ASCII/DEMO20Q1.txt"]);
    assert_eq!(a.manifest().parts[0].files[0].name, "a.zip");
    assert_eq!(tables(&a), tables(&b));
    assert_eq!(a.manifest().dataset_id, b.manifest().dataset_id);
}

#[test]
fn a_replaced_part_takes_its_spellings_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let spelt = |period: &str, id: u64, pt: &str| {
        let quarter = Quarter::new(period).report(id, id, 1, "20200101");
        quarter.row("reac", &format!("primaryid={id}, pt={pt}"))
    };
    let before = spelt("2020Q1", 11, "RASH").unpacked(&folder.path().join("before"));
    let after = spelt("2020Q1", 11, "Pain").unpacked(&folder.path().join("after"));
    let next = spelt("2020Q2", 21, "rash").unpacked(folder.path());
    let lake = folder.path().join("lake");
    ingest_faers(&lake, &[before, next.clone()]).unwrap();
    let replaced = replace_faers(&lake, std::slice::from_ref(&after)).unwrap().snapshot;
    let fresh = ingest_faers(&folder.path().join("fresh"), &[after, next]).unwrap().snapshot;
    assert_eq!(rows(&replaced, "term", "folded variants"), ["rash|Rash+rash", "pain|Pain"]);
    assert_eq!(
        rows(&replaced, "spelling", "period term_id spelling"),
        ["2020Q1|0|Rash", "2020Q1|1|Pain", "2020Q2|0|Rash", "2020Q2|0|rash"]
    );
    assert_eq!(tables(&replaced), tables(&fresh));
    assert_eq!(replaced.manifest(), fresh.manifest());
}
