//! Every pair, in this process: from the reports to the reports of each substance, then one substance
//! after another into a row of counters, one a term.
//!
//! Time goes with the sum over reports of substances times terms; memory with the pairs that occur, plus
//! four bytes for every substance on a report.

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;

use super::Embedded;
use crate::corpus::Corpus;
use crate::count::bits::{Bits, Places, Postings};
use crate::count::control::pairs::control_totals;
use crate::count::{CountError, PairControlTotals, PairCount, PairCounts, PairEngine, PairPlan};

/// Reports a task counts, unless one substance alone has more.
const BLOCK: usize = 1 << 16;

/// Reports a task adds up the margins of.
const PIECE: u32 = 1 << 20;

impl PairEngine for Embedded<'_> {
    fn count_pairs(&self, plan: &PairPlan) -> Result<PairCounts, CountError> {
        let terms = CountedTerms::new(self.corpus, plan)?;
        let reports = ReportsOf::new(self.corpus, plan.roles)?;
        let term_reports = terms.margins(plan.roles)?;
        let blocks = reports.blocks();
        let counted: Vec<Vec<PairCount>> =
            blocks.into_par_iter().map(|block| count_block(&reports, &terms, block)).collect();
        let mut pairs = Vec::with_capacity(counted.iter().map(Vec::len).sum());
        // A block goes as it is taken over, so that the pairs are not in memory twice.
        counted.into_iter().for_each(|block| pairs.extend(block));
        Ok(PairCounts {
            reports: reports.eligible,
            substances: reports.margins(),
            terms: term_reports,
            occurrences: pairs.iter().map(|pair| u64::from(pair.n)).sum(),
            pairs,
        })
    }

    fn pair_control_totals(
        &self,
        plan: &PairPlan,
        sample: &[(u32, u32)],
    ) -> Result<PairControlTotals, CountError> {
        control_totals(self.corpus, plan, sample, &self.sets)
    }
}

/// The places of all reports.
fn places(corpus: &Corpus) -> Result<Range<u32>, CountError> {
    let reports = corpus.reports();
    u32::try_from(reports).map(|end| 0..end).map_err(|_| CountError::TooManyReports { reports })
}

/// Whether a report is eligible: an exposure in the roles and an event term.
fn is_eligible(corpus: &Corpus, roles: u8, place: u32) -> bool {
    let place = place as usize;
    let exposed = || corpus.exposures(place).any(|exposure| exposure.roles & roles != 0);
    !corpus.events(place).is_empty() && exposed()
}

/// The places of the eligible reports of every substance, ascending.
struct ReportsOf {
    eligible: u64,
    lists: Postings,
}

impl ReportsOf {
    fn new(corpus: &Corpus, roles: u8) -> Result<Self, CountError> {
        places(corpus)?;
        let all = Places::Below(corpus.reports());
        let lists = Postings::new(all, corpus.substances().len(), |place| {
            let reacted = !corpus.events(place).is_empty();
            let exposures = corpus.exposures(place);
            exposures.filter(move |e| reacted && e.roles & roles != 0).map(|e| e.substance)
        });
        let count = |range: Range<usize>| {
            range.filter(|&place| is_eligible(corpus, roles, place as u32)).count() as u64
        };
        let chunks: Vec<usize> = (0..corpus.reports()).step_by(BLOCK).collect();
        let chunk = |from: usize| count(from..corpus.reports().min(from + BLOCK));
        let eligible = chunks.into_par_iter().map(chunk).sum();
        Ok(Self { eligible, lists })
    }

    /// How many reports every substance has, by id.
    fn margins(&self) -> Vec<u64> {
        (0..self.lists.ids()).map(|id| self.lists.count(id) as u64).collect()
    }

    /// Substances in runs of about equal work.
    fn blocks(&self) -> Vec<Range<u32>> {
        let mut blocks = Vec::new();
        let (mut from, mut work) = (0, 0);
        for (after, id) in (1..).zip(0..self.lists.ids()) {
            work += self.lists.count(id);
            if work >= BLOCK || after as usize == self.lists.ids() {
                blocks.push(from..after);
                (from, work) = (after, 0);
            }
        }
        blocks
    }
}

