//! Several plans in one scan: on every report and entry a bit a plan, for every substance a small counter a plan.
//!
//! The checks of a bench mostly leave reports out, so nearly every entry counts for nearly every plan; going over the
//! entries takes longer than adding to one counter or to sixteen that lie side by side.

use std::ops::Range;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::scan;
use crate::corpus::Corpus;
use crate::count::bits::Bits;
use crate::count::{Cell, Counts, Plan};

/// Plans that are counted at once.
const LANES: usize = 16;

/// A bit a plan.
type Mask = u16;

/// Tallies that are made at once for every thread: a tally is many counters, and the reports go to few of them.
const SHARES: usize = 4;

/// Counts plans, in their order.
pub(super) fn count(corpus: &Corpus, plans: &[Plan]) -> Vec<Counts> {
    plans.chunks(LANES).flat_map(|plans| count_at_once(corpus, plans)).collect()
}

/// Counts plans, at most [`LANES`].
fn count_at_once(corpus: &Corpus, plans: &[Plan]) -> Vec<Counts> {
    let scan = Scan::new(corpus, plans);
    let compares = plans.iter().any(|plan| !plan.comparator.is_empty());
    let empty = || Tally::new(corpus.substances().len(), compares);
    let of_share = |share: &[Range<usize>]| {
        let mut tally = empty();
        share.iter().cloned().flatten().for_each(|at| scan.add(at, &mut tally));
        tally
    };
    let ranges = scan::chunks(scan.reports());
    let shares = SHARES * rayon::current_num_threads();
    let tallies = ranges.par_chunks(ranges.len().div_ceil(shares).max(1)).map(of_share);
    let tally = tallies.reduce_with(Tally::merged).unwrap_or_else(empty);
    plans.iter().enumerate().map(|(lane, plan)| tally.counts(lane, plan)).collect()
}

/// Plans made ready for a scan.
struct Scan<'p> {
    corpus: &'p Corpus,
    /// By the roles of an entry, the plans in which these make an exposure of it.
    of_roles: [Mask; 256],
    /// By term, the plans whose event it is.
    of_terms: Vec<Mask>,
    /// By substance, the plans that compare with it.
    compared: Vec<Mask>,
    /// The entries that any plan sets aside.
    set_aside: Bits,
    /// The same of the plans that set the same aside.
    sets_aside: Vec<(Mask, Bits)>,
    /// By plan, the reports that count; `None` for all.
    selected: Vec<Option<Bits>>,
    /// The places of the reports that count in any plan, where they are few; `None` to look at all.
    places: Option<Vec<u32>>,
}

impl<'p> Scan<'p> {
    fn new(corpus: &'p Corpus, plans: &[Plan]) -> Self {
        let lanes = || (0..).zip(plans).map(|(lane, plan)| (1 << lane, plan));
        let mut scan = Self {
            corpus,
            of_roles: [0; 256],
            of_terms: vec![0; corpus.terms().len()],
            compared: vec![0; corpus.substances().len()],
            set_aside: Bits::default(),
            sets_aside: Vec::new(),
            selected: plans
                .par_iter()
                .map(|p| p.selection.reports.as_ref().map(Bits::of))
                .collect(),
            places: places(corpus, plans),
        };
        let mut sets: Vec<(Mask, &RoaringBitmap)> = Vec::new();
        for (lane, plan) in lanes() {
            let of_roles = (0_u8..=u8::MAX).zip(&mut scan.of_roles);
            of_roles.filter(|(roles, _)| roles & plan.roles != 0).for_each(|(_, of)| *of |= lane);
            mark(&mut scan.of_terms, &plan.event_terms, lane);
            mark(&mut scan.compared, &plan.comparator, lane);
            let set_aside = &plan.selection.set_aside;
            match sets.iter_mut().find(|(_, known)| *known == set_aside) {
                Some((of, _)) => *of |= lane,
                None => sets.push((lane, set_aside)),
            }
        }
        let all = sets.iter().fold(RoaringBitmap::new(), |all, (_, set)| all | *set);
        scan.set_aside = Bits::of(&all);
        scan.sets_aside = sets.into_iter().map(|(lanes, set)| (lanes, Bits::of(set))).collect();
        scan
    }

