//! One observation: what was seen, when, by which assay, and where it stands.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::when::When;

/// An observation as a record has it. Exactly one of `value`, `present` and `choice` is given, as the kind of the
/// observable asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// Its id within the case, so that an answer can name the observation that decided it.
    pub id: String,
    /// What was observed: an id of the catalogue, such as `ferritin` or `splenomegaly`.
    pub observable: String,
    /// When. An observation without a time counts in every window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<When>,
    /// A number, or a text with a comparator where the assay ended: `5200`, `"> 40000"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Reading>,
    /// The unit of `value`, in UCUM or as laboratories print it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// For a finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<Presence>,
    /// For an observable of several grades.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// Site or specimen of a finding, such as `marrow_aspirate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Upper limit of the laboratory's reference range, in `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub upper_limit: Option<Decimal>,
    /// The patient's own value before the illness, in `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub baseline: Option<Decimal>,
    /// Method or assay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assay: Option<String>,
    /// Where it stands: the row, page or resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Whether something was found.
#[derive(
    Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Looked for and found.
    Yes,
    /// Looked for and not found.
    No,
    /// Not looked for, or not conclusive.
    Unknown,
}

/// On which side of a number a value lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Comparator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

impl Comparator {
    /// Every comparator with its sign, longest signs first.
    pub const SIGNS: [(&'static str, Self); 7] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("≤", Self::AtMost),
        ("≥", Self::AtLeast),
        ("<", Self::Less),
        (">", Self::Greater),
        ("=", Self::Equal),
    ];

    /// The sign, as in `>=`.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::AtLeast => ">=",
            Self::Greater => ">",
        }
    }

    /// Whether `value` stands in this relation to `limit`.
    pub fn holds(self, value: Decimal, limit: Decimal) -> bool {
        match self {
            Self::Less => value < limit,
            Self::AtMost => value <= limit,
            Self::Equal => value == limit,
            Self::AtLeast => value >= limit,
            Self::Greater => value > limit,
        }
    }
}

/// A number as read, with the side on which the true value lies where the assay ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "NumberOrText", into = "NumberOrText")]
#[schemars(with = "NumberOrText")]
pub struct Reading {
    /// `=` for a plain number.
    pub comparator: Comparator,
    /// The number.
    pub number: Decimal,
}

/// A JSON number, or a text such as `"> 40000"`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NumberOrText {
    /// A plain number.
    Number(serde_json::Number),
    /// A comparator and a number.
    Text(String),
}

/// The text is no reading.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "\"{found}\" is no number; expected digits with a decimal point, or such a number after <, <=, > or >="
)]
pub struct ReadingError {
    /// The text.
    pub found: String,
}

impl Reading {
    /// A plain number.
    pub fn exactly(number: Decimal) -> Self {
        Self { comparator: Comparator::Equal, number }
    }
}

impl FromStr for Reading {
    type Err = ReadingError;

    fn from_str(text: &str) -> Result<Self, ReadingError> {
        let wrong = || ReadingError { found: text.chars().take(40).collect() };
        let trimmed = text.trim();
        let (comparator, rest) = Comparator::SIGNS
            .iter()
            .find_map(|(sign, comparator)| Some((*comparator, trimmed.strip_prefix(sign)?)))
            .unwrap_or((Comparator::Equal, trimmed));
        let digits = rest.trim();
        let number = if digits.contains(['e', 'E']) {
            Decimal::from_scientific(digits).map_err(|_| wrong())?
        } else {
            // Underscores are digits' separators to the decimal library, and a comma is to half the world.
            let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
            digits.parse().ok().filter(|_| plain).ok_or_else(wrong)?
        };
        Ok(Self { comparator, number: number.normalize() })
    }
}

impl TryFrom<NumberOrText> for Reading {
    type Error = ReadingError;

    fn try_from(given: NumberOrText) -> Result<Self, ReadingError> {
        match given {
            NumberOrText::Number(number) => number.to_string().parse(),
            NumberOrText::Text(text) => text.parse(),
        }
    }
}

impl From<Reading> for NumberOrText {
    fn from(reading: Reading) -> Self {
        let text = reading.to_string();
        match text.parse() {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Text(text),
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.comparator {
            Comparator::Equal => write!(f, "{}", self.number),
            other => write!(f, "{} {}", other.sign(), self.number),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_and_comparators_are_read_as_written() {
        for (text, expected) in [
            ("5200", "5200"),
            ("9.20", "9.2"),
            (">40000", "> 40000"),
            ("≤ 1.5", "<= 1.5"),
            ("1.2e3", "1200"),
            ("-2.1", "-2.1"),
        ] {
            assert_eq!(text.parse::<Reading>().unwrap().to_string(), expected);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "39,4", "1 000", "1_000", "high", "<>3", "NaN", "1e99", "0x10", ">"] {
            assert!(text.parse::<Reading>().is_err(), "{text}");
        }
    }

    #[test]
    fn json_numbers_keep_their_decimals() {
        let reading: Reading = serde_json::from_str("38.4").unwrap();
        assert_eq!(reading.number, "38.4".parse().unwrap());
        assert_eq!(serde_json::to_string(&reading).unwrap(), "38.4");
        let above: Reading = serde_json::from_str("\"> 40000\"").unwrap();
        assert_eq!(serde_json::to_string(&above).unwrap(), "\"> 40000\"");
    }
}
