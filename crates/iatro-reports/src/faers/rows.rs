//! Logical rows of a `$`-delimited table: by header name, with the breakages of the published files
//! mended where a rule tells how, and set aside where none does.
//!
//! There is no quoting: a lone `"` is a character like any other. Rows of the legacy era end in a `$`
//! that the header lacks. A missing line break glues rows together, a stray one cuts a row in two, and
//! now and then a value holds a `$`.

use std::ops::Range;

use super::fields::{count_fields, field_ranges, scan};
use super::header::Header;
use super::layout::FaersTable;
use super::row_end::{ends_in_delimiter, rows_end_in_delimiter};
use crate::error::{Error, Result};
use crate::input::Member;
use crate::quarantine::{Reason, TableLog};
use crate::text::lines::{Line, Lines};
use crate::text::{decode, trimmed, without_control};

/// The most lines that are put together to complete a row.
const MOST_JOINED: usize = 8;

/// One row: its text and where its fields lie.
pub(crate) struct Row<'a> {
    /// The line it starts on, from 1.
    pub(crate) line: u64,
    text: &'a str,
    fields: &'a [Range<usize>],
}

impl<'a> Row<'a> {
    /// The trimmed value of a column; empty if the file has no such column.
    pub(crate) fn get(&self, column: Option<usize>) -> &'a str {
        let range = column.and_then(|at| self.fields.get(at)).cloned();
        range.and_then(|range| self.text.get(range)).map_or("", trimmed)
    }
}

/// Takes the rows of a table in; a row it cannot use goes to the quarantine with the reason given.
pub(crate) trait RowSink {
    /// Takes one row.
    fn take(&mut self, row: &Row<'_>, log: &mut TableLog) -> Result<(), Reason>;
}

/// Reads a table: makes a sink from the header, then gives it every row.
pub(crate) fn read_table<S: RowSink>(
    member: &Member,
    table: FaersTable,
    make_sink: impl FnOnce(&Header) -> S,
) -> Result<(S, TableLog)> {
    member.with_reader(|reader| {
        let mut lines = Lines::new(reader);
        let mut log = TableLog::new(member.name(), table.name());
        let read_error = |e| Error::read(member.place(), e);
        let header = loop {
            let Some(line) = lines.next().map_err(read_error)? else {
                return Err(Error::bad_data(
                    member.place(),
                    "the file is empty",
                    "Expected a header and rows. Download the quarter again.",
                ));
            };
            if !is_blank(&line.bytes) {
                break Header::parse(&decode(&line.bytes).0);
            }
        };
        header.check(table, member)?;
        let sink = make_sink(&header);
        let ended = rows_end_in_delimiter(&header, &mut lines).map_err(read_error)?;
        let fields = Vec::new();
        let mut reader = RowReader { header: &header, ended, sink, log: &mut log, fields };
        while let Some(line) = lines.next().map_err(read_error)? {
            reader.line(line, &mut lines).map_err(read_error)?;
        }
        let sink = reader.sink;
        Ok((sink, log))
    })
}

/// What a line's number of fields says about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Shape {
    Whole,
    Short,
    Long,
}

struct RowReader<'h, S> {
    header: &'h Header,
    /// Whether rows of this file end in a delimiter that the header lacks.
    ended: bool,
    sink: S,
    log: &'h mut TableLog,
    /// The fields of the line at hand; its memory serves every line.
    fields: Vec<Range<usize>>,
}

/// A row that line breaks had cut.
struct Joined {
    /// The lines with a blank between.
    bytes: Vec<u8>,
    /// The lines with their line breaks, as they stood.
    raw: Vec<u8>,
}

