//! What is answered.

mod instrument;

use schemars::JsonSchema;
use serde::Serialize;

use crate::case::{DrugKind, DrugRole, Outcome};
use crate::evidence::EvidenceStatus;
use crate::when::When;

pub use instrument::{
    AnswerRow, Ask, Basis, CategoryRow, InstrumentAnswer, Points, Viewpoint, ViewpointFact,
};

/// The answer: every drug of the case.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CaseCausality {
    /// `Research use. Not a medical device.`
    pub notice: &'static str,
    /// What the categories never rest on, in words.
    pub rule: &'static str,
    /// The case.
    pub case: String,
    /// The event of which the question is asked.
    pub event: String,
    /// When it began.
    pub onset: Option<When>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Every drug that was asked for, in the order of the case.
    pub drugs: Vec<DrugCausality>,
    /// Instruments and variants that were left out because they are unverified, with the reason.
    pub left_out: Vec<String>,
}

/// One drug.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DrugCausality {
    /// Its id within the case.
    pub id: String,
    /// Its name as recorded.
    pub name: String,
    /// What kind of thing it is.
    pub kind: DrugKind,
    /// What part it plays, as recorded.
    pub role: DrugRole,
    /// Whether it is assessed as a cause.
    pub standing: Standing,
    /// The classes of agents to which its name belongs.
    pub classes: Vec<AgentClass>,
    /// What a reader must know before the answers: protopathic use, withdrawal, mediators, co-triggers.
    pub notes: Vec<Note>,
    /// What happened, in order of time; rows without a time last.
    pub timeline: Vec<TimelineRow>,
    /// Days from the drug to the onset.
    pub latency: Latency,
    /// Each instrument's answer; empty if the drug is not assessed.
    pub instruments: Vec<InstrumentAnswer>,
    /// Which answers would change which category, the most telling first.
    pub missing: Vec<Missing>,
    /// What the case holds of the fields of the completeness score.
    pub completeness: CompletenessFields,
}

/// Whether a drug is assessed as a cause.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Standing {
    /// Whether it is.
    pub assessed: bool,
    /// Why, in words.
    pub reason: String,
    /// The row that says so: `drugs.dex.role`, `drugs.dex.courses[0].start`.
    pub source: String,
}

/// A class of agents of which the drug is one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AgentClass {
    /// Its id.
    pub id: String,
    /// In words.
    pub label: String,
    /// The mechanism proposed for it.
    pub mechanism: String,
    /// The name by which the drug was found; its kind, where that decided.
    pub agent: String,
    /// The agent's leading name in the data file.
    pub group: String,
    /// What is published.
    pub evidence: String,
    /// Whether that was read in a source.
    pub evidence_status: EvidenceStatus,
}

/// Something a reader must know.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// In words.
    pub text: String,
    /// The row on which it rests.
    pub source: String,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A therapy of the event stands among the drugs.
    Protopathic,
    /// Stopping it may be what matters.
    Withdrawal,
    /// Something that could have brought the event about by itself.
    CoTrigger,
    /// Something that the drug brought about on the way to the event.
    Mediator,
    /// Treatment of the event went on when the drug was stopped.
    ConfoundedDechallenge,
    /// The record contradicts itself.
    Contradiction,
    /// A date is missing or partial.
    Dates,
}

/// A row of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TimelineRow {
    /// When; `None` if the case does not say.
    pub time: Option<When>,
    /// What it is.
    pub kind: TimelineKind,
    /// In words.
    pub text: String,
    /// Days from the onset: least and most; negative before it.
    pub days_from_onset: Option<DayInterval>,
    /// The row of the case: `drugs.ltg.courses[0].start`.
    pub row: String,
    /// Where it stands, as the case says.
    pub source: Option<String>,
}

/// What a row of the timeline is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// The drug is begun.
    Start,
    /// The drug is stopped.
    Stop,
    /// What followed its end or reduction.
    Dechallenge,
    /// What followed when it was given again.
    Rechallenge,
    /// The event begins.
    Onset,
    /// The event ends.
    Outcome,
    /// An observation.
    Observation,
    /// A possible cause that is no drug.
    Trigger,
    /// Another drug is begun.
    OtherStart,
}

/// Days, least and most.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
pub struct DayInterval {
    /// Least.
    pub min: i64,
    /// Most.
    pub max: i64,
}

/// Days from the drug to the onset.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Latency {
    /// From the first recorded start.
    pub from_first_start: Option<DayInterval>,
    /// From the start of the last course that began before the onset.
    pub from_last_start: Option<DayInterval>,
    /// From the last dose before the onset; 0 if a course spans it.
    pub from_last_dose: Option<DayInterval>,
    /// From the last stop before the onset; `None` if there is none.
    pub from_stop: Option<DayInterval>,
    /// Why something above is not known, in words.
    pub unknown: Vec<String>,
    /// What is published for its classes. Context, not a score.
    pub published: Vec<LatencyContext>,
}

/// A published latency, with where this case lies.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LatencyContext {
    /// The class of agents.
    pub class: String,
    /// As published, in words.
    pub text: String,
    /// Where this case lies.
    pub fit: Fit,
    /// Where this case lies, in words.
    pub here: String,
    /// `context, not a score`.
    pub use_as: &'static str,
    /// Where the figure stands.
    pub source: String,
    /// Whether it was read there.
    pub evidence_status: EvidenceStatus,
}

/// Where a latency lies against a published range.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Inside.
    Within,
    /// Shorter.
    Shorter,
    /// Longer.
    Longer,
    /// Partial dates leave it open.
    Open,
    /// A single figure is published, not a range.
    NoRange,
    /// The latency of this case is not known.
    Unknown,
}

/// An answer that is missing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Missing {
    /// What is to be found out: `rechallenge`.
    pub topic: String,
    /// In words.
    pub text: String,
    /// Which answer would by itself change which category.
    pub changes: Vec<Change>,
    /// Which answer would put which categories out of reach.
    pub narrows: Vec<Narrowing>,
}

/// What an answer would put out of reach, whatever the other open answers are.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Narrowing {
    /// The instrument.
    pub instrument: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The categories, from least to most likely.
    pub out_of_reach: Vec<String>,
}

/// What an answer would change, with everything else as it is.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Change {
    /// The instrument.
    pub instrument: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// The category now.
    pub from: String,
    /// The category then.
    pub to: String,
}

/// What the case holds of the fields of the completeness score of a drug and an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, JsonSchema)]
pub struct CompletenessFields {
    /// Time from the start of the drug to the event, from dates only.
    pub time_to_onset: TimeToOnset,
    /// What the drug was given for.
    pub indication: bool,
    /// Outcome.
    pub outcome: bool,
    /// Sex.
    pub sex: bool,
    /// Age at the event.
    pub age: bool,
    /// Dose.
    pub dose: bool,
    /// Country.
    pub country: bool,
    /// Who reported it.
    pub reporter: bool,
    /// Kind of report.
    pub report_type: bool,
    /// Free text.
    pub comments: bool,
}

/// What the dates say of the time from drug to event.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeToOnset {
    /// Both are there, and exact enough to tell which came first.
    Known,
    /// They leave open which came first, by a month (31 days) at most.
    AmbiguousWithinMonth,
    /// They leave open which came first, by more.
    AmbiguousBeyondMonth,
    /// One is missing.
    Missing,
}
