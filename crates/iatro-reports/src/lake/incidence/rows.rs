//! The rows that entries are made of, and what their dictionaries say they must add up to.

use std::path::Path;

use arrow_array::{Array, ListArray, RecordBatch, StringArray, UInt32Array, UInt64Array};

use super::{NO_ROLE, pack};
use crate::error::Result;
use crate::lake::build::defect;
use crate::lake::groups::RowGroups;
use crate::lake::schema::Table;
use crate::model::codes::Role;

/// Substance ids by name id.
#[derive(Default)]
pub(super) struct Names {
    ends: Vec<usize>,
    substances: Vec<u32>,
}

impl Names {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut names = Self { ends: Vec::new(), substances: Vec::new() };
        each_batch(folder, Table::Name, &["substance_ids"], &mut |batch| {
            let lists = column::<ListArray>(batch, "substance_ids")?;
            for row in 0..lists.len() {
                let list = lists.value(row);
                let ids = list.as_any().downcast_ref::<UInt32Array>();
                let ids = ids.ok_or_else(|| defect("substance_ids has another type"))?;
                names.substances.extend_from_slice(ids.values());
                names.ends.push(names.substances.len());
            }
            Ok(())
        })?;
        Ok(names)
    }

    fn of(&self, name: u32) -> Option<&[u32]> {
        let name = name as usize;
        let start = name.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before))?;
        self.substances.get(*start..*self.ends.get(name)?)
    }
}

/// Which entries are made.
pub(super) enum Kind<'n> {
    /// From `drug`, over the names.
    Exposure(&'n Names),
    /// From `event`.
    Reaction,
}

/// Entries with their reports, in the order of the rows.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) reports: Vec<u64>,
    pub(super) items: Vec<u32>,
    /// Rows read.
    pub(super) rows: u64,
}

impl Kind<'_> {
    pub(super) fn table(&self) -> Table {
        match self {
            Self::Exposure(_) => Table::Exposure,
            Self::Reaction => Table::Reaction,
        }
    }

    pub(super) fn made_from(&self) -> Table {
        match self {
            Self::Exposure(_) => Table::Drug,
            Self::Reaction => Table::Event,
        }
    }

    pub(super) fn columns(&self) -> &'static [&'static str] {
        match self {
            Self::Exposure(_) => &["report_id", "role", "name_id"],
            Self::Reaction => &["report_id", "term_id"],
        }
    }

    /// The id of an entry, without its roles.
    pub(super) fn id(&self, item: u32) -> u32 {
        match self {
            Self::Exposure(_) => super::unpack(item).0,
            Self::Reaction => item,
        }
    }

    /// Adds the entries of rows.
    pub(super) fn list(&self, batch: &RecordBatch, listed: &mut Listed) -> Result<()> {
        listed.rows += batch.num_rows() as u64;
        let reports = column::<UInt64Array>(batch, "report_id")?;
        match self {
            Self::Exposure(names) => list_drugs(names, batch, reports, listed),
            Self::Reaction => {
                let terms = column::<UInt32Array>(batch, "term_id")?;
                listed.reports.extend_from_slice(reports.values());
                listed.items.extend_from_slice(terms.values());
                Ok(())
            }
        }
    }

    /// By id, how many rows of current reports name it: counted by the ingest, row by row, before any table
    /// was written.
    pub(super) fn rows_by_id(&self, folder: &Path) -> Result<Vec<u64>> {
        let (table, name) = match self {
            Self::Exposure(_) => (Table::Substance, "rows"),
            Self::Reaction => (Table::Term, "event_rows"),
        };
        let mut rows = Vec::new();
        each_batch(folder, table, &[name], &mut |batch| {
            rows.extend_from_slice(column::<UInt64Array>(batch, name)?.values());
            Ok(())
        })?;
        Ok(rows)
    }
}

fn list_drugs(
    names: &Names,
    batch: &RecordBatch,
    reports: &UInt64Array,
    listed: &mut Listed,
) -> Result<()> {
    let roles = column::<StringArray>(batch, "role")?;
    let ids = column::<UInt32Array>(batch, "name_id")?;
    for (row, (&report, &name)) in reports.values().iter().zip(ids.values()).enumerate() {
        let bit = if roles.is_null(row) {
            NO_ROLE
        } else {
            let code = roles.value(row);
            Role::from_code(code)
                .map(Role::bit)
                .ok_or_else(|| defect(&format!("role \"{code}\"")))?
        };
        let of_name = names.of(name).ok_or_else(|| defect(&format!("name {name}")))?;
        for &substance in of_name {
            let item = pack(substance, bit);
            listed.reports.push(report);
            listed.items.push(item.ok_or_else(|| defect(&format!("substance {substance}")))?);
        }
    }
    Ok(())
}

fn each_batch(
    folder: &Path,
    table: Table,
    columns: &[&str],
    visit: &mut dyn FnMut(&RecordBatch) -> Result<()>,
) -> Result<()> {
    let groups = RowGroups::open(&folder.join(format!("{}.parquet", table.name())))?;
    for piece in groups.all() {
        for batch in groups.read(&piece, columns)? {
            visit(&batch?)?;
        }
    }
    Ok(())
}

pub(super) fn column<'b, T: Array + 'static>(batch: &'b RecordBatch, name: &str) -> Result<&'b T> {
    let found = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref());
    found.ok_or_else(|| defect(&format!("column {name} is missing or has another type")))
}
