//! Named event models for the validation of methods: what confounds, hides or makes up a signal, one
//! at a time and all at once.

use std::fmt;

use crate::error::SynthError;
use crate::model::{Culprit, EventModel};
use crate::sample::SAMPLE_REPORTS;

mod cast;
mod parts;

use cast::Cast;

/// A named event model.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// Its name on the command line and in tables.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it plants, in a sentence.
    pub plants: &'static str,
    /// Innocent substances are made to look guilty, or guilty ones innocent.
    pub confounded: bool,
    /// The reports do not come about as a model of additive hazards over what they state assumes.
    pub misspecified: bool,
    build: fn(&mut Cast, &mut EventModel),
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Scenario");
        debug.field("id", &self.id).field("confounded", &self.confounded);
        debug.field("misspecified", &self.misspecified).finish_non_exhaustive()
    }
}

/// The most strength that a scenario accepts.
const MOST_STRENGTH: f64 = 100.0;
/// Cases of the culprit of the power scenario at strength 1.
const POWER_CASES: f64 = 30.0;
/// Its hazard: the number of cases is set by its share of reports.
const POWER_HAZARD: f64 = 0.05;

const fn scenario(
    id: &'static str,
    title: &'static str,
    plants: &'static str,
    build: fn(&mut Cast, &mut EventModel),
) -> Scenario {
    Scenario { id, title, plants, confounded: true, misspecified: false, build }
}

/// Every scenario, in the order of the tables.
pub const SCENARIOS: [Scenario; 17] = [
    Scenario {
        confounded: false,
        ..scenario(
            "nothing",
            "nothing at all",
            "Events come from the background alone; no substance has a hazard.",
            |cast, model| model.background_hazard = cast.scaled(1.5e-3, 10.0),
        )
    },
    Scenario {
        confounded: false,
        ..scenario(
            "culprits",
            "unconfounded culprits",
            "Four substances with hazards, each given without regard to anything else.",
            parts::culprits,
        )
    },
    Scenario {
        confounded: false,
        ..scenario(
            "power",
            "one culprit by number of cases",
            "One substance with a hazard and, at strength 1 and 100,000 reports, 30 expected cases.",
            |cast, model| {
                let cases = cast.scaled(POWER_CASES, f64::MAX);
                model.culprits.push(powered(cast, model.background_hazard, cases, SAMPLE_REPORTS));
            },
        )
    },
    scenario(
        "bystander",
        "bystanders co-reported with a culprit",
        "Three culprits, each with an innocent substance on 60 to 80 % of its reports.",
        parts::bystanders,
    ),
    scenario(
        "channelled",
        "drugs channelled to a trigger disease",
        "Two trigger diseases with hazards, each with two innocent drugs that are given for it, and \
         four culprits.",
        |cast, model| {
            parts::culprits(cast, model);
            parts::channelled(cast, model);
        },
    ),
    scenario(
        "protopathic",
        "treatments of the event",
        "Treatments of HLH, started because of it, patients treated before, and four culprits.",
        |cast, model| {
            parts::culprits(cast, model);
            parts::therapies(cast, model);
        },
    ),
    scenario(
        "masking",
        "a masking giant",
        "A culprit on a tenth of all reports that has most of the events, and four others.",
        |cast, model| {
            parts::culprits(cast, model);
            parts::giant(cast, model);
        },
    ),
    scenario(
        "duplicates",
        "duplicates of event reports",
        "Three in ten event reports are sent once more, and copies again at the same rate; four \
         culprits.",
        |cast, model| {
            parts::culprits(cast, model);
            parts::duplicates(cast, model);
        },
    ),
    scenario(
        "age",
        "an age-confounded pair",
        "The background hazard is 40 times as high in infants, to whom two innocent substances are \
         given; four culprits; 97 % of reports state the age.",
        |cast, model| {
            parts::culprits(cast, model);
            parts::age_bound(cast, model);
        },
    ),
    scenario(
        "together",
        "culprits always given together",
        "Two culprits that no report lists one without the other of, and four others.",
        |cast, model| {
            parts::culprits(cast, model);
            parts::together(cast, model);
        },
    ),
    scenario(
        "interaction",
        "an interacting pair",
        "Two substances, one harmless and one weak alone, with a hazard where both are given, and \
         four culprits.",
        |cast, model| {
            parts::culprits(cast, model);
            parts::interaction(cast, model);
        },
    ),
    Scenario {
        misspecified: true,
        ..scenario(
            "notoriety",
            "a wave of notoriety",
            "From 2020 on, event reports that name one of two innocent substances are sent 10 and 6 \
             times as often; four culprits.",
            |cast, model| {
                parts::culprits(cast, model);
                parts::notorious(cast, model, Some(parts::WAVE_FROM));
            },
        )
    },
    Scenario {
        misspecified: true,
        ..scenario(
            "drug-and-event",
            "reporting that depends on both drug and event",
            "At all times, event reports that name one of two innocent substances are sent 10 and 6 \
             times as often, those that name one culprit 3 times; four other culprits.",
            |cast, model| {
                parts::culprits(cast, model);
                parts::notorious(cast, model, None);
                parts::notorious_culprit(cast, model);
            },
        )
    },
    Scenario {
        misspecified: true,
        ..scenario(
            "missing-indications",
            "missing indications",
            "Drugs channelled to trigger diseases, as above; half of all indications are lost, and \
             three in ten diseases are not mentioned at all.",
            |cast, model| {
                parts::culprits(cast, model);
                parts::channelled(cast, model);
                model.dropped_indication_share = cast.scaled(0.5, 1.0);
                model.hidden_disease_share = cast.scaled(0.3, 1.0);
            },
        )
    },
    Scenario {
        misspecified: true,
        ..scenario(
            "wrong-roles",
            "wrong role codes",
            "Bystanders co-reported with culprits, as above; three in ten substances have the role \
             of a concomitant for that of a suspect, or the other way round.",
            |cast, model| {
                parts::bystanders(cast, model);
                model.wrong_role_share = cast.scaled(0.3, 1.0);
            },
        )
    },
    Scenario {
        misspecified: true,
        ..scenario(
            "unknown-age",
            "an age-confounded pair, ages unknown",
            "The age-confounded pair, as above, where 60 % of reports state the age.",
            |cast, model| {
                parts::culprits(cast, model);
                parts::age_bound(cast, model);
                model.age_known_share = 0.6;
            },
        )
    },
    Scenario {
        misspecified: true,
        ..scenario(
            "crowd",
            "everything at once",
            "Culprits, bystanders, channelled drugs, treatments, a giant, duplicates, a wave of \
             notoriety, an age-confounded pair, culprits always together and an interacting pair.",
            crowd,
        )
    },
];

