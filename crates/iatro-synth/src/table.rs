//! One table of a quarter as it grows: rows, and the accidents that befall lines.

use crate::layout::{TableKind, columns, has_byte_order_mark};
use crate::quarter::{Era, Quarter};
use crate::truth::TableCounts;

/// The size of the blocks in which a table is handed on.
const BLOCK: usize = 1 << 20;

/// How a row comes out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    Whole,
    /// Without a newline between it and the row before.
    Glued,
    /// Ends after so many fields.
    Cut(usize),
}

/// The bytes of a table and what they hold.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) kind: TableKind,
    columns: Vec<&'static str>,
    /// The bytes that have not been taken yet.
    bytes: Vec<u8>,
    /// How many bytes have been taken.
    taken: u64,
    legacy: bool,
    line_end: &'static str,
    pub(crate) counts: TableCounts,
    /// Whether the row before is whole and stands on a line of its own.
    calm: bool,
}

impl Table {
    /// An empty table with its header.
    pub(crate) fn new(kind: TableKind, quarter: Quarter) -> Self {
        let columns = columns(kind, quarter);
        let legacy = quarter.era() == Era::Legacy;
        let mut bytes = Vec::new();
        if has_byte_order_mark(kind, quarter) {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        let header = columns.join("$");
        let header = if legacy { header.to_ascii_uppercase() } else { header };
        bytes.extend_from_slice(header.as_bytes());
        let line_end = quarter.line_end();
        bytes.extend_from_slice(line_end.as_bytes());
        let columns = columns.into_iter().map(str::trim).collect();
        let counts = TableCounts::default();
        Self { kind, columns, bytes, taken: 0, legacy, line_end, counts, calm: false }
    }

    /// Whether an accident may happen to the next line: never next to another one, so that each
    /// can be told from the others.
    pub(crate) fn is_calm(&self) -> bool {
        self.calm
    }

    /// Writes a row by asking for each column's field. Legacy rows end with a `$` of their own.
    pub(crate) fn row(&mut self, shape: Shape, mut field: impl FnMut(&str, &mut Vec<u8>)) {
        let glued = shape == Shape::Glued && self.calm;
        if glued {
            self.bytes.truncate(self.bytes.len() - self.line_end.len());
            self.counts.lines -= 1;
        }
        let begin = self.bytes.len();
        let width = match shape {
            Shape::Cut(width) => width.min(self.columns.len()),
            _ => self.columns.len(),
        };
        for (index, column) in self.columns.iter().take(width).enumerate() {
            if index > 0 {
                self.bytes.push(b'$');
            }
            field(column, &mut self.bytes);
        }
        let inner_breaks = self.bytes[begin..].iter().filter(|b| **b == b'\n').count() as u64;
        let cut = width < self.columns.len();
        if self.legacy && !cut {
            self.bytes.push(b'$');
        }
        self.bytes.extend_from_slice(self.line_end.as_bytes());
        self.counts.lines += 1 + inner_breaks;
        self.counts.records += 1;
        self.counts.cut += u64::from(cut);
        self.calm = shape == Shape::Whole && inner_breaks == 0;
    }

    /// The size of the table in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.taken + self.bytes.len() as u64
    }

    /// Takes what is written once it is a block or more; the last line end stays, for a row that is
    /// glued to the one before takes it away.
    pub(crate) fn take_block(&mut self) -> Option<Vec<u8>> {
        (self.bytes.len() >= BLOCK).then(|| {
            let kept = self.bytes.split_off(self.bytes.len() - self.line_end.len());
            self.take(kept)
        })
    }

    /// Takes what is left of a finished table.
    pub(crate) fn take_rest(&mut self) -> Vec<u8> {
        self.take(Vec::new())
    }

    fn take(&mut self, mut kept: Vec<u8>) -> Vec<u8> {
        std::mem::swap(&mut self.bytes, &mut kept);
        self.taken += kept.len() as u64;
        kept
    }

    /// Writes an empty line.
    pub(crate) fn blank_line(&mut self) {
        self.bytes.extend_from_slice(self.line_end.as_bytes());
        self.counts.lines += 1;
        self.counts.blank_lines += 1;
        self.calm = false;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn write(quarter: &str, shapes: &[Shape]) -> (String, TableCounts) {
        let mut table = Table::new(TableKind::Outc, quarter.parse().unwrap());
        for shape in shapes {
            table.row(*shape, |column, out| {
                out.extend_from_slice(if column == "outc_cod" { b"OT" } else { b"7" });
            });
        }
        (String::from_utf8(table.bytes).unwrap(), table.counts)
    }

    #[test]
    fn legacy_rows_end_with_a_dollar_that_the_header_lacks() {
        let (text, _) = write("2012Q3", &[Shape::Whole]);
        assert_eq!(text, "ISR$OUTC_COD\r\n7$OT$\r\n");
        let (text, _) = write("2014Q3", &[Shape::Whole]);
        assert_eq!(text, "primaryid$caseid$outc_cod\n7$7$OT\n");
    }

    #[test]
    fn a_glued_row_shares_a_line_and_a_cut_row_is_short() {
        let (text, counts) = write("2012Q3", &[Shape::Whole, Shape::Glued, Shape::Cut(1)]);
        assert_eq!(text, "ISR$OUTC_COD\r\n7$OT$7$OT$\r\n7\r\n");
        assert_eq!((counts.lines, counts.records, counts.cut), (2, 3, 1));
    }
}
