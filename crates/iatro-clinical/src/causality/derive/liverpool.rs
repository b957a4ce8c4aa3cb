//! Liverpool.

use super::Derived;
use crate::case::{DrugRole, Outcome};
use crate::causality::facts::{DrugFacts, Fact};
use crate::logic::Ternary;
use crate::observation::Presence;

pub(super) fn derive(question: &str, facts: &DrugFacts<'_>) -> Option<Derived> {
    Some(match question {
        "q1" => match facts.drug.role {
            DrugRole::Suspect | DrugRole::Interacting => {
                Derived::new("yes", "the drug is under suspicion in the case")
            }
            _ => return None,
        },
        "q2" => Derived::of(facts.precedes(), "yes", "no"),
        "q3" => improved(facts),
        "q4" => match facts.case.event.outcome {
            Some(Outcome::Sequelae) => Derived::new("yes", "recovered with sequelae"),
            Some(Outcome::Recovered) => Derived::new("no", "recovered"),
            _ => return None,
        },
        "q5" => underlying(facts),
        "q6" => {
            let fact = facts.rechallenge();
            let answer = if fact.state == Ternary::Met { "yes" } else { "no" };
            Derived::always(answer, fact)
        }
        "q9" => {
            let agent = super::reported(facts)?;
            Derived::new("yes", format!("{} ({})", agent.evidence, agent.source))
        }
        _ => return None,
    })
}

/// Here improvement counts with or without treatment; what is given once cannot be stopped.
fn improved(facts: &DrugFacts<'_>) -> Derived {
    if facts.is_given_once() {
        return Derived::new("unassessable", "given once: there is nothing to stop");
    }
    let row = Some(facts.row("dechallenge"));
    match facts.drug.dechallenge.as_ref().map(|row| row.abated) {
        Some(Presence::Yes) => Derived {
            row,
            ..Derived::new("yes", "it abated after the withdrawal, with or without treatment")
        },
        Some(Presence::No) => {
            Derived { row, ..Derived::new("no", "the event went on after the withdrawal") }
        }
        _ => Derived::always(crate::causality::UNKNOWN, facts.dechallenge()),
    }
}

/// Low is for a person to state; a disease that could, or one that was not excluded, leaves it high or unsure.
fn underlying(facts: &DrugFacts<'_>) -> Derived {
    let diseases: Vec<_> = facts.alternatives().into_iter().filter(|one| !one.is_drug).collect();
    match diseases.first() {
        Some(first) => {
            let named: Vec<&str> = diseases.iter().map(|one| one.name.as_str()).collect();
            let fact =
                Fact::new(Ternary::Met, format!("present: {}", named.join(", ")), Some(&first.row));
            Derived::always("high_or_unsure", fact)
        }
        None => Derived::new(
            "high_or_unsure",
            "unsure: that no disease explains it is for a person to state",
        ),
    }
}
