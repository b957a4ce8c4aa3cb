//! Every pair against nested loops over the tables of the lake, and against the run of one term.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow_array::{Array, ListArray, RecordBatch, StringArray, UInt32Array, UInt64Array};
use iatro_reports::ingest::{Input, Options, Progress, ingest};
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::schema::Table;
use iatro_signals::run::{PairRun, PairSettings, RunError, Settings, pairs, run};
use iatro_signals::study::Study;
use iatro_synth::{Corpus, NEW_TERM, OLD_TERM, generate};

struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: &str, _: usize, _: usize) {}
}

fn read(folder: &Path, input: &Input) -> Snapshot {
    let options = Options { lake: folder.join("lake"), replace: false, rxnorm: None };
    ingest(input, &options, &mut Quiet).unwrap().snapshot
}

fn synthetic(folder: &Path, seed: u64) -> Snapshot {
    let files = folder.join("corpus");
    generate(&Corpus::small(seed, 700), &files).unwrap();
    read(folder, &Input::Faers(vec![files]))
}

fn line_list(folder: &Path, rows: &[&str]) -> Snapshot {
    let file = folder.join("list.csv");
    std::fs::write(&file, format!("report_id,drug,event,role\n{}\n", rows.join("\n"))).unwrap();
    read(folder, &Input::Csv(vec![file]))
}

fn with_roles(roles: &[&str]) -> PairSettings {
    PairSettings { source: None, roles: roles.iter().map(|&role| role.to_owned()).collect() }
}

fn rows(snapshot: &Snapshot, table: Table, columns: &[&str], mut take: impl FnMut(&RecordBatch)) {
    for batch in snapshot.read(table, columns).unwrap() {
        take(&batch.unwrap());
    }
}

