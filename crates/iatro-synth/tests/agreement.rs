//! The truth file against an independent count from the written archives.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/naive.rs"]
mod naive;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iatro_synth::{Corpus, NEW_TERM, OLD_TERM, Quirk, QuirkRates, Scenario, Truth, generate};
use proptest::prelude::*;

use naive::{Cases, Children, QuarterRead, Seen};

struct Read {
    truth: Truth,
    quarters: Vec<QuarterRead>,
    cases: Cases,
}

fn read(corpus: &Corpus) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let truth = generate(corpus, folder.path()).unwrap();
    assert_eq!(Truth::read(folder.path()).unwrap(), truth, "truth.json reads back as written");
    let names: Vec<String> = truth.quarters.iter().map(|q| q.archive.clone()).collect();
    let quarters = naive::read(folder.path(), &names);
    let cases = naive::cases(&quarters);
    Read { truth, quarters, cases }
}

/// Many flaws, and an event common enough to count.
fn dense() -> Corpus {
    let mut corpus = Corpus::small(7, 600);
    corpus.model.background_hazard = 0.01;
    for culprit in &mut corpus.model.culprits {
        culprit.share = 0.03;
        culprit.hazard = 0.2;
    }
    for disease in &mut corpus.model.diseases {
        disease.share = 0.02;
        disease.hazard = 0.1;
    }
    corpus.model.treated_before_share = 0.01;
    corpus
}

fn is_event(row: &naive::Row) -> bool {
    let term = &row["pt"];
    term.eq_ignore_ascii_case(OLD_TERM) || term.eq_ignore_ascii_case(NEW_TERM)
}

#[test]
fn lines_and_rows_agree() {
    let read = read(&dense());
    for (truth, quarter) in read.truth.quarters.iter().zip(&read.quarters) {
        let demo: BTreeSet<String> =
            quarter.tables["demo"].rows.iter().map(|row| naive::key(row).0).collect();
        let (mut glued, mut joined) = (0, 0);
        for (name, counts) in &truth.tables {
            let table = &quarter.tables[name];
            let place = format!("{} {name}", truth.quarter);
            assert_eq!(table.lines, counts.lines, "{place}");
            assert_eq!(table.blank, counts.blank_lines, "{place}");
            assert_eq!(table.cut, counts.cut, "{place}");
            assert_eq!(table.rows.len() as u64 + table.cut, counts.records, "{place}");
            let dangling = table.rows.iter().filter(|row| !demo.contains(&naive::key(row).0));
            assert_eq!(dangling.count() as u64, counts.dangling, "{place}");
            (glued, joined) = (glued + table.glued, joined + table.joined);
        }
        assert_eq!(glued, truth.quirks.get(Quirk::GluedRow));
        assert_eq!(joined, truth.quirks.get(Quirk::StrayLineFeed));
        let repaired = quarter.tables["demo"].repaired;
        assert_eq!(repaired, truth.quirks.get(Quirk::EmbeddedDollar));
        assert_eq!(quarter.deleted.as_ref().map(|ids| ids.len() as u64), truth.deleted_ids);
    }
}

#[test]
fn cases_agree() {
    let Read { truth, cases, quarters } = read(&dense());
    assert_eq!(cases.reports, truth.cases.reports);
    assert_eq!(cases.reports, truth.tables["demo"].good());
    assert_eq!(cases.current.len() as u64, truth.cases.current);
    assert_eq!(cases.deleted.len() as u64, truth.cases.deleted);
    assert_eq!(cases.revived, truth.cases.revived);
    assert_eq!(cases.crossed, truth.cases.crossed_eras);
    let t = &truth.cases;
    let sum = |value: &dyn Fn(&Seen) -> String| -> u64 {
        cases.current.values().map(|seen| value(seen).parse::<u64>().unwrap()).sum()
    };
    assert_eq!(sum(&|seen| naive::key(&seen.row).0), t.current_id_sum);
    assert_eq!(sum(&|seen| seen.row["fda_dt"].clone()), t.current_received_sum);
    assert!(t.deleted > 10 && t.revived > 5 && t.crossed_eras > 5 && t.duplicates > 20, "{t:?}");
    assert_eq!(t.reports, t.current + t.superseded + t.deleted);
    let mut numbers: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for seen in cases.current.values() {
        let number = (seen.row["mfr_num"].as_str(), seen.row["mfr_sndr"].as_str());
        *numbers.entry(number).or_default() += 1;
    }
    numbers.remove(&("", ""));
    let repeated: u64 = numbers.values().map(|n| n - 1).sum();
    assert_eq!(repeated, truth.cases.duplicates);
    for (table, expected) in [("drug", t.without_drug), ("reac", t.without_reaction)] {
        let children = Children::of(&quarters, table);
        let without = cases.current.values().filter(|seen| children.get(seen).is_empty());
        // A cut row may have been a report's only one.
        assert!(without.count() as u64 >= expected, "{table}");
    }
}

