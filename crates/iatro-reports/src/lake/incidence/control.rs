//! Whether the arrays are those of the parts: the same entries at the end of every part, by the manifest's extents of
//! the tables and by the arrays of ends.

use super::modulo;
use super::sink::ends_of;
use crate::error::Result;
use crate::lake::arrays;
use crate::lake::manifest::{Extent, Manifest};
use crate::lake::schema::Table;
use crate::lake::snapshot::Snapshot;

/// One line for each thing that does not fit. The files have the sizes that the manifest says.
///
/// # Errors
/// If an array cannot be read.
pub(in crate::lake) fn problems(snapshot: &Snapshot) -> Result<Vec<String>> {
    let manifest = snapshot.manifest();
    let mut problems = Vec::new();
    for table in [Table::Exposure, Table::Reaction] {
        let sizes = sizes(manifest, table);
        if sizes.is_empty() {
            problems.extend(ends(snapshot, table)?);
        }
        problems.extend(sizes);
    }
    Ok(problems)
}

/// The arrays of a table that are not listed with as many numbers as there are rows and reports.
fn sizes(manifest: &Manifest, table: Table) -> Vec<String> {
    let rows = |table: Table| manifest.table(table.name()).map_or(0, |file| file.rows);
    let expected = [(table.name().to_owned(), rows(table)), (ends_of(table), rows(Table::Report))];
    let wrong = |(name, expected): (String, u64)| {
        let array = manifest.arrays.iter().find(|array| array.name == name);
        let found = array.map(|array| (array.rows, array.bytes));
        (found != Some((expected, expected.saturating_mul(arrays::BYTES)))).then(|| {
            format!("{name}.u32: {found:?} numbers and bytes, expected {expected} numbers")
        })
    };
    expected.into_iter().filter_map(wrong).collect()
}

/// The parts after which the array has another number of entries than the table.
fn ends(snapshot: &Snapshot, table: Table) -> Result<Vec<String>> {
    let path = snapshot.array_path(&ends_of(table));
    let mut problems = Vec::new();
    let mut reports = 0_u64;
    let mut rows = 0_u64;
    for part in &snapshot.manifest().parts {
        let of =
            |table: Table| part.extents.get(table.name()).map_or(0, |extent: &Extent| extent.rows);
        reports = reports.saturating_add(of(Table::Report));
        rows = rows.saturating_add(of(table));
        let counted = match reports.checked_sub(1) {
            Some(last) => arrays::read_one(&path, last)?,
            None => 0,
        };
        if counted != modulo(rows) {
            problems.push(format!(
                "{}.u32: {counted} entries (modulo 2^32) at the end of {}, the table has {rows}",
                ends_of(table),
                part.key
            ));
        }
    }
    Ok(problems)
}
