//! One snapshot, read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;

use super::manifest::{Extent, Manifest};
use super::schema::{SCHEMA_VERSION, Table};
use super::store::MANIFEST;
use crate::error::{Error, Result};
use crate::part::SourceKind;

const BATCH_ROWS: usize = 1 << 16;

/// An immutable snapshot of a lake.
#[derive(Clone, Debug)]
pub struct Snapshot {
    folder: PathBuf,
    manifest: Manifest,
}

impl Snapshot {
    /// Opens the snapshot in a folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(|e| Error::read(&path, e))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|e| {
            Error::bad_data(
                &path,
                format!("not the manifest of a snapshot ({e})"),
                "The lake is damaged: restore it, or ingest the files anew.",
            )
        })?;
        if manifest.schema_version != SCHEMA_VERSION {
            return Err(Error::bad_data(
                &path,
                format!("schema {}, this version reads {SCHEMA_VERSION}", manifest.schema_version),
                "Use the iatro version that wrote it, or ingest the files anew.",
            ));
        }
        Ok(Self { folder: folder.to_path_buf(), manifest })
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a table's Parquet file.
    pub fn table_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.parquet"))
    }

    /// The rows of a table of current reports, these columns only, in order.
    pub fn read(&self, table: Table, columns: &[&str]) -> Result<Batches> {
        self.read_file(table.name(), Some(columns), None)
    }

    /// The rows of a table that belong to the reports of one source, these columns only, in order.
    pub fn read_source(
        &self,
        table: Table,
        source: SourceKind,
        columns: &[&str],
    ) -> Result<Batches> {
        let extent = self.manifest.extent_of(source, table.name());
        self.read_file(table.name(), Some(columns), Some(extent))
    }

    /// All columns of a table file, or of an extent of it.
    pub(crate) fn read_file(
        &self,
        name: &str,
        columns: Option<&[&str]>,
        extent: Option<Extent>,
    ) -> Result<Batches> {
        let path = self.table_path(name);
        let file = File::open(&path).map_err(|e| Error::read(&path, e))?;
        let mut builder =
            ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&path, &e))?;
        if let Some(columns) = columns {
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            builder = builder.with_projection(mask);
        }
        if let Some(extent) = extent {
            let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            builder = builder.with_offset(size(extent.offset)).with_limit(size(extent.rows));
        }
        let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(|e| damaged(&path, &e))?;
        Ok(Batches { path, reader })
    }
}

/// The rows of a table, a batch at a time.
pub struct Batches {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        Some(batch.map_err(|e| damaged(&self.path, &ParquetError::ArrowError(e.to_string()))))
    }
}

fn damaged(path: &Path, error: &ParquetError) -> Error {
    Error::bad_data(
        path,
        format!("this table of the lake cannot be read ({error})"),
        "`iatro lake verify` tells what is damaged. Restore the lake, or ingest the files anew.",
    )
}
