//! Counting by stratum: a small number for every report, a cell for every substance and stratum.

use std::ops::Range;

use iatro_stats::{Table2x2, TableError};
use rayon::prelude::*;

use super::control::sets::Selected;
use super::{ControlError, CountError, Engine, Plan};
use crate::corpus::Corpus;

/// The stratum of every report, by its place.
#[derive(Clone, Copy, Debug)]
pub struct StratumOf<'s> {
    /// By report, its stratum.
    pub of: &'s [u32],
    /// How many strata there are; each number in `of` is below it.
    pub strata: usize,
}

impl StratumOf<'_> {
    /// # Errors
    /// [`CountError::Strata`] unless every report of the corpus has a stratum that exists.
    pub(crate) fn check(self, corpus: &Corpus) -> Result<(), CountError> {
        let (reports, strata) = (self.of.len(), self.strata);
        let known = self.of.iter().all(|&stratum| (stratum as usize) < strata);
        if known && reports == corpus.reports() {
            return Ok(());
        }
        Err(CountError::Strata { reports, expected: corpus.reports(), strata })
    }
}

/// The eligible reports of a stratum.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct StratumTotal {
    /// Eligible reports.
    pub reports: u64,
    /// Of these, with the event.
    pub cases: u64,
}

/// The counts of a substance in a stratum.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StratumCell {
    /// The substance.
    pub substance: u32,
    /// The stratum.
    pub stratum: u32,
    /// Eligible reports of the stratum with the substance, at least 1.
    pub exposed: u64,
    /// Of these, with the event.
    pub cases: u64,
}

/// The answer to a plan with strata. The comparator of the plan plays no part.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StrataCounts {
    /// By stratum.
    pub strata: Vec<StratumTotal>,
    /// By substance, then by stratum: of the substances that have a case and of the strata that have
    /// one. A stratum without cases, or without the substance, adds nothing to a stratified estimate.
    pub cells: Vec<StratumCell>,
}

impl StrataCounts {
    /// The cells of a substance; none if it has no case.
    pub fn of(&self, substance: u32) -> &[StratumCell] {
        let from = self.cells.partition_point(|cell| cell.substance < substance);
        let count = self.cells[from..].partition_point(|cell| cell.substance == substance);
        let range: Range<usize> = from..from + count;
        &self.cells[range]
    }

    /// The tables of a substance, one for every stratum in which both it and the event occur.
    ///
    /// # Errors
    /// [`TableError`] if cells do not fit their stratum, which control totals rule out.
    pub fn tables(&self, substance: u32) -> Result<Vec<Table2x2>, TableError> {
        let table = |cell: &StratumCell| {
            let total = self.strata.get(cell.stratum as usize).copied().unwrap_or_default();
            Table2x2::from_margins(cell.cases, cell.exposed, total.cases, total.reports)
        };
        self.of(substance).iter().map(table).collect()
    }
}

/// In place of the stratum of a report that is not eligible.
const NOT_ELIGIBLE: u32 = u32::MAX;

/// The same counts, from the sets of reports of the substances.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StrataControlTotals(StrataCounts);

impl StrataControlTotals {
    /// Goes from the set of every substance to the strata of its reports.
    pub(crate) fn of(selected: &Selected, strata: StratumOf<'_>) -> Self {
        let stratum = |place: usize| strata.of.get(place).map_or(0, |s| *s as usize);
        let mut totals = vec![StratumTotal::default(); strata.strata];
        selected.eligible.iter().for_each(|at| totals[stratum(at as usize)].reports += 1);
        selected.cases.iter().for_each(|at| totals[stratum(at as usize)].cases += 1);
        // Of a report, if it is eligible, its stratum and whether it is a case in one number.
        let stratum_and_case = |place: usize| {
            let eligible = selected.eligible.contains(place);
            let number = 2 * stratum(place) + usize::from(selected.cases.contains(place));
            u32::try_from(number).ok().filter(|_| eligible).unwrap_or(NOT_ELIGIBLE)
        };
        let of_reports: Vec<u32> =
            (0..strata.of.len()).into_par_iter().map(stratum_and_case).collect();
        let of_substance = |tally: &mut Vec<(u64, u64)>, id: u32| {
            let any = selected.any(id as usize, |place| selected.cases.contains(place));
            if any {
                selected.each(id as usize, |place| {
                    let of_report = of_reports.get(place).copied().unwrap_or(NOT_ELIGIBLE);
                    if of_report != NOT_ELIGIBLE {
                        let counted = &mut tally[(of_report / 2) as usize];
                        counted.0 += 1;
                        counted.1 += u64::from(of_report % 2);
                    }
                });
            }
            let mut cells = Vec::new();
            for (stratum, counted) in
                (0_u32..).zip(if any { tally.as_mut_slice() } else { &mut [] })
            {
                let (exposed, cases) = std::mem::take(counted);
                if exposed > 0 && totals[stratum as usize].cases > 0 {
                    cells.push(StratumCell { substance: id, stratum, exposed, cases });
                }
            }
            cells
        };
        let ids = 0..u32::try_from(selected.substances()).unwrap_or(u32::MAX);
        let empty = || vec![(0, 0); strata.strata];
        let cells: Vec<Vec<StratumCell>> =
            ids.into_par_iter().map_init(empty, of_substance).collect();
        Self(StrataCounts { strata: totals, cells: cells.into_iter().flatten().collect() })
    }

    /// Totals that were counted elsewhere.
    pub(super) fn of_counts(counts: StrataCounts) -> Self {
        Self(counts)
    }

    fn check(&self, counts: &StrataCounts) -> Result<(), ControlError> {
        let error = |what: String, counted, control| Err(ControlError { what, counted, control });
        let lengths = [
            ("strata", counts.strata.len(), self.0.strata.len()),
            ("cells of strata", counts.cells.len(), self.0.cells.len()),
        ];
        if let Some((what, counted, control)) = lengths.into_iter().find(|(_, x, y)| x != y) {
            return error(what.to_owned(), counted as u64, control as u64);
        }
        let totals = counts.strata.iter().zip(&self.0.strata).enumerate();
        if let Some((at, (x, y))) = totals.into_iter().find(|(_, (x, y))| x != y) {
            let (x, y) =
                if x.reports == y.reports { (x.cases, y.cases) } else { (x.reports, y.reports) };
            return error(format!("stratum {at}"), x, y);
        }
        match counts.cells.iter().zip(&self.0.cells).find(|(x, y)| x != y) {
            None => Ok(()),
            // Another cell where this one was expected.
            Some((x, y)) if (x.substance, x.stratum) != (y.substance, y.stratum) => {
                error(format!("substance {} in stratum {}", y.substance, y.stratum), 0, y.exposed)
            }
            Some((x, y)) => error(
                format!("substance {} in stratum {}", y.substance, y.stratum),
                if x.exposed == y.exposed { x.cases } else { x.exposed },
                if x.exposed == y.exposed { y.cases } else { y.exposed },
            ),
        }
    }
}

/// Counts a plan by stratum and checks the result; a mismatch is an error, never a number.
///
/// # Errors
/// What the engine says, or [`CountError::Control`].
pub fn counted_strata(
    engine: &dyn Engine,
    plan: &Plan,
    strata: StratumOf<'_>,
) -> Result<StrataCounts, CountError> {
    let counts = engine.count_strata(plan, strata)?;
    let control = engine.strata_control_totals(plan, strata)?;
    control.check(&counts).map_err(|error| CountError::control(error, engine.elsewhere()))?;
    Ok(counts)
}
