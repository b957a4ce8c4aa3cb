//! What is asked of an engine that reads SQL.

use arrow_array::RecordBatch;

use super::SessionError;

/// Something that runs SQL over a lake's tables: in this process or elsewhere.
pub trait SqlSession: Sync {
    /// How it is named to people, e.g. "Spark at 127.0.0.1:15002".
    fn name(&self) -> String;

    /// Makes a Parquet file (path or URL as the engine sees it) a table. A table of that name is replaced.
    ///
    /// # Errors
    /// [`SessionErrorKind::Missing`](super::SessionErrorKind::Missing) if the engine does not see the file; what else
    /// keeps it from being read.
    fn open(&self, table: &str, location: &str) -> Result<(), SessionError>;

    /// Makes rows of this process a table. A table of that name is replaced.
    ///
    /// # Errors
    /// What keeps the rows from arriving whole.
    fn put(&self, table: &str, rows: &RecordBatch) -> Result<(), SessionError>;

    /// All rows of a query, whole or an error.
    ///
    /// # Errors
    /// What keeps the answer from being whole.
    fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, SessionError>;
}
