//! NDJSON: one JSON object a row, one row a line.

use std::io::{self, Write};

use super::stream::Sink;
use crate::answer::Rows;

/// Writes rows as they come.
pub(super) struct Ndjson<W> {
    out: W,
}

impl<W: Write> Ndjson<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Sink for Ndjson<W> {
    fn write(&mut self, rows: &Rows) -> io::Result<()> {
        for row in &rows.rows {
            serde_json::to_writer(&mut self.out, &rows.to_object(row))?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}
