//! What a study knows of agents, therapies, triggers and alerts, class by class.

use iatro_reports::lake::dictionary::TermUse;
use iatro_signals::study::{Agent, Mechanism, Mediator, Status, Study, Therapy};

use super::study::heading;
use super::triggers::triggers_in_english;
use super::words::{listed, paragraph, sentence};
use crate::number::counted;

/// When a suspect substance is no exposure.
const SET_ASIDE: &str = "A suspect substance is no exposure on a report where the event was there first: if \
    every row of it there, in the roles that count, was given for the event (one of the event's names is its \
    indication), or is a listed therapy on a report of the event and was certainly started on or after the onset. \
    What is set aside is counted and listed with every run. A therapy without both dates stays an exposure.";

/// The roles of a trigger on a report, in the order in which the first that fits holds.
const ROLES: [&str; 4] = [
    "indication: a suspect substance of the report was given for it. It competes with the substances.",
    "mediator: a suspect substance of the report is known to bring it about. It is a step on the way from \
     the substance, no rival of it, and is left to the substance.",
    "alternative: another drug of the report was given for it, so it was there for itself. It competes.",
    "unknown: it is only co-reported; whether it came before the event is not known. It competes.",
];

pub(super) fn taxonomy(study: &Study, terms: Option<&[TermUse]>) -> String {
    let mut text = String::new();
    if !study.agents.is_empty() {
        heading(&mut text, "Agents");
        text.push_str(&agents(&study.agents));
    }
    if !study.therapies.is_empty() {
        heading(&mut text, "Therapies of the event");
        text.push_str(&therapies(&study.therapies));
    }
    heading(&mut text, "Set aside");
    text.push_str(&paragraph("", SET_ASIDE));
    if !study.triggers.is_empty() {
        heading(&mut text, "Triggers");
        text.push_str(&triggers_in_english(study, terms));
        heading(&mut text, "Roles of a trigger");
        text.push_str(&roles());
    }
    if !study.mediators.is_empty() {
        heading(&mut text, "Mediators");
        text.push_str(&mediators(&study.mediators));
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

fn roles() -> String {
    let mut text = paragraph(
        "",
        "What a trigger on a report means for the substances there; the first that fits holds.",
    );
    ROLES.iter().for_each(|role| text.push_str(&paragraph("  • ", role)));
    text
}

fn mediators(mediators: &[Mediator]) -> String {
    let mut text = paragraph(
        "",
        "Triggers that substances are known to bring about. An unverified one is off unless a run asks for it.",
    );
    let mut entries: Vec<_> = mediators.iter().collect();
    entries.sort_by_key(|mediator| mediator.status);
    for mediator in entries {
        let line = format!(
            "{}: {} → {}. Source: {}",
            mark(mediator.status),
            mediator.substances.join(", "),
            mediator.trigger_concepts.join("; "),
            mediator.source,
        );
        text.push_str(&paragraph("  • ", &sentence(&line)));
    }
    text
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

pub(super) fn by_status(
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

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
