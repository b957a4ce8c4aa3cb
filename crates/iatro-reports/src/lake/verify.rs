//! Reads a snapshot again, hashes it again, counts it again.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::incidence::control;
use super::manifest::{Manifest, TableFile};
use super::schema::Table;
use super::snapshot::Snapshot;
use super::store::MANIFEST;
use crate::error::{Error, Place, Result};
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
    /// Compares every table's and array's hash, size and rows with the manifest, and the manifest with its own id
    /// and with itself: rows in and out, and the extents of the parts, which must tile every table.
    pub fn verify(&self) -> Result<Verified> {
        let manifest = self.manifest();
        let mut problems: Vec<String> = consistency(manifest)
            .into_iter()
            .map(|problem| format!("{MANIFEST}: {problem}"))
            .collect();
        problems.extend(self.problems_of_arrays()?);
        let read_again = manifest.tables.par_iter().map(|table| self.read_again(table));
        let read_again: Vec<Result<(u64, Option<String>)>> = read_again.collect();
        let mut rows = 0;
        for table in read_again {
            let (more, problem) = table?;
            rows += more;
            problems.extend(problem);
        }
        problems.extend(balance(manifest));
        problems.extend(extents(manifest));
        let dataset_id = manifest.dataset_id.clone();
        Ok(Verified { dataset_id, tables: manifest.tables.len(), rows, problems })
    }

    /// Fails on the first thing that is not as it was written; what [`verify`](Self::verify) does
    /// without reading the rows. Nothing is made from a snapshot that does not pass.
    pub(crate) fn check_whole(&self) -> Result<()> {
        let manifest = self.manifest();
        let found = consistency(manifest).into_iter().chain(extents(manifest)).next();
        if let Some(problem) = found {
            return Err(damaged(Place::from(&self.folder().join(MANIFEST)), problem));
        }
        let path = |(name, file)| (self.folder().join::<String>(name), file);
        let files: Vec<(PathBuf, &TableFile)> = manifest.files().map(path).collect();
        let damages: Vec<Result<Option<String>>> =
            files.par_iter().map(|(path, file)| damage(path, file)).collect();
        for ((path, _), problem) in files.iter().zip(damages) {
            if let Some(problem) = problem? {
                return Err(damaged(Place::from(path), problem));
            }
        }
        match control::problems(self)?.into_iter().next() {
            Some(problem) => Err(damaged(Place::from(self.folder()), problem)),
            None => Ok(()),
        }
    }

    /// What is wrong with the arrays: other bytes, or else other totals than the tables have.
    fn problems_of_arrays(&self) -> Result<Vec<String>> {
        let arrays = &self.manifest().arrays;
        let problem = |array: &TableFile| {
            let problem = damage(&self.array_path(&array.name), array)?;
            Ok(problem.map(|problem| format!("{}.u32: {problem}", array.name)))
        };
        let found: Vec<Result<Option<String>>> = arrays.par_iter().map(problem).collect();
        let found = found.into_iter().collect::<Result<Vec<Option<String>>>>()?;
        let problems: Vec<String> = found.into_iter().flatten().collect();
        if problems.is_empty() { control::problems(self) } else { Ok(problems) }
    }

    /// How many rows a table has, and what is wrong with it; one with other bytes is not read.
    fn read_again(&self, table: &TableFile) -> Result<(u64, Option<String>)> {
        let name = &table.name;
        if let Some(problem) = damage(&self.table_path(name), table)? {
            return Ok((0, Some(format!("{name}.parquet: {problem}"))));
        }
        let mut rows = 0;
        for batch in self.read_file(name, None, None)? {
            rows += batch?.num_rows() as u64;
        }
        let problem = || format!("{name}.parquet: {rows} rows, the manifest says {}", table.rows);
        Ok((rows, (rows != table.rows).then(problem)))
    }
}

/// What is wrong with a file: missing, or other bytes.
fn damage(path: &Path, file: &TableFile) -> Result<Option<String>> {
    if !path.exists() {
        return Ok(Some("missing".to_owned()));
    }
    let (sha256, bytes) = sha256_file(path)?;
    if sha256 == file.sha256 && bytes == file.bytes {
        return Ok(None);
    }
    Ok(Some(format!(
        "{bytes} bytes with SHA-256 {sha256}, the manifest says {} bytes with {}",
        file.bytes, file.sha256
    )))
}

