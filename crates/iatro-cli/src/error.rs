//! Failures at the edge: what to print, and which exit code to end with.

use std::io::{self, Write};
use std::process::ExitCode;

use iatro_reports::ErrorKind;
use iatro_signals::count::CountError;
use iatro_signals::count::sql::{SessionError, SessionErrorKind};
use iatro_signals::run::RunError;
use iatro_signals::study::StudyError;
use iatro_synth::SynthError;

/// How a command that ran to its end ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    /// All is well: exit code 0.
    Fine,
    /// The command ran, and what it checked does not hold: exit code 1.
    CheckFailed,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Fine => Self::SUCCESS,
            Status::CheckFailed => Self::from(1),
        }
    }
}

/// Why a command did not run to its end.
#[derive(Debug)]
pub(crate) struct CliError {
    code: u8,
    message: String,
}

impl CliError {
    /// The call asks for something that does not exist or does not fit together: exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into() }
    }

    /// An input is missing or is not what it says it is: exit code 3.
    pub(crate) fn bad_data(message: impl Into<String>) -> Self {
        Self { code: 3, message: message.into() }
    }

    /// Something was refused or could not be stored: exit code 4.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self { code: 4, message: message.into() }
    }

    /// A defect of the program: exit code 1.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { code: 1, message: message.into() }
    }

    pub(crate) fn print(&self) {
        // A closed terminal is no reason to fail a second time.
        let _ = writeln!(anstream::stderr(), "\u{1b}[1;31merror:\u{1b}[0m {}", self.message);
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl From<iatro_reports::Error> for CliError {
    fn from(error: iatro_reports::Error) -> Self {
        let code = match error.kind() {
            ErrorKind::Usage => 2,
            ErrorKind::BadData => 3,
            ErrorKind::Refused => 4,
        };
        Self { code, message: error.to_string() }
    }
}

impl From<RunError> for CliError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Lake(error) => error.into(),
            RunError::Question { .. } => Self::usage(error.to_string()),
            RunError::Count(CountError::Session(error)) => error.into(),
            RunError::Count(error @ CountError::Memory { .. }) => Self::usage(error.to_string()),
            other => Self::failed(other.to_string()),
        }
    }
}

impl From<SessionError> for CliError {
    fn from(error: SessionError) -> Self {
        let code = match error.kind {
            SessionErrorKind::Query => 1,
            SessionErrorKind::Version => 2,
            SessionErrorKind::Refused => 4,
            // What is to be counted cannot be had, or is not what it says.
            _ => 3,
        };
        Self { code, message: format!("{error}.") }
    }
}

impl From<StudyError> for CliError {
    fn from(error: StudyError) -> Self {
        let code = if matches!(error, StudyError::Unknown { .. }) { 2 } else { 3 };
        Self { code, message: error.to_string() }
    }
}

impl From<SynthError> for CliError {
    fn from(error: SynthError) -> Self {
        Self::refused(error.to_string())
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::refused(format!("standard output: cannot be written ({error})"))
    }
}
