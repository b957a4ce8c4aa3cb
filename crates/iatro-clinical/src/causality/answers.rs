//! The answers to an instrument's questions: as a person stated them, else derived, else unknown.

use super::CausalityError;
use super::decide::{Answers, UNKNOWN};
use super::definition::{Definition, Query};
use super::derive::derive;
use super::facts::Facts;
use super::result::{AnswerRow, Ask, Basis};
use crate::case::{Answer, Case, short};

/// Checks that every stated answer of the case names a question and an answer that there are.
pub(crate) fn check(case: &Case, definitions: &[Definition]) -> Result<(), CausalityError> {
    for (at, drug) in case.drugs.iter().enumerate() {
        for (id, answers) in &drug.answers {
            let path = format!("drugs[{at}].answers.{}", short(id));
            let wrong = |path: String, problem| Err(CausalityError::Answer { path, problem });
            let Some(definition) = definitions.iter().find(|known| known.id == *id) else {
                let known: Vec<&str> = definitions.iter().map(|d| d.id.as_str()).collect();
                return wrong(
                    path,
                    format!("no such instrument; expected one of {}", known.join(", ")),
                );
            };
            for (index, answer) in answers.iter().enumerate() {
                let path = format!("{path}[{index}]");
                if answers.iter().take(index).any(|other| other.question == answer.question) {
                    let problem =
                        format!("{} is answered twice; keep one answer", short(&answer.question));
                    return wrong(path, problem);
                }
                if let Err((field, problem)) = check_one(definition, answer) {
                    return wrong(format!("{path}.{field}"), problem);
                }
            }
        }
    }
    Ok(())
}

fn check_one(definition: &Definition, answer: &Answer) -> Result<(), (&'static str, String)> {
    let answerable = definition.questions.iter().filter(|query| !query.options.is_empty());
    let query = answerable.clone().find(|query| query.id == answer.question).ok_or_else(|| {
        let known: Vec<&str> = answerable.clone().map(|query| query.id.as_str()).collect();
        let known =
            if known.is_empty() { "none: it has no answers".to_owned() } else { known.join(", ") };
        ("question", format!("found \"{}\"; expected one of {known}", short(&answer.question)))
    })?;
    if query.choice(&answer.answer).is_some() {
        return Ok(());
    }
    let known: Vec<&str> = query.options.iter().map(|choice| choice.id.as_str()).collect();
    let problem =
        format!("found \"{}\"; expected one of {}", short(&answer.answer), known.join(", "));
    Err(("answer", problem))
}

/// The answers to questions, one row each.
pub(crate) fn rows(
    definition: &Definition,
    queries: &[&Query],
    facts: &Facts<'_>,
) -> Vec<AnswerRow> {
    let stated = facts.drug.answers.get(&definition.id);
    queries.iter().map(|query| row(query, stated.map_or(&[], Vec::as_slice), facts)).collect()
}

fn row(query: &Query, stated: &[Answer], facts: &Facts<'_>) -> AnswerRow {
    let said = stated.iter().find(|answer| answer.question == query.id);
    let (answer, basis, reason, row, source) = match said {
        Some(said) => {
            let basis = if said.answer == UNKNOWN { Basis::Unknown } else { Basis::Stated };
            let reason =
                said.reason.clone().unwrap_or_else(|| "stated without a reason".to_owned());
            (said.answer.clone(), basis, reason, facts.row("answers"), said.source.clone())
        }
        None => {
            let read = derive(query, facts);
            let basis = if read.answer == UNKNOWN { Basis::Unknown } else { Basis::Derived };
            (read.answer, basis, read.reason, read.row, read.source)
        }
    };
    let choice = query.choice(&answer);
    AnswerRow {
        id: query.id.clone(),
        text: query.text.clone(),
        label: choice.map_or_else(|| answer.clone(), |choice| choice.label().to_owned()),
        points: choice.and_then(|choice| choice.points),
        answer,
        basis,
        asked: true,
        reason,
        row,
        source,
        options: query
            .options
            .iter()
            .map(|choice| Ask { id: choice.id.clone(), label: choice.label().to_owned() })
            .collect(),
        evidence_status: query.status,
    }
}

/// The ids of the answers.
pub(crate) fn ids(rows: &[AnswerRow]) -> Answers {
    rows.iter().map(|row| (row.id.clone(), row.answer.clone())).collect()
}
