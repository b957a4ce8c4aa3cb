//! Which open answers would change which category.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::ids;
use super::decide::{Answers, UNKNOWN, decide};
use super::definition::{Definition, Use};
use super::instruments::category_row;
use super::result::{AnswerRow, Basis, Change, InstrumentAnswer, Missing};

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
            let changes = changes(answer, definition, &use_of, row);
            let Some(query) = definition.questions.iter().find(|query| query.id == row.id) else {
                continue;
            };
            if changes.is_empty() {
                continue;
            }
            let entry = topics.entry(query.topic.clone()).or_insert_with(|| Missing {
                topic: query.topic.clone(),
                text: query.text.clone(),
                changes: Vec::new(),
            });
            entry.changes.extend(changes);
        }
    }
    let mut ranked: Vec<Missing> = topics.into_values().collect();
    ranked.sort_by_key(|row| {
        let instruments: BTreeSet<&str> =
            row.changes.iter().map(|c| c.instrument.as_str()).collect();
        (std::cmp::Reverse((instruments.len(), row.changes.len())), row.topic.clone())
    });
    ranked
}

/// The form whose questions were asked.
fn form_of<'a>(definition: &'a Definition, rows: &[AnswerRow]) -> Option<&'a str> {
    let queries =
        definition.questions.iter().filter(|query| rows.iter().any(|row| row.id == query.id));
    queries.flat_map(|query| query.forms.first()).map(String::as_str).next()
}

fn changes(
    answer: &InstrumentAnswer,
    definition: &Definition,
    use_of: &Use<'_>,
    row: &AnswerRow,
) -> Vec<Change> {
    let now = answer.category.as_ref().map_or(OPEN, |category| category.id.as_str());
    let answers: Answers = ids(&answer.questions);
    let mut found = Vec::new();
    for option in row.options.iter().filter(|option| option.id != UNKNOWN) {
        let mut then = answers.clone();
        then.insert(row.id.clone(), option.id.clone());
        let Some(category) = decide(definition, use_of, &then).category else {
            continue;
        };
        if category != now {
            let label = |id: &str| {
                category_row(definition, id).map_or_else(|| OPEN.to_owned(), |row| row.label)
            };
            found.push(Change {
                instrument: answer.id.clone(),
                question: row.id.clone(),
                answer: option.label.clone(),
                from: label(now),
                to: label(&category),
            });
        }
    }
    found
}
