//! Who counts: an engine for a corpus, chosen by the caller of a run.

use super::{CountError, Embedded, Engine, PairEngine};
use crate::corpus::Corpus;

/// Something that counts plans and pairs.
pub trait Counter: Engine + PairEngine {}

impl<T: Engine + PairEngine> Counter for T {}

/// Makes the counter of a corpus. A run may need several: one for every source of the lake it looks into.
pub trait Engines: Sync {
    /// The counter of the reports of a corpus.
    ///
    /// # Errors
    /// What keeps the engine from the reports.
    fn over<'c>(&'c self, corpus: &'c Corpus) -> Result<Box<dyn Counter + 'c>, CountError>;

    /// The name of an engine that is elsewhere; `None` for counting in this process.
    fn elsewhere(&self) -> Option<String> {
        None
    }
}

/// Counting in this process, in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct InProcess;

impl Engines for InProcess {
    fn over<'c>(&'c self, corpus: &'c Corpus) -> Result<Box<dyn Counter + 'c>, CountError> {
        Ok(Box::new(Embedded::new(corpus)))
    }
}
