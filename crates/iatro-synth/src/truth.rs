//! `truth.json`: what was planted, and what a correct reader and a correct analysis must find.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::SynthError;
use crate::model::EventModel;
use crate::quarter::{Era, Quarter};
use crate::quirk::QuirkCounts;

mod plants;
mod scale;

pub use plants::{InteractionTruth, PlantTruth, PlantedPart};
pub use scale::{DrugSpread, ScaleTruth, ScaledRows};

/// The name of the file beside the archives.
pub const TRUTH_FILE: &str = "truth.json";
/// The version of the file's form.
pub const TRUTH_SCHEMA: u32 = 2;
/// What stands at the head of the file and inside every archive.
pub const NOTE: &str = "Synthetic data: every report is generated, no row is about a person, no \
    hazard is about a real product. Research use. Not a medical device.";

/// Everything that is known about a generated corpus.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Truth {
    /// That the data are generated, and for what use.
    pub note: String,
    /// The version of this file's form.
    pub schema: u32,
    /// The version of the generator.
    pub generator: String,
    /// The seed of the corpus.
    pub seed: u64,
    /// How the corpus follows the published volume; `None` where every quarter has as many reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<ScaleTruth>,
    /// The event model: every planted hazard, share and factor.
    pub model: EventModel,
    /// What a reader must report about cases, over all quarters together.
    pub cases: CaseTotals,
    /// What a reader must report about rows, over all quarters together, by table.
    pub tables: BTreeMap<String, TableCounts>,
    /// The event, over current cases.
    pub event: EventTruth,
    /// Substances with a hazard.
    pub culprits: Vec<CulpritTruth>,
    /// Substances without hazard, reported together with a culprit.
    pub bystanders: Vec<BystanderTruth>,
    /// Substances without hazard, given for a trigger disease.
    pub channelled: Vec<ChannelledTruth>,
    /// Treatments of the event, listed because it happened.
    pub therapies: Vec<TherapyTruth>,
    /// Masking giants, and notorious, age-bound, always together and interacting substances.
    pub plants: Vec<PlantTruth>,
    /// Interacting pairs.
    pub interactions: Vec<InteractionTruth>,
    /// Trigger diseases.
    pub diseases: Vec<DiseaseTruth>,
    /// Every quirk, over all quarters together.
    pub quirks: QuirkCounts,
    /// The quarters, in the order of time.
    pub quarters: Vec<QuarterTruth>,
}

/// Case versions as a correct reader resolves them.
///
/// DEMO rows with an embedded `$` count as repaired; a reader that quarantines them has that many
/// fewer reports, cases and current cases. `reports = current + superseded + deleted`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct CaseTotals {
    /// DEMO rows.
    pub reports: u64,
    /// Distinct cases.
    pub cases: u64,
    /// Cases that remain: one current version each.
    pub current: u64,
    /// Rows that a later version of their case replaces.
    pub superseded: u64,
    /// Cases whose last sighting is not after the last list that names them.
    pub deleted: u64,
    /// Cases named by a list and seen again in a later quarter: current.
    pub revived: u64,
    /// Cases seen in the legacy files and again in FAERS.
    pub crossed_eras: u64,
    /// Current cases that repeat another one under its `mfr_num` and `mfr_sndr`.
    pub duplicates: u64,
    /// Current cases without any DRUG row.
    pub without_drug: u64,
    /// Current cases without any REAC row.
    pub without_reaction: u64,
    /// Control total: the sum of the current reports' ids (ISR or primaryid). A reader that takes
    /// version 9 for later than version 10 has another one.
    pub current_id_sum: u64,
    /// Control total: the sum of the current reports' `fda_dt`, read as numbers.
    pub current_received_sum: u64,
}

/// The lines of one table. Every data line is in a record, blank, or both halves of one record.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct TableCounts {
    /// Physical lines after the header, each ended by a line feed.
    pub lines: u64,
    /// Empty lines among them.
    pub blank_lines: u64,
    /// Rows once glued ones are split and broken ones joined.
    pub records: u64,
    /// Records that end early, so must be quarantined.
    pub cut: u64,
    /// Records (of full width) whose report is in no DEMO table.
    pub dangling: u64,
}

impl TableCounts {
    /// Records of full width that belong to a report.
    pub fn good(&self) -> u64 {
        self.records - self.cut - self.dangling
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.blank_lines += other.blank_lines;
        self.records += other.records;
        self.cut += other.cut;
        self.dangling += other.dangling;
    }
}

/// One quarter.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct QuarterTruth {
    /// The quarter.
    pub quarter: Quarter,
    /// Its layout.
    pub era: Era,
    /// The archive's file name.
    pub archive: String,
    /// The event's preferred term in this quarter.
    pub event_term: String,
    /// Rows by table.
    pub tables: BTreeMap<String, TableCounts>,
    /// The rows that each table aims at, where the corpus follows the published volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<BTreeMap<String, u64>>,
    /// Ids on the list of deleted cases; `None` where the quarter has no list.
    pub deleted_ids: Option<u64>,
    /// What was planted.
    pub quirks: QuirkCounts,
}

