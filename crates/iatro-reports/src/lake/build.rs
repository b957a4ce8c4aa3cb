//! A snapshot from its parts: ids given, reports parted into current and history, tables written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{
    Array, ArrayRef, RecordBatch, StringArray, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_schema::ArrowError;
use arrow_select::take::{take, take_record_batch};
use hashbrown::HashMap;

use super::manifest::TableFile;
use super::schema::Table;
use super::usage::{Bits, Usage};
use super::writer::TableWriter;
use crate::cases::Fate;
use crate::error::{Error, Place, Result};
use crate::part::{Child, Part, PartKey, Symbols};

/// Rows are written in slices of this size, so that columns are copied in moderate pieces.
const SLICE: usize = 1 << 17;

/// Where a row goes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Store {
    Current,
    History,
}

impl Store {
    const BOTH: [Self; 2] = [Self::Current, Self::History];

    fn file(self, table: Table) -> String {
        match self {
            Self::Current => table.name().to_owned(),
            Self::History => format!("history/{}", table.name()),
        }
    }
}

/// Writes the tables of a snapshot, part by part.
pub(crate) struct SnapshotBuilder {
    folder: PathBuf,
    writers: BTreeMap<String, TableWriter>,
    next_report: [u64; 2],
    symbols: Symbols,
    usage: Usage,
    clusters: Clusters,
}

/// Suspected duplicates: how many current reports share a key, and the first report of each.
#[derive(Debug, Default)]
pub(crate) struct Clusters {
    first: HashMap<u64, Option<u64>, foldhash::fast::FixedState>,
}

impl Clusters {
    /// Clusters of the keys that two or more current reports share.
    pub(crate) fn new(keys: impl Iterator<Item = u64>) -> Self {
        let mut keys: Vec<u64> = keys.filter(|&key| key != 0).collect();
        keys.sort_unstable();
        let shared = keys.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
        Self { first: shared.filter_map(|same| Some((*same.first()?, None))).collect() }
    }

    fn of(&mut self, key: u64, report: u64) -> Option<u64> {
        self.first.get_mut(&key).map(|first| *first.get_or_insert(report))
    }
}

