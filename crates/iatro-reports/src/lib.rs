//! Report files in, a checked Parquet lake out.
//!
//! Here live the report model, one module per source format ([`faers`]; VAERS and plain tables beside
//! it), the rules that turn verbatim names into substances and terms ([`dictionary`]), the resolution
//! of case versions, the quarantine, the lake, and the download of published quarters ([`fetch`]).
//! Never here: statistics, terminal output, or knowledge of a particular study.

pub mod dictionary;
pub mod error;
pub mod faers;
pub mod fetch;
pub mod ingest;
pub mod input;
pub mod lake;
pub mod line_list;
pub mod model;
pub mod vaers;

mod cases;
mod csv_rows;
mod part;
mod quarantine;
#[cfg(test)]
mod test_data;
mod text;
mod values;

pub use error::{Error, ErrorKind, Place, Result};
pub use part::{PartKey, SourceKind};
pub use quarantine::Reason;
