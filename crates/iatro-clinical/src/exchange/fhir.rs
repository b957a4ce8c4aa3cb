//! A FHIR R4 Bundle of one patient.
//!
//! Entries stay raw text until their resource type is known; only those that can bear on a case are read further, and
//! of these only the narrow part in `resource`. A value that a case could use and that is malformed is an error with
//! its path, since dropping it would let the others decide alone.

mod bundle;
mod concept;
mod condition;
mod medication;
mod observation;
mod patient;
mod resource;

use jiff::civil::Date;

pub(crate) use self::concept::OWN_SYSTEM;

use self::bundle::{Item, Opened};
use super::imported::{Imported, Ledger, SourceKind};
use super::object::wrong;
use crate::case::{self, Case, CaseError, FORM, make_plain};

/// Reads the text of a Bundle.
pub(super) fn read(text: &str, today: Date) -> Result<Imported, CaseError> {
    let mut ledger = Ledger::default();
    let opened = Opened::open(text, &mut ledger)?;
    let mut builder = Builder::new(&opened, ledger);
    builder.patient()?;
    // Medications last: whether one is used is known once everything that may refer to it is read.
    for late in [false, true] {
        for item in opened.items.iter().filter(|item| (item.kind == "Medication") == late) {
            builder.item(item)?;
        }
    }
    builder.finish(today)
}

/// What became of an entry.
pub(super) enum Fate {
    /// Something of it stands in the case.
    Used,
    /// Nothing does: what it is, and why.
    NotUsed(String, String),
}

/// The case while the entries are read.
pub(super) struct Builder<'a> {
    opened: &'a Opened<'a>,
    ledger: Ledger,
    case: Case,
    drugs: medication::Drugs,
    /// Path of the entry behind each observation and trigger, to put into complaints.
    observation_paths: Vec<String>,
    trigger_paths: Vec<String>,
    event_path: Option<String>,
}

impl<'a> Builder<'a> {
    fn new(opened: &'a Opened<'a>, ledger: Ledger) -> Self {
        let case = Case { form: FORM.to_owned(), id: opened.case_id(), ..Case::default() };
        Self {
            opened,
            ledger,
            case,
            drugs: medication::Drugs::default(),
            observation_paths: Vec::new(),
            trigger_paths: Vec::new(),
            event_path: None,
        }
    }

    fn item(&mut self, item: &Item<'_>) -> Result<(), CaseError> {
        let fate = match item.kind.as_str() {
            // Counted when the patient is read, and when a drug refers to them.
            "Patient" => return Ok(()),
            "Medication" => {
                let referred = self.opened.medication_is_used(item.index);
                if referred {
                    Fate::Used
                } else {
                    not_used(item, "no entry that is used refers to it")
                }
            }
            _ if item.modified => {
                not_used(item, "a modifier extension or implicit rules may turn its meaning around")
            }
            "Observation" => self.observation(item)?,
            "Condition" => self.condition(item)?,
            "MedicationAdministration" | "MedicationStatement" | "MedicationRequest" => {
                self.medication(item)?
            }
            "Immunization" => self.immunization(item)?,
            "Procedure" => self.procedure(item)?,
            "AllergyIntolerance" => {
                not_used(item, "an allergy is no exposure; enter what bears on the case by hand")
            }
            "" => Fate::NotUsed("entry".to_owned(), "it holds no resource".to_owned()),
            _ => not_used(item, "no part of a case is read from resources of this type"),
        };
        match fate {
            Fate::Used => self.ledger.used(),
            Fate::NotUsed(what, reason) => self.ledger.not_used(&item.path, &what, &reason),
        }
        Ok(())
    }

    fn finish(mut self, today: Date) -> Result<Imported, CaseError> {
        let drug_paths = self.drugs.move_into(&mut self.case);
        make_plain(&mut self.case);
        case::check(&self.case, today).map_err(|error| {
            let CaseError::Form { path, problem } = error else { return error };
            let origin = |list: &str, paths: &[String]| -> Option<String> {
                let (index, rest) = path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
                let own = paths.get(index.parse::<usize>().ok()?)?;
                Some(format!("{own}.resource (as {list}[{index}]{rest})"))
            };
            let found = origin("observations", &self.observation_paths)
                .or_else(|| origin("triggers", &self.trigger_paths))
                .or_else(|| course_origin(&path, &drug_paths))
                .or_else(|| self.event_path.clone().filter(|_| path.starts_with("event")))
                .or_else(|| self.opened.patient_path().filter(|_| path.starts_with("patient")));
            wrong(&found.unwrap_or(path), &problem)
        })?;
        let (notes, control) = self.ledger.close();
        Ok(Imported { case: self.case, kind: SourceKind::FhirBundle, notes, control })
    }
}

/// The entry behind `drugs[2].courses[1].stop`; behind the drug as a whole, the first of its courses.
fn course_origin(path: &str, paths: &[Vec<String>]) -> Option<String> {
    let (index, rest) = path.strip_prefix("drugs[")?.split_once(']')?;
    let own = paths.get(index.parse::<usize>().ok()?)?;
    let course = rest.strip_prefix(".courses[").and_then(|rest| rest.split_once(']'));
    let at = course.and_then(|(at, _)| at.parse().ok()).unwrap_or(0usize);
    Some(format!("{}.resource (as {path})", own.get(at)?))
}

/// An entry of which nothing is used, named by its resource type.
fn not_used(item: &Item<'_>, reason: &str) -> Fate {
    Fate::NotUsed(item.kind.clone(), reason.to_owned())
}
