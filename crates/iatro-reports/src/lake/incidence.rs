//! What is counted, in the form in which it is counted: for every current report its distinct
//! substances with their roles (`exposure`), and its distinct reaction terms (`reaction`).
//!
//! Each stands there twice. As a table, for any engine that reads Parquet; and as two arrays, for this
//! program: `exposure.u32` has an [entry](pack) for every row of the table, `exposure_end.u32` for every
//! report the number of entries up to and with its own, modulo 2^32. Likewise `reaction.u32`, whose
//! entries are term ids, and `reaction_end.u32`.

pub(super) mod control;
mod merge;
mod rows;
mod sink;

use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use self::rows::{Kind, Names};
use super::arrays;
use super::build::defect;
use super::manifest::{Extent, PartSummary, TableFile};
use super::schema::Table;
use super::snapshot::Snapshot;
use crate::error::{Error, Result};
use crate::part::SourceKind;

/// The bit of a drug row that gives no role.
pub const NO_ROLE: u8 = 32;

/// How many bits of an entry are roles.
const ROLE_BITS: u32 = 6;

/// The entry of a substance: its id above, its roles in the last six bits. `None` if the id or the roles
/// do not fit.
pub fn pack(substance: u32, roles: u8) -> Option<u32> {
    let fits = substance >> (u32::BITS - ROLE_BITS) == 0 && roles >> ROLE_BITS == 0;
    fits.then_some(substance << ROLE_BITS | u32::from(roles))
}

/// The substance and the roles of an entry.
pub fn unpack(entry: u32) -> (u32, u8) {
    let roles = entry & ((1 << ROLE_BITS) - 1);
    (entry >> ROLE_BITS, u8::try_from(roles).unwrap_or(u8::MAX))
}

/// The entries of the reports of a source, behind one another.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Entries {
    /// For every report, the number of entries up to and with its own.
    pub ends: Vec<u32>,
    /// The entries: of `exposure`, packed; of `reaction`, term ids. Ascending within a report.
    pub items: Vec<u32>,
}

impl Snapshot {
    /// The entries of the reports of a source in [`Table::Exposure`] or [`Table::Reaction`].
    ///
    /// # Errors
    /// If the arrays are missing or do not fit the manifest, or the source has more entries than can be
    /// numbered.
    pub fn entries(&self, table: Table, source: SourceKind) -> Result<Entries> {
        let manifest = self.manifest();
        let reports = manifest.extent_of(source, Table::Report.name());
        let rows = self.numbered(table, source)?;
        let path = |name: &str| self.array_path(name);
        let range = |extent: Extent| extent.offset..extent.offset.saturating_add(extent.rows);
        let (ends, items) = rayon::join(
            || arrays::read(&path(&sink::ends_of(table)), range(reports)),
            || arrays::read(&path(table.name()), range(rows)),
        );
        let first = modulo(rows.offset);
        Entries::checked(table, ends?, items?, first)
    }

    /// The entries of some of the reports of a source, by their places among its reports.
    ///
    /// # Errors
    /// As for [`entries`](Self::entries); if the source has no such places.
    pub fn entries_within(
        &self,
        table: Table,
        source: SourceKind,
        places: Range<u64>,
    ) -> Result<Entries> {
        let reports = self.manifest().extent_of(source, Table::Report.name());
        let rows = self.numbered(table, source)?;
        if places.start > places.end || places.end > reports.rows {
            return Err(defect(&format!("places {} to {}", places.start, places.end)));
        }
        let place = |at: u64| reports.offset.saturating_add(at);
        let path = self.array_path(&sink::ends_of(table));
        let before = match places.start {
            0 => modulo(rows.offset),
            start => arrays::read_one(&path, place(start - 1))?,
        };
        let ends = arrays::read(&path, place(places.start)..place(places.end))?;
        let from = rows.offset.saturating_add(before.wrapping_sub(modulo(rows.offset)).into());
        let to = from.saturating_add(ends.last().map_or(0, |end| end.wrapping_sub(before)).into());
        if places.end == reports.rows && to != rows.offset.saturating_add(rows.rows) {
            return Err(defect(&format!("the ends of {} do not fit its rows", table.name())));
        }
        let items = arrays::read(&self.array_path(table.name()), from..to)?;
        Entries::checked(table, ends, items, before)
    }

