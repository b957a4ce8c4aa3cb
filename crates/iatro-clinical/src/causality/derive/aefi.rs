//! WHO AEFI, for vaccines. A known association is set by the assessor: nothing here answers it with yes.

use super::Derived;
use crate::case::{TriggerRole, TriggerStatus};
use crate::causality::facts::{DrugFacts, Fact};
use crate::logic::Ternary;

pub(super) fn derive(question: &str, facts: &DrugFacts<'_>) -> Option<Derived> {
    Some(match question {
        "other_cause" => other_cause(facts),
        "known_association" => Derived::new(
            "none",
            "evidence in a population that the vaccine can bring it about is set by the assessor; none is recorded",
        ),
        "against" => Derived::new("no", "no evidence against an association is recorded"),
        "review" => match facts.precedes().state {
            Ternary::Met => Derived::always("temporal_only", facts.precedes()),
            _ => return None,
        },
        _ => return None,
    })
}

/// The checklist asks for a cause that is confirmed: one that is present and stands for itself.
fn other_cause(facts: &DrugFacts<'_>) -> Derived {
    let own = |row: &&crate::case::Trigger| {
        row.status == TriggerStatus::Present && row.role == TriggerRole::Alternative
    };
    if let Some(row) = facts.case.triggers.iter().find(own) {
        let fact = Fact::new(
            Ternary::Met,
            format!("{}, a cause of its own", row.name),
            Some(&format!("triggers.{}", row.id)),
        );
        return Derived::always("yes", fact);
    }
    let alternatives = facts.alternatives();
    match alternatives.first() {
        Some(first) => Derived::always(
            crate::causality::UNKNOWN,
            Fact::new(Ternary::Unknown, format!("{}: {}", first.name, first.why), Some(&first.row)),
        ),
        None => Derived::new(
            "no",
            format!("no other cause is confirmed in the record ({})", facts.alternative().reason),
        ),
    }
}
