//! The published quarters: where each archive lies, its size and checksum, its rows per table.
//!
//! The facts are embedded, so a download can be verified and an ingest compared without a network.
//! Source: the quarterly archives of <https://fis.fda.gov>, 2004Q1 to 2026Q2.

use std::sync::LazyLock;

use super::quarter::{Era, Quarter};

/// The tables of a quarter, in the order of [`CatalogueEntry::tables`].
pub const TABLES: [&str; 7] = ["demo", "drug", "reac", "indi", "outc", "rpsr", "ther"];

const TEXT: &str = include_str!("../../data/faers_quarters.csv");
const COLUMNS: usize = 6 + 2 * TABLES.len();

/// How many lines a table of a quarter has, without its header.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TableRows {
    /// Rows that a strict reader took.
    pub rows: u64,
    /// Rows that a strict reader left out.
    pub skipped: u64,
}

impl TableRows {
    /// Whether a reader that leaves nothing out may find this many rows: a line that a strict one
    /// skipped is one row, or two glued together.
    pub fn admits(self, rows: u64) -> bool {
        (self.rows..=self.rows + 2 * self.skipped).contains(&rows)
    }
}

/// One published quarter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CatalogueEntry {
    /// The quarter.
    pub quarter: Quarter,
    /// The archive's file name, such as `faers_ascii_2022q4.zip`.
    pub file_name: String,
    /// Where FDA publishes it.
    pub url: String,
    /// The archive's size in bytes.
    pub bytes: u64,
    /// The archive's SHA-256: 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// Rows of each of the [`TABLES`], in their order.
    pub tables: [TableRows; TABLES.len()],
}

impl CatalogueEntry {
    /// The rows of a table named as in [`TABLES`], in either case; `None` for any other name.
    pub fn rows(&self, table: &str) -> Option<TableRows> {
        let at = TABLES.iter().position(|name| name.eq_ignore_ascii_case(table))?;
        self.tables.get(at).copied()
    }
}

/// Every catalogued quarter, in the order of time and without gaps.
pub fn catalogue() -> &'static [CatalogueEntry] {
    static ENTRIES: LazyLock<Vec<CatalogueEntry>> =
        LazyLock::new(|| TEXT.lines().skip(1).filter_map(entry).collect());
    &ENTRIES
}

/// The entry of a quarter; `None` where it is not catalogued.
pub fn by_quarter(quarter: Quarter) -> Option<&'static CatalogueEntry> {
    catalogue().iter().find(|entry| entry.quarter == quarter)
}

/// The entry whose archive has this SHA-256 (hexadecimal, either case), whatever its file is called.
pub fn by_sha256(sha256: &str) -> Option<&'static CatalogueEntry> {
    catalogue().iter().find(|entry| entry.sha256.eq_ignore_ascii_case(sha256))
}

/// Reads a line of the embedded table; `None` if anything in it is not as it must be.
fn entry(line: &str) -> Option<CatalogueEntry> {
    let cells: Vec<&str> = line.split(',').collect();
    let [quarter, era, file_name, url, bytes, sha256, counts @ ..] = cells.as_slice() else {
        return None;
    };
    let quarter: Quarter = quarter.parse().ok()?;
    let well_formed = cells.len() == COLUMNS
        && (quarter.era() == Era::Legacy) == (*era == "laers")
        && Quarter::in_file_name(file_name) == Some(quarter)
        && sha256.len() == 64
        && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !well_formed {
        return None;
    }
    let mut tables = [TableRows::default(); TABLES.len()];
    for (at, table) in tables.iter_mut().enumerate() {
        table.rows = counts.get(at)?.parse().ok()?;
        table.skipped = counts.get(at + TABLES.len())?.parse().ok()?;
    }
    Some(CatalogueEntry {
        quarter,
        file_name: (*file_name).to_owned(),
        url: (*url).to_owned(),
        bytes: bytes.parse().ok()?,
        sha256: (*sha256).to_owned(),
        tables,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn total(table: &str) -> u64 {
        catalogue().iter().map(|entry| entry.rows(table).unwrap().rows).sum()
    }

    #[test]
    fn every_line_parses_in_order_and_without_gaps() {
        assert_eq!(TEXT.lines().filter(|line| !line.is_empty()).count(), 91);
        assert_eq!(catalogue().len(), 90);
        let mut expected = Quarter::FIRST;
        for entry in catalogue() {
            assert_eq!(entry.quarter, expected);
            assert_eq!(entry.url.rsplit('/').next(), Some(entry.file_name.as_str()));
            assert!(entry.bytes > 1_000_000, "{expected}");
            assert!(entry.tables.iter().all(|table| table.rows > 0), "{expected}");
            expected = expected.next();
        }
        assert_eq!(expected.to_string(), "2026Q3");
    }

    #[test]
    fn totals_are_those_of_the_published_tables() {
        assert_eq!(total("demo"), 24_812_425);
        assert_eq!(total("drug"), 100_511_911);
        assert_eq!(total("reac"), 82_257_716);
    }

    #[test]
    fn the_header_names_the_tables_in_order() {
        let names: Vec<&str> = TEXT.lines().next().unwrap().split(',').skip(6).collect();
        let rows = TABLES.iter().map(|table| format!("{table}_rows"));
        let skipped = TABLES.iter().map(|table| format!("{table}_skipped"));
        assert_eq!(names, rows.chain(skipped).collect::<Vec<_>>());
    }

    #[test]
    fn finds_entries_by_quarter_and_checksum() {
        let entry = by_quarter("2011Q2".parse().unwrap()).unwrap();
        assert_eq!(entry.file_name, "aers_ascii_2011q2.zip");
        assert_eq!(entry.rows("DRUG"), Some(TableRows { rows: 754_487, skipped: 1 }));
        assert_eq!(entry.rows("dose"), None);
        let drug = entry.rows("DRUG").unwrap();
        assert!(drug.admits(754_487) && drug.admits(754_489));
        assert!(!drug.admits(754_486) && !drug.admits(754_490));
        assert_eq!(by_sha256(&entry.sha256.to_uppercase()), Some(entry));
        assert_eq!(by_sha256(""), None);
        assert_eq!(by_quarter(Quarter::new(2099, 4).unwrap()), None);
    }

    #[test]
    fn a_damaged_line_is_no_entry() {
        let line = TEXT.lines().nth(1).unwrap();
        assert!(entry(line).is_some());
        for (from, to) in
            [("2004q1,", "2004q2,"), ("laers", "faers_modern"), (",0", ""), ("649e", "649E")]
        {
            assert_eq!(entry(&line.replacen(from, to, 1)), None, "{from}");
        }
        assert_eq!(entry(""), None);
    }
}
