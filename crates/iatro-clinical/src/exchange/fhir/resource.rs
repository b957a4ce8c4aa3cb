//! The narrow part of FHIR R4 resources that a case needs. What is not named here is not read.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Number;
use serde_json::value::RawValue;

use crate::exchange::object::Object;

pub(super) type List<T> = Vec<Object<T>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bundle<'a> {
    pub(super) resource_type: String,
    #[serde(default)]
    pub(super) link: List<Link>,
    #[serde(borrow, default)]
    pub(super) entry: List<Entry<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Link {
    pub(super) relation: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    pub(super) full_url: Option<String>,
    #[serde(borrow)]
    pub(super) resource: Option<&'a RawValue>,
}

/// What every resource says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head<'a> {
    pub(super) resource_type: String,
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) modifier_extension: Vec<IgnoredAny>,
    pub(super) implicit_rules: Option<IgnoredAny>,
    #[serde(borrow)]
    pub(super) subject: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) patient: Option<&'a RawValue>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Reference {
    pub(super) reference: Option<String>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Concept {
    #[serde(default)]
    pub(super) coding: List<Coding>,
    pub(super) text: Option<String>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Coding {
    pub(super) system: Option<String>,
    pub(super) code: Option<String>,
    pub(super) display: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Quantity {
    pub(super) value: Option<Number>,
    pub(super) comparator: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) system: Option<String>,
    pub(super) code: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Period {
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Patient {
    pub(super) birth_date: Option<String>,
    pub(super) gender: Option<String>,
    pub(super) deceased_boolean: Option<bool>,
    pub(super) deceased_date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObservationHead {
    pub(super) status: Option<String>,
    pub(super) code: Option<Object<Concept>>,
    #[serde(default)]
    pub(super) component: List<ComponentHead>,
}

#[derive(Deserialize)]
pub(super) struct ComponentHead {
    pub(super) code: Option<Object<Concept>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Observation {
    pub(super) effective_date_time: Option<String>,
    pub(super) effective_instant: Option<String>,
    pub(super) effective_period: Option<Object<Period>>,
    pub(super) issued: Option<String>,
    pub(super) method: Option<Object<Concept>>,
    pub(super) body_site: Option<Object<Concept>>,
    #[serde(default)]
    pub(super) component: List<Measured>,
}

/// A value and what goes with it: of an observation or one of its components.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Measured {
    pub(super) value_quantity: Option<Object<Quantity>>,
    pub(super) value_codeable_concept: Option<Object<Concept>>,
    pub(super) value_boolean: Option<bool>,
    pub(super) value_string: Option<String>,
    pub(super) value_integer: Option<Number>,
    pub(super) data_absent_reason: Option<Object<Concept>>,
    #[serde(default)]
    pub(super) reference_range: List<Range>,
}

#[derive(Deserialize)]
pub(super) struct Range {
    pub(super) high: Option<Object<Quantity>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Condition {
    pub(super) clinical_status: Option<Object<Concept>>,
    pub(super) verification_status: Option<Object<Concept>>,
    pub(super) code: Option<Object<Concept>>,
    pub(super) onset_date_time: Option<String>,
    pub(super) onset_period: Option<Object<Period>>,
    pub(super) recorded_date: Option<String>,
    pub(super) abatement_date_time: Option<String>,
    pub(super) abatement_period: Option<Object<Period>>,
}

/// MedicationAdministration, MedicationStatement and MedicationRequest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Medicating {
    pub(super) status: Option<String>,
    pub(super) intent: Option<String>,
    pub(super) do_not_perform: Option<bool>,
    pub(super) medication_codeable_concept: Option<Object<Concept>>,
    pub(super) medication_reference: Option<Object<Reference>>,
    pub(super) effective_date_time: Option<String>,
    pub(super) effective_period: Option<Object<Period>>,
    pub(super) authored_on: Option<String>,
    #[serde(default)]
    pub(super) reason_code: List<Concept>,
    #[serde(default)]
    pub(super) contained: List<Medication>,
    /// Of an administration: one. Of a statement: a list.
    pub(super) dosage: Option<OneOrMore<Dosage>>,
    #[serde(default)]
    pub(super) dosage_instruction: List<Dosage>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore<T> {
    One(Object<T>),
    More(List<T>),
}

impl<T> OneOrMore<T> {
    pub(super) fn first(&self) -> Option<&T> {
        match self {
            Self::One(one) => Some(one),
            Self::More(list) => list.first().map(|one| &one.0),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dosage {
    pub(super) text: Option<String>,
    pub(super) route: Option<Object<Concept>>,
    pub(super) dose: Option<Object<Quantity>>,
    #[serde(default)]
    pub(super) dose_and_rate: List<DoseAndRate>,
    pub(super) timing: Option<Object<Timing>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DoseAndRate {
    pub(super) dose_quantity: Option<Object<Quantity>>,
}

#[derive(Deserialize)]
pub(super) struct Timing {
    pub(super) repeat: Option<Object<Repeat>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Repeat {
    pub(super) bounds_period: Option<Object<Period>>,
}

/// A Medication, standing in the bundle or contained in a resource.
#[derive(Deserialize)]
pub(super) struct Medication {
    pub(super) id: Option<String>,
    pub(super) code: Option<Object<Concept>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Immunization {
    pub(super) status: Option<String>,
    pub(super) vaccine_code: Option<Object<Concept>>,
    pub(super) occurrence_date_time: Option<String>,
    pub(super) dose_quantity: Option<Object<Quantity>>,
    pub(super) route: Option<Object<Concept>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Procedure {
    pub(super) status: Option<String>,
    pub(super) code: Option<Object<Concept>>,
    pub(super) performed_date_time: Option<String>,
    pub(super) performed_period: Option<Object<Period>>,
}

impl Concept {
    /// Its words: the text, else the first display, else the first code.
    pub(super) fn words(&self) -> Option<String> {
        let filled = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        filled(&self.text)
            .or_else(|| self.coding.iter().find_map(|coding| filled(&coding.display)))
            .or_else(|| self.coding.iter().find_map(|coding| filled(&coding.code)))
    }

    /// Every text in it, lower case, for a search by words.
    pub(super) fn all_words(&self) -> String {
        let displays = self.coding.iter().filter_map(|coding| coding.display.as_deref());
        let all: Vec<&str> = self.text.as_deref().into_iter().chain(displays).collect();
        all.join(" | ").to_lowercase()
    }

    /// Whether one of its codings has this code, in any system; for statuses, whose codes are few and fixed.
    pub(super) fn has_code(&self, code: &str) -> bool {
        self.coding.iter().any(|coding| coding.code.as_deref() == Some(code))
    }
}
