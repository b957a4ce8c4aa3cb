//! The manifest of a snapshot: what went in, what came out, and the hash of it all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::arrays;
use super::schema::SCHEMA_VERSION;
use crate::error::{Error, Place, Result};
use crate::input::hash::sha256_text;
use crate::part::{PartKey, SourceKind};

/// Stands on every export.
pub const RESEARCH_USE: &str = "Research use. Not a medical device. Spontaneous reports cannot \
    establish causality, incidence or comparative risk.";

/// Rows of one input table: `rows = stored + quarantined`, always.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct RowTotals {
    /// Rows in the files, headers and blank lines not counted.
    pub rows: u64,
    /// Rows in the lake, those of superseded and withdrawn reports included.
    pub stored: u64,
    /// Rows set aside with a reason.
    pub quarantined: u64,
}

impl RowTotals {
    pub(crate) fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.stored += other.stored;
        self.quarantined += other.quarantined;
    }
}

/// One file that went in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FileSummary {
    /// Its name without the folder.
    pub name: String,
    /// Of the file as it was given: of the zip, not of its members.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Rows in all its tables.
    pub rows: u64,
    /// Rows set aside, over all its tables.
    pub quarantined: u64,
    /// What a person should know about it.
    pub warnings: Vec<String>,
}

/// Where the rows of a part stand in a table.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Extent {
    /// Rows of the table before the first of the part.
    pub offset: u64,
    /// Rows of the part.
    pub rows: u64,
}

/// One part: a quarter, a VAERS year, a line list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PartSummary {
    /// Source and period.
    #[serde(flatten)]
    pub key: PartKey,
    /// Order of the period within its source, which decides between versions.
    pub period_order: u16,
    /// Whether its reports stand above those of the legacy era (FAERS from 2012Q4, all others).
    pub modern: bool,
    /// Whether free texts were kept.
    pub narratives: bool,
    /// Current reports.
    pub reports: u64,
    /// Reports that a later version of their case supersedes.
    pub superseded: u64,
    /// Withdrawn cases whose last version is in this part; their earlier versions count as superseded.
    pub deleted: u64,
    /// Files, sorted by name.
    pub files: Vec<FileSummary>,
    /// Rows by input table.
    pub tables: BTreeMap<String, RowTotals>,
    /// Rows set aside, by input table and reason.
    pub quarantine: BTreeMap<String, BTreeMap<String, u64>>,
    /// Values not used as they stood and rows mended, by reason.
    pub value_issues: BTreeMap<String, u64>,
    /// Stored rows whose link to another table leads nowhere, by input table.
    pub dangling_links: BTreeMap<String, u64>,
    /// Whether the reports have demographics (a VAERS file without its DATA table has none).
    pub demographics: bool,
    /// Where its rows stand, by table of the lake.
    pub extents: BTreeMap<String, Extent>,
}

/// One Parquet file of a snapshot.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct TableFile {
    /// `report`, `history/report`, …; the file is `NAME.parquet`.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// How drug names were mapped to substances.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct DictionarySummary {
    /// Distinct names (verbatim and stated ingredient).
    pub names: u64,
    /// Distinct substances.
    pub substances: u64,
    /// Distinct terms.
    pub terms: u64,
    /// Drug rows of current reports, by how their name was mapped.
    pub rows_by_mapping: BTreeMap<String, u64>,
    /// SHA-256 of the RxNorm file used, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rxnorm_sha256: Option<String>,
}

/// Everything about a snapshot.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Manifest {
    /// Layout of tables and manifest.
    pub schema_version: u32,
    /// Content hash of the snapshot; printed on every result.
    pub dataset_id: String,
    /// The program and version that wrote it.
    pub tool: String,
    /// What the data may be used for.
    pub notice: String,
    /// Parts, in the order of the lake.
    pub parts: Vec<PartSummary>,
    /// The Parquet files, sorted by name.
    pub tables: Vec<TableFile>,
    /// The plain arrays, sorted by name; the file of each is `NAME.u32`, its rows are numbers.
    pub arrays: Vec<TableFile>,
    /// The dictionaries.
    pub dictionary: DictionarySummary,
}

/// What every manifest has.
#[derive(Deserialize)]
struct Version {
    schema_version: u32,
}

impl Manifest {
    /// Reads the text of a manifest, which `place` names in errors.
    ///
    /// # Errors
    /// If it is no manifest, or one of another schema.
    pub fn parse(text: &str, place: impl Into<Place>) -> Result<Self> {
        let place = place.into();
        let damaged = |e: serde_json::Error| {
            Error::bad_data(
                place.clone(),
                format!("not the manifest of a snapshot ({e})"),
                "The lake is damaged: restore it, or ingest the files anew.",
            )
        };
        // First the version: what else a manifest has depends on it.
        let Version { schema_version } = serde_json::from_str(text).map_err(damaged)?;
        if schema_version != SCHEMA_VERSION {
            return Err(Error::bad_data(
                place,
                format!("schema {schema_version}, this version reads {SCHEMA_VERSION}"),
                "Use the iatro version that wrote it, or ingest the files anew.",
            ));
        }
        let manifest = serde_json::from_str(text).map_err(damaged)?;
        Ok(manifest)
    }

