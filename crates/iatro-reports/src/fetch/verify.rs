//! What a file on disk really contains: its size and SHA-256.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::grouped;
use crate::faers::catalogue::CatalogueEntry;

/// The size and checksum of a content.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Content {
    /// Bytes.
    pub(super) bytes: u64,
    /// SHA-256, 64 hexadecimal digits in lower case.
    pub(super) sha256: String,
}

impl Content {
    /// Reads a file to its end.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        Self::read(&mut File::open(path)?)
    }

    /// Reads on to the end.
    pub(super) fn read(file: &mut File) -> io::Result<Self> {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        let mut bytes = 0;
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            hash.update(&buffer[..read]);
            bytes += read as u64;
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { bytes, sha256 })
    }

    /// The content the catalogue has of an entry.
    pub(super) fn catalogued(entry: &CatalogueEntry) -> Self {
        Self { bytes: entry.bytes, sha256: entry.sha256.to_ascii_lowercase() }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, SHA-256 {}", grouped(self.bytes), self.sha256)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hashes_what_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let content = Content::of(&path).unwrap();
        assert_eq!(
            content.to_string(),
            "3 bytes, SHA-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(Content::of(dir.path()).is_err());
    }
}
