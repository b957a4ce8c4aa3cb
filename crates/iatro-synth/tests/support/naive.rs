//! A reader of its own for generated corpora: slow, all in memory, and sharing no code with the
//! generator. It follows the published rules for broken lines, versions and deletions.

#![allow(dead_code, reason = "each test binary uses its part of this")]
#![allow(missing_docs, unreachable_pub)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

pub type Row = BTreeMap<String, String>;

/// What one table of one quarter holds.
#[derive(Default)]
pub struct TableRead {
    pub header: Vec<String>,
    pub lines: u64,
    pub blank: u64,
    pub cut: u64,
    pub glued: u64,
    pub joined: u64,
    pub repaired: u64,
    pub rows: Vec<Row>,
}

/// One archive.
#[derive(Default)]
pub struct QuarterRead {
    pub archive: String,
    pub legacy: bool,
    pub tables: BTreeMap<String, TableRead>,
    pub deleted: Option<Vec<u64>>,
    pub names: Vec<String>,
    pub raw: BTreeMap<String, Vec<u8>>,
}

/// Reads every archive of a folder, in the order of time given.
pub fn read(folder: &Path, archives: &[String]) -> Vec<QuarterRead> {
    archives.iter().map(|name| read_quarter(folder, name)).collect()
}

fn read_quarter(folder: &Path, archive: &str) -> QuarterRead {
    let mut zip = ZipArchive::new(File::open(folder.join(archive)).unwrap()).unwrap();
    let legacy = archive.starts_with("aers");
    let mut quarter = QuarterRead { archive: archive.to_owned(), legacy, ..QuarterRead::default() };
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).unwrap();
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", &name));
        if folder.eq_ignore_ascii_case("deleted") {
            let text = String::from_utf8(bytes).unwrap();
            let ids = text.lines().filter(|l| !l.trim().is_empty()).map(|l| l.parse().unwrap());
            quarter.deleted = Some(ids.collect());
        } else if let Some(table) = table_of(file) {
            quarter.tables.insert(table.to_owned(), read_table(&bytes, legacy));
            quarter.raw.insert(table.to_owned(), bytes);
        }
        quarter.names.push(name);
    }
    quarter
}

fn table_of(file: &str) -> Option<&'static str> {
    ["demo", "drug", "reac", "indi", "outc", "rpsr", "ther"]
        .into_iter()
        .find(|t| file.to_ascii_lowercase().starts_with(t))
}

/// UTF-8, else Latin-1 (which agrees with cp1252 for the letters in use).
fn decode(line: &[u8]) -> String {
    match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => line.iter().map(|b| char::from(*b)).collect(),
    }
}

