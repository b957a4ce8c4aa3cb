//! The event model with its names resolved against the catalogue and against each other.

use crate::catalogue::Catalogue;
use crate::error::SynthError;
use crate::model::EventModel;

mod check;

/// What a planted substance is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Part {
    Culprit {
        disease: Option<usize>,
    },
    Bystander {
        with: usize,
    },
    Channelled {
        disease: usize,
    },
    Therapy,
    Giant,
    Notorious,
    AgeBound,
    /// `after`: the slot of the first of the pair; `None` for the first itself.
    Together {
        after: Option<usize>,
    },
    /// Likewise.
    Interacting {
        after: Option<usize>,
    },
}

/// One planted substance: its position in the catalogue and in its list of the model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) substance: usize,
    pub(crate) part: Part,
    /// Position in the model's list of this part.
    pub(crate) index: usize,
    /// Its additive hazard per report.
    pub(crate) hazard: f64,
    /// Median days from its start to the onset, where the part has one of its own.
    pub(crate) latency_days: Option<f64>,
}

impl Slot {
    /// Whether it brings the event about, alone or with its partner.
    pub(crate) fn is_cause(&self) -> bool {
        let always = matches!(
            self.part,
            Part::Culprit { .. } | Part::Giant | Part::Together { .. } | Part::Interacting { .. }
        );
        always || self.hazard > 0.0
    }
}

/// The resolved model. Slots stand in the order culprits, bystanders, channelled, therapies, giants,
/// notorious, age-bound, together, interacting.
#[derive(Debug)]
pub(crate) struct Plot<'a> {
    pub(crate) model: &'a EventModel,
    pub(crate) slots: Vec<Slot>,
    /// The slots of each interacting pair, in the order of the model.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// The largest factor by which an event report may be reported more often; at least 1.
    pub(crate) most_factor: f64,
    /// For each substance of the catalogue its slot, if it is planted.
    slot_of: Vec<Option<usize>>,
}

impl<'a> Plot<'a> {
    /// Resolves and checks a model.
    pub(crate) fn new(model: &'a EventModel, catalogue: &Catalogue) -> Result<Self, SynthError> {
        check::numbers(model)?;
        check::terms(model, catalogue)?;
        let factors = model.notorious.iter().map(|notorious| notorious.factor);
        let mut plot = Self {
            model,
            slots: Vec::new(),
            pairs: Vec::new(),
            most_factor: factors.fold(1.0, f64::max),
            slot_of: vec![None; catalogue.substances.len()],
        };
        plot.add_culprits(catalogue)?;
        plot.add_innocents(catalogue)?;
        plot.add_giants_and_notorious(catalogue)?;
        plot.add_pairs(catalogue)?;
        Ok(plot)
    }

    fn add_culprits(&mut self, catalogue: &Catalogue) -> Result<(), SynthError> {
        let model = self.model;
        for (index, culprit) in model.culprits.iter().enumerate() {
            let disease =
                culprit.disease.as_deref().map(|term| disease(model, term)).transpose()?;
            let slot = Slot {
                hazard: culprit.hazard,
                latency_days: Some(culprit.latency_days),
                ..innocent(Part::Culprit { disease }, index)
            };
            self.add(catalogue, &culprit.substance, slot)?;
        }
        Ok(())
    }

    fn add_innocents(&mut self, catalogue: &Catalogue) -> Result<(), SynthError> {
        let model = self.model;
        for (index, bystander) in model.bystanders.iter().enumerate() {
            let with = model.culprits.iter().position(|c| c.substance == bystander.with);
            let with = with.ok_or_else(|| unknown(&bystander.with, "a culprit of the model"))?;
            self.add(catalogue, &bystander.substance, innocent(Part::Bystander { with }, index))?;
        }
        for (index, channelled) in model.channelled.iter().enumerate() {
            let disease = disease(model, &channelled.disease)?;
            let slot = innocent(Part::Channelled { disease }, index);
            self.add(catalogue, &channelled.substance, slot)?;
        }
        for (index, therapy) in model.therapies.iter().enumerate() {
            self.add(catalogue, &therapy.substance, innocent(Part::Therapy, index))?;
        }
        Ok(())
    }

