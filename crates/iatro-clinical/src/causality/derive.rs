//! Answers read from the fields of a case, where that is honest; each with its reason and row.

use serde::Deserialize;

use super::dates::{Order, between, in_words, last_stop, order};
use super::decide::UNKNOWN;
use super::definition::Query;
use super::facts::Facts;
use super::result::DayInterval;
use super::rivals::Rival;
use crate::case::DrugRole;
use crate::observation::Presence;
use crate::when::When;

mod review;
mod span;

/// How a question is read from the fields of a case.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Derivation {
    /// The event began after the first start.
    AfterStart,
    /// The time fits: the drug came first.
    TimeFits,
    /// It abated on stopping, without treatment of the event.
    Abated,
    /// It got better on stopping, with or without treatment.
    ImprovedAnyhow,
    /// It came back on giving the drug again.
    Recurred,
    /// Another cause is present.
    Alternative,
    /// How probable it is that a disease brought it about.
    DiseaseProbability,
    /// Another cause is recorded as a cause of its own.
    OtherCauseConfirmed,
    /// The label warns of it.
    Warned,
    /// Cases with the agent were read of.
    Reported,
    /// Recorded as a suspect.
    Suspected,
    /// The record contradicts itself.
    Information,
    /// The window of time after a vaccine.
    TimeWindow,
    /// No population evidence is known.
    NoPopulationEvidence,
    /// Another drug was begun before.
    OtherDrugBefore,
    /// Where the factors point after a vaccine.
    ReviewAfterVaccine,
    /// Days from the first start.
    DaysFromStart,
    /// Days to the liver injury.
    LiverOnset,
    /// Whether the drug was stopped.
    Stopped,
    /// Years.
    Age,
}

/// An answer with its reason.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Derived {
    pub(crate) answer: String,
    pub(crate) reason: String,
    pub(crate) row: String,
    pub(crate) source: Option<String>,
}

impl Derived {
    pub(crate) fn new(answer: &str, reason: impl Into<String>, row: impl Into<String>) -> Self {
        let (answer, reason) = (answer.to_owned(), reason.into());
        Self { answer, reason, row: row.into(), source: None }
    }

    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self::new(UNKNOWN, reason, "")
    }
}

/// The answer to a question, as far as the fields of the case give it.
pub(crate) fn derive(query: &Query, facts: &Facts<'_>) -> Derived {
    let Some(how) = query.derive else {
        return Derived::unknown("only a person can answer it, and the case states no answer");
    };
    match how {
        Derivation::AfterStart => after_start(facts, ["yes", "no"]),
        Derivation::TimeFits => after_start(facts, ["plausible", "improbable"]),
        Derivation::Abated => abated(facts),
        Derivation::ImprovedAnyhow => improved_anyhow(facts),
        Derivation::Recurred => recurred(facts),
        Derivation::Alternative => alternative(facts),
        Derivation::DiseaseProbability => disease_probability(facts),
        Derivation::OtherCauseConfirmed => review::other_cause(facts),
        Derivation::Warned => warned(facts),
        Derivation::Reported => reported(facts),
        Derivation::Suspected => suspected(facts),
        Derivation::Information => information(facts),
        Derivation::TimeWindow => review::time_window(facts),
        Derivation::NoPopulationEvidence => review::no_population_evidence(),
        Derivation::OtherDrugBefore => review::other_drug(facts),
        Derivation::ReviewAfterVaccine => review::review(facts),
        Derivation::DaysFromStart => span::days_from_start(query, facts),
        Derivation::LiverOnset => span::liver_onset(query, facts),
        Derivation::Stopped => stopped(facts),
        Derivation::Age => span::age(query, facts),
    }
}

/// Onset and first start, or why the order cannot be told.
pub(crate) fn dates(facts: &Facts<'_>) -> Result<(String, When, When), Derived> {
    let Some(onset) = facts.onset else {
        return Err(Derived::unknown("the onset has no date"));
    };
    let Some((row, start)) = facts.start() else {
        return Err(Derived::unknown("no start of the drug has a date"));
    };
    Ok((row, start, onset))
}

fn after_start(facts: &Facts<'_>, [fits, does_not]: [&str; 2]) -> Derived {
    let (row, start, onset) = match dates(facts) {
        Ok(dates) => dates,
        Err(unknown) => return unknown,
    };
    let days = in_words(between(start, onset));
    let said = format!("first start {start}, onset {onset}");
    match facts.exposure {
        Some(Order::Before) => {
            Derived::new(fits, format!("{said}: {days} after the start; the order fits"), row)
        }
        Some(Order::After) => {
            Derived::new(does_not, format!("{said}: the drug was begun after the onset"), row)
        }
        _ => Derived::unknown(format!("{said}: which came first is not recorded")),
    }
}

fn abated(facts: &Facts<'_>) -> Derived {
    let row = facts.row("dechallenge");
    let answer = match facts.abated.answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => UNKNOWN,
    };
    let source = facts.drug.dechallenge.as_ref().and_then(|given| given.source.clone());
    let row = if facts.drug.dechallenge.is_some() { row } else { String::new() };
    Derived { source, ..Derived::new(answer, facts.abated.reason.clone(), row) }
}

