//! Every pair within an amount of memory: block by block of reports, each counted as a whole corpus is, the
//! pairs of each block to a temporary file, and the files' runs merged.
//!
//! Counts and margins of blocks add up, because no report is in two of them; so do their control totals.

mod budget;
mod runs;

use std::ops::Range;

pub use budget::{Budget, Size};

use super::{CountError, Embedded, PairControlTotals, PairCounts, PairEngine, PairPlan};
use crate::corpus::Corpus;
use runs::Runs;

/// Reports that are handed out in blocks.
pub trait Blocks {
    /// How many reports there are.
    fn reports(&self) -> usize;

    /// The reports of a range of places, as a corpus with all ids.
    ///
    /// # Errors
    /// What keeps them from being read.
    fn block(&self, places: Range<usize>) -> Result<Corpus, iatro_reports::Error>;
}

/// Counts pairs block by block.
pub struct Spilling<'b> {
    blocks: &'b dyn Blocks,
    budget: Budget,
}

impl<'b> Spilling<'b> {
    /// Counts these reports within a budget.
    pub fn new(blocks: &'b dyn Blocks, budget: Budget) -> Self {
        Self { blocks, budget }
    }

    fn each_block(
        &self,
        visit: &mut dyn FnMut(&Embedded<'_>) -> Result<(), CountError>,
    ) -> Result<(), CountError> {
        let reports = self.blocks.reports();
        let size = self.budget.block().max(1);
        for from in (0..reports).step_by(size) {
            let corpus = self.blocks.block(from..reports.min(from + size))?;
            visit(&Embedded::new(&corpus))?;
        }
        Ok(())
    }
}

impl PairEngine for Spilling<'_> {
    fn count_pairs(&self, plan: &PairPlan) -> Result<PairCounts, CountError> {
        let mut all = PairCounts::default();
        let mut runs = Runs::new()?;
        self.each_block(&mut |engine| {
            let counts = engine.count_pairs(plan)?;
            all.reports += counts.reports;
            all.occurrences += counts.occurrences;
            add(&mut all.substances, &counts.substances);
            add(&mut all.terms, &counts.terms);
            runs.push(&counts.pairs)
        })?;
        all.pairs = runs.merged(self.budget.most_pairs())?;
        Ok(all)
    }

    fn pair_control_totals(
        &self,
        plan: &PairPlan,
        sample: &[(u32, u32)],
    ) -> Result<PairControlTotals, CountError> {
        let mut all: Option<PairControlTotals> = None;
        self.each_block(&mut |engine| {
            let totals = engine.pair_control_totals(plan, sample)?;
            match &mut all {
                None => all = Some(totals),
                Some(all) => all.add(&totals),
            }
            Ok(())
        })?;
        match all {
            Some(all) => Ok(all),
            None => Embedded::new(&self.blocks.block(0..0)?).pair_control_totals(plan, sample),
        }
    }
}

fn add(all: &mut Vec<u64>, more: &[u64]) {
    all.resize(all.len().max(more.len()), 0);
    all.iter_mut().zip(more).for_each(|(all, more)| *all += more);
}

impl PairControlTotals {
    /// Adds the totals of other reports, for the same plan and sample.
    fn add(&mut self, more: &Self) {
        self.reports += more.reports;
        self.occurrences += more.occurrences;
        add(&mut self.substances, &more.substances);
        add(&mut self.terms, &more.terms);
        add(&mut self.substance_occurrences, &more.substance_occurrences);
        add(&mut self.term_occurrences, &more.term_occurrences);
        self.pairs.iter_mut().zip(&more.pairs).for_each(|(all, more)| all.2 += more.2);
    }
}

#[cfg(test)]
mod tests;
