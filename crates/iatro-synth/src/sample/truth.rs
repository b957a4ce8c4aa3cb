//! What was planted in a sample, and how many of its events came from where.

use std::sync::Arc;

use super::report::{SampledOrigin, SampledReport};
use super::spelling;
use crate::model::EventModel;
use crate::plot::{Plot, Slot};
use crate::tally;
use crate::truth::PlantedPart;

/// The truth about a sample. Counts are over all its reports, duplicates among them.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleTruth {
    /// The model: every share, factor and rate.
    pub model: EventModel,
    /// The hazard of every report, but for infants'.
    pub background_hazard: f64,
    /// The background hazard of reports about infants, below 1 year.
    pub infant_background_hazard: f64,
    /// Reports that list the event.
    pub event_reports: u64,
    /// Of these, drawn from the background.
    pub from_background: u64,
    /// Of these, listed because the patient had it before.
    pub from_treated_before: u64,
    /// Planted substances, in the order of the model's lists.
    pub substances: Vec<SubstanceTruth>,
    /// Trigger diseases.
    pub diseases: Vec<DiseaseCause>,
    /// Interacting pairs.
    pub pairs: Vec<PairCause>,
}

/// A planted substance.
#[derive(Clone, Debug, PartialEq)]
pub struct SubstanceTruth {
    /// Its name: international, lower case; ingredients of a combination joined by `\`.
    pub name: Arc<str>,
    /// Its ingredients, under which reports list it.
    pub ingredients: Vec<Arc<str>>,
    /// Its part.
    pub part: PlantedPart,
    /// Its additive hazard per report, alone; 0 if it is innocent.
    pub hazard: f64,
    /// The name of what it goes with: a bystander's culprit, the other of a pair.
    pub partner: Option<Arc<str>>,
    /// The disease that a channelled substance, or a culprit, is given for.
    pub disease: Option<Arc<str>>,
    /// Event reports drawn from its own hazard.
    pub attributed: u64,
}

impl SubstanceTruth {
    /// Whether it brings the event about, alone or with its partner.
    pub fn is_cause(&self, truth: &SampleTruth) -> bool {
        let in_pair = |pair: &PairCause| pair.first == self.name || pair.second == self.name;
        self.hazard > 0.0 || truth.pairs.iter().any(|pair| pair.hazard > 0.0 && in_pair(pair))
    }
}

/// A trigger disease.
#[derive(Clone, Debug, PartialEq)]
pub struct DiseaseCause {
    /// Its preferred term.
    pub term: Arc<str>,
    /// Its additive hazard per report.
    pub hazard: f64,
    /// Event reports drawn from it.
    pub attributed: u64,
}

/// An interacting pair.
#[derive(Clone, Debug, PartialEq)]
pub struct PairCause {
    /// One substance's name.
    pub first: Arc<str>,
    /// The other's.
    pub second: Arc<str>,
    /// The hazard where both are listed.
    pub hazard: f64,
    /// Event reports drawn from it.
    pub attributed: u64,
}

impl SampleTruth {
    /// A planted substance by its name.
    pub fn substance(&self, name: &str) -> Option<&SubstanceTruth> {
        self.substances.iter().find(|substance| &*substance.name == name)
    }

    /// The planted substances that play a part.
    pub fn of_part(&self, part: PlantedPart) -> impl Iterator<Item = &SubstanceTruth> {
        self.substances.iter().filter(move |substance| substance.part == part)
    }

    pub(super) fn new(plot: &Plot<'_>) -> Self {
        let model = plot.model;
        let pairs = model.interactions.iter().map(|pair| PairCause {
            first: name(&pair.first),
            second: name(&pair.second),
            hazard: pair.joint_hazard,
            attributed: 0,
        });
        let diseases = model.diseases.iter().map(|disease| DiseaseCause {
            term: Arc::from(disease.term.as_str()),
            hazard: disease.hazard,
            attributed: 0,
        });
        Self {
            background_hazard: model.background_hazard,
            infant_background_hazard: model.background_hazard * model.infancy.background_factor,
            event_reports: 0,
            from_background: 0,
            from_treated_before: 0,
            substances: plot.slots.iter().map(|slot| substance(model, slot)).collect(),
            diseases: diseases.collect(),
            pairs: pairs.collect(),
            model: model.clone(),
        }
    }

    /// Counts the events of the sample by what they came from.
    pub(super) fn count(&mut self, reports: &[SampledReport]) {
        for origin in reports.iter().filter_map(|report| report.origin.as_ref()) {
            self.event_reports += 1;
            match origin {
                SampledOrigin::Background => self.from_background += 1,
                SampledOrigin::TreatedBefore => self.from_treated_before += 1,
                SampledOrigin::Substance(name) => {
                    let named = self.substances.iter_mut().filter(|s| s.name == *name);
                    named.for_each(|substance| substance.attributed += 1);
                }
                SampledOrigin::Disease(term) => {
                    let named = self.diseases.iter_mut().filter(|d| d.term == *term);
                    named.for_each(|disease| disease.attributed += 1);
                }
                SampledOrigin::Pair(first, second) => {
                    let named =
                        self.pairs.iter_mut().filter(|p| p.first == *first && p.second == *second);
                    named.for_each(|pair| pair.attributed += 1);
                }
            }
        }
    }
}

/// The name of a substance of the catalogue in [`SubstanceTruth::name`].
fn name(substance: &str) -> Arc<str> {
    Arc::from(spelling::ingredients(substance).join("\\"))
}

fn substance(model: &EventModel, slot: &Slot) -> SubstanceTruth {
    let (own, partner) = tally::names(model, slot);
    SubstanceTruth {
        name: name(own),
        ingredients: spelling::ingredients(own),
        part: tally::part(slot.part),
        hazard: slot.hazard,
        partner: partner.map(name),
        disease: tally::disease(model, slot).map(Arc::from),
        attributed: 0,
    }
}
