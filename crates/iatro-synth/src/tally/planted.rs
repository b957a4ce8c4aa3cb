//! The truth about every planted substance, put together from its counts.

use super::{SlotTally, Tally};
use crate::model::EventModel;
use crate::plot::{Part, Slot};
use crate::truth::{
    BystanderTruth, ChannelledTruth, CulpritTruth, PlantTruth, PlantedPart, TherapyTruth,
};

/// The truth about planted substances, by part.
#[derive(Debug, Default)]
pub(crate) struct PlantedTruth {
    pub(crate) culprits: Vec<CulpritTruth>,
    pub(crate) bystanders: Vec<BystanderTruth>,
    pub(crate) channelled: Vec<ChannelledTruth>,
    pub(crate) therapies: Vec<TherapyTruth>,
    pub(crate) plants: Vec<PlantTruth>,
}

impl Tally<'_> {
    /// The truth about every planted substance.
    pub(crate) fn planted(&self) -> PlantedTruth {
        let mut truth = PlantedTruth::default();
        for (slot, tally) in self.plot.slots.iter().zip(&self.slots) {
            match slot.part {
                Part::Culprit { .. } => truth.culprits.push(self.culprit(slot.index, tally)),
                Part::Bystander { .. } => truth.bystanders.push(self.bystander(slot.index, tally)),
                Part::Channelled { .. } => {
                    truth.channelled.push(self.channelled(slot.index, tally));
                }
                Part::Therapy => truth.therapies.push(self.therapy(slot.index, tally)),
                _ => truth.plants.push(self.plant(slot, tally)),
            }
        }
        truth
    }
    fn culprit(&self, index: usize, tally: &SlotTally) -> CulpritTruth {
        let planted = &self.plot.model.culprits[index];
        CulpritTruth {
            substance: planted.substance.clone(),
            hazard: planted.hazard,
            attributed: tally.attributed,
            disease: planted.disease.clone(),
            latency_days: planted.latency_days,
            exposure: tally.exposure,
            names: tally.names(),
        }
    }

    fn bystander(&self, index: usize, tally: &SlotTally) -> BystanderTruth {
        let planted = &self.plot.model.bystanders[index];
        BystanderTruth {
            substance: planted.substance.clone(),
            with: planted.with.clone(),
            with_reports: tally.linked,
            exposure: tally.exposure,
            names: tally.names(),
        }
    }

    fn channelled(&self, index: usize, tally: &SlotTally) -> ChannelledTruth {
        let planted = &self.plot.model.channelled[index];
        ChannelledTruth {
            substance: planted.substance.clone(),
            disease: planted.disease.clone(),
            disease_reports: tally.linked,
            exposure: tally.exposure,
            names: tally.names(),
        }
    }

    fn therapy(&self, index: usize, tally: &SlotTally) -> TherapyTruth {
        TherapyTruth {
            substance: self.plot.model.therapies[index].substance.clone(),
            protopathic_reports: tally.linked,
            exposure: tally.exposure,
            names: tally.names(),
        }
    }

    fn plant(&self, slot: &Slot, tally: &SlotTally) -> PlantTruth {
        let (substance, partner) = names(self.plot.model, slot);
        PlantTruth {
            substance: substance.to_owned(),
            part: part(slot.part),
            hazard: slot.hazard,
            attributed: tally.attributed,
            partner: partner.map(str::to_owned),
            linked_reports: tally.linked,
            exposure: tally.exposure,
            names: tally.names(),
        }
    }
}

/// The part of a slot, as it is published.
pub(crate) fn part(part: Part) -> PlantedPart {
    match part {
        Part::Culprit { .. } => PlantedPart::Culprit,
        Part::Bystander { .. } => PlantedPart::Bystander,
        Part::Channelled { .. } => PlantedPart::Channelled,
        Part::Therapy => PlantedPart::Therapy,
        Part::Giant => PlantedPart::Giant,
        Part::Notorious => PlantedPart::Notorious,
        Part::AgeBound => PlantedPart::AgeBound,
        Part::Together { .. } => PlantedPart::Together,
        Part::Interacting { .. } => PlantedPart::Interacting,
    }
}

/// The name of a slot's substance as the model has it, and that of the substance it goes with.
pub(crate) fn names<'m>(model: &'m EventModel, slot: &Slot) -> (&'m str, Option<&'m str>) {
    let index = slot.index;
    match slot.part {
        Part::Culprit { .. } => (&model.culprits[index].substance, None),
        Part::Bystander { .. } => {
            (&model.bystanders[index].substance, Some(&model.bystanders[index].with))
        }
        Part::Channelled { .. } => (&model.channelled[index].substance, None),
        Part::Therapy => (&model.therapies[index].substance, None),
        Part::Giant => (&model.giants[index].substance, None),
        Part::Notorious => (&model.notorious[index].substance, None),
        Part::AgeBound => (&model.age_bound[index].substance, None),
        Part::Together { after } => {
            let pair = &model.together[index];
            in_order(after.is_none(), &pair.first, &pair.second)
        }
        Part::Interacting { after } => {
            let pair = &model.interactions[index];
            in_order(after.is_none(), &pair.first, &pair.second)
        }
    }
}

/// The trigger disease that a slot's substance is given for.
pub(crate) fn disease<'m>(model: &'m EventModel, slot: &Slot) -> Option<&'m str> {
    let disease = match slot.part {
        Part::Culprit { disease } => disease?,
        Part::Channelled { disease } => disease,
        _ => return None,
    };
    Some(&model.diseases[disease].term)
}

fn in_order<'m>(is_first: bool, first: &'m str, second: &'m str) -> (&'m str, Option<&'m str>) {
    if is_first { (first, Some(second)) } else { (second, Some(first)) }
}
