//! A small table that a person brings: CSV with a header, read whole, every complaint with its line.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::error::CliError;

/// A table in memory, its columns found by name.
#[derive(Debug)]
pub(crate) struct Table {
    name: String,
    columns: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

/// One row of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl Table {
    /// Reads the file, or standard input for `-`. The header must have the `required` columns, in any
    /// case and order; the delimiter is the one of comma, semicolon and tab that parts the header into
    /// most columns.
    pub(crate) fn read(path: &Path, required: &[&str]) -> Result<Self, CliError> {
        let name = path.display().to_string();
        let mut bytes = Vec::new();
        let read = if name == "-" {
            std::io::stdin().lock().read_to_end(&mut bytes)
        } else {
            fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
        };
        read.map_err(|error| {
            CliError::bad_data(format!("{name}: cannot be read ({error}). Check the path."))
        })?;
        let name = if name == "-" { "standard input".to_owned() } else { name };
        Self::parse(name, &bytes, required)
    }

    fn parse(name: String, bytes: &[u8], required: &[&str]) -> Result<Self, CliError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
            CliError::bad_data(format!(
                "{name}, line {line}: not UTF-8. Save the table as CSV in UTF-8."
            ))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(text))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let broken = |error: &csv::Error| CliError::bad_data(format!("{name}: {}", said(error)));
        let header = reader.headers().map_err(|error| broken(&error))?;
        let columns: Vec<String> = header.iter().map(str::to_lowercase).collect();
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(|e| broken(&e))?;
        let table = Self { name, columns, rows };
        table.check_header(required)?;
        table.check_line_breaks()?;
        Ok(table)
    }

    fn check_header(&self, required: &[&str]) -> Result<(), CliError> {
        let found = self.columns.join(", ");
        for (at, column) in self.columns.iter().enumerate() {
            if self.columns[..at].contains(column) {
                return Err(CliError::bad_data(format!(
                    "{}, line 1: two columns \"{column}\" (found: {found}). Keep one.",
                    self.name
                )));
            }
        }
        let lacking = required.iter().find(|name| !self.has(name));
        lacking.map_or(Ok(()), |lacking| {
            Err(CliError::bad_data(format!(
                "{}, line 1: no column \"{lacking}\" (found: {found}). Expected a CSV file with a \
                 header and the columns {}.",
                self.name,
                required.join(", ")
            )))
        })
    }

    /// A quote that is never closed swallows the rows below it without a word.
    fn check_line_breaks(&self) -> Result<(), CliError> {
        let broken = |record: &csv::StringRecord| record.iter().any(|value| value.contains('\n'));
        match self.rows.iter().position(broken) {
            None => Ok(()),
            Some(at) => Err(self.at_row(
                at,
                "a value goes on over several lines. Close the quote, or take the line break out.",
            )),
        }
    }

    /// Whether there is such a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.at(column).is_some()
    }

    fn at(&self, column: &str) -> Option<usize> {
        let column = column.to_lowercase();
        self.columns.iter().position(|name| *name == column)
    }

    /// Columns that nobody asked for, to be named beside the answer.
    pub(crate) fn columns_other_than(&self, known: &[&str]) -> Vec<&str> {
        let is_known = |name: &str| known.iter().any(|known| known.to_lowercase() == name);
        self.columns.iter().map(String::as_str).filter(|name| !is_known(name)).collect()
    }

    /// The file as it is called in messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The rows, in the order of the file.
    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { table: self, record })
    }

    /// The complaint about row `index` (from 0), as an error that names file and line.
    pub(crate) fn at_row(&self, index: usize, what: &str) -> CliError {
        let line =
            self.rows.get(index).and_then(|record| record.position()).map(csv::Position::line);
        let place = line.map_or(String::new(), |line| format!(", line {line}"));
        CliError::bad_data(format!("{}{place}: {what}", self.name))
    }
}