fn crowd(cast: &mut Cast, model: &mut EventModel) {
    parts::culprits(cast, model);
    parts::bystanders(cast, model);
    parts::channelled(cast, model);
    parts::therapies(cast, model);
    parts::giant(cast, model);
    parts::duplicates(cast, model);
    parts::notorious(cast, model, Some(parts::WAVE_FROM));
    parts::age_bound(cast, model);
    parts::together(cast, model);
    parts::interaction(cast, model);
}

impl Scenario {
    /// A scenario by its name.
    pub fn find(id: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|scenario| scenario.id == id)
    }

    /// The event model at a strength, 0 to 100; 1 is what the description says. The strength scales
    /// the planted hazards and whatever else distorts (excess factors, rates, shares), each up to
    /// the most that it can be. The seed draws which substances play which part, and hazards
    /// about those of the plan.
    ///
    /// # Errors
    /// The strength is out of range.
    pub fn model(&self, strength: f64, seed: u64) -> Result<EventModel, SynthError> {
        crate::corpus::share("strength", strength, MOST_STRENGTH)?;
        let mut cast = Cast::new(strength, seed)?;
        let mut model = parts::base();
        (self.build)(&mut cast, &mut model);
        Ok(model)
    }
}

/// A model with one culprit: of so many reports, `cases` are expected to list it and the event.
///
/// # Errors
/// Fewer than 0 cases, or so many that every other report would have to list the culprit.
pub fn power_model(cases: f64, reports: usize, seed: u64) -> Result<EventModel, SynthError> {
    let mut cast = Cast::new(1.0, seed)?;
    let mut model = parts::base();
    let culprit = powered(&mut cast, model.background_hazard, cases, reports);
    crate::corpus::share("cases, as a share of reports with the culprit", culprit.share, 0.5)?;
    model.culprits.push(culprit);
    Ok(model)
}

/// A culprit whose share gives the expected number of cases.
fn powered(cast: &mut Cast, background: f64, cases: f64, reports: usize) -> Culprit {
    let probability = 1.0 - (-(POWER_HAZARD + background)).exp();
    let share = cast::rounded(cases / (reports.max(1) as f64 * probability));
    let substance = cast.next();
    let latency_days = cast.about(20.0);
    Culprit {
        substance,
        hazard: POWER_HAZARD,
        share: if share > 1.0 { 1.0 } else { share },
        latency_days,
        disease: None,
        disease_share: 0.0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::plot::Plot;
    use std::collections::BTreeSet;

    #[test]
    fn every_scenario_resolves_at_every_strength_and_seed() {
        let catalogue = Catalogue::load().unwrap();
        let ids: BTreeSet<&str> = SCENARIOS.iter().map(|scenario| scenario.id).collect();
        assert_eq!(ids.len(), SCENARIOS.len());
        for scenario in &SCENARIOS {
            for (strength, seed) in [(0.0, 1), (1.0, 2), (7.0, 3), (100.0, 4)] {
                let model = scenario.model(strength, seed).unwrap();
                Plot::new(&model, &catalogue).unwrap();
                assert_eq!(model, scenario.model(strength, seed).unwrap());
            }
            assert!(scenario.model(-1.0, 1).is_err());
            assert!(scenario.model(f64::NAN, 1).is_err());
            assert!(scenario.model(101.0, 1).is_err());
        }
    }

    #[test]
    fn the_cast_changes_with_the_seed() {
        let culprits = Scenario::find("culprits").unwrap();
        let first = |seed| culprits.model(1.0, seed).unwrap().culprits[0].substance.clone();
        let drawn: BTreeSet<String> = (0..20).map(first).collect();
        assert!(drawn.len() > 15, "{drawn:?}");
    }

    #[test]
    fn too_much_power_is_refused() {
        assert!(power_model(300.0, 100_000, 1).is_ok());
        assert!(power_model(300.0, 1_000, 1).is_err());
        assert!(power_model(-1.0, 1_000, 1).is_err());
        assert!(power_model(f64::NAN, 1_000, 1).is_err());
    }
}
