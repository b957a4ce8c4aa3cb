//! Event definitions: includes that lead somewhere, terms that stand once, versions in order.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::dictionary::term::{fold_term, is_version};

use super::Found;
use crate::study::{EventDefinition, EventTerm, Study, event};

/// Checks the event definitions.
pub(crate) fn events(study: &Study, found: &mut Found) {
    for (name, event) in &study.events {
        let path = format!("events.{name}");
        found.identifier(&path, name);
        for (place, included) in event.includes.iter().enumerate() {
            include(&study.events, name, included, &format!("{path}.includes[{place}]"), found);
        }
        found.unique(&format!("{path}.includes"), &event.includes);
        if event::flatten(&study.events, name).is_none_or(|set| set.names().is_empty()) {
            found.add(&path, "the definition has no term", "add a term or an include");
        }
        event_terms(&study.events, event, &path, found);
    }
}

fn include(
    events: &BTreeMap<String, EventDefinition>,
    name: &str,
    included: &str,
    path: &str,
    found: &mut Found,
) {
    if !events.contains_key(included) {
        let known = events.keys().cloned().collect::<Vec<_>>().join(", ");
        let problem = format!("no event definition {included:?}");
        found.add(path, problem, format!("use one of {known}, or define it"));
    } else if reaches(events, included, name, &mut BTreeSet::new()) {
        let problem = format!("{included:?} leads back to {name:?}");
        found.add(path, problem, "remove one of the includes");
    }
}

/// Says whether a definition is the target or includes it, over any number of steps.
fn reaches<'a>(
    events: &'a BTreeMap<String, EventDefinition>,
    from: &'a str,
    target: &str,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    from == target
        || seen.insert(from)
            && events.get(from).is_some_and(|event| {
                event.includes.iter().any(|next| reaches(events, next, target, seen))
            })
}

/// Checks the terms of one definition: texts, versions, and that no name stands twice in it or in
/// what it includes.
fn event_terms(
    events: &BTreeMap<String, EventDefinition>,
    event: &EventDefinition,
    path: &str,
    found: &mut Found,
) {
    let mut seen = BTreeSet::new();
    for set in event.includes.iter().filter_map(|name| event::flatten(events, name)) {
        seen.extend(set.folded().iter().cloned());
    }
    for (place, term) in event.terms.iter().enumerate() {
        let path = format!("{path}.terms[{place}]");
        found.text(&format!("{path}.source"), &term.source);
        let names = std::iter::once((String::from("term"), &term.term));
        let former = (term.former.iter().enumerate())
            .map(|(place, former)| (format!("former[{place}].term"), &former.term));
        for (key, name) in names.chain(former) {
            let path = format!("{path}.{key}");
            found.text(&path, name);
            if !seen.insert(fold_term(name)) {
                let problem = format!("{name:?} stands twice in this definition or its includes");
                found.add(path, problem, "remove one");
            }
        }
        versions(term, &path, found);
    }
}

fn versions(term: &EventTerm, path: &str, found: &mut Found) {
    for (place, former) in term.former.iter().enumerate() {
        let path = format!("{path}.former[{place}]");
        for (key, version) in
            [("last_version", &former.last_version), ("renamed_at", &former.renamed_at)]
        {
            if !is_version(version) {
                let problem = format!("{version:?} is not a dictionary version");
                found.add(format!("{path}.{key}"), problem, "write it as 21.1");
            }
        }
        let order = numbers(&former.last_version).zip(numbers(&former.renamed_at));
        if order.is_some_and(|(last, renamed)| last >= renamed) {
            let problem = format!(
                "last version {} is not before version {}",
                former.last_version, former.renamed_at
            );
            found.add(
                &path,
                problem,
                "give the last version with the old name and the first without",
            );
        }
    }
}

fn numbers(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
