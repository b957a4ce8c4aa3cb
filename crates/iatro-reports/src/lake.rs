//! The lake: a folder of immutable snapshots, each a set of Parquet tables and a manifest.
//!
//! ```text
//! LAKE/lake.json                     marks the folder as a lake, with its schema version
//! LAKE/CURRENT                       the dataset id of the current snapshot
//! LAKE/snapshots/ID/manifest.json    what went in, what came out, and the hash of it all
//! LAKE/snapshots/ID/report.parquet   one file a table: current reports and what belongs to them
//! LAKE/snapshots/ID/exposure.u32     what is counted once more, as plain arrays (and reaction.u32, …)
//! LAKE/snapshots/ID/history/…        superseded and withdrawn reports, in the same form
//! LAKE/staging/                      only while an ingest runs
//! ```

pub mod arrays;
pub mod dictionary;
pub mod groups;
pub mod incidence;
pub mod manifest;
pub mod schema;
pub mod snapshot;
pub mod store;
pub mod verify;

pub(crate) mod build;
pub(crate) mod replay;
pub(crate) mod usage;
pub(crate) mod writer;

pub use manifest::Manifest;
pub use snapshot::Snapshot;
pub use store::Lake;