    /// The rows of a source in a table whose entries are numbered by 32 bits.
    fn numbered(&self, table: Table, source: SourceKind) -> Result<Extent> {
        let rows = self.manifest().extent_of(source, table.name());
        if u32::try_from(rows.rows).is_ok() {
            return Ok(rows);
        }
        Err(Error::bad_data(
            &self.array_path(table.name()),
            format!(
                "{} rows of one source, more than the 4,294,967,295 that can be counted together",
                rows.rows
            ),
            "Ingest fewer parts into a lake.",
        ))
    }
}

impl Entries {
    /// Entries whose ends are counted from `first`.
    fn checked(table: Table, mut ends: Vec<u32>, items: Vec<u32>, first: u32) -> Result<Self> {
        // The array counts from the first report of the lake; a source, or a part of it, counts from its own.
        ends.par_iter_mut().for_each(|end| *end = end.wrapping_sub(first));
        let last = ends.last().copied().unwrap_or(0);
        if !ends.is_sorted() || last as usize != items.len() {
            return Err(defect(&format!("the ends of {} do not fit its entries", table.name())));
        }
        Ok(Self { ends, items })
    }
}

/// As the array of ends has a number of entries.
fn modulo(entries: u64) -> u32 {
    entries as u32
}

/// The tables and arrays, written.
pub(crate) struct Incidence {
    pub(crate) tables: Vec<TableFile>,
    pub(crate) arrays: Vec<TableFile>,
}

/// Writes both from the tables in a folder, which are complete, and gives the parts their extents.
///
/// # Errors
/// If the disk fails, or what is written does not agree with the tables and dictionaries.
pub(crate) fn write(
    folder: &Path,
    parts: &mut [PartSummary],
    tables: &[TableFile],
) -> Result<Incidence> {
    let reports: Vec<u64> = report_ends(parts);
    let names = Names::read(folder)?;
    let rows_of = |table: Table| {
        let file = tables.iter().find(|file| file.name == table.name());
        file.map(|file| file.rows).ok_or_else(|| defect(&format!("no table {}", table.name())))
    };
    let (drugs, events) = (rows_of(Table::Drug)?, rows_of(Table::Event)?);
    let exposure = Kind::Exposure(&names);
    let (exposures, reactions) = rayon::join(
        || merge::write(folder, &exposure, &reports, drugs),
        || merge::write(folder, &Kind::Reaction, &reports, events),
    );
    let mut written = Incidence { tables: Vec::new(), arrays: Vec::new() };
    for (table, done) in [(Table::Exposure, exposures?), (Table::Reaction, reactions?)] {
        set_extents(parts, table, &done.part_ends);
        written.tables.push(done.table);
        written.arrays.extend(done.arrays);
    }
    Ok(written)
}

/// After each part, how many current reports there are.
fn report_ends(parts: &[PartSummary]) -> Vec<u64> {
    let reports =
        parts.iter().map(|part| part.extents.get(Table::Report.name()).map_or(0, |e| e.rows));
    reports
        .scan(0, |end, rows| {
            *end += rows;
            Some(*end)
        })
        .collect()
}

fn set_extents(parts: &mut [PartSummary], table: Table, ends: &[u64]) {
    let mut offset = 0;
    for (part, &end) in parts.iter_mut().zip(ends) {
        part.extents.insert(table.name().to_owned(), Extent { offset, rows: end - offset });
        offset = end;
    }
}

#[cfg(test)]
mod tests;
