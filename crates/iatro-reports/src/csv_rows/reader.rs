//! Physical lines into records, and records into rows.
//!
//! A line that ends inside quotes goes on in the next lines. Where the quotes never close within
//! [`LONGEST`] bytes, or close only because another row has quotes too, the line by itself is set
//! aside and reading goes on with the next line: one lost quote never takes other rows with it.

use std::io;

use super::fields::{Fields, ends_open};
use super::{CsvSink, Header, Row};
use crate::quarantine::{Reason, TableLog};
use crate::text::decode;
use crate::text::lines::{Line, Lines};

/// The longest record, in bytes; VAERS cuts its texts at 32,000 characters.
const LONGEST: u64 = 1 << 20;
/// The most lines of a record.
const MOST_LINES: usize = 4096;

pub(super) struct Reader<'h, S> {
    header: &'h Header,
    sink: S,
    log: &'h mut TableLog,
    /// Quotes that are open at the end of a line before this one are open at the end of this one:
    /// no line is looked through twice for a closing quote.
    open_through: u64,
}

impl<'h, S: CsvSink> Reader<'h, S> {
    pub(super) fn new(header: &'h Header, sink: S, log: &'h mut TableLog) -> Self {
        Self { header, sink, log, open_through: 0 }
    }

    pub(super) fn into_sink(self) -> S {
        self.sink
    }

    /// Takes a line, and those after it that belong to the same record.
    pub(super) fn line(&mut self, line: Line, lines: &mut Lines<'_>) -> io::Result<()> {
        if is_blank(&line.bytes) && !line.bytes.contains(&self.header.delimiter()) {
            self.log.blank_lines += 1;
        } else if line.cut {
            self.reject(&line, Reason::LineTooLong, &line.bytes);
        } else if !ends_open(&line.bytes, self.header.delimiter(), false) {
            self.record(&line, &line.bytes);
        } else {
            self.open_line(&line, lines)?;
        }
        lines.recycle(line);
        Ok(())
    }

    fn open_line(&mut self, line: &Line, lines: &mut Lines<'_>) -> io::Result<()> {
        let Some(more) = self.lines_to_close(line, lines)? else {
            self.reject(line, Reason::UnclosedQuote, &line.bytes);
            return Ok(());
        };
        let raw = joined(line, lines, more)?;
        if self.holds_a_row(line, &raw, lines, more)? {
            self.reject(line, Reason::UnclosedQuote, &line.bytes);
            return Ok(());
        }
        for _ in 0..more {
            if let Some(taken) = lines.next()? {
                lines.recycle(taken);
            }
        }
        self.record(line, &raw);
        Ok(())
    }

    /// How many further lines it takes to close the quotes; `None` if they never close.
    fn lines_to_close(&mut self, line: &Line, lines: &mut Lines<'_>) -> io::Result<Option<usize>> {
        let known = self.open_through.saturating_sub(line.number);
        let mut distance = usize::try_from(known).unwrap_or(usize::MAX);
        while distance < MOST_LINES {
            let Some(next) = lines.peek(distance)? else { return Ok(None) };
            let end = next.offset + next.bytes.len() as u64;
            if next.cut || end.saturating_sub(line.offset) > LONGEST {
                return Ok(None);
            }
            if !ends_open(&next.bytes, self.header.delimiter(), true) {
                return Ok(Some(distance + 1));
            }
            self.open_through = next.number;
            distance += 1;
        }
        Ok(None)
    }

    /// Whether a record over several lines has another row in it, taken in by a lost quote.
    fn holds_a_row(
        &self,
        line: &Line,
        raw: &[u8],
        lines: &mut Lines<'_>,
        more: usize,
    ) -> io::Result<bool> {
        let (text, _) = decode(raw);
        let fields = Fields::split(&text, self.header.delimiter());
        if fields.len() == self.header.len() && !fields.stray_quote {
            return Ok(false);
        }
        for distance in 0..more {
            let Some(next) = lines.peek(distance)? else { break };
            if self.is_row(line.number, &next.bytes) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a line by itself is a row, or the beginning of one that goes on in quotes.
    fn is_row(&self, line: u64, bytes: &[u8]) -> bool {
        let delimiter = self.header.delimiter();
        let (text, _) = decode(bytes);
        let fields = Fields::split(&text, delimiter);
        let columns = self.header.len();
        let fits = if ends_open(bytes, delimiter, false) {
            (2..=columns).contains(&fields.len())
        } else {
            fields.len() == columns
        };
        fits && self.sink.starts_row(&Row { line, fields: &fields })
    }

    /// Decodes a record, parts it and hands it on.
    fn record(&mut self, line: &Line, raw: &[u8]) {
        let (mut text, fallback) = decode(raw);
        self.log.cp1252_lines += u64::from(fallback);
        if raw.iter().any(u8::is_ascii_control) && text.contains(is_stray_control) {
            self.log.issue(line.number, "", Reason::ControlCharacter, raw);
            text = text.replace(is_stray_control, "").into();
        }
        let fields = Fields::split(&text, self.header.delimiter());
        let taken = match fields.len().cmp(&self.header.len()) {
            std::cmp::Ordering::Less => Err(Reason::TooFewFields),
            std::cmp::Ordering::Greater => Err(Reason::TooManyFields),
            std::cmp::Ordering::Equal => {
                self.sink.take(&Row { line: line.number, fields: &fields }, self.log)
            }
        };
        match taken {
            Ok(()) => {
                self.log.rows += 1;
                self.log.stored += 1;
            }
            Err(reason) => self.reject(line, reason, raw),
        }
    }

    fn reject(&mut self, line: &Line, reason: Reason, raw: &[u8]) {
        self.log.rows += 1;
        self.log.quarantine(line.number, line.offset, reason, raw);
    }
}

/// A record over several lines, with the line breaks it had.
fn joined(line: &Line, lines: &mut Lines<'_>, more: usize) -> io::Result<Vec<u8>> {
    let mut raw = line.bytes.clone();
    for distance in 0..more {
        let Some(next) = lines.peek(distance)? else { break };
        let line_break: &[u8] = match next.offset.saturating_sub(line.offset + raw.len() as u64) {
            0 => b"",
            1 => b"\n",
            _ => b"\r\n",
        };
        raw.extend_from_slice(line_break);
        raw.extend_from_slice(&next.bytes);
    }
    Ok(raw)
}

/// Whether a line is nothing but white space.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// Control characters that no text needs; tabs and line breaks stay.
fn is_stray_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r')
}