fn read_table(bytes: &[u8], legacy: bool) -> TableRead {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = bytes.split(|b| *b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
    let mut table = TableRead::default();
    let header = decode(lines.next().unwrap()).to_ascii_lowercase();
    table.header = header.split('$').map(|c| c.trim().to_owned()).collect();
    let mut lines: Vec<String> = lines.map(decode).collect();
    assert_eq!(lines.pop().as_deref(), Some(""), "the last line has no end");
    table.lines = lines.len() as u64;
    let k = table.header.len();
    let fields = |line: &str| -> Vec<String> { line.split('$').map(str::to_owned).collect() };
    let mut at = 0;
    while at < lines.len() {
        if lines[at].is_empty() {
            table.blank += 1;
            at += 1;
            continue;
        }
        let mut row = fields(&lines[at]);
        at += 1;
        let full = |row: &[String]| row.len() == k + usize::from(legacy);
        if row.len() < k && at < lines.len() {
            let joined = fields(&format!("{} {}", lines[at - 1], lines[at]));
            if full(&joined) {
                row = joined;
                table.joined += 1;
                at += 1;
            }
        }
        let trailing = legacy && row.last().is_some_and(String::is_empty);
        if trailing {
            row.pop();
        }
        if row.len() == 2 * k {
            table.glued += 1;
            let second = row.split_off(k);
            table.push(second);
        } else if row.len() == k + 1
            && let Some(number) = table.header.iter().position(|c| c == "mfr_num")
        {
            table.repaired += 1;
            let rest = row.remove(number + 1);
            row[number] = format!("{}${rest}", row[number]);
        }
        if row.len() == k {
            table.push(row);
        } else {
            assert!(row.len() < k, "{row:?}");
            table.cut += 1;
        }
    }
    table
}

impl TableRead {
    fn push(&mut self, row: Vec<String>) {
        self.rows.push(self.header.iter().cloned().zip(row).collect());
    }
}

/// The report id and the case id of a row; legacy child rows have no case.
pub fn key(row: &Row) -> (String, Option<String>) {
    let id = row.get("primaryid").or(row.get("isr")).unwrap().clone();
    (id, row.get("caseid").or(row.get("case")).cloned())
}

/// One sighting of a case.
#[derive(Clone)]
pub struct Seen {
    pub quarter: usize,
    pub legacy: bool,
    pub row: Row,
}

impl Seen {
    /// Orders sightings: FAERS beats legacy; then version, receipt, quarter and id as numbers.
    fn rank(&self) -> (bool, u64, u64, usize, u64) {
        let number = |column: &str| self.row.get(column).map_or(0, |v| v.parse().unwrap());
        let id: u64 = key(&self.row).0.parse().unwrap();
        (!self.legacy, number("caseversion"), number("fda_dt"), self.quarter, id)
    }
}

/// Cases after versions and deletions.
#[derive(Default)]
pub struct Cases {
    pub reports: u64,
    pub current: BTreeMap<u64, Seen>,
    pub deleted: BTreeSet<u64>,
    pub revived: u64,
    pub crossed: u64,
}

pub fn cases(quarters: &[QuarterRead]) -> Cases {
    let mut cases = Cases::default();
    let mut last: BTreeMap<u64, usize> = BTreeMap::new();
    let mut eras: BTreeMap<u64, BTreeSet<bool>> = BTreeMap::new();
    for (index, quarter) in quarters.iter().enumerate() {
        for row in &quarter.tables["demo"].rows {
            let case: u64 = key(row).1.unwrap().parse().unwrap();
            let seen = Seen { quarter: index, legacy: quarter.legacy, row: row.clone() };
            cases.reports += 1;
            last.insert(case, index);
            eras.entry(case).or_default().insert(quarter.legacy);
            match cases.current.get(&case) {
                Some(other) if other.rank() >= seen.rank() => {}
                _ => {
                    cases.current.insert(case, seen);
                }
            }
        }
    }
    cases.crossed = eras.values().filter(|eras| eras.len() == 2).count() as u64;
    let mut listed: BTreeMap<u64, usize> = BTreeMap::new();
    for (index, quarter) in quarters.iter().enumerate() {
        for case in quarter.deleted.iter().flatten() {
            listed.insert(*case, index);
        }
    }
    for (case, list) in listed {
        match last.get(&case) {
            Some(seen) if *seen <= list => {
                cases.current.remove(&case);
                cases.deleted.insert(case);
            }
            Some(_) => cases.revived += 1,
            None => {}
        }
    }
    cases
}

/// The rows of one table for one sighting.
pub struct Children(BTreeMap<(usize, String, Option<String>), Vec<Row>>);

impl Children {
    pub fn of(quarters: &[QuarterRead], table: &str) -> Self {
        let mut rows: BTreeMap<_, Vec<Row>> = BTreeMap::new();
        for (index, quarter) in quarters.iter().enumerate() {
            for row in &quarter.tables[table].rows {
                let (id, case) = key(row);
                rows.entry((index, id, case)).or_default().push(row.clone());
            }
        }
        Self(rows)
    }

    pub fn get(&self, seen: &Seen) -> &[Row] {
        let (id, case) = key(&seen.row);
        let case = if seen.legacy { None } else { case };
        self.0.get(&(seen.quarter, id, case)).map_or(&[], Vec::as_slice)
    }
}
