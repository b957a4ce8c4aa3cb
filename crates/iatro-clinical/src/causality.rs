//! Which of the things given brought the event about: a case laid out drug by drug.
//!
//! For each drug: a timeline, the latency held against what is published for its class, the answer of each causality
//! instrument, and what is missing. Instruments are data files (`data/causality`); an answer is taken from the case as
//! a person stated it, else read from the fields of the case where that is honest, else unknown, and unknown is not no.
//!
//! A category is never derived from a number about reports: this module knows of none.

mod agents;
mod answers;
mod completeness;
mod condition;
mod dates;
mod decide;
mod definition;
mod derive;
mod facts;
mod instruments;
mod key;
mod latency;
mod liver;
mod missing;
mod notes;
mod page;
mod report;
mod result;
mod rivals;
mod standing;
mod timeline;
mod viewpoints;
mod withdrawal;

#[cfg(test)]
mod vectors;

pub use condition::{Condition, ConditionError};
pub use definition::{
    Category, Choice, Definition, Edition, Fact, Liver, LiverParts, Method, Query, Rule, Scope,
    definitions,
};
pub use derive::Derivation;
pub use result::{
    AgentClass, AnswerRow, Ask, Basis, CaseCausality, CategoryRow, Change, CompletenessFields,
    DayInterval, DrugCausality, Fit, InstrumentAnswer, Latency, LatencyContext, Missing, Narrowing,
    Note, NoteKind, Points, Standing, TimeToOnset, TimelineKind, TimelineRow, Viewpoint,
    ViewpointFact,
};

use crate::case::Case;

/// What is asked of a case.
#[derive(Clone, Debug, Default)]
pub struct CausalityQuestion {
    /// Ids of drugs of the case; empty for all.
    pub drugs: Vec<String>,
    /// Ids of instruments; empty for all.
    pub instruments: Vec<String>,
    /// Whether facts that were recalled and not read in a source are used too, labelled.
    pub include_unverified: bool,
    /// Other editions of an instrument: ids of instrument and variant, such as `rucam` and `1993`.
    pub variants: Vec<(String, String)>,
}

/// The question, or an answer that the case states, names something that there is not.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CausalityError {
    /// The question names something that there is not.
    #[error("no {what} \"{found}\"; expected one of {known}")]
    NotKnown {
        /// `drug`, `instrument`, `variant of rucam`.
        what: String,
        /// What was asked for.
        found: String,
        /// What there is.
        known: String,
    },
    /// An answer of the case names something that there is not.
    #[error("{path}: {problem}")]
    Answer {
        /// Where in the case: `drugs[0].answers.naranjo[2].answer`.
        path: String,
        /// What is wrong, what was expected, what to do.
        problem: String,
    },
    /// The case has more drugs than can be laid out against one another at once.
    #[error("{rows} rows of timelines; at most {most} are laid out at once. Ask for single drugs")]
    TooLarge {
        /// Drugs asked for, times what each is laid out against.
        rows: usize,
        /// The most.
        most: usize,
    },
    /// A data file does not hold together: a fault of this build, not of the case.
    #[error("data file {file}: {problem}; this build is broken, report it")]
    Data {
        /// Its name.
        file: String,
        /// What is wrong.
        problem: String,
    },
}

/// Lays the case out drug by drug.
pub fn assess(case: &Case, question: &CausalityQuestion) -> Result<CaseCausality, CausalityError> {
    report::report(case, question)
}
