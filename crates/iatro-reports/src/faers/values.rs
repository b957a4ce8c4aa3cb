//! Values of a row, each checked; what is not usable becomes unknown and is listed.

use super::rows::Row;
use crate::model::codes::Coded;
use crate::model::date::PartialDate;
use crate::model::measure::MeasureError;
use crate::quarantine::TableLog;
use crate::values;

/// A partial date.
pub(crate) fn date(
    row: &Row<'_>,
    column: Option<usize>,
    name: &'static str,
    last_year: u16,
    log: &mut TableLog,
) -> Option<PartialDate> {
    let text = row.get(column);
    values::date(text, PartialDate::from_digits, last_year).unwrap_or_else(|reason| {
        log.issue(row.line, name, reason, text.as_bytes());
        None
    })
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
        let raw = format!("{value} {unit}");
        log.issue(row.line, name, values::measure_reason(error), raw.trim().as_bytes());
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
    values::code(text, read).unwrap_or_else(|reason| {
        log.issue(row.line, name, reason, text.as_bytes());
        ""
    })
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
    fn namibia_is_a_country() {
        assert_eq!(country("NA"), "NA");
        assert_eq!(country("COUNTRY NOT SPECIFIED"), "");
    }
}
