//! Counting every pair of a substance and a term: the plan, the answer, and the check of one against
//! the other.
//!
//! Like [`count`](super::Engine::count), but for all terms at once: of one scan come the cells of every
//! 2 x 2 table, as the pairs that occur and their margins. [`counted_pairs`] hands the counts on only
//! if they agree with [`PairControlTotals`].

use super::{CountError, PairControlTotals};

/// How many pairs are counted again one by one.
const SAMPLE: usize = 2_000;

/// What is counted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PairPlan {
    /// Roles that make a substance an exposure, as bits.
    pub roles: u8,
    /// Terms that are counted under another: the id of the old name, and the id of the name now. A
    /// report with both has the second once. Names that are not listed are counted as they are.
    pub renamed: Vec<(u32, u32)>,
}

impl PairPlan {
    /// For every term id of a corpus, the id it is counted under.
    pub(super) fn counted_as(&self, terms: usize) -> Result<Vec<u32>, CountError> {
        let mut counted_as: Vec<u32> = (0..).take(terms).collect();
        for &(term, name_now) in &self.renamed {
            let is_renamed = self.renamed.iter().any(|&(old, _)| old == name_now);
            let known = (name_now as usize) < terms && !is_renamed;
            match counted_as.get_mut(term as usize) {
                // The same term under two names would be counted twice or at random.
                Some(slot) if known && (*slot == term || *slot == name_now) => *slot = name_now,
                _ => return Err(CountError::CountedAs { term, counted_as: name_now, terms }),
            }
        }
        Ok(counted_as)
    }
}

/// Reports with a substance and a term.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PairCount {
    /// The substance, by id.
    pub substance: u32,
    /// The term, by id.
    pub term: u32,
    /// Eligible reports with both, at least 1.
    pub n: u32,
}

/// The answer to a plan. Eligible reports have at least one exposure in the roles and at least one event
/// term; all counts are over these.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PairCounts {
    /// Eligible reports.
    pub reports: u64,
    /// Eligible reports with the substance in one of the roles, by substance id.
    pub substances: Vec<u64>,
    /// Eligible reports with the term, by term id; 0 for a term that is counted under another.
    pub terms: Vec<u64>,
    /// The pairs that occur, by substance id, then by term id.
    pub pairs: Vec<PairCount>,
    /// Sum of the pairs' counts: how often a pair stands on a report.
    pub occurrences: u64,
}

impl PairCounts {
    /// The pairs that are counted again one by one: every k-th, so that there are about 2,000, and the
    /// first of the most frequent.
    pub(super) fn sample(&self) -> Vec<(u32, u32)> {
        let step = self.pairs.len().div_ceil(SAMPLE).max(1);
        let largest = self.pairs.iter().rev().max_by_key(|pair| pair.n);
        let sampled = self.pairs.iter().step_by(step).chain(largest);
        let mut ids: Vec<(u32, u32)> = sampled.map(|pair| (pair.substance, pair.term)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Something that can count every pair: in this process, or elsewhere.
pub trait PairEngine {
    /// Counts a plan.
    ///
    /// # Errors
    /// Anything that keeps the count from being whole; a partial count is never returned.
    fn count_pairs(&self, plan: &PairPlan) -> Result<PairCounts, CountError>;

    /// The same, computed another way. Of the pairs themselves only those in `sample`, given as
    /// substance id and term id, are counted again.
    ///
    /// # Errors
    /// As for [`count_pairs`](Self::count_pairs).
    fn pair_control_totals(
        &self,
        plan: &PairPlan,
        sample: &[(u32, u32)],
    ) -> Result<PairControlTotals, CountError>;

    /// The name of an engine that is elsewhere; `None` for one in this process.
    fn elsewhere(&self) -> Option<String> {
        None
    }
}

/// Counts every pair of a plan and checks the result; a mismatch is an error, never a number.
///
/// # Errors
/// What the engine says, or [`CountError::Control`].
pub fn counted_pairs(engine: &dyn PairEngine, plan: &PairPlan) -> Result<PairCounts, CountError> {
    let counts = engine.count_pairs(plan)?;
    let control = engine.pair_control_totals(plan, &counts.sample())?;
    control.check(&counts).map_err(|error| CountError::control(error, engine.elsewhere()))?;
    Ok(counts)
}

#[cfg(test)]
mod tests;
