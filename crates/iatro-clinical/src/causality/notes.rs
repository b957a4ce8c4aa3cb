//! What a reader must know before the answers.

use super::agents::{Agents, named};
use super::dates::{Order, between, in_words, order};
use super::facts::Facts;
use super::result::{Note, NoteKind, Standing};
use crate::evidence::EvidenceStatus;

/// The notes on one drug.
pub(crate) fn notes(
    facts: &Facts<'_>,
    standing: &Standing,
    agents: &Agents,
    include_unverified: bool,
) -> Vec<Note> {
    let mut found = Vec::new();
    let mut add = |kind, text: String, source: String| found.push(Note { kind, text, source });
    if !standing.assessed {
        add(NoteKind::Protopathic, standing.reason.clone(), standing.source.clone());
    }
    if let Some((text, row)) = withdrawal(facts, agents, include_unverified) {
        add(NoteKind::Withdrawal, text, row);
    }
    for rival in &facts.rivals.credible {
        add(NoteKind::CoTrigger, rival.text.clone(), rival.row.clone());
    }
    for rival in &facts.rivals.mediators {
        let text = format!("{}: a step on the way of the drug, not a rival", rival.text);
        add(NoteKind::Mediator, text, rival.row.clone());
    }
    if facts.abated.confounded {
        let row = facts.row("dechallenge");
        add(NoteKind::ConfoundedDechallenge, facts.abated.reason.clone(), row);
    }
    for (text, row) in &facts.contradictions {
        add(NoteKind::Contradiction, text.clone(), row.clone());
    }
    if facts.onset.is_none() {
        add(NoteKind::Dates, "the onset has no date".to_owned(), "event.onset".to_owned());
    }
    if facts.start().is_none() {
        add(NoteKind::Dates, "no start of the drug has a date".to_owned(), facts.row("courses"));
    }
    found
}

/// That a drug ended before the onset, where its withdrawal may be what matters.
fn withdrawal(
    facts: &Facts<'_>,
    agents: &Agents,
    include_unverified: bool,
) -> Option<(String, String)> {
    let onset = facts.onset?;
    let known = agents.withdrawal.iter().find(|row| named(facts.drug, &row.names).is_some())?;
    let stops = facts.drug.courses.iter().enumerate();
    let stops = stops.filter_map(|(index, course)| Some((index, course.stop?)));
    let before = stops.filter(|(_, stop)| order(*stop, onset) == Order::Before);
    let (index, stop) = before.max_by_key(|(_, stop)| (stop.earliest(), stop.latest()))?;
    let mut text =
        format!("{} ended {} before the onset", facts.drug.name, in_words(between(stop, onset)));
    if known.status.usable(include_unverified) {
        text = format!("{text}; {} ({}", known.text, known.source);
        let status = (known.status == EvidenceStatus::Unverified).then_some(", unverified");
        text = format!("{text}{})", status.unwrap_or_default());
    } else {
        text.push_str("; look at the stop as an exposure of its own");
    }
    Some((text, facts.row(&format!("courses[{index}].stop"))))
}
