//! Dense sets of reports, and the reports of every substance or term as plain lists: what is asked of
//! control totals is a look into a set for every entry of a list.

use std::ops::Range;

use rayon::prelude::*;
use roaring::RoaringBitmap;

/// Reports a task looks at; whole words of a set.
const CHUNK: usize = 1 << 18;

/// A set of small numbers, one bit each.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub(crate) fn new(numbers: impl Iterator<Item = u32>, max: Option<u32>) -> Self {
        let mut bits = Self(vec![0; max.map_or(0, |max| (max >> 6) as usize + 1)]);
        numbers.for_each(|number| bits.insert(number));
        bits
    }

    /// An empty set that has room for what another holds.
    pub(crate) fn sized(other: &Self) -> Self {
        Self(vec![0; other.0.len()])
    }

    pub(crate) fn of(set: &RoaringBitmap) -> Self {
        let mut bits = Self::new([].into_iter(), set.max());
        let mut left = set.iter();
        while let Some(range) = left.next_range() {
            bits.insert_range(*range.start(), *range.end());
        }
        bits
    }

    /// Adds all numbers from the first to the last, both below the size.
    fn insert_range(&mut self, first: u32, last: u32) {
        let (from, to) = ((first >> 6) as usize, (last >> 6) as usize);
        let low = u64::MAX << (first & 63);
        let high = u64::MAX >> (63 - (last & 63));
        if from == to {
            self.0[from] |= low & high;
            return;
        }
        self.0[from] |= low;
        self.0[from + 1..to].fill(u64::MAX);
        self.0[to] |= high;
    }

    /// The places below `count` of which `holds` is true, in parallel.
    pub(crate) fn where_holds(count: usize, holds: impl Fn(usize) -> bool + Sync) -> Self {
        let mut words = vec![0_u64; count.div_ceil(64)];
        words.par_chunks_mut(CHUNK / 64).enumerate().for_each(|(chunk, words)| {
            for (at, word) in words.iter_mut().enumerate() {
                let first = chunk * CHUNK + at * 64;
                for place in first..count.min(first + 64) {
                    *word |= u64::from(holds(place)) << (place & 63);
                }
            }
        });
        Self(words)
    }

    /// Whether it has room for no number at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With what another holds.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
        self
    }

    /// Adds a number below the size; one beyond is left out.
    pub(crate) fn insert(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut((number >> 6) as usize) {
            *word |= 1 << (number & 63);
        }
    }

    pub(crate) fn contains(&self, number: usize) -> bool {
        self.0.get(number >> 6).is_some_and(|word| word >> (number & 63) & 1 == 1)
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether another holds all of them.
    pub(crate) fn are_within(&self, other: &Self) -> bool {
        let others = other.0.iter().copied().chain(std::iter::repeat(0));
        self.0.iter().zip(others).all(|(word, other)| word & !other == 0)
    }

    /// Keeps what is in both.
    pub(crate) fn keep(&mut self, other: &Self) {
        let others = other.0.iter().copied().chain(std::iter::repeat(0));
        self.0.iter_mut().zip(others).for_each(|(word, other)| *word &= other);
    }

    pub(crate) fn remove(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut((number >> 6) as usize) {
            *word &= !(1 << (number & 63));
        }
    }

    /// The same numbers, compressed.
    pub(crate) fn to_set(&self) -> RoaringBitmap {
        let bytes: Vec<u8> = self.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        RoaringBitmap::from_lsb0_bytes(0, &bytes)
    }

    /// The numbers, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + Clone + '_ {
        (0_u32..).zip(&self.0).flat_map(|(at, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(at << 6 | bit)
            })
        })
    }
}

/// Sets that [`masks`] can tell apart.
pub(crate) const MASKS: usize = 16;

