//! A GA4GH phenopacket, version 2: one person, features by HPO term, measurements, diseases, genes, treatments.
//!
//! An HPO term is no number: "increased ferritin" meets no cut-off and is noted. What is excluded was looked for and not
//! found; what is not mentioned is unknown. Ages of onset have no place in a case and stay in the source.

mod age;
mod element;
mod feature;
mod gene;
mod packet;
mod treatment;

use std::collections::BTreeMap;

use jiff::civil::Date;

use self::packet::Packet;
use super::imported::{Imported, Ledger, SourceKind};
use super::object::{piece, wrong};
use crate::case::{self, Case, CaseError, FORM, Sex, make_plain, short};

/// Reads the text of a phenopacket.
pub(super) fn read(text: &str, today: Date) -> Result<Imported, CaseError> {
    let packet: Packet = piece(text, "phenopacket")?;
    version(&packet)?;
    let mut builder = Builder::default();
    builder.subject(&packet)?;
    builder.features(&packet)?;
    builder.measurements(&packet)?;
    builder.diseases(&packet)?;
    builder.interpretations(&packet);
    builder.actions(&packet)?;
    builder.rest(&packet);
    make_plain(&mut builder.case);
    case::check(&builder.case, today).map_err(|error| builder.traced(error))?;
    let (notes, control) = builder.ledger.close();
    Ok(Imported { case: builder.case, kind: SourceKind::Phenopacket, notes, control })
}

/// Version 1 has other fields under the same names, so that it would be read half.
fn version(packet: &Packet) -> Result<(), CaseError> {
    let told =
        packet.meta_data.as_ref().and_then(|meta| meta.phenopacket_schema_version.as_deref());
    match told {
        Some(version) if version.trim().starts_with('2') => Ok(()),
        Some(version) => {
            let problem =
                format!("version \"{}\"; expected version 2 of the schema", short(version));
            Err(wrong("metaData.phenopacketSchemaVersion", &problem))
        }
        None => {
            let problem = "no version; expected version 2 of the schema, such as \"2.0.2\"";
            Err(wrong("metaData.phenopacketSchemaVersion", problem))
        }
    }
}

/// The case while the packet is read.
#[derive(Default)]
struct Builder {
    ledger: Ledger,
    case: Case,
    /// The element behind each observation.
    paths: Vec<String>,
    /// Where in the case the drug of an agent stands.
    drugs: BTreeMap<String, usize>,
}

impl Builder {
    fn subject(&mut self, packet: &Packet) -> Result<(), CaseError> {
        self.case.form = FORM.to_owned();
        let id = packet.id.as_deref().or(packet.subject.as_ref().and_then(|who| who.id.as_deref()));
        let id = id.map(case::plain).filter(|id| !id.trim().is_empty());
        self.case.id = id.unwrap_or_else(|| "patient".to_owned());
        let Some(subject) = &packet.subject else { return Ok(()) };
        let patient = &mut self.case.patient;
        patient.birth_date =
            age::timestamp(subject.date_of_birth.as_deref(), "subject.dateOfBirth")?;
        patient.sex = match subject.sex.as_deref() {
            Some("FEMALE") => Some(Sex::Female),
            Some("MALE") => Some(Sex::Male),
            Some("OTHER_SEX") => Some(Sex::Other),
            _ => None,
        };
        let last = subject.time_at_last_encounter.as_ref();
        if let Some(text) = last.and_then(|time| time.age.as_ref()?.iso8601duration.as_deref()) {
            let age = age::duration(text, "subject.timeAtLastEncounter.age.iso8601duration")?;
            self.ledger.caution(
                "subject",
                "age",
                "the age at the last encounter, taken as that at the event",
            );
            patient.age = Some(age.number);
            patient.age_unit = Some(age.unit.to_owned());
            if !age.exact {
                self.ledger.caution("subject", "age", "days beyond whole months are left out");
            }
        }
        if subject
            .vital_status
            .as_ref()
            .is_some_and(|state| state.status.as_deref() == Some("DECEASED"))
        {
            let reason =
                "the patient died; whether of the event is not said, so its outcome stays unknown";
            self.ledger.part_not_used("subject.vitalStatus", "vital status", reason);
        }
        self.ledger.used();
        Ok(())
    }

    /// What a case has no place for.
    fn rest(&mut self, packet: &Packet) {
        let lists = [("biosamples", packet.biosamples.len()), ("files", packet.files.len())];
        for (list, count) in lists {
            for index in 0..count {
                let reason = "a case has no place for it";
                self.ledger.not_used(&format!("{list}[{index}]"), list, reason);
            }
        }
    }

    fn traced(&self, error: CaseError) -> CaseError {
        let CaseError::Form { path, problem } = error else { return error };
        let own = || {
            let (index, rest) = path.strip_prefix("observations[")?.split_once(']')?;
            let own = self.paths.get(index.parse::<usize>().ok()?)?;
            Some(format!("{own} (as observations[{index}]{rest})"))
        };
        wrong(&own().unwrap_or_else(|| path.clone()), &problem)
    }
}
