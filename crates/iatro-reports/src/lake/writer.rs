//! One Parquet file, hashed while it is written.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::coalesce::BatchCoalescer;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::manifest::TableFile;
use crate::error::{Error, Result};
use crate::input::hash::HashingWriter;

/// Rows are handed to the encoder in blocks of this size whatever the size of the batches that come
/// in: pages are cut at block ends, and the same rows must give the same bytes.
const BLOCK: usize = 1 << 16;

/// Writes one table.
pub(crate) struct TableWriter {
    name: String,
    path: PathBuf,
    writer: ArrowWriter<HashingWriter<File>>,
    blocks: BatchCoalescer,
    rows: u64,
}

impl TableWriter {
    /// Opens `FOLDER/NAME.parquet`.
    pub(crate) fn create(folder: &Path, name: &str, schema: SchemaRef) -> Result<Self> {
        let path = folder.join(format!("{name}.parquet"));
        let file = File::create(&path).map_err(|e| Error::write(&path, e))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("iatro".to_owned())
            .build();
        let blocks = BatchCoalescer::new(SchemaRef::clone(&schema), BLOCK);
        let writer = ArrowWriter::try_new(HashingWriter::new(file), schema, Some(properties))
            .map_err(|e| parquet_error(&path, e))?;
        Ok(Self { name: name.to_owned(), path, writer, blocks, rows: 0 })
    }

    /// Appends rows.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        self.blocks.push_batch(batch.clone()).map_err(|e| parquet_error(&self.path, e.into()))?;
        self.write_blocks()
    }

    fn write_blocks(&mut self) -> Result<()> {
        while let Some(block) = self.blocks.next_completed_batch() {
            self.writer.write(&block).map_err(|e| parquet_error(&self.path, e))?;
        }
        Ok(())
    }

    /// Rows written so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Completes the file, on the disk, and describes it.
    pub(crate) fn finish(mut self) -> Result<TableFile> {
        let last = self.blocks.finish_buffered_batch();
        last.map_err(|e| parquet_error(&self.path, e.into()))?;
        self.write_blocks()?;
        let path = self.path;
        let writer = self.writer.into_inner().map_err(|e| parquet_error(&path, e))?;
        let (file, sha256, bytes) = writer.finish();
        file.sync_all().map_err(|e| Error::write(&path, e))?;
        Ok(TableFile { name: self.name, rows: self.rows, bytes, sha256 })
    }
}

/// A Parquet failure while writing; the disk's own error is kept when there is one.
fn parquet_error(path: &Path, error: ParquetError) -> Error {
    let source = match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(io) => *io,
            Err(other) => io::Error::other(other.to_string()),
        },
        other => io::Error::other(other.to_string()),
    };
    Error::write(path, source)
}
