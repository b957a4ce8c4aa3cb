//! Which reports count, and which entries on them are no exposures.

use std::ops::Range;

use roaring::RoaringBitmap;

use crate::corpus::{Corpus, Exposure};

/// Which reports count, and which of their substances are no exposures there. The default takes all.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Selection {
    /// The places of the reports that count; `None` for all.
    pub reports: Option<RoaringBitmap>,
    /// Entries that are no exposures, by the number that
    /// [`Corpus::first_exposure`] begins at for each report.
    pub set_aside: RoaringBitmap,
}

impl Selection {
    /// Whether the report at a place counts.
    pub fn takes(&self, place: usize) -> bool {
        match &self.reports {
            None => true,
            Some(reports) => u32::try_from(place).is_ok_and(|place| reports.contains(place)),
        }
    }

    /// The selection of what both take.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let reports = match (&self.reports, &other.reports) {
            (None, reports) | (reports, None) => reports.clone(),
            (Some(one), Some(two)) => Some(one & two),
        };
        Self { reports, set_aside: &self.set_aside | &other.set_aside }
    }

    /// The entries of a report that are exposures in one of the roles; none if the report does not count.
    pub fn exposed<'c>(
        &'c self,
        corpus: &'c Corpus,
        roles: u8,
        place: usize,
    ) -> impl Iterator<Item = Exposure> + Clone + 'c {
        let entries = corpus.exposures(place);
        let numbers =
            self.numbers(corpus, place, if self.takes(place) { entries.len() } else { 0 });
        numbers.zip(entries).filter_map(move |(number, entry)| {
            let counts = entry.roles & roles != 0;
            (counts && !self.set_aside.contains(number)).then_some(entry)
        })
    }

    fn numbers(&self, corpus: &Corpus, place: usize, entries: usize) -> Range<u32> {
        let first = u32::try_from(corpus.first_exposure(place)).unwrap_or(u32::MAX);
        first..first.saturating_add(u32::try_from(entries).unwrap_or(u32::MAX))
    }
}
