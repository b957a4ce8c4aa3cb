//! Control totals: the counts again, by another way. Where the engine scans reports and adds to cells,
//! this builds a set of reports for every substance and intersects.

pub(super) mod pairs;

use roaring::RoaringBitmap;

use super::{Counts, Plan};
use crate::corpus::Corpus;

/// Totals that counts must agree with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ControlTotals {
    /// Eligible reports.
    pub reports: u64,
    /// Eligible reports with the event.
    pub cases: u64,
    /// Sum of the sizes of the substances' sets.
    pub pairs: u64,
    /// For every substance by id: reports with it, those with the event, reports with it or a
    /// comparator, those with the event.
    pub substances: Vec<[u64; 4]>,
}

/// Counts that do not agree with their control totals.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "control totals disagree in {what}: counted {counted}, control {control}. No number is given; \
     this is a defect of iatro"
)]
pub struct ControlError {
    /// Which total.
    pub what: String,
    /// What the engine counted.
    pub counted: u64,
    /// What the control found.
    pub control: u64,
}

impl ControlTotals {
    /// Computes the totals of a plan over a corpus.
    pub(crate) fn of(corpus: &Corpus, plan: &Plan) -> Self {
        let with_event = reports_where(corpus, |place| !corpus.events(place).is_empty());
        let case_terms: std::collections::BTreeSet<u32> =
            plan.event_terms.iter().copied().collect();
        let with_case_term = reports_where(corpus, |place| {
            corpus.events(place).iter().any(|term| case_terms.contains(term))
        });
        let mut sets = vec![RoaringBitmap::new(); corpus.substances().len()];
        for place in 0..corpus.reports() {
            for exposure in corpus.exposures(place) {
                if exposure.roles & plan.roles != 0 {
                    sets[exposure.substance as usize].insert(index(place));
                }
            }
        }
        remove_set_aside(&mut sets, corpus, plan);
        let exposed = union(sets.iter());
        let eligible = match &plan.selection.reports {
            None => exposed & with_event,
            Some(reports) => exposed & with_event & reports,
        };
        let cases = &eligible & with_case_term;
        sets.iter_mut().for_each(|set| *set &= &eligible);
        let comparator = union(plan.comparator.iter().filter_map(|id| sets.get(*id as usize)));
        let compared = if plan.comparator.is_empty() { &eligible } else { &comparator };
        let totals = |set: &RoaringBitmap| {
            let either = set | compared;
            [set.len(), set.intersection_len(&cases), either.len(), either.intersection_len(&cases)]
        };
        Self {
            reports: eligible.len(),
            cases: cases.len(),
            pairs: sets.iter().map(RoaringBitmap::len).sum(),
            substances: sets.iter().map(totals).collect(),
        }
    }

    /// Compares counts with these totals.
    pub(crate) fn check(&self, counts: &Counts) -> Result<(), ControlError> {
        let mut pairs = vec![
            ("reports".to_owned(), counts.reports, self.reports),
            ("cases".to_owned(), counts.cases, self.cases),
            ("report-substance pairs".to_owned(), counts.pairs, self.pairs),
            (
                "sum of exposed reports over substances".to_owned(),
                counts.cells.iter().map(|cell| cell.exposed).sum(),
                self.pairs,
            ),
            ("substances".to_owned(), counts.cells.len() as u64, self.substances.len() as u64),
        ];
        for (id, (cell, control)) in counts.cells.iter().zip(&self.substances).enumerate() {
            let counted = [cell.exposed, cell.cases, cell.reports, cell.all_cases];
            for (counted, control) in counted.into_iter().zip(*control) {
                pairs.push((format!("substance {id}"), counted, control));
            }
        }
        match pairs.into_iter().find(|(_, counted, control)| counted != control) {
            None => Ok(()),
            Some((what, counted, control)) => Err(ControlError { what, counted, control }),
        }
    }
}

/// Takes the reports out of the sets of the substances whose entries there are set aside: from the number
/// of the entry to its report, where the engine goes from the report to its entries.
fn remove_set_aside(sets: &mut [RoaringBitmap], corpus: &Corpus, plan: &Plan) {
    let mut place = 0;
    for number in &plan.selection.set_aside {
        let number = u64::from(number);
        while place + 1 < corpus.reports() && corpus.first_exposure(place + 1) <= number {
            place += 1;
        }
        let within = usize::try_from(number - corpus.first_exposure(place)).unwrap_or(usize::MAX);
        if let Some(entry) = corpus.exposures(place).get(within) {
            sets[entry.substance as usize].remove(index(place));
        }
    }
}

fn union<'s>(sets: impl Iterator<Item = &'s RoaringBitmap>) -> RoaringBitmap {
    sets.fold(RoaringBitmap::new(), |mut all, set| {
        all |= set;
        all
    })
}

fn reports_where(corpus: &Corpus, holds: impl Fn(usize) -> bool) -> RoaringBitmap {
    (0..corpus.reports()).filter(|&place| holds(place)).map(index).collect()
}

/// Places fit in 32 bits: no source has four thousand million reports.
fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
