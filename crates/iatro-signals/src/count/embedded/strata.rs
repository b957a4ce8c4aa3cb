//! One scan for the totals of every stratum, one for the cells of what has cases.

use std::ops::Range;

use rayon::prelude::*;

use super::scan::Scan;
use crate::corpus::Corpus;
use crate::count::{Plan, StrataCounts, StratumCell, StratumOf, StratumTotal};

/// Bytes that the tables of cells of all tasks together may take; there is always one task.
const TABLES: usize = 1 << 28;

/// Numbers in the order of those of `has` that are true.
fn ranks(has: impl Iterator<Item = bool>) -> (Vec<Option<usize>>, usize) {
    let mut count = 0;
    let rank = |has: bool| {
        has.then(|| {
            count += 1;
            count - 1
        })
    };
    let ranks = has.map(rank).collect();
    (ranks, count)
}

/// Ranges in as many shares as there are tasks.
fn shares(ranges: &[Range<usize>], tasks: usize) -> impl ParallelIterator<Item = &[Range<usize>]> {
    ranges.par_chunks(ranges.len().div_ceil(tasks.max(1)).max(1))
}

/// The totals of every stratum, and by substance whether it has a case.
struct Totals {
    strata: Vec<StratumTotal>,
    with_case: Vec<bool>,
}

impl Totals {
    fn of(scan: &Scan<'_>, ranges: &[Range<usize>], of: StratumOf<'_>, substances: usize) -> Self {
        let mut totals = Self {
            strata: vec![StratumTotal::default(); of.strata],
            with_case: vec![false; substances],
        };
        for report in ranges.iter().flat_map(|range| scan.eligible(range.clone())) {
            let total = &mut totals.strata[of.of[report.place] as usize];
            total.reports += 1;
            if report.case {
                total.cases += 1;
                scan.exposed(&report).for_each(|id| totals.with_case[id as usize] = true);
            }
        }
        totals
    }

    fn merged(mut self, other: Self) -> Self {
        for (total, more) in self.strata.iter_mut().zip(other.strata) {
            total.reports += more.reports;
            total.cases += more.cases;
        }
        self.with_case.iter_mut().zip(other.with_case).for_each(|(has, more)| *has |= more);
        self
    }
}

pub(super) fn count(corpus: &Corpus, plan: &Plan, strata: StratumOf<'_>) -> StrataCounts {
    let scan = Scan::new(corpus, plan);
    let (ranges, substances) = (scan.chunks(), corpus.substances().len());
    let threads = rayon::current_num_threads();
    let totals = shares(&ranges, threads)
        .map(|share| Totals::of(&scan, share, strata, substances))
        .reduce_with(Totals::merged)
        .unwrap_or_else(|| Totals::of(&scan, &[], strata, substances));
    let (row, rows) = ranks(totals.with_case.into_iter());
    let (column, columns) = ranks(totals.strata.iter().map(|total| total.cases > 0));
    let size = rows * columns;
    let table = |share: &[Range<usize>]| {
        let mut table = vec![[0_u32; 2]; size];
        for report in share.iter().flat_map(|range| scan.eligible(range.clone())) {
            let Some(column) = column[strata.of[report.place] as usize] else { continue };
            for row in scan.exposed(&report).filter_map(|id| row[id as usize]) {
                let cell = &mut table[row * columns + column];
                cell[0] += 1;
                cell[1] += u32::from(report.case);
            }
        }
        table
    };
    let tasks = threads.min(TABLES / (size_of::<[u32; 2]>() * size.max(1)));
    let add = |mut all: Vec<[u32; 2]>, more: Vec<[u32; 2]>| {
        for (cell, more) in all.iter_mut().zip(more) {
            cell[0] += more[0];
            cell[1] += more[1];
        }
        all
    };
    let table = shares(&ranges, tasks).map(table).reduce_with(add).unwrap_or_default();
    let mut cells = Vec::new();
    for (substance, row) in (0_u32..).zip(&row).filter_map(|(id, row)| Some((id, (*row)?))) {
        for (stratum, column) in (0_u32..).zip(&column).filter_map(|(s, c)| Some((s, (*c)?))) {
            let [exposed, cases] = table.get(row * columns + column).copied().unwrap_or_default();
            if exposed > 0 {
                let (exposed, cases) = (u64::from(exposed), u64::from(cases));
                cells.push(StratumCell { substance, stratum, exposed, cases });
            }
        }
    }
    StrataCounts { strata: totals.strata, cells }
}