/// The event over current cases; duplicates count like any other case.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct EventTruth {
    /// The preferred terms that mean it, in the order of time.
    pub terms: Vec<String>,
    /// The hazard of every report.
    pub background_hazard: f64,
    /// Cases that list it as a reaction.
    pub hlh_reports: u64,
    /// Of these, cases that repeat another one.
    pub duplicates: u64,
    /// Of these, drawn from the background hazard.
    pub from_background: u64,
    /// Of these, listed because the patient had it before; not drawn from any hazard.
    pub from_treated_before: u64,
    /// Cases of a patient treated for the event, who had it before: it is the indication (unless
    /// that is lost), and a reaction or not.
    pub treated_before: u64,
    /// Event cases that repeat one another: the case ids of each cluster, the first case first.
    pub clusters: Vec<Vec<u64>>,
}

/// Cases with a substance, over current cases; role DN never counts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Exposure {
    /// Cases that list it in any role.
    pub reports: u64,
    /// Of these, with the event.
    pub hlh_reports: u64,
    /// Cases that list it as PS, SS or I.
    pub suspect_reports: u64,
    /// Of these, with the event.
    pub suspect_hlh_reports: u64,
    /// Cases that name it only in a misspelling, without active ingredient: a dictionary of exact
    /// names misses them.
    pub misspelt_reports: u64,
    /// Of these, with the event.
    pub misspelt_hlh_reports: u64,
}

/// A substance with a hazard.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct CulpritTruth {
    /// The substance, as in `prod_ai`.
    pub substance: String,
    /// Its additive hazard per report.
    pub hazard: f64,
    /// Event cases drawn from this hazard.
    pub attributed: u64,
    /// The trigger disease it is often given for.
    pub disease: Option<String>,
    /// Median days from start to onset.
    pub latency_days: f64,
    /// Cases.
    #[serde(flatten)]
    pub exposure: Exposure,
    /// Names in capitals under which it stands in `drugname`, misspellings left out.
    pub names: Vec<String>,
}

/// A substance reported together with a culprit.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BystanderTruth {
    /// The substance, as in `prod_ai`.
    pub substance: String,
    /// The culprit.
    pub with: String,
    /// Cases that list both.
    pub with_reports: u64,
    /// Cases.
    #[serde(flatten)]
    pub exposure: Exposure,
    /// Names in capitals, misspellings left out.
    pub names: Vec<String>,
}

/// A substance given for a trigger disease.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ChannelledTruth {
    /// The substance, as in `prod_ai`.
    pub substance: String,
    /// The disease.
    pub disease: String,
    /// Cases with both, the disease mentioned or not.
    pub disease_reports: u64,
    /// Cases.
    #[serde(flatten)]
    pub exposure: Exposure,
    /// Names in capitals, misspellings left out.
    pub names: Vec<String>,
}

/// A treatment of the event.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TherapyTruth {
    /// The substance, as in `prod_ai`.
    pub substance: String,
    /// Cases with the event that list it because of the event.
    pub protopathic_reports: u64,
    /// Cases.
    #[serde(flatten)]
    pub exposure: Exposure,
    /// Names in capitals, misspellings left out.
    pub names: Vec<String>,
}

/// A trigger disease.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DiseaseTruth {
    /// Its preferred term.
    pub term: String,
    /// Its additive hazard per report.
    pub hazard: f64,
    /// Event cases drawn from this hazard.
    pub attributed: u64,
    /// Cases that mention it as indication or reaction.
    pub visible_reports: u64,
    /// Of these, with the event.
    pub visible_hlh_reports: u64,
    /// Cases of patients who have it although the report does not mention it.
    pub hidden_reports: u64,
    /// Of these, with the event.
    pub hidden_hlh_reports: u64,
}

impl Truth {
    /// Reads `truth.json` from a corpus folder, or a file of that form.
    ///
    /// # Errors
    /// The file cannot be read, or is not a truth file.
    pub fn read(path: &Path) -> Result<Self, SynthError> {
        let path = if path.is_dir() { path.join(TRUTH_FILE) } else { path.to_path_buf() };
        let text = fs::read_to_string(&path)
            .map_err(|source| SynthError::Io { path: path.clone(), source })?;
        serde_json::from_str(&text).map_err(|source| SynthError::Truth { path, source })
    }

    /// Writes `truth.json` into a corpus folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), SynthError> {
        let path = folder.join(TRUTH_FILE);
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|source| SynthError::Truth { path: path.clone(), source })?;
        text.push('\n');
        fs::write(&path, text).map_err(|source| SynthError::Io { path, source })
    }

    /// The planted substances with their cases, culprits first.
    pub fn exposures(&self) -> impl Iterator<Item = (&str, &Exposure, &[String])> {
        let culprits = self.culprits.iter().map(|t| (&t.substance, &t.exposure, &t.names));
        let bystanders = self.bystanders.iter().map(|t| (&t.substance, &t.exposure, &t.names));
        let channelled = self.channelled.iter().map(|t| (&t.substance, &t.exposure, &t.names));
        let therapies = self.therapies.iter().map(|t| (&t.substance, &t.exposure, &t.names));
        let plants = self.plants.iter().map(|t| (&t.substance, &t.exposure, &t.names));
        let all = culprits.chain(bystanders).chain(channelled).chain(therapies).chain(plants);
        all.map(|(substance, exposure, names)| (substance.as_str(), exposure, names.as_slice()))
    }
}
