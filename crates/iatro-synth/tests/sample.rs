//! Samples: the same every time, and the same in distribution as the files of the same model.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/crude.rs"]
mod crude;

use std::collections::BTreeMap;

use crude::Fourfold;
use iatro_synth::{
    Corpus, DatePrecision, EventModel, QuirkRates, Role, Sample, SampleSettings, SampledDrug,
    Scenario, Sex, Truth, generate, sample,
};

#[test]
fn the_same_seed_gives_the_same_sample_and_another_does_not() {
    let model = Scenario::find("crowd").unwrap().model(1.0, 1).unwrap();
    let settings = |seed| SampleSettings {
        reports: 3_000,
        duplicate_share: 0.02,
        ..SampleSettings::seeded(seed)
    };
    let [first, again, other] = [5, 5, 6].map(|seed| sample(&model, &settings(seed)).unwrap());
    assert!(first == again);
    assert!(first.reports != other.reports);
}

/// The model of the comparison: every plant, and events enough.
fn model() -> EventModel {
    let mut model = Scenario::find("crowd").unwrap().model(2.0, 2).unwrap();
    // Files tell of the last version of a case, samples of the only one.
    model.late_disclosure_share = 0.0;
    model.wrong_role_share = 0.1;
    model.dropped_indication_share = 0.2;
    model
}

fn both() -> (Truth, Sample) {
    let quarters = Corpus::span("2018Q1".parse().unwrap(), "2021Q4".parse().unwrap());
    let corpus = Corpus {
        seed: 3,
        quarters: quarters.clone(),
        reports_per_quarter: 4_000,
        scale: None,
        follow_up: 0.0,
        quirks: QuirkRates::none(),
        model: model(),
    };
    let folder = tempfile::tempdir().unwrap();
    let truth = generate(&corpus, folder.path()).unwrap();
    let settings = SampleSettings { reports: 64_000, quarters, ..SampleSettings::seeded(3) };
    (truth, sample(&corpus.model, &settings).unwrap())
}

/// Two counts of independent draws of equal proportions, within 4.5 standard deviations.
fn agree(what: &str, files: u64, files_n: f64, sampled: f64, sampled_n: f64) {
    let (a, b) = (files as f64, sampled);
    let pooled = (a + b) / (files_n + sampled_n);
    let sd = (pooled * (1.0 - pooled) * (1.0 / files_n + 1.0 / sampled_n)).sqrt();
    let difference = (a / files_n - b / sampled_n).abs();
    assert!(difference <= 4.5 * sd, "{what}: {files} of {files_n}, {sampled} of {sampled_n}");
}

#[test]
fn files_and_samples_agree_in_distribution() {
    let (truth, sample) = both();
    let (n, m) = (truth.cases.current as f64, sample.reports.len() as f64);
    let event = &truth.event;
    agree("events", event.hlh_reports, n, sample.truth.event_reports as f64, m);
    agree("background", event.from_background, n, sample.truth.from_background as f64, m);
    let treated = sample.truth.from_treated_before;
    agree("treated before", event.from_treated_before, n, treated as f64, m);
    let repeated: u64 = event.clusters.iter().map(|cluster| cluster.len() as u64 - 1).sum();
    assert_eq!(repeated, event.duplicates);
    let mut clusters: BTreeMap<u64, u64> = BTreeMap::new();
    for cluster in sample.reports.iter().filter_map(|report| report.duplicate_cluster) {
        *clusters.entry(cluster).or_default() += 1;
    }
    // Copies come in bunches: the clusters are compared, not the copies.
    agree("clusters", event.clusters.len() as u64, n, clusters.len() as f64, m);
    let planted = truth.exposures().zip(&sample.truth.substances);
    assert_eq!(truth.exposures().count(), sample.truth.substances.len());
    for ((substance, exposure, _), planted) in planted {
        let any = Fourfold::of(&sample.reports, |report| report.names(&planted.name));
        let suspect = Fourfold::of(&sample.reports, |report| report.suspects(&planted.name));
        let check = |what: &str, files: u64, sampled: f64| {
            agree(&format!("{substance}, {what}"), files, n, sampled, m);
        };
        check("reports", exposure.reports, any.exposed());
        check("suspect", exposure.suspect_reports, suspect.exposed());
        check("events", exposure.hlh_reports, any.a);
        check("suspect events", exposure.suspect_hlh_reports, suspect.a);
    }
    for (files, sampled) in truth.diseases.iter().zip(&sample.truth.diseases) {
        assert_eq!(files.term, *sampled.term);
        agree(&files.term, files.attributed, n, sampled.attributed as f64, m);
        let carried = sample.reports.iter().flat_map(|report| &report.diseases);
        let visible = carried.filter(|d| d.visible && d.term == sampled.term).count() as u64;
        agree(&files.term, files.visible_reports, n, visible as f64, m);
    }
    for (files, sampled) in truth.interactions.iter().zip(&sample.truth.pairs) {
        agree("pair", files.attributed, n, sampled.attributed as f64, m);
    }
    for (table, rows) in [
        ("reac", sample.reports.iter().map(|report| report.events.len()).sum::<usize>()),
        ("outc", sample.reports.iter().map(|report| report.outcomes.len()).sum()),
    ] {
        let (files, sampled) = (truth.tables[table].good() as f64 / n, rows as f64 / m);
        assert!((files / sampled - 1.0).abs() < 0.01, "{table}: {files} {sampled}");
    }
}

#[test]
fn reports_say_what_reports_say() {
    let settings = SampleSettings { reports: 20_000, ..SampleSettings::seeded(4) };
    let sample = sample(&EventModel::default(), &settings).unwrap();
    let n = sample.reports.len() as f64;
    let share = |holds: &dyn Fn(&iatro_synth::SampledReport) -> bool| {
        sample.reports.iter().filter(|report| holds(report)).count() as f64 / n
    };
    assert!((share(&|r| r.age_years.is_some()) - 0.74).abs() < 0.02);
    assert!((share(&|r| r.sex == Some(Sex::Female)) - 0.55).abs() < 0.02);
    assert!((share(&|r| r.infant) - 0.015).abs() < 0.005);
    assert!((share(&|r| r.event_date.is_none()) - 0.36).abs() < 0.02);
    assert!((share(&|r| r.country == Some("US")) - 0.585).abs() < 0.02);
    let mut age_differs = 0;
    for report in &sample.reports {
        assert!(report.drugs.iter().any(|d| d.role == Role::PrimarySuspect));
        let infant = report.age_years.map(|age| age < 1.0);
        age_differs += u32::from(infant.is_some_and(|infant| infant != report.infant));
        if let Some(date) = report.event_date {
            assert!(date.day < report.received);
            assert!(date.precision <= DatePrecision::Day);
        }
        let mut events = report.events.clone();
        events.sort_unstable();
        events.dedup();
        assert_eq!(events.len(), report.events.len());
        assert!(report.drugs.iter().all(|d| !d.substance.contains('\\')));
    }
    assert_eq!(age_differs, 0);
    let parts =
        |d: &&SampledDrug| &*d.substance == "sulfamethoxazole" || &*d.substance == "trimethoprim";
    let report = sample.reports.iter().find(|report| report.names("trimethoprim")).unwrap();
    let both: Vec<_> = report.drugs.iter().filter(parts).collect();
    assert!(
        both.len() >= 2 && both[0].sequence == both[1].sequence && both[0].role == both[1].role
    );
    let truth = sample.truth.substance("sulfamethoxazole\\trimethoprim").unwrap();
    assert_eq!(truth.ingredients.len(), 2);
}
