//! The case, drug by drug.

use super::agents::{self, Agents, Latencies};
use super::answers;
use super::definition::{Definition, Liver, definitions};
use super::facts::Facts;
use super::liver::{Injury, injury};
use super::result::{AgentClass, CaseCausality, DrugCausality};
use super::rivals::{self, Indicated};
use super::{CausalityError, CausalityQuestion};
use crate::case::{Case, Drug};
use crate::evidence::EvidenceStatus;
use crate::observation::Observation;

pub(crate) const NOTICE: &str = "Research use. Not a medical device.";
pub(crate) const RULE: &str = "A causality category is never derived from a measure of disproportionality: \
     it rests on this case alone.";

pub(crate) fn report<'a>(
    case: &'a Case,
    question: &'a CausalityQuestion,
) -> Result<CaseCausality, CausalityError> {
    let wanted = drugs(case, question)?;
    let rows = wanted.len().saturating_mul(case.drugs.len() + case.triggers.len());
    if rows > MOST_ROWS {
        return Err(CausalityError::TooLarge { rows, most: MOST_ROWS });
    }
    let every = definitions()?;
    answers::check(case, every)?;
    let all = Context {
        agents: agents::agents()?,
        latencies: agents::latencies()?,
        indicated: Indicated::new(case, rivals::diseases()?, question.include_unverified),
        seen: super::key::observations(case),
        instruments: instruments(question, every)?,
        liver: every.iter().find_map(|d| Some((d, d.liver.as_ref()?, edition(d, question)))),
        include_unverified: question.include_unverified,
    };
    Ok(CaseCausality {
        notice: NOTICE,
        rule: RULE,
        case: case.id.clone(),
        event: case.event.term.clone(),
        onset: case.event.onset,
        outcome: case.event.outcome,
        drugs: wanted.into_iter().map(|drug| one(case, drug, &all)).collect(),
        left_out: left_out(&all),
    })
}

/// The most rows that the timelines of one answer may have: each drug is laid out against every other.
const MOST_ROWS: usize = 200_000;

/// The instruments asked for, each with the edition in use.
fn instruments<'a>(
    question: &'a CausalityQuestion,
    every: &'static [Definition],
) -> Result<Vec<(&'static Definition, Option<&'a str>)>, CausalityError> {
    let known = |id: &String| every.iter().any(|definition| definition.id == *id);
    let named = question.instruments.iter().chain(question.variants.iter().map(|(id, _)| id));
    if let Some(found) = named.clone().find(|id| !known(id)) {
        let ids = every.iter().map(|definition| definition.id.as_str());
        return Err(not_known("instrument", found, ids));
    }
    for (id, edition) in &question.variants {
        let definition = every.iter().find(|definition| definition.id == *id);
        let editions = definition.map_or(&[][..], |definition| &definition.editions);
        if !editions.iter().any(|one| one.id == *edition) {
            let ids = editions.iter().map(|one| one.id.as_str());
            return Err(not_known(&format!("variant of {id}"), edition, ids));
        }
    }
    let asked = |definition: &&Definition| {
        question.instruments.is_empty() || question.instruments.contains(&definition.id)
    };
    Ok(every.iter().filter(asked).map(|one| (one, edition(one, question))).collect())
}

fn not_known<'a>(what: &str, found: &str, ids: impl Iterator<Item = &'a str>) -> CausalityError {
    let known: Vec<&str> = ids.collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    CausalityError::NotKnown { what: what.to_owned(), found: found.to_owned(), known }
}

fn edition<'a>(
    definition: &'static Definition,
    question: &'a CausalityQuestion,
) -> Option<&'a str> {
    let asked = question.variants.iter().rev().find(|(id, _)| *id == definition.id);
    asked.map(|(_, edition)| edition.as_str()).or(definition.default_edition.as_deref())
}

fn left_out(all: &Context<'_>) -> Vec<String> {
    if all.include_unverified {
        return Vec::new();
    }
    let questions = all.instruments.iter().flat_map(|(definition, _)| {
        let open = definition.questions.iter();
        open.filter(|query| query.status == EvidenceStatus::Unverified).map(|query| {
            format!("{}: \"{}\" is unverified and not counted", definition.name, query.text)
        })
    });
    questions.collect()
}

