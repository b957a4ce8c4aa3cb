//! Lakes on object storage, against a store of the tests' own: what is fetched, what is not, and every way to fail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod failing;
mod fetching;
#[path = "../support/store.rs"]
mod store;

use std::path::{Path, PathBuf};
use std::time::Duration;

use iatro_engines::storage::{Fetched, Location, Options, Progress, RemoteLake, StorageError};
use iatro_reports::ingest::{self, Input, ingest};
use iatro_reports::lake::Snapshot;
use store::{SECRETS, Store};
use tempfile::TempDir;

/// Where the lake of the tests is.
const LAKE: &str = "s3://bucket/my lakes/é";

struct Quiet;

impl ingest::Progress for Quiet {
    fn step(&mut self, _: &str, _: usize, _: usize) {}
}

/// The last that was heard.
#[derive(Default)]
struct Heard {
    bytes: u64,
    all: u64,
}

impl Progress for Heard {
    fn moved(&mut self, _: &str, bytes: u64, all: u64) {
        assert!(bytes > self.bytes && bytes <= all, "{bytes} after {} of {all}", self.bytes);
        (self.bytes, self.all) = (bytes, all);
    }
}

/// A store with a lake, and a cache beside it.
struct Scene {
    folder: TempDir,
    store: Store,
    original: Snapshot,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lake = folder.path().join("store/bucket/my lakes/é");
        let original = grow(folder.path(), &lake, "a.csv");
        let store = Store::start(&folder.path().join("store"));
        Self { folder, store, original }
    }

    fn lake(&self) -> PathBuf {
        self.folder.path().join("store/bucket/my lakes/é")
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn id(&self) -> &str {
        &self.original.manifest().dataset_id
    }

    /// Impatient, so that failures end while somebody waits for them.
    fn options(&self) -> Options {
        Options {
            patience: Duration::from_secs(3),
            stall: Duration::from_secs(1),
            backoff: Duration::from_millis(10),
            ..Options::new(self.store.variables())
        }
    }

    fn ask(
        &self,
        lake: &str,
        dataset: Option<&str>,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<(Snapshot, Fetched), StorageError> {
        let mut heard = Heard::default();
        let lake = RemoteLake::new(Location::parse(lake)?, self.options())?;
        let read = lake.snapshot(dataset, wanted, &self.cache(), &mut heard)?;
        assert_eq!((heard.bytes, heard.all), (read.1.bytes, read.1.bytes));
        Ok(read)
    }

    fn whole(&self) -> Result<(Snapshot, Fetched), StorageError> {
        self.ask(LAKE, None, &|_| true)
    }

    /// What is wrong, in words without a secret; nothing half-done is left and nothing is taken for a snapshot.
    fn error(&self, lake: &str, dataset: Option<&str>) -> StorageError {
        let error = self.ask(lake, dataset, &|_| true).map(|_| ()).unwrap_err();
        let text = error.to_string();
        assert!(SECRETS.iter().all(|secret| !text.contains(secret)), "{text}");
        assert!(text.lines().count() == 1 && text.ends_with('.'), "{text}");
        let partial = self.cache().join("partial");
        assert!(!partial.exists() || std::fs::read_dir(partial).unwrap().next().is_none());
        assert!(Snapshot::open(&self.cache().join("snapshots").join(self.id())).is_err());
        error
    }
}

/// Ingests a line list into a lake; another name, other reports.
fn grow(folder: &Path, lake: &Path, list: &str) -> Snapshot {
    let terms: u32 = list.bytes().map(u32::from).sum();
    let list = folder.join(list);
    let row = |n: u32| format!("{n},drug {},term {}\n", n % 97, n % terms);
    let rows: String = (1..3_000).map(row).collect();
    std::fs::write(&list, format!("report_id,drug,event\n{rows}")).unwrap();
    let options = ingest::Options { lake: lake.to_path_buf(), replace: false, rxnorm: None };
    ingest(&Input::Csv(vec![list]), &options, &mut Quiet).unwrap().snapshot
}
