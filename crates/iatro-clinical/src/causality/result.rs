//! What is asked and what is answered, drug by drug.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::{Applicability, Interval};
use crate::case::{DrugRole, TriggerRole, TriggerStatus};
use crate::evidence::{Citation, EvidenceStatus};
use crate::when::When;

/// What is asked of a case.
#[derive(Clone, Debug, Default)]
pub struct CausalityQuestion {
    /// Ids of instruments; empty for all.
    pub instruments: Vec<String>,
    /// Whether facts that were recalled and not read in a source are used too, labelled.
    pub include_unverified: bool,
}

/// The case, drug by drug.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CaseCausality {
    /// `Research use. Not a medical device.`
    pub notice: &'static str,
    /// The case.
    pub case: String,
    /// The event.
    pub event: String,
    /// When it began.
    pub onset: Option<When>,
    /// Every drug under suspicion, in the order of the case.
    pub drugs: Vec<DrugCausality>,
    /// Drugs that are not assessed as a cause, with the reason.
    pub not_assessed: Vec<NotAssessed>,
    /// Possible causes that are no drugs.
    pub triggers: Vec<TriggerSeen>,
}

/// A drug that is not assessed as a cause.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NotAssessed {
    /// Its id.
    pub drug: String,
    /// Its name.
    pub name: String,
    /// Why: given against the event, or concomitant and not suspected.
    pub reason: String,
}

/// A possible cause that is no drug.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TriggerSeen {
    /// Its id.
    pub trigger: String,
    /// Its name.
    pub name: String,
    /// Whether it was looked for and found.
    pub status: TriggerStatus,
    /// Its part.
    pub role: TriggerRole,
    /// What that means for the drugs, in words.
    pub consequence: String,
}

/// One drug.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DrugCausality {
    /// Its id.
    pub drug: String,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: DrugRole,
    /// What is published of its class as a cause of HLH.
    pub classes: Vec<AgentClass>,
    /// What happened when; without a time last.
    pub timeline: Vec<TimelineRow>,
    /// From its first start, and from its last stop, to the onset.
    pub latency: Latency,
    /// What is published of its class, beside this patient's latency; context, no score.
    pub published: Vec<PublishedLatency>,
    /// Each instrument's answer.
    pub instruments: Vec<CausalityAnswer>,
    /// The nine aspects of Bradford Hill: what the case says, what is missing; no sum.
    pub aspects: Vec<Aspect>,
    /// What the record holds of what an assessment needs.
    pub completeness: Completeness,
    /// Questions without an answer that would change a category, most instruments first.
    pub missing: Vec<Missing>,
}

/// A class of agents.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AgentClass {
    /// The class.
    pub class: String,
    /// How it is thought to act.
    pub mechanism: String,
    /// What is published, in a sentence.
    pub evidence: String,
    /// Whether that was read in a source.
    pub evidence_status: EvidenceStatus,
}

/// A row of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TimelineRow {
    /// When; `None` if the record does not say.
    pub time: Option<When>,
    /// Days from the onset, least and most, below 0 before it; `None` without both times.
    pub day: Option<DayRange>,
    /// What kind of row.
    pub kind: TimelineKind,
    /// In words.
    pub text: String,
    /// Where it stands.
    pub source: Option<String>,
}

/// Days, least and most.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
pub struct DayRange {
    /// Least.
    pub min: i64,
    /// Most.
    pub max: i64,
}

/// What kind of row of a timeline.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// A trigger was found.
    Trigger,
    /// The drug was started.
    Start,
    /// The drug was stopped.
    Stop,
    /// The event began.
    Onset,
    /// A treatment of the event was started.
    Treatment,
    /// The drug was withdrawn, with what came of it.
    Dechallenge,
    /// The drug was given again, with what came of it.
    Rechallenge,
    /// The event ended.
    Outcome,
}

