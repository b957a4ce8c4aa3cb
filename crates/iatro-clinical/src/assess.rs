//! The diagnostic instruments, evaluated on a case in a window of time.

mod age;
mod assessment;
mod course;
mod disagreement;
mod evaluate;
mod frame;
mod infusion;
mod interference;
mod judge;
mod next_tests;
mod plan;
mod probability;
mod range;
mod regions;
mod result;

use crate::case::{Case, short};
use crate::instrument::{self, Instrument};
use crate::logic::Ternary;
use assessment::Answered;
use frame::Frame;

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

/// Evaluates the instruments asked for on a case: fulfilled means so whatever the unknown items are.
///
/// Instruments that are unverified are left out, with the reason, unless unverified facts are asked for.
pub fn assess(case: &Case, question: &Question) -> Result<Report, AssessError> {
    check(question)?;
    let (asked, left_out) = asked(question);
    let frame = Frame::new(case, question);
    let answered: Vec<Answered<'_>> =
        asked.iter().map(|instrument| Answered::new(&frame, instrument, question)).collect();
    let applicable: Vec<&Answered<'_>> =
        answered.iter().filter(|one| one.applicability().state != Ternary::NotMet).collect();
    let open: Vec<&Answered<'_>> = applicable
        .iter()
        .copied()
        .filter(|one| one.outcome.verdict == Verdict::Indeterminate)
        .collect();
    let (next_tests, mut notes) = next_tests::rank(&open);
    let (course, thinned) = course::rows(case, question, &asked);
    notes.extend(thinned);
    Ok(Report {
        notice: NOTICE,
        case: case.id.clone(),
        instruments: answered.iter().map(|one| one.assessment(&frame, question)).collect(),
        left_out,
        disagreements: disagreement::find(&applicable),
        next_tests,
        course,
        notes,
        window: frame.window,
    })
}

/// Evaluates one instrument, which need not be one of the embedded ones; of the question, the ids of instruments are
/// not read, nor is it asked whether the instrument as a whole is verified.
pub fn assess_one(
    case: &Case,
    instrument: &Instrument,
    question: &Question,
) -> Result<Assessment, AssessError> {
    check_variants(question, |id| (id == instrument.id).then_some(instrument))?;
    let frame = Frame::new(case, question);
    Ok(Answered::new(&frame, instrument, question).assessment(&frame, question))
}

const NOTICE: &str = "Research use. Not a medical device.";

fn check(question: &Question) -> Result<(), AssessError> {
    let stranger = question.instruments.iter().find(|id| instrument::find(id).is_none());
    if let Some(id) = stranger {
        return Err(no_instrument(id));
    }
    check_variants(question, instrument::find)
}

fn no_instrument(id: &str) -> AssessError {
    let known: Vec<&str> = instrument::all().iter().map(|one| one.id.as_str()).collect();
    AssessError::Instrument { id: short(id), known: known.join(", ") }
}

fn check_variants<'a>(
    question: &Question,
    find: impl Fn(&str) -> Option<&'a Instrument>,
) -> Result<(), AssessError> {
    for (id, variant) in &question.variants {
        let instrument = find(id).ok_or_else(|| no_instrument(id))?;
        if !instrument.variants.iter().any(|known| known.id == *variant) {
            let known: Vec<&str> = instrument.variants.iter().map(|one| one.id.as_str()).collect();
            return Err(AssessError::Variant {
                instrument: id.clone(),
                id: short(variant),
                known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
            });
        }
    }
    Ok(())
}

/// The instruments asked for, in the order in which they are shown, without those that are off.
fn asked(question: &Question) -> (Vec<&'static Instrument>, Vec<LeftOut>) {
    let named = |one: &&Instrument| {
        question.instruments.is_empty() || question.instruments.contains(&one.id)
    };
    let (used, off): (Vec<_>, Vec<_>) = instrument::all()
        .iter()
        .filter(named)
        .partition(|one| one.evidence_status.usable(question.include_unverified));
    let left_out = off.into_iter().map(|one: &Instrument| LeftOut {
        id: one.id.clone(),
        name: one.name.clone(),
        reason: "unverified: recalled, not read in a source; include unverified facts to use it"
            .to_owned(),
    });
    (used, left_out.collect())
}
