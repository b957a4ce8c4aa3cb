//! A snapshot from its parts: ids given, reports parted into current and history, tables written.

mod ids;
mod stores;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt32Array};
use arrow_schema::ArrowError;
use hashbrown::HashMap;
use rayon::prelude::*;

use super::manifest::TableFile;
use super::schema::Table;
use super::usage::{Bits, Usage};
use super::writer::TableWriter;
use crate::cases::Fate;
use crate::error::{Error, Place, Result};
use crate::part::{Part, PartKey, Symbols};
use ids::Ids;
use stores::{Home, Reports, Store, Stores};

/// Writes the tables of a snapshot, part by part.
pub(crate) struct SnapshotBuilder {
    folder: PathBuf,
    reports: Stores,
    children: BTreeMap<Table, Stores>,
    /// Tables that do not depend on fates.
    plain: BTreeMap<Table, TableWriter>,
    next_report: [u64; 2],
    symbols: Symbols,
    usage: Usage,
    clusters: Clusters,
}

/// Suspected duplicates: the keys that current reports share, and the first report of each.
#[derive(Debug, Default)]
pub(crate) struct Clusters {
    first: HashMap<u64, Option<u64>, foldhash::fast::FixedState>,
}

impl Clusters {
    /// Clusters of the keys that two or more current reports share.
    pub(crate) fn new(shared_keys: &[u64]) -> Self {
        Self { first: shared_keys.iter().map(|&key| (key, None)).collect() }
    }

    fn of(&mut self, key: u64, report: u64) -> Option<u64> {
        self.first.get_mut(&key).map(|first| *first.get_or_insert(report))
    }
}

impl SnapshotBuilder {
    pub(crate) fn new(folder: &Path, clusters: Clusters) -> Result<Self> {
        let stores = |table: Table| Ok((table, Stores::create(folder, table)?));
        let plain =
            |table: Table| Ok((table, TableWriter::create(folder, table.name(), table.schema())?));
        let fateless = [Table::Withdrawal, Table::Spelling, Table::Quarantine, Table::ValueIssue];
        Ok(Self {
            folder: folder.to_path_buf(),
            reports: Stores::create(folder, Table::Report)?,
            children: Table::CHILDREN.into_iter().map(stores).collect::<Result<_>>()?,
            plain: fateless.into_iter().map(plain).collect::<Result<_>>()?,
            next_report: [0, 0],
            symbols: Symbols::default(),
            usage: Usage::default(),
            clusters,
        })
    }

