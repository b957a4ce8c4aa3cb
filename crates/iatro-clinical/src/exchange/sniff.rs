//! Which form a file has, by what stands at its top.

use jiff::civil::Date;

use super::imported::{Control, Imported, SourceKind};
use crate::case::{self, CaseError};

/// Reads a case from a file of any form that is known; a day after `today` is an error.
pub fn read_any(bytes: &[u8], today: Date) -> Result<Imported, CaseError> {
    let case = case::read(bytes, today)?;
    let control = Control { read: 1, used: 1, not_used: 0 };
    Ok(Imported { case, kind: SourceKind::Case, notes: Vec::new(), control })
}
