//! What DataFusion says when it fails, as an error of a session.

use datafusion::error::DataFusionError;
use iatro_signals::count::sql::{SessionError, SessionErrorKind};

/// How the engine is named to people.
pub(super) const NAME: &str = "DataFusion in this process";

/// The error that lies at the root of another.
pub(super) fn said(doing: &str, error: &DataFusionError) -> SessionError {
    let root = error.find_root();
    let kind = match root {
        DataFusionError::ObjectStore(store) if is_missing(store) => SessionErrorKind::Missing,
        DataFusionError::Plan(text) if text.contains("not found") && text.contains("table") => {
            SessionErrorKind::Missing
        }
        _ => SessionErrorKind::Query,
    };
    let new = SessionError::new(kind, NAME, doing, root.strip_backtrace());
    match root {
        DataFusionError::ResourcesExhausted(_) => {
            new.with_help("Give it more memory (--memory), or ask for less at once")
        }
        _ if kind == SessionErrorKind::Missing => {
            new.with_help("`show tables` lists the tables, `describe TABLE` its columns")
        }
        DataFusionError::Plan(_)
        | DataFusionError::SQL(..)
        | DataFusionError::SchemaError(..)
        | DataFusionError::NotImplemented(_) => {
            new.with_help("Only queries are answered; `show tables` lists what can be asked")
        }
        _ => new.with_help(
            "No row is given that is not right; change the query, or see what it says above",
        ),
    }
}

fn is_missing(error: &datafusion::object_store::Error) -> bool {
    matches!(error, datafusion::object_store::Error::NotFound { .. })
}
