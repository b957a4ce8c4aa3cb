//! Answers that a person stated in the case: each must be one that its question has.

use super::CausalityError;
use super::definition::{CausalityInstrument, Question, UNKNOWN};
use super::load;
use crate::case::{Answer, Case, short};

/// Checks every stated answer of a case.
pub(super) fn check(case: &Case) -> Result<(), CausalityError> {
    for (at, drug) in case.drugs.iter().enumerate() {
        for (id, answers) in &drug.answers {
            let path = format!("drugs[{at}].answers.{}", short(id));
            let named: Vec<&CausalityInstrument> =
                load::all().iter().filter(|one| one.family() == id).collect();
            if named.is_empty() {
                let problem = format!(
                    "no instrument with questions of this id; expected one of {}",
                    with_questions()
                );
                return Err(wrong(path, problem));
            }
            for (index, answer) in answers.iter().enumerate() {
                check_answer(&named, &format!("{path}[{index}]"), answer)?;
            }
        }
    }
    Ok(())
}

fn check_answer(
    named: &[&CausalityInstrument],
    path: &str,
    answer: &Answer,
) -> Result<(), CausalityError> {
    let questions: Vec<&Question> =
        named.iter().filter_map(|one| one.question(&answer.question)).collect();
    let Some(first) = questions.first() else {
        let all = named.iter().flat_map(|one| &one.questions).map(|question| question.id.as_str());
        let mut ids: Vec<&str> = all.collect();
        ids.sort_unstable();
        ids.dedup();
        let problem = format!(
            "no question \"{}\"; expected one of {}",
            short(&answer.question),
            ids.join(", ")
        );
        return Err(wrong(format!("{path}.question"), problem));
    };
    let fits = |question: &&Question| question.option(&answer.answer).is_some();
    if answer.answer == UNKNOWN || questions.iter().any(fits) {
        return Ok(());
    }
    let ids: Vec<&str> = first.known().map(|option| option.id.as_str()).collect();
    let problem = format!(
        "no answer \"{}\"; expected one of {}, unknown",
        short(&answer.answer),
        ids.join(", ")
    );
    Err(wrong(format!("{path}.answer"), problem))
}

fn with_questions() -> String {
    let mut ids: Vec<&str> = load::all().iter().map(CausalityInstrument::family).collect();
    ids.dedup();
    ids.join(", ")
}

fn wrong(path: String, problem: String) -> CausalityError {
    CausalityError::Answer { path, problem }
}
