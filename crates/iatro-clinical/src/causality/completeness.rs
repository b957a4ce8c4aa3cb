//! What the case holds of the fields of the completeness score. The multiplication is not done here.

use super::dates::time_to_onset;
use super::result::CompletenessFields;
use crate::case::{Case, Drug};

/// The fields for one drug.
pub(crate) fn fields(case: &Case, drug: &Drug) -> CompletenessFields {
    let said = |text: Option<&String>| text.is_some_and(|text| !text.trim().is_empty());
    let (patient, event) = (&case.patient, &case.event);
    let born = patient.birth_date.is_some() && event.onset.is_some();
    CompletenessFields {
        time_to_onset: time_to_onset(drug, event.onset),
        indication: said(drug.indication.as_ref()),
        outcome: event.outcome.is_some(),
        sex: patient.sex.is_some(),
        age: patient.age.is_some() || born,
        dose: drug.courses.iter().any(|course| said(course.dose.as_ref())),
        country: said(patient.country.as_ref()),
        reporter: said(event.reporter.as_ref()),
        report_type: said(event.report_type.as_ref()),
        comments: said(event.narrative.as_ref()),
    }
}
