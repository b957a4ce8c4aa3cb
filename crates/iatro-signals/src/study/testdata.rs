//! The real files that some tests read in place; those tests pass without them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use iatro_reports::dictionary::term::fold_term;
use zip::ZipArchive;

/// Returns the folder of the real files, or `None` with a line that says what was skipped.
fn folder(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os("IATRO_TEST_DATA").map(PathBuf::from);
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = named.unwrap_or_else(|| PathBuf::from(beside));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("{test}: skipped, no folder {} (IATRO_TEST_DATA names another)", folder.display());
    None
}

/// Returns the members of an archive whose name holds `part`, decoded byte by byte.
fn members(path: PathBuf, part: &str) -> Vec<String> {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut texts = Vec::new();
    for place in 0..archive.len() {
        let mut member = archive.by_index(place).unwrap();
        if member.name().unwrap().contains(part) {
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            texts.push(bytes.into_iter().map(char::from).collect());
        }
    }
    texts
}

/// Returns every report of the international VAERS file with its terms.
pub(crate) fn vaers_reports(test: &str) -> Option<BTreeMap<String, Vec<String>>> {
    let path = folder(test)?.join("vaers/NonDomesticVAERSData-no-demographics.zip");
    let mut reports: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in members(path, "SYMPTOMS") {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for row in reader.records() {
            let row = row.unwrap();
            let terms = reports.entry(row[0].to_owned()).or_default();
            let names = (1..row.len()).step_by(2).map(|at| &row[at]);
            terms.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    Some(reports)
}

/// Returns every term of the VAERS and FAERS files, folded, with the name as first written.
pub(crate) fn terms(test: &str) -> Option<BTreeMap<String, String>> {
    let mut names: Vec<String> = vaers_reports(test)?.into_values().flatten().collect();
    let path = folder(test)?.join("faers/faers_ascii_2022Q4_head.zip");
    for table in ["REAC", "INDI"] {
        for text in members(path.clone(), table) {
            let column = if table == "REAC" { 2 } else { 3 };
            let cells = text.lines().skip(1).filter_map(|line| line.split('$').nth(column));
            names.extend(cells.map(str::to_owned));
        }
    }
    Some(names.into_iter().map(|name| (fold_term(&name), name)).collect())
}
