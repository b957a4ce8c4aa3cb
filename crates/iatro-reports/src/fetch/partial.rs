//! The file a download grows in, `NAME.zip.part`, and the tag of the content it holds.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::http::strong_etag;
use super::verify::Content;
use crate::error::{Error, Result};

/// A partial download. It is locked while open, so that two downloads cannot mix their bytes.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    tag_path: PathBuf,
    file: File,
    len: u64,
    inherited: u64,
}

impl Part {
    /// Opens what an earlier download has left, or begins a new one.
    pub(super) fn open(target: &Path) -> Result<Self> {
        let path = beside(target, ".part");
        let write = |e| Error::write(&path, e);
        let mut options = OpenOptions::new();
        let mut file = options
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(write)?;
        lock(&file, &path)?;
        let len = file.seek(SeekFrom::End(0)).map_err(write)?;
        Ok(Self { tag_path: beside(target, ".part.etag"), path, file, len, inherited: len })
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// How many of them were there when the file was opened.
    pub(super) fn inherited(&self) -> u64 {
        self.inherited
    }

    /// Adds bytes at the end.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|e| Error::write(&self.path, e))?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Drops all bytes and their tag.
    pub(super) fn clear(&mut self) -> Result<()> {
        self.forget_tag();
        if self.len > 0 {
            self.truncate().map_err(|e| Error::write(&self.path, e))?;
        }
        (self.len, self.inherited) = (0, 0);
        Ok(())
    }

    fn truncate(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0)).map(drop)
    }

    /// What the bytes so far are. Reads through the open file, which its lock allows everywhere.
    pub(super) fn content(&mut self) -> Result<Content> {
        let content = self.file.seek(SeekFrom::Start(0));
        let content = content.and_then(|_| Content::read(&mut self.file));
        let content = content.map_err(|e| Error::read(&self.path, e))?;
        self.file.seek(SeekFrom::End(0)).map_err(|e| Error::read(&self.path, e))?;
        Ok(content)
    }

    /// The entity tag of the content these bytes are of, as the server gave it.
    pub(super) fn tag(&self) -> Option<String> {
        let text = fs::read_to_string(&self.tag_path).ok()?;
        strong_etag(&text).map(str::to_owned)
    }

    /// Notes the tag for a later download. Without it a download can be resumed too, only that a
    /// change in between shows at its end.
    pub(super) fn set_tag(&self, tag: Option<&str>) {
        let noted = tag.is_some_and(|tag| fs::write(&self.tag_path, tag).is_ok());
        if !noted {
            self.forget_tag();
        }
    }

    fn forget_tag(&self) {
        let _ = fs::remove_file(&self.tag_path);
    }

    /// Renames the complete file to its final name, after it has reached the disk.
    pub(super) fn finish(self, name: &Path) -> Result<()> {
        self.file.sync_all().map_err(|e| Error::write(&self.path, e))?;
        fs::rename(&self.path, name).map_err(|e| Error::write(name, e))?;
        self.forget_tag();
        sync_folder(name).map_err(|e| Error::write(name, e))
    }

    /// Removes the file where nothing has arrived.
    pub(super) fn remove_if_empty(self) {
        if self.len == 0 {
            self.remove();
        }
    }

    /// Removes the file with all that has arrived.
    pub(super) fn remove(self) {
        self.forget_tag();
        let _ = fs::remove_file(&self.path);
    }
}

/// `target` with an ending after its whole name.
pub(super) fn beside(target: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(target);
    name.push(ending);
    PathBuf::from(name)
}

/// Takes the lock at once or says who has it. A file system without locks is used without them.
fn lock(file: &File, path: &Path) -> Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Error::refused(
            path,
            "another download is writing this file",
            "Nothing was changed. Wait for it to end, or name another folder.",
        )),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Makes a renaming last; only Unix can open a folder for that.
fn sync_folder(name: &Path) -> io::Result<()> {
    match name.parent() {
        Some(folder) if cfg!(unix) && !folder.as_os_str().is_empty() => {
            File::open(folder)?.sync_all()
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn grows_over_two_openings_and_gets_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a.zip");
        let mut part = Part::open(&target).unwrap();
        part.append(b"one ").unwrap();
        part.set_tag(Some("\"v1\""));
        drop(part);
        let mut part = Part::open(&target).unwrap();
        assert_eq!((part.len(), part.tag().as_deref()), (4, Some("\"v1\"")));
        assert_eq!(part.content().unwrap().bytes, 4);
        part.append(b"two").unwrap();
        part.finish(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"one two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn begins_anew_after_clearing() {
        let dir = tempfile::tempdir().unwrap();
        let mut part = Part::open(&dir.path().join("a.zip")).unwrap();
        part.append(b"old").unwrap();
        part.clear().unwrap();
        part.append(b"new").unwrap();
        assert_eq!((part.len(), fs::read(&part.path).unwrap().as_slice()), (3, &b"new"[..]));
    }

    #[test]
    fn a_second_download_of_the_same_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a.zip");
        let _first = Part::open(&target).unwrap();
        let error = Part::open(&target).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.problem().contains("another download"), "{error}");
    }

    #[test]
    fn a_damaged_tag_is_no_tag() {
        let dir = tempfile::tempdir().unwrap();
        let part = Part::open(&dir.path().join("a.zip")).unwrap();
        for tag in ["", "W/\"v1\"", "\"a\r\nX: y\"", "v1"] {
            fs::write(&part.tag_path, tag).unwrap();
            assert_eq!(part.tag(), None, "{tag}");
        }
        part.set_tag(None);
        assert!(!part.tag_path.exists());
    }
}
