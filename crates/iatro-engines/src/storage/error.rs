//! What keeps a lake on object storage from being read.

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum StorageErrorKind {
    /// The place or a setting does not make sense.
    Usage,
    /// There is no such bucket.
    NoBucket,
    /// There is no such lake, snapshot or file.
    Missing,
    /// The store does not let this caller read.
    Refused,
    /// The store does not answer, or gives up before the last byte.
    Unreachable,
    /// What the store gives is not what the manifest says.
    Changed,
}

/// Why a lake on object storage cannot be read. No key, token or answer body is ever part of it.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The store's side.
    #[error("{place}: {problem}. {help}")]
    Store {
        /// What kind of failure.
        kind: StorageErrorKind,
        /// The object or the setting.
        place: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        help: String,
    },
    /// This side: the lake's contents, or the disk.
    #[error(transparent)]
    Lake(#[from] iatro_reports::Error),
}

/// The result of what can fail here.
pub(super) type Result<T, E = StorageError> = std::result::Result<T, E>;

impl StorageError {
    /// The store's kind of failure; `None` for one on this side.
    pub fn kind(&self) -> Option<StorageErrorKind> {
        match self {
            Self::Store { kind, .. } => Some(*kind),
            Self::Lake(_) => None,
        }
    }

    pub(super) fn new(
        kind: StorageErrorKind,
        place: impl std::fmt::Display,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self::Store { kind, place: place.to_string(), problem: problem.into(), help: help.into() }
    }
}
