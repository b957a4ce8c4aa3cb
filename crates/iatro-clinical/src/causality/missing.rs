//! Which answers would change which category.

use std::collections::BTreeMap;

use super::definition::Question;
use super::instruments::Asked;
use super::result::{Basis, Change, Missing};
use super::walk::outcome;

/// The open questions of all instruments by what is to be found out, those that change most first.
pub(super) fn missing(asked: &[Asked<'_>]) -> Vec<Missing> {
    let mut topics: BTreeMap<String, Missing> = BTreeMap::new();
    for one in asked.iter().filter(|one| one.applies()) {
        let open = one.rows.iter().filter(|row| row.basis == Basis::Unknown);
        for row in open.filter(|row| one.is_on_the_way(&row.id)) {
            let Some(question) = one.instrument.question(&row.id) else { continue };
            let changes = changes(one, question);
            if changes.is_empty() {
                continue;
            }
            let topic = topic(one.instrument.family(), &row.id);
            let entry = topics.entry(topic.clone()).or_insert_with(|| Missing {
                topic,
                text: question.text.clone(),
                changes: Vec::new(),
            });
            entry.changes.extend(changes);
        }
    }
    let mut missing: Vec<Missing> = topics.into_values().collect();
    missing
        .sort_by(|a, b| b.changes.len().cmp(&a.changes.len()).then_with(|| a.topic.cmp(&b.topic)));
    missing
}

/// Every answer that gives another category than now, all else as it is.
fn changes(asked: &Asked<'_>, question: &Question) -> Vec<Change> {
    let open = || asked.outcome.categories.join(" or ");
    let from = asked.outcome.category.clone().unwrap_or_else(open);
    let change = |answer: &super::definition::Answer| {
        let mut answers = asked.answers.clone();
        answers.insert(question.id.clone(), answer.id.clone());
        let then = outcome(asked.instrument, &answers);
        let to = then.category.unwrap_or_else(|| then.categories.join(" or "));
        (to != from).then(|| Change {
            instrument: asked.instrument.family().to_owned(),
            question: question.id.clone(),
            answer: answer.id.clone(),
            from: from.clone(),
            to,
        })
    };
    question.known().filter_map(change).collect()
}

/// What is to be found out: questions of several instruments ask for the same.
fn topic(instrument: &str, question: &str) -> String {
    let shared = match (instrument, question) {
        ("naranjo" | "liverpool", "q3") | ("who-umc", "dechallenge") => "dechallenge",
        ("naranjo", "q4") | ("who-umc", "certainty") | ("liverpool", "q6") => "rechallenge",
        ("naranjo" | "liverpool", "q5")
        | ("who-umc", "alternative")
        | ("who-aefi", "other_cause") => "other causes",
        ("naranjo" | "liverpool", "q2") | ("who-umc", "time") => "time",
        ("naranjo", "q1") | ("liverpool", "q9") => "earlier reports",
        ("naranjo", "q9") | ("liverpool", "q8") => "earlier reaction of the patient",
        ("naranjo", "q10") | ("liverpool", "q7") => "objective evidence",
        _ => return format!("{instrument}, {question}"),
    };
    shared.to_owned()
}
