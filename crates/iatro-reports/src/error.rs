//! The one error type of this crate: what is wrong, where, what was expected, what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What kind of failure an [`Error`] is; surfaces turn it into an exit code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ErrorKind {
    /// The call asks for something that does not exist or does not fit together.
    Usage,
    /// An input is missing or is not what it says it is.
    BadData,
    /// The work would be unsafe or cannot be stored; nothing was changed.
    Refused,
}

/// A failure that names its place and the way out.
///
/// Every message reads: place, problem, what was expected, what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}. {help}")]
pub struct Error {
    kind: ErrorKind,
    place: Place,
    problem: String,
    help: String,
    #[source]
    source: Option<io::Error>,
}

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Where something went wrong: a file and, where it is known, the line in it (from 1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The file as the caller named it; a member of an archive is `archive.zip/member.txt`.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u64>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: None }
    }

    /// A line of a file, counted from 1.
    pub fn line(file: impl Into<String>, line: u64) -> Self {
        Self { file: file.into(), line: Some(line) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self::file(path.display().to_string())
    }
}

impl From<&PathBuf> for Place {
    fn from(path: &PathBuf) -> Self {
        path.as_path().into()
    }
}

impl Error {
    fn new(kind: ErrorKind, place: Place, problem: String, help: String) -> Self {
        Self { kind, place, problem, help, source: None }
    }

    /// An input that is missing or is not what it says it is.
    pub fn bad_data(
        place: impl Into<Place>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self::new(ErrorKind::BadData, place.into(), problem.into(), help.into())
    }

    /// Work that would be unsafe; nothing was changed.
    pub fn refused(
        place: impl Into<Place>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self::new(ErrorKind::Refused, place.into(), problem.into(), help.into())
    }

    /// A call that asks for something that does not exist.
    pub fn usage(
        place: impl Into<Place>,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self::new(ErrorKind::Usage, place.into(), problem.into(), help.into())
    }

    /// An input that cannot be read.
    pub fn read(place: impl Into<Place>, source: io::Error) -> Self {
        let (problem, help) = match source.kind() {
            io::ErrorKind::NotFound => {
                ("no such file or folder".to_owned(), "Check the path and its spelling.")
            }
            io::ErrorKind::PermissionDenied => {
                ("not readable".to_owned(), "Give this user the right to read it.")
            }
            _ => {
                (format!("cannot be read ({source})"), "Check the disk and the file, then repeat.")
            }
        };
        Self {
            source: Some(source),
            ..Self::new(ErrorKind::BadData, place.into(), problem, help.to_owned())
        }
    }

    /// Output that cannot be written; the caller leaves everything as it was.
    pub fn write(place: impl Into<Place>, source: io::Error) -> Self {
        let (problem, help) = match source.kind() {
            io::ErrorKind::StorageFull => (
                "the disk is full".to_owned(),
                "Nothing was changed. Free space there or name another folder.",
            ),
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => (
                "not writable".to_owned(),
                "Nothing was changed. Name a folder that this user may write to.",
            ),
            _ => (
                format!("cannot be written ({source})"),
                "Nothing was changed. Check the disk and the folder, then repeat.",
            ),
        };
        Self {
            source: Some(source),
            ..Self::new(ErrorKind::Refused, place.into(), problem, help.to_owned())
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where it happened.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What is wrong, without place and advice.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// What to do next.
    pub fn help(&self) -> &str {
        &self.help
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_place_problem_and_help() {
        let error = Error::bad_data(
            Place::line("DEMO22Q4.txt", 1),
            "no column \"primaryid\" or \"isr\"",
            "Expected a FAERS DEMO table.",
        );
        assert_eq!(
            error.to_string(),
            "DEMO22Q4.txt, line 1: no column \"primaryid\" or \"isr\". Expected a FAERS DEMO table."
        );
        assert_eq!(error.kind(), ErrorKind::BadData);
    }

    #[test]
    fn a_full_disk_is_said_as_such() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let error = Error::write(Path::new("lake"), full);
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.to_string().starts_with("lake: the disk is full."));
    }
}
