//! The engine in this process: one scan over the reports, in parallel.

mod pairs;
mod scan;
mod several;
mod strata;

use rayon::prelude::*;

use self::scan::Scan;
use super::control::sets::Sets;
use super::{
    Cell, ControlTotals, CountError, Counts, Engine, Groups, Plan, StrataControlTotals,
    StrataCounts, StratumOf,
};
use crate::corpus::Corpus;

/// Counts a corpus in memory. The sets behind control totals are kept from one plan to the next.
#[derive(Debug)]
pub struct Embedded<'c> {
    corpus: &'c Corpus,
    sets: Sets,
}

impl<'c> Embedded<'c> {
    /// An engine over a corpus.
    pub fn new(corpus: &'c Corpus) -> Self {
        Self { corpus, sets: Sets::default() }
    }
}

impl Engine for Embedded<'_> {
    fn count(&self, plan: &Plan) -> Result<Counts, CountError> {
        let scan = Scan::new(self.corpus, plan);
        let substances = self.corpus.substances().len();
        let tally = scan
            .chunks()
            .into_par_iter()
            .fold(
                || Tally::new(substances),
                |mut tally, range| {
                    let reacted = scan.reacted(range);
                    reacted.for_each(|r| tally.add(&scan, r.case, scan.exposed(&r)));
                    tally
                },
            )
            .reduce(|| Tally::new(0), Tally::merge);
        Ok(tally.into_counts(plan, substances))
    }

    fn control_totals(&self, plan: &Plan) -> Result<ControlTotals, CountError> {
        Ok(ControlTotals::of(&self.sets.selected(self.corpus, plan), plan))
    }

    fn count_all(&self, plans: &[Plan]) -> Result<Vec<Counts>, CountError> {
        Ok(several::count(self.corpus, plans))
    }

    fn all_control_totals(&self, plans: &[Plan]) -> Result<Vec<ControlTotals>, CountError> {
        Ok(ControlTotals::of_all(self.corpus, plans, &self.sets))
    }

    fn count_groups(&self, plan: &Plan, groups: &Groups) -> Result<Vec<Counts>, CountError> {
        let scan = Scan::new(self.corpus, plan);
        let substances = self.corpus.substances().len();
        let reacted = scan.all_reacted();
        let of_piece = |entries| {
            let mut tally = Tally::new(substances);
            let mut add = |case, exposed: &[u32]| tally.add(&scan, case, exposed.iter().copied());
            scan.each_within(&reacted, entries, &mut add);
            tally
        };
        let of_group = |at: usize| {
            let pieces = groups.pieces(at).into_par_iter().map(of_piece);
            pieces.reduce(|| Tally::new(0), Tally::merge).into_counts(plan, substances)
        };
        Ok((0..groups.len()).into_par_iter().map(of_group).collect())
    }

    fn groups_control_totals(
        &self,
        plan: &Plan,
        groups: &Groups,
    ) -> Result<Vec<ControlTotals>, CountError> {
        Ok(ControlTotals::of_groups(self.corpus, plan, groups, &self.sets))
    }

    fn count_strata(&self, plan: &Plan, strata: StratumOf<'_>) -> Result<StrataCounts, CountError> {
        strata.check(self.corpus)?;
        Ok(strata::count(self.corpus, plan, strata))
    }

    fn strata_control_totals(
        &self,
        plan: &Plan,
        strata: StratumOf<'_>,
    ) -> Result<StrataControlTotals, CountError> {
        strata.check(self.corpus)?;
        Ok(StrataControlTotals::of(&self.sets.selected(self.corpus, plan), strata))
    }
}

/// Counts of some reports.
struct Tally {
    reports: u64,
    cases: u64,
    pairs: u64,
    comparator_reports: u64,
    comparator_cases: u64,
    cells: Vec<SubstanceTally>,
}

#[derive(Clone, Copy, Default)]
struct SubstanceTally {
    exposed: u64,
    cases: u64,
    /// Reports with the substance and a comparator.
    shared: u64,
    shared_cases: u64,
}

impl Tally {
    fn new(substances: usize) -> Self {
        Self {
            reports: 0,
            cases: 0,
            pairs: 0,
            comparator_reports: 0,
            comparator_cases: 0,
            cells: vec![SubstanceTally::default(); substances],
        }
    }

    /// Adds a report that has a term, with its exposures; without any it is not eligible.
    fn add(&mut self, scan: &Scan<'_>, case: bool, exposed: impl Iterator<Item = u32> + Clone) {
        let case = u64::from(case);
        let compares = scan.compares();
        let shared = u64::from(compares && exposed.clone().any(|id| scan.is_compared(id)));
        let before = self.pairs;
        for substance in exposed {
            let cell = &mut self.cells[substance as usize];
            self.pairs += 1;
            cell.exposed += 1;
            cell.cases += case;
            cell.shared += shared;
            cell.shared_cases += shared * case;
        }
        let eligible = u64::from(self.pairs > before);
        self.reports += eligible;
        self.cases += eligible * case;
        self.comparator_reports += shared;
        self.comparator_cases += shared * case;
    }

    fn merge(mut self, mut other: Self) -> Self {
        if self.cells.len() < other.cells.len() {
            std::mem::swap(&mut self, &mut other);
        }
        self.reports += other.reports;
        self.cases += other.cases;
        self.pairs += other.pairs;
        self.comparator_reports += other.comparator_reports;
        self.comparator_cases += other.comparator_cases;
        for (cell, more) in self.cells.iter_mut().zip(other.cells) {
            cell.exposed += more.exposed;
            cell.cases += more.cases;
            cell.shared += more.shared;
            cell.shared_cases += more.shared_cases;
        }
        self
    }

    fn into_counts(self, plan: &Plan, substances: usize) -> Counts {
        let (reports, cases) = (self.reports, self.cases);
        let against_all = plan.comparator.is_empty();
        let (compared, compared_cases) = (self.comparator_reports, self.comparator_cases);
        let cell = |tally: &SubstanceTally| Cell {
            exposed: tally.exposed,
            cases: tally.cases,
            reports: if against_all { reports } else { tally.exposed + compared - tally.shared },
            all_cases: if against_all {
                cases
            } else {
                tally.cases + compared_cases - tally.shared_cases
            },
        };
        let mut cells: Vec<Cell> = self.cells.iter().map(cell).collect();
        cells.resize(substances, Cell::default());
        Counts { reports, cases, pairs: self.pairs, cells }
    }
}
