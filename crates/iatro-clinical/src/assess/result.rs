//! What is asked and what is answered.

use jiff::civil::Date;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::evidence::{Citation, EvidenceStatus};
use crate::logic::Ternary;
use crate::when::When;

/// What is asked of a case.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Ids of instruments; empty for all.
    pub instruments: Vec<String>,
    /// Last day of the window; the day of the latest observation if left out.
    pub at: Option<Date>,
    /// Days of the window, counted back from its last day; 14 if left out.
    pub window_days: Option<u32>,
    /// Whether facts that were recalled and not read in a source are used too, labelled.
    pub include_unverified: bool,
    /// Other readings of an item or rule: ids of instrument and variant.
    pub variants: Vec<(String, String)>,
}

/// The answer: every instrument side by side.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// `Research use. Not a medical device.`
    pub notice: &'static str,
    /// The case.
    pub case: String,
    /// The days that were looked at.
    pub window: Window,
    /// Every instrument that was asked for.
    pub instruments: Vec<Assessment>,
    /// Instruments that were left out because they are unverified.
    pub left_out: Vec<LeftOut>,
    /// Where instruments disagree, and what both are made for.
    pub disagreements: Vec<Disagreement>,
    /// The tests not known that would decide most, most first.
    pub next_tests: Vec<NextTest>,
    /// Each total over time.
    pub course: Vec<CourseRow>,
    /// What a reader must know of how this was computed: where counting had to be coarser, or days were left out.
    pub notes: Vec<String>,
}

/// An instrument that was not evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Why, and what turns it on.
    pub reason: String,
}

/// The days that were looked at.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Window {
    /// First day; `None` if no observation has a day.
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// Last day.
    #[schemars(with = "Option<String>")]
    pub to: Option<Date>,
    /// Observations in it.
    pub used: usize,
    /// Observations without a time; they count in every window.
    pub undated: usize,
    /// Observations outside, not used.
    pub outside: usize,
}

/// Fulfilled, not fulfilled, or open.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Whatever the unknown items are, it is fulfilled.
    Fulfilled,
    /// Whatever the unknown items are, it is not.
    NotFulfilled,
    /// It depends on items that are not known.
    Indeterminate,
    /// The instrument has no rule, or its rule is unverified.
    None,
}

/// The least and the most that the unknown items leave possible.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
pub struct Interval {
    /// Least.
    #[serde(with = "rust_decimal::serde::float")]
    #[schemars(with = "f64")]
    pub min: Decimal,
    /// Most.
    #[serde(with = "rust_decimal::serde::float")]
    #[schemars(with = "f64")]
    pub max: Decimal,
}

/// One instrument.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Assessment {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it answers.
    pub purpose: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// What the verdict rests on, in words.
    pub rule: Option<String>,
    /// The total.
    pub score: Interval,
    /// The total where the instrument itself gives points to what is not known.
    #[serde(with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub as_published: Option<Decimal>,
    /// The categories that the total can fall into, from lowest to highest; one if it is settled.
    pub categories: Vec<String>,
    /// The published probability.
    pub probability: Option<Probability>,
    /// Its items, in reading order.
    pub items: Vec<ItemResult>,
    /// Whether the patient is one in whom it may be asked.
    pub applicability: Applicability,
    /// In whom it was derived or validated.
    pub population: String,
    /// `not validated for iatrogenic HLH`.
    pub not_validated: &'static str,
    /// Whether it was read in a source; unverified also if an item or the rule in use is.
    pub evidence_status: EvidenceStatus,
    /// What a reader must know.
    pub caveats: Vec<String>,
    /// The paper.
    pub citation: Citation,
}

/// Whether the patient is one in whom the instrument may be asked.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Applicability {
    /// Met: inside; not met: outside; unknown: the case does not say.
    pub state: Ternary,
    /// In words.
    pub label: String,
}

/// A published probability, with its least and most over the unknown items.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Probability {
    /// What it is a probability of.
    pub of: String,
    /// At the least total.
    pub min: ProbabilityAt,
    /// At the most.
    pub max: ProbabilityAt,
}

/// A probability at a total.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ProbabilityAt {
    /// As shown: `54 %`, `<1 %`, `>99 %`; between a row with a bound and one with a number what holds of both: `≤1 %`, `≥99 %`.
    pub text: String,
    /// The number, in per cent; `None` where only a bound is published.
    pub percent: Option<f64>,
    /// Whether it lies between two rows of the published table: then the number is interpolated on the logit.
    pub interpolated: bool,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ItemResult {
    /// Its id.
    pub id: String,
    /// In words.
    pub label: String,
    /// Met: it surely gives points (or holds); not met: it surely does not.
    pub state: Ternary,
    /// What it gives.
    pub points: Interval,
    /// The observations that decided it, or why it is unknown.
    pub evidence: Vec<Evidence>,
    /// Therapies that may have changed what was measured.
    pub flags: Vec<Flag>,
    /// Whether its cut-offs were read in a source.
    pub evidence_status: EvidenceStatus,
}

/// What decided an item.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Evidence {
    /// The observable.
    pub observable: String,
    /// The id of the observation; `None` where there is none.
    pub observation: Option<String>,
    /// When.
    pub time: Option<When>,
    /// As recorded: `> 40000 ng/mL`, `present (marrow_aspirate)`.
    pub value: Option<String>,
    /// Where it stands.
    pub source: Option<String>,
    /// What was made of it: `5200 ng/mL >= 2000 ng/mL`, `not observed`, `pg/mL cannot be held against U/mL`.
    pub reason: String,
}

/// A therapy that may have changed what was measured.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Flag {
    /// The observable.
    pub observable: String,
    /// The id of the drug in the case.
    pub drug: String,
    /// What it does, and when it was given: `tocilizumab can suppress fever …`.
    pub effect: String,
    /// Where that was read.
    pub source: String,
    /// Whether that was read in a source.
    pub evidence_status: EvidenceStatus,
}

/// Two instruments that do not agree.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Disagreement {
    /// The one that is fulfilled.
    pub fulfilled: String,
    /// The one that is not.
    pub not_fulfilled: String,
    /// In words, with the items that make the difference and the population of each.
    pub text: String,
}

/// A test that is not known.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NextTest {
    /// The observable.
    pub observable: String,
    /// In words.
    pub label: String,
    /// The share of all results of the other unknown tests with which this one alone decides the verdict, by
    /// instrument; every region between cut-offs counts the same.
    pub decides: Vec<Decides>,
    /// Mean over the instruments that are open.
    pub mean: f64,
}

/// How often a test decides an instrument.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Decides {
    /// The instrument.
    pub instrument: String,
    /// Share, 0 to 1.
    pub share: f64,
}

/// A total at a day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CourseRow {
    /// The instrument.
    pub instrument: String,
    /// The last day of the window.
    #[schemars(with = "String")]
    pub day: Date,
    /// The total.
    pub score: Interval,
    /// The verdict.
    pub verdict: Verdict,
}
