//! A GA4GH phenopacket, version 2.

use jiff::civil::Date;

use super::imported::Imported;
use super::object::wrong;
use crate::case::CaseError;

pub(super) fn read(_text: &str, _today: Date) -> Result<Imported, CaseError> {
    Err(wrong("metaData", "x"))
}