/// The terms of the reports under the names they are counted under.
struct CountedTerms<'c> {
    corpus: &'c Corpus,
    /// The places of the reports with a term that is counted under another.
    with_renamed: Bits,
    /// The terms of these, by place.
    replaced: HashMap<u32, Vec<u32>>,
}

impl<'c> CountedTerms<'c> {
    fn new(corpus: &'c Corpus, plan: &PairPlan) -> Result<Self, CountError> {
        let counted_as = plan.counted_as(corpus.terms().len())?;
        let renamed: Vec<bool> = (0..).zip(&counted_as).map(|(id, &name)| id != name).collect();
        let has_renamed =
            |place: usize| corpus.events(place).iter().any(|&term| renamed[term as usize]);
        let with_renamed = match plan.renamed.is_empty() {
            true => Bits::default(),
            false => Bits::where_holds(corpus.reports(), has_renamed),
        };
        let now = |place: u32| {
            let own = corpus.events(place as usize).iter();
            let mut now: Vec<u32> = own.map(|&id| counted_as[id as usize]).collect();
            now.sort_unstable();
            now.dedup();
            (place, now)
        };
        let replaced = with_renamed.iter().map(now).collect();
        Ok(Self { corpus, with_renamed, replaced })
    }

    /// Distinct terms of a report. What they are is not looked at: see [`AHEAD`].
    fn of(&self, place: u32) -> &[u32] {
        let own = self.corpus.events(place as usize);
        if !self.with_renamed.contains(place as usize) {
            return own;
        }
        self.replaced.get(&place).map_or(own, Vec::as_slice)
    }

    /// Eligible reports with the term, by term id.
    fn margins(&self, roles: u8) -> Result<Vec<u64>, CountError> {
        let places = places(self.corpus)?;
        let of = |from: u32| {
            let mut margins = vec![0_u64; self.corpus.terms().len()];
            let piece = from..places.end.min(from.saturating_add(PIECE));
            for place in piece.filter(|&at| is_eligible(self.corpus, roles, at)) {
                self.of(place).iter().for_each(|&term| margins[term as usize] += 1);
            }
            margins
        };
        let pieces: Vec<u32> = places.clone().step_by(PIECE as usize).collect();
        let add = |mut all: Vec<u64>, more: Vec<u64>| {
            all.iter_mut().zip(more).for_each(|(all, more)| *all += more);
            all
        };
        let margins = pieces.into_par_iter().map(of).reduce_with(add);
        Ok(margins.unwrap_or_else(|| vec![0; self.corpus.terms().len()]))
    }
}

/// Reports whose terms are looked up before the first of them is counted. Those of one substance lie far apart, and so
/// the memory is asked for many of them at a time.
const AHEAD: usize = 32;

/// The pairs of some substances.
fn count_block(reports: &ReportsOf, terms: &CountedTerms, block: Range<u32>) -> Vec<PairCount> {
    let mut pairs = Vec::new();
    let mut counters = Counters::new(terms.corpus.terms().len());
    for substance in block {
        for places in reports.lists.slices(substance as usize) {
            for some in places.chunks(AHEAD) {
                let mut ahead: [&[u32]; AHEAD] = [&[]; AHEAD];
                ahead.iter_mut().zip(some).for_each(|(ahead, place)| *ahead = terms.of(*place));
                let first = ahead.iter().filter_map(|terms| terms.first());
                std::hint::black_box(first.fold(0, |any, term| any | term));
                ahead.iter().copied().flatten().for_each(|&term| counters.add(term));
            }
        }
        counters.take(substance, &mut pairs);
    }
    pairs
}

/// A counter a term, and which of them are not 0.
struct Counters {
    counts: Vec<u32>,
    touched: Vec<u32>,
}

impl Counters {
    fn new(terms: usize) -> Self {
        Self { counts: vec![0; terms], touched: Vec::new() }
    }

    fn add(&mut self, term: u32) {
        let count = &mut self.counts[term as usize];
        if *count == 0 {
            self.touched.push(term);
        }
        *count += 1;
    }

    /// Hands the counts of a substance on, by term, and starts again from 0.
    fn take(&mut self, substance: u32, pairs: &mut Vec<PairCount>) {
        self.touched.sort_unstable();
        for term in self.touched.drain(..) {
            let n = std::mem::take(&mut self.counts[term as usize]);
            pairs.push(PairCount { substance, term, n });
        }
    }
}
