//! The row groups of a table, so that several threads can read a table at once.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::schema::Table;
use super::snapshot::{BATCH_ROWS, Batches, Snapshot, damaged};
use crate::error::{Error, Result};
use crate::part::SourceKind;

/// Rows of a table that one thread reads: a row group, or that part of it that a source has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Piece {
    group: usize,
    /// Within the group.
    rows: Range<usize>,
}

impl Piece {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }
}

/// A table whose row groups are read one by one.
#[derive(Clone, Debug)]
pub struct RowGroups {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl RowGroups {
    /// Opens a Parquet file.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        let metadata = metadata.map_err(|e| damaged(path, &e))?;
        Ok(Self { path: path.to_path_buf(), metadata })
    }

    /// All rows, in order.
    pub(crate) fn all(&self) -> Vec<Piece> {
        self.within(0..u64::MAX)
    }

    /// The rows of a range of the table, in order.
    pub(crate) fn within(&self, range: Range<u64>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut first = 0_u64;
        for (group, metadata) in self.metadata.metadata().row_groups().iter().enumerate() {
            let rows = u64::try_from(metadata.num_rows()).unwrap_or(0);
            let (from, to) = (range.start.max(first), range.end.min(first + rows));
            if from < to {
                let within = |row: u64| usize::try_from(row - first).unwrap_or(usize::MAX);
                pieces.push(Piece { group, rows: within(from)..within(to) });
            }
            first += rows;
        }
        pieces
    }

    /// Reads these columns of a piece.
    ///
    /// # Errors
    /// If the file is missing or damaged.
    pub fn read(&self, piece: &Piece, columns: &[&str]) -> Result<Batches> {
        let path = self.path.clone();
        let file = File::open(&path).map_err(|e| Error::read(&path, e))?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        let reader = builder
            .with_projection(mask)
            .with_row_groups(vec![piece.group])
            .with_offset(piece.rows.start)
            .with_limit(piece.rows.len())
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|e| damaged(&path, &e))?;
        Ok(Batches { path, reader })
    }
}

impl Snapshot {
    /// The pieces of a table that hold the rows of one source, in order, and the table to read them from.
    ///
    /// # Errors
    /// If the file is missing or damaged.
    pub fn pieces(&self, table: Table, source: SourceKind) -> Result<(RowGroups, Vec<Piece>)> {
        let extent = self.manifest().extent_of(source, table.name());
        let groups = RowGroups::open(&self.table_path(table.name()))?;
        let pieces = groups.within(extent.offset..extent.offset.saturating_add(extent.rows));
        Ok((groups, pieces))
    }
}
