//! The diagnostic instruments, evaluated on a case in a window of time.

mod result;

use crate::case::Case;

pub use result::{
    Applicability, Assessment, CourseRow, Decides, Disagreement, Evidence, Flag, Interval,
    ItemResult, LeftOut, NextTest, Probability, ProbabilityAt, Question, Report, Verdict, Window,
};

/// The question cannot be asked.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AssessError {
    /// No such instrument.
    #[error("no instrument \"{id}\"; expected one of {known}")]
    Instrument {
        /// The id asked for.
        id: String,
        /// The ids there are.
        known: String,
    },
    /// No such variant.
    #[error("{instrument} has no variant \"{id}\"; expected {known}")]
    Variant {
        /// The instrument.
        instrument: String,
        /// The id asked for.
        id: String,
        /// The ids there are.
        known: String,
    },
}

/// Evaluates the instruments asked for on a case; fulfilled means so whatever the unknown items are.
pub fn assess(case: &Case, question: &Question) -> Result<Report, AssessError> {
    let known = || crate::instrument::all().iter().map(|one| one.id.as_str()).collect::<Vec<_>>();
    if let Some(id) = question.instruments.iter().find(|id| crate::instrument::find(id).is_none()) {
        return Err(AssessError::Instrument { id: id.clone(), known: known().join(", ") });
    }
    Ok(Report {
        notice: "Research use. Not a medical device.",
        case: case.id.clone(),
        window: Window { from: None, to: question.at, used: 0, undated: 0, outside: 0 },
        instruments: Vec::new(),
        left_out: Vec::new(),
        disagreements: Vec::new(),
        next_tests: Vec::new(),
        course: Vec::new(),
    })
}
