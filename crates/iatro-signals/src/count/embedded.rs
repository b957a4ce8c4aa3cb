//! The engine in this process: one scan over the reports, in parallel.

mod pairs;

use rayon::prelude::*;

use super::{Cell, ControlTotals, CountError, Counts, Engine, Plan};
use crate::corpus::Corpus;

/// Reports a task scans.
const CHUNK: usize = 1 << 16;

/// Counts a corpus in memory.
#[derive(Clone, Copy, Debug)]
pub struct Embedded<'c> {
    corpus: &'c Corpus,
}

impl<'c> Embedded<'c> {
    /// An engine over a corpus.
    pub fn new(corpus: &'c Corpus) -> Self {
        Self { corpus }
    }
}

impl Engine for Embedded<'_> {
    fn count(&self, plan: &Plan) -> Result<Counts, CountError> {
        let starts: Vec<usize> = (0..self.corpus.reports()).step_by(CHUNK).collect();
        let tally = starts
            .into_par_iter()
            .map(|start| {
                let end = (start + CHUNK).min(self.corpus.reports());
                let mut tally = Tally::new(self.corpus.substances().len());
                (start..end).for_each(|place| tally.add(self.corpus, plan, place));
                tally
            })
            .reduce(|| Tally::new(0), Tally::merge);
        Ok(tally.into_counts(plan, self.corpus.substances().len()))
    }

    fn control_totals(&self, plan: &Plan) -> Result<ControlTotals, CountError> {
        Ok(ControlTotals::of(self.corpus, plan))
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

    fn add(&mut self, corpus: &Corpus, plan: &Plan, place: usize) {
        let exposed = plan.selection.exposed(corpus, plan.roles, place);
        let events = corpus.events(place);
        if events.is_empty() || exposed.clone().next().is_none() {
            return;
        }
        let case = u64::from(shares_one(events, &plan.event_terms));
        let compared = |substance| plan.comparator.binary_search(&substance).is_ok();
        let shared = u64::from(exposed.clone().any(|e| compared(e.substance)));
        self.reports += 1;
        self.cases += case;
        self.comparator_reports += shared;
        self.comparator_cases += shared * case;
        for exposure in exposed {
            let cell = &mut self.cells[exposure.substance as usize];
            self.pairs += 1;
            cell.exposed += 1;
            cell.cases += case;
            cell.shared += shared;
            cell.shared_cases += shared * case;
        }
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

/// Whether two sorted lists share an entry; the first is short.
fn shares_one(short: &[u32], sorted: &[u32]) -> bool {
    short.iter().any(|term| sorted.binary_search(term).is_ok())
}
