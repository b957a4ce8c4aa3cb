//! Planted numbers beside what the attribution says of them.

use iatro_signals::attribution::{AttributedCause, Attribution, Group};
use iatro_signals::study::{Evidence, Study};
use iatro_synth::{PairCause, PlantedPart, SampleTruth, SampledOrigin, SubstanceTruth};

use serde::{Deserialize, Serialize};

use crate::planting::Asked;

/// What was planted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Planted {
    /// A culprit with a hazard of its own, or two given together.
    Culprit,
    /// A trigger disease.
    Disease,
    /// What two substances have together, where the pair was named.
    Pair,
    /// A substance without hazard.
    Innocent,
    /// The background.
    Background,
}

impl Planted {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Culprit, Self::Disease, Self::Pair, Self::Innocent, Self::Background];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Culprit => "culprits",
            Self::Disease => "trigger diseases",
            Self::Pair => "named pairs",
            Self::Innocent => "innocent substances",
            Self::Background => "background",
        }
    }
}

/// A planted number and its estimate.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Quantity {
    /// What was planted.
    pub truth: f64,
    /// Posterior mean.
    pub mean: f64,
    /// 95 % credible interval; `None` where the chains did not agree.
    pub interval: Option<(f64, f64)>,
}

/// Hazard and cases of one cause.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Recovered {
    /// What it is.
    pub planted: Planted,
    /// Cases that name it.
    pub n: f64,
    /// Its hazard a report; `None` for the background, which has one by stratum.
    pub lambda: Option<Quantity>,
    /// Its cases.
    pub cases: Quantity,
}

/// Holds every planted cause, and every other substance with a case, against the truth of the eligible
/// event reports.
pub fn recover(asked: &Asked, study: &Study, found: &Attribution) -> Vec<Recovered> {
    let truth = &asked.sample.truth;
    let origins = Origins::of(asked, found);
    let mut recovered = Vec::new();
    for row in found.causes.iter().filter(|row| row.given_with.is_none()) {
        let (planted, hazard, cases) = match row.group {
            Group::Background => (Planted::Background, None, origins.background()),
            Group::Trigger => match of_disease(row, study, truth, &origins) {
                Some((hazard, cases)) => (Planted::Disease, Some(hazard), cases),
                None => continue,
            },
            Group::Interaction => match of_pair(row, truth, &origins) {
                Some((hazard, cases)) => (Planted::Pair, Some(hazard), cases),
                None => continue,
            },
            Group::Substance => {
                let (hazard, cases) = of_substances(row, truth, &origins);
                let kind = if hazard > 0.0 { Planted::Culprit } else { Planted::Innocent };
                (kind, Some(hazard), cases)
            }
        };
        let quantity = |truth, mean: Option<f64>, interval| {
            mean.map(|mean| Quantity { truth, mean, interval })
        };
        let Some(cases) = quantity(cases, row.attributed, row.attributed_interval) else {
            continue;
        };
        let lambda = hazard.and_then(|hazard| quantity(hazard, row.lambda, row.lambda_interval));
        recovered.push(Recovered { planted, n: row.n, lambda, cases });
    }
    recovered
}

/// The origin of every case, with its weight.
struct Origins<'s>(Vec<(&'s SampledOrigin, f64)>);

impl<'s> Origins<'s> {
    fn of(asked: &'s Asked, found: &Attribution) -> Self {
        let origin = |case: &iatro_signals::attribution::CaseAttribution| {
            let report = asked.sample.reports.get(case.place)?;
            Some((report.origin.as_ref()?, case.weight))
        };
        Self(found.case_shares.iter().filter_map(origin).collect())
    }

    fn count(&self, is: impl Fn(&SampledOrigin) -> bool) -> f64 {
        self.0.iter().filter(|(origin, _)| is(origin)).map(|(_, weight)| weight).sum()
    }

    /// What no cause on a report brought about; also what was listed because it was there before.
    fn background(&self) -> f64 {
        self.count(|o| matches!(o, SampledOrigin::Background | SampledOrigin::TreatedBefore))
    }

    fn pair(&self, pair: &PairCause) -> f64 {
        self.count(|origin| {
            matches!(origin, SampledOrigin::Pair(first, second)
                if *first == pair.first && *second == pair.second)
        })
    }

    fn substance(&self, truth: &SubstanceTruth) -> f64 {
        self.count(|o| matches!(o, SampledOrigin::Substance(name) if *name == truth.name))
    }
}

/// Hazard and cases of a named pair that stands alone; `None` if no such pair was planted.
fn of_pair(
    row: &AttributedCause,
    truth: &SampleTruth,
    origins: &Origins<'_>,
) -> Option<(f64, f64)> {
    let named = |pair: &&PairCause| row.cause == format!("{} with {}", pair.first, pair.second);
    truth.pairs.iter().find(named).map(|pair| (pair.hazard, origins.pair(pair)))
}

/// Hazard and cases of a row's substances: the sum over those that are given together.
fn of_substances(row: &AttributedCause, truth: &SampleTruth, origins: &Origins<'_>) -> (f64, f64) {
    let single = [row.cause.clone()];
    let names = if row.members.is_empty() { &single[..] } else { &row.members[..] };
    let planted = truth.substances.iter().filter(|substance| {
        names.iter().any(|name| substance.ingredients.iter().any(|part| **part == **name))
    });
    let alone = planted.fold((0.0, 0.0), |(hazard, cases), substance| {
        (hazard + substance.hazard, cases + origins.substance(substance))
    });
    // A pair on the event reports of one of its members is given together with it.
    let is_pair =
        |pair: &&PairCause| names.contains(&format!("{} with {}", pair.first, pair.second));
    truth
        .pairs
        .iter()
        .filter(is_pair)
        .fold(alone, |(hazard, cases), pair| (hazard + pair.hazard, cases + origins.pair(pair)))
}

/// Hazard and cases of the planted diseases that a trigger stands for; `None` if there is none.
fn of_disease(
    row: &AttributedCause,
    study: &Study,
    truth: &SampleTruth,
    origins: &Origins<'_>,
) -> Option<(f64, f64)> {
    let index = study.trigger_index(Evidence::Verified);
    let is_concept = |term: &str| {
        let found = index.find(term);
        found.iter().filter_map(|at| study.triggers.get(*at)).any(|t| t.concept == row.cause)
    };
    let diseases: Vec<_> = truth.diseases.iter().filter(|d| is_concept(&d.term)).collect();
    if diseases.is_empty() {
        return None;
    }
    let is_of = |o: &SampledOrigin| matches!(o, SampledOrigin::Disease(term) if diseases.iter().any(|d| d.term == *term));
    Some((diseases.iter().map(|disease| disease.hazard).sum(), origins.count(is_of)))
}

/// The planted diseases that the study's triggers do not know, and the planted therapies that it does not
/// list from a source that was read.
pub fn unknown_to(study: &Study, truth: &SampleTruth) -> Vec<String> {
    let index = study.trigger_index(Evidence::Verified);
    let therapies = study.therapy_substances(Evidence::Verified);
    let diseases = truth.diseases.iter().filter(|disease| index.find(&disease.term).is_empty());
    let treatments =
        truth.of_part(PlantedPart::Therapy).flat_map(|substance| &substance.ingredients);
    diseases
        .map(|disease| disease.term.to_string())
        .chain(treatments.filter(|name| !therapies.contains(&***name)).map(ToString::to_string))
        .collect()
}
