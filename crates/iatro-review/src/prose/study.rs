//! A study in plain English: what it counts, with which exposure, by which estimators.

use iatro_reports::dictionary::term::fold_term;
use iatro_reports::lake::dictionary::TermUse;
use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_signals::study::{
    Action, Comparator, ESTIMATORS, EventDefinition, Named, STRATA, Study, THRESHOLDS,
};

use super::definition::{DefinedTerm, defined_terms, names_of, status_name};
use super::exposure::{comparator_in_english, roles_in_english};
use super::taxonomy::taxonomy;
use super::words::{listed, paragraph, sentence};
use crate::number::{counted, thousands};

/// Returns a study in plain English, for a terminal: what is an event, what is an exposure, how it is
/// estimated, and what the study knows of agents, therapies, triggers and alerts.
///
/// `terms` are those of a snapshot, with how often they stand there: then every name of the event is told
/// with its hits, and every name and pattern of a trigger with the terms that it catches.
pub fn study_in_english(study: &Study, terms: Option<&[TermUse]>) -> String {
    let mut text = paragraph("", &format!("{} (study \"{}\")", study.title, study.id));
    text.push_str(&paragraph("", RESEARCH_USE));
    text.push('\n');
    text.push_str(&paragraph("", &sentence(&study.description)));
    if !study.authors.is_empty() {
        text.push_str(&paragraph("", &format!("Written by {}.", listed(&study.authors, "and"))));
    }
    heading(&mut text, "Event");
    for (name, event) in ordered_events(study) {
        text.push_str(&event_in_english(study, name, event, terms));
    }
    heading(&mut text, "Exposure");
    text.push_str(&exposure_in_english(study));
    heading(&mut text, "Estimates");
    text.push_str(&estimates_in_english(study));
    text.push_str(&taxonomy(study, terms));
    heading(&mut text, "Provenance");
    text.push_str(&paragraph("", &format!("Study content id {}.", study.content_id())));
    text
}

pub(super) fn heading(text: &mut String, heading: &str) {
    let blank = if text.ends_with("\n\n") { "" } else { "\n" };
    text.push_str(&format!("{blank}{heading}\n{}\n", "─".repeat(heading.chars().count())));
}

/// The default definition first, then the others by name.
fn ordered_events(study: &Study) -> Vec<(&str, &EventDefinition)> {
    let mut events: Vec<_> = study.events.iter().map(|(name, e)| (name.as_str(), e)).collect();
    events.sort_by_key(|(name, _)| (*name != study.default_event, *name));
    events
}

fn event_in_english(
    study: &Study,
    name: &str,
    event: &EventDefinition,
    terms: Option<&[TermUse]>,
) -> String {
    let names = study.event(name).map(|set| names_of(&set)).unwrap_or_default();
    let default = if name == study.default_event { ", taken unless told otherwise" } else { "" };
    let which = match names.len() {
        1 => "this name".to_owned(),
        many => format!("at least one of {}", counted(many as u64, "name", "names")),
    };
    let mut text = paragraph(
        "",
        &format!(
            "Definition \"{name}\"{default}: a report is a case if it holds {which}. {}",
            sentence(&event.description),
        ),
    );
    if !event.includes.is_empty() {
        let included: Vec<String> = event.includes.iter().map(|n| format!("\"{n}\"")).collect();
        let own = "It holds every name of";
        text.push_str(&paragraph("", &format!("{own} {}, and:", listed(&included, "and"))));
    }
    let inherited: Vec<String> = event
        .includes
        .iter()
        .filter_map(|name| study.event(name))
        .flat_map(|set| names_of(&set))
        .collect();
    for term in defined_terms(study, &names).iter().filter(|t| !inherited.contains(&t.name)) {
        text.push_str(&paragraph("  • ", &term_in_english(term, terms)));
    }
    text.push('\n');
    text
}

fn term_in_english(term: &DefinedTerm<'_>, terms: Option<&[TermUse]>) -> String {
    let mut text = term.name.clone();
    if let Some(terms) = terms {
        text.push_str(&format!(" ({})", hits(&term.name, terms)));
    }
    match (term.term, term.former) {
        (Some(_), Some(_)) => text.push_str(&format!(": {}.", term.kind())),
        (Some(entry), None) => {
            text.push_str(&format!(" [{}] {}", status_name(entry.status), sentence(&entry.source)));
        }
        (None, _) => text.push('.'),
    }
    text
}

/// How often a name stands in a snapshot, as event and, if it does, as indication.
fn hits(name: &str, terms: &[TermUse]) -> String {
    let folded = fold_term(name);
    let found = || terms.iter().filter(|term| term.folded == folded);
    let events = counted(found().map(|term| term.event_rows).sum(), "hit", "hits");
    match found().map(|term| term.indication_rows).sum() {
        0 => events,
        indications => format!("{events}, and {} as an indication", thousands(indications)),
    }
}

fn exposure_in_english(study: &Study) -> String {
    let comparator = match &study.exposure.comparator {
        Comparator::All => comparator_in_english(&[]),
        Comparator::Substances(names) => comparator_in_english(names),
    };
    let mut text = paragraph(
        "",
        &format!(
            "A substance counts if the report gives it as {}. Reports with it are compared with {comparator}.",
            roles_in_english(&study.exposure.role_codes),
        ),
    );
    let restrictions: Vec<String> = study
        .exposure
        .restrictions
        .iter()
        .map(|restriction| match restriction.action {
            Action::Exclude => format!("reports of \"{}\" are left out", restriction.id),
            Action::Only => format!("only reports of \"{}\" are counted", restriction.id),
        })
        .collect();
    let restrictions =
        if restrictions.is_empty() { "none".to_owned() } else { listed(&restrictions, "and") };
    text.push_str(&paragraph("", &format!("Restrictions: {restrictions}.")));
    text
}

fn estimates_in_english(study: &Study) -> String {
    let mut text = named_list("Estimators", &study.estimators, &ESTIMATORS);
    text.push_str(&named_list("Thresholds", &study.thresholds, &THRESHOLDS));
    text.push_str(&paragraph("", &format!(
        "The forest plot shows substances from {} on. Strata: {}. Sensitivity checks declared before the run: {}. \
         Seed of everything random: {}.",
        counted(study.minimum_cases, "case", "cases"),
        plain_list(&study.strata, &STRATA),
        if study.checks.is_empty() { "none".to_owned() } else { listed(&study.checks, "and") },
        study.seed,
    )));
    text
}

fn named_list(title: &str, names: &[String], known: &[Named]) -> String {
    let mut text = paragraph("", &format!("{title}:"));
    for name in names {
        text.push_str(&paragraph("  • ", &format!("{name}: {}", meaning(name, known))));
    }
    text
}

fn plain_list(names: &[String], known: &[Named]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let meanings: Vec<&str> = names.iter().map(|name| meaning(name, known)).collect();
    listed(&meanings, "and")
}

fn meaning<'a>(name: &'a str, known: &[Named]) -> &'a str {
    known.iter().find(|named| named.name == name).map_or(name, |named| named.meaning)
}
