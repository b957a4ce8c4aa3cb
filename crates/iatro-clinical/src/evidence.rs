//! Where a fact of a data file comes from, and how well that is established.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a fact was read in a copy of its source.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceStatus {
    /// Read in a public copy of the named source.
    #[default]
    Verified,
    /// Recalled, not yet seen in a source: off unless asked for, and labelled.
    Unverified,
}

impl EvidenceStatus {
    /// In words: `verified`, `unverified`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
        }
    }

    /// Whether the fact may be used.
    pub fn usable(self, include_unverified: bool) -> bool {
        self == Self::Verified || include_unverified
    }
}

/// The paper that published an instrument.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Authors, journal, year, pages.
    pub text: String,
    /// Digital object identifier, without a prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// PubMed identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmid: Option<String>,
}
