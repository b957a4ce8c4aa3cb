//! What the tests of this crate share.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    unreachable_pub
)]

#[path = "common/quarter.rs"]
pub mod quarter;
#[path = "common/tables.rs"]
pub mod tables;

use std::path::{Path, PathBuf};

use iatro_reports::Result;
use iatro_reports::ingest::{Ingested, Input, Options, Progress, ingest};
use iatro_reports::lake::Snapshot;

/// Hears nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: &str, _: usize, _: usize) {}
}

/// The folder of real files, or `None` (said once a test) where it is not there.
pub fn real_data() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("IATRO_TEST_DATA").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no real files in {}", folder.display());
    None
}

/// Ingests FAERS paths into a lake.
pub fn ingest_faers(lake: &Path, paths: &[PathBuf]) -> Result<Ingested> {
    let options = Options { lake: lake.to_path_buf(), replace: false, rxnorm: None };
    ingest(&Input::Faers(paths.to_vec()), &options, &mut Quiet)
}

/// Ingests FAERS paths into a lake, in the place of what it holds of these quarters.
pub fn replace_faers(lake: &Path, paths: &[PathBuf]) -> Result<Ingested> {
    let options = Options { lake: lake.to_path_buf(), replace: true, rxnorm: None };
    ingest(&Input::Faers(paths.to_vec()), &options, &mut Quiet)
}

/// A lake made from quarters, in a folder that goes with it.
pub struct Made {
    pub folder: tempfile::TempDir,
    pub snapshot: Snapshot,
}

/// Unpacks the quarters into folders and ingests them at once.
pub fn made_of(quarters: &[quarter::Quarter]) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = quarters.iter().map(|q| q.unpacked(folder.path())).collect();
    let snapshot = match ingest_faers(&folder.path().join("lake"), &paths) {
        Ok(done) => done.snapshot,
        Err(error) => panic!("{error}"),
    };
    Made { folder, snapshot }
}

/// The error of ingesting one quarter into a new lake, which must not come to be.
pub fn refusal_of(quarter: &quarter::Quarter) -> iatro_reports::Error {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let error = ingest_faers(&lake, &[quarter.unpacked(folder.path())]).map(|_| ()).unwrap_err();
    assert!(!lake.exists(), "a refused ingest leaves no lake");
    error
}
