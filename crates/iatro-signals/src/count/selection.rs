//! Which reports count, and which entries on them are no exposures.

use roaring::RoaringBitmap;

use super::Plan;
use super::bits::Bits;
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
    /// The selection within a set of reports.
    #[must_use]
    pub(crate) fn only(mut self, kept: &RoaringBitmap) -> Self {
        self.reports = Some(match self.reports.take() {
            None => kept.clone(),
            Some(reports) => reports & kept,
        });
        self
    }
}

/// The exposures of a plan over a corpus. What the selection says in compressed sets is laid out flat here,
/// because it is asked for at every entry of every report.
#[derive(Debug)]
pub struct Exposures<'c> {
    corpus: &'c Corpus,
    roles: u8,
    set_aside: Bits,
    /// The reports that count; `None` for all.
    reports: Option<Bits>,
}

impl<'c> Exposures<'c> {
    /// Lays out the selection of a plan.
    pub fn new(corpus: &'c Corpus, plan: &Plan) -> Self {
        Self {
            corpus,
            roles: plan.roles,
            set_aside: Bits::of(&plan.selection.set_aside),
            reports: plan.selection.reports.as_ref().map(Bits::of),
        }
    }

    /// The exposures of a report; none if the report does not count.
    pub fn of(&self, place: usize) -> impl Iterator<Item = Exposure> + Clone + '_ {
        let entries = self.corpus.exposures(place);
        let entries = entries.take(if self.counts(place) { usize::MAX } else { 0 });
        let first = usize::try_from(self.corpus.first_exposure(place)).unwrap_or(usize::MAX);
        let exposures =
            (first..).zip(entries).filter(|(number, entry)| self.is_one(*number, *entry));
        exposures.map(|(_, entry)| entry)
    }

    /// Whether an entry of a report is one, by its number.
    pub(crate) fn takes(&self, place: usize, number: u32, entry: Exposure) -> bool {
        self.counts(place) && self.is_one(number as usize, entry)
    }

    fn counts(&self, place: usize) -> bool {
        self.reports.as_ref().is_none_or(|reports| reports.contains(place))
    }

    fn is_one(&self, number: usize, entry: Exposure) -> bool {
        entry.roles & self.roles != 0 && !self.set_aside.contains(number)
    }

    /// Whether a report has any.
    pub fn any(&self, place: usize) -> bool {
        self.of(place).next().is_some()
    }
}
