//! What one drug's questions are answered from.

use super::agents::{Agent, Agents, named};
use super::dates::{Order, exposure_order, first_start, order};
use super::liver::Injury;
use super::result::AgentClass;
use super::rivals::Rivals;
use super::withdrawal::{Abated, abated};
use crate::case::{Case, Drug, DrugKind};
use crate::when::{Precision, When};

/// One drug in its case.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) case: &'a Case,
    pub(crate) drug: &'a Drug,
    pub(crate) onset: Option<When>,
    /// Whether it came before the onset; `None` if a date is missing.
    pub(crate) exposure: Option<Order>,
    pub(crate) rivals: Rivals,
    pub(crate) abated: Abated,
    pub(crate) agents: Vec<&'static Agent>,
    pub(crate) classes: Vec<AgentClass>,
    /// Labels of its classes with the other agents of each with which cases are published.
    pub(crate) class_reported: Vec<(String, Vec<String>)>,
    pub(crate) contradictions: Vec<(String, String)>,
    pub(crate) injury: Injury,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(
        case: &'a Case,
        drug: &'a Drug,
        rivals: Rivals,
        agents: &'static Agents,
        classes: Vec<AgentClass>,
        injury: Injury,
    ) -> Self {
        let onset = case.event.onset;
        Self {
            case,
            drug,
            onset,
            exposure: onset.and_then(|onset| exposure_order(drug, onset)),
            rivals,
            abated: abated(case, drug),
            agents: agents.of(drug).into_iter().map(|(agent, ..)| agent).collect(),
            class_reported: class_reported(drug, agents, &classes),
            classes,
            contradictions: contradictions(case, drug),
            injury,
        }
    }

    /// A row of this drug.
    pub(crate) fn row(&self, field: &str) -> String {
        format!("drugs.{}.{field}", self.drug.id)
    }

    /// The row of the first start, in words too.
    pub(crate) fn start(&self) -> Option<(String, When)> {
        let (index, start) = first_start(self.drug)?;
        Some((self.row(&format!("courses[{index}].start")), start))
    }

    /// Whether it is given once at a time, so that it cannot be stopped.
    pub(crate) fn single_dose(&self) -> bool {
        let once = matches!(self.drug.kind, DrugKind::Vaccine | DrugKind::CellTherapy);
        let one_day = |when: When| when.precision() <= Precision::Day;
        let days = self.drug.courses.iter().all(|course| match (course.start, course.stop) {
            (Some(start), Some(stop)) => {
                one_day(start) && one_day(stop) && start.earliest() == stop.earliest()
            }
            _ => false,
        });
        once || (days && !self.drug.courses.is_empty())
    }
}

/// Where the record contradicts itself, with the row.
fn contradictions(case: &Case, drug: &Drug) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let earlier = |a: Option<When>, b: Option<When>| {
        a.zip(b).is_some_and(|(a, b)| order(a, b) == Order::Before)
    };
    let (onset, ended) = (case.event.onset, case.event.outcome_time);
    if earlier(ended, onset) {
        let text = "the event ends before it begins".to_owned();
        found.push((text, "event.outcome_time".to_owned()));
    }
    let all_known = drug.courses.iter().all(|course| course.start.is_some());
    let start = first_start(drug).map(|(_, start)| start).filter(|_| all_known);
    let stopped = drug.dechallenge.as_ref().and_then(|given| given.time);
    if earlier(stopped, start) {
        let text = format!("{} is stopped before it is begun", drug.name);
        found.push((text, format!("drugs.{}.dechallenge.time", drug.id)));
    }
    let again = drug.rechallenge.as_ref().and_then(|given| given.time);
    if earlier(again, start) {
        let text = format!("{} is given again before it is begun", drug.name);
        found.push((text, format!("drugs.{}.rechallenge.time", drug.id)));
    }
    found
}

fn class_reported(
    drug: &Drug,
    agents: &Agents,
    classes: &[AgentClass],
) -> Vec<(String, Vec<String>)> {
    let rows = classes.iter().map(|class| {
        let members = agents.agent.iter().filter(|agent| {
            agent.class == class.id && agent.reported && named(drug, &agent.names).is_none()
        });
        let names: Vec<String> = members.filter_map(|agent| agent.names.first().cloned()).collect();
        (class.label.clone(), names)
    });
    rows.filter(|(_, names)| !names.is_empty()).collect()
}
