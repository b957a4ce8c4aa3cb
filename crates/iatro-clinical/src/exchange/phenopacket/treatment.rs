//! Treatments: what was given.

use std::collections::BTreeMap;

use super::Builder;
use super::age::timestamp;
use super::element::number;
use super::packet::{DoseInterval, Packet, Treatment};
use crate::case::{CaseError, Course, Drug, DrugKind, DrugRole};

impl Builder {
    pub(super) fn actions(&mut self, packet: &Packet) -> Result<(), CaseError> {
        for (index, action) in packet.medical_actions.iter().enumerate() {
            let path = format!("medicalActions[{index}]");
            let Some(treatment) = &action.treatment else {
                let reason = "only treatments with an agent are read";
                self.ledger.not_used(&path, "medical action", reason);
                continue;
            };
            let agent = treatment.agent.as_ref();
            let name = agent.and_then(|agent| agent.label.clone().or_else(|| agent.id.clone()));
            let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
                self.ledger.not_used(&path, "treatment", "its agent has no name");
                continue;
            };
            self.drug(&path, name, treatment)?;
            self.ledger.caution(
                &path,
                "drugs",
                "taken as suspect: the packet does not say what part it plays",
            );
            self.ledger.used();
        }
        Ok(())
    }

    /// Treatments with one agent are one drug.
    fn drug(&mut self, path: &str, name: String, treatment: &Treatment) -> Result<(), CaseError> {
        let route =
            treatment.route_of_administration.as_ref().and_then(|route| route.label.clone());
        let rows = treatment.dose_intervals.iter().enumerate();
        let courses = rows.map(|(at, row)| {
            course(row, route.as_deref(), &format!("{path}.treatment.doseIntervals[{at}]"))
        });
        let courses: Vec<Course> = courses.collect::<Result<_, _>>()?;
        let next = self.case.drugs.len();
        let index = *self.drugs.entry(name.to_lowercase()).or_insert(next);
        if let Some(drug) = self.case.drugs.get_mut(index) {
            drug.courses.extend(courses);
            let source = drug.source.take().unwrap_or_default();
            drug.source = Some(format!("{source}; {path}"));
            return Ok(());
        }
        self.case.drugs.push(Drug {
            id: format!("drug-{}", self.case.drugs.len() + 1),
            name,
            kind: DrugKind::default(),
            role: DrugRole::default(),
            indication: None,
            courses,
            dechallenge: None,
            rechallenge: None,
            answers: BTreeMap::new(),
            source: Some(path.to_owned()),
        });
        Ok(())
    }
}

fn course(row: &DoseInterval, route: Option<&str>, path: &str) -> Result<Course, CaseError> {
    let start = row.interval.as_ref().and_then(|interval| interval.start.as_deref());
    let end = row.interval.as_ref().and_then(|interval| interval.end.as_deref());
    let dose = row.quantity.as_ref();
    let amount =
        number(dose.and_then(|dose| dose.value.as_ref()), &format!("{path}.quantity.value"))?;
    let unit = dose.and_then(|dose| dose.unit.as_ref()?.label.clone()).unwrap_or_default();
    Ok(Course {
        start: timestamp(start, &format!("{path}.interval.start"))?,
        stop: timestamp(end, &format!("{path}.interval.end"))?,
        dose: amount.map(|amount| format!("{amount} {unit}").trim().to_owned()),
        route: route.map(str::to_owned),
    })
}
