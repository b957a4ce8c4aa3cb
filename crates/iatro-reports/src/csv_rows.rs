//! Rows of a delimited table with a header and quotes: what VAERS and line lists share.
//!
//! [`fields`] parts one record into values, [`header`] knows the columns, [`reader`] puts physical
//! lines together to records and tells where a quote never closes, [`values`] reads single values.
//! A record that does not fit its header is set aside with its bytes; nothing else is lost with it.

pub(crate) mod fields;
pub(crate) mod header;
pub(crate) mod values;

mod reader;

pub(crate) use header::{Column, Header};

use crate::error::{Error, Result};
use crate::input::Member;
use crate::quarantine::{Reason, TableLog};
use crate::text::lines::{Line, Lines};
use fields::Fields;

/// What a table must look like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableSpec {
    /// Its name in the log.
    pub(crate) table: &'static str,
    /// The delimiters it may have; the one that parts the header into most columns is taken.
    pub(crate) delimiters: &'static [u8],
    /// Columns it cannot be read without, in lower case.
    pub(crate) required: &'static [&'static str],
    /// Further columns that are read, or known and not kept, in lower case.
    pub(crate) known: &'static [&'static str],
    /// What the file should have been: the advice of an error.
    pub(crate) expected: &'static str,
}

/// One record as values by column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// The line it starts on, from 1.
    pub(crate) line: u64,
    fields: &'a Fields<'a>,
}

impl<'a> Row<'a> {
    /// The trimmed value of a column; empty if the file has no such column.
    pub(crate) fn get(&self, column: Column) -> &'a str {
        column.at.map_or("", |at| self.fields.get(at)).trim()
    }
}

/// Takes the rows of a table in; a row it cannot use goes to the quarantine with the reason given.
pub(crate) trait CsvSink {
    /// Takes one row.
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason>;

    /// Whether a line inside a broken record begins a row, rather than being a line of a text with
    /// as many delimiters.
    fn starts_row(&self, _: &Row<'_>) -> bool {
        true
    }
}

/// Reads a table: makes a sink from the header, then gives it every row.
pub(crate) fn read_table<S: CsvSink>(
    member: &Member,
    spec: &TableSpec,
    make_sink: impl FnOnce(&Header) -> S,
) -> Result<(S, TableLog)> {
    member.with_reader(|reader| {
        let mut lines = Lines::new(reader);
        let mut log = TableLog::new(member.name(), spec.table);
        let first = first_line(member, spec, &mut lines, &mut log)?;
        let header = Header::read(member, spec, &first)?;
        log.unknown_columns = header.unknown(spec);
        let mut reader = reader::Reader::new(&header, make_sink(&header), &mut log);
        while let Some(line) = lines.next().map_err(|e| Error::read(member.place(), e))? {
            reader.line(line, &mut lines).map_err(|e| Error::read(member.place(), e))?;
        }
        let sink = reader.into_sink();
        Ok((sink, log))
    })
}

