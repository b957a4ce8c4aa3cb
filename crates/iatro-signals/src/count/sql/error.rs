//! Why an engine that reads SQL gave no answer.

use std::fmt;

/// What went wrong, in kinds that ask for different remedies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SessionErrorKind {
    /// The engine cannot be reached, or stopped answering.
    Lost,
    /// The answer was not whole before the deadline.
    Deadline,
    /// The engine did not let us in: credentials, or a certificate.
    Refused,
    /// The engine speaks another version of the protocol or of SQL than is known to work.
    Version,
    /// A table, file or path does not exist where the engine looks for it.
    Missing,
    /// The engine did not carry out the query.
    Query,
    /// The answer ended before it was whole, or was not what was asked for.
    Incomplete,
}

impl SessionErrorKind {
    /// What to do about it, where the session knows nothing better.
    pub fn help(self) -> &'static str {
        match self {
            Self::Lost => {
                "No number is given. See that it runs and can be reached from here, then run the command again"
            }
            Self::Deadline => {
                "No number is given. See that none of its machines stands still; give it longer (--deadline), or more of \
                 a machine to work with"
            }
            Self::Refused => {
                "Check the token and the certificate in the address, and that they are still valid"
            }
            Self::Version => "Use a version that the documentation names, or count in this process",
            Self::Missing => {
                "The engine must see the same files as this process: give the lake's place as the engine sees \
                 it (--spark-lake)"
            }
            Self::Query => {
                "No number is given. The same study runs in this process with --engine embedded"
            }
            Self::Incomplete => "No number is given. Run the command again",
        }
    }
}

impl fmt::Display for SessionErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost => "the connection was lost",
            Self::Deadline => "the deadline passed",
            Self::Refused => "access was refused",
            Self::Version => "the versions do not fit",
            Self::Missing => "something is not where the engine looks for it",
            Self::Query => "the query was not carried out",
            Self::Incomplete => "the answer is not whole",
        })
    }
}

/// An engine that gave no answer: which, while doing what, what it said, and what to do.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{engine}: {kind} while {doing} ({said}). {help}")]
pub struct SessionError {
    /// The kind of failure.
    pub kind: SessionErrorKind,
    /// The engine's name, as [`SqlSession::name`](super::SqlSession::name) gives it.
    pub engine: String,
    /// What was being done: "opening table exposure".
    pub doing: String,
    /// What the engine or the network said, on one line and cut to a readable length.
    pub said: String,
    /// What to do, without a full stop at the end.
    pub help: String,
}

/// How much of what an engine says is repeated: some send whole stack traces.
const SAID: usize = 600;

impl SessionError {
    /// An error with the usual help of its kind.
    pub fn new(
        kind: SessionErrorKind,
        engine: impl Into<String>,
        doing: impl Into<String>,
        said: impl fmt::Display,
    ) -> Self {
        Self {
            kind,
            engine: engine.into(),
            doing: doing.into(),
            said: one_line(&said.to_string()),
            help: kind.help().to_owned(),
        }
    }

    /// The same error with other help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= SAID {
        return line;
    }
    let cut: String = line.chars().take(SAID).collect();
    format!("{cut} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_says_is_one_line_of_readable_length() {
        let trace = format!("org.apache.spark.Oops:\n\tat x\n{}", "\tat y ".repeat(1_000));
        let error =
            SessionError::new(SessionErrorKind::Query, "Spark at host:1", "counting", trace);
        assert!(error.said.starts_with("org.apache.spark.Oops: at x at y"));
        assert!(error.said.chars().count() <= SAID + 2 && !error.to_string().contains('\n'));
        assert!(error.to_string().starts_with("Spark at host:1: the query was not carried out"));
        let helped = error.with_help("Do this");
        assert!(helped.to_string().ends_with("Do this"));
    }
}
