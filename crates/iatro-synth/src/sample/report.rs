//! One sampled report: what a reader sees of it, and what it does not.

use std::sync::Arc;

use crate::calendar::{Precision, civil, day_number};
use crate::event::NEW_TERM;

/// The role that a report gives a drug.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// PS.
    PrimarySuspect,
    /// SS.
    SecondarySuspect,
    /// C.
    Concomitant,
    /// I.
    Interacting,
    /// DN: never an exposure.
    NotAdministered,
}

impl Role {
    /// Its code in the files.
    pub fn code(self) -> &'static str {
        match self {
            Self::PrimarySuspect => "PS",
            Self::SecondarySuspect => "SS",
            Self::Concomitant => "C",
            Self::Interacting => "I",
            Self::NotAdministered => "DN",
        }
    }

    /// PS, SS or I.
    pub fn is_suspect(self) -> bool {
        matches!(self, Self::PrimarySuspect | Self::SecondarySuspect | Self::Interacting)
    }

    pub(super) fn of(code: &str) -> Self {
        match code {
            "PS" => Self::PrimarySuspect,
            "SS" => Self::SecondarySuspect,
            "I" => Self::Interacting,
            "DN" => Self::NotAdministered,
            _ => Self::Concomitant,
        }
    }
}

/// How much of a date a report tells.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum DatePrecision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The full day.
    Day,
}

/// A reported date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SampledDate {
    /// The first day that it can mean, in days since 1970-01-01.
    pub day: i32,
    /// How much of it is reported.
    pub precision: DatePrecision,
}

impl SampledDate {
    /// `None` for a date that is not reported.
    pub(super) fn of(reported: crate::report::Reported) -> Option<Self> {
        let (year, month, _) = civil(reported.day);
        let month = u8::try_from(month).unwrap_or(1);
        let (day, precision) = match reported.precision {
            Precision::Missing => return None,
            Precision::Year => (day_number(year, 1, 1), DatePrecision::Year),
            Precision::Month => (day_number(year, month, 1), DatePrecision::Month),
            Precision::Day => (reported.day, DatePrecision::Day),
        };
        Some(Self { day, precision })
    }
}

/// One ingredient of one drug of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledDrug {
    /// The ingredient as a lake shows it: international name, lower case.
    pub substance: Arc<str>,
    /// The drug row it stands in, from 1; ingredients of a combination share it.
    pub sequence: u16,
    /// Its role.
    pub role: Role,
    /// When it was started, if reported.
    pub start: Option<SampledDate>,
    /// Preferred terms of what it was given for; empty if not reported.
    pub indications: Vec<Arc<str>>,
    /// Truth: it was given because of the event.
    pub treats_event: bool,
}

/// The sex of a patient.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Sex {
    /// F.
    Female,
    /// M.
    Male,
}

/// Truth: what an event came from. Substances are named as in [`SubstanceTruth::name`].
///
/// [`SubstanceTruth::name`]: crate::SubstanceTruth::name
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum SampledOrigin {
    /// The background.
    Background,
    /// A substance's own hazard.
    Substance(Arc<str>),
    /// A trigger disease.
    Disease(Arc<str>),
    /// The hazard of an interacting pair, in the order of the model.
    Pair(Arc<str>, Arc<str>),
    /// No hazard: the patient had it before, and it is listed all the same.
    TreatedBefore,
}

/// Truth: a trigger disease that the patient has.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledDisease {
    /// Its preferred term.
    pub term: Arc<str>,
    /// Whether the report mentions it, as indication or event.
    pub visible: bool,
}

/// A report. Fields that begin their description with "Truth" are not on it.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledReport {
    /// Its drugs in the order of the report, combinations split into ingredients.
    pub drugs: Vec<SampledDrug>,
    /// Its events: preferred terms in current spelling, each once.
    pub events: Vec<Arc<str>>,
    /// The age in years, if reported.
    pub age_years: Option<f64>,
    /// The sex, if reported.
    pub sex: Option<Sex>,
    /// The country's code, if specified.
    pub country: Option<&'static str>,
    /// The day of receipt, in days since 1970-01-01.
    pub received: i32,
    /// When the event happened, if reported.
    pub event_date: Option<SampledDate>,
    /// The reporter's occupation code (`MD`, `PH`, `HP`, `OT`, `LW`, `CN`), if reported.
    pub reporter: Option<&'static str>,
    /// Outcome codes (`DE`, `LT`, `HO`, `DS`, `CA`, `RI`, `OT`); all of them are serious.
    pub outcomes: Vec<&'static str>,
    /// Truth: the cluster of reports that tell of the same events, if there is more than one. A
    /// reader finds the same clusters by sender and number.
    pub duplicate_cluster: Option<u64>,
    /// Truth: what the event came from; `None` if the report does not list the event.
    pub origin: Option<SampledOrigin>,
    /// Truth: the patient was treated for an earlier event, whether listed or not.
    pub treated_before: bool,
    /// Truth: the patient's trigger diseases.
    pub diseases: Vec<SampledDisease>,
    /// Truth: the patient is below 1 year old, whether the age is reported or not.
    pub infant: bool,
}

impl SampledReport {
    /// Whether it lists the event.
    pub fn is_event(&self) -> bool {
        self.origin.is_some()
    }

    /// Whether it lists a substance in a role other than "not administered".
    pub fn names(&self, substance: &str) -> bool {
        let administered = |drug: &&SampledDrug| drug.role != Role::NotAdministered;
        self.drugs.iter().filter(administered).any(|drug| &*drug.substance == substance)
    }

    /// Whether it lists a substance as suspect or interacting.
    pub fn suspects(&self, substance: &str) -> bool {
        self.drugs.iter().any(|drug| drug.role.is_suspect() && &*drug.substance == substance)
    }

    /// The event's preferred term.
    pub const EVENT: &str = NEW_TERM;
}