/// The drugs asked for, in the order of the case.
fn drugs<'a>(
    case: &'a Case,
    question: &CausalityQuestion,
) -> Result<Vec<&'a Drug>, CausalityError> {
    let stray = question.drugs.iter().find(|id| !case.drugs.iter().any(|drug| drug.id == **id));
    if let Some(found) = stray {
        let known: Vec<&str> = case.drugs.iter().map(|drug| drug.id.as_str()).collect();
        return Err(CausalityError::NotKnown {
            what: "drug of the case".to_owned(),
            found: found.clone(),
            known: known.join(", "),
        });
    }
    let asked = |drug: &&Drug| question.drugs.is_empty() || question.drugs.contains(&drug.id);
    Ok(case.drugs.iter().filter(asked).collect())
}

struct Context<'a> {
    agents: &'static Agents,
    latencies: &'static Latencies,
    indicated: Indicated<'a>,
    seen: Vec<&'a Observation>,
    instruments: Vec<(&'static Definition, Option<&'a str>)>,
    liver: Option<(&'static Definition, &'static Liver, Option<&'a str>)>,
    include_unverified: bool,
}

fn one(case: &Case, drug: &Drug, all: &Context<'_>) -> DrugCausality {
    let unverified = all.include_unverified;
    let classes = classes(drug, all);
    let standing = super::standing::standing(case, drug, all.agents, unverified);
    let rivals = rivals::rivals(case, drug, all.agents, &all.indicated, unverified);
    let injury = liver_injury(case, all);
    let facts = Facts::new(case, drug, rivals, all.agents, classes.clone(), injury);
    let asked = all.instruments.iter().filter(|_| standing.assessed);
    let answered: Vec<_> = asked
        .map(|(definition, edition)| {
            let answer = super::instruments::answer(definition, &facts, *edition, unverified);
            (answer, *definition, *edition)
        })
        .collect();
    DrugCausality {
        id: drug.id.clone(),
        name: drug.name.clone(),
        kind: drug.kind,
        role: drug.role,
        notes: super::notes::notes(&facts, &standing, all.agents, unverified),
        standing,
        timeline: super::timeline::timeline(case, drug, &all.seen),
        latency: super::latency::latency(case, drug, &classes, all.latencies, unverified),
        classes,
        missing: super::missing::missing(&answered, unverified),
        instruments: answered.into_iter().map(|(answer, ..)| answer).collect(),
        completeness: super::completeness::fields(case, drug),
    }
}

fn liver_injury(case: &Case, all: &Context<'_>) -> Injury {
    match all.liver {
        Some((_, limits, edition)) => injury(case, limits, edition.unwrap_or_default()),
        None => Injury::default(),
    }
}

/// The classes of a drug, by name, else by kind.
fn classes(drug: &Drug, all: &Context<'_>) -> Vec<AgentClass> {
    let found = all.agents.of(drug).into_iter();
    let usable = found.filter(|(agent, ..)| agent.status.usable(all.include_unverified));
    let mut rows: Vec<AgentClass> = usable
        .map(|(agent, class, name)| AgentClass {
            id: class.id.clone(),
            label: class.label.clone(),
            mechanism: class.mechanism.clone(),
            group: agent.names.first().cloned().unwrap_or_default(),
            agent: name,
            evidence: agent.evidence.clone(),
            evidence_status: agent.status,
        })
        .collect();
    if let Some(class) = all.agents.of_kind(drug.kind)
        && !rows.iter().any(|row| row.id == class.id)
    {
        rows.push(AgentClass {
            id: class.id.clone(),
            label: class.label.clone(),
            mechanism: class.mechanism.clone(),
            agent: "its kind".to_owned(),
            group: String::new(),
            evidence: "no case with this product was read of".to_owned(),
            evidence_status: EvidenceStatus::Verified,
        });
    }
    rows
}