fn damaged(place: Place, problem: String) -> Error {
    Error::bad_data(
        place,
        problem,
        "This snapshot of the lake is damaged; nothing was changed. Restore it, or ingest all source \
         files into a new lake folder.",
    )
}

fn consistency(manifest: &Manifest) -> Option<String> {
    let problem = "its contents do not give its dataset id";
    (!manifest.is_consistent()).then(|| problem.to_owned())
}

fn balance(manifest: &Manifest) -> Vec<String> {
    let mut problems = Vec::new();
    for part in &manifest.parts {
        for (table, totals) in &part.tables {
            if totals.rows != totals.stored.saturating_add(totals.quarantined) {
                problems.push(format!(
                    "{} {table}: {} rows in, {} stored, {} quarantined",
                    part.key, totals.rows, totals.stored, totals.quarantined
                ));
            }
        }
    }
    let history = manifest.superseded().saturating_add(manifest.deleted());
    for (table, reports) in [("report", manifest.reports()), ("history/report", history)] {
        if manifest.table(table).map(|table| table.rows) != Some(reports) {
            problems.push(format!("{table}.parquet: the parts hold {reports} reports"));
        }
    }
    problems
}

/// Where the extents of the parts do not stand one behind the other, from the first row of each table
/// to its last.
fn extents(manifest: &Manifest) -> Vec<String> {
    let mut problems = Vec::new();
    let dictionary = |name: &str| Table::DICTIONARIES.iter().any(|table| table.name() == name);
    for table in manifest.tables.iter().filter(|table| !dictionary(&table.name)) {
        let mut next = 0_u64;
        for part in &manifest.parts {
            let extent = part.extents.get(&table.name).copied().unwrap_or_default();
            if extent.rows > 0 && extent.offset != next {
                problems.push(format!(
                    "{}.parquet: {} begins at row {}, the part before it ends at {next}",
                    table.name, part.key, extent.offset
                ));
            }
            next = extent.offset.saturating_add(extent.rows).max(next);
        }
        if next != table.rows {
            problems.push(format!(
                "{}.parquet: the parts end at row {next}, the table has {}",
                table.name, table.rows
            ));
        }
    }
    for (part, name) in manifest.parts.iter().flat_map(|p| p.extents.keys().map(move |n| (p, n))) {
        if manifest.table(name).is_none() || dictionary(name) {
            problems.push(format!("{MANIFEST}: {} has rows in no table {name}", part.key));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ingest::{Input, Options, Progress, ingest};
    use crate::lake::manifest::Extent;

    struct Quiet;

    impl Progress for Quiet {
        fn step(&mut self, _: &str, _: usize, _: usize) {}
    }

    #[test]
    fn extents_that_leave_a_gap_overlap_or_stop_short_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let lists = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
        for (list, drug) in lists.iter().zip(["tea", "coffee"]) {
            let rows = format!("report_id,drug,event\n1,{drug},Cough\n2,{drug},Cough\n");
            std::fs::write(list, rows).unwrap();
        }
        let options = Options { lake: folder.path().join("lake"), replace: false, rxnorm: None };
        let made = ingest(&Input::Csv(lists.to_vec()), &options, &mut Quiet).unwrap();
        let whole = made.snapshot.manifest();
        assert_eq!(extents(whole), Vec::<String>::new());
        assert_eq!(balance(whole), Vec::<String>::new());
        for (part, extent) in [
            (0, Extent { offset: 0, rows: 1 }),
            (0, Extent { offset: 1, rows: 1 }),
            (1, Extent { offset: 1, rows: 3 }),
            (1, Extent { offset: 2, rows: 1 }),
            (1, Extent { offset: 2, rows: u64::MAX }),
        ] {
            let mut wrong = whole.clone();
            wrong.parts[part].extents.insert("drug".into(), extent);
            let found = extents(&wrong);
            assert!(!found.is_empty() && found[0].starts_with("drug.parquet: "), "{found:?}");
        }
        let mut wrong = whole.clone();
        wrong.parts[0].extents.insert("name".into(), Extent::default());
        assert_eq!(extents(&wrong), ["manifest.json: csv a.csv has rows in no table name"]);
    }
}
