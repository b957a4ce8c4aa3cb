//! Named comparisons of substances, with what was published beside them.

use serde::{Deserialize, Serialize};

use super::Status;

/// Reports with all substances of one list against reports with all of another.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Contrast {
    /// A short name.
    pub id: String,
    /// The title in words.
    pub title: String,
    /// Substances that a report must name together, by international non-proprietary name in lower case.
    pub exposed: Vec<String>,
    /// Substances that a report compared with must name together.
    pub comparator: Vec<String>,
    /// What was published.
    #[serde(default)]
    pub published: Option<PublishedRatio>,
}

/// A published reporting odds ratio.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedRatio {
    /// ROR, point.
    pub ror: f64,
    /// Lower 95 % limit.
    pub ror_lo: f64,
    /// Upper 95 % limit.
    pub ror_hi: f64,
    /// The reports it was computed from.
    pub reports: String,
    /// Whether the source was read.
    pub status: Status,
    /// Where it stands.
    pub source: String,
}
