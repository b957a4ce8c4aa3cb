//! What a reader must know before the answers.

use super::agents::{Agents, named};
use super::facts::DrugFacts;
use super::result::{Note, NoteKind, Standing};
use crate::logic::Ternary;
use crate::observation::Presence;

/// The notes of a drug, in the order of their kinds.
pub(super) fn notes(
    facts: &DrugFacts<'_>,
    standing: &Standing,
    agents: &Agents,
    include_unverified: bool,
) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut add = |kind, text: String, source: String| notes.push(Note { kind, text, source });
    if !standing.assessed {
        add(NoteKind::Protopathic, standing.reason.clone(), standing.source.clone());
    }
    let withdrawals = agents.withdrawal.iter().filter(|row| row.status.usable(include_unverified));
    for row in withdrawals.filter(|row| named(facts.drug, &row.names).is_some()) {
        if facts.since_stop().is_some_and(|days| days.min > 0) {
            let text = format!("{} ({})", row.text, row.source);
            add(NoteKind::Withdrawal, text, facts.row("courses"));
        }
    }
    for other in facts.alternatives() {
        add(NoteKind::CoTrigger, format!("{}: {}", other.name, other.why), other.row);
    }
    for trigger in facts.case.triggers.iter().filter(|trigger| facts.is_mediator(trigger)) {
        let text = format!(
            "{}: brought about by this drug, a step on its way and no rival of it",
            trigger.name
        );
        add(NoteKind::Mediator, text, format!("triggers.{}", trigger.id));
    }
    let abated = facts.drug.dechallenge.as_ref().is_some_and(|row| row.abated == Presence::Yes);
    let dechallenge = facts.dechallenge();
    if abated && dechallenge.state == Ternary::Unknown {
        add(NoteKind::ConfoundedDechallenge, dechallenge.reason, facts.row("dechallenge"));
    }
    if let Some(contradiction) = facts.contradiction() {
        add(NoteKind::Contradiction, contradiction, facts.row("courses"));
    }
    let order = facts.precedes();
    if order.state == Ternary::Unknown {
        add(NoteKind::Dates, order.reason, order.source.unwrap_or_default());
    }
    notes
}
