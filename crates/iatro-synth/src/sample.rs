//! A sample of reports in memory, with the truth of every one: for the validation of methods over
//! many plantings, without files.
//!
//! The reports are drawn by the code that draws the files' reports. What only files have is left
//! out: case versions (each report is as its last version would be, but for the terms that
//! follow-ups add), deletions, broken rows, misspelt names.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};

use crate::catalogue::Catalogue;
use crate::compose::Composer;
use crate::corpus::{Corpus, share};
use crate::duplicate;
use crate::error::SynthError;
use crate::habits::Habits;
use crate::model::EventModel;
use crate::patient;
use crate::plot::Plot;
use crate::quarter::Quarter;
use crate::quirk::{Quirk, QuirkRates};
use crate::report::{Drug, Origin, Report};
use crate::sampler::Rng;

mod report;
mod spelling;
mod truth;

pub use report::{
    DatePrecision, Role, SampledDate, SampledDisease, SampledDrug, SampledOrigin, SampledReport,
    Sex,
};
pub use truth::{DiseaseCause, PairCause, SampleTruth, SubstanceTruth};

use spelling::Spelling;

/// How much to sample. The same settings and model give the same reports.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleSettings {
    /// The seed of every random draw.
    pub seed: u64,
    /// Reports, duplicates among them; 1 to 5,000,000.
    pub reports: usize,
    /// Quarters of receipt, in the order of time; each has as many reports.
    pub quarters: Vec<Quarter>,
    /// The share of reports, with the event or without, that are sent once more, 0 to 0.5. Event
    /// reports have [`EventModel::event_duplicate_share`] besides.
    pub duplicate_share: f64,
    /// The share of reports from 2024Q4 on with a drug that was not administered, 0 to 0.5.
    pub not_administered_share: f64,
}

/// The reports that the default settings sample; the scenarios are made for as many.
pub const SAMPLE_REPORTS: usize = 100_000;
const MOST_REPORTS: usize = 5_000_000;

impl Default for SampleSettings {
    /// 100,000 reports of ten years, without duplicates and without role DN.
    fn default() -> Self {
        Self {
            seed: 1,
            reports: SAMPLE_REPORTS,
            quarters: Corpus::span(Quarter::fixed(2015, 1), Quarter::fixed(2024, 4)),
            duplicate_share: 0.0,
            not_administered_share: 0.0,
        }
    }
}

impl SampleSettings {
    /// The default settings with another seed.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    fn check(&self) -> Result<(), SynthError> {
        if self.quarters.is_empty() || !self.quarters.is_sorted_by(|a, b| a < b) {
            let problem = "empty, repeated or out of order";
            let expected = "at least one quarter, each later than the one before";
            return Err(SynthError::setting("quarters", problem, expected));
        }
        if !(1..=MOST_REPORTS).contains(&self.reports) {
            let problem = format!("{} is out of range", self.reports);
            return Err(SynthError::setting("reports", problem, format!("1 to {MOST_REPORTS}")));
        }
        share("duplicate_share", self.duplicate_share, 0.5)?;
        share("not_administered_share", self.not_administered_share, 0.5)
    }
}

/// Reports and what was planted in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The reports, quarter by quarter; a duplicate stands behind the report it repeats.
    pub reports: Vec<SampledReport>,
    /// What was planted.
    pub truth: SampleTruth,
}

/// Samples reports of a model.
///
/// ```
/// use iatro_synth::{EventModel, SampleSettings, sample};
/// let settings = SampleSettings { reports: 2_000, ..SampleSettings::seeded(7) };
/// let sample = sample(&EventModel::default(), &settings).expect("the default model is in range");
/// assert_eq!(sample.reports.len(), 2_000);
/// let events = sample.reports.iter().filter(|report| report.is_event()).count();
/// assert_eq!(events as u64, sample.truth.event_reports);
/// ```
///
/// # Errors
/// A setting or a number of the model is out of range, or a name is not in the catalogue.
pub fn sample(model: &EventModel, settings: &SampleSettings) -> Result<Sample, SynthError> {
    settings.check()?;
    let catalogue = Catalogue::load()?;
    let plot = Plot::new(model, &catalogue)?;
    let quirks = QuirkRates::none()
        .with(Quirk::DuplicateCase, settings.duplicate_share)
        .with(Quirk::NotAdministered, settings.not_administered_share);
    let composer = Composer::new(&catalogue, &plot, &quirks);
    let truth = SampleTruth::new(&plot);
    let spelling = Spelling::new(&catalogue, model);
    let mut reader = Reader { composer, spelling, truth, reports: Vec::new(), clusters: 0 };
    reader.reports.reserve_exact(settings.reports);
    let quarters = settings.quarters.len();
    for (place, quarter) in settings.quarters.iter().enumerate() {
        reader.quarter(settings.seed, *quarter, settings.reports * (place + 1) / quarters);
    }
    let Reader { reports, mut truth, .. } = reader;
    truth.count(&reports);
    Ok(Sample { reports, truth })
}

