//! What one instrument answers.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::evidence::{Citation, EvidenceStatus};
use crate::logic::Ternary;

/// One instrument's answer for one drug.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct InstrumentAnswer {
    /// Its id: `naranjo`, `who-umc`, `liverpool`, `who-aefi`, `rucam`, `alden`, `bradford-hill`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it answers.
    pub purpose: String,
    /// The edition or form in use, if there are several: `2016, hepatocellular`.
    pub variant: Option<String>,
    /// Whether it may be asked of this drug and event.
    pub applicable: Ternary,
    /// Why, in words.
    pub applicability: String,
    /// The category with what is known now; `None` if it has no categories or may not be asked.
    pub category: Option<CategoryRow>,
    /// Every category that some answer to the open questions would give, from least to most likely.
    pub reachable: Vec<CategoryRow>,
    /// The total, for instruments that have one.
    pub points: Option<Points>,
    /// Why it is this category: the rule or branch that decided, in words.
    pub decided_by: Vec<String>,
    /// Its questions, in reading order.
    pub questions: Vec<AnswerRow>,
    /// The rows of a narrative grid; empty for the others.
    pub viewpoints: Vec<Viewpoint>,
    /// In whom and for what it was made.
    pub population: String,
    /// `not validated for iatrogenic HLH`.
    pub not_validated: &'static str,
    /// Whether it was read in a source; unverified also if a part in use is.
    pub evidence_status: EvidenceStatus,
    /// What a reader must know.
    pub caveats: Vec<String>,
    /// Where its content was read.
    pub sources: Vec<String>,
    /// The paper.
    pub citation: Citation,
}

/// A category of an instrument.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, JsonSchema)]
pub struct CategoryRow {
    /// Its id: `probable`, `a1`.
    pub id: String,
    /// In words.
    pub label: String,
}

/// A total.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Points {
    /// As the instrument adds it up: what is unknown counts what the instrument gives for unknown; `None` if it gives
    /// nothing for one of them.
    #[serde(with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub as_published: Option<Decimal>,
    /// Least over every answer to the open questions.
    #[serde(with = "rust_decimal::serde::float")]
    #[schemars(with = "f64")]
    pub min: Decimal,
    /// Most.
    #[serde(with = "rust_decimal::serde::float")]
    #[schemars(with = "f64")]
    pub max: Decimal,
    /// The most that can be reached if questions that are hardly ever answerable in this event stay open.
    #[serde(with = "rust_decimal::serde::float")]
    #[schemars(with = "f64")]
    pub ceiling: Decimal,
    /// The category at the ceiling.
    pub ceiling_category: CategoryRow,
    /// Which questions that leaves open, and why the ceiling is where it is, in words.
    pub ceiling_reason: String,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AnswerRow {
    /// Its id: `q5`.
    pub id: String,
    /// In words.
    pub text: String,
    /// The id of the answer: `yes`, `no`, `unknown`, `5_to_28_days`.
    pub answer: String,
    /// The answer in words.
    pub label: String,
    /// Where the answer is from.
    pub basis: Basis,
    /// Its points, for instruments that have some.
    #[serde(with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub points: Option<Decimal>,
    /// Whether the walk through a flow chart came past it; true for the others.
    pub asked: bool,
    /// Why.
    pub reason: String,
    /// The row of the case on which it rests: `drugs.ltg.dechallenge`; empty if there is none.
    pub row: String,
    /// Where that stands, as the case says.
    pub source: Option<String>,
    /// The answers there are.
    pub options: Vec<Ask>,
    /// Whether the question was read in a source.
    pub evidence_status: EvidenceStatus,
}

/// An answer that could be given.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ask {
    /// Its id.
    pub id: String,
    /// In words.
    pub label: String,
}

/// Where an answer is from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A person stated it in the case.
    Stated,
    /// Read from the fields of the case.
    Derived,
    /// Not known.
    Unknown,
}

/// A row of a narrative grid: no number, no sum.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Viewpoint {
    /// Its id: `temporality`.
    pub id: String,
    /// In words.
    pub label: String,
    /// What it asks.
    pub asks: String,
    /// What the case says.
    pub says: Vec<ViewpointFact>,
    /// What the case does not say.
    pub missing: Vec<String>,
}

/// What the case says to a row of a narrative grid.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ViewpointFact {
    /// In words.
    pub text: String,
    /// The row of the case, or the data file.
    pub row: String,
}
