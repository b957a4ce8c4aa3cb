//! Which of the drugs could have brought it about? The case laid out drug by drug.
//!
//! Each instrument is a data file ([`definition`]); its answers come first from what a person stated in the case, else
//! from the fields of the case where that is honest, each with its reason and row; else they are unknown, and unknown is
//! not no. No number about reports enters: a category is never derived from disproportionality.

mod agents;
mod assess;
mod bradford_hill;
mod completeness;
mod definition;
mod derive;
mod facts;
mod latency;
mod load;
mod result;
mod timeline;
mod walk;

pub use definition::{Answer, Band, CausalityInstrument, Kind, Question, UNKNOWN};
pub use load::{all, find, load};
pub use result::{
    AgentClass, AnsweredBy, AnsweredQuestion, Aspect, CaseCausality, CausalityAnswer,
    CausalityQuestion, Completeness, DayRange, DrugCausality, Latency, Missing, NotAssessed,
    OnsetKnown, PublishedLatency, TimelineKind, TimelineRow, TriggerSeen,
};
pub use walk::{Answers, Outcome, outcome};

use crate::case::{Case, Drug, DrugRole, Trigger, TriggerRole, TriggerStatus, short};
use facts::DrugFacts;

const NOTICE: &str = "Research use. Not a medical device.";

/// The question, or an answer that the case states, names something that there is not.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CausalityError {
    /// No such instrument.
    #[error("no causality instrument \"{id}\"; expected one of {known}")]
    Instrument {
        /// The id asked for.
        id: String,
        /// The ids there are.
        known: String,
    },
    /// An answer that is stated in the case does not fit its instrument.
    #[error("{path}: {problem}")]
    Answer {
        /// Where in the case.
        path: String,
        /// What is wrong, and what was expected.
        problem: String,
    },
}

/// Lays a case out drug by drug.
///
/// # Errors
/// [`CausalityError`] if an instrument does not exist, or an answer stated in the case fits no question.
pub fn assess(case: &Case, question: &CausalityQuestion) -> Result<CaseCausality, CausalityError> {
    if let Some(id) = question.instruments.iter().find(|id| find(id).is_none()) {
        return Err(CausalityError::Instrument { id: short(id), known: known_ids() });
    }
    check_answers(case)?;
    let (mut drugs, mut not_assessed) = (Vec::new(), Vec::new());
    for (at, drug) in case.drugs.iter().enumerate() {
        let facts = DrugFacts::new(case, at, drug);
        match no_cause(&facts) {
            Some(reason) => not_assessed.push(NotAssessed {
                drug: drug.id.clone(),
                name: drug.name.clone(),
                reason,
            }),
            None => drugs.push(assess::drug(&facts, question)),
        }
    }
    Ok(CaseCausality {
        notice: NOTICE,
        case: case.id.clone(),
        event: case.event.term.clone(),
        onset: case.event.onset,
        drugs,
        not_assessed,
        triggers: case.triggers.iter().map(|trigger| seen(case, trigger)).collect(),
    })
}

fn known_ids() -> String {
    all().iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(", ")
}

/// Why a drug is not assessed as a cause.
fn no_cause(facts: &DrugFacts<'_>) -> Option<String> {
    match facts.drug.role {
        DrugRole::Suspect | DrugRole::Interacting => None,
        DrugRole::Treatment => Some(format!("given against the event ({})", facts.latency_text())),
        DrugRole::Concomitant => {
            Some(format!("concomitant, not under suspicion ({})", facts.latency_text()))
        }
    }
}

/// What a trigger means for the drugs.
fn seen(case: &Case, trigger: &Trigger) -> TriggerSeen {
    let consequence = match (trigger.status, trigger.role) {
        (TriggerStatus::TestedNegative, _) => "looked for and not found".to_owned(),
        (TriggerStatus::NotTested, _) => "not looked for: unknown, not absent".to_owned(),
        (TriggerStatus::NotReported, _) => {
            "the record does not say: unknown, not absent".to_owned()
        }
        (TriggerStatus::Present, TriggerRole::Alternative) => "a cause of its own".to_owned(),
        (TriggerStatus::Present, TriggerRole::Mediator) => {
            let by: Vec<&str> = trigger.mediator_of.iter().map(|id| name_of(case, id)).collect();
            format!("brought about by {}: a step on its way, no rival of it", by.join(", "))
        }
        (TriggerStatus::Present, TriggerRole::Unknown) => {
            "its part is not stated: counts as another possible cause".to_owned()
        }
        (TriggerStatus::Present, TriggerRole::Indication) => {
            match facts::disease_group(&trigger.name) {
                Some(group) => format!("an indication that is itself a trigger of HLH ({group})"),
                None => "an indication not known as a trigger of HLH".to_owned(),
            }
        }
    };
    TriggerSeen {
        trigger: trigger.id.clone(),
        name: trigger.name.clone(),
        status: trigger.status,
        role: trigger.role,
        consequence,
    }
}

fn name_of<'a>(case: &'a Case, id: &'a str) -> &'a str {
    let drug: Option<&Drug> = case.drugs.iter().find(|drug| drug.id == id);
    drug.map_or(id, |drug| drug.name.as_str())
}

/// Every stated answer is one that its question has.
fn check_answers(case: &Case) -> Result<(), CausalityError> {
    for (at, drug) in case.drugs.iter().enumerate() {
        for (id, answers) in &drug.answers {
            let path = format!("drugs[{at}].answers.{}", short(id));
            let wrong = |path: String, problem: String| CausalityError::Answer { path, problem };
            let named: Vec<&CausalityInstrument> =
                all().iter().filter(|one| one.id == *id || assess::group(&one.id) == id).collect();
            if named.is_empty() {
                let problem =
                    format!("no causality instrument of this id; expected one of {}", known_ids());
                return Err(wrong(path, problem));
            }
            for (index, answer) in answers.iter().enumerate() {
                let questions: Vec<&Question> =
                    named.iter().filter_map(|one| one.question(&answer.question)).collect();
                let path = format!("{path}[{index}]");
                if questions.is_empty() {
                    let ids: Vec<&str> = named
                        .iter()
                        .flat_map(|one| &one.questions)
                        .map(|q| q.id.as_str())
                        .collect();
                    let problem = format!(
                        "no question \"{}\"; expected one of {}",
                        short(&answer.question),
                        ids.join(", ")
                    );
                    return Err(wrong(format!("{path}.question"), problem));
                }
                let fits =
                    |q: &&Question| answer.answer == UNKNOWN || q.option(&answer.answer).is_some();
                if !questions.iter().any(fits) {
                    let ids: Vec<&str> =
                        questions[0].options.iter().map(|o| o.id.as_str()).collect();
                    let problem = format!(
                        "no answer \"{}\"; expected one of {}, unknown",
                        short(&answer.answer),
                        ids.join(", ")
                    );
                    return Err(wrong(format!("{path}.answer"), problem));
                }
            }
        }
    }
    Ok(())
}