impl<'a> Row<'a> {
    /// The value of a column, trimmed; empty if the table has no such column.
    pub(crate) fn text(&self, column: &str) -> &'a str {
        self.table.at(column).and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// A finite number.
    pub(crate) fn number(&self, column: &str) -> Result<f64, CliError> {
        let parsed = self.text(column).parse().ok().filter(|value: &f64| value.is_finite());
        parsed.ok_or_else(|| self.expected(column, "a number with a decimal point"))
    }

    /// A finite number, or nothing where the value is empty or the column is not there.
    pub(crate) fn optional_number(&self, column: &str) -> Result<Option<f64>, CliError> {
        if self.text(column).is_empty() { Ok(None) } else { self.number(column).map(Some) }
    }

    /// A whole number, 0 or above.
    pub(crate) fn count(&self, column: &str) -> Result<u64, CliError> {
        let parsed = self.text(column).parse();
        parsed.map_err(|_| self.expected(column, "a whole number, 0 or above"))
    }

    /// The group; empty where the table has no groups. A row without a group among rows that have one
    /// would be a group of its own.
    pub(crate) fn group(&self) -> Result<&'a str, CliError> {
        match self.text("group") {
            "" if self.table.has("group") => Err(self.expected(
                "group",
                "the name of a group (a table of one group needs no such column)",
            )),
            group => Ok(group),
        }
    }

    /// The error that the value of this column does not fit the others of its row.
    pub(crate) fn unfit(&self, column: &str, why: &str) -> CliError {
        let line = self.record.position().map_or(0, csv::Position::line);
        CliError::bad_data(format!("{}, line {line}, column {column}: {why}", self.table.name))
    }

    /// The error that this column holds something else than `what`.
    pub(crate) fn expected(&self, column: &str, what: &str) -> CliError {
        let line = self.record.position().map_or(0, csv::Position::line);
        let value = self.text(column);
        let found = if value.is_empty() { "nothing".to_owned() } else { format!("\"{value}\"") };
        CliError::bad_data(format!(
            "{}, line {line}, column {column}: found {found}; expected {what}. Correct the row, or \
             leave it out.",
            self.table.name
        ))
    }
}

fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|&byte| byte == delimiter).count();
    let mut best = b',';
    for other in [b';', b'\t'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

fn said(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!(
                "line {line} has {len} values, the header {expected_len} columns. Quote values that \
                 hold the delimiter."
            )
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Table, CliError> {
        Table::parse("t.csv".to_owned(), text.as_bytes(), &["N", "E"])
    }

    #[test]
    fn columns_are_found_in_any_case_and_order_with_any_delimiter() {
        for text in ["E,N\n1.5,3\n", "\u{feff}e; n \r\n1.5; 3\r\n", "x\tE\tn\n\t1.5\t3\n"] {
            let table = parse(text).unwrap();
            let row = table.rows().next().unwrap();
            assert_eq!((row.count("N").unwrap(), row.number("E").unwrap()), (3, 1.5));
        }
    }

    #[test]
    fn complaints_name_file_line_column_and_value() {
        let message = |text: &str| {
            let table = parse(text)?;
            table.rows().map(|row| row.count("N")).collect::<Result<Vec<_>, _>>().map(|_| table)
        };
        for (text, words) in [
            ("N,E\n3,1\nx12,1\n", vec!["t.csv, line 3, column N: found \"x12\"", "whole number"]),
            ("N,E\n,1\n", vec!["line 2", "found nothing"]),
            ("N\n1\n", vec!["line 1: no column \"E\" (found: n)"]),
            ("N,E,n\n1,2,3\n", vec!["two columns \"n\""]),
            ("N,E\n1,2,3\n", vec!["line 2 has 3 values, the header 2 columns"]),
            ("", vec!["no column \"N\""]),
            ("N,E,x\n1,1,a\n2,1,\"b\n3,1,c\n", vec!["line 3: a value goes on over several lines"]),
        ] {
            let error = format!("{:?}", message(text).unwrap_err());
            for word in words {
                assert!(error.contains(&word.replace('"', "\\\"")), "{word} not in {error}");
            }
        }
        let error = Table::parse("t.csv".to_owned(), b"N,E\n1,\xff\n", &["N"]).unwrap_err();
        assert!(format!("{error:?}").contains("line 2: not UTF-8"));
    }
}