    /// How many reports there are to look at.
    fn reports(&self) -> usize {
        self.places.as_ref().map_or(self.corpus.reports(), Vec::len)
    }

    /// Adds one of the reports to look at.
    fn add(&self, at: usize, tally: &mut Tally) {
        let place = self.places.as_ref().map_or(at, |places| places[at] as usize);
        let events = self.corpus.events(place);
        if events.is_empty() {
            return;
        }
        let counts = self.counts(place);
        if counts == 0 {
            return;
        }
        let of_term = |term: &u32| self.of_terms.get(*term as usize).copied().unwrap_or_default();
        let cases = events.iter().fold(0, |cases, term| cases | of_term(term));
        let first = usize::try_from(self.corpus.first_exposure(place)).unwrap_or(usize::MAX);
        let entries = (first..).zip(self.corpus.exposures(place));
        let exposed = entries.map(|(number, entry)| {
            let of_roles = counts & self.of_roles[usize::from(entry.roles)];
            (entry.substance as usize, of_roles & !self.aside(number))
        });
        tally.add(cases, exposed, &self.compared);
    }

    /// The plans in which a report counts.
    fn counts(&self, place: usize) -> Mask {
        let is_in = |reports: &Option<Bits>| reports.as_ref().is_none_or(|r| r.contains(place));
        let lanes = (0..).zip(&self.selected);
        lanes.fold(0, |counts, (lane, reports)| counts | Mask::from(is_in(reports)) << lane)
    }

    /// The plans that set an entry aside.
    fn aside(&self, number: usize) -> Mask {
        if !self.set_aside.contains(number) {
            return 0;
        }
        let sets = self.sets_aside.iter().filter(|(_, set)| set.contains(number));
        sets.fold(0, |aside, (lanes, _)| aside | lanes)
    }
}

fn mark(of_ids: &mut [Mask], ids: &[u32], lane: Mask) {
    for id in ids {
        if let Some(of) = of_ids.get_mut(*id as usize) {
            *of |= lane;
        }
    }
}

/// The places of the reports that count in any plan, if they are few.
fn places(corpus: &Corpus, plans: &[Plan]) -> Option<Vec<u32>> {
    let mut any = RoaringBitmap::new();
    for plan in plans {
        any |= plan.selection.reports.as_ref().filter(|reports| scan::are_few(reports, corpus))?;
    }
    let within = |place: &u32| (*place as usize) < corpus.reports();
    scan::are_few(&any, corpus).then(|| any.iter().take_while(within).collect())
}

/// Counts of some reports.
struct Tally {
    /// Of the one id 0: eligible reports, ...
    reports: Lanes,
    /// ... those with the event, ...
    cases: Lanes,
    /// ... those with a comparator, ...
    compared: Lanes,
    /// ... and those with both.
    compared_cases: Lanes,
    of_substances: OfSubstances,
}

/// By substance.
struct OfSubstances {
    exposed: Lanes,
    cases: Lanes,
    /// Reports with the substance and a comparator; empty if no plan has a comparator.
    shared: Lanes,
    shared_cases: Lanes,
}

impl Tally {
    /// Where no plan compares with a substance, no report is shared.
    fn new(substances: usize, compares: bool) -> Self {
        let shared = if compares { substances } else { 0 };
        let of_substances = OfSubstances {
            exposed: Lanes::new(substances),
            cases: Lanes::new(substances),
            shared: Lanes::new(shared),
            shared_cases: Lanes::new(shared),
        };
        let [reports, cases, compared, compared_cases] = [1; 4].map(Lanes::new);
        Self { reports, cases, compared, compared_cases, of_substances }
    }

