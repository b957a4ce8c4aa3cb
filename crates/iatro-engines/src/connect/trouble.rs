//! What a failed call means to a person.

use std::error::Error;

use iatro_signals::count::sql::{SessionError, SessionErrorKind};
use tonic::{Code, Status};

use super::message::error_class;

/// Error classes of Spark, by what they ask a person to do.
const CLASSES: [(&str, SessionErrorKind); 9] = [
    ("PATH_NOT_FOUND", SessionErrorKind::Missing),
    ("TABLE_OR_VIEW_NOT_FOUND", SessionErrorKind::Missing),
    ("FAILED_READ_FILE", SessionErrorKind::Missing),
    ("UNABLE_TO_INFER_SCHEMA", SessionErrorKind::Missing),
    ("INVALID_HANDLE.SESSION", SessionErrorKind::Lost),
    ("INVALID_HANDLE.OPERATION", SessionErrorKind::Lost),
    ("INVALID_CURSOR", SessionErrorKind::Incomplete),
    ("OPERATION_CANCELED", SessionErrorKind::Deadline),
    ("UNSUPPORTED_FEATURE", SessionErrorKind::Version),
];

/// What servers other than Spark, or older ones, say of files that are not there.
const NOT_THERE: [&str; 5] = [
    "path does not exist",
    "no such file or directory",
    "filenotfoundexception",
    "no files found",
    "object at location",
];

/// What the libraries below say of a server that is there and speaks something else, and what to do then.
const OTHER_SPEECH: [(&str, &str); 2] = [
    (
        "InvalidContentType",
        "The server does not speak TLS, which a token and use_ssl=true ask for. Check the port; a server on this \
         machine may be asked without TLS (use_ssl=false)",
    ),
    (
        "frame with invalid size",
        "What answers at this port does not speak gRPC, or speaks it over TLS only. Check the port, and whether \
         the server wants use_ssl=true",
    ),
];

/// Whether a call failed on the way rather than at the server: then the server may still be at work on it.
pub(super) fn is_of_the_network(status: &Status) -> bool {
    status.source().is_some() || status.code() == Code::Unavailable
}

/// A server that cannot be connected to.
pub(super) fn unreachable(name: &str, doing: &str, error: &(dyn Error + 'static)) -> SessionError {
    let said = chain(error);
    let certificate = said.to_ascii_lowercase().contains("certificate");
    let kind = if certificate { SessionErrorKind::Refused } else { SessionErrorKind::Lost };
    let other = OTHER_SPEECH.iter().find(|(words, _)| said.contains(words));
    let error = SessionError::new(kind, name, doing, &said);
    match other {
        Some((_, help)) => error.with_help(*help),
        None => error,
    }
}

/// A call that failed.
pub(super) fn failed(name: &str, doing: &str, status: &Status) -> SessionError {
    if let Some(source) = status.source() {
        return unreachable(name, doing, source);
    }
    let class = error_class(status.details()).unwrap_or_default();
    let error = SessionError::new(kind(status, &class), name, doing, said(status, &class));
    match status.code() {
        Code::OutOfRange if status.message().contains("message length too large") => {
            error.with_help("No number is given. Ask for fewer rows, or count in this process")
        }
        Code::ResourceExhausted => {
            error.with_help("No number is given. Give the server more memory, or larger messages")
        }
        _ => error,
    }
}

fn kind(status: &Status, class: &str) -> SessionErrorKind {
    let text = status.message();
    let known = |(name, _): &&(&str, SessionErrorKind)| {
        class.starts_with(name) || text.contains(&format!("[{name}"))
    };
    if let Some((_, kind)) = CLASSES.iter().find(known) {
        return *kind;
    }
    match status.code() {
        Code::Unauthenticated | Code::PermissionDenied => SessionErrorKind::Refused,
        Code::Unavailable => SessionErrorKind::Lost,
        Code::DeadlineExceeded => SessionErrorKind::Deadline,
        Code::Unimplemented => SessionErrorKind::Version,
        Code::OutOfRange => SessionErrorKind::Incomplete,
        _ if is_not_there(text) => SessionErrorKind::Missing,
        _ => SessionErrorKind::Query,
    }
}

fn is_not_there(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    NOT_THERE.iter().any(|words| text.contains(words))
}

/// What the server said; a server that said nothing is known by the code of the status.
fn said(status: &Status, class: &str) -> String {
    match (status.message().trim(), class) {
        ("", "") => format!("{}", status.code()),
        ("", class) => class.to_owned(),
        (text, _) => text.to_owned(),
    }
}

/// An error and what brought it about, each said once.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.contains(&text) {
            said.push_str(": ");
            said.push_str(&text);
        }
        cause = error.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_becomes_a_kind() {
        for (status, kind) in [
            (
                Status::internal("[PATH_NOT_FOUND] Path does not exist: file:/x"),
                SessionErrorKind::Missing,
            ),
            (Status::internal("[TABLE_OR_VIEW_NOT_FOUND] t"), SessionErrorKind::Missing),
            (Status::unknown("not found: [TABLE_OR_VIEW_NOT_FOUND] t"), SessionErrorKind::Missing),
            (Status::unknown("No such file or directory (os error 2)"), SessionErrorKind::Missing),
            (Status::internal("[INVALID_HANDLE.SESSION_CHANGED] x"), SessionErrorKind::Lost),
            (Status::internal("[INVALID_HANDLE.OPERATION_NOT_FOUND] x"), SessionErrorKind::Lost),
            (Status::unavailable("x"), SessionErrorKind::Lost),
            (Status::unauthenticated("x"), SessionErrorKind::Refused),
            (Status::permission_denied("x"), SessionErrorKind::Refused),
            (Status::unimplemented("x"), SessionErrorKind::Version),
            (Status::deadline_exceeded("x"), SessionErrorKind::Deadline),
            (Status::internal("[PARSE_SYNTAX_ERROR] near 'FORM'"), SessionErrorKind::Query),
            (Status::internal(""), SessionErrorKind::Query),
        ] {
            let error = failed("Spark at h:1", "counting", &status);
            assert_eq!(error.kind, kind, "{status:?}");
            assert!(error.to_string().starts_with("Spark at h:1: "), "{error}");
            assert!(!error.said.is_empty());
        }
    }
}
