//! What a study knows of agents, therapies, triggers and alerts, class by class.

use std::collections::BTreeMap;

use iatro_signals::study::{Agent, Mechanism, Status, Study, Therapy, Trigger};

use super::study::heading;
use super::words::{listed, paragraph, sentence};
use crate::number::counted;

pub(super) fn taxonomy(study: &Study) -> String {
    let mut text = String::new();
    if !study.agents.is_empty() {
        heading(&mut text, "Agents");
        text.push_str(&agents(&study.agents));
    }
    if !study.therapies.is_empty() {
        heading(&mut text, "Therapies of the event");
        text.push_str(&therapies(&study.therapies));
    }
    if !study.triggers.is_empty() {
        heading(&mut text, "Triggers");
        text.push_str(&triggers(&study.triggers));
    }
    if !study.alerts.is_empty() {
        heading(&mut text, "Alerts");
        for alert in &study.alerts {
            let line =
                format!("{}, {}, {}: {}", alert.date, alert.authority, alert.substance, alert.text);
            text.push_str(&paragraph("  • ", &sentence(&line)));
        }
    }
    text
}

/// Classes in the order of the study; in a class, the verified entries first.
fn agents(agents: &[Agent]) -> String {
    let mut classes: Vec<&str> = Vec::new();
    for agent in agents {
        if !classes.contains(&agent.class.as_str()) {
            classes.push(&agent.class);
        }
    }
    let mut text = paragraph(
        "",
        &format!(
            "{}, {}. An unverified entry is recalled from general knowledge and off unless a run asks for it.",
            counted(classes.len() as u64, "class", "classes"),
            by_status(
                &agents.iter().map(|agent| (agent.status, agent.substances.len())),
                "substance",
                "substances"
            ),
        ),
    );
    for class in classes {
        text.push_str(&paragraph("", &format!("{}:", capitalised(class))));
        let mut entries: Vec<_> = agents.iter().filter(|agent| agent.class == class).collect();
        entries.sort_by_key(|agent| agent.status);
        for agent in entries {
            text.push_str(&paragraph("  • ", &agent_in_english(agent)));
        }
    }
    text
}

fn agent_in_english(agent: &Agent) -> String {
    let things: Vec<&str> =
        agent.substances.iter().chain(&agent.trigger_concepts).map(String::as_str).collect();
    let how: Vec<&str> = agent.mechanism.iter().map(|m| mechanism(*m)).collect();
    format!(
        "{}: {} [{}]. {} Source: {}",
        mark(agent.status),
        things.join(", "),
        listed(&how, "and"),
        sentence(&agent.evidence),
        sentence(&agent.source),
    )
}

fn mark(status: Status) -> &'static str {
    match status {
        Status::Verified => "verified",
        Status::Unverified => "unverified",
    }
}

fn mechanism(mechanism: Mechanism) -> &'static str {
    match mechanism {
        Mechanism::Hs => "T-cell hypersensitivity",
        Mechanism::Ia => "immune activation",
        Mechanism::Cell => "cell therapy",
        Mechanism::Is => "immunosuppression with reactivation of an infection",
        Mechanism::Lip => "lipid loading of macrophages",
        Mechanism::Inf => "infection by a live organism",
        Mechanism::Para => "paradoxical or masking effect of a biologic",
        Mechanism::Ct => "cytotoxicity",
        Mechanism::Proc => "procedure",
    }
}

fn therapies(therapies: &[Therapy]) -> String {
    let mut text = paragraph(
        "",
        "A report may list one as suspect because the event was there first; plain disproportionality \
         cannot tell that apart.",
    );
    let mut entries: Vec<_> = therapies.iter().collect();
    entries.sort_by_key(|therapy| therapy.status);
    for therapy in entries {
        let things: Vec<&str> =
            therapy.substances.iter().chain(&therapy.terms).map(String::as_str).collect();
        let line =
            format!("{}: {}. Source: {}", mark(therapy.status), things.join(", "), therapy.source);
        text.push_str(&paragraph("  • ", &sentence(&line)));
    }
    text
}

/// What else on a report could account for the event: concepts by class, with the number of names.
fn triggers(triggers: &[Trigger]) -> String {
    let names = |t: &Trigger| t.terms.len() + t.patterns.len();
    let mut text = paragraph(
        "",
        &format!(
            "What else on a report, as indication or as event, could account for the event: {}.",
            by_status(
                &triggers.iter().map(|t| (t.status, names(t))),
                "name or pattern",
                "names and patterns"
            ),
        ),
    );
    for (class, concepts) in by_class(triggers) {
        let concepts: Vec<String> =
            concepts.iter().map(|(concept, names)| names.in_english(concept)).collect();
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
    fn in_english(&self, concept: &str) -> String {
        match self.unverified {
            0 => format!("{concept} ({})", self.verified),
            more => format!("{concept} ({}, and {more} unverified)", self.verified),
        }
    }
}

type Concepts<'t> = BTreeMap<&'t str, Names>;

/// The concepts by class, classes in the order of the study.
fn by_class(triggers: &[Trigger]) -> Vec<(&str, Concepts<'_>)> {
    let mut classes: Vec<(&str, Concepts<'_>)> = Vec::new();
    for trigger in triggers {
        let place = classes.iter().position(|(class, _)| *class == trigger.class);
        let place = place.unwrap_or_else(|| {
            classes.push((&trigger.class, BTreeMap::new()));
            classes.len() - 1
        });
        let names = classes[place].1.entry(&trigger.concept).or_default();
        let count = trigger.terms.len() + trigger.patterns.len();
        match trigger.status {
            Status::Verified => names.verified += count,
            Status::Unverified => names.unverified += count,
        }
    }
    classes
}

fn by_status(
    entries: &(impl Iterator<Item = (Status, usize)> + Clone),
    one: &str,
    many: &str,
) -> String {
    let of = |wanted| -> u64 {
        entries.clone().filter(|(status, _)| *status == wanted).map(|(_, n)| n as u64).sum()
    };
    format!(
        "{} verified, {} unverified",
        counted(of(Status::Verified), one, many),
        of(Status::Unverified)
    )
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
