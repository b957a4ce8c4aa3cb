//! NDJSON: one JSON object a row, one row a line.

use std::io;

use crate::answer::Rows;

/// Rows, a line each.
pub(super) fn text(rows: &Rows) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    for row in &rows.rows {
        serde_json::to_writer(&mut text, &rows.to_object(row))?;
        text.push(b'\n');
    }
    Ok(text)
}
