//! The triggers of a study, class by class: in short, or with every term that they catch in a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::lake::dictionary::TermUse;
use iatro_signals::study::{CaughtBy, NameKind, Status, Study, Trigger};

use super::taxonomy::{by_status, capitalised};
use super::words::{paragraph, sentence};
use crate::number::{counted, thousands};

pub(super) fn triggers_in_english(study: &Study, terms: Option<&[TermUse]>) -> String {
    let names = |t: &Trigger| t.terms.len() + t.patterns.len();
    let mut text = paragraph(
        "",
        &format!(
            "What else on a report, as indication or as event, could account for the event: {}.",
            by_status(
                &study.triggers.iter().map(|t| (t.status, names(t))),
                "name or pattern",
                "names and patterns"
            ),
        ),
    );
    match terms {
        Some(terms) => text.push_str(&with_terms(study, terms)),
        None => text.push_str(&in_short(&study.triggers)),
    }
    text.push_str(&exceptions(study));
    text
}

/// Concepts by class, with the number of names.
fn in_short(triggers: &[Trigger]) -> String {
    let mut text = String::new();
    for (class, concepts) in by_class(triggers) {
        let concepts: Vec<String> = concepts
            .iter()
            .map(|(concept, entries)| Names::of(triggers, entries).in_english(concept))
            .collect();
        let line = format!("{}: {}.", capitalised(class), concepts.join("; "));
        text.push_str(&paragraph("  • ", &line));
    }
    text
}

/// How many names and patterns stand for a concept.
#[derive(Default)]
struct Names {
    verified: usize,
    unverified: usize,
}

impl Names {
    fn of(triggers: &[Trigger], entries: &[usize]) -> Self {
        let mut names = Self::default();
        for trigger in entries.iter().filter_map(|entry| triggers.get(*entry)) {
            let count = trigger.terms.len() + trigger.patterns.len();
            match trigger.status {
                Status::Verified => names.verified += count,
                Status::Unverified => names.unverified += count,
            }
        }
        names
    }

    fn in_english(&self, concept: &str) -> String {
        match self.unverified {
            0 => format!("{concept} ({})", self.verified),
            more => format!("{concept} ({}, and {more} unverified)", self.verified),
        }
    }
}

/// By concept, the places of its entries among the triggers.
type Concepts<'t> = BTreeMap<&'t str, Vec<usize>>;

/// The concepts by class, classes in the order of the study.
fn by_class(triggers: &[Trigger]) -> Vec<(&str, Concepts<'_>)> {
    let mut classes: Vec<(&str, Concepts<'_>)> = Vec::new();
    for (entry, trigger) in triggers.iter().enumerate() {
        let place = classes.iter().position(|(class, _)| *class == trigger.class);
        let place = place.unwrap_or_else(|| {
            classes.push((&trigger.class, BTreeMap::new()));
            classes.len() - 1
        });
        classes[place].1.entry(&trigger.concept).or_default().push(entry);
    }
    classes
}

/// Every name and pattern with the terms that it catches.
fn with_terms(study: &Study, terms: &[TermUse]) -> String {
    let names: Vec<&str> = terms.iter().map(|term| term.term.as_str()).collect();
    let caught = study.caught(&names);
    let mut text = paragraph(
        "",
        "Behind each are the rows of current reports in this snapshot that hold it: as event/as indication. \
         The sum of a concept counts a term once, and verified entries only.",
    );
    for (class, concepts) in by_class(&study.triggers) {
        text.push('\n');
        text.push_str(&paragraph("", &format!("{}:", capitalised(class))));
        for (concept, entries) in concepts {
            let own: Vec<&CaughtBy<'_>> =
                caught.iter().filter(|by| entries.contains(&by.trigger)).collect();
            text.push_str(&Concept { study, terms, own }.in_english(concept));
        }
    }
    text.push('\n');
    text
}

/// A concept with what its names and patterns catch.
struct Concept<'c> {
    study: &'c Study,
    terms: &'c [TermUse],
    own: Vec<&'c CaughtBy<'c>>,
}

