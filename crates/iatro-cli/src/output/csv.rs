//! CSV: full precision, empty for missing, and no text that a spreadsheet would run as a formula.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::answer::{Cell, Kind, Rows};

/// Writes rows as they come, below a header.
pub(crate) struct Csv<W: Write> {
    writer: csv::Writer<W>,
    field: String,
}

impl<W: Write> Csv<W> {
    pub(crate) fn new<N: AsRef<str>>(columns: &[(N, Kind)], out: W) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(columns.iter().map(|(name, _)| name.as_ref())).map_err(as_io)?;
        Ok(Self { writer, field: String::new() })
    }

    /// Writes a row.
    pub(crate) fn write_row(&mut self, row: &[Cell]) -> io::Result<()> {
        for cell in row {
            self.field.clear();
            write_field(cell, &mut self.field);
            self.writer.write_field(&self.field).map_err(as_io)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(as_io)
    }

    /// Writes what is not written yet.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Rows without a header.
pub(super) fn text(rows: &Rows) -> io::Result<Vec<u8>> {
    let mut csv = Csv { writer: csv::Writer::from_writer(Vec::new()), field: String::new() };
    rows.rows.iter().try_for_each(|row| csv.write_row(row))?;
    csv.writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// The error of the target itself, where it is one: its kind says what to do.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn write_field(cell: &Cell, field: &mut String) {
    // Writing to a text does not end in an error.
    let _ = match cell {
        Cell::Missing => Ok(()),
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            write!(field, "'{text}")
        }
        Cell::Text(text) | Cell::Decimal(text) => field.write_str(text),
        Cell::Count(count) => write!(field, "{count}"),
        Cell::Integer(integer) => write!(field, "{integer}"),
        Cell::Number(number) => write_number(*number, field),
    };
}

/// The shortest text that reads back as the same number, with an exponent where there would be many zeros.
fn write_number(number: f64, field: &mut String) -> std::fmt::Result {
    match number.abs() {
        size if size != 0.0 && !(1e-5..1e16).contains(&size) => write!(field, "{number:e}"),
        _ => write!(field, "{number}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn missing_is_empty_and_formulas_are_disarmed() {
        let mut rows =
            Rows::new(&[("substance", Kind::Text), ("a", Kind::Count), ("ror", Kind::Number)]);
        rows.push(vec!["=cmd()".into(), 3_u64.into(), Cell::Missing]);
        rows.push(vec!["a, \"b\"".into(), 0_u64.into(), 7.602_803_939_319_938.into()]);
        let mut bytes = Vec::new();
        Csv::new(&rows.columns, &mut bytes).unwrap().flush().unwrap();
        bytes.extend(super::text(&rows).unwrap());
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "substance,a,ror\n'=cmd(),3,\n\"a, \"\"b\"\"\",0,7.602803939319938\n");
    }

    #[test]
    fn numbers_are_short_and_read_back_as_they_were() {
        let numbers = [0.0, -0.0, 1e-5, 9.999e-6, f64::MIN_POSITIVE, 12.5, 1e15, -1e16, f64::MAX];
        let texts = numbers.map(|number| {
            let mut text = String::new();
            write_number(number, &mut text).unwrap();
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{text}");
            text
        });
        let [zero, _, small, smaller, least, plain, large, larger, most] = texts;
        assert_eq!([zero, small, smaller], ["0", "0.00001", "9.999e-6"]);
        assert_eq!([least, plain], ["2.2250738585072014e-308", "12.5"]);
        assert_eq!([large, larger, most], ["1000000000000000", "-1e16", "1.7976931348623157e308"]);
    }
}
