//! The case, drug by drug.

use super::agents::{self, Agents, Latencies};
use super::facts::DrugFacts;
use super::missing::missing;
use super::notes::notes;
use super::result::{AgentClass, CaseCausality, DrugCausality, InstrumentAnswer};
use super::{CausalityError, CausalityQuestion};
use super::{instruments, load, stated, viewpoints};
use crate::case::{Case, Drug, short};

pub(crate) const NOTICE: &str = "Research use. Not a medical device.";
pub(crate) const RULE: &str = "A category rests on this case alone, never on a count of reports.";

pub(crate) fn report(
    case: &Case,
    question: &CausalityQuestion,
) -> Result<CaseCausality, CausalityError> {
    check_instruments(question)?;
    stated::check(case)?;
    let wanted = drugs(case, question)?;
    let all = Context { agents: agents::agents()?, latencies: agents::latencies()?, question };
    Ok(CaseCausality {
        notice: NOTICE,
        rule: RULE,
        case: case.id.clone(),
        event: case.event.term.clone(),
        onset: case.event.onset,
        outcome: case.event.outcome,
        drugs: wanted.into_iter().map(|drug| one(case, drug, &all)).collect(),
        left_out: Vec::new(),
    })
}

fn check_instruments(question: &CausalityQuestion) -> Result<(), CausalityError> {
    let known = super::ids();
    for (family, edition) in &question.variants {
        let editions: Vec<&str> = load::all()
            .iter()
            .filter(|one| one.family() == family)
            .filter_map(|one| one.edition.as_deref())
            .collect();
        if !editions.contains(&edition.as_str()) {
            return Err(CausalityError::NotKnown {
                what: format!("edition of {}", short(family)),
                found: short(edition),
                known: if editions.is_empty() { "none".to_owned() } else { editions.join(", ") },
            });
        }
    }
    match question.instruments.iter().find(|id| !known.contains(&id.as_str())) {
        None => Ok(()),
        Some(found) => Err(CausalityError::NotKnown {
            what: "causality instrument".to_owned(),
            found: short(found),
            known: known.join(", "),
        }),
    }
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
    question: &'a CausalityQuestion,
    agents: &'static Agents,
    latencies: &'static Latencies,
}

fn one(case: &Case, drug: &Drug, all: &Context<'_>) -> DrugCausality {
    let classes = classes(drug, all);
    let facts = DrugFacts::new(case, drug);
    let standing =
        super::standing::standing(case, drug, all.agents, all.question.include_unverified);
    let asked =
        if standing.assessed { instruments::asked(&facts, all.question) } else { Vec::new() };
    let latency = super::latency::latency(
        case,
        drug,
        &classes,
        all.latencies,
        all.question.include_unverified,
    );
    let mut answers: Vec<InstrumentAnswer> = asked.iter().map(|one| one.answer(&facts)).collect();
    if standing.assessed && all.question.asks_for(viewpoints::ID) {
        answers.push(
            viewpoints::Grid { facts: &facts, classes: &classes, latency: &latency }.answer(),
        );
    }
    DrugCausality {
        id: drug.id.clone(),
        name: drug.name.clone(),
        kind: drug.kind,
        role: drug.role,
        notes: notes(&facts, &standing, all.agents, all.question.include_unverified),
        standing,
        timeline: super::timeline::timeline(case, drug),
        latency,
        classes,
        instruments: answers,
        missing: missing(&asked),
        completeness: super::completeness::fields(case, drug),
    }
}

/// The classes of a drug, by name, else by kind.
fn classes(drug: &Drug, all: &Context<'_>) -> Vec<AgentClass> {
    let found = all.agents.of(drug).into_iter();
    let usable = found.filter(|(agent, ..)| agent.status.usable(all.question.include_unverified));
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
            evidence_status: crate::evidence::EvidenceStatus::Verified,
        });
    }
    rows
}
