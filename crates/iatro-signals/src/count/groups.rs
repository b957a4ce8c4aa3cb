//! Counting some of a plan's entries alone, group by group, such as the exposures that were given for one
//! indication.

use iatro_reports::Error;

use super::bits::set_of_sorted;
use super::{CountError, Counts, Engine, Plan, Selection};
use crate::columns::defect;
use crate::corpus::Corpus;

/// Entries that a task counts, or a few more.
const PIECE: usize = if cfg!(test) { 4 } else { 1 << 16 };

/// Entries in groups; an entry may be in several. A check of the bench makes them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Groups {
    ends: Vec<usize>,
    entries: Vec<Numbered>,
}

/// An entry by its number, with the place of its report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Numbered {
    pub(crate) number: u32,
    pub(crate) place: u32,
}

impl Groups {
    /// Parts entries of a corpus, given with their group from 0 to below `count`. They must ascend by number, and an
    /// entry be once in a group.
    ///
    /// # Errors
    /// If the corpus has no such entry.
    pub(crate) fn new(
        corpus: &Corpus,
        count: usize,
        entries: impl Iterator<Item = (usize, u32)> + Clone,
    ) -> Result<Self, Error> {
        let mut ends = vec![0; count];
        for (group, _) in entries.clone() {
            ends[group] += 1;
        }
        let mut all = 0;
        for end in &mut ends {
            all += std::mem::replace(end, all);
        }
        let mut of_groups = vec![Numbered::default(); all];
        let found = corpus.entries(entries.clone().map(|(_, number)| number));
        let mut placed = 0;
        for ((group, _), (number, place, _)) in entries.zip(found) {
            of_groups[ends[group]] = Numbered { number, place: place as u32 };
            ends[group] += 1;
            placed += 1;
        }
        if placed != all {
            return Err(defect("an entry is beyond the last"));
        }
        // Every group is full: where its next entry would go is its end.
        Ok(Self { ends, entries: of_groups })
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The entries of every group, ascending.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &[Numbered]> {
        (0..self.len()).map(|at| self.of(at))
    }

    /// Those of one group.
    pub(super) fn of(&self, at: usize) -> &[Numbered] {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.entries[from..self.ends[at]]
    }

    /// The same in pieces, those of a report in one: a few groups have most of the entries.
    pub(super) fn pieces(&self, at: usize) -> Vec<&[Numbered]> {
        let mut pieces = Vec::new();
        let mut left = self.of(at);
        while let Some((last, next)) = left.get(PIECE - 1).zip(left.get(PIECE..)) {
            let same = next.iter().take_while(|entry| entry.place == last.place).count();
            let (piece, rest) = left.split_at(PIECE + same);
            pieces.push(piece);
            left = rest;
        }
        if !left.is_empty() {
            pieces.push(left);
        }
        pieces
    }
}

/// The plan on some of its entries alone: on their reports, with all others set aside.
pub(super) fn on_entries(corpus: &Corpus, plan: &Plan, entries: &[Numbered]) -> Plan {
    let mut places: Vec<u32> = entries.iter().map(|entry| entry.place).collect();
    places.dedup();
    let mut kept = entries.iter().map(|entry| entry.number).peekable();
    let mut others = Vec::new();
    for &place in &places {
        let first = corpus.first_exposure(place as usize);
        let count = corpus.exposures(place as usize).len() as u64;
        let numbers = (first..first + count).filter_map(|number| u32::try_from(number).ok());
        others.extend(numbers.filter(|number| {
            kept.next_if_eq(number).is_none() || plan.selection.set_aside.contains(*number)
        }));
    }
    // What the plan sets aside on other reports does not count anyway, and need not travel.
    let set_aside = set_of_sorted(others.iter().copied());
    let selection = Selection { reports: plan.selection.reports.clone(), set_aside };
    Plan { selection: selection.only(&set_of_sorted(places.iter().copied())), ..plan.clone() }
}

/// Counts a plan on the entries of every group alone, and checks the results; a mismatch is an error, never a
/// number.
///
/// # Errors
/// As for [`counted`](super::counted); of several errors, any.
pub(crate) fn counted_groups(
    engine: &dyn Engine,
    plan: &Plan,
    groups: &Groups,
) -> Result<Vec<Counts>, CountError> {
    let counts = engine.count_groups(plan, groups)?;
    let controls = engine.groups_control_totals(plan, groups)?;
    super::control::check_all("groups", groups.len(), &counts, &controls)
        .map_err(|error| CountError::control(error, engine.elsewhere()))?;
    Ok(counts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use roaring::RoaringBitmap;

    use super::*;
    use crate::count::testdata::{SUBSTANCES, TERMS, reports};
    use crate::count::{Embedded, counted};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// Groups counted together are the plans on the entries of each.
        #[test]
        fn groups_are_counted_as_plans_on_their_entries_are(
            reports in reports(1..60),
            parted in prop::collection::vec(0_usize..5, 300),
            set_aside in prop::collection::btree_set(0_u32..100, 0..20),
            kept in prop::option::of(prop::collection::btree_set(0_u32..60, 0..60)),
            compared in prop::collection::btree_set(0..SUBSTANCES, 0..3),
        ) {
            let corpus = Corpus::of_ids(&reports, SUBSTANCES, &TERMS);
            let plan = Plan {
                roles: 1,
                event_terms: vec![1, 2],
                comparator: compared.into_iter().collect(),
                selection: Selection {
                    reports: kept.map(|kept| kept.into_iter().collect()),
                    set_aside: set_aside.into_iter().collect::<RoaringBitmap>(),
                },
            };
            let last = reports.len() - 1;
            let entries = corpus.first_exposure(last) + corpus.exposures(last).len() as u64;
            // An entry may be in no group, in one, or in two; the last group is empty.
            let of_entries = (0..entries as u32).zip(&parted).flat_map(|(number, group)| {
                let groups = [(*group < 3).then_some(*group), (*group == 2).then_some(0)];
                groups.into_iter().flatten().map(move |group| (group, number))
            });
            let groups = Groups::new(&corpus, 4, of_entries).unwrap();
            let engine = Embedded::new(&corpus);
            let counts = counted_groups(&engine, &plan, &groups).unwrap();
            prop_assert_eq!(counts.len(), 4);
            for (entries, counts) in groups.iter().zip(counts) {
                let plan = on_entries(&corpus, &plan, entries);
                prop_assert_eq!(counted(&engine, &plan).unwrap(), counts);
            }
        }
    }

    /// Counts that leave a group out, or say another number, are refused.
    #[test]
    fn wrong_counts_of_groups_are_no_counts() {
        let corpus = Corpus::of_ids(&[(vec![(0, 1), (1, 1)], vec![1])], SUBSTANCES, &TERMS);
        let plan = Plan {
            roles: 1,
            event_terms: vec![1],
            comparator: Vec::new(),
            selection: Selection::default(),
        };
        let groups = Groups::new(&corpus, 2, [(0, 0), (1, 1)].into_iter()).unwrap();
        assert!(Groups::new(&corpus, 1, [(0, 2)].into_iter()).is_err());
        let engine = Embedded::new(&corpus);
        let mut counts = engine.count_groups(&plan, &groups).unwrap();
        let controls = engine.groups_control_totals(&plan, &groups).unwrap();
        let check =
            |counts: &[Counts]| super::super::control::check_all("groups", 2, counts, &controls);
        assert!(check(&counts).is_ok());
        assert!(check(&counts[..1]).is_err());
        counts[1].cells[1].cases += 1;
        assert!(check(&counts).is_err());
    }
}
