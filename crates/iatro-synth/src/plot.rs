//! The event model with its names resolved against the catalogue and against each other.

use crate::catalogue::Catalogue;
use crate::corpus::share;
use crate::error::SynthError;
use crate::event::{NEW_TERM, OLD_TERM};
use crate::model::EventModel;

/// What a planted substance is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Part {
    Culprit { disease: Option<usize> },
    Bystander { with: usize },
    Channelled { disease: usize },
    Therapy,
}

/// One planted substance: its position in the catalogue and in its list of the model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) substance: usize,
    pub(crate) part: Part,
    /// Position in the model's list of this part.
    pub(crate) index: usize,
}

/// The resolved model. Slots stand in the order culprits, bystanders, channelled, therapies.
#[derive(Debug)]
pub(crate) struct Plot<'a> {
    pub(crate) model: &'a EventModel,
    pub(crate) slots: Vec<Slot>,
    /// For each substance of the catalogue its slot, if it is planted.
    slot_of: Vec<Option<usize>>,
}

impl<'a> Plot<'a> {
    /// Resolves and checks a model.
    pub(crate) fn new(model: &'a EventModel, catalogue: &Catalogue) -> Result<Self, SynthError> {
        check_numbers(model)?;
        check_terms(model, catalogue)?;
        let slot_of = vec![None; catalogue.substances.len()];
        let mut plot = Self { model, slots: Vec::new(), slot_of };
        for (index, culprit) in model.culprits.iter().enumerate() {
            let disease =
                culprit.disease.as_deref().map(|term| disease(model, term)).transpose()?;
            plot.add(catalogue, &culprit.substance, Part::Culprit { disease }, index)?;
        }
        for (index, bystander) in model.bystanders.iter().enumerate() {
            let with = model.culprits.iter().position(|c| c.substance == bystander.with);
            let with = with.ok_or_else(|| unknown(&bystander.with, "a culprit of the model"))?;
            plot.add(catalogue, &bystander.substance, Part::Bystander { with }, index)?;
        }
        for (index, channelled) in model.channelled.iter().enumerate() {
            let disease = disease(model, &channelled.disease)?;
            plot.add(catalogue, &channelled.substance, Part::Channelled { disease }, index)?;
        }
        for (index, therapy) in model.therapies.iter().enumerate() {
            plot.add(catalogue, &therapy.substance, Part::Therapy, index)?;
        }
        Ok(plot)
    }

    fn add(
        &mut self,
        catalogue: &Catalogue,
        name: &str,
        part: Part,
        index: usize,
    ) -> Result<(), SynthError> {
        let substance = catalogue.find(name);
        let substance =
            substance.ok_or_else(|| unknown(name, "a substance of data/substances.tsv"))?;
        if self.slot_of[substance].is_some() {
            let problem = format!("{name} is planted twice");
            return Err(SynthError::setting("model", problem, "each substance in one part"));
        }
        self.slot_of[substance] = Some(self.slots.len());
        self.slots.push(Slot { substance, part, index });
        Ok(())
    }

    /// The slot of a substance, if it is planted.
    pub(crate) fn slot_of(&self, substance: usize) -> Option<usize> {
        self.slot_of.get(substance).copied().flatten()
    }

    /// The hazard of a slot: 0 unless it is a culprit.
    pub(crate) fn hazard(&self, slot: usize) -> f64 {
        match self.slots[slot].part {
            Part::Culprit { .. } => self.model.culprits[self.slots[slot].index].hazard,
            _ => 0.0,
        }
    }
}

fn unknown(name: &str, expected: &str) -> SynthError {
    SynthError::setting("model", format!("\"{name}\" is unknown"), expected)
}

fn disease(model: &EventModel, term: &str) -> Result<usize, SynthError> {
    let found = model.diseases.iter().position(|disease| disease.term == term);
    found.ok_or_else(|| unknown(term, "a disease of the model"))
}

fn check_numbers(model: &EventModel) -> Result<(), SynthError> {
    const MOST_HAZARD: f64 = 10.0;
    share("model, background_hazard", model.background_hazard, MOST_HAZARD)?;
    share("model, hidden_disease_share", model.hidden_disease_share, 1.0)?;
    share("model, treated_before_share", model.treated_before_share, 1.0)?;
    share("model, late_disclosure_share", model.late_disclosure_share, 1.0)?;
    for culprit in &model.culprits {
        share(&culprit.substance, culprit.hazard, MOST_HAZARD)?;
        share(&culprit.substance, culprit.share, 1.0)?;
        share(&culprit.substance, culprit.disease_share, 1.0)?;
        share(&culprit.substance, culprit.latency_days, 36_525.0)?;
    }
    for disease in &model.diseases {
        share(&disease.term, disease.hazard, MOST_HAZARD)?;
        share(&disease.term, disease.share, 1.0)?;
    }
    for bystander in &model.bystanders {
        share(&bystander.substance, bystander.with_share, 1.0)?;
        share(&bystander.substance, bystander.alone_share, 1.0)?;
    }
    for channelled in &model.channelled {
        share(&channelled.substance, channelled.disease_share, 1.0)?;
        share(&channelled.substance, channelled.alone_share, 1.0)?;
    }
    for therapy in &model.therapies {
        share(&therapy.substance, therapy.event_share, 1.0)?;
        share(&therapy.substance, therapy.background_share, 1.0)?;
    }
    Ok(())
}

/// A trigger disease must not also turn up as background, where it would have no hazard.
fn check_terms(model: &EventModel, catalogue: &Catalogue) -> Result<(), SynthError> {
    let indicated = |term: &str| catalogue.classes.iter().any(|c| c.indications.contains(&term));
    for (index, disease) in model.diseases.iter().enumerate() {
        let term = disease.term.as_str();
        let repeated = model.diseases[..index].iter().any(|other| other.term == term);
        let plain =
            !term.is_empty() && term.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'$');
        let event = term == NEW_TERM || term == OLD_TERM;
        if repeated || !plain || event || catalogue.has_term(term) || indicated(term) {
            return Err(SynthError::setting(
                "model, diseases",
                format!("\"{term}\" cannot be a trigger disease"),
                "printable ASCII, once, and a term that the catalogue does not use as background",
            ));
        }
    }
    Ok(())
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
