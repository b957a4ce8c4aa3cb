//! Which substances play which part: drawn from the seed, so that no result hangs on a name.

use rand::{RngExt, SeedableRng};

use crate::catalogue::Catalogue;
use crate::error::SynthError;
use crate::model::{Culprit, EventModel};
use crate::sampler::Rng;

/// Further substances that HLH is treated with, and that an analysis may set aside for it.
const TREATMENTS: [&str; 7] = [
    "CYCLOPHOSPHAMIDE",
    "CYCLOSPORINE",
    "CYCLOSPORINE OPHTHALMIC",
    "DOXORUBICIN",
    "HYDROCORTISONE",
    "METHYLPREDNISOLONE",
    "PREDNISOLONE",
];

/// To a billionth: numbers of few digits, which read back from `truth.json` as they were written.
pub(super) fn rounded(value: f64) -> f64 {
    const STEPS: f64 = 1e9;
    (value * STEPS).round() / STEPS
}

/// Substances in the order in which they get parts, and the strength of what is planted.
pub(super) struct Cast {
    names: Vec<&'static str>,
    rng: Rng,
    strength: f64,
}

impl Cast {
    /// Shuffles the substances that may play a part: single ones that were on the market at all
    /// times, not among the most used, and not a treatment of the event.
    pub(super) fn new(strength: f64, seed: u64) -> Result<Self, SynthError> {
        let catalogue = Catalogue::load()?;
        let therapies = EventModel::default().therapies;
        let mut names: Vec<&'static str> = catalogue.minor();
        names.retain(|name| therapies.iter().all(|therapy| therapy.substance != *name));
        names.retain(|name| !TREATMENTS.contains(name));
        let mut rng = Rng::seed_from_u64(seed);
        // A stream of its own: samples and files with the same seed draw from others.
        rng.set_stream(u64::MAX);
        for last in (1..names.len()).rev() {
            names.swap(last, rng.random_range(0..=last));
        }
        Ok(Self { names, rng, strength })
    }

    /// The next substance without a part. There are some hundred, and no scenario has more than
    /// thirty parts; an empty name is refused when the model is resolved.
    pub(super) fn next(&mut self) -> String {
        self.names.pop().unwrap_or_default().to_owned()
    }

    /// A number up to two fifths smaller or greater, so that no result hangs on one value either.
    pub(super) fn about(&mut self, value: f64) -> f64 {
        rounded(value * self.rng.random_range(0.7..1.4))
    }

    /// A planted number at the strength of the scenario, at most `most`.
    pub(super) fn scaled(&self, value: f64, most: f64) -> f64 {
        rounded((value * self.strength).min(most))
    }

    /// A hazard near this one at the strength of the scenario.
    pub(super) fn hazard(&mut self, value: f64) -> f64 {
        let about = self.about(value);
        self.scaled(about, 10.0)
    }

    /// A culprit with a hazard near this one at the strength of the scenario.
    pub(super) fn culprit(&mut self, hazard: f64, share: f64) -> Culprit {
        Culprit {
            substance: self.next(),
            hazard: self.hazard(hazard),
            share,
            latency_days: self.about(20.0),
            disease: None,
            disease_share: 0.0,
        }
    }
}