    /// Adds a report with its entries and the plans in which each is an exposure.
    fn add(
        &mut self,
        of_event: Mask,
        exposed: impl Iterator<Item = (usize, Mask)> + Clone,
        compared: &[Mask],
    ) {
        let (mut eligible, mut shared) = (0, 0);
        let of = &mut self.of_substances;
        for (substance, lanes) in exposed.clone() {
            eligible |= lanes;
            shared |= lanes & compared.get(substance).copied().unwrap_or_default();
            of.exposed.add(substance, lanes);
        }
        let cases = eligible & of_event;
        self.reports.add(0, eligible);
        if cases | shared == 0 {
            return;
        }
        self.cases.add(0, cases);
        self.compared.add(0, shared);
        self.compared_cases.add(0, shared & cases);
        for (substance, lanes) in exposed {
            of.cases.add(substance, lanes & cases);
            of.shared.add(substance, lanes & shared);
            of.shared_cases.add(substance, lanes & shared & cases);
        }
    }

    fn merged(mut self, mut other: Self) -> Self {
        self.all().into_iter().zip(other.all()).for_each(|(lanes, more)| lanes.merge(more));
        self
    }

    fn all(&mut self) -> [&mut Lanes; 8] {
        let Self { reports, cases, compared, compared_cases, of_substances: of } = self;
        let OfSubstances { exposed, cases: of_cases, shared, shared_cases } = of;
        [reports, cases, compared, compared_cases, exposed, of_cases, shared, shared_cases]
    }

    fn counts(&self, lane: usize, plan: &Plan) -> Counts {
        let whole = |lanes: &Lanes| lanes.of(0, lane);
        let (reports, cases) = (whole(&self.reports), whole(&self.cases));
        let (compared, compared_cases) = (whole(&self.compared), whole(&self.compared_cases));
        let of = &self.of_substances;
        let cell = |id: usize| {
            let (exposed, own) = (of.exposed.of(id, lane), of.cases.of(id, lane));
            let more = exposed - of.shared.of(id, lane);
            let more_cases = own - of.shared_cases.of(id, lane);
            let (reports, all_cases) = if plan.comparator.is_empty() {
                (reports, cases)
            } else {
                (compared + more, compared_cases + more_cases)
            };
            Cell { exposed, cases: own, reports, all_cases }
        };
        let cells: Vec<Cell> = (0..of.exposed.short.len()).map(cell).collect();
        let pairs = cells.iter().map(|cell| cell.exposed).sum();
        Counts { reports, cases, pairs, cells }
    }
}

/// By id, a count a plan.
struct Lanes {
    short: Vec<Short>,
    /// What was counted before: there are fewer reports than 2^32.
    long: Vec<[u32; LANES]>,
}

/// Counts of a byte each, those of eight plans in a word.
#[derive(Clone, Copy, Default)]
struct Short {
    words: [u64; 2],
    added: u8,
}

/// The bits of a byte as bytes.
const SPREAD: [u64; 256] = {
    let mut spread = [0; 256];
    let mut bits = 0;
    while bits < 256 {
        let mut bit = 0;
        while bit < 8 {
            spread[bits] |= (bits as u64 >> bit & 1) << (8 * bit);
            bit += 1;
        }
        bits += 1;
    }
    spread
};

impl Lanes {
    fn new(ids: usize) -> Self {
        Self { short: vec![Short::default(); ids], long: vec![[0; LANES]; ids] }
    }

    /// Adds one to an id in some plans.
    fn add(&mut self, id: usize, lanes: Mask) {
        if lanes == 0 {
            return;
        }
        let [low, high] = lanes.to_le_bytes();
        let short = &mut self.short[id];
        short.words[0] += SPREAD[usize::from(low)];
        short.words[1] += SPREAD[usize::from(high)];
        short.added += 1;
        // Before a byte can run over into the next.
        if short.added == u8::MAX {
            self.settle(id);
        }
    }

    fn settle(&mut self, id: usize) {
        let Short { words, .. } = std::mem::take(&mut self.short[id]);
        let bytes = words.into_iter().flat_map(u64::to_le_bytes);
        self.long[id].iter_mut().zip(bytes).for_each(|(long, byte)| *long += u32::from(byte));
    }