/// For every number below `count`, in which of the sets it is: a bit each for the first [`MASKS`], in parallel.
pub(crate) fn masks(sets: &[&Bits], count: usize) -> Vec<u16> {
    let mut masks = vec![0_u16; count];
    masks.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, masks)| {
        for (at, masks) in masks.chunks_mut(64).enumerate() {
            for (set, bits) in sets.iter().take(MASKS).enumerate() {
                let word = bits.0.get(chunk * (CHUNK / 64) + at).copied().unwrap_or_default();
                for (bit, mask) in masks.iter_mut().enumerate() {
                    *mask |= ((word >> bit & 1) as u16) << set;
                }
            }
        }
    });
    masks
}

/// A set of ascending numbers, which is made without looking for the place of each.
pub(crate) fn set_of_sorted(numbers: impl Iterator<Item = u32> + Clone) -> RoaringBitmap {
    let sorted = RoaringBitmap::from_sorted_iter(numbers.clone());
    sorted.unwrap_or_else(|_| numbers.collect())
}

/// For every id, the places of the reports that list it, ascending. Made piece by piece of the reports, so
/// that the pieces can be made at once; a list is its parts in all pieces.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    pieces: Vec<Piece>,
    ids: usize,
}

#[derive(Debug)]
struct Piece {
    /// By id, where its places end.
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl Postings {
    /// The lists of `ids` ids over the reports at these places; `of_report` gives the ids of a place, each
    /// once and below `ids`.
    pub(crate) fn new<I: Iterator<Item = u32>>(
        places: Places<'_>,
        ids: usize,
        of_report: impl Fn(usize) -> I + Sync,
    ) -> Self {
        let pieces = places.pieces(ids);
        let piece = |range: Range<usize>| Piece::new(places.iter(range), ids, &of_report);
        Self { pieces: pieces.into_par_iter().map(piece).collect(), ids }
    }

    /// The places below `count` that any list holds.
    pub(crate) fn union(&self, count: usize) -> Bits {
        let last = count.checked_sub(1).and_then(|last| u32::try_from(last).ok());
        let of_piece = |piece: &Piece| Bits::new(piece.places.iter().copied(), last);
        let sets = self.pieces.par_iter().map(of_piece);
        sets.reduce_with(|one, two| one.with(&two))
            .unwrap_or_else(|| Bits::new([].into_iter(), last))
    }

    /// How many ids there are.
    pub(crate) fn ids(&self) -> usize {
        self.ids
    }

    /// The places of an id.
    pub(crate) fn of(&self, id: usize) -> impl Iterator<Item = u32> + Clone + '_ {
        self.slices(id).flatten().copied()
    }

    /// The same in slices.
    pub(crate) fn slices(&self, id: usize) -> impl Iterator<Item = &[u32]> + Clone + '_ {
        self.pieces.iter().map(move |piece| piece.of(id))
    }

    /// How many places an id has.
    pub(crate) fn count(&self, id: usize) -> usize {
        self.pieces.iter().map(|piece| piece.of(id).len()).sum()
    }
}

impl Piece {
    fn new<I: Iterator<Item = u32>>(
        places: impl Iterator<Item = usize> + Clone,
        ids: usize,
        of_report: &impl Fn(usize) -> I,
    ) -> Self {
        let mut next = vec![0_u32; ids];
        for id in places.clone().flat_map(of_report) {
            next[id as usize] += 1;
        }
        let mut all = 0;
        for slot in &mut next {
            all += std::mem::replace(slot, all);
        }
        let mut lists = vec![0; all as usize];
        for place in places {
            for id in of_report(place) {
                let at = &mut next[id as usize];
                lists[*at as usize] = place as u32;
                *at += 1;
            }
        }
        // Every list is full: where its next place would go is its end.
        Self { ends: next, places: lists }
    }

    fn of(&self, id: usize) -> &[u32] {
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start as usize..self.ends[id] as usize]
    }
}

/// All reports below a number, or some.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Places<'p> {
    Below(usize),
    Listed(&'p [u32]),
}

impl<'p> Places<'p> {
    fn len(self) -> usize {
        match self {
            Self::Below(count) => count,
            Self::Listed(places) => places.len(),
        }
    }

