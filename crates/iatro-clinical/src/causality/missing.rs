//! Which open answers would change which category, or put some out of reach.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::ids;
use super::decide::{Answers, UNKNOWN, decide};
use super::definition::{Definition, Use};
use super::instruments::category_row;
use super::result::{AnswerRow, Basis, Change, InstrumentAnswer, Missing, Narrowing};

const OPEN: &str = "open";

/// Open questions by topic; what would change the categories of most instruments comes first.
pub(crate) fn missing(
    answers: &[(InstrumentAnswer, &Definition, Option<&str>)],
    include_unverified: bool,
) -> Vec<Missing> {
    let mut topics: BTreeMap<String, Missing> = BTreeMap::new();
    for (answer, definition, edition) in answers {
        let form = form_of(definition, &answer.questions);
        let use_of = Use { form, edition: *edition, include_unverified };
        for row in answer.questions.iter().filter(|row| row.basis == Basis::Unknown) {
            let (changes, narrows) = effects(answer, definition, &use_of, row);
            let Some(query) = definition.questions.iter().find(|query| query.id == row.id) else {
                continue;
            };
            if changes.is_empty() && narrows.is_empty() {
                continue;
            }
            let entry = topics.entry(query.topic.clone()).or_insert_with(|| Missing {
                topic: query.topic.clone(),
                text: query.text.clone(),
                changes: Vec::new(),
                narrows: Vec::new(),
            });
            entry.changes.extend(changes);
            entry.narrows.extend(narrows);
        }
    }
    let mut ranked: Vec<Missing> = topics.into_values().collect();
    ranked.sort_by_key(|row| {
        let changed: BTreeSet<&str> = row.changes.iter().map(|c| c.instrument.as_str()).collect();
        let narrowed: BTreeSet<&str> = row.narrows.iter().map(|n| n.instrument.as_str()).collect();
        let weight = (changed.len(), narrowed.len(), row.changes.len() + row.narrows.len());
        (std::cmp::Reverse(weight), row.topic.clone())
    });
    ranked
}

/// The form whose questions were asked.
fn form_of<'a>(definition: &'a Definition, rows: &[AnswerRow]) -> Option<&'a str> {
    let queries =
        definition.questions.iter().filter(|query| rows.iter().any(|row| row.id == query.id));
    queries.flat_map(|query| query.forms.first()).map(String::as_str).next()
}

/// What each answer to one open question would do, with everything else as it is.
fn effects(
    answer: &InstrumentAnswer,
    definition: &Definition,
    use_of: &Use<'_>,
    row: &AnswerRow,
) -> (Vec<Change>, Vec<Narrowing>) {
    let now = answer.category.as_ref().map_or(OPEN, |category| category.id.as_str());
    let answers: Answers = ids(&answer.questions);
    let label =
        |id: &str| category_row(definition, id).map_or_else(|| OPEN.to_owned(), |row| row.label);
    let (mut changes, mut narrows) = (Vec::new(), Vec::new());
    for option in row.options.iter().filter(|option| option.id != UNKNOWN) {
        let mut then = answers.clone();
        then.insert(row.id.clone(), option.id.clone());
        let made = decide(definition, use_of, &then);
        if let Some(category) = made.category.filter(|category| category != now) {
            changes.push(Change {
                instrument: answer.id.clone(),
                question: row.id.clone(),
                answer: option.label.clone(),
                from: label(now),
                to: label(&category),
            });
        }
        let lost = answer.reachable.iter().filter(|row| !made.reachable.contains(&row.id));
        let out_of_reach: Vec<String> = lost.map(|row| row.label.clone()).collect();
        if !out_of_reach.is_empty() {
            narrows.push(Narrowing {
                instrument: answer.id.clone(),
                question: row.id.clone(),
                answer: option.label.clone(),
                out_of_reach,
            });
        }
    }
    (changes, narrows)
}
