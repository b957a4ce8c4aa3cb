//! Further plants: what hides a signal, makes one up, or cannot be told apart.

use serde::{Deserialize, Serialize};

/// A substance with a hazard and so large a share of the reports that most event reports name it.
/// The counts expected of all others rise with it, and their signals are masked.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Giant {
    /// Its name in the catalogue.
    pub substance: String,
    /// Its additive hazard per report.
    pub hazard: f64,
    /// The share of reports that list it.
    pub share: f64,
    /// Median days from its start to the onset of the event.
    pub latency_days: f64,
}

/// A substance whose event reports are reported more often than others: a wave of notoriety from a
/// day on, or at all times. Selection depends on substance and event together; no model of additive
/// hazards is right about it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Notorious {
    /// Its name in the catalogue.
    pub substance: String,
    /// Its additive hazard per report; 0 if it is innocent.
    pub hazard: f64,
    /// The share of reports that list it.
    pub share: f64,
    /// How many times more often an event report that names it is sent, 1 to 100. Where a report
    /// names several, the largest factor counts.
    pub factor: f64,
    /// The first day of receipt with the factor, in days since 1970-01-01; `None`: always.
    pub from_day: Option<i32>,
}

/// A substance without hazard that is given mostly to infants (below 1 year), whose background
/// hazard [`Infancy`] sets apart.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AgeBound {
    /// Its name in the catalogue.
    pub substance: String,
    /// The share of reports about infants that list it.
    pub infant_share: f64,
    /// The share of other reports that list it.
    pub other_share: f64,
}

/// Infants among the patients: below 1 year of age.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Infancy {
    /// The share of reports about an infant, whether the age is reported or not.
    pub share: f64,
    /// The background hazard of an infant's report, as a multiple of that of others, 0 to 1,000.
    pub background_factor: f64,
}

impl Default for Infancy {
    fn default() -> Self {
        Self { share: 0.015, background_factor: 1.0 }
    }
}

/// Two substances with hazards of their own that no report lists one without the other of: which of
/// them it was, no data can tell.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Together {
    /// The name of one in the catalogue.
    pub first: String,
    /// The name of the other.
    pub second: String,
    /// The additive hazard of the first per report.
    pub first_hazard: f64,
    /// The additive hazard of the second.
    pub second_hazard: f64,
    /// The share of reports that list both.
    pub share: f64,
    /// Median days from the start of either to the onset of the event.
    pub latency_days: f64,
}

/// Two substances, harmless or weak alone, with a further hazard where a report lists both.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Interaction {
    /// The name of one in the catalogue.
    pub first: String,
    /// The name of the other.
    pub second: String,
    /// The additive hazard of the first per report.
    pub first_hazard: f64,
    /// The additive hazard of the second.
    pub second_hazard: f64,
    /// The hazard that is added where both are listed.
    pub joint_hazard: f64,
    /// The share of reports that list the first.
    pub first_share: f64,
    /// The share of the first's reports that list the second too.
    pub joint_share: f64,
    /// The share of other reports that list the second.
    pub second_share: f64,
    /// Median days from the start of either to the onset of the event.
    pub latency_days: f64,
}
