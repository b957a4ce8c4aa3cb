//! Who: date of birth and sex. Names, numbers and addresses are not read.

use super::Builder;
use super::concept::day;
use super::resource::Patient;
use crate::case::{CaseError, Sex};
use crate::exchange::object::piece;

impl Builder<'_> {
    /// Reads the patient, if the bundle has one.
    pub(super) fn patient(&mut self) -> Result<(), CaseError> {
        let Some(item) = self.opened.patient() else {
            let reason = "no Patient in the bundle: date of birth and sex are unknown";
            self.ledger.caution("entry", "Bundle", reason);
            return Ok(());
        };
        let path = format!("{}.resource", item.path);
        let read: Patient = piece(item.raw, &path)?;
        let patient = &mut self.case.patient;
        patient.birth_date = day(read.birth_date.as_deref(), &format!("{path}.birthDate"))?;
        patient.sex = match read.gender.as_deref() {
            Some("female") => Some(Sex::Female),
            Some("male") => Some(Sex::Male),
            Some("other") => Some(Sex::Other),
            _ => None,
        };
        let died = day(read.deceased_date_time.as_deref(), &format!("{path}.deceasedDateTime"))?;
        if died.is_some() || read.deceased_boolean == Some(true) {
            let at = died.map_or_else(String::new, |when| format!(" on {when}"));
            let reason = format!(
                "the patient died{at}; whether of the event is not said, so its outcome stays unknown"
            );
            self.ledger.part_not_used(&path, "Patient", &reason);
        }
        self.ledger.used();
        Ok(())
    }
}
