//! The folder of a lake: what may stand there, what a killed or failed ingest leaves, what is found
//! when it is damaged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs
)]

mod common;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use common::ingest_faers;
use common::quarter::Quarter;
use common::tables::rows;
use iatro_reports::lake::{Lake, Snapshot};
use iatro_reports::{Error, ErrorKind};

/// A folder with two quarters and a lake made of the first.
struct Fixture {
    folder: tempfile::TempDir,
    lake: PathBuf,
    quarters: [PathBuf; 2],
}

impl Fixture {
    /// No lake yet.
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let quarters = ["2020Q1", "2020Q2"].map(|period| {
            Quarter::new(period).report(71, 7, 1, "20200101").unpacked(folder.path())
        });
        Self { lake: folder.path().join("lake"), folder, quarters }
    }

    fn new() -> Self {
        let fixture = Self::empty();
        fixture.ingest(0).unwrap();
        fixture
    }

    fn ingest(&self, quarter: usize) -> Result<Snapshot, Error> {
        ingest_faers(&self.lake, &self.quarters[quarter..=quarter]).map(|done| done.snapshot)
    }

    fn current(&self) -> Snapshot {
        Lake::open(&self.lake).unwrap().current().unwrap()
    }

    /// Asserts that an ingest is refused and leaves the lake as it was.
    fn assert_unchanged_by(&self, attempt: impl FnOnce() -> Result<Snapshot, Error>) -> Error {
        let before = listing(&self.lake);
        let error = attempt().unwrap_err();
        assert_eq!(listing(&self.lake), before, "{error}");
        error
    }
}

/// Every file under a folder with its bytes; the lock holds nothing.
fn listing(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.push((path.clone(), Vec::new()));
            found.extend(listing(&path));
        } else if !path.ends_with("lock") {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

fn problems(snapshot: &Snapshot) -> Vec<String> {
    snapshot.verify().unwrap().problems
}

#[test]
fn a_lake_opens_where_one_was_made_and_nowhere_else() {
    let fixture = Fixture::empty();
    let missing = Lake::open(&fixture.lake).unwrap_err();
    assert!(missing.to_string().contains("no such lake"), "{missing}");
    let folder = Lake::open(fixture.folder.path()).unwrap_err();
    assert!(folder.to_string().contains("not a lake"), "{folder}");
    let snapshot = fixture.ingest(0).unwrap();
    let lake = Lake::open(&fixture.lake).unwrap();
    assert_eq!(lake.snapshots().unwrap(), [snapshot.manifest().dataset_id.clone()]);
    assert_eq!(lake.current().unwrap().manifest(), snapshot.manifest());
    assert!(lake.snapshot("../snapshots").is_err() && lake.snapshot("").is_err());
    assert!(!fixture.lake.join("staging").exists());
    assert_eq!(problems(&snapshot), Vec::<String>::new());
}

#[test]
fn earlier_snapshots_stay_as_they_were() {
    let fixture = Fixture::new();
    let first = fixture.current();
    let second = fixture.ingest(1).unwrap();
    let lake = Lake::open(&fixture.lake).unwrap();
    assert_eq!(lake.snapshots().unwrap().len(), 2);
    let again = lake.snapshot(&first.manifest().dataset_id).unwrap();
    assert_eq!(problems(&again), Vec::<String>::new());
    assert_eq!(rows(&again, "report", "period"), ["2020Q1"]);
    assert_eq!(rows(&second, "report", "period"), ["2020Q2"]);
}

#[test]
fn what_a_killed_run_left_in_staging_is_cleared() {
    let fixture = Fixture::new();
    let left = fixture.lake.join("staging/snapshot/history");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("report.parquet"), "PAR1 half a table").unwrap();
    fs::write(left.join("of_old.parquet"), "PAR1").unwrap();
    fs::write(fixture.lake.join("staging/CURRENT"), "0").unwrap();
    // Whole records of another corpus: they must not be taken for this one's.
    let spilled = fixture.lake.join("staging/spilled");
    fs::create_dir_all(&spilled).unwrap();
    for bucket in 0..128 {
        fs::write(spilled.join(format!("case-{bucket}")), [0; 96]).unwrap();
    }
    let snapshot = fixture.ingest(1).unwrap();
    assert!(!fixture.lake.join("staging").exists());
    assert!(!snapshot.table_path("history/of_old").exists());
    assert_eq!(problems(&snapshot), Vec::<String>::new());
    // Killed before there was a lake: only staging and lock.
    let fresh = Fixture::empty();
    fs::create_dir_all(fresh.lake.join("staging/snapshot")).unwrap();
    File::create(fresh.lake.join("lock")).unwrap();
    fresh.ingest(0).unwrap();
    assert_eq!(problems(&fresh.current()), Vec::<String>::new());
}

