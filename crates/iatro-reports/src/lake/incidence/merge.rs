//! From rows to entries: read by row group in parallel, a few groups at a time, and handed on in order.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::rows::{Kind, Listed};
use super::sink::{Sink, Written};
use crate::error::Result;
use crate::lake::build::defect;
use crate::lake::groups::{Piece, RowGroups};

/// Distinct entries, by report, ascending within a report.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    pub(super) reports: Vec<u64>,
    pub(super) items: Vec<u32>,
}

/// Writes table and arrays of a kind; `report_ends` after each part.
pub(super) fn write(
    folder: &Path,
    kind: &Kind<'_>,
    report_ends: &[u64],
    rows: u64,
) -> Result<Written> {
    let control = kind.rows_by_id(folder)?;
    let seen: Vec<AtomicU64> = control.iter().map(|_| AtomicU64::new(0)).collect();
    let groups = RowGroups::open(&folder.join(format!("{}.parquet", kind.made_from().name())))?;
    let mut sink = Sink::create(folder, kind.table(), report_ends)?;
    let mut read = 0;
    let mut waiting = Distinct::default();
    for window in groups.all().chunks(rayon::current_num_threads()) {
        let distinct = |piece: &Piece| distinct_of(kind, &groups, piece, &seen);
        let merged: Vec<(Distinct, u64)> =
            window.par_iter().map(distinct).collect::<Result<_>>()?;
        for (next, rows) in merged {
            read += rows;
            waiting = hand_on(kind, waiting, &next, &mut sink)?;
        }
    }
    sink.write(&waiting)?;
    if read != rows {
        return Err(defect(&format!("{read} rows read of {rows} in {}", kind.made_from().name())));
    }
    for (id, (seen, control)) in seen.iter().zip(&control).enumerate() {
        let seen = seen.load(Relaxed);
        if seen != *control {
            let table = kind.table().name();
            return Err(defect(&format!("{table}: {seen} rows name id {id}, {control} were read")));
        }
    }
    sink.finish()
}

/// The distinct entries of a piece, and how many rows it has; adds to how often each id is named.
fn distinct_of(
    kind: &Kind<'_>,
    groups: &RowGroups,
    piece: &Piece,
    seen: &[AtomicU64],
) -> Result<(Distinct, u64)> {
    let mut listed = Listed::default();
    for batch in groups.read(piece, kind.columns())? {
        kind.list(&batch?, &mut listed)?;
    }
    for &item in &listed.items {
        let id = kind.id(item);
        let count = seen.get(id as usize);
        count.ok_or_else(|| defect(&format!("id {id} of {}", kind.table().name())))?;
        count.into_iter().for_each(|count| _ = count.fetch_add(1, Relaxed));
    }
    let rows = listed.rows;
    Ok((merged(kind, listed), rows))
}

/// One entry an id and report, with the roles of all its rows.
pub(super) fn merged(kind: &Kind<'_>, listed: Listed) -> Distinct {
    let Listed { reports, mut items, .. } = listed;
    let mut distinct = Distinct {
        reports: Vec::with_capacity(reports.len()),
        items: Vec::with_capacity(items.len()),
    };
    let mut from = 0;
    for same in reports.chunk_by(|one, two| one == two) {
        let of_report = &mut items[from..from + same.len()];
        of_report.sort_unstable();
        let before = distinct.items.len();
        for &item in &*of_report {
            match distinct.items[before..].last_mut() {
                // Ids are above the roles, so entries that differ in roles alone stand together.
                Some(last) if kind.id(*last) == kind.id(item) => *last |= item,
                _ => distinct.items.push(item),
            }
        }
        distinct.reports.extend(&same[..distinct.items.len() - before]);
        from += same.len();
    }
    distinct
}

/// Writes what is complete; the last report of a piece waits, because the next may have more of it.
pub(super) fn hand_on(
    kind: &Kind<'_>,
    mut waiting: Distinct,
    next: &Distinct,
    sink: &mut Sink,
) -> Result<Distinct> {
    let Some(&last) = next.reports.last() else { return Ok(waiting) };
    let first = next.reports.partition_point(|report| Some(report) == next.reports.first());
    if waiting.reports.first() == next.reports.first() {
        // Both have rows of one report: merged once more.
        waiting.reports.extend(&next.reports[..first]);
        waiting.items.extend(&next.items[..first]);
        let Distinct { reports, items } = waiting;
        waiting = merged(kind, Listed { reports, items, rows: 0 });
        if waiting.reports.first() == Some(&last) {
            return Ok(waiting);
        }
        sink.write(&waiting)?;
        return hand_on_rest(next, first, last, sink);
    }
    sink.write(&waiting)?;
    hand_on_rest(next, 0, last, sink)
}

fn hand_on_rest(next: &Distinct, from: usize, last: u64, sink: &mut Sink) -> Result<Distinct> {
    // The rows of a report stand together; where they do not, the sink refuses them.
    let keep = next.reports.iter().rposition(|&report| report != last).map_or(0, |at| at + 1);
    let keep = keep.max(from);
    let part = |range: std::ops::Range<usize>| Distinct {
        reports: next.reports[range.clone()].to_vec(),
        items: next.items[range].to_vec(),
    };
    sink.write(&part(from..keep))?;
    Ok(part(keep..next.reports.len()))
}