    fn add_giants_and_notorious(&mut self, catalogue: &Catalogue) -> Result<(), SynthError> {
        let model = self.model;
        for (index, giant) in model.giants.iter().enumerate() {
            let slot = Slot {
                hazard: giant.hazard,
                latency_days: Some(giant.latency_days),
                ..innocent(Part::Giant, index)
            };
            self.add(catalogue, &giant.substance, slot)?;
        }
        for (index, notorious) in model.notorious.iter().enumerate() {
            let slot = Slot { hazard: notorious.hazard, ..innocent(Part::Notorious, index) };
            self.add(catalogue, &notorious.substance, slot)?;
        }
        for (index, bound) in model.age_bound.iter().enumerate() {
            self.add(catalogue, &bound.substance, innocent(Part::AgeBound, index))?;
        }
        Ok(())
    }

    fn add_pairs(&mut self, catalogue: &Catalogue) -> Result<(), SynthError> {
        let model = self.model;
        for (index, pair) in model.together.iter().enumerate() {
            let latency_days = Some(pair.latency_days);
            let part = |after| innocent(Part::Together { after }, index);
            let first = Slot { hazard: pair.first_hazard, latency_days, ..part(None) };
            let first = self.add(catalogue, &pair.first, first)?;
            let second = Slot { hazard: pair.second_hazard, latency_days, ..part(Some(first)) };
            self.add(catalogue, &pair.second, second)?;
        }
        for (index, pair) in model.interactions.iter().enumerate() {
            let latency_days = Some(pair.latency_days);
            let part = |after| innocent(Part::Interacting { after }, index);
            let first = Slot { hazard: pair.first_hazard, latency_days, ..part(None) };
            let first = self.add(catalogue, &pair.first, first)?;
            let second = Slot { hazard: pair.second_hazard, latency_days, ..part(Some(first)) };
            let second = self.add(catalogue, &pair.second, second)?;
            self.pairs.push((first, second));
        }
        Ok(())
    }

    /// Adds a slot under a name of the catalogue; returns its position.
    fn add(&mut self, catalogue: &Catalogue, name: &str, slot: Slot) -> Result<usize, SynthError> {
        let substance = catalogue.find(name);
        let substance =
            substance.ok_or_else(|| unknown(name, "a substance of data/substances.tsv"))?;
        if self.slot_of[substance].is_some() {
            let problem = format!("{name} is planted twice");
            return Err(SynthError::setting("model", problem, "each substance in one part"));
        }
        let place = self.slots.len();
        self.slot_of[substance] = Some(place);
        self.slots.push(Slot { substance, ..slot });
        Ok(place)
    }

    /// The slot of a substance, if it is planted.
    pub(crate) fn slot_of(&self, substance: usize) -> Option<usize> {
        self.slot_of.get(substance).copied().flatten()
    }
}

/// A slot without hazard; its substance is set when it is added.
fn innocent(part: Part, index: usize) -> Slot {
    Slot { substance: 0, part, index, hazard: 0.0, latency_days: None }
}

fn unknown(name: &str, expected: &str) -> SynthError {
    SynthError::setting("model", format!("\"{name}\" is unknown"), expected)
}

fn disease(model: &EventModel, term: &str) -> Result<usize, SynthError> {
    let found = model.diseases.iter().position(|disease| disease.term == term);
    found.ok_or_else(|| unknown(term, "a disease of the model"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn resolve(model: &EventModel) -> Result<usize, SynthError> {
        Plot::new(model, &Catalogue::load().unwrap()).map(|plot| plot.slots.len())
    }

    #[test]
    fn the_default_model_resolves() {
        assert_eq!(resolve(&EventModel::default()).unwrap(), 17);
        assert_eq!(resolve(&EventModel::null()).unwrap(), 0);
    }

    #[test]
    fn broken_models_are_refused() {
        let mut model = EventModel::default();
        model.culprits[0].substance = "UNOBTAINIUM".to_owned();
        assert!(resolve(&model).unwrap_err().to_string().contains("UNOBTAINIUM"));
        let mut model = EventModel::default();
        model.bystanders[0].substance = "LAMOTRIGINE".to_owned();
        assert!(resolve(&model).is_err());
        let mut model = EventModel::default();
        model.diseases[0].term = "Nausea".to_owned();
        assert!(resolve(&model).is_err());
        let mut model = EventModel::default();
        model.culprits[0].hazard = f64::NAN;
        assert!(resolve(&model).is_err());
    }
}
