//! What could not be read as it stands: whole rows set aside, and single values.
//!
//! Every input row ends in a table of the lake or here, with a reason code and its raw bytes; a value
//! that is not usable becomes unknown and is listed with what the file said.

/// Why a row was set aside, or a value was not used. The code stands in the lake.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Reason {
    /// Fewer fields than the header has columns, and the next lines do not complete it.
    TooFewFields,
    /// More fields than the header has columns, and no rule tells how to mend it.
    TooManyFields,
    /// The report's or case's identifier is not a positive whole number.
    BadIdentifier,
    /// A required value is blank.
    Blank,
    /// The row belongs to a report that the source does not hold.
    NoReport,
    /// The row names a report by an identifier that the source gave to several cases, and no case.
    AmbiguousReport,
    /// The line is longer than any row; its pieces are set aside one by one.
    LineTooLong,
    /// A coded value that no documentation lists.
    UnknownCode,
    /// Not a date.
    BadDate,
    /// A date outside the plausible years.
    ImplausibleDate,
    /// Not a number.
    BadNumber,
    /// A measured value without its unit.
    NoUnit,
    /// A measured value that no human has.
    ImplausibleValue,
    /// Control characters stood inside the row; they were removed from the values.
    ControlCharacter,
    /// A delimiter stood inside a value; the value was put together again.
    EmbeddedDelimiter,
    /// A line break stood inside a value; the row was put together again.
    EmbeddedLineBreak,
    /// Two or more rows stood on one line; they were told apart.
    GluedRows,
    /// Text after an opening quote that never closes.
    UnclosedQuote,
    /// The same identifier already stood in this table.
    RepeatedIdentifier,
    /// Rows of one report disagree about it; the first is kept.
    Disagreement,
}

impl Reason {
    /// Every reason, in the order of the documentation.
    pub const ALL: [Self; 20] = [
        Self::TooFewFields,
        Self::TooManyFields,
        Self::BadIdentifier,
        Self::Blank,
        Self::NoReport,
        Self::AmbiguousReport,
        Self::LineTooLong,
        Self::UnknownCode,
        Self::BadDate,
        Self::ImplausibleDate,
        Self::BadNumber,
        Self::NoUnit,
        Self::ImplausibleValue,
        Self::ControlCharacter,
        Self::EmbeddedDelimiter,
        Self::EmbeddedLineBreak,
        Self::GluedRows,
        Self::UnclosedQuote,
        Self::RepeatedIdentifier,
        Self::Disagreement,
    ];

    /// The code that stands in the lake.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFewFields => "too_few_fields",
            Self::TooManyFields => "too_many_fields",
            Self::BadIdentifier => "bad_identifier",
            Self::Blank => "blank",
            Self::NoReport => "no_report",
            Self::AmbiguousReport => "ambiguous_report",
            Self::LineTooLong => "line_too_long",
            Self::UnknownCode => "unknown_code",
            Self::BadDate => "bad_date",
            Self::ImplausibleDate => "implausible_date",
            Self::BadNumber => "bad_number",
            Self::NoUnit => "no_unit",
            Self::ImplausibleValue => "implausible_value",
            Self::ControlCharacter => "control_character",
            Self::EmbeddedDelimiter => "embedded_delimiter",
            Self::EmbeddedLineBreak => "embedded_line_break",
            Self::GluedRows => "glued_rows",
            Self::UnclosedQuote => "unclosed_quote",
            Self::RepeatedIdentifier => "repeated_identifier",
            Self::Disagreement => "disagreement",
        }
    }
}

/// A row that was set aside.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct QuarantinedRow {
    /// The line it starts on, from 1.
    pub(crate) line: u64,
    /// The offset of that line in the unpacked file, in bytes.
    pub(crate) offset: u64,
    pub(crate) reason: Reason,
    /// The row as it stood in the file.
    pub(crate) raw: Vec<u8>,
}

/// A value that was not used as it stood, or a row that was mended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ValueIssue {
    pub(crate) line: u64,
    /// The column, empty when the row as a whole was mended.
    pub(crate) column: &'static str,
    pub(crate) reason: Reason,
    /// What the file said.
    pub(crate) raw: Vec<u8>,
}

/// What happened to the rows of one table of one file.
#[derive(Debug, Default)]
pub(crate) struct TableLog {
    /// Name of the file, as messages call it.
    pub(crate) file: String,
    /// Name of the table, as the summary calls it.
    pub(crate) table: String,
    /// Rows found, the header and blank lines not counted.
    pub(crate) rows: u64,
    /// Rows that a reader took in; the lake's own counts are checked against this.
    pub(crate) stored: u64,
    /// Values found in stored rows, where each becomes a row of the lake (VAERS terms); the lake's own
    /// count is checked against this too.
    pub(crate) values: Option<u64>,
    pub(crate) quarantined: Vec<QuarantinedRow>,
    pub(crate) issues: Vec<ValueIssue>,
    /// Lines that were not UTF-8 and were read as Windows-1252.
    pub(crate) cp1252_lines: u64,
    pub(crate) blank_lines: u64,
    /// Columns of the header that no reader knows.
    pub(crate) unknown_columns: Vec<String>,
    /// Rows whose link to another table leads nowhere (they are stored).
    pub(crate) dangling_links: u64,
}

impl TableLog {
    pub(crate) fn new(file: String, table: &str) -> Self {
        Self { file, table: table.to_owned(), ..Self::default() }
    }

    pub(crate) fn quarantine(&mut self, line: u64, offset: u64, reason: Reason, raw: &[u8]) {
        self.quarantined.push(QuarantinedRow { line, offset, reason, raw: raw.to_vec() });
    }

    pub(crate) fn issue(&mut self, line: u64, column: &'static str, reason: Reason, raw: &[u8]) {
        self.issues.push(ValueIssue { line, column, reason, raw: raw.to_vec() });
    }

    /// Whether every row found is either stored or quarantined.
    pub(crate) fn is_balanced(&self) -> bool {
        self.rows == self.stored + self.quarantined.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct() {
        let mut codes: Vec<_> = Reason::ALL.iter().map(|r| r.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Reason::ALL.len());
    }
}
