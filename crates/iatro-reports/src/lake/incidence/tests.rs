#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{UInt8Type, UInt32Type, UInt64Type};
use proptest::prelude::*;

use super::merge::{Distinct, hand_on, merged};
use super::rows::Listed;
use super::*;
use crate::lake::groups::RowGroups;

const REPORTS: u64 = 12;

/// Rows by report: substance and role bit.
type Rows = Vec<(u64, u32, u8)>;

fn rows() -> impl Strategy<Value = Rows> {
    let role = (0_u8..6).prop_map(|bit| 1 << bit);
    let row = (0..REPORTS, 0_u32..5, role);
    prop::collection::vec(row, 0..60).prop_map(|mut rows| {
        rows.sort_by_key(|row| row.0);
        rows
    })
}

fn naive(rows: &Rows) -> Vec<(u64, u32, u8)> {
    let mut entries: BTreeMap<(u64, u32), u8> = BTreeMap::new();
    rows.iter().for_each(|&(report, id, role)| *entries.entry((report, id)).or_default() |= role);
    entries.into_iter().map(|((report, id), roles)| (report, id, roles)).collect()
}

/// Writes the rows as if they came in pieces that end at these rows.
fn written(folder: &Path, rows: &Rows, cuts: &[usize], report_ends: &[u64]) -> sink::Written {
    let names = Names::default();
    let kind = Kind::Exposure(&names);
    let mut sink = sink::Sink::create(folder, Table::Exposure, report_ends).unwrap();
    let mut waiting = Distinct::default();
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| *cut.min(&rows.len())).collect();
    cuts.extend([0, rows.len()]);
    cuts.sort_unstable();
    for two in cuts.windows(2) {
        let piece = &rows[two[0]..two[1]];
        let reports = piece.iter().map(|row| row.0).collect();
        let items = piece.iter().map(|row| pack(row.1, row.2).unwrap()).collect();
        let next = merged(&kind, Listed { reports, items, rows: 0 });
        waiting = hand_on(&kind, waiting, &next, &mut sink).unwrap();
    }
    sink.write(&waiting).unwrap();
    sink.finish().unwrap()
}

fn table_rows(folder: &Path) -> Vec<(u64, u32, u8)> {
    let groups = RowGroups::open(&folder.join("exposure.parquet")).unwrap();
    let mut all = Vec::new();
    for piece in groups.all() {
        for batch in groups.read(&piece, &["report_id", "substance_id", "roles"]).unwrap() {
            let batch = batch.unwrap();
            let reports = batch["report_id"].as_primitive::<UInt64Type>().values();
            let ids = batch["substance_id"].as_primitive::<UInt32Type>().values();
            let roles = batch["roles"].as_primitive::<UInt8Type>().values();
            all.extend(reports.iter().zip(ids).zip(roles).map(|((r, i), o)| (*r, *i, *o)));
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_of_any_length_give_every_entry_once(
        rows in rows(),
        cuts in prop::collection::vec(0_usize..60, 0..6),
        middle in 0..=REPORTS,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let written = written(folder.path(), &rows, &cuts, &[middle, REPORTS]);
        let expected = naive(&rows);
        prop_assert_eq!(&table_rows(folder.path()), &expected);
        let before = expected.iter().filter(|entry| entry.0 < middle).count() as u64;
        prop_assert_eq!(&written.part_ends, &[before, expected.len() as u64]);
        let array = |name: &str, end| arrays::read(&folder.path().join(name), 0..end).unwrap();
        let items = array("exposure.u32", expected.len() as u64);
        prop_assert_eq!(
            items.iter().map(|&item| unpack(item)).collect::<Vec<_>>(),
            expected.iter().map(|entry| (entry.1, entry.2)).collect::<Vec<_>>()
        );
        for (report, end) in (0..REPORTS).zip(array("exposure_end.u32", REPORTS)) {
            let up_to = expected.iter().filter(|entry| entry.0 <= report).count();
            prop_assert_eq!(end as usize, up_to);
        }
    }
}

#[test]
fn parts_without_reports_have_no_entries() {
    let folder = tempfile::tempdir().unwrap();
    let rows = vec![(0, 3, 1), (0, 4, 1), (2, 3, 2)];
    let ends = written(folder.path(), &rows, &[], &[0, 0, 1, 1, 3, 3]).part_ends;
    assert_eq!(ends, [0, 0, 2, 2, 3, 3]);
}

#[test]
fn an_entry_keeps_its_substance_and_roles() {
    for (substance, roles) in [(0, 1), (5, 63), ((1 << 26) - 1, NO_ROLE)] {
        assert_eq!(unpack(pack(substance, roles).unwrap()), (substance, roles));
    }
    assert_eq!((pack(1 << 26, 1), pack(0, 64)), (None, None));
}

#[test]
fn a_report_that_is_not_in_order_or_not_of_the_lake_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut sink = sink::Sink::create(folder.path(), Table::Reaction, &[4]).unwrap();
    let entry = |report| Distinct { reports: vec![report], items: vec![7] };
    sink.write(&entry(2)).unwrap();
    assert!(sink.write(&entry(1)).is_err() && sink.write(&entry(4)).is_err());
    sink.write(&entry(3)).unwrap();
    assert_eq!(sink.finish().unwrap().part_ends, [2]);
}
