//! Logical rows of a `$`-delimited table: by header name, with the breakages of the published files
//! mended where a rule tells how, and set aside where none does.
//!
//! There is no quoting: a lone `"` is a character like any other. Rows of the legacy era end in a `$`
//! that the header lacks. A missing line break glues rows together, a stray one cuts a row in two, and
//! now and then a value holds a `$`.

use std::ops::Range;

use super::header::{Header, field_ranges};
use super::layout::FaersTable;
use crate::error::{Error, Result};
use crate::input::Member;
use crate::quarantine::{Reason, TableLog};
use crate::text::lines::{Line, Lines};
use crate::text::{decode, has_control, without_control};

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
        range.and_then(|range| self.text.get(range)).map_or("", str::trim)
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
        let mut reader = RowReader { header: &header, ended, sink, log: &mut log };
        while let Some(line) = lines.next().map_err(read_error)? {
            reader.line(line, &mut lines).map_err(read_error)?;
        }
        let sink = reader.sink;
        Ok((sink, log))
    })
}

/// Whether rows end in a delimiter that the header lacks: in the legacy era, or if the first does.
fn rows_end_in_delimiter(header: &Header, lines: &mut Lines<'_>) -> std::io::Result<bool> {
    let one_more = header.columns() + 1;
    let ended = |bytes: &[u8]| count_fields(bytes) == one_more && ends_in_delimiter(bytes);
    Ok(header.is_legacy() || lines.peek(0)?.is_some_and(|line| ended(&line.bytes)))
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
        match self.shape(&line.bytes) {
            Shape::Whole | Shape::Long => self.rows(&line, &line.bytes, &line.bytes),
            Shape::Short => match self.joined(&line, lines)? {
                Some(Joined { bytes, raw }) => {
                    self.log.issue(line.number, "", Reason::EmbeddedLineBreak, &raw);
                    self.rows(&line, &bytes, &raw);
                }
                None => self.reject(&line, Reason::TooFewFields, &line.bytes),
            },
        }
        lines.recycle(line);
        Ok(())
    }

    fn shape(&self, bytes: &[u8]) -> Shape {
        let columns = self.header.columns();
        match count_fields(bytes) {
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
            if self.is_a_row(&next.bytes) {
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

    /// Decodes a line, finds the row or rows in it and hands them on.
    fn rows(&mut self, line: &Line, bytes: &[u8], raw: &[u8]) {
        let (text, fallback) = decode(bytes);
        self.log.cp1252_lines += u64::from(fallback);
        if has_control(bytes) {
            self.log.issue(line.number, "", Reason::ControlCharacter, raw);
            self.split(line, raw, &without_control(&text));
        } else {
            self.split(line, raw, &text);
        }
    }

    fn split(&mut self, line: &Line, raw: &[u8], text: &str) {
        let columns = self.header.columns();
        let mut fields = field_ranges(text.as_bytes());
        let one_more = fields.len() == columns + 1 && ends_in_delimiter(text.as_bytes());
        if fields.len() == columns
            || (one_more && self.header.is_only_ended(text, &fields, self.ended))
        {
            fields.truncate(columns);
            return self.hand_on(line, raw, text, &fields);
        }
        if self.ended && !one_more && ends_in_delimiter(text.as_bytes()) {
            fields.pop();
        }
        if self.header.is_glued(text, &fields) {
            self.log.issue(line.number, "", Reason::GluedRows, raw);
            // No encoding and no removed character touches a delimiter: the fields are the same.
            let raw_fields = field_ranges(raw);
            for (row, raw_row) in fields.chunks(columns).zip(raw_fields.chunks(columns)) {
                let part = raw.get(span_of(raw_row)).unwrap_or_default();
                self.hand_on(line, part, text, row);
            }
            return;
        }
        match self.header.merged(text, &fields) {
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

fn count_fields(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'$', bytes).count() + 1
}

/// Whether the last field is blank: a delimiter, with no more than blanks behind it.
fn ends_in_delimiter(bytes: &[u8]) -> bool {
    bytes.trim_ascii_end().last() == Some(&b'$')
}

fn span_of(row: &[Range<usize>]) -> Range<usize> {
    let start = row.first().map_or(0, |range| range.start);
    start..row.last().map_or(start, |range| range.end)
}
