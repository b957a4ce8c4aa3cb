//! The machinery end to end, on samples so small that their numbers mean nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::path::Path;

use iatro_review::wording;
use iatro_signals::count::{Embedded, counted};
use iatro_signals::study::Study;
use iatro_synth::{SCENARIOS, Scenario};
use iatro_validation::document::{self, COMMAND, settings_line};
use iatro_validation::grid::{self, GridSettings};
use iatro_validation::method::Method;
use iatro_validation::planting::{Job, ask};
use iatro_validation::recovery::unknown_to;

fn job(scenario: &str, reports: usize) -> Job {
    let model = Scenario::find(scenario).unwrap().model(1.0, 1).unwrap();
    Job { scenario: scenario.to_owned(), model, seed: 1, reports, sweeps: 400 }
}

#[test]
fn a_corpus_counts_what_the_sample_says() {
    let study = Study::embedded("hlh").unwrap();
    let asked = ask(&job("crowd", 20_000), &study).unwrap();
    let (sample, corpus) = (&asked.sample, &asked.corpus);
    assert_eq!(corpus.reports(), sample.reports.len());
    let mut plan = asked.prepared.plan.clone();
    plan.selection = Default::default();
    let counts = counted(&Embedded::new(corpus), &plan).unwrap();
    let suspected = |report: &&iatro_synth::SampledReport| {
        !report.events.is_empty() && report.drugs.iter().any(|drug| drug.role.is_suspect())
    };
    let eligible: Vec<_> = sample.reports.iter().filter(suspected).collect();
    let events = eligible.iter().filter(|report| report.is_event()).count() as u64;
    assert_eq!((counts.reports, counts.cases), (eligible.len() as u64, events));
    assert!(events > 20 && events <= sample.truth.event_reports);
    for planted in sample.truth.substances.iter().flat_map(|substance| &substance.ingredients) {
        let named: Vec<_> = eligible.iter().filter(|report| report.suspects(planted)).collect();
        let cases = named.iter().filter(|report| report.is_event()).count() as u64;
        let ids = corpus.find_substances(planted);
        let cell = ids.first().map(|id| counts.cells[*id as usize]).unwrap_or_default();
        assert_eq!((cell.exposed, cell.cases), (named.len() as u64, cases), "{planted}");
    }
    let clusters = |reports: &mut dyn Iterator<Item = Option<u64>>| -> BTreeSet<u64> {
        reports.flatten().collect()
    };
    let of_sample = clusters(&mut sample.reports.iter().map(|report| report.duplicate_cluster));
    let mut of_corpus = BTreeSet::new();
    let mut infants = 0;
    corpus
        .each_fact(&mut |_, fact| {
            of_corpus.extend(fact.duplicate_cluster);
            infants += u32::from(fact.age.name() == "0 years");
        })
        .unwrap();
    assert_eq!(of_sample, of_corpus);
    let young =
        sample.reports.iter().filter(|report| report.age_years.is_some_and(|age| age < 1.0));
    assert_eq!(infants, u32::try_from(young.count()).unwrap());
}

#[test]
fn the_study_knows_every_planted_disease_and_treatment() {
    let study = Study::embedded("hlh").unwrap();
    for scenario in &SCENARIOS {
        let asked = ask(&job(scenario.id, 200), &study).unwrap();
        assert_eq!(unknown_to(&study, &asked.sample.truth), [""; 0], "{}", scenario.id);
    }
}

#[test]
fn a_small_grid_goes_through_and_repeats() {
    let settings = GridSettings { seeds: 2, ..GridSettings::QUICK };
    let scenarios = ["channelled", "interaction", "duplicates"];
    let run = || grid::run(settings, &scenarios, &|_| ()).unwrap();
    let grid = run();
    assert_eq!(grid, run(), "same seeds, same answer");
    assert_eq!(grid.plantings.len(), 3);
    for planting in grid.plantings.values().flatten() {
        assert!(planting.cases > 0 && planting.has_prior && planting.has_regression);
        let culprits = planting.substances.iter().filter(|substance| substance.culprit);
        assert!(culprits.clone().count() > 0);
        for substance in &planting.substances {
            assert!(Method::COMPARED.iter().all(|m| substance.verdicts.contains_key(m)));
        }
    }
    let has = |scenario: &str, method| grid.plantings[scenario][0].recovered.contains_key(&method);
    assert!(has("interaction", Method::PairNamed) && !has("interaction", Method::Weighed));
    assert!(has("duplicates", Method::Weighed) && !has("duplicates", Method::PairNamed));
    let kept = serde_json::to_string(&grid).unwrap();
    let read: grid::Grid = serde_json::from_str(&kept).unwrap();
    // Numbers are read to the last digit but one; the document does not show it.
    assert!(document::text(&read) == document::text(&grid), "what is kept gives the same document");

    let folder = tempfile::tempdir().unwrap();
    document::write(&grid, folder.path()).unwrap();
    let text = std::fs::read_to_string(folder.path().join("attribution.md")).unwrap();
    assert!(text.contains(COMMAND) && text.contains(&settings_line(&settings)));
    assert_eq!(wording::check(&text), []);
    for figure in ["auprc.svg", "innocents.svg", "power.svg", "coverage.svg"] {
        let figure = std::fs::read_to_string(folder.path().join(figure)).unwrap();
        assert!(figure.contains("role=\"img\"") && !figure.contains("NaN"));
    }
}

#[test]
fn the_committed_documents_say_how_they_came_about() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/validation");
    for name in ["attribution.md", "vaers-international.md"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(text.contains(&format!("Generated by `{COMMAND}`")), "{name}");
        assert!(text.contains("Settings: "), "{name}");
        assert!(text.contains("Not a medical device."), "{name}");
        assert_eq!(wording::check(&text), [], "{name}");
    }
}
