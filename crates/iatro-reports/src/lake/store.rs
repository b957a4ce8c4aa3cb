//! The folder of a lake: its marker, its lock, its snapshots, and the staging area in which the next
//! one is made. A snapshot becomes visible by one rename, after every byte of it is on the disk.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::manifest::Manifest;
use super::schema::SCHEMA_VERSION;
use super::snapshot::Snapshot;
use crate::error::{Error, Place, Result};

/// The file that marks a folder as a lake.
pub const MARKER: &str = "lake.json";
/// The file that names the current snapshot.
pub const CURRENT: &str = "CURRENT";
/// The folder of the snapshots.
pub const SNAPSHOTS: &str = "snapshots";
const STAGING: &str = "staging";
const LOCK: &str = "lock";
const SPILLED: &str = "spilled";
const HISTORY: &str = "history";
/// The manifest in the folder of a snapshot.
pub const MANIFEST: &str = "manifest.json";

/// A lake: a folder of snapshots, one of them current.
#[derive(Clone, Debug)]
pub struct Lake {
    path: PathBuf,
}

#[derive(Deserialize, Serialize)]
struct Marker {
    format: String,
    schema_version: u32,
}

impl Lake {
    /// Opens a lake for reading.
    pub fn open(path: &Path) -> Result<Self> {
        let lake = Self { path: path.to_path_buf() };
        match lake.is_marked()? {
            true => Ok(lake),
            false if path.exists() => Err(Error::bad_data(
                path,
                "this folder is not a lake (it has no lake.json)",
                "Name the folder given to `iatro ingest … --lake`.",
            )),
            false => Err(Error::bad_data(
                path,
                "no such lake",
                "Make one with `iatro ingest faers PATH… --lake DIR`.",
            )),
        }
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The current snapshot.
    pub fn current(&self) -> Result<Snapshot> {
        self.current_if_any()?.ok_or_else(|| {
            Error::bad_data(
                &self.path,
                "this lake has no snapshot yet",
                "An ingest was begun and did not finish. Run it again.",
            )
        })
    }

    /// The current snapshot; `None` if the first ingest was killed before it made one current.
    pub(crate) fn current_if_any(&self) -> Result<Option<Snapshot>> {
        let current = self.path.join(CURRENT);
        match fs::read_to_string(&current) {
            Ok(id) => self.snapshot(id.trim()).map(Some),
            Err(e) if e.kind() == io::ErrorKind::NotFound => self.check_first().map(|()| None),
            Err(e) => Err(Error::read(&current, e)),
        }
    }

    /// Fails if the lake has more snapshots than a killed first ingest can leave.
    fn check_first(&self) -> Result<()> {
        let snapshots = self.snapshots()?;
        if snapshots.len() < 2 {
            return Ok(());
        }
        Err(Error::bad_data(
            self.path.join(CURRENT).as_path(),
            "missing, though the lake has several snapshots",
            format!("Write the current one's dataset id into it; one of {}.", snapshots.join(", ")),
        ))
    }

    /// The snapshot with this dataset id.
    pub fn snapshot(&self, dataset_id: &str) -> Result<Snapshot> {
        let plain = !dataset_id.is_empty() && dataset_id.bytes().all(|b| b.is_ascii_alphanumeric());
        let folder = self.path.join(SNAPSHOTS).join(dataset_id);
        if !plain || !folder.is_dir() {
            return Err(Error::bad_data(
                &self.path,
                format!("no snapshot \"{dataset_id}\" in this lake"),
                "`iatro lake ls` lists them.",
            ));
        }
        Snapshot::open(&folder)
    }

    /// The dataset ids of its snapshots, sorted: of the folders that have a manifest.
    pub fn snapshots(&self) -> Result<Vec<String>> {
        let folder = self.path.join(SNAPSHOTS);
        let mut ids = Vec::new();
        if !folder.exists() {
            return Ok(ids);
        }
        for entry in fs::read_dir(&folder).map_err(|e| Error::read(&folder, e))? {
            let entry = entry.map_err(|e| Error::read(&folder, e))?;
            if entry.path().join(MANIFEST).is_file() {
                ids.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// Whether the folder is marked as a lake.
    fn is_marked(&self) -> Result<bool> {
        let path = self.path.join(MARKER);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e)
                if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
            {
                return Ok(false);
            }
            Err(e) => return Err(Error::read(&path, e)),
        };
        check_marker(&text, &path).map(|()| true)
    }
}

/// Checks the text of [`MARKER`], which `place` names in errors.
///
/// # Errors
/// If it marks no lake, or one of another schema.
pub fn check_marker(text: &str, place: impl Into<Place>) -> Result<()> {
    let place = place.into();
    let marker: Marker = match serde_json::from_str(text) {
        Ok(marker) => marker,
        Err(error) => {
            let problem = format!("not the marker of a lake ({error})");
            return Err(Error::bad_data(place, problem, "Restore the lake."));
        }
    };
    if marker.schema_version == SCHEMA_VERSION {
        return Ok(());
    }
    Err(Error::bad_data(
        place,
        format!("lake schema {}, this version reads {SCHEMA_VERSION}", marker.schema_version),
        "Use the iatro version that wrote it, or ingest the files anew.",
    ))
}

/// A snapshot in the making. Dropped before [`publish`](Self::publish), it removes what it made, as far
/// as the file system lets it; the next run removes the rest.
pub(crate) struct Staging {
    lake: Lake,
    folder: PathBuf,
    /// Removed again when nothing is published: folders this made, innermost first.
    made: Vec<PathBuf>,
    _lock: File,
    published: bool,
}

impl Staging {
    /// Makes the lake if there is none, locks it, and clears what a killed run left behind.
    pub(crate) fn begin(path: &Path) -> Result<Self> {
        let lake = Lake { path: path.to_path_buf() };
        let fresh = !lake.is_marked()?;
        if fresh {
            refuse_foreign_folder(path)?;
        }
        let made = make_folders(path)?;
        let undo = UndoFolders(made);
        let lock = lock(path)?;
        let staging = path.join(STAGING);
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(|e| Error::write(&staging, e))?;
        }
        let folder = staging.join("snapshot");
        for folder in [folder.join(HISTORY), staging.join(SPILLED)] {
            fs::create_dir_all(&folder).map_err(|e| Error::write(&folder, e))?;
        }
        let made = undo.keep();
        Ok(Self { lake, folder, made, _lock: lock, published: false })
    }

    /// Where the tables are written.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where what does not fit into memory is written meanwhile; no part of the snapshot.
    pub(crate) fn spill_folder(&self) -> PathBuf {
        self.lake.path.join(STAGING).join(SPILLED)
    }

    /// Writes the manifest, makes the snapshot visible and current.
    ///
    /// A failure up to the rename leaves the lake as it was; a failure after it leaves the new snapshot
    /// in place, though perhaps not current.
    pub(crate) fn publish(mut self, manifest: &Manifest) -> Result<Snapshot> {
        let text = serde_json::to_string_pretty(manifest)
            .map_err(|e| Error::write(self.folder.as_path(), io::Error::other(e)))?;
        write_synced(&self.folder.join(MANIFEST), &text)?;
        sync_folder(&self.folder.join(HISTORY))?;
        sync_folder(&self.folder)?;
        let root = self.lake.path.clone();
        // All that takes space is written before the first rename: a full disk stops it here.
        let fresh = !self.lake.is_marked()?;
        if fresh {
            let marker = Marker { format: "iatro-lake".to_owned(), schema_version: SCHEMA_VERSION };
            let text = serde_json::to_string_pretty(&marker)
                .map_err(|e| Error::write(root.as_path(), io::Error::other(e)))?;
            write_synced(&root.join(STAGING).join(MARKER), &text)?;
        }
        let id = format!("{}\n", manifest.dataset_id);
        write_synced(&root.join(STAGING).join(CURRENT), &id)?;
        let snapshots = root.join(SNAPSHOTS);
        fs::create_dir_all(&snapshots).map_err(|e| Error::write(&snapshots, e))?;
        let target = snapshots.join(&manifest.dataset_id);
        self.move_snapshot(&target)?;
        self.make_current(fresh).map_err(|error| not_current(&error))?;
        self.published = true;
        Snapshot::open(&target)
    }

    /// Renames the snapshot into place, unless it stands there already, whole; a damaged one makes way.
    fn move_snapshot(&self, target: &Path) -> Result<()> {
        let rename = |from: &Path, to: &Path| -> Result<()> {
            fs::rename(from, to).map_err(|e| Error::write(target, e))
        };
        if !target.exists() {
            return rename(&self.folder, target);
        }
        if Snapshot::open(target).is_ok_and(|snapshot| snapshot.check_whole().is_ok()) {
            return Ok(());
        }
        let aside = self.lake.path.join(STAGING).join("damaged");
        rename(target, &aside)?;
        rename(&self.folder, target).inspect_err(|_| {
            // Best effort: the failure to report is that of the new one.
            let _ = fs::rename(&aside, target);
        })
    }

    fn make_current(&self, fresh: bool) -> Result<()> {
        let root = &self.lake.path;
        sync_folder(&root.join(SNAPSHOTS))?;
        if fresh {
            move_into_place(root, MARKER)?;
        }
        move_into_place(root, CURRENT)
    }
}

/// A failure after the new snapshot became visible, which must not say that nothing was changed.
fn not_current(error: &Error) -> Error {
    Error::refused(
        error.place().clone(),
        error.problem(),
        "The new snapshot is written, but may not be the current one. Check the disk and the folder, \
         then repeat.",
    )
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Best effort: what cannot be removed now, the next run removes.
        let _ = fs::remove_dir_all(self.lake.path.join(STAGING));
        if !self.published && !self.made.is_empty() {
            let _ = fs::remove_file(self.lake.path.join(LOCK));
            for folder in &self.made {
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

/// A lake may be made in a new or empty folder, or where an earlier run was killed; not elsewhere.
fn refuse_foreign_folder(path: &Path) -> Result<()> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(Error::write(path, e)),
    };
    for entry in entries {
        let name = entry.map_err(|e| Error::read(path, e))?.file_name();
        let name = name.to_string_lossy();
        if ![STAGING, LOCK, SNAPSHOTS].contains(&name.as_ref()) && name != "lost+found" {
            return Err(Error::refused(
                path,
                format!("this folder is not a lake, and not empty (it holds \"{name}\")"),
                "Nothing was changed. Name a new folder for the lake.",
            ));
        }
    }
    Ok(())
}

struct UndoFolders(Vec<PathBuf>);

impl UndoFolders {
    fn keep(mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.0)
    }
}

impl Drop for UndoFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            let _ = fs::remove_dir_all(folder.join(STAGING));
            let _ = fs::remove_file(folder.join(LOCK));
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes the folder and its parents; returns those it made, innermost first.
fn make_folders(path: &Path) -> Result<Vec<PathBuf>> {
    let missing: Vec<PathBuf> = path
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .map(Path::to_path_buf)
        .collect();
    fs::create_dir_all(path).map_err(|e| Error::write(path, e))?;
    Ok(missing)
}

fn lock(path: &Path) -> Result<File> {
    let file_path = path.join(LOCK);
    let file = File::create(&file_path).map_err(|e| Error::write(path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::refused(
            path,
            "another ingest is writing to this lake",
            "Nothing was changed. Wait until it ends, then repeat.",
        )),
        Err(TryLockError::Error(e)) => Err(Error::write(&file_path, e)),
    }
}

fn write_synced(path: &Path, text: &str) -> Result<()> {
    let write = || -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|e| Error::write(path, e))
}

fn move_into_place(folder: &Path, name: &str) -> Result<()> {
    let target = folder.join(name);
    fs::rename(folder.join(STAGING).join(name), &target).map_err(|e| Error::write(&target, e))?;
    sync_folder(folder)
}

/// Brings the entries of a folder to the disk.
///
/// On Unix a failure is an error, except where the file system says that it has no such operation.
/// Elsewhere a folder cannot be opened as a file, and nothing is done.
fn sync_folder(folder: &Path) -> Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder).and_then(|handle| handle.sync_all()) {
        Err(e) if [io::ErrorKind::InvalidInput, io::ErrorKind::Unsupported].contains(&e.kind()) => {
            Ok(())
        }
        result => result.map_err(|e| Error::write(folder, e)),
    }
}
