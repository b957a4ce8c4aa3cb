//! The reader and the count against a generated corpus whose truth is known.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::Path;

use arrow_array::StringArray;
use iatro_reports::dictionary::name::ingredients;
use iatro_reports::ingest::{Input, Options, Progress, ingest};
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::schema::Table;
use iatro_signals::bench::Verdict;
use iatro_signals::run::{Settings, Signal, SignalRun, run};
use iatro_signals::study::Study;
use iatro_synth::{Corpus, EventModel, SampleSettings, Scenario, Truth, generate, sample};

struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: &str, _: usize, _: usize) {}
}

fn read(corpus: &Corpus, folder: &Path) -> (Truth, Snapshot) {
    let files = folder.join("corpus");
    let truth = generate(corpus, &files).unwrap();
    let options = Options { lake: folder.join("lake"), replace: false, rxnorm: None };
    let done = ingest(&Input::Faers(vec![files]), &options, &mut Quiet).unwrap();
    (truth, done.snapshot)
}

/// Every total of the truth: cases by fate, and rows by table.
fn assert_totals(truth: &Truth, snapshot: &Snapshot) {
    let manifest = snapshot.manifest();
    let rows = manifest.row_totals();
    let mut compared = 0;
    for (table, planted) in &truth.tables {
        let Some(found) = rows.get(&table.to_lowercase()) else { continue };
        compared += 1;
        assert_eq!(found.rows, planted.records, "{table}: rows");
        assert_eq!(found.quarantined, planted.cut + planted.dangling, "{table}: quarantined");
        assert_eq!(found.stored, planted.good(), "{table}: stored");
    }
    assert!(compared >= 7, "{rows:?}");
    assert_eq!(manifest.reports(), truth.cases.current, "current");
    assert_eq!(manifest.superseded(), truth.cases.superseded, "superseded");
    assert_eq!(manifest.deleted(), truth.cases.deleted, "deleted");
    assert_eq!(sum_of_ids(snapshot), truth.cases.current_id_sum, "which versions are current");
}

/// Sum of the current reports' own ids: tells version 9 from version 10 where counts cannot.
fn sum_of_ids(snapshot: &Snapshot) -> u64 {
    let mut sum = 0;
    for batch in snapshot.read(Table::Report, &["native_id"]).unwrap() {
        let batch = batch.unwrap();
        let ids = batch.column(0).as_any().downcast_ref::<StringArray>().unwrap();
        sum += ids.iter().map(|id| id.unwrap().parse::<u64>().unwrap()).sum::<u64>();
    }
    sum
}

fn hlh(snapshot: &Snapshot) -> SignalRun {
    run(snapshot, &Study::embedded("hlh").unwrap(), &Settings::default()).unwrap()
}