impl Concept<'_> {
    fn in_english(&self, concept: &str) -> String {
        let verified = |by: &&&CaughtBy<'_>| self.trigger(by).status == Status::Verified;
        let places: BTreeSet<usize> =
            self.own.iter().filter(verified).flat_map(|by| by.caught.iter().copied()).collect();
        let sum = rows(places.iter().map(|place| &self.terms[*place]));
        let mut text = paragraph("  ", &format!("{concept}: {sum}"));
        let (counted, only): (Vec<_>, Vec<_>) =
            self.own.iter().partition(|by| !self.trigger(by).only_as_indication);
        text.push_str(&self.entries(&counted, ""));
        text.push_str(&self.entries(
            &only,
            "As an indication only, because as an event it may be a \
            sign of the event itself: ",
        ));
        text
    }

    /// Names with a hit, names without, then each pattern.
    fn entries(&self, own: &[&CaughtBy<'_>], first: &str) -> String {
        let mut text = String::new();
        for status in [Status::Verified, Status::Unverified] {
            let of_status: Vec<&CaughtBy<'_>> =
                own.iter().copied().filter(|by| self.trigger(by).status == status).collect();
            let (silent, telling): (Vec<_>, Vec<_>) =
                of_status.into_iter().partition(|by| self.says_nothing(by));
            let (terms, patterns): (Vec<&CaughtBy<'_>>, Vec<_>) =
                telling.into_iter().partition(|by| by.kind == NameKind::Term);
            let mark = match status {
                Status::Verified => first.to_owned(),
                Status::Unverified => format!("Unverified: {first}"),
            };
            let hits: Vec<String> = terms.iter().map(|by| self.listed(&by.caught)).collect();
            let without: Vec<String> = silent.iter().map(|by| quoted(by)).collect();
            if !hits.is_empty() {
                text.push_str(&paragraph("    • ", &format!("{mark}{}.", hits.join(", "))));
            }
            if !without.is_empty() {
                let line = format!("{mark}without a row: {}", without.join(", "));
                text.push_str(&paragraph("    • ", &sentence(&capitalised(&line))));
            }
            for by in patterns {
                let line = format!("{mark}{}", self.pattern(by));
                text.push_str(&paragraph("    • ", &capitalised(&line)));
            }
        }
        text
    }

    fn pattern(&self, by: &CaughtBy<'_>) -> String {
        let mut text = format!("pattern {}: ", quoted(by));
        text.push_str(&match by.caught.len() {
            0 => "no term.".to_owned(),
            many => {
                format!("{}, {}.", counted(many as u64, "term", "terms"), self.listed(&by.caught))
            }
        });
        if !by.kept_out.is_empty() {
            let kept_out: Vec<usize> = by.kept_out.iter().map(|(place, _)| *place).collect();
            text.push_str(&format!(" Kept out by an exception: {}.", self.listed(&kept_out)));
        }
        text
    }

    /// The terms at these places with their rows, most first.
    fn listed(&self, places: &[usize]) -> String {
        let mut terms: Vec<&TermUse> = places.iter().map(|place| &self.terms[*place]).collect();
        terms.sort_by_key(|term| {
            (std::cmp::Reverse(term.event_rows + term.indication_rows), &term.folded)
        });
        let one = |term: &&TermUse| format!("{} ({})", term.term, rows([*term]));
        terms.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Whether it has no row here, and nothing that it describes is kept out.
    fn says_nothing(&self, by: &CaughtBy<'_>) -> bool {
        by.kept_out.is_empty() && !self.has_rows(by)
    }

    fn has_rows(&self, by: &CaughtBy<'_>) -> bool {
        let mut terms = by.caught.iter().map(|place| &self.terms[*place]);
        terms.any(|term| term.event_rows + term.indication_rows > 0)
    }

    fn trigger(&self, by: &CaughtBy<'_>) -> &Trigger {
        &self.study.triggers[by.trigger]
    }
}

/// The name; a pattern in quotation marks.
fn quoted(by: &CaughtBy<'_>) -> String {
    match by.kind {
        NameKind::Term => by.name.to_owned(),
        NameKind::Pattern => format!("\"{}\"", by.name),
    }
}

/// `as event/as indication`.
fn rows<'t>(terms: impl IntoIterator<Item = &'t TermUse>) -> String {
    let (mut events, mut indications) = (0, 0);
    for term in terms {
        events += term.event_rows;
        indications += term.indication_rows;
    }
    format!("{}/{}", thousands(events), thousands(indications))
}

/// What is no trigger by a pattern.
fn exceptions(study: &Study) -> String {
    if study.trigger_exceptions.is_empty() {
        return String::new();
    }
    let patterns: Vec<String> =
        study.trigger_exceptions.iter().map(|pattern| format!("\"{pattern}\"")).collect();
    paragraph(
        "",
        &format!(
            "A term that one of these describes is no trigger by a pattern; named whole, it is: {}.",
            patterns.join(", ")
        ),
    )
}
