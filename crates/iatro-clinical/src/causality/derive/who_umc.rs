//! WHO-UMC.

use super::Derived;
use crate::causality::facts::{DrugFacts, Fact};
use crate::logic::Ternary;

pub(super) fn derive(question: &str, facts: &DrugFacts<'_>) -> Option<Derived> {
    Some(match question {
        "data" => data(facts),
        "time" => time(facts),
        "alternative" => Derived::of(facts.alternative(), "could", "unlikely"),
        "dechallenge" => {
            let fact = facts.dechallenge();
            let answer = match fact.state {
                Ternary::Met => "yes",
                Ternary::NotMet => "no",
                // The system itself has a place for what is lacking or unclear.
                Ternary::Unknown => "unclear",
            };
            Derived::always(answer, fact)
        }
        "certainty" => {
            let fact = facts.rechallenge();
            let answer = if fact.state == Ternary::Met { "yes" } else { "no" };
            Derived::always(answer, fact)
        }
        _ => return None,
    })
}

fn data(facts: &DrugFacts<'_>) -> Derived {
    if let Some(contradiction) = facts.contradiction() {
        return Derived::new("contradictory", contradiction);
    }
    let order = facts.precedes();
    match order.state {
        Ternary::Unknown => Derived::always("awaited", order),
        _ => Derived::new("enough", format!("the order in time is known: {}", order.reason)),
    }
}

/// Improbable only if the drug came after the event.
fn time(facts: &DrugFacts<'_>) -> Derived {
    let order = facts.precedes();
    if order.state == Ternary::NotMet {
        return Derived::always(
            "improbable",
            Fact::new(order.state, facts.latency_text(), order.source.as_deref()),
        );
    }
    Derived::of(facts.near(), "plausible", "improbable")
}
