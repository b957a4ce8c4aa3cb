//! A question put to DataFusion, and its rows written as they come.

use iatro_engines::datafusion::{Answer, DataFusion};
use iatro_reports::lake::Snapshot;
use iatro_signals::count::sql::{SessionError, SessionErrorKind};

use super::{shown, written};
use crate::error::CliError;
use crate::global::{Format, Global};
use crate::output::{self, Interrupted};

/// Answers a query in the form that was asked for.
pub(super) fn answer(
    snapshot: &Snapshot,
    query: &str,
    top: usize,
    memory: usize,
    global: &Global,
) -> Result<(), CliError> {
    let session = DataFusion::new(Some(memory)).map_err(|error| failed(&error))?;
    session.open_snapshot(snapshot).map_err(|error| failed(&error))?;
    let rows = session.select(query).map_err(|error| failed(&error))?;
    match global.format() {
        Format::Table | Format::Markdown => {
            let text = shown::text(rows, top, global.format())?;
            output::write_bytes(text.as_bytes(), global)
        }
        Format::Csv => output::to_target(global, |out| written::csv(rows, out)),
        Format::Json => output::to_target(global, |out| written::json(rows, out)),
        Format::Ndjson => output::to_target(global, |out| written::ndjson(rows, out)),
        Format::Parquet => output::to_target(global, |out| written::parquet(rows, out)),
    }
}

/// The rows of an answer, batch by batch.
pub(super) type Rows<'s> = Answer<'s>;

/// A query that cannot be carried out is a wrong call; a file that is not there is bad data.
pub(super) fn failed(error: &SessionError) -> CliError {
    let message = format!("iatro sql: {error}.");
    match error.kind {
        SessionErrorKind::Query | SessionErrorKind::Missing
            if error.doing.starts_with("planning") =>
        {
            CliError::usage(message)
        }
        SessionErrorKind::Query => CliError::failed(message),
        _ => CliError::bad_data(message),
    }
}

/// The same where rows are being written.
pub(super) fn interrupted(error: &SessionError) -> Interrupted {
    Interrupted::Rows(failed(error))
}
