//! Values of a row, each checked; what is not usable becomes unknown and is listed.

use super::{Column, Row};
use crate::model::codes::Coded;
use crate::model::date::{DateError, PartialDate};
use crate::quarantine::TableLog;
use crate::values;

/// A date in the notation that `read` knows, up to `last_year`.
pub(crate) fn date(
    row: &Row<'_>,
    column: Column,
    read: impl FnOnce(&str, u16) -> Result<PartialDate, DateError>,
    last_year: u16,
    log: &mut TableLog,
) -> Option<PartialDate> {
    let text = row.get(column);
    values::date(text, read, last_year).unwrap_or_else(|reason| {
        log.issue(row.line, column.name, reason, text.as_bytes());
        None
    })
}

/// A code; blank when unknown.
pub(crate) fn code(
    row: &Row<'_>,
    column: Column,
    read: fn(&str) -> Coded<&'static str>,
    log: &mut TableLog,
) -> &'static str {
    let text = row.get(column);
    values::code(text, read).unwrap_or_else(|reason| {
        log.issue(row.line, column.name, reason, text.as_bytes());
        ""
    })
}
