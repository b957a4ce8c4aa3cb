//! Logical rows of a `$`-delimited table: by header name, with the breakages of the published files
//! mended where a rule tells how, and set aside where none does.
//!
//! There is no quoting: a lone `"` is a character like any other. Rows of the legacy era end in a `$`
//! that the header lacks. A missing line break glues rows together, a stray one cuts a row in two, and
//! now and then a value holds a `$`.

use std::ops::Range;

use super::layout::{ColumnKind, FaersTable, column_kind};
use crate::error::{Error, Place, Result};
use crate::input::Member;
use crate::quarantine::{Reason, TableLog};
use crate::text::lines::{Line, Lines};
use crate::text::{decode, has_control, without_control};

/// The most lines that are put together to complete a row.
const MOST_JOINED: usize = 8;

/// The columns of a table, in the order of its header.
pub(crate) struct Header {
    names: Vec<String>,
    kinds: Vec<ColumnKind>,
}

impl Header {
    fn parse(line: &str) -> Self {
        let mut names: Vec<String> =
            line.split('$').map(|name| name.trim().to_ascii_lowercase()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let kinds = names.iter().map(|name| column_kind(name)).collect();
        Self { names, kinds }
    }

    /// The position of the first of these names that the header has.
    pub(crate) fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.names.iter().position(|n| n == name))
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    fn check(&self, table: FaersTable, member: &Member) -> Result<()> {
        for names in table.required_columns() {
            if self.column(names).is_some() {
                continue;
            }
            let wanted: Vec<_> = names.iter().map(|n| format!("\"{n}\"")).collect();
            return Err(Error::bad_data(
                Place::line(member.name(), 1),
                format!("no column {} (found: {})", wanted.join(" or "), shorten(&self.names)),
                format!(
                    "Expected the header of a FAERS {} table. Check that the file is one, and whole.",
                    table.name().to_uppercase()
                ),
            ));
        }
        Ok(())
    }
}

fn shorten(names: &[String]) -> String {
    let mut shown: String = names.join(", ").chars().take(160).collect();
    if shown.is_empty() {
        shown.push_str("nothing");
    }
    shown
}

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
        let mut reader = RowReader { header: &header, sink, log: &mut log };
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
    sink: S,
    log: &'h mut TableLog,
}

