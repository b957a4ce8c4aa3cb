//! The case, drug by drug.

use super::agents::{self, Agents, Latencies};
use super::result::{AgentClass, CaseCausality, DrugCausality};
use super::{CausalityError, CausalityQuestion};
use crate::case::{Case, Drug};

pub(crate) const NOTICE: &str = "Research use. Not a medical device.";
pub(crate) const RULE: &str = "A category rests on this case alone, never on a count of reports.";

pub(crate) fn report(
    case: &Case,
    question: &CausalityQuestion,
) -> Result<CaseCausality, CausalityError> {
    let wanted = drugs(case, question)?;
    let all = Context {
        agents: agents::agents()?,
        latencies: agents::latencies()?,
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
        left_out: Vec::new(),
    })
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

struct Context {
    agents: &'static Agents,
    latencies: &'static Latencies,
    include_unverified: bool,
}

fn one(case: &Case, drug: &Drug, all: &Context) -> DrugCausality {
    let classes = classes(drug, all);
    DrugCausality {
        id: drug.id.clone(),
        name: drug.name.clone(),
        kind: drug.kind,
        role: drug.role,
        standing: super::standing::standing(case, drug, all.agents, all.include_unverified),
        notes: Vec::new(),
        timeline: super::timeline::timeline(case, drug),
        latency: super::latency::latency(
            case,
            drug,
            &classes,
            all.latencies,
            all.include_unverified,
        ),
        classes,
        instruments: Vec::new(),
        missing: Vec::new(),
        completeness: super::completeness::fields(case, drug),
    }
}

/// The classes of a drug, by name, else by kind.
fn classes(drug: &Drug, all: &Context) -> Vec<AgentClass> {
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
            evidence_status: crate::evidence::EvidenceStatus::Verified,
        });
    }
    rows
}
