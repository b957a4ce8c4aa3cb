//! Lakes on S3-compatible object storage.
//!
//! A lake at `s3://bucket/prefix` is what a person gets who copies a lake's folder there. Nothing is ever written to it.
//! Its snapshots are immutable and named by their content, so the files of one are fetched once into a cache folder,
//! each held against the size and SHA-256 in the manifest before it gets its name there; from then on the snapshot is
//! one on this disk, and nothing else need know where it came from.
//!
//! Only files that are wanted are fetched. A file that is not there is an error of whoever opens it, never an empty
//! table.

mod cache;
mod client;
mod error;
mod files;
mod get;
mod lake;
mod location;
mod options;
mod words;

pub use error::{StorageError, StorageErrorKind};
pub use files::{Fetched, Progress};
pub use lake::RemoteLake;
pub use location::Location;
pub use options::Options;
