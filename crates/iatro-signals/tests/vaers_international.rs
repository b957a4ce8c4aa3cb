//! The real international VAERS file: what the engine counts, against a count of the raw CSV that
//! shares no code with it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    missing_docs
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use iatro_reports::ingest::{Input, Options, Progress, ingest};
use iatro_signals::bench::{Attribution, Outcome, Reason, Verdict};
use iatro_signals::count::InProcess;
use iatro_signals::explain::explain;
use iatro_signals::run::{PairSettings, Question, Settings, pairs, run};
use iatro_signals::study::Study;

struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: &str, _: usize, _: usize) {}
}

fn file() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("IATRO_TEST_DATA").map_or_else(beside, PathBuf::from);
    let file = folder.join("vaers/NonDomesticVAERSData-no-demographics.zip");
    if !file.exists() {
        eprintln!("skipped: no {}", file.display());
        return None;
    }
    Some(file)
}

/// VAERS_ID to the values of some columns, straight from the CSV.
fn column_sets(file: &Path, member: &str, columns: &[usize]) -> BTreeMap<u64, BTreeSet<String>> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(member).unwrap().read_to_end(&mut bytes).unwrap();
    let mut sets: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
    for record in reader.byte_records() {
        let record = record.unwrap();
        let text = |at: usize| record.get(at).map(|b| b.iter().map(|&b| b as char).collect());
        let id: String = text(0).unwrap();
        let values = sets.entry(id.parse().unwrap()).or_default();
        let found = columns.iter().filter_map(|&at| text(at)).filter(|t: &String| !t.is_empty());
        values.extend(found);
    }
    sets
}

#[test]
fn cells_agree_with_a_count_of_the_raw_rows() {
    let Some(file) = file() else { return };
    let folder = tempfile::tempdir().unwrap();
    let options = Options { lake: folder.path().join("lake"), replace: false, rxnorm: None };
    let input = Input::Vaers { paths: vec![file.clone()], with_narratives: false };
    let snapshot = ingest(&input, &options, &mut Quiet).unwrap().snapshot;
    let study = Study::embedded("hlh").unwrap();
    let run = run(&snapshot, &study, &Settings::default()).unwrap();

    let vaccines = column_sets(&file, "NonDomesticVAERSVAX.csv", &[1]);
    let terms = column_sets(&file, "NonDomesticVAERSSYMPTOMS.csv", &[1, 3, 5, 7, 9]);
    let eligible: Vec<u64> = vaccines.keys().copied().filter(|id| terms.contains_key(id)).collect();
    let is_case = |id: &u64| {
        ["Haemophagocytic lymphohistiocytosis", "Histiocytosis haematophagic"]
            .iter()
            .any(|name| terms[id].contains(*name))
    };
    let cases: Vec<u64> = eligible.iter().copied().filter(is_case).collect();
    assert_eq!((run.reports, run.cases), (284_839, 80));
    assert_eq!((eligible.len(), cases.len()), (284_839, 80));

    let mut types: BTreeSet<&String> = vaccines.values().flatten().collect();
    types.retain(|kind| eligible.iter().any(|id| vaccines[id].contains(*kind)));
    assert_eq!(run.signals.len(), types.len());
    for kind in types {
        let with = |ids: &[u64]| ids.iter().filter(|id| vaccines[id].contains(kind)).count() as u64;
        let (exposed, a) = (with(&eligible), with(&cases));
        let signal = run.signal(kind).unwrap();
        assert_eq!(
            (signal.estimates.a, signal.estimates.b, signal.estimates.c, signal.estimates.d),
            (a, exposed - a, 80 - a, 284_839 - exposed - (80 - a)),
            "{kind}"
        );
    }
    let cells = |kind: &str| {
        let s = run.signal(kind).unwrap();
        [s.estimates.a, s.estimates.b, s.estimates.c, s.estimates.d]
    };
    let pinned: Vec<[u64; 4]> =
        ["COVID19", "HIBV", "PNC13", "RV5", "RVX", "MMR"].iter().map(|kind| cells(kind)).collect();
    assert_eq!(pinned, PINNED);

    let question = Question::resolve(snapshot.manifest(), &study, &Settings::default()).unwrap();
    let explained = explain(&snapshot, &study, question, "rv5", &InProcess).unwrap();
    assert_eq!(explained.cases.len() as u64, cells("RV5")[0]);
    let listed: BTreeSet<u64> =
        explained.cases.iter().map(|case| case.native_id.parse().unwrap()).collect();
    let expected: BTreeSet<u64> =
        cases.iter().copied().filter(|id| vaccines[id].contains("RV5")).collect();
    assert_eq!(listed, expected);
}

/// a, b, c, d of COVID19, HIBV, PNC13, RV5, RVX and MMR against narrow HLH.
const PINNED: [[u64; 4]; 6] = [
    [29, 184_927, 51, 99_832],
    [10, 7_889, 70, 276_870],
    [9, 9_455, 71, 275_304],
    [7, 3_305, 73, 281_454],
    [4, 740, 76, 284_019],
    [5, 8_138, 75, 276_621],
];

/// The event's preferred term before and since version 21.1 of the dictionary.
const TERMS: [&str; 2] = ["Histiocytosis haematophagic", "Haemophagocytic lymphohistiocytosis"];