fn improved_anyhow(facts: &Facts<'_>) -> Derived {
    if facts.single_dose() {
        let reason = "given once at a time: there is nothing to stop";
        return Derived::new("unassessable", reason, facts.row("courses"));
    }
    let Some(given) = &facts.drug.dechallenge else {
        return Derived::unknown("what followed a stop of the drug is not recorded");
    };
    let stop = super::withdrawal::stop_time(facts.drug, given);
    if let (Some(stop), Some(onset)) = (stop, facts.onset)
        && order(stop, onset) == Order::Before
    {
        return Derived::unknown(facts.abated.reason.clone());
    }
    let row = facts.row("dechallenge");
    let made = match given.abated {
        Presence::Yes => {
            Derived::new("yes", "the event abated; here treatment does not matter", row)
        }
        Presence::No => Derived::new("no", "the event did not abate on stopping", row),
        Presence::Unknown => Derived::unknown("whether the event abated is not known"),
    };
    Derived { source: given.source.clone(), ..made }
}

fn recurred(facts: &Facts<'_>) -> Derived {
    let Some(given) = &facts.drug.rechallenge else {
        return Derived::unknown("whether the drug was given again is not recorded");
    };
    let row = facts.row("rechallenge");
    let time = facts.row("rechallenge.time");
    if let Some((text, _)) = facts.contradictions.iter().find(|(_, row)| *row == time) {
        return Derived { row, ..Derived::unknown(text.clone()) };
    }
    let made = match given.recurred {
        Presence::Yes => {
            Derived::new("yes", "the event came back when the drug was given again", row)
        }
        Presence::No => {
            Derived::new("no", "the drug was given again and the event did not come back", row)
        }
        Presence::Unknown => {
            Derived::unknown("given again, but whether the event came back is not known")
        }
    };
    Derived { source: given.source.clone(), ..made }
}

/// The most rivals that one reason names.
const NAMED: usize = 8;

fn texts(rivals: &[Rival]) -> String {
    let texts: Vec<&str> = rivals.iter().take(NAMED).map(|rival| rival.text.as_str()).collect();
    let more = rivals.len().saturating_sub(NAMED);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{more}", texts.join("; "))
}

/// Yes if there is one. Never no: that every relevant cause was looked for is for a person to say.
fn alternative(facts: &Facts<'_>) -> Derived {
    let rivals = &facts.rivals;
    if let Some(first) = rivals.credible.first() {
        let rows: Vec<&str> =
            rivals.credible.iter().take(NAMED).map(|rival| rival.row.as_str()).collect();
        let made = Derived::new("yes", texts(&rivals.credible), rows.join(", "));
        return Derived { source: first.source.clone(), ..made };
    }
    Derived::unknown(no_rival(facts))
}

fn no_rival(facts: &Facts<'_>) -> String {
    let rivals = &facts.rivals;
    let mut said = vec!["no rival cause is recorded as present".to_owned()];
    for list in [&rivals.uncertain, &rivals.excluded, &rivals.untested] {
        if !list.is_empty() {
            said.push(texts(list));
        }
    }
    said.push("that every relevant cause was ruled out is for a person to state".to_owned());
    said.join("; ")
}

fn disease_probability(facts: &Facts<'_>) -> Derived {
    let confirmed: Vec<Rival> =
        facts.rivals.credible.iter().filter(|rival| rival.confirmed).cloned().collect();
    if let Some(first) = confirmed.first() {
        return Derived::new("high", texts(&confirmed), first.row.clone());
    }
    if let Some(first) = facts.rivals.credible.first() {
        return Derived::new("unsure", texts(&facts.rivals.credible), first.row.clone());
    }
    Derived::unknown(no_rival(facts))
}

fn warned(facts: &Facts<'_>) -> Derived {
    match facts.agents.iter().find(|agent| agent.warned) {
        Some(agent) => {
            let reason = format!("{} ({})", agent.evidence, agent.source);
            Derived::new("yes", reason, "data/causality/agents.toml")
        }
        None => Derived::unknown("no warning in a label is known here; a person can state one"),
    }
}

fn reported(facts: &Facts<'_>) -> Derived {
    match facts.agents.iter().find(|agent| agent.reported) {
        Some(agent) => {
            let reason = format!("{} ({})", agent.evidence, agent.source);
            Derived::new("yes", reason, "data/causality/agents.toml")
        }
        None => Derived::unknown("no verified case with this agent is known here"),
    }
}

fn suspected(facts: &Facts<'_>) -> Derived {
    match facts.drug.role {
        DrugRole::Suspect | DrugRole::Interacting => {
            Derived::new("yes", "recorded as a suspect", facts.row("role"))
        }
        _ => Derived::unknown("not recorded as a suspect; whoever assesses it may suspect it"),
    }
}

fn information(facts: &Facts<'_>) -> Derived {
    match facts.contradictions.first() {
        Some((text, row)) => Derived::new("contradictory", text.clone(), row.clone()),
        None => Derived::new("consistent", "no date contradicts another", facts.row("courses")),
    }
}

fn stopped(facts: &Facts<'_>) -> Derived {
    match last_stop(facts.drug) {
        Some((index, _)) => {
            let row = facts.row(&format!("courses[{index}].stop"));
            Derived::new("stopped", "its last course ended", row)
        }
        None => Derived::unknown("whether it was stopped is not recorded"),
    }
}

/// The answer whose span holds all of `days`.
pub(crate) fn spanned(query: &Query, days: DayInterval) -> Option<&str> {
    let holds = |choice: &&super::definition::Choice| {
        (choice.least.is_some() || choice.most.is_some())
            && choice.least.is_none_or(|least| days.min >= least)
            && choice.most.is_none_or(|most| days.max <= most)
    };
    query.options.iter().find(holds).map(|choice| choice.id.as_str())
}
