//! The columns of a table, found by name in any order and case.

use super::TableSpec;
use super::fields::Fields;
use crate::error::{Error, Place, Result};
use crate::input::Member;
use crate::text::decode;
use crate::text::lines::Line;

/// Where a column stands, if the file has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(super) at: Option<usize>,
    /// What issues call it.
    pub(crate) name: &'static str,
}

impl Column {
    /// Whether the file has it.
    pub(crate) fn is_present(self) -> bool {
        self.at.is_some()
    }
}

/// The columns of a table, in the order of its header.
#[derive(Debug)]
pub(crate) struct Header {
    /// In lower case, with `_` for spaces and hyphens.
    names: Vec<String>,
    delimiter: u8,
}

impl Header {
    /// Reads the header and checks that the table is what it should be.
    pub(super) fn read(member: &Member, spec: &TableSpec, line: &Line) -> Result<Self> {
        let place = Place::line(member.name(), line.number);
        if line.bytes.starts_with(b"\xff\xfe") || line.bytes.starts_with(b"\xfe\xff") {
            return Err(Error::bad_data(
                place,
                "the text is UTF-16",
                "Expected UTF-8 or Windows-1252. Save it as \"CSV UTF-8\".",
            ));
        }
        let header = Self::parse(&decode(&line.bytes).0, spec.delimiters);
        header.check(place, spec)?;
        Ok(header)
    }

    /// Parts the header by the delimiter that gives the most columns, the first listed if none does.
    fn parse(line: &str, delimiters: &[u8]) -> Self {
        let mut best = Self { names: Vec::new(), delimiter: b',' };
        for &delimiter in delimiters {
            let fields = Fields::split(line, delimiter);
            if fields.len() > best.names.len() {
                let names = (0..fields.len()).map(|at| normal(fields.get(at))).collect();
                best = Self { names, delimiter };
            }
        }
        best
    }

    fn check(&self, place: Place, spec: &TableSpec) -> Result<()> {
        let times = |name: &str| self.names.iter().filter(|known| *known == name).count();
        if let Some(name) = spec.required.iter().find(|name| times(name) == 0) {
            return Err(Error::bad_data(
                place,
                format!("no column \"{name}\" (found: {})", self.found()),
                spec.expected,
            ));
        }
        let read = spec.required.iter().chain(spec.known);
        match read.copied().find(|name| times(name) > 1) {
            None => Ok(()),
            Some(name) => Err(Error::bad_data(
                place,
                format!("more than one column \"{name}\""),
                "Rename the one that is not meant.",
            )),
        }
    }

    fn found(&self) -> String {
        let shown: String = self.names.join(", ").chars().take(160).collect();
        if shown.is_empty() { "nothing".to_owned() } else { shown }
    }

    /// A column by its name in lower case.
    pub(crate) fn column(&self, name: &'static str) -> Column {
        Column { at: self.names.iter().position(|known| known == name), name }
    }

    /// The first of these columns that the file has.
    pub(crate) fn first_of(&self, names: &[&'static str]) -> Column {
        let found = names.iter().map(|name| self.column(name)).find(|column| column.is_present());
        found.unwrap_or(Column { at: None, name: names.first().copied().unwrap_or_default() })
    }

    /// How many columns there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The byte between two values.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Named columns that no reader of this table knows.
    pub(super) fn unknown(&self, spec: &TableSpec) -> Vec<String> {
        let known = |name: &str| spec.required.contains(&name) || spec.known.contains(&name);
        self.names.iter().filter(|name| !name.is_empty() && !known(name)).cloned().collect()
    }
}

fn normal(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::csv_rows::tests::member;

    const SPEC: TableSpec = TableSpec {
        table: "rows",
        delimiters: b",;\t",
        required: &["report_id", "drug"],
        known: &["role"],
        expected: "Expected a line list.",
    };

    fn read(line: &[u8]) -> Result<Header> {
        let (_folder, member) = member("list.csv", line);
        Header::read(
            &member,
            &SPEC,
            &Line { number: 1, offset: 0, bytes: line.to_vec(), cut: false },
        )
    }

    #[test]
    fn any_order_case_and_delimiter() {
        for line in ["Drug,x,Report_ID", "DRUG;\"x\";report id", "drug\tx\tReport-Id"] {
            let header = read(line.as_bytes()).unwrap();
            assert_eq!(header.column("report_id").at, Some(2), "{line}");
            assert_eq!(header.first_of(&["medicine", "drug"]).at, Some(0));
            assert!(!header.first_of(&["role", "medicine"]).is_present());
            assert_eq!(header.unknown(&SPEC), ["x"]);
        }
    }

    #[test]
    fn errors_name_what_was_found() {
        let message = |line: &[u8]| read(line).unwrap_err().to_string();
        assert_eq!(
            message(b"case,event"),
            "list.csv, line 1: no column \"report_id\" (found: case, event). Expected a line list."
        );
        assert!(message(b"report_id,drug,Drug").contains("more than one column \"drug\""));
        assert!(message(b"\xff\xfer\0e\0").contains("the text is UTF-16"));
    }
}
