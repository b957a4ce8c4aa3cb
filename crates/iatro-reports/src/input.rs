//! The files a caller names: zips, folders and plain files, opened safely and hashed.
//!
//! Everything a reader sees comes through a [`Member`]: one text table, streamed, with the name
//! that messages use. Archives are checked against [`limits`] before a byte is unpacked.

pub mod archive;
pub mod hash;
pub mod limits;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::error::{Error, Place, Result};

/// A file that the caller named, or that stood in a folder the caller named.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name without the folder: what the manifest and messages call it.
    pub name: String,
    /// Whether it is a zip archive.
    pub zipped: bool,
}

/// One text table: a plain file, or a member of a zip.
#[derive(Clone, Debug)]
pub struct Member {
    /// The file it is, or is in.
    pub source: SourceFile,
    /// The name inside the archive; `None` for a plain file.
    pub inner: Option<String>,
    /// Its unpacked size in bytes.
    pub bytes: u64,
}

const READ_BUFFER: usize = 1 << 18;

impl SourceFile {
    fn new(path: &Path) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let zipped = has_extension(&name, "zip");
        Self { path: path.to_path_buf(), name, zipped }
    }

    /// The tables in this file, sorted by name; for a plain file, itself.
    pub fn members(&self) -> Result<Vec<Member>> {
        if self.zipped {
            return archive::members(self);
        }
        let bytes = std::fs::metadata(&self.path).map_err(|e| Error::read(&self.path, e))?.len();
        Ok(vec![Member { source: self.clone(), inner: None, bytes }])
    }
}

impl Member {
    /// What messages and the quarantine call it: `faers_ascii_2022Q4.zip/ASCII/DEMO22Q4.txt`.
    pub fn name(&self) -> String {
        match &self.inner {
            Some(inner) => format!("{}/{inner}", self.source.name),
            None => self.source.name.clone(),
        }
    }

    /// The last part of its name: `DEMO22Q4.txt`.
    pub fn base_name(&self) -> &str {
        let name = self.inner.as_deref().unwrap_or(&self.source.name);
        name.rsplit(['/', '\\']).next().unwrap_or(name)
    }

    /// Opens it and hands its bytes to `read`.
    pub fn with_reader<T>(&self, read: impl FnOnce(&mut dyn BufRead) -> Result<T>) -> Result<T> {
        match &self.inner {
            Some(inner) => archive::with_member(self, inner, read),
            None => {
                let path = &self.source.path;
                let file = File::open(path).map_err(|e| Error::read(path, e))?;
                read(&mut BufReader::with_capacity(READ_BUFFER, file))
            }
        }
    }

    /// This member as the place of a message.
    pub fn place(&self) -> Place {
        Place::file(self.name())
    }
}

/// Whether a name ends in an extension, in any case.
pub(crate) fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

/// The zips and the plain files with one of `extensions` behind the paths, folders walked, sorted.
///
/// A path that does not exist is an error, and so is a folder with nothing to read in it, or a pipe
/// or device, which cannot be read twice.
pub fn discover(paths: &[PathBuf], extensions: &[&str]) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for path in paths {
        let metadata = std::fs::metadata(path).map_err(|e| Error::read(path, e))?;
        if metadata.is_dir() {
            let before = files.len();
            walk(path, extensions, &mut files)?;
            if files.len() == before {
                return Err(Error::bad_data(
                    path,
                    "no data file in this folder",
                    format!("Expected .zip or .{} files.", extensions.join(" or .")),
                ));
            }
        } else {
            check_regular(path)?;
            files.push(SourceFile::new(path));
        }
    }
    files.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}

/// Fails for what is neither file nor folder once links are followed: opening a pipe may never end.
pub(crate) fn check_regular(path: &Path) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|e| Error::read(path, e))?;
    if metadata.is_file() || metadata.is_dir() {
        return Ok(());
    }
    Err(Error::bad_data(
        path,
        "not a regular file",
        "Expected a file or a folder: what is read must stay for a second reading. Write it to a \
         file first.",
    ))
}

fn walk(folder: &Path, extensions: &[&str], files: &mut Vec<SourceFile>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::read(folder, e))?;
    for entry in entries {
        let entry = entry.map_err(|e| Error::read(folder, e))?;
        let path = entry.path();
        // Links to folders are not followed: they may lead back.
        let kind = entry.file_type().map_err(|e| Error::read(&path, e))?;
        if kind.is_dir() {
            walk(&path, extensions, files)?;
            continue;
        }
        let file = SourceFile::new(&path);
        let wanted = file.zipped || extensions.iter().any(|e| has_extension(&file.name, e));
        let hidden = file.name.starts_with(['.', '_']);
        if !wanted || hidden {
            continue;
        }
        if kind.is_symlink() && path.is_dir() {
            continue;
        }
        check_regular(&path)?;
        files.push(file);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_missing_path_and_an_empty_folder_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("nothing.zip");
        let error = discover(&[missing], &["txt"]).unwrap_err();
        assert!(error.to_string().contains("nothing.zip: no such file"), "{error}");
        let error = discover(&[folder.path().to_path_buf()], &["txt"]).unwrap_err();
        assert!(error.to_string().contains("no data file in this folder"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_devices_are_refused_rather_than_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("data.txt");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = folder.path().join("link.txt");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        let paths = ["/dev/zero".into(), socket.clone(), link.clone(), folder.path().to_path_buf()];
        for path in paths {
            let error = discover(&[path], &["txt"]).unwrap_err().to_string();
            assert!(error.contains("not a regular file"), "{error}");
        }
        std::fs::remove_file(socket).unwrap();
        std::fs::remove_file(&link).unwrap();
        std::fs::create_dir(folder.path().join("x")).unwrap();
        std::fs::write(folder.path().join("x/a.txt"), "x").unwrap();
        std::os::unix::fs::symlink(folder.path().join("x"), link).unwrap();
        let found = discover(&[folder.path().to_path_buf()], &["txt"]).unwrap();
        assert_eq!(found.len(), 1, "links to folders are not followed");
    }

    #[test]
    fn folders_are_walked_in_a_fixed_order() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("ascii")).unwrap();
        for name in ["ascii/REAC04Q1.TXT", "ascii/DEMO04Q1.TXT", "notes.pdf", ".hidden.txt"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let found = discover(&[folder.path().to_path_buf()], &["txt"]).unwrap();
        let names: Vec<_> = found.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["DEMO04Q1.TXT", "REAC04Q1.TXT"]);
    }
}