    fn merge(&mut self, other: &mut Self) {
        for id in 0..self.short.len().min(other.short.len()) {
            self.settle(id);
            other.settle(id);
            self.long[id].iter_mut().zip(other.long[id]).for_each(|(long, more)| *long += more);
        }
    }

    /// The count of an id in a plan; 0 of one that has no counters.
    fn of(&self, id: usize, lane: usize) -> u64 {
        let (Some(short), Some(long)) = (self.short.get(id), self.long.get(id)) else { return 0 };
        let byte = short.words[lane / 8].to_le_bytes()[lane % 8];
        u64::from(long[lane]) + u64::from(byte)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::count::testdata::{Report, SUBSTANCES, TERMS, reports};
    use crate::count::{Embedded, Engine, Selection, counted, counted_all};

    /// Plans of which some leave nearly all reports out and some none, and which share what they set aside.
    fn plan() -> impl Strategy<Value = Plan> {
        let numbers = |below: u32, most: usize| prop::collection::btree_set(0..below, 0..most);
        let reports = prop_oneof![
            Just(None),
            numbers(500, 12).prop_map(Some),
            numbers(400, 400).prop_map(Some),
        ];
        let set_aside = prop_oneof![
            Just(RoaringBitmap::new()),
            Just(RoaringBitmap::from_iter([0, 3, 4, 9, 40])),
            numbers(900, 60).prop_map(|set| set.into_iter().collect()),
        ];
        let ids = numbers(SUBSTANCES + 2, 3);
        let parts = (1_u8..4, numbers(6, 3), prop_oneof![2 => Just(None), 1 => ids.prop_map(Some)]);
        (parts, reports, set_aside).prop_map(|((roles, terms, comparator), reports, set_aside)| {
            Plan {
                roles,
                event_terms: terms.into_iter().collect(),
                comparator: comparator.into_iter().flatten().collect(),
                selection: Selection {
                    reports: reports.map(|r| r.into_iter().collect()),
                    set_aside,
                },
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// Plans counted together are counted as each alone, control totals too; more plans than lanes among them.
        #[test]
        fn plans_counted_together_are_counted_as_each_alone(
            reports in reports(0..400),
            plans in prop::collection::vec(plan(), 0..40),
        ) {
            let corpus = Corpus::of_ids(&reports, SUBSTANCES, &TERMS);
            let engine = Embedded::new(&corpus);
            let together = counted_all(&engine, &plans).unwrap();
            let alone: Vec<Counts> = plans.iter().map(|p| counted(&engine, p).unwrap()).collect();
            prop_assert_eq!(together, alone);
            let controls = engine.all_control_totals(&plans).unwrap();
            let alone = plans.iter().map(|plan| engine.control_totals(plan).unwrap());
            prop_assert_eq!(controls, alone.collect::<Vec<_>>());
        }
    }

    /// More reports than the bytes and digits of short counters hold.
    #[test]
    fn long_counts_are_carried() {
        let reports: Vec<Report> = vec![(vec![(0, 1), (1, 2)], vec![1]); 3_000];
        let corpus = Corpus::of_ids(&reports, SUBSTANCES, &TERMS);
        let plan = |to: u32| Plan {
            roles: 3,
            event_terms: vec![1],
            comparator: Vec::new(),
            selection: Selection { reports: Some((0..to).collect()), ..Selection::default() },
        };
        let plans: Vec<Plan> = (0..16).map(|at| plan(1_000 + 125 * at)).collect();
        let counts = counted_all(&Embedded::new(&corpus), &plans).unwrap();
        let exposed: Vec<u64> = counts.iter().map(|counts| counts.cells[0].exposed).collect();
        assert_eq!(exposed, (0..16).map(|at| 1_000 + 125 * at).collect::<Vec<u64>>());
        assert!(counts.iter().all(|c| c.cases == c.cells[1].cases && c.pairs == 2 * c.reports));
    }
}