/// The current cases that name a substance in a role other than DN, and those suspecting it.
fn exposed<'a>(
    read: &'a Read,
    drugs: &Children,
    substance: &str,
    names: &[String],
) -> (Vec<&'a Seen>, Vec<&'a Seen>) {
    let is = |row: &naive::Row| match row.get("prod_ai").map(String::as_str) {
        Some("") | None => names.contains(&row["drugname"].to_ascii_uppercase()),
        // With its salt, or without.
        Some(ingredient) => {
            ingredient.strip_prefix(substance).is_some_and(|r| r.is_empty() || r.starts_with(' '))
        }
    };
    let with = |roles: &[&str]| {
        let has = |seen: &&Seen| {
            drugs.get(seen).iter().any(|row| is(row) && roles.contains(&row["role_cod"].as_str()))
        };
        read.cases.current.values().filter(has).collect::<Vec<_>>()
    };
    (with(&["PS", "SS", "C", "I"]), with(&["PS", "SS", "I"]))
}

#[test]
fn planted_substances_and_the_event_agree() {
    assert_planted(&read(&dense()));
}

#[test]
fn everything_planted_at_once_agrees() {
    let model = Scenario::find("crowd").unwrap().model(3.0, 7).unwrap();
    let read = read(&Corpus { model, ..Corpus::small(7, 600) });
    assert!(read.truth.plants.len() >= 9 && !read.truth.event.clusters.is_empty());
    assert_planted(&read);
}

fn assert_planted(read: &Read) {
    let (drugs, reactions) =
        (Children::of(&read.quarters, "drug"), Children::of(&read.quarters, "reac"));
    let event = |seen: &&&Seen| reactions.get(seen).iter().any(is_event);
    let all: Vec<&Seen> = read.cases.current.values().collect();
    let hlh = all.iter().filter(event).count() as u64;
    assert_eq!(hlh, read.truth.event.hlh_reports);
    for (substance, truth, names) in read.truth.exposures() {
        let (any, suspect) = exposed(read, &drugs, substance, names);
        let readable = truth.reports - truth.misspelt_reports;
        assert_eq!(any.len() as u64, readable, "{substance}");
        let events = any.iter().filter(event).count() as u64;
        assert_eq!(events, truth.hlh_reports - truth.misspelt_hlh_reports, "{substance}");
        let suspects = suspect.len() as u64;
        let within = truth.suspect_reports - truth.misspelt_reports.min(truth.suspect_reports);
        assert!((within..=truth.suspect_reports).contains(&suspects), "{substance}");
    }
}

#[test]
fn visible_diseases_agree() {
    let read = read(&dense());
    let (indications, reactions) =
        (Children::of(&read.quarters, "indi"), Children::of(&read.quarters, "reac"));
    for disease in &read.truth.diseases {
        let names =
            |row: &naive::Row, column: &str| row[column].eq_ignore_ascii_case(&disease.term);
        let shows = |seen: &&Seen| {
            indications.get(seen).iter().any(|row| names(row, "indi_pt"))
                || reactions.get(seen).iter().any(|row| names(row, "pt"))
        };
        let count = read.cases.current.values().filter(shows).count() as u64;
        assert_eq!(count, disease.visible_reports, "{}", disease.term);
    }
}