impl<S: RowSink> RowReader<'_, S> {
    fn line(&mut self, line: Line, lines: &mut Lines<'_>) -> std::io::Result<()> {
        if is_blank(&line.bytes) {
            self.log.blank_lines += 1;
            return Ok(());
        }
        if line.cut {
            self.reject(&line, Reason::LineTooLong, &line.bytes);
            return Ok(());
        }
        let control = scan(&line.bytes, &mut self.fields);
        match self.shape_of(self.fields.len(), &line.bytes) {
            Shape::Whole | Shape::Long => self.rows(&line, &line.bytes, &line.bytes, control),
            Shape::Short => match self.joined(&line, lines)? {
                Some(Joined { bytes, raw }) => {
                    self.log.issue(line.number, "", Reason::EmbeddedLineBreak, &raw);
                    let control = scan(&bytes, &mut self.fields);
                    self.rows(&line, &bytes, &raw, control);
                }
                None => self.reject(&line, Reason::TooFewFields, &line.bytes),
            },
        }
        lines.recycle(line);
        Ok(())
    }

    fn shape(&self, bytes: &[u8]) -> Shape {
        self.shape_of(count_fields(bytes), bytes)
    }

    fn shape_of(&self, fields: usize, bytes: &[u8]) -> Shape {
        let columns = self.header.columns();
        match fields {
            n if n == columns => Shape::Whole,
            n if n == columns + 1 && self.ended && ends_in_delimiter(bytes) => Shape::Whole,
            n if n < columns => Shape::Short,
            _ => Shape::Long,
        }
    }

    /// A short line put together with the lines after it, if that makes one whole row.
    fn joined(&self, line: &Line, lines: &mut Lines<'_>) -> std::io::Result<Option<Joined>> {
        let mut bytes = line.bytes.clone();
        let mut raw = line.bytes.clone();
        for distance in 0..MOST_JOINED {
            let Some(next) = lines.peek(distance)? else { return Ok(None) };
            if next.cut || self.is_a_row(&next.bytes) {
                return Ok(None);
            }
            let line_break = next.offset.saturating_sub(line.offset + raw.len() as u64);
            raw.extend_from_slice(if line_break == 2 { b"\r\n" } else { b"\n" });
            raw.extend_from_slice(&next.bytes);
            if !is_blank(&next.bytes) {
                bytes.push(b' ');
                bytes.extend_from_slice(&next.bytes);
            }
            match self.shape(&bytes) {
                Shape::Short => {}
                Shape::Whole if self.fits(&bytes) => {
                    for _ in 0..=distance {
                        lines.next()?;
                    }
                    return Ok(Some(Joined { bytes, raw }));
                }
                Shape::Whole | Shape::Long => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Whether a line is a row or begins one, and so does not continue the row before.
    fn is_a_row(&self, bytes: &[u8]) -> bool {
        let text = decode(bytes).0;
        let fields = field_ranges(text.as_bytes());
        let whole = self.shape(bytes) == Shape::Whole && self.header.has_id(&text, &fields);
        whole || self.header.begins_row(&text, &fields)
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        let text = decode(bytes).0;
        self.header.fits(&text, &field_ranges(text.as_bytes()))
    }

    /// Decodes a line, whose fields are known, finds the row or rows in it and hands them on.
    fn rows(&mut self, line: &Line, bytes: &[u8], raw: &[u8], control: bool) {
        let (mut text, fallback) = decode(bytes);
        self.log.cp1252_lines += u64::from(fallback);
        let mut fields = std::mem::take(&mut self.fields);
        if control {
            self.log.issue(line.number, "", Reason::ControlCharacter, raw);
            text = without_control(&text).into();
        }
        if control || fallback {
            scan(text.as_bytes(), &mut fields);
        }
        self.split(line, raw, &text, &mut fields);
        self.fields = fields;
    }

    fn split(&mut self, line: &Line, raw: &[u8], text: &str, fields: &mut Vec<Range<usize>>) {
        let columns = self.header.columns();
        let one_more = fields.len() == columns + 1 && ends_in_delimiter(text.as_bytes());
        if fields.len() == columns
            || (one_more && self.header.is_only_ended(text, fields, self.ended))
        {
            fields.truncate(columns);
            return self.hand_on(line, raw, text, fields);
        }
        if self.ended && !one_more && ends_in_delimiter(text.as_bytes()) {
            fields.pop();
        }
        if self.header.is_glued(text, fields) {
            self.log.issue(line.number, "", Reason::GluedRows, raw);
            // No encoding and no removed character touches a delimiter: the fields are the same.
            let raw_fields = field_ranges(raw);
            for (row, raw_row) in fields.chunks(columns).zip(raw_fields.chunks(columns)) {
                let part = raw.get(span_of(raw_row)).unwrap_or_default();
                self.hand_on(line, part, text, row);
            }
            return;
        }
        if one_more && !self.ended && self.header.fits(text, &fields[..columns]) {
            // A value that is parted, or a delimiter too many behind the row: both fit.
            return self.reject(line, Reason::TooManyFields, raw);
        }
        match self.header.merged(text, fields) {
            Some(fields) => {
                self.log.issue(line.number, "", Reason::EmbeddedDelimiter, raw);
                self.hand_on(line, raw, text, &fields);
            }
            None => self.reject(line, Reason::TooManyFields, raw),
        }
    }

    fn hand_on(&mut self, line: &Line, raw: &[u8], text: &str, fields: &[Range<usize>]) {
        self.log.rows += 1;
        let row = Row { line: line.number, text, fields };
        match self.sink.take(&row, self.log) {
            Ok(()) => self.log.stored += 1,
            Err(reason) => self.log.quarantine(line.number, line.offset, reason, raw),
        }
    }

    fn reject(&mut self, line: &Line, reason: Reason, raw: &[u8]) {
        self.log.rows += 1;
        self.log.quarantine(line.number, line.offset, reason, raw);
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

fn span_of(row: &[Range<usize>]) -> Range<usize> {
    let start = row.first().map_or(0, |range| range.start);
    start..row.last().map_or(start, |range| range.end)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::input::discover;
    use proptest::prelude::*;

    /// Keeps the fields of every row whose identifier is not 0.
    struct Fields(Vec<(u64, Vec<String>)>);

    impl RowSink for Fields {
        fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
            let cells = (0..row.fields.len()).map(|at| row.get(Some(at)).to_owned());
            let cells: Vec<String> = cells.collect();
            if cells[0] == "0" {
                return Err(Reason::NoReport);
            }
            self.0.push((row.line, cells));
            Ok(())
        }
    }

    fn read(bytes: &[u8]) -> (Vec<(u64, Vec<String>)>, TableLog) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("THER12Q4.txt");
        std::fs::write(&path, bytes).unwrap();
        let member = discover(&[path], &[]).unwrap()[0].members().unwrap().remove(0);
        let (sink, log) = read_table(&member, FaersTable::Ther, |_| Fields(Vec::new())).unwrap();
        (sink.0, log)
    }

    #[test]
    fn a_row_is_put_together_from_few_lines_only() {
        let header = b"primaryid$dsg_drug_seq$note$end_dt\n";
        let cut = |breaks: usize| {
            [header.as_slice(), b"7$1$a", &b"\nb".repeat(breaks), b"$2001\n"].concat()
        };
        let (rows, log) = read(&cut(MOST_JOINED));
        assert_eq!(
            rows,
            [(2, vec!["7".into(), "1".into(), "a b b b b b b b b".into(), "2001".into()])]
        );
        assert!(log.is_balanced() && log.rows == 1);
        let (rows, log) = read(&cut(MOST_JOINED + 1));
        assert!(rows.is_empty() && log.is_balanced());
        assert_eq!(log.quarantined.len(), MOST_JOINED + 2);
    }

    #[test]
    fn lines_whose_fields_add_up_by_chance_are_no_row() {
        let (rows, log) =
            read(b"primaryid$dsg_drug_seq$note$end_dt\n7$1$a\nb$no date\n8$1$c$2001\n");
        assert_eq!(rows.len(), 1);
        assert_eq!(log.quarantined.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_file_whose_rows_end_in_a_delimiter_is_read_as_such() {
        let header = "primaryid$dsg_drug_seq$note$end_dt\n";
        let (rows, log) = read(format!("{header}7$1$a$$\n8$1$b\n9$1$c$$\n").as_bytes());
        assert_eq!(
            rows.iter().map(|(line, cells)| (*line, cells.len())).collect::<Vec<_>>(),
            [(2, 4), (4, 4)]
        );
        assert_eq!(log.quarantined.len(), 1);
        // Where rows do not end so, the place of one delimiter too many must be clear.
        let (rows, _) = read(format!("{header}7$1$a$2001\n8$1$b$c$\n").as_bytes());
        assert_eq!(rows[1].1, ["8", "1", "b$c", ""]);
    }

    #[test]
    fn one_row_with_a_delimiter_in_a_value_shifts_no_column() {
        let header = "primaryid$caseid$drug_seq$role_cod$drugname$prod_ai$route$dose_freq\n";
        let parted = "11$1$1$PS$FOO$MAB$LAMOTRIGINE$ORAL$\n";
        let plain = "11$1$2$SS$ASPIRIN$ASPIRIN$ORAL$QD\n";
        for others in [0, 1, 3] {
            let (rows, log) = read(&[header, parted, &plain.repeat(others)].concat().into_bytes());
            assert_eq!(rows.len(), others);
            let found: Vec<_> = log.quarantined.iter().map(|q| (q.line, q.reason)).collect();
            assert_eq!(found, [(2, Reason::TooManyFields)]);
        }
        // So does a text that may go on in the next column.
        let header = "primaryid$caseid$drug_seq$role_cod$val_vbm$dose_vbm$dechal$rechal\n";
        let (rows, log) = read(format!("{header}11$1$1$PS$1$HALF$A$Y$\n").as_bytes());
        assert!(rows.is_empty() && log.quarantined.len() == 1);
        // Where no value can be parted, the row only ends in a delimiter too many.
        let (rows, _) = read(b"primaryid$caseid$dsg_drug_seq$pt\n11$1$1$Rash$\n11$1$2$Pain\n");
        assert_eq!((rows[0].1[3].as_str(), rows[1].1[3].as_str()), ("Rash", "Pain"));
    }

    #[test]
    fn a_piece_of_a_line_that_is_too_long_is_no_row() {
        let header = "primaryid$dsg_drug_seq$note$end_dt\n";
        let long = "x".repeat(crate::text::lines::LONGEST);
        for line in [format!("7$1$a$2001{long}"), format!("{long}7$1$a$2001")] {
            let (rows, log) = read(format!("{header}6$1$a\n{line}\n8$1$b$2001\n").as_bytes());
            assert_eq!(rows.len(), 1);
            assert_eq!(rows[0].0, 4);
            let found: Vec<_> = log.quarantined.iter().map(|q| (q.line, q.reason)).collect();
            let too_long = (3, Reason::LineTooLong);
            assert_eq!(found, [(2, Reason::TooFewFields), too_long, too_long]);
        }
    }

    proptest! {
        #[test]
        fn no_row_and_no_byte_is_lost(
            rows in prop::collection::vec(
                prop::sample::select(b"01789$$$$$\n\n\n\r  ab\xe9\x00\xef".to_vec()), 0..240,
            ),
            legacy in any::<bool>(),
        ) {
            let header = if legacy { "ISR$DRUG_SEQ$NOTE$END_DT\n" } else { "primaryid$dsg_drug_seq$note$end_dt\n" };
            let file = [header.as_bytes(), rows.as_slice()].concat();
            let (stored, log) = read(&file);
            prop_assert!(log.is_balanced());
            prop_assert_eq!(log.stored, stored.len() as u64);
            prop_assert!(stored.iter().all(|(_, cells)| cells.len() == 4));
            for row in &log.quarantined {
                let (line, rest) = (row.line, &file[usize::try_from(row.offset).unwrap()..]);
                prop_assert_eq!(memchr::memchr_iter(b'\n', &file[..file.len() - rest.len()]).count() as u64 + 1, line);
                let glued = log.issues.iter().any(|i| i.line == line && i.reason == Reason::GluedRows);
                prop_assert!(glued || rest.starts_with(&row.raw));
                prop_assert!(!glued || memchr::memmem::find(rest, &row.raw).is_some());
            }
        }
    }
}