impl<S: RowSink> RowReader<'_, S> {
    fn line(&mut self, line: Line, lines: &mut Lines<'_>) -> std::io::Result<()> {
        if is_blank(&line.bytes) {
            self.log.blank_lines += 1;
            return Ok(());
        }
        match self.shape(&line.bytes) {
            Shape::Whole | Shape::Long => self.rows(&line, &line.bytes, None),
            Shape::Short => match self.joined(&line, lines)? {
                Some(joined) => self.rows(&line, &joined, Some(Reason::EmbeddedLineBreak)),
                None => self.reject(&line, Reason::TooFewFields, &line.bytes),
            },
        }
        lines.recycle(line);
        Ok(())
    }

    fn shape(&self, bytes: &[u8]) -> Shape {
        let columns = self.header.names.len();
        let fields = memchr::memchr_iter(b'$', bytes).count() + 1;
        match fields {
            n if n == columns => Shape::Whole,
            n if n == columns + 1 && bytes.last() == Some(&b'$') => Shape::Whole,
            n if n < columns => Shape::Short,
            _ => Shape::Long,
        }
    }

    /// A short line put together with the lines after it, if that makes one whole row.
    fn joined(&self, line: &Line, lines: &mut Lines<'_>) -> std::io::Result<Option<Vec<u8>>> {
        let mut joined = line.bytes.clone();
        for distance in 0..MOST_JOINED {
            let Some(next) = lines.peek(distance)? else { return Ok(None) };
            if self.shape(&next.bytes) == Shape::Whole && starts_with_id(&next.bytes) {
                return Ok(None);
            }
            joined.push(b' ');
            joined.extend_from_slice(&next.bytes);
            match self.shape(&joined) {
                Shape::Short => {}
                Shape::Long => return Ok(None),
                Shape::Whole => {
                    for _ in 0..=distance {
                        lines.next()?;
                    }
                    return Ok(Some(joined));
                }
            }
        }
        Ok(None)
    }

    /// Decodes a line, finds the row or rows in it and hands them on.
    fn rows(&mut self, line: &Line, raw: &[u8], mended: Option<Reason>) {
        let (text, fallback) = decode(raw);
        self.log.cp1252_lines += u64::from(fallback);
        if let Some(reason) = mended {
            self.log.issue(line.number, "", reason, raw);
        }
        if has_control(raw) {
            self.log.issue(line.number, "", Reason::ControlCharacter, raw);
            let clean = without_control(&text);
            self.split(line, raw, &clean);
        } else {
            self.split(line, raw, &text);
        }
    }

    fn split(&mut self, line: &Line, raw: &[u8], text: &str) {
        let columns = self.header.names.len();
        let mut fields = field_ranges(text);
        let ends_in_delimiter = text.ends_with('$');
        if fields.len() == columns || (fields.len() == columns + 1 && ends_in_delimiter) {
            fields.truncate(columns);
            return self.hand_on(line, raw, text, &fields);
        }
        if ends_in_delimiter {
            fields.pop();
        }
        if self.is_glued(text, &fields) {
            self.log.issue(line.number, "", Reason::GluedRows, raw);
            for row in fields.chunks(columns) {
                let span = span_of(row);
                let part = text.get(span).unwrap_or_default().as_bytes().to_vec();
                self.hand_on(line, &part, text, row);
            }
            return;
        }
        match self.merged(text, &fields) {
            Some(fields) => {
                self.log.issue(line.number, "", Reason::EmbeddedDelimiter, raw);
                self.hand_on(line, raw, text, &fields);
            }
            None => self.reject(line, Reason::TooManyFields, raw),
        }
    }

    /// Whether the fields are two or more whole rows, each with an identifier and fitting values.
    fn is_glued(&self, text: &str, fields: &[Range<usize>]) -> bool {
        let columns = self.header.names.len();
        columns > 1
            && fields.len() >= 2 * columns
            && fields.len().is_multiple_of(columns)
            && fields.chunks(columns).all(|row| self.fits(text, row))
    }

    fn fits(&self, text: &str, row: &[Range<usize>]) -> bool {
        let value = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let id = row.first().map(value).unwrap_or_default().trim();
        let numbered = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        numbered
            && row.iter().zip(&self.header.kinds).all(|(range, kind)| kind.admits(value(range)))
    }

    /// The fields with the two neighbours joined that an embedded `$` has parted.
    ///
    /// Only when the typed columns leave one place for it, or several among free texts that name no
    /// drug and no term; then the first is taken.
    fn merged(&self, text: &str, fields: &[Range<usize>]) -> Option<Vec<Range<usize>>> {
        let columns = self.header.names.len();
        if fields.len() != columns + 1 {
            return None;
        }
        let merge_at = |at: usize| -> Vec<Range<usize>> {
            let mut merged = fields.to_vec();
            let next = merged.remove(at + 1);
            merged[at].end = next.end;
            merged
        };
        let candidates: Vec<usize> = (0..columns)
            .filter(|&at| self.header.kinds[at] == ColumnKind::Text)
            .filter(|&at| self.fits(text, &merge_at(at)))
            .collect();
        let names_something = |&at: &usize| {
            matches!(self.header.names[at].as_str(), "drugname" | "prod_ai" | "pt" | "indi_pt")
        };
        let first = *candidates.first()?;
        let clear = candidates.len() == 1 || !candidates.iter().any(names_something);
        clear.then(|| merge_at(first))
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

fn starts_with_id(bytes: &[u8]) -> bool {
    let id = bytes.split(|&b| b == b'$').next().unwrap_or_default();
    !id.is_empty() && id.iter().all(u8::is_ascii_digit)
}

fn field_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::with_capacity(32);
    let mut start = 0;
    for at in memchr::memchr_iter(b'$', text.as_bytes()) {
        ranges.push(start..at);
        start = at + 1;
    }
    ranges.push(start..text.len());
    ranges
}

fn span_of(row: &[Range<usize>]) -> Range<usize> {
    let start = row.first().map_or(0, |range| range.start);
    start..row.last().map_or(start, |range| range.end)
}
