//! One snapshot, read.

use std::ffi::OsStr;
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

pub(super) const BATCH_ROWS: usize = 1 << 16;

/// What every manifest has.
#[derive(serde::Deserialize)]
struct Version {
    schema_version: u32,
}

/// An immutable snapshot of a lake.
#[derive(Clone, Debug)]
pub struct Snapshot {
    folder: PathBuf,
    manifest: Manifest,
}

impl Snapshot {
    /// Opens the snapshot in a folder, which must have its dataset id as its name.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path).map_err(|e| Error::read(&path, e))?;
        let damaged = |e: serde_json::Error| {
            Error::bad_data(
                &path,
                format!("not the manifest of a snapshot ({e})"),
                "The lake is damaged: restore it, or ingest the files anew.",
            )
        };
        // First the version: what else a manifest has depends on it.
        let Version { schema_version } = serde_json::from_str(&text).map_err(damaged)?;
        if schema_version != SCHEMA_VERSION {
            return Err(Error::bad_data(
                &path,
                format!("schema {schema_version}, this version reads {SCHEMA_VERSION}"),
                "Use the iatro version that wrote it, or ingest the files anew.",
            ));
        }
        let manifest: Manifest = serde_json::from_str(&text).map_err(damaged)?;
        if folder.file_name() != Some(OsStr::new(&manifest.dataset_id)) {
            return Err(Error::bad_data(
                &path,
                format!("this folder holds the snapshot {}", manifest.dataset_id),
                "A snapshot's folder has its dataset id as its name. Restore the lake, or ingest all \
                 source files into a new lake folder.",
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

    /// The path of an array's file.
    pub(crate) fn array_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.{}", super::arrays::EXTENSION))
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
    pub(super) path: PathBuf,
    pub(super) reader: ParquetRecordBatchReader,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        Some(batch.map_err(|e| damaged(&self.path, &ParquetError::ArrowError(e.to_string()))))
    }
}

pub(super) fn damaged(path: &Path, error: &ParquetError) -> Error {
    Error::bad_data(
        path,
        format!("this table of the lake cannot be read ({error})"),
        "`iatro lake verify` tells what is damaged. Restore the lake, or ingest the files anew.",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ingest::{Input, Options, Progress, ingest};
    use crate::lake::dictionary;

    struct Quiet;

    impl Progress for Quiet {
        fn step(&mut self, _: &str, _: usize, _: usize) {}
    }

    /// A quarter and a line list in one lake.
    fn snapshot(folder: &Path) -> Snapshot {
        let tables = [
            ("DEMO", "primaryid$caseid\n71$7\n81$8\n"),
            (
                "DRUG",
                "primaryid$drug_seq$role_cod$drugname\n71$1$PS$ZORBITOL\n81$1$C$ZORBITOL\n81$2$C$TEA\n",
            ),
            ("REAC", "primaryid$pt\n71$RASH\n81$Rash\n81$Pain\n"),
        ];
        std::fs::create_dir(folder.join("quarter")).unwrap();
        for (table, text) in tables {
            std::fs::write(folder.join(format!("quarter/{table}20Q1.txt")), text).unwrap();
        }
        let list = folder.join("list.csv");
        std::fs::write(&list, "report_id,drug,event\nA,tea,Cough\n").unwrap();
        let options = Options { lake: folder.join("lake"), replace: false, rxnorm: None };
        let quarter = Input::Faers(vec![folder.join("quarter")]);
        ingest(&Input::Csv(vec![list]), &options, &mut Quiet).unwrap();
        ingest(&quarter, &options, &mut Quiet).unwrap().snapshot
    }

    fn shape(batches: Batches) -> (usize, Vec<String>) {
        let batches: Vec<RecordBatch> = batches.collect::<Result<_>>().unwrap();
        let names = batches.first().map(|batch| {
            batch.schema().fields().iter().map(|field| field.name().clone()).collect()
        });
        (batches.iter().map(RecordBatch::num_rows).sum(), names.unwrap_or_default())
    }

    #[test]
    fn reads_the_columns_and_the_source_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = snapshot(folder.path());
        let all = shape(snapshot.read(Table::Drug, &["seq", "report_id"]).unwrap());
        assert_eq!(all, (4, vec!["report_id".to_owned(), "seq".to_owned()]));
        for (source, reports, drugs) in
            [(SourceKind::Faers, 2, 3), (SourceKind::Csv, 1, 1), (SourceKind::Vaers, 0, 0)]
        {
            let rows =
                |table| shape(snapshot.read_source(table, source, &["report_id"]).unwrap()).0;
            assert_eq!((rows(Table::Report), rows(Table::Drug)), (reports, drugs), "{source}");
        }
        assert_eq!(Snapshot::open(snapshot.folder()).unwrap().manifest(), snapshot.manifest());
    }

    #[test]
    fn the_dictionaries_list_the_most_frequent_first() {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = snapshot(folder.path());
        let names: Vec<_> = dictionary::names(&snapshot)
            .unwrap()
            .into_iter()
            .map(|n| (n.verbatim, n.rows))
            .collect();
        assert_eq!(
            names,
            [("ZORBITOL".to_owned(), 2), ("TEA".to_owned(), 1), ("tea".to_owned(), 1)]
        );
        let substances = dictionary::substances(&snapshot).unwrap();
        assert!(substances.is_sorted_by(|a, b| a.rows >= b.rows));
        assert_eq!(substances[0].rows, 2);
        let events = dictionary::event_rows(&snapshot).unwrap();
        assert_eq!((events["rash"], events["pain"], events["cough"]), (2, 1, 1));
    }

    #[test]
    fn a_damaged_table_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = snapshot(folder.path());
        let path = snapshot.table_path("term");
        std::fs::write(&path, "not Parquet").unwrap();
        let error = snapshot.read(Table::Term, &["term"]).map(|_| ()).unwrap_err();
        assert!(
            error.to_string().contains("term.parquet: this table of the lake cannot be read"),
            "{error}"
        );
        std::fs::remove_file(&path).unwrap();
        assert!(snapshot.read(Table::Term, &["term"]).is_err());
    }
}
