//! What decides about the event before a report is written: the patient's age, trigger diseases and
//! planted substances, whether the event happens and from what, and whether such a report is sent.
//!
//! It is drawn first and is cheap, so that reports which nobody sends can be drawn again.

use rand::RngExt;

use crate::compose::Composer;
use crate::patient;
use crate::plot::{Part, Plot};
use crate::quarter::Quarter;
use crate::report::{Carried, Origin};
use crate::sampler::{Rng, chance};

/// The outline of a report.
#[derive(Debug)]
pub(crate) struct Fate {
    /// The patient's age, reported or not.
    pub(crate) years: f64,
    pub(crate) diseases: Vec<Carried>,
    /// Slots whose substance is on the report.
    pub(crate) planted: Vec<usize>,
    pub(crate) origin: Option<Origin>,
}

/// Draws the outline of a report that is sent, received on day `received`.
///
/// Notoriety is drawn by rejection: a report is kept with the chance `factor / largest factor`, so
/// that of those kept, notorious ones are exactly `factor` times as many as they would be.
pub(crate) fn draw(
    composer: &Composer<'_>,
    rng: &mut Rng,
    quarter: Quarter,
    received: i32,
) -> Fate {
    let most = composer.plot.most_factor;
    loop {
        let fate = once(composer, rng, quarter);
        if most <= 1.0 || chance(rng, factor(composer.plot, &fate, received) / most) {
            return fate;
        }
    }
}

/// How many times more often than others this report is sent.
fn factor(plot: &Plot<'_>, fate: &Fate, received: i32) -> f64 {
    if fate.origin.is_none() {
        return 1.0;
    }
    let factors = fate.planted.iter().filter_map(|slot| {
        let slot = plot.slots[*slot];
        let notorious =
            (slot.part == Part::Notorious).then(|| &plot.model.notorious[slot.index])?;
        let known = notorious.from_day.is_none_or(|from| received >= from);
        known.then_some(notorious.factor)
    });
    factors.fold(1.0, f64::max)
}

fn once(composer: &Composer<'_>, rng: &mut Rng, quarter: Quarter) -> Fate {
    let plot = composer.plot;
    let years = patient::years(rng, plot.model.infancy.share);
    let mut diseases: Vec<usize> = Vec::new();
    for (index, disease) in plot.model.diseases.iter().enumerate() {
        if chance(rng, disease.share) {
            diseases.push(index);
        }
    }
    let mut planted = Vec::new();
    for (place, slot) in plot.slots.iter().enumerate() {
        let share = share(plot, place, &planted, &diseases, years);
        if !chance(rng, share) || !available(composer, place, quarter) {
            continue;
        }
        planted.push(place);
        if let Part::Culprit { disease: Some(disease) } = slot.part
            && chance(rng, plot.model.culprits[slot.index].disease_share)
            && !diseases.contains(&disease)
        {
            diseases.push(disease);
        }
    }
    let hidden = plot.model.hidden_disease_share;
    let carried = diseases.into_iter();
    let diseases: Vec<Carried> =
        carried.map(|disease| Carried { disease, visible: !chance(rng, hidden) }).collect();
    let origin = event(plot, rng, years, &planted, &diseases);
    Fate { years, diseases, planted, origin }
}

/// The chance that a slot's substance is on this report, given what is already.
fn share(plot: &Plot<'_>, place: usize, planted: &[usize], diseases: &[usize], years: f64) -> f64 {
    let model = plot.model;
    let slot = plot.slots[place];
    match slot.part {
        Part::Culprit { .. } => model.culprits[slot.index].share,
        // The culprits come first, so a culprit's slot is its position in the model.
        Part::Bystander { with } if planted.contains(&with) => {
            model.bystanders[slot.index].with_share
        }
        Part::Bystander { .. } => model.bystanders[slot.index].alone_share,
        Part::Channelled { disease } if diseases.contains(&disease) => {
            model.channelled[slot.index].disease_share
        }
        Part::Channelled { .. } => model.channelled[slot.index].alone_share,
        Part::Therapy => model.therapies[slot.index].background_share,
        Part::Giant => model.giants[slot.index].share,
        Part::Notorious => model.notorious[slot.index].share,
        Part::AgeBound if patient::is_infant(years) => model.age_bound[slot.index].infant_share,
        Part::AgeBound => model.age_bound[slot.index].other_share,
        Part::Together { after: None } => model.together[slot.index].share,
        Part::Together { after: Some(first) } => f64::from(u8::from(planted.contains(&first))),
        Part::Interacting { after: None } => model.interactions[slot.index].first_share,
        Part::Interacting { after: Some(first) } if planted.contains(&first) => {
            model.interactions[slot.index].joint_share
        }
        Part::Interacting { .. } => model.interactions[slot.index].second_share,
    }
}

/// Whether a slot's substance is on the market; of those always given together, both.
fn available(composer: &Composer<'_>, place: usize, quarter: Quarter) -> bool {
    let plot = composer.plot;
    let on_market = |slot: usize| composer.catalogue.available(plot.slots[slot].substance, quarter);
    let partner = match plot.slots[place].part {
        // The second of a pair stands right behind the first.
        Part::Together { after: None } => place + 1,
        _ => place,
    };
    on_market(place) && on_market(partner)
}

/// Draws the event from everything that has a hazard, and which of it it came from.
fn event(
    plot: &Plot<'_>,
    rng: &mut Rng,
    years: f64,
    planted: &[usize],
    diseases: &[Carried],
) -> Option<Origin> {
    let sources = || sources(plot, years, planted, diseases);
    let total: f64 = sources().map(|(_, hazard)| hazard).sum();
    if !chance(rng, 1.0 - (-total).exp()) {
        return None;
    }
    let mut at = rng.random::<f64>() * total;
    for (origin, hazard) in sources() {
        if at < hazard {
            return Some(origin);
        }
        at -= hazard;
    }
    Some(Origin::Background)
}

/// Every source of the event with its hazard.
fn sources<'a>(
    plot: &'a Plot<'_>,
    years: f64,
    planted: &'a [usize],
    diseases: &'a [Carried],
) -> impl Iterator<Item = (Origin, f64)> {
    let model = plot.model;
    let infant = if patient::is_infant(years) { model.infancy.background_factor } else { 1.0 };
    let background = (Origin::Background, model.background_hazard * infant);
    let slots = planted.iter().map(|slot| (Origin::Substance(*slot), plot.slots[*slot].hazard));
    let pairs = plot.pairs.iter().zip(&model.interactions).enumerate();
    let pairs = pairs.filter_map(|(index, ((first, second), pair))| {
        let both = planted.contains(first) && planted.contains(second);
        both.then_some((Origin::Pair(index), pair.joint_hazard))
    });
    let diseases = diseases
        .iter()
        .map(|carried| (Origin::Disease(carried.disease), model.diseases[carried.disease].hazard));
    std::iter::once(background).chain(slots).chain(pairs).chain(diseases)
}