    /// As many pieces as threads, unless the lists of ids would be longer than those of reports.
    fn pieces(self, ids: usize) -> Vec<Range<usize>> {
        let threads = rayon::current_num_threads().max(1);
        let size = self.len().div_ceil(threads).max(ids).max(1);
        (0..self.len()).step_by(size).map(|at| at..(at + size).min(self.len())).collect()
    }

    fn iter(self, range: Range<usize>) -> impl Iterator<Item = usize> + Clone + use<'p> {
        range.map(move |at| match self {
            Self::Below(_) => at,
            Self::Listed(places) => places[at] as usize,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn sets_and_lists_are_those_of_the_reports(
            reports in prop::collection::vec(prop::collection::btree_set(0_u32..9, 0..5), 0..300),
            kept in prop::collection::btree_set(0_u32..300, 0..100),
        ) {
            let ids = |place: usize| reports[place].iter().copied();
            let some = Bits::where_holds(reports.len(), |place| !reports[place].is_empty());
            let expected: Vec<u32> =
                (0..reports.len() as u32).filter(|at| !reports[*at as usize].is_empty()).collect();
            prop_assert_eq!(some.iter().collect::<Vec<_>>(), expected.clone());
            prop_assert_eq!(some.len(), expected.len() as u64);
            let listed: Vec<u32> =
                kept.iter().copied().filter(|at| (*at as usize) < reports.len()).collect();
            for (places, taken) in [
                (Places::Below(reports.len()), (0..reports.len() as u32).collect::<Vec<_>>()),
                (Places::Listed(&listed), listed.clone()),
            ] {
                let postings = Postings::new(places, 9, ids);
                for id in 0..9 {
                    let with = taken.iter().copied().filter(|at| reports[*at as usize].contains(&id));
                    let with: Vec<u32> = with.collect();
                    prop_assert_eq!(postings.of(id as usize).collect::<Vec<_>>(), with.clone());
                    prop_assert_eq!(postings.count(id as usize), with.len());
                }
            }
            let kept_set: RoaringBitmap = kept.iter().copied().collect();
            let of_kept = Bits::of(&kept_set);
            prop_assert_eq!(of_kept.iter().collect::<Vec<_>>(), kept.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(of_kept.to_set(), kept_set);
            let within = kept.iter().all(|number| some.contains(*number as usize));
            prop_assert_eq!(of_kept.are_within(&some), within);
            let mut both = some.clone();
            both.keep(&Bits::new(kept.iter().copied(), kept.last().copied()));
            let in_both = expected.iter().copied().filter(|at| kept.contains(at));
            prop_assert_eq!(both.iter().collect::<Vec<_>>(), in_both.collect::<Vec<_>>());
        }
    }

    /// Runs that end on and beside the bounds of words, and beyond those of the containers of a compressed set.
    #[test]
    fn runs_of_numbers_are_kept_whole() {
        let runs = [0..1, 5..301, 63..65, 128..192, 65_530..131_081, 131_135..131_136];
        for run in &runs {
            let set: RoaringBitmap = run.clone().collect();
            let bits = Bits::of(&set);
            assert_eq!(bits.iter().collect::<Vec<_>>(), run.clone().collect::<Vec<_>>());
            assert_eq!(bits.to_set(), set);
        }
        let all: RoaringBitmap = runs.into_iter().flatten().collect();
        assert_eq!(Bits::of(&all).to_set(), all);
        assert_eq!(Bits::of(&RoaringBitmap::new()).to_set(), RoaringBitmap::new());
        let full = Bits::where_holds(1 << 17, |_| true);
        assert_eq!(full.to_set().len(), 1 << 17);
    }

    #[test]
    fn a_number_beyond_the_set_is_in_none() {
        let mut bits = Bits::new([3, 64].into_iter(), Some(64));
        bits.insert(1_000);
        assert!(bits.contains(64) && !bits.contains(1_000) && !bits.contains(4));
        bits.remove(64);
        bits.remove(2_000);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3]);
    }
}
