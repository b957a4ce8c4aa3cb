//! The row groups of a table, so that several threads can read a table at once.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};

use super::build::defect;
use super::schema::Table;
use super::snapshot::{BATCH_ROWS, Batches, Snapshot, damaged, unreadable};
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
        let file = File::open(path).map_err(|e| unreadable(path, e))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        let metadata = metadata.map_err(|e| damaged(path, &e))?;
        Ok(Self { path: path.to_path_buf(), metadata })
    }

    /// The same table, of which every text comes as a number into a list of distinct texts (a dictionary array with keys
    /// of 32 bits): who asks what a text means asks once a text, not once a row. For texts of which few are distinct.
    ///
    /// # Errors
    /// If the file cannot be read that way.
    pub fn with_numbered_texts(self) -> Result<Self> {
        let numbered = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let numbered = |field: &Arc<Field>| match field.data_type() {
            DataType::Utf8 => Arc::new(field.as_ref().clone().with_data_type(numbered.clone())),
            _ => Arc::clone(field),
        };
        let fields = self.metadata.schema().fields();
        let schema = Arc::new(Schema::new(fields.iter().map(numbered).collect::<Vec<_>>()));
        let options = ArrowReaderOptions::new().with_schema(schema);
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(self.metadata.metadata()), options);
        let metadata = metadata.map_err(|e| damaged(&self.path, &e))?;
        Ok(Self { metadata, ..self })
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
        let builder = self.builder(piece, columns)?;
        let rows = builder.with_offset(piece.rows.start).with_limit(piece.rows.len());
        self.batches(rows)
    }

    /// The same of some rows of the piece: `ranges` within it, ascending. What no range holds is passed over
    /// without being decoded, where it can be.
    ///
    /// # Errors
    /// As for [`read`](Self::read); if the ranges do not ascend within the piece.
    pub fn read_ranges(
        &self,
        piece: &Piece,
        columns: &[&str],
        ranges: &[Range<usize>],
    ) -> Result<Batches> {
        let mut end = 0;
        for range in ranges {
            if range.start < end || range.end < range.start || range.end > piece.rows.len() {
                return Err(defect(&format!(
                    "rows {range:?} of {} after row {end}",
                    piece.rows.len()
                )));
            }
            end = range.end;
        }
        let shifted =
            |range: &Range<usize>| range.start + piece.rows.start..range.end + piece.rows.start;
        let group = self.metadata.metadata().row_groups().get(piece.group);
        let rows = group.map_or(0, |group| usize::try_from(group.num_rows()).unwrap_or(0));
        let selection = RowSelection::from_consecutive_ranges(ranges.iter().map(shifted), rows);
        self.batches(self.builder(piece, columns)?.with_row_selection(selection))
    }

    fn builder(
        &self,
        piece: &Piece,
        columns: &[&str],
    ) -> Result<ParquetRecordBatchReaderBuilder<File>> {
        let file = File::open(&self.path).map_err(|e| unreadable(&self.path, e))?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        let builder = builder.with_projection(mask).with_row_groups(vec![piece.group]);
        Ok(builder.with_batch_size(BATCH_ROWS))
    }

    fn batches(&self, builder: ParquetRecordBatchReaderBuilder<File>) -> Result<Batches> {
        let reader = builder.build().map_err(|e| damaged(&self.path, &e))?;
        Ok(Batches { path: self.path.clone(), reader })
    }
}

impl Snapshot {
    /// The pieces of a table that hold the rows of one source, in order, and the table to read them from.
    ///
    /// # Errors
    /// If the file is missing or damaged, or has fewer rows than the manifest says.
    pub fn pieces(&self, table: Table, source: SourceKind) -> Result<(RowGroups, Vec<Piece>)> {
        let extent = self.manifest().extent_of(source, table.name());
        let groups = RowGroups::open(&self.table_path(table.name()))?;
        let pieces = groups.within(extent.offset..extent.offset.saturating_add(extent.rows));
        let found: u64 = pieces.iter().map(|piece| piece.rows() as u64).sum();
        if found != extent.rows {
            return Err(Error::bad_data(
                &self.table_path(table.name()),
                format!("{found} rows of a source, the manifest says {}", extent.rows),
                "`iatro lake verify` tells what is damaged. Restore the lake, or ingest the files anew.",
            ));
        }
        Ok((groups, pieces))
    }
}
