//! Entries that are set aside, by substance: from the number of an entry to its report, where the engine goes from
//! the report to its entries.

use rayon::prelude::*;

use crate::corpus::Corpus;
use crate::count::Plan;

/// Substance and report of every entry that is set aside, sorted.
#[derive(Debug, Default)]
pub(super) struct Gone(Vec<(u32, u32)>);

impl Gone {
    /// What a plan sets aside, and the reports on which it leaves nothing in the plan's roles.
    pub(super) fn of(corpus: &Corpus, plan: &Plan) -> (Self, Vec<u32>) {
        let set_aside = corpus.entries(plan.selection.set_aside.iter());
        let in_roles = set_aside.filter(|(_, _, entry)| entry.roles & plan.roles != 0);
        // By number, and so by report.
        let mut entries: Vec<(u32, u32)> =
            in_roles.map(|(_, place, entry)| (entry.substance, place as u32)).collect();
        let emptied = |of_report: &[(u32, u32)]| {
            let place = of_report.first()?.1;
            let exposures = corpus.exposures(place as usize);
            let before = exposures.filter(|entry| entry.roles & plan.roles != 0).count();
            (before == of_report.len()).then_some(place)
        };
        let emptied = entries.chunk_by(|x, y| x.1 == y.1).filter_map(emptied).collect();
        entries.par_sort_unstable();
        (Self(entries), emptied)
    }

    /// Whether it is set aside on any report; nearly none is.
    pub(super) fn is_of(&self, substance: usize) -> bool {
        self.0.binary_search_by_key(&substance, |entry| entry.0 as usize).is_ok()
    }

    /// Of these reports of a substance, ascending, those on which it is not set aside.
    pub(super) fn left(
        &self,
        substance: usize,
        places: impl Iterator<Item = u32>,
    ) -> impl Iterator<Item = u32> {
        let from = self.0.partition_point(|entry| (entry.0 as usize) < substance);
        let of_substance = self.0[from..].iter().take_while(move |e| e.0 as usize == substance);
        let mut gone = of_substance.map(|entry| entry.1).peekable();
        places.filter(move |&place| {
            while gone.next_if(|&gone| gone < place).is_some() {}
            gone.next_if_eq(&place).is_none()
        })
    }
}
