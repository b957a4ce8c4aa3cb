//! What was read of the rows behind a corpus and is kept with it, because it is asked for again.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use iatro_reports::Error;

use super::Corpus;
use super::facts::FactTable;
use super::indicated::IndicatedDrugs;
use super::indications::Indications;
use super::rows::{Dates, DrugRow, Wanted};
use crate::count::bits::Bits;

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Kept {
    facts: OnceLock<FactTable>,
    indications: OnceLock<Indications>,
    indicated_drugs: OnceLock<IndicatedDrugs>,
    /// Those that were asked for last.
    dated_drugs: Mutex<Option<Arc<DatedDrugs>>>,
}

/// The drug rows of some reports, with dates.
#[derive(Debug)]
pub(crate) struct DatedDrugs {
    places: Bits,
    rows: Vec<DrugRow>,
}

impl DatedDrugs {
    /// Those of some of these reports, in the order of the rows.
    pub(crate) fn of<'d>(&'d self, places: &'d Bits) -> impl Iterator<Item = DrugRow> + 'd {
        self.rows.iter().copied().filter(|row| places.contains(row.place))
    }
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

    /// The drugs that the indications belong to, likewise.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub(crate) fn indicated_drugs(&self) -> Result<&IndicatedDrugs, Error> {
        let indications = self.indications()?;
        once(&self.kept.indicated_drugs, || IndicatedDrugs::read(self, indications))
    }

    /// The drug rows of some reports, with dates, and perhaps of others. Whoever asks after that for some of the same
    /// reports reads nothing, so the first to ask does well to ask for all that will be wanted.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub(crate) fn dated_drugs(&self, places: &Bits) -> Result<Arc<DatedDrugs>, Error> {
        // A thread that panicked left nothing half done behind.
        let kept = || self.kept.dated_drugs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().as_ref().filter(|known| places.are_within(&known.places)) {
            return Ok(Arc::clone(known));
        }
        let mut rows = Vec::new();
        let whole = |row: DrugRow, made: &mut Vec<DrugRow>| made.push(row);
        let wanted = |place: usize| places.contains(place);
        self.map_drugs(Dates::Read, Wanted::Few(&wanted), &whole, &mut |made| rows.append(made))?;
        let made = Arc::new(DatedDrugs { places: places.clone(), rows });
        *kept() = Some(Arc::clone(&made));
        Ok(made)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::corpus::facts::Fact;
    use crate::corpus::memory::{MemoryDrug, MemoryReport};

    /// A report of as many drugs as its place.
    fn report(place: usize) -> MemoryReport {
        let drug = |at: usize| MemoryDrug {
            substances: vec![format!("s{at}")],
            role: None,
            start: None,
            indications: Vec::new(),
        };
        MemoryReport {
            fact: Fact::UNKNOWN,
            drugs: (0..place).map(drug).collect(),
            events: Vec::new(),
        }
    }

    /// Whatever was asked for before, the rows are those of the reports asked for.
    #[test]
    fn rows_that_are_kept_are_those_that_would_be_read() {
        let reports: Vec<MemoryReport> = (0..6).map(report).collect();
        let corpus = Corpus::of_reports(&reports);
        for asked in [vec![2, 3, 5], vec![3], vec![], vec![3, 4], vec![4], vec![1, 2, 5]] {
            let places = Bits::new(asked.iter().copied(), asked.last().copied());
            let drugs = corpus.dated_drugs(&places).unwrap();
            let found: Vec<usize> = drugs.of(&places).map(|row| row.place).collect();
            let expected = asked.iter().flat_map(|place| vec![*place as usize; *place as usize]);
            assert_eq!(found, expected.collect::<Vec<_>>(), "{asked:?}");
        }
    }

    #[test]
    fn what_is_within_what_was_asked_for_is_not_read_again() {
        let reports: Vec<MemoryReport> = (0..6).map(report).collect();
        let corpus = Corpus::of_reports(&reports);
        let of = |places: &[u32]| Bits::new(places.iter().copied(), places.last().copied());
        let all = corpus.dated_drugs(&of(&[2, 3, 5])).unwrap();
        assert!(Arc::ptr_eq(&all, &corpus.dated_drugs(&of(&[5])).unwrap()));
        assert!(!Arc::ptr_eq(&all, &corpus.dated_drugs(&of(&[4])).unwrap()));
    }
}
