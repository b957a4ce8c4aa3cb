//! Rules, tried in order. A rule sees an unknown answer as `unknown`; what every completion of the unknown answers
//! gives is reachable.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answers, Decision, UNKNOWN, given};
use crate::causality::definition::{Definition, Fact, Rule};

/// The subjects of the rules with the answers that are possible.
type Open<'a> = Vec<(&'a str, Vec<&'a str>)>;

pub(super) fn decide(definition: &Definition, answers: &Answers) -> Decision {
    let subjects = subjects(definition);
    let state = |subject: &str| state(definition, subject, answers);
    let now: BTreeMap<&str, String> = subjects.iter().map(|s| (*s, state(s))).collect();
    let rule = first_that_holds(definition, |subject| now.get(subject).map_or(UNKNOWN, |s| s));
    let open: Open<'_> = subjects
        .iter()
        .map(|subject| {
            let known = now.get(subject).map_or(UNKNOWN, String::as_str);
            (*subject, if known == UNKNOWN { options(definition, subject) } else { vec![known] })
        })
        .collect();
    let mut reachable = BTreeSet::new();
    complete(definition, &open, &mut BTreeMap::new(), &mut reachable);
    let category = rule.map(|rule| rule.category.clone());
    reachable.extend(category.clone());
    let decided_by = rule.map(|rule| rule.label.clone()).into_iter().collect();
    Decision { category, reachable, total: None, decided_by, asked: None }
}

/// Questions and facts that some rule asks, once each.
fn subjects(definition: &Definition) -> Vec<&str> {
    let all = definition.rules.iter().flat_map(|rule| &rule.when);
    let mut seen = BTreeSet::new();
    all.map(|condition| condition.subject.as_str())
        .filter(|subject| seen.insert(*subject))
        .collect()
}

fn fact<'a>(definition: &'a Definition, subject: &str) -> Option<&'a Fact> {
    definition.facts.iter().find(|fact| fact.id == subject)
}

fn state(definition: &Definition, subject: &str, answers: &Answers) -> String {
    let answer = |id: &str| answers.get(id).map_or(UNKNOWN, String::as_str);
    let Some(fact) = fact(definition, subject) else {
        let query = definition.questions.iter().find(|query| query.id == subject);
        return query.map_or(UNKNOWN, |query| given(query, answers)).to_owned();
    };
    let of = |wanted: &str| fact.any_of.iter().filter(|id| answer(id) == wanted).count();
    let state = if of("yes") > 0 {
        "yes"
    } else if of("no") == fact.any_of.len() {
        "no"
    } else {
        UNKNOWN
    };
    state.to_owned()
}

/// What could be answered, without `unknown`.
fn options<'a>(definition: &'a Definition, subject: &str) -> Vec<&'a str> {
    if fact(definition, subject).is_some() {
        return vec!["yes", "no"];
    }
    let query = definition.questions.iter().find(|query| query.id == subject);
    let ids = query.into_iter().flat_map(|query| &query.options).map(|choice| choice.id.as_str());
    ids.filter(|id| *id != UNKNOWN).collect()
}

fn first_that_holds<'d, 's>(
    definition: &'d Definition,
    state: impl Fn(&str) -> &'s str,
) -> Option<&'d Rule> {
    definition.rules.iter().find(|rule| {
        rule.when.iter().all(|condition| {
            let now = state(&condition.subject);
            condition.options.iter().any(|option| option == now)
        })
    })
}

fn complete<'a>(
    definition: &'a Definition,
    open: &[(&'a str, Vec<&'a str>)],
    chosen: &mut BTreeMap<&'a str, &'a str>,
    reachable: &mut BTreeSet<String>,
) {
    let Some(((subject, options), rest)) = open.split_first() else {
        let rule =
            first_that_holds(definition, |subject| chosen.get(subject).copied().unwrap_or(UNKNOWN));
        reachable.extend(rule.map(|rule| rule.category.clone()));
        return;
    };
    for option in options {
        chosen.insert(subject, option);
        complete(definition, rest, chosen, reachable);
    }
}
