//! One planting: a scenario at a seed, seen by every method, held against its truth.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::SourceKind;
use iatro_signals::attribution::{Attribution, AttributionSettings, attribute};
use iatro_signals::corpus::Corpus;
use iatro_signals::run::{Prepared, Question, Settings};
use iatro_signals::study::Study;
use iatro_synth::{EventModel, PlantedPart, Sample, SampleSettings, SampleTruth, sample};

use serde::{Deserialize, Serialize};

use crate::corpus::corpus;
use crate::error::ValidationError;
use crate::method::{Method, Verdict};
use crate::methods;
use crate::recovery::{Recovered, recover};

/// What to plant.
#[derive(Clone, Debug)]
pub struct Job {
    /// The scenario's name.
    pub scenario: String,
    /// The event model.
    pub model: EventModel,
    /// The seed of the sample.
    pub seed: u64,
    /// How many reports.
    pub reports: usize,
    /// Sweeps of each chain.
    pub sweeps: usize,
}

/// A substance with at least one case, as the methods see it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Judged {
    /// Its part, if it was planted.
    pub part: Option<PlantedPart>,
    /// Whether it brings the event about.
    pub culprit: bool,
    /// Cases: eligible event reports that list it as suspect.
    pub n: u64,
    /// Its crude ROR.
    pub ror: Option<f64>,
    /// What each method says.
    pub verdicts: BTreeMap<Method, Verdict>,
}

/// What the methods said of a sample.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Planting {
    /// The scenario's name.
    pub scenario: String,
    /// Eligible event reports.
    pub cases: u64,
    /// Substances with at least one case.
    pub substances: Vec<Judged>,
    /// What was recovered of the planted numbers, by option of the attribution.
    pub recovered: BTreeMap<Method, Vec<Recovered>>,
    /// Causes whose chains did not agree, so that they have no interval.
    pub refused: u64,
    /// Causes that an interval was asked for.
    pub asked: u64,
    /// Whether the prior of EBGM could be fitted.
    pub has_prior: bool,
    /// Whether a fit of the regression was found.
    pub has_regression: bool,
}

/// The sample, its corpus, and the question put to it.
pub struct Asked {
    /// The reports with their truth.
    pub sample: Sample,
    /// What a reader sees of them.
    pub corpus: Corpus,
    /// The question in ids of the corpus.
    pub prepared: Prepared,
}

/// Draws the sample of a job and puts the study's question to it.
///
/// # Errors
/// [`ValidationError`] if the model or the study is out of range.
pub fn ask(job: &Job, study: &Study) -> Result<Asked, ValidationError> {
    let settings = SampleSettings { reports: job.reports, ..SampleSettings::seeded(job.seed) };
    let sample = sample(&job.model, &settings)?;
    let corpus = corpus(&sample);
    let question = Question::of_source(SourceKind::Csv, study, &Settings::default())?;
    let prepared = Prepared::new(&corpus, study, &question)?;
    Ok(Asked { sample, corpus, prepared })
}

/// Runs every method on a job's sample.
///
/// # Errors
/// [`ValidationError`] if a method cannot run or the counts do not fit the truth.
pub fn judge(job: &Job, study: &Study) -> Result<Planting, ValidationError> {
    let asked = ask(job, study)?;
    let Asked { sample, corpus, prepared } = &asked;
    let crude = methods::crude(corpus, prepared)?;
    let shrunk = methods::shrunk(corpus, prepared, &crude)?;
    let base = AttributionSettings {
        seed: Some(job.seed),
        sweeps: job.sweeps,
        ..AttributionSettings::default()
    };
    let regression = methods::regression(corpus, prepared, &base);
    let mut by_option: BTreeMap<Method, Attribution> = BTreeMap::new();
    for (method, settings) in options(&base, &sample.truth) {
        by_option.insert(method, attribute(corpus, study, prepared, &settings)?);
    }
    let plain = by_option.get(&Method::Attribution);
    let places: BTreeSet<usize> =
        plain.iter().flat_map(|a| a.case_shares.iter().map(|case| case.place)).collect();
    check_cases(job, sample, &places)?;
    let mut substances = Vec::new();
    for signal in crude.iter().filter(|signal| signal.estimates.a > 0) {
        let mut verdicts = methods::verdicts_of_tables(signal, shrunk.as_ref());
        verdicts.insert(Method::Lasso, methods::lasso(regression.as_ref(), &signal.name));
        for (method, attribution) in &by_option {
            let pairs = pairs_with(&sample.truth, &signal.name);
            verdicts.insert(*method, methods::attributed(attribution, &signal.name, &pairs));
        }
        let truth = planted(&sample.truth, &signal.name);
        substances.push(Judged {
            part: truth.map(|(part, _)| part),
            culprit: truth.is_some_and(|(_, culprit)| culprit),
            n: signal.estimates.a,
            ror: signal.estimates.ror,
            verdicts,
        });
    }
    let rows = || plain.iter().flat_map(|a| &a.causes).filter(|row| row.given_with.is_none());
    Ok(Planting {
        scenario: job.scenario.clone(),
        cases: places.len() as u64,
        substances,
        recovered: by_option
            .iter()
            .map(|(method, found)| (*method, recover(&asked, study, found)))
            .collect(),
        refused: rows().filter(|row| !row.converged).count() as u64,
        asked: rows().count() as u64,
        has_prior: shrunk.is_some(),
        has_regression: regression.is_some(),
    })
}

/// The attribution as it is, and with the options that what was planted asks for.
fn options(base: &AttributionSettings, truth: &SampleTruth) -> Vec<(Method, AttributionSettings)> {
    let mut options = vec![(Method::Attribution, base.clone())];
    if !truth.pairs.is_empty() {
        let pairs = truth.pairs.iter().map(|p| (p.first.to_string(), p.second.to_string()));
        let named = AttributionSettings { pairs: pairs.collect(), ..base.clone() };
        options.push((Method::PairNamed, named));
    }
    if truth.model.event_duplicate_share > 0.0 {
        options.push((
            Method::Weighed,
            AttributionSettings { weigh_duplicates: true, ..base.clone() },
        ));
    }
    options
}

/// The part of a substance as reports list it, and whether it brings the event about.
fn planted(truth: &SampleTruth, name: &str) -> Option<(PlantedPart, bool)> {
    let listed =
        |s: &&iatro_synth::SubstanceTruth| s.ingredients.iter().any(|part| &**part == name);
    let mut of_name = truth.substances.iter().filter(listed).peekable();
    let part = of_name.peek()?.part;
    Some((part, of_name.any(|substance| substance.is_cause(truth))))
}

/// The names of the pairs that a substance is in.
fn pairs_with(truth: &SampleTruth, name: &str) -> Vec<String> {
    let pairs = truth.pairs.iter().filter(|pair| *pair.first == *name || *pair.second == *name);
    pairs.map(|pair| format!("{} with {}", pair.first, pair.second)).collect()
}

/// Every case of the model is an event report of the sample.
fn check_cases(
    job: &Job,
    sample: &Sample,
    places: &BTreeSet<usize>,
) -> Result<(), ValidationError> {
    let stray = places.iter().find(|place| {
        !sample.reports.get(**place).is_some_and(iatro_synth::SampledReport::is_event)
    });
    let problem = match stray {
        Some(place) => format!("the report at place {place} is a case, but lists no event"),
        None if places.len() as u64 > sample.truth.event_reports => {
            format!("{} cases of {} event reports", places.len(), sample.truth.event_reports)
        }
        None => return Ok(()),
    };
    Err(ValidationError::Defect { scenario: job.scenario.clone(), seed: job.seed, problem })
}
