//! Values of a row, each checked; what is not usable becomes unknown and is listed.

use super::rows::Row;
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

/// A partial date.
pub(crate) fn date(
    row: &Row<'_>,
    column: Option<usize>,
    name: &'static str,
    last_year: u16,
    log: &mut TableLog,
) -> Option<PartialDate> {
    let text = row.get(column);
    if text.is_empty() {
        return None;
    }
    match PartialDate::from_digits(text, last_year) {
        Ok(date) => Some(date),
        Err(error) => {
            let reason = match error {
                DateError::NotADate => Reason::BadDate,
                DateError::Implausible => Reason::ImplausibleDate,
            };
            log.issue(row.line, name, reason, text.as_bytes());
            None
        }
    }
}

/// An age or weight with its unit.
pub(crate) fn measure(
    row: &Row<'_>,
    (value, unit): (Option<usize>, Option<usize>),
    name: &'static str,
    convert: fn(&str, &str) -> Result<Option<f64>, MeasureError>,
    log: &mut TableLog,
) -> Option<f64> {
    let (value, unit) = (row.get(value), row.get(unit));
    convert(value, unit).unwrap_or_else(|error| {
        let reason = match error {
            MeasureError::NotANumber => Reason::BadNumber,
            MeasureError::NoUnit => Reason::NoUnit,
            MeasureError::UnknownUnit => Reason::UnknownCode,
            MeasureError::Implausible => Reason::ImplausibleValue,
        };
        log.issue(row.line, name, reason, format!("{value} {unit}").trim().as_bytes());
        None
    })
}

/// A code; blank when unknown.
pub(crate) fn code(
    row: &Row<'_>,
    column: Option<usize>,
    name: &'static str,
    read: fn(&str) -> Coded<&'static str>,
    log: &mut TableLog,
) -> &'static str {
    let text = row.get(column);
    match read(text) {
        Coded::Known(code) => code,
        Coded::Unknown => "",
        Coded::Junk => {
            log.issue(row.line, name, Reason::UnknownCode, text.as_bytes());
            ""
        }
    }
}

/// A country as stated; "COUNTRY NOT SPECIFIED" is blank, "NA" is Namibia.
pub(crate) fn country(text: &str) -> &str {
    let unspecified = text.eq_ignore_ascii_case("COUNTRY NOT SPECIFIED");
    if unspecified { "" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_may_exceed_32_bits() {
        assert_eq!(identifier("10021305370"), Ok(10_021_305_370));
        for bad in ["", "0", "-5", "12a", "+7", "99999999999999999999999"] {
            assert_eq!(identifier(bad), Err(Reason::BadIdentifier), "{bad}");
        }
    }

    #[test]
    fn namibia_is_a_country() {
        assert_eq!(country("NA"), "NA");
        assert_eq!(country("COUNTRY NOT SPECIFIED"), "");
    }
}
