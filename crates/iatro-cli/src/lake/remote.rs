//! A lake on object storage, through a cache folder on this disk.

use std::path::PathBuf;

use iatro_engines::storage::{
    Fetched, Location, Options, Progress, RemoteLake, StorageError, StorageErrorKind,
};
use iatro_reports::lake::Snapshot;
use indicatif::{HumanBytes, ProgressBar};

use super::Wanted;
use crate::error::CliError;
use crate::global::Global;
use crate::output;
use crate::progress::bytes_bar;

/// The variable that names the cache folder.
const CACHE: &str = "IATRO_CACHE";

/// Fetches what is wanted and not in the cache, and opens the snapshot there.
pub(super) fn fetched(
    address: &str,
    dataset: Option<&str>,
    wanted: Wanted,
    global: &Global,
) -> Result<Snapshot, CliError> {
    let location = Location::parse(address)?;
    let cache = cache()?;
    let lake = RemoteLake::new(location.clone(), Options::from_environment())?;
    let mut bar = Bar(bytes_bar(global));
    let read = lake.snapshot(dataset, &|file| wanted.holds(file), &cache, &mut bar);
    bar.0.finish_and_clear();
    let (snapshot, fetched) = read?;
    if fetched.files > 0 {
        let Fetched { files, bytes, kept } = fetched;
        let size = HumanBytes(bytes);
        let folder = cache.display();
        output::remark(
            global,
            &format!("{location}: {files} files ({size}) fetched, {kept} kept in {folder}"),
        );
    }
    Ok(snapshot)
}

/// The address as Spark writes it.
pub(super) fn for_spark(address: &str) -> Result<String, CliError> {
    Ok(Location::parse(address)?.for_spark())
}

/// Where fetched files are kept: as IATRO_CACHE says, else in the platform's folder for such files.
fn cache() -> Result<PathBuf, CliError> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = set(CACHE) {
        return Ok(folder.into());
    }
    // A relative one is to be passed over, says the specification of that variable.
    let own = set("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let home = |below: &str| set("HOME").map(|home| PathBuf::from(home).join(below));
    let platform = if cfg!(windows) {
        set("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home("Library/Caches")
    } else {
        own.or_else(|| home(".cache"))
    };
    platform.map(|folder| folder.join("iatro")).ok_or_else(|| {
        CliError::usage(format!(
            "no folder for what is fetched is known on this machine. Name one with the variable {CACHE}."
        ))
    })
}

/// How many bytes have come, on a terminal.
struct Bar(ProgressBar);

impl Progress for Bar {
    fn moved(&mut self, file: &str, bytes: u64, all: u64) {
        self.0.set_length(all);
        self.0.set_position(bytes);
        if self.0.message() != file {
            self.0.set_message(file.to_owned());
        }
    }
}

impl From<StorageError> for CliError {
    fn from(error: StorageError) -> Self {
        let message = error.to_string();
        match error {
            StorageError::Lake(error) => error.into(),
            StorageError::Store { kind: StorageErrorKind::Usage, .. } => Self::usage(message),
            StorageError::Store { kind: StorageErrorKind::Refused, .. } => Self::refused(message),
            // What is to be counted cannot be had, or is not what it says.
            StorageError::Store { .. } => Self::bad_data(message),
        }
    }
}