#[test]
fn a_first_ingest_killed_at_its_last_step_is_made_good_by_the_next() {
    let fixture = Fixture::new();
    let id = fixture.current().manifest().dataset_id.clone();
    fs::remove_file(fixture.lake.join("CURRENT")).unwrap();
    let error = Lake::open(&fixture.lake).unwrap().current().unwrap_err();
    assert!(error.to_string().contains("no snapshot yet"), "{error}");
    assert_eq!(fixture.ingest(0).unwrap().manifest().dataset_id, id);
    assert_eq!(fixture.current().manifest().dataset_id, id);
    // Killed between the snapshot and the marker.
    fs::remove_file(fixture.lake.join("CURRENT")).unwrap();
    fs::remove_file(fixture.lake.join("lake.json")).unwrap();
    assert_eq!(fixture.ingest(0).unwrap().manifest().dataset_id, id);
    assert_eq!(problems(&fixture.current()), Vec::<String>::new());
}

#[test]
fn a_current_that_was_lost_or_leads_nowhere_is_not_guessed() {
    let fixture = Fixture::new();
    fixture.ingest(1).unwrap();
    let third = Quarter::new("2020Q3").report(81, 8, 1, "20200801").unpacked(fixture.folder.path());
    let attempt = || ingest_faers(&fixture.lake, std::slice::from_ref(&third)).map(|d| d.snapshot);
    fs::remove_file(fixture.lake.join("CURRENT")).unwrap();
    let error = fixture.assert_unchanged_by(attempt);
    assert!(error.to_string().contains("CURRENT: missing"), "{error}");
    fs::write(fixture.lake.join("CURRENT"), "0123456789abcdef\n").unwrap();
    let error = fixture.assert_unchanged_by(attempt);
    assert!(error.to_string().contains("no snapshot \"0123456789abcdef\""), "{error}");
}

#[test]
fn a_lake_of_another_schema_or_with_a_broken_marker_is_left_alone() {
    let fixture = Fixture::new();
    for (marker, problem) in [
        (r#"{"format":"iatro-lake","schema_version":7}"#, "lake schema 7, this version reads 2"),
        ("{", "not the marker of a lake"),
        ("", "not the marker of a lake"),
    ] {
        fs::write(fixture.lake.join("lake.json"), marker).unwrap();
        let error = fixture.assert_unchanged_by(|| fixture.ingest(1));
        assert!(error.to_string().contains(problem), "{error}");
        assert_eq!(Lake::open(&fixture.lake).unwrap_err().to_string(), error.to_string());
    }
}

#[test]
fn a_foreign_folder_is_refused_and_an_empty_one_is_not() {
    let fixture = Fixture::empty();
    fs::create_dir(&fixture.lake).unwrap();
    fs::write(fixture.lake.join("thesis.doc"), "x").unwrap();
    let error = fixture.assert_unchanged_by(|| fixture.ingest(0));
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("not empty (it holds \"thesis.doc\")"), "{error}");
    assert!(!fixture.lake.join("lock").exists());
    fs::remove_file(fixture.lake.join("thesis.doc")).unwrap();
    fixture.ingest(0).unwrap();
    let plain = fixture.folder.path().join("plain");
    fs::write(&plain, "x").unwrap();
    let error = ingest_faers(&plain, &fixture.quarters).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(fs::read(&plain).unwrap(), b"x");
}

