//! What comes back, read strictly: the columns that were asked for, whole numbers, none missing, each row once.

use arrow_array::{Array, Int64Array, RecordBatch};

use super::engine::SqlEngine;
use super::error::{SessionError, SessionErrorKind};

/// A row of an answer of `N` columns.
pub(super) type Row<const N: usize> = [u64; N];

/// The id of what is no substance, term or stratum: a row for the whole.
pub(super) const WHOLE: u64 = u64::MAX;

impl SqlEngine<'_> {
    /// Asks for rows of whole numbers, sorted. A key (its first columns) that stands there twice, a missing value
    /// or another type is an error. An id of -1 comes back as [`WHOLE`].
    pub(super) fn ask<const N: usize>(
        &self,
        doing: &str,
        sql: &str,
        key: usize,
    ) -> Result<Vec<Row<N>>, SessionError> {
        let wrong = |said: String| {
            SessionError::new(SessionErrorKind::Incomplete, self.session.name(), doing, said)
        };
        let batches = self.session.query(sql)?;
        let mut rows: Vec<Row<N>> =
            Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
        for batch in &batches {
            append(batch, key, &mut rows).map_err(wrong)?;
        }
        rows.sort_unstable();
        let twice =
            |two: &&[Row<N>]| matches!(two, [x, y] if x.iter().take(key).eq(y.iter().take(key)));
        if let Some([row, ..]) = rows.windows(2).find(twice) {
            return Err(wrong(format!("the row {row:?} stands there twice")));
        }
        Ok(rows)
    }

    /// An answer that lacks what must be in it.
    pub(super) fn incomplete(&self, doing: &str, said: impl std::fmt::Display) -> SessionError {
        SessionError::new(SessionErrorKind::Incomplete, self.session.name(), doing, said)
    }
}

fn append<const N: usize>(
    batch: &RecordBatch,
    key: usize,
    rows: &mut Vec<Row<N>>,
) -> Result<(), String> {
    if batch.num_columns() != N {
        return Err(format!("{} columns, expected {N}", batch.num_columns()));
    }
    let mut columns = Vec::with_capacity(N);
    for (column, field) in batch.columns().iter().zip(batch.schema_ref().fields()) {
        let Some(numbers) = column.as_any().downcast_ref::<Int64Array>() else {
            return Err(format!(
                "column {} is {}, expected BIGINT",
                field.name(),
                field.data_type()
            ));
        };
        if numbers.null_count() > 0 {
            return Err(format!("column {} has rows without a value", field.name()));
        }
        columns.push(numbers.values());
    }
    for at in 0..batch.num_rows() {
        let mut row = [0; N];
        for (place, (slot, column)) in row.iter_mut().zip(&columns).enumerate() {
            let value = column.get(at).copied().unwrap_or(i64::MIN);
            *slot = match u64::try_from(value) {
                Ok(value) => value,
                Err(_) if value == -1 && place < key => WHOLE,
                Err(_) => return Err(format!("{value} where a count or an id was expected")),
            };
        }
        rows.push(row);
    }
    Ok(())
}