impl SnapshotBuilder {
    pub(crate) fn new(folder: &Path, clusters: Clusters) -> Result<Self> {
        let mut writers = BTreeMap::new();
        for store in Store::BOTH {
            for table in std::iter::once(Table::Report).chain(Table::CHILDREN) {
                let name = store.file(table);
                writers.insert(name.clone(), TableWriter::create(folder, &name, table.schema())?);
            }
        }
        for table in [Table::Withdrawal, Table::Spelling, Table::Quarantine, Table::ValueIssue] {
            let name = table.name().to_owned();
            writers.insert(name.clone(), TableWriter::create(folder, &name, table.schema())?);
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            writers,
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
        self.writers.iter().map(|(name, writer)| (name.clone(), writer.rows())).collect()
    }

    /// Writes rows of a table that does not depend on fates.
    pub(crate) fn write(&mut self, table: Table, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.writer(table.name())?.write(batch)
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
        let homes = self.homes(fates);
        let bits = self.write_reports(key, part, fates, &homes).map_err(Failure::into_error)?;
        let mut names = Remap::new(part.symbols.names().len());
        let mut terms = Remap::new(part.symbols.terms().len());
        for (&table, child) in &part.children {
            let order = order_by_owner(&child.owner);
            let child = self.with_ids(part, table, child, &order, (&mut names, &mut terms));
            let child = child.map_err(Failure::from).map_err(Failure::into_error)?;
            self.count_usage(table, &child, &order, &homes);
            self.write_child(table, &child, &order, &homes).map_err(Failure::into_error)?;
        }
        self.write_spellings(key, part, &terms).map_err(Failure::into_error)?;
        Ok(bits)
    }

    /// Completes every table written so far.
    pub(crate) fn finish(self) -> Result<Vec<TableFile>> {
        self.writers.into_values().map(TableWriter::finish).collect()
    }

    fn writer(&mut self, name: &str) -> Result<&mut TableWriter> {
        let missing = || defect(&format!("no writer for table {name}"));
        self.writers.get_mut(name).ok_or_else(missing)
    }

    /// Gives every report its store and its id there.
    fn homes(&mut self, fates: &[Fate]) -> Vec<(Store, u64)> {
        let mut home = |fate: &Fate| {
            let store = if *fate == Fate::Current { Store::Current } else { Store::History };
            let next = &mut self.next_report[store as usize];
            *next += 1;
            (store, *next - 1)
        };
        fates.iter().map(&mut home).collect()
    }

    fn write_reports(
        &mut self,
        key: &PartKey,
        part: &Part,
        fates: &[Fate],
        homes: &[(Store, u64)],
    ) -> Result<Bits, Failure> {
        let mut bits = Bits::default();
        for store in Store::BOTH {
            let rows: Vec<u32> =
                (0_u32..).zip(homes).filter(|(_, home)| home.0 == store).map(|(r, _)| r).collect();
            for rows in rows.chunks(SLICE) {
                let ids: Vec<u64> = rows.iter().map(|&row| homes[row as usize].1).collect();
                let clusters: UInt64Array = rows
                    .iter()
                    .zip(&ids)
                    .map(|(&row, &id)| {
                        let key = part.sightings[row as usize].duplicate_key;
                        (store == Store::Current).then(|| self.clusters.of(key, id)).flatten()
                    })
                    .collect();
                let mut fate = StringBuilder::new();
                rows.iter().for_each(|&row| fate.append_option(fates[row as usize].name()));
                let repeat = |text: &str| -> ArrayRef {
                    Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, ids.len())))
                };
                let mut columns: Vec<ArrayRef> = vec![
                    Arc::new(UInt64Array::from(ids.clone())),
                    repeat(key.source.name()),
                    repeat(&key.period),
                ];
                let taken = take_record_batch(&part.reports, &UInt32Array::from(rows.to_vec()))?;
                columns.extend(taken.columns().iter().cloned());
                columns.push(Arc::new(clusters));
                columns.push(Arc::new(fate.finish()));
                let batch = RecordBatch::try_new(Table::Report.schema(), columns)?;
                self.writer(&store.file(Table::Report))?.write(&batch)?;
                bits.outcomes += ones(&batch, "outcomes")?;
                bits.report_sources += ones(&batch, "report_sources")?;
            }
        }
        Ok(bits)
    }

    /// The spellings of the part's terms, by id and then sorted, whatever order they were seen in.
    fn write_spellings(&mut self, key: &PartKey, part: &Part, ids: &Remap) -> Result<(), Failure> {
        let mut terms: Vec<_> = ids
            .0
            .iter()
            .zip(part.symbols.terms())
            .filter_map(|(id, t)| Some(((*id)?, t)))
            .collect();
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
        let batch = RecordBatch::try_new(Table::Spelling.schema(), columns)?;
        Ok(self.write(Table::Spelling, &batch)?)
    }

    /// The child's columns with the part's symbols replaced by the snapshot's ids.
    ///
    /// Ids are given in the order of reports, so that they do not depend on how the parts came in.
    fn with_ids(
        &mut self,
        part: &Part,
        table: Table,
        child: &Child,
        order: &[u32],
        (names, terms): (&mut Remap, &mut Remap),
    ) -> Result<Child, ArrowError> {
        let column = match table {
            Table::Drug => "name_id",
            Table::Event | Table::Indication => "term_id",
            _ => return Ok(child.clone()),
        };
        let schema = child.columns.schema();
        let at = schema.index_of(column)?;
        let locals = uint32(child.columns.column(at))?;
        let symbols = &mut self.symbols;
        for &row in order {
            let local = locals.value(row as usize) as usize;
            match table {
                Table::Drug => {
                    names.fill(local, || symbols.name(part.symbols.names()[local].clone()));
                }
                _ => terms.fill(local, || {
                    let term = &part.symbols.terms()[local];
                    symbols.folded_term(term.folded.clone(), term.variants.iter().cloned())
                }),
            }
        }
        let remap = if table == Table::Drug { names } else { terms };
        let global: UInt32Array = locals.values().iter().map(|&l| Some(remap.get(l))).collect();
        let mut columns = child.columns.columns().to_vec();
        columns[at] = Arc::new(UInt32Array::from(global.values().to_vec()));
        Ok(Child { owner: child.owner.clone(), columns: RecordBatch::try_new(schema, columns)? })
    }

    fn count_usage(&mut self, table: Table, child: &Child, order: &[u32], homes: &[(Store, u64)]) {
        let ids = match table {
            Table::Drug => child.columns.column_by_name("name_id"),
            Table::Event | Table::Indication => child.columns.column_by_name("term_id"),
            _ => None,
        };
        let Some(Ok(ids)) = ids.map(uint32) else { return };
        let versions = child
            .columns
            .column_by_name("dictionary_version")
            .and_then(|column| column.as_any().downcast_ref::<StringArray>());
        for &row in order {
            let (row, owner) = (row as usize, child.owner[row as usize] as usize);
            let id = ids.value(row) as usize;
            if table == Table::Event {
                let version = versions.filter(|v| v.is_valid(row)).map(|v| v.value(row));
                self.usage.see_version(id, version);
            }
            if homes[owner].0 == Store::Current {
                self.usage.count(table, id);
            }
        }
    }

    fn write_child(
        &mut self,
        table: Table,
        child: &Child,
        order: &[u32],
        homes: &[(Store, u64)],
    ) -> Result<(), Failure> {
        for store in Store::BOTH {
            let home = |row: &u32| homes[child.owner[*row as usize] as usize];
            let rows: Vec<u32> = order.iter().copied().filter(|r| home(r).0 == store).collect();
            for rows in rows.chunks(SLICE) {
                let ids = UInt64Array::from_iter_values(rows.iter().map(|row| home(row).1));
                let indices = UInt32Array::from(rows.to_vec());
                let mut columns: Vec<ArrayRef> = vec![Arc::new(ids)];
                for column in child.columns.columns() {
                    columns.push(take(column, &indices, None)?);
                }
                let batch = RecordBatch::try_new(table.schema(), columns)?;
                self.writer(&store.file(table))?.write(&batch)?;
            }
        }
        Ok(())
    }
}

