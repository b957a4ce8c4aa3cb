//! A flow chart, walked from its first question. Where an answer is not known the walk stops, unless the chart has a
//! branch for not being sure; what every branch from there leads to is reachable.

use std::collections::BTreeSet;

use super::{Answers, Decision, UNKNOWN, given};
use crate::causality::definition::{Choice, Definition, Query};

pub(super) fn decide(definition: &Definition, answers: &Answers) -> Decision {
    let mut reachable = BTreeSet::new();
    let first = definition.questions.first();
    // No walk is longer than the chart, even if a data file goes in a circle.
    let most = definition.questions.len();
    reach(definition, first, answers, most, &mut reachable);
    let mut decision = walk(definition, answers);
    if decision.category.is_none() && reachable.len() == 1 {
        decision.category = reachable.first().cloned();
        decision.decided_by.push("every answer to the open questions leads there".to_owned());
    }
    decision.reachable = reachable;
    decision
}

fn walk(definition: &Definition, answers: &Answers) -> Decision {
    let mut asked = BTreeSet::new();
    let mut decision = Decision::default();
    let mut at = definition.questions.first();
    while let Some(query) = at {
        if !asked.insert(query.id.clone()) {
            break;
        }
        let Some(choice) = taken(query, answers) else {
            decision.decided_by.push(format!("{}: not known, the walk stops here", query.id));
            break;
        };
        decision.decided_by.push(format!("{}: {}", query.id, choice.label()));
        decision.category.clone_from(&choice.category);
        at = next(definition, choice);
    }
    decision.asked = Some(asked);
    decision
}

/// The branch taken; `None` if the answer is not known and the chart has none for that.
fn taken<'a>(query: &'a Query, answers: &Answers) -> Option<&'a Choice> {
    let id = given(query, answers);
    let id = if id == UNKNOWN { query.when_unknown.as_deref()? } else { id };
    query.choice(id)
}

fn next<'a>(definition: &'a Definition, choice: &Choice) -> Option<&'a Query> {
    let next = choice.next.as_ref()?;
    definition.questions.iter().find(|query| query.id == *next)
}

fn reach(
    definition: &Definition,
    at: Option<&Query>,
    answers: &Answers,
    left: usize,
    reachable: &mut BTreeSet<String>,
) {
    let (Some(query), Some(left)) = (at, left.checked_sub(1)) else {
        return;
    };
    let id = given(query, answers);
    for choice in query.options.iter().filter(|choice| id == UNKNOWN || choice.id == id) {
        reachable.extend(choice.category.clone());
        reach(definition, next(definition, choice), answers, left, reachable);
    }
}
