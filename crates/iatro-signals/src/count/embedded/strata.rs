//! One scan for the totals of every stratum, one for the cells of what has cases.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::scan::Scan;
use crate::corpus::Corpus;
use crate::count::{Plan, StrataCounts, StratumCell, StratumOf, StratumTotal};

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

fn zeros<T: Default>(count: usize) -> Vec<T> {
    (0..count).map(|_| T::default()).collect()
}

pub(super) fn count(corpus: &Corpus, plan: &Plan, strata: StratumOf<'_>) -> StrataCounts {
    let scan = Scan::new(corpus, plan);
    let reports: Vec<AtomicU64> = zeros(strata.strata);
    let cases: Vec<AtomicU64> = zeros(strata.strata);
    let with_case: Vec<AtomicU32> = zeros(corpus.substances().len());
    scan.chunks().into_par_iter().for_each(|range| {
        for report in scan.eligible(range) {
            let stratum = strata.of[report.place] as usize;
            reports[stratum].fetch_add(1, Relaxed);
            if report.case {
                cases[stratum].fetch_add(1, Relaxed);
                scan.exposed(&report).for_each(|id| with_case[id as usize].store(1, Relaxed));
            }
        }
    });
    let totals: Vec<StratumTotal> = reports
        .iter()
        .zip(&cases)
        .map(|(reports, cases)| StratumTotal {
            reports: reports.load(Relaxed),
            cases: cases.load(Relaxed),
        })
        .collect();
    let (row, rows) = ranks(with_case.iter().map(|seen| seen.load(Relaxed) == 1));
    let (column, columns) = ranks(totals.iter().map(|total| total.cases > 0));
    let exposed: Vec<AtomicU32> = zeros(rows * columns);
    let with_event: Vec<AtomicU32> = zeros(rows * columns);
    scan.chunks().into_par_iter().for_each(|range| {
        for report in scan.eligible(range) {
            let Some(column) = column[strata.of[report.place] as usize] else { continue };
            for row in scan.exposed(&report).filter_map(|id| row[id as usize]) {
                exposed[row * columns + column].fetch_add(1, Relaxed);
                if report.case {
                    with_event[row * columns + column].fetch_add(1, Relaxed);
                }
            }
        }
    });
    let mut cells = Vec::new();
    for (substance, row) in (0_u32..).zip(&row).filter_map(|(id, row)| Some((id, (*row)?))) {
        for (stratum, column) in (0_u32..).zip(&column).filter_map(|(s, c)| Some((s, (*c)?))) {
            let at = row * columns + column;
            let (exposed, cases) = (exposed[at].load(Relaxed), with_event[at].load(Relaxed));
            if exposed > 0 {
                let (exposed, cases) = (u64::from(exposed), u64::from(cases));
                cells.push(StratumCell { substance, stratum, exposed, cases });
            }
        }
    }
    StrataCounts { strata: totals, cells }
}
