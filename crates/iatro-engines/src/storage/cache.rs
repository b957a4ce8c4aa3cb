//! The folder that keeps what has been fetched: `snapshots/ID/…` as in a lake.
//!
//! It is no lake itself (it has no marker), so nothing takes it for one. A file gets its name there by one rename, after
//! its bytes were held against the manifest; two runs that fetch the same file both write the same bytes, and the later
//! rename wins. A killed run leaves a file under `partial/`, which a later run clears away.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use iatro_reports::Error;
use iatro_reports::input::hash::{HashingWriter, sha256_file};
use iatro_reports::lake::manifest::TableFile;
use iatro_reports::lake::store::{MARKER, SNAPSHOTS};
use tempfile::{Builder, NamedTempFile};

use super::error::Result;

const PARTIAL: &str = "partial";

/// What the name of a file in the making begins with.
const PREFIX: &str = "fetching-";

/// A file that nobody has written to for so long is not being fetched any more.
const STALE: Duration = Duration::from_secs(2 * 24 * 3_600);

/// A cache folder.
pub(super) struct Cache {
    folder: PathBuf,
}

/// A file in the making, hashed while it is written.
pub(super) struct Making {
    file: HashingWriter<NamedTempFile>,
}

impl Cache {
    /// Makes the folder if there is none, and clears what runs of days ago left unfinished. A lake is refused: parts
    /// of other snapshots have no place there.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        if folder.join(MARKER).exists() {
            let problem = "this folder is a lake, and no place for what is fetched from another";
            return Err(Error::bad_data(folder, problem, "Name another with IATRO_CACHE.").into());
        }
        let partial = folder.join(PARTIAL);
        fs::create_dir_all(&partial).map_err(|e| Error::write(&partial, e))?;
        for entry in fs::read_dir(&partial).map_err(|e| Error::read(&partial, e))?.flatten() {
            let changed = entry.metadata().and_then(|metadata| metadata.modified());
            let age = changed.ok().and_then(|changed| changed.elapsed().ok());
            let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            if ours && age.is_some_and(|age| age > STALE) {
                // Best effort: another run may be clearing it too.
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(Self { folder: folder.to_path_buf() })
    }

    /// The folder of a snapshot.
    pub(super) fn snapshot(&self, dataset_id: &str) -> PathBuf {
        self.folder.join(SNAPSHOTS).join(dataset_id)
    }

    /// Begins a file.
    pub(super) fn begin(&self) -> Result<Making> {
        let partial = self.folder.join(PARTIAL);
        let file = Builder::new().prefix(PREFIX).tempfile_in(&partial);
        let file = file.map_err(|e| Error::write(&partial, e))?;
        Ok(Making { file: HashingWriter::new(file) })
    }
}

impl Making {
    /// Appends bytes.
    pub(super) fn write(&mut self, bytes: &[u8], target: &Path) -> Result<()> {
        self.file.write_all(bytes).map_err(|e| failed(target, e))
    }

    /// Gives the file its name if it is what is expected, in the place of what bears that name; otherwise removes it and
    /// says what it is.
    pub(super) fn keep(self, expected: &TableFile, target: &Path) -> Result<Option<String>> {
        let (file, sha256, bytes) = self.file.finish();
        if sha256 != expected.sha256 || bytes != expected.bytes {
            return Ok(Some(format!(
                "{bytes} bytes with SHA-256 {sha256}; the manifest says {} bytes with {}",
                expected.bytes, expected.sha256
            )));
        }
        place(file, target)?;
        Ok(None)
    }
}

/// Whether a file is there as the manifest has it.
pub(super) fn holds(target: &Path, expected: &TableFile) -> Result<bool> {
    match fs::metadata(target) {
        Ok(metadata) if metadata.len() == expected.bytes => {
            Ok(sha256_file(target)?.0 == expected.sha256)
        }
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::read(target, error).into()),
    }
}

/// Puts a small text in place, unless it is there already.
pub(super) fn put(cache: &Cache, text: &str, target: &Path) -> Result<()> {
    if fs::read(target).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let mut making = cache.begin()?;
    making.write(text.as_bytes(), target)?;
    place(making.file.finish().0, target)
}

fn place(file: NamedTempFile, target: &Path) -> Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
    }
    // It need not outlive a loss of power: what is there is hashed before it is used.
    file.persist(target).map_err(|e| failed(target, e.error))?;
    Ok(())
}

fn failed(target: &Path, error: io::Error) -> super::StorageError {
    Error::write(target, error).into()
}
