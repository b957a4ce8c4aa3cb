//! Values of a row, each checked; what is not usable becomes unknown and is listed.

use super::{Column, Row};
use crate::model::codes::Coded;
use crate::model::date::{DateError, PartialDate};
use crate::model::measure::MeasureError;
use crate::quarantine::{Reason, TableLog};

/// A positive whole number, as identifiers are.
pub(crate) fn identifier(text: &str) -> Result<u64, Reason> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits).filter(|&n: &u64| n > 0);
    number.ok_or(Reason::BadIdentifier)
}

/// A date in the notation that `read` knows, up to `last_year`.
pub(crate) fn date(
    row: &Row<'_>,
    column: Column,
    read: impl FnOnce(&str, u16) -> Result<PartialDate, DateError>,
    last_year: u16,
    log: &mut TableLog,
) -> Option<PartialDate> {
    let text = row.get(column);
    if text.is_empty() {
        return None;
    }
    match read(text, last_year) {
        Ok(date) => Some(date),
        Err(error) => {
            let reason = match error {
                DateError::NotADate => Reason::BadDate,
                DateError::Implausible => Reason::ImplausibleDate,
            };
            log.issue(row.line, column.name, reason, text.as_bytes());
            None
        }
    }
}

/// A code; blank when unknown.
pub(crate) fn code(
    row: &Row<'_>,
    column: Column,
    read: fn(&str) -> Coded<&'static str>,
    log: &mut TableLog,
) -> &'static str {
    let text = row.get(column);
    match read(text) {
        Coded::Known(code) => code,
        Coded::Unknown => "",
        Coded::Junk => {
            log.issue(row.line, column.name, Reason::UnknownCode, text.as_bytes());
            ""
        }
    }
}

/// The reason of a measure that is not usable.
pub(crate) fn measure_reason(error: MeasureError) -> Reason {
    match error {
        MeasureError::NotANumber => Reason::BadNumber,
        MeasureError::NoUnit => Reason::NoUnit,
        MeasureError::UnknownUnit => Reason::UnknownCode,
        MeasureError::Implausible => Reason::ImplausibleValue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_may_have_leading_zeros() {
        assert_eq!(identifier("0025001"), Ok(25_001));
        for bad in ["", "0", "-5", "12a", "+7", "1.0", "99999999999999999999999"] {
            assert_eq!(identifier(bad), Err(Reason::BadIdentifier), "{bad}");
        }
    }
}
