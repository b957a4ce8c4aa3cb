//! Control totals: the counts again, by another way. Where the engine scans reports and adds to cells,
//! this goes through the list of reports of every substance and looks into sets of reports.

mod gone;
mod groups;
pub(super) mod pairs;
pub(super) mod sets;
mod several;

use rayon::prelude::*;

use self::sets::Selected;
use super::bits::Bits;
use super::{Counts, Plan};

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
    "control totals disagree in {what}: counted {counted}, control {control}. No number is given"
)]
pub struct ControlError {
    /// Which total.
    pub what: String,
    /// What the engine counted.
    pub counted: u64,
    /// What the control found.
    pub control: u64,
}

/// Checks several counts, each with its totals.
pub(super) fn check_all(
    what: &str,
    expected: usize,
    counts: &[Counts],
    controls: &[ControlTotals],
) -> Result<(), ControlError> {
    for (counted, control) in [(counts.len(), expected), (controls.len(), expected)] {
        if counted != control {
            let (counted, control) = (counted as u64, control as u64);
            return Err(ControlError { what: what.to_owned(), counted, control });
        }
    }
    controls.iter().zip(counts).try_for_each(|(control, counts)| control.check(counts))
}

impl ControlTotals {
    /// Computes the totals of a plan from its sets.
    pub(crate) fn of(selected: &Selected, plan: &Plan) -> Self {
        let Selected { eligible, cases, .. } = selected;
        let against_all = plan.comparator.is_empty();
        let mut compared = Bits::sized(eligible);
        for id in plan.comparator.iter().filter(|id| (**id as usize) < selected.substances()) {
            selected.each(*id as usize, |place| compared.insert(place as u32));
        }
        compared.keep(eligible);
        let mut compared_cases = compared.clone();
        compared_cases.keep(cases);
        let rest = if against_all {
            [eligible.len(), cases.len()]
        } else {
            [compared.len(), compared_cases.len()]
        };
        let totals = |substance: usize| {
            let mut with = [0_u64; 2];
            // Of these, the ones that are not among the compared.
            let mut more = [0_u64; 2];
            selected.each(substance, |place| {
                if !eligible.contains(place) {
                    return;
                }
                let case = u64::from(cases.contains(place));
                with[0] += 1;
                with[1] += case;
                if !against_all && !compared.contains(place) {
                    more[0] += 1;
                    more[1] += case;
                }
            });
            [with[0], with[1], rest[0] + more[0], rest[1] + more[1]]
        };
        let all = (0..selected.substances()).into_par_iter();
        let substances: Vec<[u64; 4]> = all.map(totals).collect();
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
            let wrong = counted.into_iter().zip(*control).find(|(x, y)| x != y);
            pairs.extend(
                wrong.map(|(counted, control)| (format!("substance {id}"), counted, control)),
            );
        }
        match pairs.into_iter().find(|(_, counted, control)| counted != control) {
            None => Ok(()),
            Some((what, counted, control)) => Err(ControlError { what, counted, control }),
        }
    }
}
