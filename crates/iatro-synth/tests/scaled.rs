//! Corpora in the shape of the published quarters, at a tiny scale: rows, cases, names, bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/naive.rs"]
mod naive;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iatro_synth::{Corpus, NEW_TERM, OLD_TERM, Truth, generate};

use naive::{Children, QuarterRead};

const SCALE: f64 = 0.001;

fn read(corpus: &Corpus) -> (Truth, Vec<QuarterRead>) {
    let folder = tempfile::tempdir().unwrap();
    let truth = generate(corpus, folder.path()).unwrap();
    assert_eq!(Truth::read(folder.path()).unwrap(), truth, "truth.json reads back as written");
    let names: Vec<String> = truth.quarters.iter().map(|q| q.archive.clone()).collect();
    (truth, naive::read(folder.path(), &names))
}

#[test]
fn tables_have_the_published_rows_and_truth_says_so() {
    let (truth, quarters) = read(&Corpus::scaled(5, SCALE));
    assert_eq!(quarters.len(), 90);
    let scale = truth.scale.as_ref().unwrap();
    let published = [
        ("demo", 24_812_425, 0.002),
        ("drug", 100_511_911, 0.02),
        ("reac", 82_257_716, 0.02),
        ("indi", 63_213_861, 0.02),
        ("outc", 19_191_409, 0.02),
        ("rpsr", 2_716_858, 0.06),
        ("ther", 35_772_081, 0.02),
    ];
    for (table, rows, tolerance) in published {
        let expected = f64::from(rows) * SCALE;
        let read: u64 = quarters
            .iter()
            .map(|quarter| quarter.tables[table].rows.len() as u64 + quarter.tables[table].cut)
            .sum();
        assert_eq!(scale.tables[table].records, read, "{table}");
        assert!((read as f64 / expected - 1.0).abs() < tolerance, "{table}: {read} of {expected}");
    }
    for (quarter, told) in quarters.iter().zip(&truth.quarters) {
        let published = told.published.as_ref().unwrap();
        for (table, counts) in &told.tables {
            let read = &quarter.tables[table];
            assert_eq!(read.rows.len() as u64 + read.cut, counts.records, "{table}");
            assert_eq!(read.lines, counts.lines, "{table}");
        }
        let demo = told.tables["demo"].records;
        assert!((published["demo"]..published["demo"] + 5).contains(&demo), "{}", told.quarter);
    }
}

#[test]
fn cases_drugs_and_the_event_agree_with_a_naive_count() {
    let (truth, quarters) = read(&Corpus::scaled(6, SCALE));
    let cases = naive::cases(&quarters);
    assert_eq!(cases.reports, truth.cases.reports);
    assert_eq!(cases.current.len() as u64, truth.cases.current);
    assert_eq!(cases.deleted.len() as u64, truth.cases.deleted);
    assert_eq!(cases.revived, truth.cases.revived);
    assert_eq!(cases.crossed, truth.cases.crossed_eras);
    let superseded = truth.cases.superseded as f64 / truth.cases.reports as f64;
    assert!((0.155..0.18).contains(&superseded), "{superseded}");
    let listed: u64 =
        quarters.iter().filter_map(|q| q.deleted.as_ref()).map(|ids| ids.len() as u64).sum();
    let scale = truth.scale.as_ref().unwrap();
    assert_eq!(listed, scale.listed_ids);
    assert!((40..110).contains(&listed), "{listed}, where 68 are published");
    let reactions = Children::of(&quarters, "reac");
    let hlh = cases.current.values().filter(|seen| {
        let is = |row: &naive::Row| {
            row["pt"].eq_ignore_ascii_case(OLD_TERM) || row["pt"].eq_ignore_ascii_case(NEW_TERM)
        };
        reactions.get(seen).iter().any(is)
    });
    assert_eq!(hlh.count() as u64, truth.event.hlh_reports);
    assert!((8..45).contains(&truth.event.hlh_reports), "{}", truth.event.hlh_reports);
    // Half of the cases name one drug, and a few very many.
    assert_eq!(scale.drugs.median, 1);
    assert!((2.9..3.6).contains(&scale.drugs.mean) && scale.drugs.most > 40, "{:?}", scale.drugs);
}

#[test]
fn names_are_many_and_invented_ones_say_so() {
    let (truth, quarters) = read(&Corpus::scaled(7, SCALE));
    let scale = truth.scale.as_ref().unwrap();
    assert_eq!((scale.substances, scale.terms), (4_000, 20_000));
    let values = |table: &str, column: &str| -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for row in quarters.iter().flat_map(|quarter| &quarter.tables[table].rows) {
            let value = row.get(column).map(|text| text.to_ascii_uppercase()).unwrap_or_default();
            *counts.entry(value).or_default() += 1;
        }
        counts
    };
    let terms = values("reac", "pt");
    let invented = terms.keys().filter(|term| term.starts_with("SYNTHETIC TERM ")).count();
    assert!(invented > 3_000 && terms.len() - invented < 640, "{invented} of {}", terms.len());
    let substances = values("drug", "prod_ai");
    let invented = substances
        .keys()
        .filter(|name| name.split(' ').next().is_some_and(|name| name.ends_with("SYN")));
    assert!(invented.count() > 800, "{} names", substances.len());
    let mut counts: Vec<u64> = terms.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    assert!(counts[0] > 50 * counts[1_000] && counts[counts.len() - 1] == 1, "{}", counts[0]);
}

#[test]
fn no_number_is_given_twice() {
    let (_, quarters) = read(&Corpus::scaled(8, SCALE));
    let mut reports = BTreeSet::new();
    let mut first_seen = BTreeSet::new();
    for quarter in &quarters {
        for row in &quarter.tables["demo"].rows {
            let (id, case) = naive::key(row);
            assert!(!quarter.legacy || reports.insert(id), "an ISR twice: {row:?}");
            let initial = row.get("i_f_cod").or(row.get("i_f_code")).unwrap() == "I";
            assert!(!initial || first_seen.insert(case), "an initial report twice: {row:?}");
        }
        if quarter.legacy {
            let rows = quarter.tables["drug"].rows.iter();
            let numbers: BTreeSet<(&str, &str)> =
                rows.map(|row| (row["drug_seq"].as_str(), row["isr"].as_str())).collect();
            assert_eq!(numbers.len(), quarter.tables["drug"].rows.len(), "{}", quarter.archive);
        }
    }
    assert!(first_seen.len() > 15_000);
}

fn bytes_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    entries.map(|path| (name(&path), std::fs::read(&path).unwrap())).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let corpora = [(5, 0.0004), (5, 0.0004), (6, 0.0004), (5, 0.0005)];
    let all = corpora.map(|(seed, scale)| {
        let folder = tempfile::tempdir().unwrap();
        generate(&Corpus::scaled(seed, scale), folder.path()).unwrap();
        bytes_of(folder.path())
    });
    assert_eq!(all[0].len(), 91);
    assert!(all[0] == all[1], "the same seed gave other bytes");
    for other in &all[2..] {
        assert!(all[0].iter().all(|(name, bytes)| other[name] != *bytes));
    }
}

#[test]
fn quarters_without_published_rows_are_refused() {
    let quarters = vec!["2026Q2".parse().unwrap(), "2026Q3".parse().unwrap()];
    let folder = tempfile::tempdir().unwrap();
    let corpus = Corpus { quarters, ..Corpus::scaled(1, SCALE) };
    let error = generate(&corpus, folder.path()).unwrap_err().to_string();
    assert!(error.contains("2026Q3") && error.contains("2004Q1 to 2026Q2"), "{error}");
}
