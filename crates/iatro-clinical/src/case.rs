//! A case: what is known of one patient, in the form in which iatro keeps it.
//!
//! The JSON form is published as a schema that is generated from these types. Times are as recorded; every list may be
//! empty, and what is not there is unknown.

mod check;
mod plain;
mod read;
mod schema;

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::observation::{Observation, Presence};
use crate::unit::Unit;
use crate::when::When;

pub(crate) use plain::{make_plain, plain};
pub(crate) use read::{place, short, text_of, within};

pub use check::check;
pub(crate) use check::observation as check_observation;
pub use read::{CaseError, read};
pub use schema::schema;

/// The only version of the form there is.
pub const FORM: &str = "iatro-case/1";

/// What is known of one patient with one event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `iatro-case/1`.
    pub form: String,
    /// A pseudonym; never a name or record number.
    pub id: String,
    /// The patient.
    #[serde(default)]
    pub patient: Patient,
    /// The event of which the question is asked.
    #[serde(default)]
    pub event: Event,
    /// Examinations, laboratory values, findings.
    #[serde(default)]
    pub observations: Vec<Observation>,
    /// Diseases, infections and other possible causes that are no drugs.
    #[serde(default)]
    pub triggers: Vec<Trigger>,
    /// Drugs, vaccines, cell therapies, blood products, procedures.
    #[serde(default)]
    pub drugs: Vec<Drug>,
}

impl Case {
    /// Completed years of the patient at the onset, the least and the most that the record leaves possible: by the date of
    /// birth where both days are known, else by the age as recorded.
    pub fn completed_years(&self) -> Option<(i64, i64)> {
        let patient = &self.patient;
        if let (Some(birth), Some(onset)) = (patient.birth_date, self.event.onset) {
            let least = completed(birth.latest(), onset.earliest());
            return Some((least.max(0), completed(birth.earliest(), onset.latest()).max(0)));
        }
        let unit = Unit::parse(patient.age_unit.as_deref().unwrap_or("a")).ok()?;
        let years = unit.convert(patient.age?, &Unit::parse("a").ok()?)?.floor().to_i64()?;
        Some((years, years))
    }
}

fn completed(birth: Date, day: Date) -> i64 {
    let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
    i64::from(day.year()) - i64::from(birth.year()) - i64::from(before_birthday)
}

/// Who.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// Date of birth, as exact as may be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<When>,
    /// Age at the event, where no date of birth is kept: a number of `age_unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(with = "rust_decimal::serde::float_option")]
    #[schemars(with = "Option<f64>")]
    pub age: Option<Decimal>,
    /// `a` (years, if left out), `mo`, `wk` or `d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_unit: Option<String>,
    /// Sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Country, as ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// Sex as recorded.
#[derive(
    Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Recorded as neither.
    Other,
}

/// The event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its preferred term; HLH if left out.
    #[serde(default = "hlh")]
    pub term: String,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onset: Option<When>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// When that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome_time: Option<When>,
    /// Who reported it, in words (physician, pharmacist, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// The kind of report, in words (spontaneous, study, literature, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_type: Option<String>,
    /// Free text of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrative: Option<String>,
}

fn hlh() -> String {
    "Haemophagocytic lymphohistiocytosis".to_owned()
}

impl Default for Event {
    fn default() -> Self {
        Self {
            term: hlh(),
            onset: None,
            outcome: None,
            outcome_time: None,
            reporter: None,
            report_type: None,
            narrative: None,
        }
    }
}

/// How an event ended.
#[derive(
    Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Recovered.
    Recovered,
    /// Recovering.
    Recovering,
    /// Recovered with sequelae.
    Sequelae,
    /// Not recovered.
    NotRecovered,
    /// Fatal.
    Fatal,
}

impl Outcome {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::Recovering => "recovering",
            Self::Sequelae => "recovered with sequelae",
            Self::NotRecovered => "not recovered",
            Self::Fatal => "fatal",
        }
    }
}

/// A possible cause that is no drug.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Its id within the case.
    pub id: String,
    /// In words: `Epstein-Barr virus infection`, `Diffuse large B-cell lymphoma`, `Still's disease`.
    pub name: String,
    /// Whether it was looked for and found.
    pub status: TriggerStatus,
    /// What part it plays beside the drugs.
    #[serde(default)]
    pub role: TriggerRole,
    /// For a mediator: the ids of the drugs that brought it about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mediator_of: Vec<String>,
    /// When it was found, or began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<When>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Whether a trigger was looked for.
#[derive(
    Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TriggerStatus {
    /// Looked for and found.
    Present,
    /// Looked for and not found.
    TestedNegative,
    /// Not looked for.
    NotTested,
    /// The record does not say.
    NotReported,
}

/// The part a trigger plays.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TriggerRole {
    /// A cause of its own, instead of the drug.
    Alternative,
    /// Brought about by a drug: a step on its way, no rival.
    Mediator,
    /// What a drug was given for.
    Indication,
    /// Not known.
    #[default]
    Unknown,
}

/// A drug, vaccine, cell therapy, blood product or procedure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drug {
    /// Its id within the case.
    pub id: String,
    /// Substance (or product) name.
    pub name: String,
    /// What kind of thing it is.
    #[serde(default)]
    pub kind: DrugKind,
    /// What part it plays.
    #[serde(default)]
    pub role: DrugRole,
    /// What it was given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indication: Option<String>,
    /// Its courses, in order.
    #[serde(default)]
    pub courses: Vec<Course>,
    /// What happened after it was stopped or reduced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dechallenge: Option<Dechallenge>,
    /// What happened when it was given again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rechallenge: Option<Rechallenge>,
    /// What a person answered to questions of a causality instrument, by instrument id; a stated answer goes before one
    /// that is read from the fields above.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, Vec<Answer>>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What kind of thing was given.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DrugKind {
    /// A medicine.
    #[default]
    Drug,
    /// A vaccine.
    Vaccine,
    /// CAR-T and other cells.
    CellTherapy,
    /// Blood, plasma, platelets, cryoprecipitate, immunoglobulin.
    BloodProduct,
    /// Surgery, haemodialysis, transplantation.
    Procedure,
}

/// What part a drug plays in the case.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DrugRole {
    /// Under suspicion; every drug is, unless the record says otherwise.
    #[default]
    Suspect,
    /// Suspected together with another.
    Interacting,
    /// Given at the time, not suspected by the reporter.
    Concomitant,
    /// Given against the event.
    Treatment,
}

/// One course of a drug.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<When>,
    /// Last day; left out if it goes on or is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<When>,
    /// Dose in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<String>,
    /// Route in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
}

/// What happened after a drug was stopped or reduced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dechallenge {
    /// When it was stopped or reduced; left out if the end of its last course says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<When>,
    /// Whether the event abated.
    pub abated: Presence,
    /// Days until it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_to_abate: Option<u32>,
    /// Whether a treatment of the event may be why: then its abating says little of the drug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_treatment: Option<Presence>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What happened when a drug was given again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rechallenge {
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<When>,
    /// Whether the event came back.
    pub recurred: Presence,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What a person answered to a question of a causality instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The id of the question, such as `q5`.
    pub question: String,
    /// The id of the answer, such as `yes`, `no`, `unknown`.
    pub answer: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The row or sentence that supports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}
