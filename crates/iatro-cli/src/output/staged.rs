//! A file that takes its place only when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is written beside its target and renamed by [`publish`](Self::publish), so that the
/// target is never half written; dropped before that, it leaves nothing behind. What is no plain file
/// (a device, a pipe) is written to as it is; a link leads to what it names.
#[derive(Debug)]
pub(crate) struct Staged {
    file: BufWriter<File>,
    /// The file beside the target, and the target; none where the target itself is written to.
    rename: Option<(PathBuf, PathBuf)>,
}

impl Staged {
    /// Opens the file beside `path`.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if path.exists() && !path.is_file() {
            let file = BufWriter::new(OpenOptions::new().write(true).open(&path)?);
            return Ok(Self { file, rename: None });
        }
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let file = BufWriter::new(File::create_new(&part)?);
        Ok(Self { file, rename: Some((part, path)) })
    }

    /// Puts the file in its place.
    pub(crate) fn publish(mut self) -> io::Result<()> {
        self.file.flush()?;
        if let Some((part, path)) = &self.rename {
            fs::rename(part, path)?;
            self.rename = None;
        }
        Ok(())
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some((part, _)) = &self.rename {
            let _ = fs::remove_file(part);
        }
    }
}

/// Writes a whole file; see [`Staged`].
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Staged::create(path)?;
    file.write_all(bytes)?;
    file.publish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_not_published_leaves_nothing_and_the_old_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        fs::write(&path, "old").unwrap();
        let mut file = Staged::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        drop(file);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }
}
