//! Control totals: the counts again, by another way. Where the engine scans reports and adds to cells,
//! this builds a set of reports for every substance and intersects.

pub(super) mod pairs;
pub(super) mod sets;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use self::sets::Selected;
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
    /// Computes the totals of a plan from its sets.
    pub(crate) fn of(selected: &Selected, plan: &Plan) -> Self {
        let Selected { eligible, cases, .. } = selected;
        let all: Vec<&RoaringBitmap> = selected.sets().collect();
        let compared = plan.comparator.iter().filter_map(|id| all.get(*id as usize).copied());
        let compared = union(compared) & eligible;
        let whole = [eligible.len(), cases.len()];
        let totals = |set: &&RoaringBitmap| {
            let exposed = set.intersection_len(eligible);
            let with_event = set.intersection_len(cases);
            let [reports, all_cases] = if plan.comparator.is_empty() {
                whole
            } else {
                let either = (*set & eligible) | &compared;
                [either.len(), either.intersection_len(cases)]
            };
            [exposed, with_event, reports, all_cases]
        };
        let substances: Vec<[u64; 4]> = all.par_iter().map(totals).collect();
        Self {
            reports: eligible.len(),
            cases: cases.len(),
            pairs: substances.iter().map(|[exposed, ..]| exposed).sum(),
            substances,
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