/// How long before the onset the drug was given.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Latency {
    /// Days from the first start to the onset; below 0 if it was started after.
    pub from_start: Option<DayRange>,
    /// Days from the last stop to the onset; `None` if it was still given, or not known.
    pub from_stop: Option<DayRange>,
    /// In words.
    pub text: String,
}

/// What is published of the latency of a class.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PublishedLatency {
    /// The class or substance.
    pub of: String,
    /// What is published: `8 to 24 days`.
    pub published: String,
    /// How this patient's compares, in words.
    pub compared: String,
    /// The source.
    pub source: String,
    /// Whether it was read there.
    pub evidence_status: EvidenceStatus,
}

/// The answer of an instrument.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CausalityAnswer {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is made for this drug and event.
    pub applicability: Applicability,
    /// The category as the instrument gives it; `None` if it is not applicable or the way ends at a question
    /// without an answer.
    pub category: Option<String>,
    /// Every category that the unknown answers leave possible.
    pub categories: Vec<String>,
    /// The total, of an instrument of points, with its own points for what is unknown.
    #[serde(with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub total: Option<Decimal>,
    /// The least and the most over the unknown answers.
    pub range: Option<Interval>,
    /// The highest that can still be reached, in words with the reason; `None` where nothing limits it.
    pub ceiling: Option<String>,
    /// Its questions with their answers, in reading order; of a tree those on the way.
    pub answers: Vec<AnsweredQuestion>,
    /// What to know of this answer.
    pub notes: Vec<String>,
    /// For what it was made or validated.
    pub population: String,
    /// `not validated for iatrogenic HLH`.
    pub not_validated: &'static str,
    /// Whether it was read in a source.
    pub evidence_status: EvidenceStatus,
    /// The paper.
    pub citation: Citation,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AnsweredQuestion {
    /// Its id.
    pub question: String,
    /// In words.
    pub text: String,
    /// The id of the answer; `unknown` if there is none.
    pub answer: String,
    /// The answer in words.
    pub label: String,
    /// What it gives, of an instrument of points.
    #[serde(with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub points: Option<Decimal>,
    /// Who answered: a person, or this program from the fields of the case.
    pub by: AnsweredBy,
    /// Why.
    pub reason: String,
    /// The row that it rests on.
    pub source: Option<String>,
}

/// Who answered a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// A person; the answer stands in the case.
    Stated,
    /// This program, from the fields of the case.
    Derived,
    /// Nobody.
    Nobody,
}

/// An aspect of Bradford Hill.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Aspect {
    /// Its name.
    pub aspect: &'static str,
    /// What the case says of it; empty if nothing.
    pub said: Vec<String>,
    /// What is missing.
    pub missing: Vec<String>,
}

/// What the record holds of one drug and the event; the score is computed elsewhere from these fields.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
pub struct Completeness {
    /// The time from the start of the drug to the event.
    pub time_to_onset: OnsetKnown,
    /// Indication of the drug.
    pub indication: bool,
    /// Outcome of the event.
    pub outcome: bool,
    /// Sex of the patient.
    pub sex: bool,
    /// Age of the patient at onset.
    pub age: bool,
    /// Dose of the drug.
    pub dose: bool,
    /// Country.
    pub country: bool,
    /// Who reported.
    pub reporter: bool,
    /// The kind of report.
    pub report_type: bool,
    /// A free text.
    pub comments: bool,
}

/// What the record says of the time from the start of a drug to an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnsetKnown {
    /// Both dates, exact enough to tell which came first.
    Known,
    /// The dates leave open which came first, by a month at most.
    AmbiguousWithinMonth,
    /// The dates leave open which came first, by more than a month.
    AmbiguousBeyondMonth,
    /// A date is missing.
    Missing,
}

/// A question without an answer that would change a category.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Missing {
    /// The instrument.
    pub instrument: String,
    /// The question.
    pub question: String,
    /// In words.
    pub text: String,
    /// The categories that its answers can lead to, given all else that is known.
    pub leads_to: Vec<String>,
}
