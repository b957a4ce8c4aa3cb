//! What an engine must find: the reports of one source and the sizes of the dictionaries.

use iatro_reports::SourceKind;
use iatro_reports::lake::Snapshot;

use crate::corpus::Corpus;

/// The reports that are counted, and the rows that the engine must see of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Extent {
    /// The `report_id` of the first report.
    pub first_report: u64,
    /// How many reports there are; their ids follow one another.
    pub reports: u64,
    /// Rows of `exposure` that belong to them.
    pub exposures: u64,
    /// Rows of `reaction` that belong to them.
    pub reactions: u64,
    /// Substances of the lake; ids are below.
    pub substances: u64,
    /// Terms of the lake; ids are below.
    pub terms: u64,
}

impl Extent {
    /// The extent of a source in a snapshot, from its manifest alone.
    pub fn of_source(snapshot: &Snapshot, source: SourceKind) -> Self {
        let manifest = snapshot.manifest();
        let [reports, exposures, reactions] =
            ["report", "exposure", "reaction"].map(|table| manifest.extent_of(source, table));
        Self {
            first_report: reports.offset,
            reports: reports.rows,
            exposures: exposures.rows,
            reactions: reactions.rows,
            substances: manifest.dictionary.substances,
            terms: manifest.dictionary.terms,
        }
    }

    /// The extent of a corpus, from its own lists.
    pub fn of_corpus(corpus: &Corpus) -> Self {
        let places = || 0..corpus.reports();
        Self {
            first_report: corpus.report_id(0),
            reports: corpus.reports() as u64,
            exposures: places().map(|place| corpus.exposures(place).len() as u64).sum(),
            reactions: places().map(|place| corpus.events(place).len() as u64).sum(),
            substances: corpus.substances().len() as u64,
            terms: corpus.terms().len() as u64,
        }
    }
}
