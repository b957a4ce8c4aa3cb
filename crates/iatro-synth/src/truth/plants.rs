//! The truth about plants that stand in pairs, hide others, or are made up.

use serde::{Deserialize, Serialize};

use super::Exposure;

/// The part that a planted substance plays.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlantedPart {
    /// It has a hazard.
    Culprit,
    /// No hazard; co-reported with a culprit.
    Bystander,
    /// No hazard; given for a trigger disease.
    Channelled,
    /// No hazard; given because of the event.
    Therapy,
    /// A culprit with so many reports that it masks others.
    Giant,
    /// Event reports that name it are reported more often; a hazard or none.
    Notorious,
    /// No hazard; given mostly to infants.
    AgeBound,
    /// A culprit always given together with another one.
    Together,
    /// A hazard where its partner is given too.
    Interacting,
}

impl PlantedPart {
    /// In words, as the field has them.
    pub fn name(self) -> &'static str {
        match self {
            Self::Culprit => "culprit",
            Self::Bystander => "bystander",
            Self::Channelled => "channelled",
            Self::Therapy => "therapy",
            Self::Giant => "masking giant",
            Self::Notorious => "notorious",
            Self::AgeBound => "age-bound",
            Self::Together => "always together",
            Self::Interacting => "interacting",
        }
    }
}

/// A masking giant, or a notorious, age-bound, always together or interacting substance; its
/// settings stand in [`Truth::model`](super::Truth::model).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PlantTruth {
    /// The substance, as in `prod_ai`.
    pub substance: String,
    /// Its part.
    pub part: PlantedPart,
    /// Its additive hazard per report, alone.
    pub hazard: f64,
    /// Event cases drawn from this hazard.
    pub attributed: u64,
    /// The other of the pair, if it is in one.
    pub partner: Option<String>,
    /// Cases with the partner; of an age-bound substance, cases whose report states an age below 1
    /// year; 0 for others.
    pub linked_reports: u64,
    /// Cases.
    #[serde(flatten)]
    pub exposure: Exposure,
    /// Names in capitals, misspellings left out.
    pub names: Vec<String>,
}

/// An interacting pair.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct InteractionTruth {
    /// One substance, as in `prod_ai`.
    pub first: String,
    /// The other.
    pub second: String,
    /// The hazard that is added where both are listed.
    pub hazard: f64,
    /// Event cases drawn from this hazard.
    pub attributed: u64,
}