    /// The files of the snapshot beside the manifest: the path of each within the snapshot's folder, parted by `/`.
    pub fn files(&self) -> impl Iterator<Item = (String, &TableFile)> {
        let tables = self.tables.iter().map(|file| (format!("{}.parquet", file.name), file));
        let array = |file: &TableFile| format!("{}.{}", file.name, arrays::EXTENSION);
        tables.chain(self.arrays.iter().map(move |file| (array(file), file)))
    }

    /// Makes the manifest of finished tables and gives it its content hash.
    pub(crate) fn new(
        parts: Vec<PartSummary>,
        mut tables: Vec<TableFile>,
        mut arrays: Vec<TableFile>,
        dictionary: DictionarySummary,
    ) -> Self {
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        arrays.sort_by(|a, b| a.name.cmp(&b.name));
        let dataset_id = dataset_id(&parts, &tables, &arrays);
        Self {
            schema_version: SCHEMA_VERSION,
            dataset_id,
            tool: format!("iatro {}", env!("CARGO_PKG_VERSION")),
            notice: RESEARCH_USE.to_owned(),
            parts,
            tables,
            arrays,
            dictionary,
        }
    }

    /// Whether the parts, files and tables it lists give the hash it states.
    pub fn is_consistent(&self) -> bool {
        dataset_id(&self.parts, &self.tables, &self.arrays) == self.dataset_id
    }

    /// Current reports of all parts.
    pub fn reports(&self) -> u64 {
        self.parts.iter().map(|part| part.reports).sum()
    }

    /// Superseded reports of all parts.
    pub fn superseded(&self) -> u64 {
        self.parts.iter().map(|part| part.superseded).sum()
    }

    /// Withdrawn cases of all parts.
    pub fn deleted(&self) -> u64 {
        self.parts.iter().map(|part| part.deleted).sum()
    }

    /// Rows by input table, over all parts; tables of different sources stay apart by their names.
    pub fn row_totals(&self) -> BTreeMap<String, RowTotals> {
        let mut totals: BTreeMap<String, RowTotals> = BTreeMap::new();
        for (table, rows) in self.parts.iter().flat_map(|part| &part.tables) {
            totals.entry(table.clone()).or_default().add(*rows);
        }
        totals
    }

    /// Rows set aside, over all parts.
    pub fn quarantined(&self) -> u64 {
        self.row_totals().values().map(|rows| rows.quarantined).sum()
    }

    /// The sources in it, in order.
    pub fn sources(&self) -> Vec<SourceKind> {
        let mut sources: Vec<_> = self.parts.iter().map(|part| part.key.source).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }

    /// The parts of a source, in order.
    pub fn parts_of(&self, source: SourceKind) -> impl Iterator<Item = &PartSummary> {
        self.parts.iter().filter(move |part| part.key.source == source)
    }

    /// Where the rows of a source stand in a table: its parts stand one behind the other.
    pub fn extent_of(&self, source: SourceKind, table: &str) -> Extent {
        let mut extents = self.parts_of(source).filter_map(|part| part.extents.get(table));
        let Some(first) = extents.next() else { return Extent::default() };
        let rows = extents.map(|extent| extent.rows).sum::<u64>() + first.rows;
        Extent { offset: first.offset, rows }
    }

    /// The file of a table.
    pub fn table(&self, name: &str) -> Option<&TableFile> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The file of an array.
    pub fn array(&self, name: &str) -> Option<&TableFile> {
        self.arrays.iter().find(|array| array.name == name)
    }
}

/// Hash over the content and what counting relies on: not over when, where, under which file names
/// or by which version it was written.
fn dataset_id(parts: &[PartSummary], tables: &[TableFile], arrays: &[TableFile]) -> String {
    let mut text = format!("iatro lake schema {SCHEMA_VERSION}\n");
    for part in parts {
        text.push_str(&part_text(part));
    }
    for table in tables {
        text.push_str(&format!("table {} {} {}\n", table.name, table.rows, table.sha256));
    }
    for array in arrays {
        text.push_str(&format!("array {} {} {}\n", array.name, array.rows, array.sha256));
    }
    sha256_text(&text).chars().take(32).collect()
}

