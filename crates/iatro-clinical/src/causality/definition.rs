//! Causality instruments as data: questions, answers, and how they make a category.
//!
//! Two kinds. In an instrument of points (Naranjo, RUCAM, ALDEN) every answer has points and the total falls into a
//! band. In a tree (WHO-UMC, Liverpool, WHO AEFI) every answer leads to another question or ends in a category.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::evidence::{Citation, EvidenceStatus};

/// A causality instrument.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CausalityInstrument {
    /// Its id: lower case, words joined by `-`.
    pub id: String,
    /// The instrument of which this is a form or edition: the id under which it is asked for and answered.
    pub family: Option<String>,
    /// The form, where an instrument has several for different cases: `hepatocellular`.
    pub form: Option<String>,
    /// The edition, where there are several; the first in the list of files is used unless another is asked for.
    pub edition: Option<String>,
    /// Its name in the field.
    pub name: String,
    /// What it answers, in a sentence.
    pub purpose: String,
    /// For what it was made or validated.
    pub population: String,
    /// The paper that published it.
    pub citation: Citation,
    /// Public copies in which it was read.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Whether it was read in a source.
    #[serde(default)]
    pub evidence_status: EvidenceStatus,
    /// What a reader must know before using it.
    #[serde(default)]
    pub caveats: Vec<String>,
    /// How answers make a category.
    pub kind: Kind,
    /// Its questions; a tree begins with the first.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
    /// For points: the bands, from the lowest, which has no `from`.
    #[serde(default, rename = "band")]
    pub bands: Vec<Band>,
}

/// How answers make a category.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Points are added; the total falls into a band.
    Points,
    /// Each answer leads on or ends.
    Tree,
}

/// A question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id within the instrument.
    pub id: String,
    /// In our own words.
    pub text: String,
    /// Its answers. `unknown` may be one of them, where the instrument itself has an answer for it.
    #[serde(rename = "option")]
    pub options: Vec<Answer>,
    /// Whether it was read in a source.
    #[serde(default)]
    pub evidence_status: EvidenceStatus,
    /// What to know of it.
    pub note: Option<String>,
}

/// A possible answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Its id: `yes`, `no`, `unknown`, or a word for it.
    pub id: String,
    /// In words, where the id is not plain enough.
    pub label: Option<String>,
    /// Of points: what it gives.
    pub points: Option<Decimal>,
    /// Of a tree: the question it leads to.
    pub next: Option<String>,
    /// Of a tree: the category it ends in.
    pub ends: Option<String>,
}

/// A band of the total.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its name.
    pub label: String,
    /// The least total; none for the lowest.
    pub from: Option<Decimal>,
}

/// The id of the answer to a question that cannot be answered.
pub const UNKNOWN: &str = "unknown";

impl CausalityInstrument {
    /// The id under which it is asked for and answered.
    pub fn family(&self) -> &str {
        self.family.as_deref().unwrap_or(&self.id)
    }

    /// The question of this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The band of a total.
    pub fn band(&self, total: Decimal) -> Option<&str> {
        let reached = |band: &&Band| band.from.is_none_or(|from| total >= from);
        self.bands.iter().rev().find(reached).map(|band| band.label.as_str())
    }
}

impl Question {
    /// The answer of this id.
    pub fn option(&self, id: &str) -> Option<&Answer> {
        self.options.iter().find(|option| option.id == id)
    }

    /// The answers that say something: all but `unknown`.
    pub fn known(&self) -> impl Iterator<Item = &Answer> {
        self.options.iter().filter(|option| option.id != UNKNOWN)
    }
}
