//! What the tests of this crate share.

#![allow(dead_code, clippy::unwrap_used, clippy::print_stderr, unreachable_pub)]

use std::path::{Path, PathBuf};

use iatro_reports::Result;
use iatro_reports::ingest::{Ingested, Input, Options, Progress, ingest};

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