#[test]
fn origins_add_up_to_the_event() {
    let truth = read(&dense()).truth;
    let event = &truth.event;
    let culprits: u64 = truth.culprits.iter().map(|c| c.attributed).sum();
    let diseases: u64 = truth.diseases.iter().map(|d| d.attributed).sum();
    let others = event.from_background + event.from_treated_before;
    assert_eq!(event.hlh_reports, culprits + diseases + others);
    assert!(culprits > 100 && diseases > 20 && event.from_background > 20, "{event:?}");
}

#[test]
fn every_quirk_is_planted_and_counted() {
    let corpus = Corpus { reports_per_quarter: 1_500, ..Corpus::small(11, 0) };
    let truth = read(&corpus).truth;
    for (quirk, _) in QuirkRates::default().iter() {
        assert!(truth.quirks.get(quirk) > 0, "{quirk:?} is nowhere");
    }
}

#[test]
fn marks_in_the_bytes_agree() {
    let read = read(&dense());
    for (truth, quarter) in read.truth.quarters.iter().zip(&read.quarters) {
        let bytes = |byte: u8| -> u64 {
            let all = quarter.raw.values().flatten();
            all.filter(|b| **b == byte).count() as u64
        };
        assert_eq!(bytes(0x08), truth.quirks.get(Quirk::Backspace), "{}", truth.quarter);
        assert_eq!(bytes(0x7f), truth.quirks.get(Quirk::DeleteCharacter), "{}", truth.quarter);
        assert_eq!(bytes(b'"'), truth.quirks.get(Quirk::LoneQuote), "{}", truth.quarter);
        let lines = quarter.raw.values().flat_map(|raw| raw.split(|b| *b == b'\n'));
        let (mut cp1252, mut utf8) = (0, 0);
        for line in lines.filter(|line| !line.is_ascii()) {
            match std::str::from_utf8(line) {
                Ok(text) => utf8 += u64::from(!text.starts_with('\u{feff}')),
                Err(_) => cp1252 += 1,
            }
        }
        assert_eq!(cp1252, truth.quirks.get(Quirk::Cp1252Text), "{}", truth.quarter);
        assert_eq!(utf8, truth.quirks.get(Quirk::Utf8Text), "{}", truth.quarter);
    }
}

#[test]
fn without_quirks_every_line_is_a_row() {
    let corpus = Corpus { quirks: QuirkRates::none(), ..Corpus::small(3, 200) };
    let read = read(&corpus);
    let planted: Vec<Quirk> = read.truth.quirks.iter().map(|(quirk, _)| quirk).collect();
    assert!(planted.iter().all(|quirk| *quirk == Quirk::LegacyReturn), "{planted:?}");
    for counts in read.truth.tables.values() {
        assert_eq!(counts.lines, counts.good());
    }
    assert_eq!(read.truth.cases.deleted + read.truth.cases.duplicates, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_small_corpus_agrees(
        seed in any::<u64>(),
        reports in 1usize..120,
        from in 0usize..70,
        places in 1usize..9,
        follow_up in 0.0f64..0.5,
    ) {
        let all = Corpus::span("2004Q1".parse().unwrap(), "2026Q2".parse().unwrap());
        let quarters = all[from..(from + places * 2).min(all.len())].to_vec();
        let corpus = Corpus { quarters, follow_up, ..Corpus::small(seed, reports) };
        let Read { truth, cases, .. } = read(&corpus);
        prop_assert_eq!(cases.reports, truth.cases.reports);
        prop_assert_eq!(cases.current.len() as u64, truth.cases.current);
        prop_assert_eq!(cases.deleted.len() as u64, truth.cases.deleted);
        prop_assert_eq!(cases.revived, truth.cases.revived);
        let ids = cases.current.values().map(|seen| naive::key(&seen.row).0.parse::<u64>().unwrap());
        prop_assert_eq!(ids.sum::<u64>(), truth.cases.current_id_sum);
    }
}

fn bytes_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .map(|p| {
            (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&p).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_does_not() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    for (folder, seed) in folders.iter().zip([5, 5, 6]) {
        generate(&Corpus::small(seed, 120), folder.path()).unwrap();
    }
    let [first, again, other] = [0, 1, 2].map(|i| bytes_of(folders[i].path()));
    assert_eq!(first.len(), 13);
    assert!(first == again, "the same seed gave other bytes");
    assert!(first.iter().zip(&other).all(|(a, b)| a.0 == b.0 && a.1 != b.1));
}
