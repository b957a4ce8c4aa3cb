//! The reports of a source in blocks, for counts that must not have all of them in memory.

use std::ops::Range;
use std::sync::Arc;

use iatro_reports::lake::Snapshot;
use iatro_reports::lake::schema::Table;
use iatro_reports::{Error, SourceKind};

use super::rows::Rows;
use super::{Corpus, Dictionaries, Substance, Term, dictionaries, to_usize};
use crate::count::{Blocks, Size};

/// The reports of a source of a snapshot.
#[derive(Clone, Debug)]
pub struct LakeBlocks {
    snapshot: Snapshot,
    source: SourceKind,
    substances: Arc<[Substance]>,
    terms: Arc<[Term]>,
}

impl LakeBlocks {
    /// Reads the dictionaries; reports are read when they are asked for.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub fn new(snapshot: &Snapshot, source: SourceKind) -> Result<Self, Error> {
        let Dictionaries { substances, terms } = dictionaries(snapshot)?;
        Ok(Self { snapshot: snapshot.clone(), source, substances, terms })
    }

    /// The substances; the id is the place.
    pub fn substances(&self) -> &[Substance] {
        &self.substances
    }

    /// The terms; the id is the place.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// How much there is to count.
    pub fn size(&self) -> Size {
        let rows =
            |table: Table| self.snapshot.manifest().extent_of(self.source, table.name()).rows;
        Size {
            reports: rows(Table::Report),
            exposures: rows(Table::Exposure),
            reactions: rows(Table::Reaction),
            ids: (self.substances.len() + self.terms.len()) as u64,
        }
    }
}

impl Blocks for LakeBlocks {
    fn reports(&self) -> usize {
        to_usize(self.size().reports)
    }

    fn block(&self, places: Range<usize>) -> Result<Corpus, Error> {
        let (from, to) = (places.start as u64, places.end as u64);
        let entries = |table| self.snapshot.entries_within(table, self.source, from..to);
        let corpus = Corpus {
            source: self.source,
            first_report: self.snapshot.manifest().extent_of(self.source, "report").offset + from,
            exposures: entries(Table::Exposure)?.into(),
            events: entries(Table::Reaction)?.into(),
            substances: Arc::clone(&self.substances),
            terms: Arc::clone(&self.terms),
            rows: Rows::Memory(Box::default()),
            kept: Arc::default(),
        };
        corpus.with_known_ids()
    }
}