    pub(crate) fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    pub(crate) fn usage(&self) -> &Usage {
        &self.usage
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Rows written so far, by table file.
    pub(crate) fn offsets(&self) -> BTreeMap<String, u64> {
        let stores = std::iter::once(&self.reports).chain(self.children.values());
        let stored = stores.flat_map(|stores| [&stores.current, &stores.history]);
        let writers = stored.chain(self.plain.values());
        writers.map(|writer| (writer.name().to_owned(), writer.rows())).collect()
    }

    /// Writes rows of a table that does not depend on fates.
    pub(crate) fn write(&mut self, table: Table, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let missing = || defect(&format!("no writer for table {}", table.name()));
        self.plain.get_mut(&table).ok_or_else(missing)?.write(batch)
    }

    /// Writes the reports of a part and what belongs to them; `fates` in the order of its reports.
    ///
    /// Returns the code bits of the reports written.
    pub(crate) fn write_part(
        &mut self,
        key: &PartKey,
        part: &Part,
        fates: &[Fate],
    ) -> Result<Bits> {
        if fates.len() != part.sightings.len() {
            return Err(defect(&format!("{key}: reports without a fate")));
        }
        let homes = self.homes(fates);
        let orders = orders(part);
        let ids = self.ids(part, &orders, &homes).map_err(columns_defect)?;
        self.write_spellings(key, part, &ids)?;
        let Self { reports, children, clusters, .. } = self;
        let rows = Reports { key, part, fates, homes: &homes };
        // Every table has its own files, so that they can be encoded side by side.
        let (bits, written) = rayon::join(
            || reports.write_reports(&rows, clusters),
            || write_children(children, part, &orders, &homes, &ids),
        );
        written.and(bits).map_err(Failure::into_error)
    }

    /// Completes every table written so far.
    pub(crate) fn finish(self) -> Result<Vec<TableFile>> {
        let stores = std::iter::once(self.reports).chain(self.children.into_values());
        let stored = stores.flat_map(|stores| [stores.current, stores.history]);
        let writers: Vec<TableWriter> = stored.chain(self.plain.into_values()).collect();
        let finished: Vec<Result<TableFile>> =
            writers.into_par_iter().map(TableWriter::finish).collect();
        finished.into_iter().collect()
    }

    /// Gives every report its store and its id there.
    fn homes(&mut self, fates: &[Fate]) -> Vec<Home> {
        let mut home = |fate: &Fate| {
            let store = if *fate == Fate::Current { Store::Current } else { Store::History };
            let next = &mut self.next_report[store as usize];
            *next += 1;
            (store, *next - 1)
        };
        fates.iter().map(&mut home).collect()
    }

    /// Gives the part's names and terms their ids, and counts their rows.
    fn ids(
        &mut self,
        part: &Part,
        orders: &BTreeMap<Table, Vec<u32>>,
        homes: &[Home],
    ) -> Result<Ids, ArrowError> {
        let mut ids = Ids::new(&part.symbols);
        let is_current = |owner: u32| homes[owner as usize].0 == Store::Current;
        for (&table, child) in &part.children {
            let order = orders.get(&table).map_or(&[][..], Vec::as_slice);
            ids.assign((table, child), order, &part.symbols, &mut self.symbols)?;
            ids.count((table, child), is_current, &mut self.usage)?;
        }
        Ok(ids)
    }

    /// The spellings of the part's terms, by id and then sorted, whatever order they were seen in.
    fn write_spellings(&mut self, key: &PartKey, part: &Part, ids: &Ids) -> Result<()> {
        let with_id = ids.terms().iter().zip(part.symbols.terms());
        let mut terms: Vec<_> = with_id.filter_map(|(id, term)| Some(((*id)?, term))).collect();
        terms.sort_unstable_by_key(|(id, _)| *id);
        let rows: Vec<(u32, &str)> = terms
            .iter()
            .flat_map(|(id, term)| term.variants.iter().map(|variant| (*id, variant.as_str())))
            .collect();
        let repeat = |text: &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows.len())))
        };
        let columns: Vec<ArrayRef> = vec![
            repeat(key.source.name()),
            repeat(&key.period),
            Arc::new(UInt32Array::from_iter_values(rows.iter().map(|(id, _)| *id))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|(_, spelling)| spelling))),
        ];
        let batch = RecordBatch::try_new(Table::Spelling.schema(), columns);
        self.write(Table::Spelling, &batch.map_err(columns_defect)?)
    }
}

/// The rows of every child table in the order of their reports.
fn orders(part: &Part) -> BTreeMap<Table, Vec<u32>> {
    part.children.par_iter().map(|(&table, child)| (table, order_by_owner(&child.owner))).collect()
}

fn write_children(
    stores: &mut BTreeMap<Table, Stores>,
    part: &Part,
    orders: &BTreeMap<Table, Vec<u32>>,
    homes: &[Home],
    ids: &Ids,
) -> Result<(), Failure> {
    let written: Vec<Result<(), Failure>> = stores
        .par_iter_mut()
        .map(|(&table, stores)| {
            let Some(child) = part.children.get(&table) else { return Ok(()) };
            let order = orders.get(&table).map_or(&[][..], Vec::as_slice);
            stores.write_child((table, child), order, homes, ids)
        })
        .collect();
    written.into_iter().collect()
}

/// The rows of a child in the order of their reports, rows of one report in file order.
fn order_by_owner(owner: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0_u32..).take(owner.len()).collect();
    if !owner.is_sorted() {
        order.sort_by_key(|&row| owner[row as usize]);
    }
    order
}

/// A failure in columns, which is a defect, or in writing, which is not.
enum Failure {
    Columns(ArrowError),
    Write(Error),
}

impl Failure {
    fn into_error(self) -> Error {
        match self {
            Self::Columns(error) => columns_defect(error),
            Self::Write(error) => error,
        }
    }
}

impl From<ArrowError> for Failure {
    fn from(error: ArrowError) -> Self {
        Self::Columns(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Write(error)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn columns_defect(error: ArrowError) -> Error {
    defect(&error.to_string())
}

/// A failure that no input explains.
pub(crate) fn defect(what: &str) -> Error {
    Error::refused(
        Place::file("lake"),
        format!("the tables could not be built ({what})"),
        "This is a defect of iatro; nothing was changed.",
    )
}
