//! One Parquet file, hashed while it is written.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::coalesce::BatchCoalescer;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};

use super::manifest::TableFile;
use crate::error::{Error, Result};
use crate::input::hash::HashingWriter;

/// Rows are handed to the encoder in blocks of this size whatever the size of the batches that come
/// in: pages are cut at block ends, and the same rows must give the same bytes.
const BLOCK: usize = 1 << 16;

/// The first error of the disk. The Parquet writer turns some errors into text on their way up; the
/// kind is needed to say that the disk is full.
type DiskError = Arc<OnceLock<io::ErrorKind>>;

/// A file that remembers its first error.
struct RememberingFile {
    file: File,
    error: DiskError,
}

impl RememberingFile {
    fn remember<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| {
            self.error.get_or_init(|| error.kind());
        })
    }
}

impl Write for RememberingFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer);
        self.remember(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.file.flush();
        self.remember(flushed)
    }
}

/// Writes one table.
pub(crate) struct TableWriter {
    name: String,
    path: PathBuf,
    disk_error: DiskError,
    writer: ArrowWriter<HashingWriter<RememberingFile>>,
    blocks: BatchCoalescer,
    rows: u64,
}

impl TableWriter {
    /// Opens `FOLDER/NAME.parquet`.
    pub(crate) fn create(folder: &Path, name: &str, schema: SchemaRef) -> Result<Self> {
        let compressed = WriterProperties::builder().set_compression(Compression::SNAPPY);
        Self::create_with(folder, name, schema, compressed)
    }

    /// The same, encoded in another way.
    pub(crate) fn create_with(
        folder: &Path,
        name: &str,
        schema: SchemaRef,
        properties: WriterPropertiesBuilder,
    ) -> Result<Self> {
        let path = folder.join(format!("{name}.parquet"));
        let file = File::create(&path).map_err(|e| Error::write(&path, e))?;
        let properties = properties.set_created_by("iatro".to_owned()).build();
        let disk_error = DiskError::default();
        let file = RememberingFile { file, error: Arc::clone(&disk_error) };
        let writer =
            ArrowWriter::try_new(HashingWriter::new(file), Arc::clone(&schema), Some(properties))
                .map_err(|e| parquet_error(&path, &disk_error, e))?;
        let blocks = BatchCoalescer::new(schema, BLOCK);
        Ok(Self { name: name.to_owned(), path, disk_error, writer, blocks, rows: 0 })
    }

    /// Appends rows.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        let pushed = self.blocks.push_batch(batch.clone());
        pushed.map_err(|e| self.failed(e.into()))?;
        self.write_blocks()
    }

    fn write_blocks(&mut self) -> Result<()> {
        while let Some(block) = self.blocks.next_completed_batch() {
            self.writer.write(&block).map_err(|e| self.failed(e))?;
        }
        Ok(())
    }

    fn failed(&self, error: ParquetError) -> Error {
        parquet_error(&self.path, &self.disk_error, error)
    }

    /// The table's name: the file without its ending.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Rows written so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Completes the file, on the disk, and describes it.
    pub(crate) fn finish(mut self) -> Result<TableFile> {
        let last = self.blocks.finish_buffered_batch();
        last.map_err(|e| self.failed(e.into()))?;
        self.write_blocks()?;
        let Self { name, path, disk_error, writer, rows, .. } = self;
        let writer = writer.into_inner().map_err(|e| parquet_error(&path, &disk_error, e))?;
        let (file, sha256, bytes) = writer.finish();
        file.file.sync_all().map_err(|e| Error::write(&path, e))?;
        Ok(TableFile { name, rows, bytes, sha256 })
    }
}

/// A Parquet failure while writing; the disk's own error, where there was one, says more.
fn parquet_error(path: &Path, disk_error: &DiskError, error: ParquetError) -> Error {
    let source = match disk_error.get() {
        Some(kind) => io::Error::from(*kind),
        None => io::Error::other(error),
    };
    Error::write(path, source)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::input::hash::sha256_file;
    use crate::lake::schema::Table;
    use arrow_array::{StringArray, UInt64Array};

    fn withdrawals(first: u64, rows: u64) -> RecordBatch {
        let text = |text: fn(u64) -> String| {
            Arc::new(StringArray::from_iter_values((first..first + rows).map(text)))
        };
        let lines = Arc::new(UInt64Array::from_iter_values(first..first + rows));
        let columns: Vec<arrow_array::ArrayRef> = vec![
            text(|_| "faers".to_owned()),
            text(|row| format!("20{:02}Q1", row % 7)),
            text(|row| format!("{}", row * 31 % 9_973)),
            lines,
        ];
        RecordBatch::try_new(Table::Withdrawal.schema(), columns).unwrap()
    }

    #[test]
    fn the_same_rows_are_the_same_bytes_in_whatever_batches_they_come() {
        let rows = BLOCK as u64 * 2 + 1_000;
        let written = |sizes: &[u64]| {
            let folder = tempfile::tempdir().unwrap();
            let schema = Table::Withdrawal.schema();
            let mut writer = TableWriter::create(folder.path(), "withdrawal", schema).unwrap();
            let mut first = 0;
            for size in sizes.iter().cycle() {
                let size = (*size).min(rows - first);
                writer.write(&withdrawals(first, size)).unwrap();
                first += size;
                assert_eq!(writer.rows(), first);
                if first == rows {
                    break;
                }
            }
            let table = writer.finish().unwrap();
            let on_disk = sha256_file(&folder.path().join("withdrawal.parquet")).unwrap();
            assert_eq!((table.sha256.clone(), table.bytes), on_disk);
            table
        };
        let at_once = written(&[rows]);
        assert_eq!(at_once.rows, rows);
        for sizes in [&[1_000_u64][..], &[BLOCK as u64], &[65_535, 3], &[70_000, 0, 1]] {
            assert_eq!(written(sizes), at_once, "{sizes:?}");
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let missing = Path::new("/nowhere/at/all");
        let error =
            TableWriter::create(missing, "term", Table::Term.schema()).map(|_| ()).unwrap_err();
        assert!(error.to_string().starts_with("/nowhere/at/all/term.parquet: "), "{error}");
    }
}
