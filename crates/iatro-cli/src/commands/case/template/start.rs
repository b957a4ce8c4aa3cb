//! A case to fill in: valid as it stands, and without a single value that anyone might take for one of a patient.

use std::collections::BTreeSet;

use iatro_clinical::case::{Case, FORM, Trigger, TriggerRole, TriggerStatus};
use iatro_clinical::instrument;
use iatro_clinical::observable::{self, Kind};
use iatro_clinical::observation::{Observation, Presence};

/// How to go on, said beside the file.
pub(super) const HINT: &str = "\
Findings stand as unknown: set yes or no, add time and source, delete what was not looked for. Numbers are added as
  {\"id\": \"ferritin-1\", \"observable\": \"ferritin\", \"time\": \"2026-03-02\", \"value\": 5200, \"unit\": \"ng/mL\"}
and drugs as
  {\"id\": \"drug-1\", \"name\": \"lamotrigine\", \"courses\": [{\"start\": \"2026-02-14\", \"stop\": \"2026-03-03\"}]}
Names and units: iatro case template --observables. Every field: iatro case template --schema.";

/// What is looked for in every patient with the event, and is a cause of its own if found.
const TRIGGERS: [(&str, &str); 12] = [
    ("ebv", "Epstein-Barr virus infection"),
    ("cmv", "Cytomegalovirus infection"),
    ("hiv", "HIV infection"),
    ("hhv", "Human herpesvirus 6 or 8 infection"),
    ("virus-other", "Other viral infection"),
    ("tuberculosis", "Tuberculosis"),
    ("bacteria-other", "Other bacterial infection"),
    ("leishmania", "Visceral leishmaniasis"),
    ("fungus", "Fungal infection"),
    ("lymphoma", "Lymphoma or other malignancy"),
    ("rheumatic", "Still's disease or other rheumatic disease"),
    ("immunodeficiency", "Primary immunodeficiency or transplantation"),
];

/// A pseudonym, every finding that an instrument asks for as unknown, every common trigger as not reported.
pub(super) fn case() -> Case {
    let asked: BTreeSet<&str> =
        instrument::all().iter().flat_map(|one| one.observables()).collect();
    let findings = observable::all().iter().filter(|known| {
        matches!(known.kind, Kind::Finding { .. }) && asked.contains(known.id.as_str())
    });
    let observations = findings.map(|known| Observation {
        id: known.id.clone(),
        observable: known.id.clone(),
        present: Some(Presence::Unknown),
        ..Observation::default()
    });
    let triggers = TRIGGERS.iter().map(|(id, name)| Trigger {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        status: TriggerStatus::NotReported,
        role: TriggerRole::Unknown,
        mediator_of: Vec::new(),
        time: None,
        source: None,
    });
    Case {
        form: FORM.to_owned(),
        id: "P-001".to_owned(),
        observations: observations.collect(),
        triggers: triggers.collect(),
        ..Case::default()
    }
}