fn column<'b, T: Array + 'static>(batch: &'b RecordBatch, name: &str) -> &'b T {
    batch.column_by_name(name).unwrap().as_any().downcast_ref().unwrap()
}

fn names(snapshot: &Snapshot, table: Table, name: &str) -> Vec<String> {
    let mut names = Vec::new();
    rows(snapshot, table, &[name], |batch| {
        let column = column::<StringArray>(batch, name);
        names.extend(column.iter().map(|text| text.unwrap().to_owned()));
    });
    names
}

/// Report to names.
type Named = BTreeMap<u64, BTreeSet<String>>;

/// The substances of every report in these roles, and its terms, straight from the tables.
fn tables(snapshot: &Snapshot, roles: &[&str]) -> (Named, Named) {
    let substances = names(snapshot, Table::Substance, "substance");
    let terms = names(snapshot, Table::Term, "term");
    let mut of_name: Vec<Vec<String>> = Vec::new();
    rows(snapshot, Table::Name, &["substance_ids"], |batch| {
        for ids in column::<ListArray>(batch, "substance_ids").iter() {
            let ids = ids.unwrap();
            let ids = ids.as_any().downcast_ref::<UInt32Array>().unwrap();
            of_name.push(ids.values().iter().map(|&id| substances[id as usize].clone()).collect());
        }
    });
    let (mut drugs, mut events) = (Named::new(), Named::new());
    rows(snapshot, Table::Drug, &["report_id", "role", "name_id"], |batch| {
        let ids = column::<UInt64Array>(batch, "report_id");
        let role = column::<StringArray>(batch, "role");
        let name = column::<UInt32Array>(batch, "name_id");
        for row in (0..batch.num_rows()).filter(|&row| roles.contains(&role.value(row))) {
            let named = drugs.entry(ids.value(row)).or_default();
            named.extend(of_name[name.value(row) as usize].clone());
        }
    });
    rows(snapshot, Table::Event, &["report_id", "term_id"], |batch| {
        let ids = column::<UInt64Array>(batch, "report_id");
        let term = column::<UInt32Array>(batch, "term_id");
        for (id, term) in ids.values().iter().zip(term.values()) {
            let term = terms[*term as usize].as_str();
            let name_now = if term == OLD_TERM { NEW_TERM } else { term };
            events.entry(*id).or_default().insert(name_now.to_owned());
        }
    });
    (drugs, events)
}

/// Checks a run against a count of the tables with nested loops; returns how many pairs there are.
fn assert_counted(snapshot: &Snapshot, run: &PairRun, roles: &[&str]) -> usize {
    let (drugs, events) = tables(snapshot, roles);
    let eligible: Vec<u64> = drugs
        .iter()
        .filter(|(id, named)| !named.is_empty() && events.contains_key(id))
        .map(|(id, _)| *id)
        .collect();
    let mut substances: BTreeMap<&str, u64> = BTreeMap::new();
    let mut terms: BTreeMap<&str, u64> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for id in &eligible {
        for substance in &drugs[id] {
            *substances.entry(substance).or_default() += 1;
            for term in &events[id] {
                *pairs.entry((substance, term)).or_default() += 1;
            }
        }
        events[id].iter().for_each(|term| *terms.entry(term).or_default() += 1);
    }
    let n = eligible.len() as u64;
    assert_eq!(run.reports, n);
    assert_eq!(run.occurrences, pairs.values().sum::<u64>());
    let mut expected = pairs.iter();
    let mut compared = 0;
    for signal in run.chunks(1).flat_map(Result::unwrap) {
        let (&(substance, term), &a) = expected.next().unwrap();
        assert_eq!((signal.substance, signal.term), (substance, term));
        let (with, event) = (substances[substance], terms[term]);
        let cells = signal.estimates;
        assert_eq!(
            [cells.a, cells.b, cells.c, cells.d],
            [a, with - a, event - a, n + a - with - event],
            "{substance}, {term}"
        );
        compared += 1;
    }
    assert_eq!(compared, pairs.len());
    pairs.len()
}

#[test]
fn pairs_are_what_nested_loops_over_the_tables_find() {
    for seed in 1..=3 {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = synthetic(folder.path(), seed);
        let suspect = pairs(&snapshot, &PairSettings::default()).unwrap();
        let all = pairs(&snapshot, &with_roles(&["PS", "SS", "I", "C"])).unwrap();
        let suspect_pairs = assert_counted(&snapshot, &suspect, &["PS", "SS", "I"]);
        let all_pairs = assert_counted(&snapshot, &all, &["PS", "SS", "I", "C"]);
        assert!(all_pairs > suspect_pairs && suspect_pairs > 1_000, "{suspect_pairs}");
        assert_ne!(suspect.run_id, all.run_id);
    }
}

#[test]
fn a_pair_has_the_numbers_of_the_run_of_its_term() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = synthetic(folder.path(), 5);
    let all = pairs(&snapshot, &PairSettings::default()).unwrap();
    assert_eq!(all.renamed.len(), 1);
    assert_eq!(
        (all.renamed[0].term.as_str(), all.renamed[0].counted_as.as_str()),
        (OLD_TERM, NEW_TERM)
    );
    let study = Study::embedded("hlh").unwrap();
    let settings = Settings { terms: vec![NEW_TERM.to_owned()], ..Settings::default() };
    let of_term = run(&snapshot, &study, &settings).unwrap();
    assert_eq!(all.reports, of_term.reports);
    let mut cases = 0;
    for signal in of_term.signals.iter().filter(|signal| signal.estimates.a > 0) {
        let found: Vec<_> = all
            .chunks(0)
            .flat_map(Result::unwrap)
            .filter(|pair| pair.substance == signal.substance && pair.term == NEW_TERM)
            .collect();
        let [pair] = found.as_slice() else { panic!("{found:?}") };
        let e = pair.estimates;
        assert_eq!(
            [e.a, e.b, e.c, e.d],
            [signal.estimates.a, signal.estimates.b, signal.estimates.c, signal.estimates.d]
        );
        assert_eq!(
            [e.expected, e.ror, e.ror_lo, e.ror_hi, e.prr, e.prr_lo, e.prr_hi, e.chi2_yates],
            [
                signal.estimates.expected,
                signal.estimates.ror,
                signal.estimates.ror_lo,
                signal.estimates.ror_hi,
                signal.estimates.prr,
                signal.estimates.prr_lo,
                signal.estimates.prr_hi,
                signal.estimates.chi2_yates,
            ]
        );
        assert_eq!(
            [e.ic, e.ic025, e.ic975],
            [signal.estimates.ic, signal.estimates.ic025, signal.estimates.ic975]
        );
        cases += 1;
    }
    assert!(cases > 10, "{cases}");
    assert!(!all.chunks(0).flat_map(Result::unwrap).any(|pair| pair.term == OLD_TERM));
}

