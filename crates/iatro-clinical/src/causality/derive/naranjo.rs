//! Naranjo. Unknown is unknown: it is never taken for no.

use super::Derived;
use crate::causality::facts::DrugFacts;

pub(super) fn derive(question: &str, facts: &DrugFacts<'_>) -> Option<Derived> {
    Some(match question {
        "q1" => {
            let agent = super::reported(facts)?;
            Derived::new("yes", format!("{} ({})", agent.evidence, agent.source))
        }
        "q2" => Derived::of(facts.precedes(), "yes", "no"),
        "q3" => Derived::of(facts.dechallenge(), "yes", "no"),
        "q4" => Derived::of(facts.rechallenge(), "yes", "no"),
        "q5" => Derived::of(facts.alternative(), "yes", "no"),
        _ => return None,
    })
}