#[test]
fn small_corpora_dense_with_flaws_are_read_as_planted() {
    for seed in 1..=8 {
        let folder = tempfile::tempdir().unwrap();
        let (truth, snapshot) = read(&Corpus::small(seed, 400), folder.path());
        assert_totals(&truth, &snapshot);
        assert_eq!(snapshot.verify().unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn the_demo_corpus_is_read_as_planted_and_its_culprits_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let (truth, snapshot) = read(&Corpus::default(), folder.path());
    assert_totals(&truth, &snapshot);
    let run = hlh(&snapshot);
    assert_eq!(run.cases, truth.event.hlh_reports);
    for culprit in &truth.culprits {
        for substance in ingredients(&culprit.substance) {
            let signal = run.signal(&substance).unwrap();
            assert!(signal.is_disproportionate(), "{substance}: {signal:?}");
            // Names the generator misspelt may stay unmapped; nothing else may be missed.
            let most = culprit.exposure.suspect_hlh_reports;
            let least = most.saturating_sub(culprit.exposure.misspelt_hlh_reports);
            assert!(
                (least..=most).contains(&signal.estimates.a),
                "{substance}: {} of {most}",
                signal.estimates.a
            );
        }
    }
    let flagged = truth
        .bystanders
        .iter()
        .flat_map(|bystander| ingredients(&bystander.substance))
        .filter(|name| run.signal(name).is_some_and(Signal::is_disproportionate))
        .count();
    assert!(flagged > 0, "plain disproportionality is expected to flag bystanders");
}

#[test]
fn samples_name_substances_as_the_lake_does() {
    let settings = SampleSettings { reports: 150_000, ..SampleSettings::seeded(1) };
    let sample = sample(&EventModel::default(), &settings).unwrap();
    let drugs = sample.reports.iter().flat_map(|report| &report.drugs);
    let names: BTreeSet<&str> = drugs.map(|drug| &*drug.substance).collect();
    assert!(names.len() > 330, "{}", names.len());
    for name in names {
        assert_eq!(ingredients(&name.to_uppercase()), [name]);
    }
}

#[test]
fn everything_planted_at_once_is_read_as_planted() {
    let folder = tempfile::tempdir().unwrap();
    let model = Scenario::find("crowd").unwrap().model(1.0, 3).unwrap();
    let corpus = Corpus { reports_per_quarter: 3_000, seed: 3, model, ..Corpus::default() };
    let (truth, snapshot) = read(&corpus, folder.path());
    assert_totals(&truth, &snapshot);
    let run = hlh(&snapshot);
    assert_eq!(run.cases, truth.event.hlh_reports);
    assert!(truth.event.clusters.len() > 20, "{}", truth.event.clusters.len());
}

/// What the bench alone can tell: it names what ends a signal, and the culprits stand longest.
#[test]
fn the_bench_ends_more_bystanders_than_culprits() {
    let folder = tempfile::tempdir().unwrap();
    let (truth, snapshot) = read(&Corpus::default(), folder.path());
    let run = hlh(&snapshot);
    assert_eq!(run.checks.len(), Study::embedded("hlh").unwrap().checks.len());
    let with_cases = run.signals.iter().filter(|s| s.estimates.a > 0).count();
    assert!(run.checks.iter().all(|check| check.rows.len() == with_cases));
    assert_eq!(run.verdicts.len(), with_cases);
    for (at, verdict) in run.verdicts.iter().enumerate() {
        assert_eq!(verdict.substance, run.signals[at].substance);
        assert!(run.checks.iter().all(|check| check.rows[at].substance == verdict.substance));
    }
    let ended = |substances: Vec<&str>, checks: &[&str]| -> (usize, usize) {
        let names = substances.into_iter().flat_map(ingredients);
        let verdicts: Vec<_> = names.filter_map(|name| run.verdict(&name)).collect();
        let signals = verdicts.iter().filter(|v| v.assessed > 0 && v.verdict > Verdict::NoSignal);
        let signals: Vec<_> = signals.collect();
        let hit = |v: &&&&iatro_signals::bench::SubstanceVerdict| {
            v.ended_by.iter().any(|id| checks.contains(id))
        };
        (signals.iter().filter(hit).count(), signals.len())
    };
    let culprits: Vec<&str> = truth.culprits.iter().map(|c| c.substance.as_str()).collect();
    let bystanders: Vec<&str> = truth.bystanders.iter().map(|b| b.substance.as_str()).collect();
    let therapies: Vec<&str> = truth.therapies.iter().map(|t| t.substance.as_str()).collect();
    let channelled: Vec<&str> = truth.channelled.iter().map(|t| t.substance.as_str()).collect();
    let all: Vec<&str> = run.checks.iter().map(|check| check.id).collect();
    let share = |(ended, of): (usize, usize)| ended as f64 / of.max(1) as f64;
    let (culprits, bystanders) = (ended(culprits, &all), ended(bystanders, &all));
    let (therapies, channelled) = (ended(therapies, &all), ended(channelled, &all));
    assert!(culprits.1 >= 5 && bystanders.1 > 0 && channelled.1 > 0, "{culprits:?} {bystanders:?}");
    // A check ends every planted signal that is none; most of the culprits stand.
    assert_eq!((share(therapies), share(channelled)), (1.0, 1.0), "{therapies:?} {channelled:?}");
    assert_eq!(share(bystanders), 1.0, "{bystanders:?}");
    assert!(share(culprits) < 0.5, "{culprits:?}");
}
