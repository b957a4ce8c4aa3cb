//! What a rule asks: `ii_time = yes`, `iii_1 = no | unknown`.

use serde::Deserialize;

/// A question or fact, and the answers with which the condition holds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Condition {
    /// The id of a question or fact.
    pub subject: String,
    /// The answers.
    pub options: Vec<String>,
}

/// The text is no condition.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("\"{0}\" is no condition; expected one such as `time = unknown | no`")]
pub struct ConditionError(String);

impl TryFrom<String> for Condition {
    type Error = ConditionError;

    fn try_from(text: String) -> Result<Self, ConditionError> {
        let parts = text.split_once('=').map(|(subject, options)| Self {
            subject: subject.trim().to_owned(),
            options: options.split('|').map(|one| one.trim().to_owned()).collect(),
        });
        parts.ok_or(ConditionError(text))
    }
}