/// Symbols of a part to ids of the snapshot.
struct Remap(Vec<Option<u32>>);

impl Remap {
    fn new(len: usize) -> Self {
        Self(vec![None; len])
    }

    fn fill(&mut self, local: usize, id: impl FnOnce() -> u32) {
        self.0[local].get_or_insert_with(id);
    }

    fn get(&self, local: u32) -> u32 {
        self.0[local as usize].unwrap_or(u32::MAX)
    }
}

/// The rows of a child in the order of their reports, rows of one report in file order.
fn order_by_owner(owner: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0_u32..).take(owner.len()).collect();
    if !owner.is_sorted() {
        order.sort_by_key(|&row| owner[row as usize]);
    }
    order
}

fn uint32(column: &ArrayRef) -> Result<&UInt32Array, ArrowError> {
    let wrong = || ArrowError::SchemaError("expected a column of u32".to_owned());
    column.as_any().downcast_ref().ok_or_else(wrong)
}

/// The bits that are set in a column of codes, over all rows.
fn ones(batch: &RecordBatch, column: &str) -> Result<u64, ArrowError> {
    let wrong = || ArrowError::SchemaError("expected a column of u16".to_owned());
    let codes = batch.column_by_name(column).and_then(|c| c.as_any().downcast_ref());
    let codes: &UInt16Array = codes.ok_or_else(wrong)?;
    Ok(codes.values().iter().map(|bits| u64::from(bits.count_ones())).sum())
}

/// A failure in columns, which is a defect, or in writing, which is not.
enum Failure {
    Columns(ArrowError),
    Write(Error),
}

impl Failure {
    fn into_error(self) -> Error {
        match self {
            Self::Columns(error) => defect(&error.to_string()),
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

/// A failure that no input explains.
pub(crate) fn defect(what: &str) -> Error {
    Error::refused(
        Place::file("lake"),
        format!("the tables could not be built ({what})"),
        "This is a defect of iatro; nothing was changed.",
    )
}
