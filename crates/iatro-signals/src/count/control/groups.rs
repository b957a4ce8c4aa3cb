//! Control totals of some entries alone: where the engine goes through the reports of a group, this sorts its entries by
//! substance, asks whether each is on its report, and looks into the sets that all control totals are made of.

use rayon::prelude::*;

use super::ControlTotals;
use super::sets::Sets;
use crate::corpus::Corpus;
use crate::count::bits::Bits;
use crate::count::groups::Numbered;
use crate::count::{Groups, Plan};

impl ControlTotals {
    /// Computes the totals of a plan on the entries of every group alone.
    pub(in crate::count) fn of_groups(
        corpus: &Corpus,
        plan: &Plan,
        groups: &Groups,
        sets: &Sets,
    ) -> Vec<Self> {
        let (with_event, with_term) = (sets.with_event(corpus), sets.with_term(corpus, plan));
        let lookup = Lookup {
            corpus,
            plan,
            set_aside: Bits::of(&plan.selection.set_aside),
            selected: plan.selection.reports.as_ref().map(Bits::of),
            with_event: &with_event,
            with_term: &with_term,
        };
        (0..groups.len()).into_par_iter().map(|at| lookup.totals(groups.of(at))).collect()
    }
}

struct Lookup<'c> {
    corpus: &'c Corpus,
    plan: &'c Plan,
    set_aside: Bits,
    /// The reports that count; `None` for all.
    selected: Option<Bits>,
    with_event: &'c Bits,
    with_term: &'c Bits,
}

impl Lookup<'_> {
    fn totals(&self, entries: &[Numbered]) -> ControlTotals {
        let exposed = entries.par_iter().filter_map(|Numbered { number, place }| {
            let entry = self.corpus.entry(*number)?;
            let counts = entry.roles & self.plan.roles != 0
                && !self.set_aside.contains(*number as usize)
                && self.selected.as_ref().is_none_or(|reports| reports.contains(*place as usize))
                && self.with_event.contains(*place as usize)
                && self.is_on(*number, *place as usize);
            counts.then_some((entry.substance, *place))
        });
        let mut listed: Vec<(u32, u32)> = exposed.collect();
        listed.par_sort_unstable();
        listed.dedup();
        let is_compared =
            |entry: &&(u32, u32)| self.plan.comparator.binary_search(&entry.0).is_ok();
        let eligible = self.reports(listed.iter());
        let compared = self.reports(listed.iter().filter(is_compared));
        let against_all = self.plan.comparator.is_empty();
        let rest = self.sizes(if against_all { &eligible } else { &compared });
        let mut substances = vec![[0, 0, rest[0], rest[1]]; self.corpus.substances().len()];
        for (substance, place) in &listed {
            let case = u64::from(self.with_term.contains(*place as usize));
            let [exposed, cases, reports, all_cases] = &mut substances[*substance as usize];
            *exposed += 1;
            *cases += case;
            if !against_all && compared.binary_search(place).is_err() {
                *reports += 1;
                *all_cases += case;
            }
        }
        let [reports, cases] = self.sizes(&eligible);
        ControlTotals { reports, cases, pairs: listed.len() as u64, substances }
    }

    /// Whether an entry is one of the report that it is said to be of.
    fn is_on(&self, number: u32, place: usize) -> bool {
        let first = self.corpus.first_exposure(place);
        let count = self.corpus.exposures(place).len() as u64;
        (first..first + count).contains(&u64::from(number))
    }

    /// The reports of entries, ascending, each once.
    fn reports<'e>(&self, entries: impl Iterator<Item = &'e (u32, u32)>) -> Vec<u32> {
        let mut reports: Vec<u32> = entries.map(|(_, place)| *place).collect();
        reports.par_sort_unstable();
        reports.dedup();
        reports
    }

    fn sizes(&self, reports: &[u32]) -> [u64; 2] {
        let cases = reports.iter().filter(|place| self.with_term.contains(**place as usize));
        [reports.len() as u64, cases.count() as u64]
    }
}
