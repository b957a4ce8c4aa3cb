//! Answers that the fields of a case give, where that is honest. Everything else is left to a person.

mod aefi;
mod alden;
mod liverpool;
mod naranjo;
pub(super) mod rucam;

mod who_umc;

pub(super) use alden::is_for as is_skin;

use super::agents::{self, Agent};
use super::facts::{DrugFacts, Fact};
use crate::logic::Ternary;

/// An answer with its reason and row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Derived {
    /// The id of the answer; `unknown` with the reason why.
    pub(super) answer: &'static str,
    pub(super) reason: String,
    pub(super) row: Option<String>,
}

impl Derived {
    fn new(answer: &'static str, reason: impl Into<String>) -> Self {
        Self { answer, reason: reason.into(), row: None }
    }

    /// One answer if the fact holds, one if it does not, `unknown` else.
    fn of(fact: Fact, yes: &'static str, no: &'static str) -> Self {
        let answer = match fact.state {
            Ternary::Met => yes,
            Ternary::NotMet => no,
            Ternary::Unknown => super::UNKNOWN,
        };
        Self { answer, reason: fact.reason, row: fact.source }
    }

    /// The answer whatever the fact is, with its reason.
    fn always(answer: &'static str, fact: Fact) -> Self {
        Self { answer, reason: fact.reason, row: fact.source }
    }
}

/// A published report or warning of HLH under the agent, if one was read in a source.
fn reported(facts: &DrugFacts<'_>) -> Option<&'static Agent> {
    let found = agents::agents().ok()?.of(facts.drug);
    found.into_iter().map(|(agent, ..)| agent).find(|agent| agent.reported || agent.warned)
}

/// What the case says to a question of an instrument; `None` if it says nothing at all.
pub(super) fn derive(instrument: &str, question: &str, facts: &DrugFacts<'_>) -> Option<Derived> {
    match instrument {
        "who-umc" => who_umc::derive(question, facts),
        "naranjo" => naranjo::derive(question, facts),
        "liverpool" => liverpool::derive(question, facts),
        "who-aefi" => aefi::derive(question, facts),
        "rucam" => rucam::derive(question, facts),
        "alden" => alden::derive(question, facts),
        _ => None,
    }
}