#[test]
fn two_ingests_do_not_write_at_once() {
    let fixture = Fixture::new();
    let lock = File::create(fixture.lake.join("lock")).unwrap();
    lock.lock().unwrap();
    let error = fixture.assert_unchanged_by(|| fixture.ingest(1));
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("another ingest is writing"), "{error}");
    assert_eq!(rows(&fixture.current(), "report", "period"), ["2020Q1"]);
    drop(lock);
    fixture.ingest(1).unwrap();
}

#[test]
fn verify_names_every_damage() {
    let fixture = Fixture::new();
    let snapshot = fixture.current();
    let checked = |table: &str, damage: fn(&Path)| {
        let path = snapshot.table_path(table);
        let whole = fs::read(&path).unwrap();
        damage(&path);
        let found = problems(&snapshot);
        fs::write(&path, whole).unwrap();
        assert_eq!(problems(&snapshot), Vec::<String>::new());
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    };
    let flipped = checked("drug", |path| {
        let mut bytes = fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    });
    assert!(flipped.starts_with("drug.parquet: ") && flipped.contains("SHA-256"), "{flipped}");
    let missing = checked("history/event", |path| fs::remove_file(path).unwrap());
    assert_eq!(missing, "history/event.parquet: missing");
    let cut = checked("term", |path| {
        let file = File::options().write(true).open(path).unwrap();
        file.set_len(file.metadata().unwrap().len() - 1).unwrap();
    });
    assert!(cut.starts_with("term.parquet: "), "{cut}");
}

#[test]
fn verify_reads_the_manifest_against_itself() {
    let fixture = Fixture::new();
    let path = fixture.current().folder().join("manifest.json");
    let whole = fs::read_to_string(&path).unwrap();
    let damaged = |from: &str, to: &str| {
        assert!(whole.contains(from));
        fs::write(&path, whole.replacen(from, to, 1)).unwrap();
        problems(&fixture.current())
    };
    let sha256 = fixture.current().manifest().parts[0].files[0].sha256.clone();
    let other_file = damaged(&sha256, &"0".repeat(64));
    assert_eq!(other_file, ["manifest.json: its contents do not give its dataset id"]);
    let fewer = damaged("\"reports\": 1", "\"reports\": 2");
    assert!(fewer.iter().any(|p| p.contains("the parts hold 2 reports")), "{fewer:?}");
    let unbalanced =
        damaged("\"rows\": 1,\n          \"stored\": 1", "\"rows\": 2,\n          \"stored\": 1");
    assert!(
        unbalanced.iter().any(|p| p.contains("2 rows in, 1 stored, 0 quarantined")),
        "{unbalanced:?}"
    );
    fs::write(&path, "{}").unwrap();
    let error = Lake::open(&fixture.lake).unwrap().current().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadData);
    assert!(error.to_string().contains("not the manifest of a snapshot"), "{error}");
}

#[test]
fn a_table_that_cannot_be_read_stops_an_ingest_and_changes_nothing() {
    let fixture = Fixture::new();
    let table = fixture.current().table_path("event");
    fs::write(&table, "PAR1 and no more").unwrap();
    let error = fixture.assert_unchanged_by(|| fixture.ingest(1));
    assert_eq!(error.kind(), ErrorKind::BadData);
    assert!(error.to_string().contains("event.parquet: 16 bytes with SHA-256"), "{error}");
}

/// A small file system of its own, unmounted when it goes; `None`, said once, where that is not
/// allowed.
struct Mount(tempfile::TempDir);

