//! `iatro study explain`: a study in English, and the terms of a lake that it means.

use std::path::Path;

use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::dictionary::{self, TermUse};
use iatro_signals::causes::TriggerRole;
use iatro_signals::study::{CaughtBy, Status, Study, TermSet, Trigger};
use serde_json::{Value, json};

use crate::answer::{Answer, Cell, Kind, Rows};
use crate::error::CliError;
use crate::global::Global;
use crate::lake::{At, Wanted};

const COLUMNS: [(&str, Kind); 8] = [
    ("class", Kind::Text),
    ("concept", Kind::Text),
    ("name", Kind::Text),
    ("kind", Kind::Text),
    ("term", Kind::Text),
    ("event_rows", Kind::Count),
    ("indication_rows", Kind::Count),
    ("status", Kind::Text),
];

pub(super) fn answer(
    study: &Study,
    lake: Option<&Path>,
    global: &Global,
) -> Result<Answer, CliError> {
    let open = |lake| At::new(lake).snapshot(Wanted::Dictionaries, global);
    let snapshot = lake.map(open).transpose()?;
    let terms = snapshot.as_ref().map(dictionary::terms).transpose()?;
    let terms = terms.as_deref();
    let mut rows = names_of_event(study, terms);
    let triggers = names_of_triggers(study, terms);
    let document = json!({
        "study": study.id,
        "content_id": study.content_id(),
        "dataset_id": snapshot.as_ref().map(|s| s.manifest().dataset_id.clone()),
        "terms": event_terms(study, terms),
        "triggers": triggers.to_objects(),
        "trigger_exceptions": study.trigger_exceptions,
        "roles": roles(),
        "mediators": study.mediators,
        "therapies": study.therapies,
        "alerts": study.alerts,
    });
    rows.rows.extend(triggers.rows);
    let text = iatro_review::prose::study_in_english(study, terms);
    Ok(Answer { rows, document, text })
}

/// The names of each definition of the event, with the terms that they catch. One that catches none has a
/// row without a term.
fn names_of_event(study: &Study, terms: Option<&[TermUse]>) -> Rows {
    let mut rows = Rows::new(&COLUMNS);
    for event in study.events.keys() {
        for name in study.event(event).iter().flat_map(TermSet::names) {
            let kind = if name.name == name.current { "term" } else { "former name" };
            let first = ["event", event, &name.name, kind];
            let found = terms.map(|terms| named(&name.name, terms));
            push(&mut rows, first, found.as_deref(), name.status);
        }
    }
    rows
}

/// The names and patterns of the triggers, in the same form.
fn names_of_triggers(study: &Study, terms: Option<&[TermUse]>) -> Rows {
    let mut rows = Rows::new(&COLUMNS);
    let names: Vec<&str> = terms.into_iter().flatten().map(|term| term.term.as_str()).collect();
    for by in study.caught(&names) {
        let trigger = &study.triggers[by.trigger];
        let at = |place: &usize| terms.and_then(|terms| terms.get(*place));
        let caught: Vec<&TermUse> = by.caught.iter().filter_map(at).collect();
        let kind = kind(trigger, &by);
        let first = [trigger.class.as_str(), &trigger.concept, by.name, &kind];
        push(&mut rows, first, terms.map(|_| caught.as_slice()), trigger.status);
        for (place, exception) in &by.kept_out {
            let kept_out: Vec<&TermUse> = at(place).into_iter().collect();
            let kind = format!("pattern, kept out by {exception}");
            let first = [trigger.class.as_str(), &trigger.concept, by.name, &kind];
            push(&mut rows, first, Some(&kept_out), trigger.status);
        }
    }
    rows
}

fn kind(trigger: &Trigger, by: &CaughtBy<'_>) -> String {
    let only = if trigger.only_as_indication { ", only as an indication" } else { "" };
    format!("{}{only}", by.kind.name())
}

fn named<'t>(name: &str, terms: &'t [TermUse]) -> Vec<&'t TermUse> {
    let folded = fold_term(name);
    terms.iter().filter(|term| term.folded == folded).collect()
}

/// A row a term; without a lake, and without a term, one row.
fn push(rows: &mut Rows, first: [&str; 4], found: Option<&[&TermUse]>, status: Status) {
    let status = match status {
        Status::Verified => "verified",
        Status::Unverified => "unverified",
    };
    let mut row = |term: Option<&TermUse>, none: Option<u64>| {
        let mut row: Vec<Cell> = first.into_iter().map(Cell::from).collect();
        row.push(term.map(|term| term.term.as_str()).into());
        row.push(term.map(|term| term.event_rows).or(none).into());
        row.push(term.map(|term| term.indication_rows).or(none).into());
        row.push(status.into());
        rows.push(row);
    };
    match found {
        None => row(None, None),
        Some([]) => row(None, Some(0)),
        Some(found) => found.iter().for_each(|term| row(Some(term), None)),
    }
}

/// Every name of every event definition, with how often it stands in the lake.
fn event_terms(study: &Study, terms: Option<&[TermUse]>) -> Vec<Value> {
    let of_event = |event: &String| -> Vec<Value> {
        let set = study.event(event).unwrap_or_default();
        let row = |term: &iatro_signals::study::TermName| {
            let found = terms.map(|terms| named(&term.name, terms));
            let sum = |of: fn(&TermUse) -> u64| {
                found.as_ref().map(|found| found.iter().map(|term| of(term)).sum::<u64>())
            };
            json!({
                "event": event,
                "term": term.name,
                "current_term": term.current,
                "event_rows": sum(|term| term.event_rows),
                "indication_rows": sum(|term| term.indication_rows),
            })
        };
        set.names().iter().map(row).collect()
    };
    study.events.keys().flat_map(of_event).collect()
}

/// The roles of a trigger, in the order in which the first that fits holds.
fn roles() -> Vec<Value> {
    let role = |role: TriggerRole| json!({ "role": role.name(), "competes": role.competes() });
    TriggerRole::ALL.into_iter().map(role).collect()
}
