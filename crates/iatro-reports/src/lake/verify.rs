//! Reads a snapshot again, hashes it again, counts it again.

use serde::Serialize;

use super::snapshot::Snapshot;
use crate::error::Result;
use crate::input::hash::sha256_file;

/// What was found wrong with a snapshot; empty when it is as it was written.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Verified {
    /// The snapshot.
    pub dataset_id: String,
    /// Tables read.
    pub tables: usize,
    /// Rows read, over all tables.
    pub rows: u64,
    /// One line for each thing that is not as the manifest says.
    pub problems: Vec<String>,
}

impl Snapshot {
    /// Compares every table's hash, size and rows with the manifest, and the manifest with its own id.
    pub fn verify(&self) -> Result<Verified> {
        let manifest = self.manifest();
        let mut problems = Vec::new();
        let mut all_rows = 0;
        if !manifest.is_consistent() {
            problems.push("manifest.json: its contents do not give its dataset id".to_owned());
        }
        for table in &manifest.tables {
            let path = self.table_path(&table.name);
            if !path.exists() {
                problems.push(format!("{}.parquet: missing", table.name));
                continue;
            }
            let (sha256, bytes) = sha256_file(&path)?;
            if sha256 != table.sha256 || bytes != table.bytes {
                problems.push(format!(
                    "{}.parquet: {bytes} bytes with SHA-256 {sha256}, the manifest says {} bytes \
                     with {}",
                    table.name, table.bytes, table.sha256
                ));
                continue;
            }
            let rows = self.count_rows(&table.name)?;
            all_rows += rows;
            if rows != table.rows {
                problems.push(format!(
                    "{}.parquet: {rows} rows, the manifest says {}",
                    table.name, table.rows
                ));
            }
        }
        problems.extend(self.check_balance());
        let dataset_id = manifest.dataset_id.clone();
        Ok(Verified { dataset_id, tables: manifest.tables.len(), rows: all_rows, problems })
    }

    fn count_rows(&self, table: &str) -> Result<u64> {
        let mut rows = 0;
        for batch in self.read_file(table, None, None)? {
            rows += batch?.num_rows() as u64;
        }
        Ok(rows)
    }

    fn check_balance(&self) -> Vec<String> {
        let manifest = self.manifest();
        let mut problems = Vec::new();
        for part in &manifest.parts {
            for (table, totals) in &part.tables {
                if totals.rows != totals.stored + totals.quarantined {
                    problems.push(format!(
                        "{} {table}: {} rows in, {} stored, {} quarantined",
                        part.key, totals.rows, totals.stored, totals.quarantined
                    ));
                }
            }
        }
        let reports = manifest.table("report").map(|table| table.rows);
        if reports != Some(manifest.reports()) {
            problems.push(format!("report.parquet: the parts hold {} reports", manifest.reports()));
        }
        problems
    }
}