/// What the hash takes of a part, in a form that only this part has: the period, which may be any
/// file name, after its length.
fn part_text(part: &PartSummary) -> String {
    let PartKey { source, period } = &part.key;
    let mut text = format!(
        "part {source} {}:{period} order {} modern {} narratives {} demographics {} reports {} \
         superseded {} deleted {}\n",
        period.len(),
        part.period_order,
        part.modern,
        part.narratives,
        part.demographics,
        part.reports,
        part.superseded,
        part.deleted
    );
    // Sorted by hash: a renamed file may stand elsewhere in the list.
    let mut files: Vec<&str> = part.files.iter().map(|file| file.sha256.as_str()).collect();
    files.sort_unstable();
    files.iter().for_each(|sha256| text.push_str(&format!("file {sha256}\n")));
    for (table, RowTotals { rows, stored, quarantined }) in &part.tables {
        text.push_str(&format!("rows {table} {rows} {stored} {quarantined}\n"));
    }
    for (table, Extent { offset, rows }) in &part.extents {
        text.push_str(&format!("extent {table} {offset} {rows}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(source: SourceKind, period: &str, sha256: &str, extent: Extent) -> PartSummary {
        let file = FileSummary {
            name: format!("{period}.zip"),
            sha256: sha256.to_owned(),
            bytes: 1,
            rows: 3,
            quarantined: 1,
            warnings: Vec::new(),
        };
        PartSummary {
            key: PartKey { source, period: period.to_owned() },
            period_order: 0,
            modern: true,
            narratives: false,
            reports: extent.rows,
            superseded: 1,
            deleted: 0,
            files: vec![file],
            tables: BTreeMap::from([(
                "demo".into(),
                RowTotals { rows: 3, stored: 2, quarantined: 1 },
            )]),
            quarantine: BTreeMap::new(),
            value_issues: BTreeMap::new(),
            dangling_links: BTreeMap::new(),
            demographics: true,
            extents: BTreeMap::from([("report".into(), extent)]),
        }
    }

    fn manifest() -> Manifest {
        let parts = vec![
            part(SourceKind::Faers, "2020Q1", "a", Extent { offset: 0, rows: 4 }),
            part(SourceKind::Faers, "2020Q2", "b", Extent { offset: 4, rows: 3 }),
            part(SourceKind::Vaers, "2020", "c", Extent { offset: 7, rows: 5 }),
        ];
        let table =
            |name: &str| TableFile { name: name.into(), rows: 1, bytes: 9, sha256: "d".into() };
        let (tables, arrays) = (vec![table("term"), table("report")], vec![table("exposure")]);
        Manifest::new(parts, tables, arrays, DictionarySummary::default())
    }

    #[test]
    fn the_id_is_that_of_the_content() {
        let manifest = manifest();
        assert!(manifest.is_consistent() && manifest.dataset_id.len() == 32);
        let mut same = manifest.clone();
        same.tool = "iatro 99".into();
        same.parts[0].files[0].name = "renamed.zip".into();
        assert!(same.is_consistent());
        let other = |change: fn(&mut Manifest)| {
            let mut other = manifest.clone();
            change(&mut other);
            other.is_consistent()
        };
        assert!(!other(|m| m.parts[1].files[0].sha256 = "x".into()));
        assert!(!other(|m| m.parts.swap(0, 1)));
        assert!(!other(|m| m.parts[0].key.period = "2020Q3".into()));
        assert!(!other(|m| m.parts[0].period_order = 7));
        assert!(!other(|m| m.parts[0].modern = false));
        assert!(!other(|m| m.parts[0].narratives = true));
        assert!(!other(|m| m.parts[0].demographics = false));
        assert!(!other(|m| m.parts[0].reports += 1));
        assert!(!other(|m| m.parts[0].superseded += 1));
        assert!(!other(|m| m.parts[0].deleted += 1));
        assert!(!other(|m| _ = m.parts[0].tables.insert("drug".into(), RowTotals::default())));
        assert!(!other(|m| _ = m.parts[0].extents.insert("drug".into(), Extent::default())));
        assert!(!other(|m| m.tables[0].rows = 2));
        assert!(!other(|m| m.tables[1].sha256 = "x".into()));
        assert!(!other(|m| m.arrays[0].rows = 2));
        assert!(!other(|m| m.arrays[0].sha256 = "x".into()));
    }

    #[test]
    fn sums_and_extents_are_those_of_the_parts() {
        let manifest = manifest();
        assert_eq!((manifest.reports(), manifest.superseded(), manifest.deleted()), (12, 3, 0));
        assert_eq!(manifest.row_totals()["demo"], RowTotals { rows: 9, stored: 6, quarantined: 3 });
        assert_eq!(manifest.quarantined(), 3);
        assert_eq!(manifest.sources(), [SourceKind::Faers, SourceKind::Vaers]);
        assert_eq!(manifest.extent_of(SourceKind::Faers, "report"), Extent { offset: 0, rows: 7 });
        assert_eq!(manifest.extent_of(SourceKind::Vaers, "report"), Extent { offset: 7, rows: 5 });
        assert_eq!(manifest.extent_of(SourceKind::Csv, "report"), Extent::default());
        assert_eq!(manifest.table("report").map(|table| table.bytes), Some(9));
    }

    #[test]
    fn it_comes_back_from_its_file_as_it_was() {
        let manifest = manifest();
        let text = serde_json::to_string(&manifest).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Manifest>(&text).ok(), Some(manifest));
    }
}