/// The line of the header: the first that is not blank.
fn first_line(
    member: &Member,
    spec: &TableSpec,
    lines: &mut Lines<'_>,
    log: &mut TableLog,
) -> Result<Line> {
    while let Some(line) = lines.next().map_err(|e| Error::read(member.place(), e))? {
        if !reader::is_blank(&line.bytes) {
            return Ok(line);
        }
        log.blank_lines += 1;
    }
    Err(Error::bad_data(member.place(), "the file is empty", spec.expected))
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const SPEC: TableSpec = TableSpec {
        table: "rows",
        delimiters: b",;\t",
        required: &["id"],
        known: &["a", "b"],
        expected: "Expected a table of a test.",
    };

    /// A plain file of these bytes as the only member.
    pub(crate) fn member(name: &str, bytes: &[u8]) -> (tempfile::TempDir, Member) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let member = crate::input::discover(&[path], &[]).unwrap()[0].members().unwrap().remove(0);
        (folder, member)
    }

    struct Values(usize, Vec<Vec<String>>);

    impl CsvSink for Values {
        fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
            self.1.push((0..self.0).map(|at| row.fields.get(at).to_owned()).collect());
            Ok(())
        }
    }

    fn read(bytes: &[u8]) -> Result<(Vec<Vec<String>>, TableLog)> {
        let (_folder, member) = member("t.csv", bytes);
        let (sink, log) = read_table(&member, &SPEC, |header| Values(header.len(), Vec::new()))?;
        assert!(log.is_balanced());
        Ok((sink.1, log))
    }

    fn set_aside(log: &TableLog) -> Vec<(u64, u64, Reason, &[u8])> {
        log.quarantined.iter().map(|q| (q.line, q.offset, q.reason, q.raw.as_slice())).collect()
    }

    #[test]
    fn quotes_breaks_and_encodings() {
        let bytes =
            b"\xef\xbb\xbf\r\nId,A,b\r\n1,\"x, \"\"y\"\"\r\nz\",Sj\xf6gren\r\n\r\n2,,\"\"\n";
        let (rows, log) = read(bytes).unwrap();
        assert_eq!(rows, [["1", "x, \"y\"\r\nz", "Sj\u{f6}gren"], ["2", "", ""]]);
        assert_eq!((log.rows, log.cp1252_lines, log.blank_lines), (2, 1, 2));
    }

    #[test]
    fn records_of_another_width_are_set_aside_whole() {
        let (rows, log) = read(b"id,a,b\n1,2\n1,2,3,4\n\"1\n\",2\n7,8,9\n").unwrap();
        assert_eq!(rows, [["7", "8", "9"]]);
        assert_eq!(
            set_aside(&log),
            [
                (2, 7, Reason::TooFewFields, b"1,2".as_slice()),
                (3, 11, Reason::TooManyFields, b"1,2,3,4"),
                (4, 19, Reason::TooFewFields, b"\"1\n\",2"),
            ]
        );
    }

    #[test]
    fn a_quote_that_never_closes_takes_only_its_line() {
        let (rows, log) = read(b"id,a,b\r\n1,\"x,y\r\n2,a,b\r\n3,c,d").unwrap();
        assert_eq!(rows, [["2", "a", "b"], ["3", "c", "d"]]);
        assert_eq!(set_aside(&log), [(2, 8, Reason::UnclosedQuote, b"1,\"x,y".as_slice())]);
    }

    #[test]
    fn a_quote_that_closes_in_a_later_row_takes_only_its_line() {
        for later in ["2,\"a\",b", "2,\"a, b\",c"] {
            let (rows, log) =
                read(format!("id,a,b\n1,\"x,y\n5,6,7\n{later}\n").as_bytes()).unwrap();
            assert_eq!(rows.len(), 2, "{later}");
            assert_eq!(set_aside(&log), [(2, 7, Reason::UnclosedQuote, b"1,\"x,y".as_slice())]);
        }
    }

    #[test]
    fn a_record_past_the_bound_takes_only_its_line() {
        let mut bytes = b"id,a,b\n1,\"x,y\n".to_vec();
        for _ in 0..300_000 {
            bytes.extend_from_slice(b"2,a,b\n");
        }
        bytes.extend_from_slice(b"3,\"c\",d\n");
        let (rows, log) = read(&bytes).unwrap();
        assert_eq!(rows.len(), 300_001);
        assert_eq!(set_aside(&log), [(2, 7, Reason::UnclosedQuote, b"1,\"x,y".as_slice())]);
    }

    #[test]
    fn a_piece_of_a_line_that_is_too_long_is_no_row() {
        let long = "x".repeat(crate::text::lines::LONGEST);
        for start in ["1,a,", "1,\"a,"] {
            let (rows, log) = read(format!("id,a,b\n{start}{long},c\n2,a,b\n").as_bytes()).unwrap();
            assert_eq!(rows, [["2", "a", "b"]]);
            let found: Vec<_> = log.quarantined.iter().map(|q| (q.line, q.reason)).collect();
            assert_eq!(found, [(2, Reason::LineTooLong); 2]);
        }
    }

    #[test]
    fn many_open_quotes_are_read_in_linear_time() {
        let mut bytes = b"id,a,b\n".to_vec();
        for _ in 0..200_000 {
            bytes.extend_from_slice(b"a\"b,\"c\n");
        }
        let (rows, log) = read(&bytes).unwrap();
        assert!(rows.is_empty());
        assert_eq!(log.quarantined.len(), 200_000);
    }

    #[test]
    fn control_characters_go_and_are_listed() {
        let (rows, log) = read(b"id,a,b\n1,x\x08y,\"p\tq\"\n").unwrap();
        assert_eq!(rows, [["1", "xy", "p\tq"]]);
        assert_eq!(log.issues.len(), 1);
        assert_eq!(log.issues[0].reason, Reason::ControlCharacter);
    }

    #[test]
    fn an_empty_file_is_an_error() {
        for bytes in [b"".as_slice(), b"\n \r\n"] {
            let error = read(bytes).unwrap_err();
            assert_eq!(error.to_string(), "t.csv: the file is empty. Expected a table of a test.");
        }
    }

    proptest! {
        #[test]
        fn what_a_writer_wrote_is_read_back(
            rows in prop::collection::vec(prop::collection::vec("[ -~\u{e9}\n\r]{0,12}", 3), 1..8),
            delimiter in prop::sample::select(b",;\t".to_vec()),
        ) {
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(["id", "a", "b"]).unwrap();
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let (read, log) = read(&writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(read, rows);
            prop_assert!(log.quarantined.is_empty());
        }

        #[test]
        fn any_bytes_are_stored_or_set_aside(
            bytes in prop::collection::vec(prop::sample::select(b"a1\",;\n\r\t \x00\xe9".to_vec()), 0..200),
        ) {
            let table = [b"id,a\n".as_slice(), &bytes].concat();
            let (rows, log) = read(&table).unwrap();
            prop_assert_eq!(rows.len() as u64, log.stored);
            for row in &log.quarantined {
                let at = usize::try_from(row.offset).unwrap();
                prop_assert_eq!(&table[at..at + row.raw.len()], row.raw.as_slice());
            }
        }

        #[test]
        fn any_bytes_at_all_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