#[test]
fn the_cells_one_can_see_by_eye() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = line_list(
        folder.path(),
        &[
            "1,X,Rash,PS",
            "1,Y,Fever,SS",
            "2,X,RASH,PS",
            "2,x,Rash,SS",
            "3,Y,Rash,PS",
            "4,X,Fever,PS",
            "5,Z,Fever,PS",
            "5,Y,,C",
        ],
    );
    let run = pairs(&snapshot, &PairSettings::default()).unwrap();
    let cells: Vec<_> = run
        .chunks(0)
        .flat_map(Result::unwrap)
        .map(|s| (s.substance, s.term, s.estimates))
        .map(|(substance, term, e)| (substance, term, [e.a, e.b, e.c, e.d]))
        .collect();
    assert_eq!(
        cells,
        [
            ("X", "Fever", [2, 1, 1, 1]),
            ("X", "Rash", [2, 1, 1, 1]),
            ("Y", "Fever", [1, 1, 2, 1]),
            ("Y", "Rash", [2, 0, 1, 2]),
            ("Z", "Fever", [1, 0, 2, 2]),
        ]
    );
    assert_eq!((run.reports, run.occurrences, run.listed(2), run.listed(3)), (5, 8, 3, 0));
    assert_eq!(run.chunks(3).count(), 0);
    assert!(run.signal(5).unwrap_err().to_string().contains("no pair 5"));
}

#[test]
fn the_top_has_the_highest_lower_limits() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = synthetic(folder.path(), 2);
    let run = pairs(&snapshot, &PairSettings::default()).unwrap();
    let mut limits: Vec<f64> =
        run.chunks(2).flat_map(Result::unwrap).map(|s| s.estimates.ic025.unwrap()).collect();
    limits.sort_by(|x, y| y.total_cmp(x));
    let top = run.top(2, 25).unwrap();
    let of_top: Vec<f64> = top.iter().map(|signal| signal.estimates.ic025.unwrap()).collect();
    assert_eq!(of_top, limits[..25]);
    assert!(run.top(2, 0).unwrap().is_empty());
    assert_eq!(run.top(2, usize::MAX).unwrap().len(), run.listed(2));
}

#[test]
fn what_cannot_be_answered_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = line_list(folder.path(), &["1,X,Rash,PS", "2,Y,,SS"]);
    let refused = |settings: PairSettings, words: &str| {
        let error = pairs(&snapshot, &settings).unwrap_err();
        assert!(matches!(error, RunError::Question { .. }), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    };
    refused(with_roles(&["DN"]), "not a role");
    refused(with_roles(&["C"]), "a substance in the roles C and an event term");
    let faers = Some(iatro_reports::SourceKind::Faers);
    refused(PairSettings { source: faers, roles: Vec::new() }, "It has: csv");
    let same = |roles: &[&str]| pairs(&snapshot, &with_roles(roles)).unwrap().run_id;
    assert_eq!(same(&["SS", "ps", "PS"]), same(&["PS", "SS"]));
    assert_ne!(same(&["PS", "SS"]), same(&["PS"]));
}
