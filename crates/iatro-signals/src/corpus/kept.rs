//! What was read of the rows behind a corpus and is kept with it, because it is asked for again.

use std::sync::OnceLock;

use iatro_reports::Error;

use super::Corpus;
use super::facts::FactTable;
use super::indications::Indications;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Kept {
    facts: OnceLock<FactTable>,
    indications: OnceLock<Indications>,
}

impl Corpus {
    /// The facts of every report, which are read when they are first asked for.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub(crate) fn facts(&self) -> Result<&FactTable, Error> {
        once(&self.kept.facts, || FactTable::read(self))
    }

    /// The same, if they were read already; who asks must have another way, such as reading the few reports it wants.
    pub(crate) fn facts_at_hand(&self) -> Option<&FactTable> {
        self.kept.facts.get()
    }

    /// What the drugs of the reports were given for, likewise read once.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub(crate) fn indications(&self) -> Result<&Indications, Error> {
        once(&self.kept.indications, || Indications::read(self))
    }
}

/// What is kept, made if there is nothing. It is made outside a lock: who makes it works with all threads, and one of
/// them may be at a task that wants the same. Of two that make it at once, one is dropped.
fn once<T>(kept: &OnceLock<T>, make: impl FnOnce() -> Result<T, Error>) -> Result<&T, Error> {
    if let Some(known) = kept.get() {
        return Ok(known);
    }
    let made = make()?;
    Ok(kept.get_or_init(|| made))
}
