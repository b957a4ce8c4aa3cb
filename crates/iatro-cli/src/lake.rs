//! Which lake a command reads, and the one way in which every command opens it.

#[cfg(feature = "s3")]
mod remote;

use std::path::{Path, PathBuf};

use iatro_reports::lake::schema::Table;
use iatro_reports::lake::{Lake, Snapshot};

#[cfg(feature = "s3")]
use self::remote::{fetched, for_spark};
use crate::error::CliError;
use crate::global::Global;

/// What the address of a lake on object storage begins with.
const SCHEME: &str = "s3://";

/// The tables beside the dictionaries and the arrays that counting, explaining and dividing read.
const COUNTED: [Table; 3] = [Table::Report, Table::Drug, Table::Indication];

/// Which lake, and which of its snapshots.
#[derive(clap::Args, Debug)]
pub(crate) struct At {
    /// The lake's folder, or s3://bucket/prefix to which such a folder was copied; what is fetched from there is kept
    /// in the folder that IATRO_CACHE names, else in that for caches.
    #[arg(long, value_name = "DIR")]
    lake: PathBuf,
    /// A snapshot other than the current one, by its dataset id.
    #[arg(long, value_name = "ID")]
    dataset: Option<String>,
}

/// What a command reads of a snapshot. A folder has it all; from object storage no more is fetched.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wanted {
    /// What the manifest says.
    Manifest,
    /// Names, substances and terms too.
    Dictionaries,
    /// What is counted, explained and divided.
    Counting,
    /// Every file.
    Everything,
}

impl Wanted {
    /// Whether a file of a snapshot, named by its path in the snapshot's folder, belongs to it.
    #[cfg_attr(not(any(feature = "s3", test)), expect(dead_code))]
    fn holds(self, file: &str) -> bool {
        let table = |table: &Table| file.strip_suffix(".parquet") == Some(table.name());
        let dictionary = || Table::DICTIONARIES.iter().any(table);
        match self {
            Self::Manifest => false,
            Self::Dictionaries => dictionary(),
            Self::Counting => dictionary() || COUNTED.iter().any(table) || file.ends_with(".u32"),
            Self::Everything => true,
        }
    }
}

impl At {
    /// The current snapshot of a lake.
    pub(crate) fn new(lake: &Path) -> Self {
        Self { lake: lake.to_path_buf(), dataset: None }
    }

    /// Opens the snapshot, with what is wanted of it on this disk.
    pub(crate) fn snapshot(&self, wanted: Wanted, global: &Global) -> Result<Snapshot, CliError> {
        if let Some(address) = address(&self.lake) {
            return fetched(address, self.dataset.as_deref(), wanted, global);
        }
        on_disk("--lake", &self.lake, "it cannot be opened")?;
        let lake = Lake::open(&self.lake)?;
        Ok(match &self.dataset {
            Some(id) => lake.snapshot(id)?,
            None => lake.current()?,
        })
    }

    /// The lake as a folder of snapshots, where it is one.
    pub(crate) fn folder(&self) -> Result<Lake, CliError> {
        on_disk("--lake", &self.lake, "its snapshots cannot be listed")?;
        Ok(Lake::open(&self.lake)?)
    }

    /// The lake's address as Spark writes it, where it is on object storage.
    #[cfg_attr(not(feature = "spark"), expect(dead_code))]
    pub(crate) fn for_spark(&self) -> Result<Option<String>, CliError> {
        address(&self.lake).map(for_spark).transpose()
    }
}

/// Refuses an address, of whatever kind, where only a folder will do.
pub(crate) fn on_disk(option: &str, folder: &Path, problem: &str) -> Result<(), CliError> {
    let is_scheme = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let given = folder.to_str().filter(|text| {
        text.split_once("://").is_some_and(|(scheme, _)| !scheme.is_empty() && is_scheme(scheme))
    });
    let Some(address) = given else { return Ok(()) };
    Err(CliError::usage(format!(
        "{option} {}: {problem}, because this program only reads snapshots on object storage, at s3://bucket/prefix. \
         Name a folder; `aws s3 sync` copies one there and back.",
        shown(address)
    )))
}

/// The address of a lake that is not in a folder.
fn address(lake: &Path) -> Option<&str> {
    let text = lake.to_str()?;
    text.get(..SCHEME.len())?.eq_ignore_ascii_case(SCHEME).then_some(text)
}

/// An address as it may be repeated: what stands before an @ may be a key.
fn shown(address: &str) -> &str {
    if address.contains('@') { "with an @" } else { address }
}

#[cfg(not(feature = "s3"))]
fn fetched(address: &str, _: Option<&str>, _: Wanted, _: &Global) -> Result<Snapshot, CliError> {
    Err(not_built(address))
}

#[cfg(not(feature = "s3"))]
fn for_spark(address: &str) -> Result<String, CliError> {
    Err(not_built(address))
}

#[cfg(not(feature = "s3"))]
fn not_built(address: &str) -> CliError {
    CliError::usage(format!(
        "--lake {}: this program was built without object storage. Build it with \
         `cargo install --locked --path crates/iatro-cli --features sql,spark,s3`, or copy the lake to a folder with \
         `aws s3 sync`.",
        shown(address)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_grows_from_step_to_step() {
        let files = ["quarantine.parquet", "history/term.parquet", "event.parquet"];
        let [dictionary, counted, array] = ["term.parquet", "report.parquet", "reaction.u32"];
        let steps = [Wanted::Manifest, Wanted::Dictionaries, Wanted::Counting, Wanted::Everything];
        let holds = |file: &str| steps.map(|wanted| wanted.holds(file));
        assert_eq!(holds(dictionary), [false, true, true, true]);
        assert_eq!(holds(counted), [false, false, true, true]);
        assert_eq!(holds(array), [false, false, true, true]);
        assert!(files.iter().all(|file| holds(file) == [false, false, false, true]));
    }

    #[test]
    fn an_address_is_told_from_a_folder() {
        assert_eq!(address(Path::new("S3://bucket/lake")), Some("S3://bucket/lake"));
        assert!(
            ["lake", "s3", "./s3://b", "s3:/b", "é3://b"]
                .iter()
                .all(|p| address(Path::new(p)).is_none())
        );
    }
}
