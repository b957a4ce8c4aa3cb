//! The plants of the scenarios at strength 1, for 100,000 reports with some 150 events.

use super::cast::Cast;
use crate::calendar::day_number;
use crate::model::{
    AgeBound, Bystander, Channelled, Disease, EventModel, Giant, Infancy, Interaction, Notorious,
    Together,
};

/// From this day on a dated wave of notoriety runs.
pub(super) const WAVE_FROM: i32 = day_number(2020, 1, 1);
const EBV: &str = "Epstein-Barr virus infection";
const STILL: &str = "Still's disease";

/// Only a background hazard; culprits are suspects, ages and diseases are mostly reported.
pub(super) fn base() -> EventModel {
    EventModel {
        background_hazard: 4e-4,
        age_known_share: 0.97,
        culprit_suspect_share: 1.0,
        hidden_disease_share: 0.05,
        ..EventModel::null()
    }
}

/// Four culprits of different strength, which nothing confounds.
pub(super) fn culprits(cast: &mut Cast, model: &mut EventModel) {
    for (hazard, share) in [(0.05, 0.006), (0.03, 0.008), (0.08, 0.004), (0.02, 0.01)] {
        model.culprits.push(cast.culprit(hazard, share));
    }
}

/// Three culprits, each with a bystander on most of its reports.
pub(super) fn bystanders(cast: &mut Cast, model: &mut EventModel) {
    for (hazard, share, with_share) in [(0.12, 0.004, 0.7), (0.14, 0.004, 0.6), (0.16, 0.005, 0.8)]
    {
        let culprit = cast.culprit(hazard, share);
        model.bystanders.push(Bystander {
            substance: cast.next(),
            with: culprit.substance.clone(),
            with_share,
            alone_share: 2e-4,
        });
        model.culprits.push(culprit);
    }
}

/// Two trigger diseases with two drugs each that are given for them.
pub(super) fn channelled(cast: &mut Cast, model: &mut EventModel) {
    for (term, share) in [(EBV, 0.004), (STILL, 0.003)] {
        let hazard = cast.hazard(0.08);
        model.diseases.push(Disease { term: term.to_owned(), hazard, share });
        for disease_share in [0.5, 0.3] {
            model.channelled.push(Channelled {
                substance: cast.next(),
                disease: term.to_owned(),
                disease_share,
                alone_share: 5e-4,
            });
        }
    }
}

/// The treatments of HLH under their own names, and patients who were treated before.
pub(super) fn therapies(cast: &mut Cast, model: &mut EventModel) {
    model.therapies = EventModel::default().therapies;
    for therapy in &mut model.therapies {
        therapy.event_share = cast.scaled(therapy.event_share, 1.0);
    }
    model.treated_before_share = cast.scaled(3e-4, 1.0);
    model.late_disclosure_share = 0.2;
}

/// A culprit on a tenth of all reports, which has most of the events.
pub(super) fn giant(cast: &mut Cast, model: &mut EventModel) {
    model.giants.push(Giant {
        substance: cast.next(),
        hazard: cast.hazard(0.03),
        share: 0.1,
        latency_days: 20.0,
    });
}

/// Event reports are sent again and again.
pub(super) fn duplicates(cast: &mut Cast, model: &mut EventModel) {
    model.event_duplicate_share = cast.scaled(0.3, 0.9);
}

/// Two innocent substances whose event reports are sent more often, from a day on or always.
pub(super) fn notorious(cast: &mut Cast, model: &mut EventModel, from_day: Option<i32>) {
    for excess in [9.0, 5.0] {
        model.notorious.push(Notorious {
            substance: cast.next(),
            hazard: 0.0,
            share: 0.02,
            factor: 1.0 + cast.scaled(excess, 99.0),
            from_day,
        });
    }
}

/// A substance with a hazard whose event reports are sent more often too.
pub(super) fn notorious_culprit(cast: &mut Cast, model: &mut EventModel) {
    model.notorious.push(Notorious {
        substance: cast.next(),
        hazard: cast.hazard(0.02),
        share: 0.005,
        factor: 1.0 + cast.scaled(2.0, 99.0),
        from_day: None,
    });
}

/// One report in twelve is about an infant, with a background hazard of its own, and two innocent
/// substances are given to infants.
pub(super) fn age_bound(cast: &mut Cast, model: &mut EventModel) {
    let background_factor = 1.0 + cast.scaled(39.0, 999.0);
    model.infancy = Infancy { share: 0.08, background_factor };
    for infant_share in [0.35, 0.3] {
        let substance = cast.next();
        model.age_bound.push(AgeBound { substance, infant_share, other_share: 1e-3 });
    }
}

/// Two culprits that no report lists one without the other of.
pub(super) fn together(cast: &mut Cast, model: &mut EventModel) {
    model.together.push(Together {
        first: cast.next(),
        second: cast.next(),
        first_hazard: cast.hazard(0.05),
        second_hazard: cast.hazard(0.02),
        share: 0.005,
        latency_days: 20.0,
    });
}

/// Two substances, one harmless and one weak alone, with a hazard together.
pub(super) fn interaction(cast: &mut Cast, model: &mut EventModel) {
    model.interactions.push(Interaction {
        first: cast.next(),
        second: cast.next(),
        first_hazard: 0.0,
        second_hazard: cast.hazard(0.002),
        joint_hazard: cast.hazard(0.08),
        first_share: 0.01,
        joint_share: 0.4,
        second_share: 0.006,
        latency_days: 20.0,
    });
}