impl Mount {
    fn of(size: &str) -> Option<Self> {
        let mount = Self(tempfile::tempdir().unwrap());
        if mount.run("mount", &["-t", "tmpfs", "-o", size, "tmpfs"]) {
            return Some(mount);
        }
        eprintln!("skipped: this user may not mount a file system");
        None
    }

    fn run(&self, command: &str, arguments: &[&str]) -> bool {
        let done = Command::new(command).args(arguments).arg(self.0.path()).output();
        done.is_ok_and(|output| output.status.success())
    }

    fn remount(&self, option: &str) {
        assert!(self.run("mount", &["-o", &format!("remount,{option}")]), "{option}");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.run("umount", &[]);
    }
}

/// The sizes of a file system, from next to nothing to more than enough.
fn sizes() -> impl Iterator<Item = String> {
    (1..=64).map(|step| format!("size={}k", step * 8))
}

#[test]
fn a_full_disk_leaves_no_lake_behind() {
    let Some(mount) = Mount::of("size=8k") else { return };
    let fixture = Fixture { lake: mount.0.path().join("deep/lake"), ..Fixture::empty() };
    let mut failures = 0;
    for size in sizes() {
        mount.remount(&size);
        match fixture.ingest(0) {
            Ok(snapshot) => {
                assert_eq!(problems(&snapshot), Vec::<String>::new());
                assert!(failures > 5, "{failures}");
                return;
            }
            Err(error) => {
                failures += 1;
                assert_eq!(error.kind(), ErrorKind::Refused);
                assert!(error.to_string().contains("the disk is full"), "{size}: {error}");
                assert_eq!(listing(mount.0.path()), Vec::new(), "{size}");
            }
        }
    }
    panic!("no size was enough");
}

#[test]
fn a_disk_that_fills_up_leaves_the_previous_snapshot_as_it_was() {
    let Some(mount) = Mount::of("size=8m") else { return };
    let fixture = Fixture { lake: mount.0.path().join("lake"), ..Fixture::empty() };
    let first = fixture.ingest(0).unwrap();
    // A file takes all but what the second ingest may have.
    for step in 1..=64 {
        let filler = fs::write(mount.0.path().join("filler"), vec![0; 16 << 20]);
        assert!(filler.is_err());
        let file = File::options().write(true).open(mount.0.path().join("filler")).unwrap();
        file.set_len(file.metadata().unwrap().len() - step * 8192).unwrap();
        let before = listing(&fixture.lake);
        match fixture.ingest(1) {
            Ok(snapshot) => {
                assert!(step > 5, "{step}");
                assert_eq!(rows(&snapshot, "report", "period"), ["2020Q2"]);
                return;
            }
            Err(error) => {
                assert!(error.to_string().contains("the disk is full"), "{error}");
                assert!(listing(&fixture.lake) == before, "step {step}: {error}");
                assert_eq!(fixture.current().manifest(), first.manifest());
                assert_eq!(problems(&fixture.current()), Vec::<String>::new());
            }
        }
        fs::remove_file(mount.0.path().join("filler")).unwrap();
    }
    panic!("no size was enough");
}

#[test]
fn a_read_only_lake_is_read_and_not_written() {
    let Some(mount) = Mount::of("size=8m") else { return };
    let fixture = Fixture { lake: mount.0.path().join("lake"), ..Fixture::empty() };
    fixture.ingest(0).unwrap();
    mount.remount("ro");
    let error = fixture.assert_unchanged_by(|| fixture.ingest(1));
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("not writable"), "{error}");
    assert_eq!(problems(&fixture.current()), Vec::<String>::new());
    let elsewhere = ingest_faers(&mount.0.path().join("new"), &fixture.quarters).unwrap_err();
    assert!(elsewhere.to_string().contains("not writable"), "{elsewhere}");
    mount.remount("rw");
    fixture.ingest(1).unwrap();
}