/// Reads reports as they are drawn.
struct Reader<'a> {
    composer: Composer<'a>,
    spelling: Spelling,
    truth: SampleTruth,
    reports: Vec<SampledReport>,
    clusters: u64,
}

impl Reader<'_> {
    /// Draws reports of a quarter until there are `end` in all.
    fn quarter(&mut self, seed: u64, quarter: Quarter, end: usize) {
        // Streams of their own: files use those from 1 on.
        const STREAMS: u64 = 1 << 32;
        let mut rng = Rng::seed_from_u64(seed);
        rng.set_stream(STREAMS + quarter.index());
        let (first, last) = quarter.days();
        while self.reports.len() < end {
            let received = rng.random_range(first..=last);
            let serial = self.reports.len() as u64;
            let report = self.composer.report(&mut rng, Habits::usual(quarter), received, serial);
            let (model, quirks) = (self.composer.plot.model, self.composer.quirks);
            let copies = duplicate::copies(&mut rng, model, quirks, &report);
            let copies = copies.min(end - self.reports.len() - 1);
            let cluster = (copies > 0).then_some(self.clusters);
            self.clusters += u64::from(copies > 0);
            self.read(&report, received, cluster);
            for _ in 0..copies {
                let again = duplicate::retold(&mut rng, &report);
                let received = rng.random_range(received..=last);
                self.read(&again, received, cluster);
            }
        }
    }

    fn read(&mut self, report: &Report, received: i32, cluster: Option<u64>) {
        let mut events: Vec<Arc<str>> = Vec::with_capacity(report.terms.len());
        for (at, term) in report.terms.iter().enumerate() {
            if !report.terms[..at].contains(term) {
                events.push(self.spelling.term(*term));
            }
        }
        let diseases = report.diseases.iter().map(|carried| SampledDisease {
            term: self.spelling.disease(carried.disease),
            visible: carried.visible,
        });
        let read = SampledReport {
            diseases: diseases.collect(),
            drugs: self.drugs(report),
            events,
            age_years: report.patient.age_years(),
            sex: match report.patient.sex {
                "F" => Some(Sex::Female),
                "M" => Some(Sex::Male),
                _ => None,
            },
            country: Some(report.country.code).filter(|code| code.len() == 2),
            received,
            event_date: SampledDate::of(report.onset),
            reporter: Some(report.occupation).filter(|code| !code.is_empty()),
            outcomes: report.outcomes.clone(),
            duplicate_cluster: cluster,
            origin: report.origin.map(|origin| self.origin(origin)),
            treated_before: report.treated_before,
            infant: patient::is_infant(report.patient.years),
        };
        self.reports.push(read);
    }

    fn drugs(&mut self, report: &Report) -> Vec<SampledDrug> {
        let mut read = Vec::with_capacity(report.drugs.len());
        for (index, drug) in report.drugs.iter().enumerate() {
            let sequence = u16::try_from(index + 1).unwrap_or(u16::MAX);
            self.drug(drug, sequence, &mut read);
        }
        read
    }

    /// One entry for each ingredient of a drug.
    fn drug(&mut self, drug: &Drug, sequence: u16, read: &mut Vec<SampledDrug>) {
        let indications: Vec<Arc<str>> =
            drug.indications.iter().map(|term| self.spelling.term(*term)).collect();
        for substance in self.spelling.of(drug.substance) {
            read.push(SampledDrug {
                substance: substance.clone(),
                sequence,
                role: Role::of(drug.role),
                start: drug.start.and_then(SampledDate::of),
                indications: indications.clone(),
                treats_event: drug.treats_event,
            });
        }
    }

    fn origin(&self, origin: Origin) -> SampledOrigin {
        match origin {
            Origin::Background => SampledOrigin::Background,
            Origin::Substance(slot) => {
                SampledOrigin::Substance(self.truth.substances[slot].name.clone())
            }
            Origin::Disease(disease) => SampledOrigin::Disease(self.spelling.disease(disease)),
            Origin::Pair(pair) => {
                let pair = &self.truth.pairs[pair];
                SampledOrigin::Pair(pair.first.clone(), pair.second.clone())
            }
            Origin::TreatedBefore => SampledOrigin::TreatedBefore,
        }
    }
}
