//! Which of the things given brought the event about: a case laid out drug by drug.
//!
//! For each drug: a timeline, the latency held against what is published for its class, the answer of each causality
//! instrument, and what is missing. Instruments are data files (`data/causality`); an answer is taken from the case as
//! a person stated it, else read from the fields of the case where that is honest, else unknown, and unknown is not no.
//!
//! A category is never derived from a number about reports: this module knows of none.

mod agents;
mod completeness;
mod dates;
mod definition;
mod derive;
mod facts;
mod instruments;
mod latency;
mod load;
mod missing;
mod notes;
mod report;
mod result;
mod standing;
mod stated;
mod timeline;
mod viewpoints;
mod walk;

pub use definition::{Answer, Band, CausalityInstrument, Kind, Question, UNKNOWN};
pub use load::{all, find, load};
pub use result::{
    AgentClass, AnswerRow, Ask, Basis, CaseCausality, CategoryRow, Change, CompletenessFields,
    DayInterval, DrugCausality, Fit, InstrumentAnswer, Latency, LatencyContext, Missing, Note,
    NoteKind, Points, Standing, TimeToOnset, TimelineKind, TimelineRow, Viewpoint, ViewpointFact,
};
pub use walk::{Answers, Outcome, outcome};

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
    /// Other editions of an instrument: ids of instrument and edition, such as `rucam` and `1993`.
    pub variants: Vec<(String, String)>,
}

impl CausalityQuestion {
    fn asks_for(&self, id: &str) -> bool {
        self.instruments.is_empty() || self.instruments.iter().any(|asked| asked == id)
    }
}

/// The ids under which instruments are asked for, in the order in which they are shown.
pub fn ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = load::all().iter().map(CausalityInstrument::family).collect();
    ids.dedup();
    ids.push(viewpoints::ID);
    ids
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
