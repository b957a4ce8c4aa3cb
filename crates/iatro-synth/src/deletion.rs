//! The lists of deleted cases, which quarters have from 2019Q1.

use crate::chain::Chain;
use crate::quarter::Quarter;
use crate::quirk::{Quirk, QuirkCounts, QuirkRates};
use crate::sampler::{Rng, chance, pick};

/// Ids on lists that no report has begin here.
const UNKNOWN: u64 = 99_900_000;
/// How many lists after the last sighting may name a case.
const REACH: usize = 3;

/// One quarter's list, planned ahead.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    pub(crate) ids: Vec<u64>,
    counts: QuirkCounts,
}

/// The lists of all quarters of the plan.
#[derive(Debug)]
pub(crate) struct Lists {
    /// `None` where the quarter has no list, or it is written.
    lists: Vec<Option<List>>,
}

impl Lists {
    pub(crate) fn new(plan: &[Quarter]) -> Self {
        let list = |quarter: &Quarter| quarter.deleted_name().map(|_| List::default());
        Self { lists: plan.iter().map(list).collect() }
    }

    /// Decides whether a case is deleted, or deleted and revived; returns whether it is revived.
    pub(crate) fn plan(
        &mut self,
        rng: &mut Rng,
        chain: &mut Chain,
        here: usize,
        rates: &QuirkRates,
    ) -> bool {
        let last = chain.last_place(here);
        let after = self.places(last..self.lists.len());
        let after = &after[..after.len().min(REACH)];
        if chance(rng, rates.get(Quirk::Deleted)) {
            let Some(place) = pick(rng, after) else { return false };
            chain.deleted = true;
            self.add(*place, chain.case, Quirk::Deleted);
            let later = self.places(place + 1..self.lists.len());
            if chance(rng, rates.get(Quirk::DeletedTwice))
                && let Some(again) = later.first()
            {
                self.add(*again, chain.case, Quirk::DeletedTwice);
            }
            return false;
        }
        let between = self.places(here..last);
        let Some(place) = pick(rng, &between) else { return false };
        let revived = chance(rng, rates.get(Quirk::Revived));
        if revived {
            self.add(*place, chain.case, Quirk::Revived);
        }
        revived
    }

    /// The list of a quarter, in the order of ids, with ids that nobody has among them.
    pub(crate) fn take(
        &mut self,
        rng: &mut Rng,
        place: usize,
        quarter: Quarter,
        rows: u64,
        rates: &QuirkRates,
        counts: &mut QuirkCounts,
    ) -> Option<List> {
        let mut list = self.lists.get_mut(place)?.take()?;
        for serial in 0..rows {
            if chance(rng, rates.get(Quirk::DeletedUnknown)) {
                list.ids.push(UNKNOWN + quarter.index() * 1_000 + serial % 1_000);
                list.counts.add(Quirk::DeletedUnknown);
            }
        }
        list.ids.sort_unstable();
        counts.merge(&list.counts);
        Some(list)
    }

    fn places(&self, range: std::ops::Range<usize>) -> Vec<usize> {
        range.filter(|place| self.lists[*place].is_some()).collect()
    }

    fn add(&mut self, place: usize, case: u64, quirk: Quirk) {
        if let Some(Some(list)) = self.lists.get_mut(place) {
            list.ids.push(case);
            list.counts.add(quirk);
        }
    }
}