#[test]
fn every_pair_agrees_with_the_raw_rows_and_with_the_run_of_one_term() {
    let Some(file) = file() else { return };
    let folder = tempfile::tempdir().unwrap();
    let options = Options { lake: folder.path().join("lake"), replace: false, rxnorm: None };
    let input = Input::Vaers { paths: vec![file.clone()], with_narratives: false };
    let snapshot = ingest(&input, &options, &mut Quiet).unwrap().snapshot;
    let all = pairs(&snapshot, &PairSettings::default()).unwrap();

    let vaccines = column_sets(&file, "NonDomesticVAERSVAX.csv", &[1]);
    let terms = column_sets(&file, "NonDomesticVAERSSYMPTOMS.csv", &[1, 3, 5, 7, 9]);
    let mut cells: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut occurrences = 0;
    for (id, kinds) in &vaccines {
        let Some(terms) = terms.get(id) else { continue };
        let name_now =
            |term: &String| if term == TERMS[0] { TERMS[1].into() } else { term.clone() };
        let distinct: BTreeSet<String> = terms.iter().map(name_now).collect();
        occurrences += (kinds.len() * distinct.len()) as u64;
        for term in distinct.iter().filter_map(|term| terms.get(term).map(String::as_str)) {
            kinds.iter().for_each(|kind| *cells.entry((kind, term)).or_default() += 1);
        }
    }
    assert_eq!((all.reports, all.occurrences), (284_839, occurrences));
    let mut compared = 0;
    for pair in all.chunks(1).flat_map(Result::unwrap).filter(|pair| pair.term != TERMS[1]) {
        assert_eq!(cells.get(&(pair.substance, pair.term)), Some(&pair.estimates.a), "{pair:?}");
        compared += 1;
    }
    cells.retain(|(_, term), _| !TERMS.contains(term));
    assert_eq!(compared, cells.len());

    let settings = Settings { terms: vec![TERMS[1].to_owned()], ..Settings::default() };
    let of_term = run(&snapshot, &Study::embedded("hlh").unwrap(), &settings).unwrap();
    let expected: BTreeMap<&str, [u64; 4]> = of_term
        .signals
        .iter()
        .filter(|s| s.estimates.a > 0)
        .map(|s| {
            (s.substance.as_str(), [s.estimates.a, s.estimates.b, s.estimates.c, s.estimates.d])
        })
        .collect();
    let found: BTreeMap<&str, [u64; 4]> = all
        .chunks(1)
        .flat_map(Result::unwrap)
        .filter(|pair| pair.term == TERMS[1])
        .map(|pair| (pair.substance, pair.estimates))
        .map(|(substance, e)| (substance, [e.a, e.b, e.c, e.d]))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(found["RV5"], PINNED[3]);
}

/// COVID19 fills the background and has fewer cases than the rest: it does not hide the infant vaccines, it
/// lends them part of their signal. The bench says so, and says what this file cannot tell.
#[test]
fn the_bench_names_what_the_file_can_and_cannot_tell() {
    let Some(file) = file() else { return };
    let folder = tempfile::tempdir().unwrap();
    let options = Options { lake: folder.path().join("lake"), replace: false, rxnorm: None };
    let input = Input::Vaers { paths: vec![file], with_narratives: false };
    let snapshot = ingest(&input, &options, &mut Quiet).unwrap().snapshot;
    let run = run(&snapshot, &Study::embedded("hlh").unwrap(), &Settings::default()).unwrap();
    let check = |id: &str| run.checks.iter().find(|check| check.id == id).unwrap();
    let row = |id: &str, name: &str| {
        check(id).rows.iter().find(|row| row.substance == name).unwrap().clone()
    };
    let masked = |name: &str| {
        let row = row("masking", name);
        assert_eq!(row.detail.as_deref(), Some("background without COVID19"), "{name}");
        let e = row.estimates.unwrap();
        (row.outcome, [e.a, e.b, e.c, e.d])
    };
    // Without COVID19 the background has 51 cases less those that are the substance's own.
    assert_eq!(masked("RV5"), (Outcome::Holds, [7, 3_305, 44, 96_527]));
    assert_eq!(masked("HIBV"), (Outcome::Holds, [10, 7_889, 41, 91_943]));
    assert_eq!(masked("PNC13").0, Outcome::Ends);
    let ended = |name: &str| run.verdict(name).unwrap().ended_by.contains(&"masking");
    assert!(ended("PNC13") && ended("PPV") && !ended("RV5") && !ended("HIBV"));
    // No patient, sender, outcome, country or indication is in this file.
    for id in [
        "hlh_as_indication",
        "suspect_only",
        "health_professionals",
        "serious_only",
        "strata",
        "active_comparator",
        "leave_one_country_out",
    ] {
        let (reason, text) = check(id).not_assessable.as_ref().unwrap();
        assert_eq!(*reason, Reason::InformationMissing, "{id}: {text}");
    }
    let rv5 = run.verdict("RV5").unwrap();
    // No check ends it and attribution leaves it most of its cases, but nothing tells the age of those who have it.
    assert_eq!((rv5.verdict, rv5.attribution), (Verdict::Unchecked, Attribution::Used));
    let hibv = run.verdict("HIBV").unwrap();
    assert_eq!((hibv.verdict, hibv.attribution), (Verdict::Explained, Attribution::Used));
    assert!(rv5.not_assessable > rv5.assessed, "{rv5:?}");
}
