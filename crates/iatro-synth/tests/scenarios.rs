//! Every plant at work: shares and hazards as planted, and the distortion it is meant to bring.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/crude.rs"]
mod crude;

use std::collections::BTreeMap;

use crude::{Fourfold, near};
use iatro_synth::{
    EventModel, PlantedPart, SCENARIOS, Sample, SampleSettings, SampledOrigin, SampledReport,
    Scenario, power_model, sample,
};

fn drawn(id: &str, seed: u64) -> Sample {
    let model = Scenario::find(id).unwrap().model(1.0, seed).unwrap();
    sample(&model, &SampleSettings::seeded(seed)).unwrap()
}

fn crude(sample: &Sample, substance: &str) -> Fourfold {
    Fourfold::of(&sample.reports, |report| report.names(substance))
}

/// Without duplicates and notoriety, every hazard gives the events it should.
#[test]
fn hazards_come_out_as_planted() {
    for (id, seed) in [("culprits", 1), ("bystander", 2), ("channelled", 3), ("together", 4)] {
        let sample = drawn(id, seed);
        for substance in &sample.truth.substances {
            let reports = crude(&sample, &substance.name).exposed();
            // At these hazards hardly any report has two: each event has one origin.
            let share = 1.0 - (-substance.hazard).exp();
            let attributed = substance.attributed as f64;
            assert!(
                (attributed - reports * share).abs() < 4.5 * (reports * share).sqrt() + 3.0,
                "{id}, {}: {attributed} of {reports}",
                substance.name
            );
        }
        let n = sample.reports.len() as f64;
        let background = sample.truth.from_background as f64;
        assert!(near(background, sample.truth.background_hazard, n), "{id}: {background}");
    }
}

#[test]
fn shares_come_out_as_planted() {
    let sample = drawn("bystander", 5);
    let model = &sample.truth.model;
    let n = sample.reports.len() as f64;
    for (planted, bystander) in model.culprits.iter().zip(&model.bystanders) {
        let (culprit, company) =
            (planted.substance.to_lowercase(), bystander.substance.to_lowercase());
        let with = crude(&sample, &culprit).exposed();
        assert!(near(with, planted.share, n), "{culprit}: {with}");
        let both = sample.reports.iter().filter(|r| r.names(&culprit) && r.names(&company));
        let both = both.count() as f64;
        assert!(near(both, bystander.with_share, with), "{company}: {both} of {with}");
    }
}

#[test]
fn events_add_up_and_are_attributed_to_what_the_report_lists() {
    for scenario in &SCENARIOS {
        let model = scenario.model(1.0, 6).unwrap();
        let settings = SampleSettings { reports: 20_000, ..SampleSettings::seeded(6) };
        let sample = sample(&model, &settings).unwrap();
        let truth = &sample.truth;
        let substances: u64 = truth.substances.iter().map(|s| s.attributed).sum();
        let diseases: u64 = truth.diseases.iter().map(|d| d.attributed).sum();
        let pairs: u64 = truth.pairs.iter().map(|p| p.attributed).sum();
        let others = truth.from_background + truth.from_treated_before;
        assert_eq!(truth.event_reports, substances + diseases + pairs + others, "{}", scenario.id);
        let listed = sample
            .reports
            .iter()
            .filter(|r| r.events.iter().any(|term| &**term == SampledReport::EVENT));
        assert_eq!(truth.event_reports, listed.count() as u64, "{}", scenario.id);
        for report in &sample.reports {
            match &report.origin {
                Some(SampledOrigin::Substance(name)) => assert!(report.names(name)),
                Some(SampledOrigin::Pair(first, second)) => {
                    assert!(report.names(first) && report.names(second));
                }
                Some(SampledOrigin::Disease(term)) => {
                    assert!(report.diseases.iter().any(|disease| disease.term == *term));
                }
                _ => {}
            }
        }
    }
}

#[test]
fn innocent_substances_look_guilty() {
    let mut least = BTreeMap::new();
    for seed in 1..=5 {
        for (id, part) in [
            ("bystander", PlantedPart::Bystander),
            ("channelled", PlantedPart::Channelled),
            ("protopathic", PlantedPart::Therapy),
            ("age", PlantedPart::AgeBound),
        ] {
            let sample = drawn(id, seed);
            for innocent in sample.truth.of_part(part) {
                assert!(!innocent.is_cause(&sample.truth) && innocent.attributed == 0);
                let ror = crude(&sample, &innocent.name).ror();
                let known = least.entry(id).or_insert(ror);
                *known = known.min(ror);
            }
        }
    }
    assert!(least["bystander"] >= 20.0, "{least:?}");
    assert!(least["channelled"] >= 5.0, "{least:?}");
    assert!(least["protopathic"] >= 5.0, "{least:?}");
    assert!(least["age"] >= 3.0, "{least:?}");
}

#[test]
fn infants_explain_the_age_bound_substances() {
    let (mut ror, mut seen) = (0.0, 0.0);
    for seed in 1..=5 {
        let sample = drawn("age", seed);
        for innocent in sample.truth.of_part(PlantedPart::AgeBound) {
            let crude = crude(&sample, &innocent.name).ror();
            assert!(crude > 3.0, "{}: {crude}", innocent.name);
            let infants = sample.reports.iter().filter(|r| r.age_years.is_some_and(|a| a < 1.0));
            ror += Fourfold::of(infants, |report| report.names(&innocent.name)).ror();
            seen += 1.0;
        }
    }
    // The mean of 10 ratios, each of some 40 exposed events: within a fifth.
    let mean = ror / seen;
    assert!((mean - 1.0).abs() < 0.2, "{mean}");
}

#[test]
fn a_wave_of_notoriety_multiplies_event_reports_from_its_day_on() {
    let (mut before, mut after) = (Fourfold::default(), Fourfold::default());
    let mut model = EventModel { background_hazard: 0.01, ..EventModel::null() };
    let substance =
        Scenario::find("notoriety").unwrap().model(1.0, 3).unwrap().notorious[0].clone();
    let name = substance.substance.to_lowercase();
    let from = substance.from_day.unwrap();
    let factor = substance.factor;
    assert!((factor - 10.0).abs() < 1e-9);
    model.notorious.push(iatro_synth::Notorious { share: 0.05, ..substance });
    for seed in 1..=3 {
        let sample = sample(&model, &SampleSettings::seeded(seed)).unwrap();
        let (early, late): (Vec<_>, Vec<_>) =
            sample.reports.iter().partition(|report| report.received < from);
        for (reports, counts) in [(early, &mut before), (late, &mut after)] {
            let found = Fourfold::of(reports, |report| report.names(&name));
            counts.a += found.a;
            counts.b += found.b;
            counts.c += found.c;
            counts.d += found.d;
        }
    }
    // Log ratios have a standard deviation of 0.09 before (some 75 cases) and of 0.04 after.
    assert!((before.ror().ln()).abs() < 0.35, "{before:?}");
    assert!((after.ror() / factor).ln().abs() < 0.15, "{after:?}");
}

#[test]
fn undated_notoriety_is_always_there() {
    let sample = drawn("drug-and-event", 4);
    let model = &sample.truth.model;
    assert!(model.notorious.iter().all(|notorious| notorious.from_day.is_none()));
    for innocent in sample.truth.of_part(PlantedPart::Notorious).filter(|s| s.hazard <= 0.0) {
        let ror = crude(&sample, &innocent.name).ror();
        assert!(ror > 2.5, "{}: {ror}", innocent.name);
    }
}

#[test]
fn a_giant_masks_others() {
    let masked = drawn("masking", 7);
    let mut model = masked.truth.model.clone();
    model.giants.clear();
    let bare = sample(&model, &SampleSettings::seeded(7)).unwrap();
    let giant = masked.truth.of_part(PlantedPart::Giant).next().unwrap();
    let share = giant.attributed as f64 / masked.truth.event_reports as f64;
    assert!(share > 0.5, "{share}");
    let names: Vec<_> = masked.truth.of_part(PlantedPart::Culprit).map(|c| &c.name).collect();
    let mean = |sample: &Sample| {
        names.iter().map(|name| crude(sample, name).ror().ln()).sum::<f64>() / names.len() as f64
    };
    assert!(mean(&bare) - mean(&masked) > 0.7, "{} {}", mean(&bare), mean(&masked));
}

#[test]
fn culprits_always_together_are_never_apart() {
    let sample = drawn("together", 8);
    let pair: Vec<_> = sample.truth.of_part(PlantedPart::Together).collect();
    let [first, second] = pair[..] else { panic!("{pair:?}") };
    assert_eq!(first.partner.as_ref(), Some(&second.name));
    for report in &sample.reports {
        assert_eq!(report.names(&first.name), report.names(&second.name));
        assert_eq!(report.suspects(&first.name), report.suspects(&second.name));
    }
    assert!(first.attributed > second.attributed && second.attributed > 0, "{pair:?}");
}

#[test]
fn an_interacting_pair_is_harmless_apart() {
    let sample = drawn("interaction", 9);
    let pair = &sample.truth.pairs[0];
    let both = Fourfold::of(&sample.reports, |r| r.names(&pair.first) && r.names(&pair.second));
    let alone = Fourfold::of(&sample.reports, |r| r.names(&pair.first) && !r.names(&pair.second));
    assert!(near(pair.attributed as f64, 1.0 - (-pair.hazard).exp(), both.exposed()), "{both:?}");
    assert!(both.ror() > 30.0 && alone.ror() < 4.0, "{both:?} {alone:?}");
    assert!(sample.truth.of_part(PlantedPart::Interacting).all(|s| s.is_cause(&sample.truth)));
}

#[test]
fn event_duplicates_stand_in_clusters() {
    let sample = drawn("duplicates", 10);
    let mut clusters: BTreeMap<u64, Vec<&SampledReport>> = BTreeMap::new();
    for report in &sample.reports {
        if let Some(cluster) = report.duplicate_cluster {
            clusters.entry(cluster).or_default().push(report);
        }
    }
    assert!(clusters.values().all(|members| members.len() > 1));
    assert!(clusters.values().flatten().all(|report| report.is_event()));
    let copies: usize = clusters.values().map(|members| members.len() - 1).sum();
    let cases = sample.truth.event_reports as f64 - copies as f64;
    // A mean of 0.3 / 0.7 copies of the 94 % that a company sends.
    let expected = cases * 0.94 * 0.3 / 0.7;
    assert!((copies as f64 - expected).abs() < 5.0 * expected.sqrt(), "{copies} of {cases}");
    for members in clusters.values() {
        assert!(members.iter().all(|report| report.origin == members[0].origin));
    }
}

#[test]
fn roles_and_indications_go_wrong_at_the_rates_of_the_model() {
    let right = drawn("bystander", 11);
    let wrong = drawn("wrong-roles", 11);
    let suspected = |sample: &Sample| {
        let culprits: Vec<_> = sample.truth.of_part(PlantedPart::Culprit).collect();
        let mut rows = Fourfold::default();
        for report in &sample.reports {
            for culprit in culprits.iter().filter(|culprit| report.names(&culprit.name)) {
                rows.a += 1.0;
                rows.b += f64::from(u8::from(report.suspects(&culprit.name)));
            }
            let primary = report.drugs.iter().filter(|drug| drug.role.code() == "PS");
            let mut rows_of_primary: Vec<u16> = primary.map(|drug| drug.sequence).collect();
            rows_of_primary.dedup();
            assert_eq!(rows_of_primary.len(), 1, "{report:?}");
        }
        rows.b / rows.a
    };
    assert!((suspected(&right) - 1.0).abs() < 1e-12);
    // A primary suspect stays where the report has no concomitant drug.
    assert!((0.7..0.88).contains(&suspected(&wrong)), "{}", suspected(&wrong));
    let told = |id| {
        let sample = drawn(id, 12);
        let drugs = sample.reports.iter().flat_map(|report| &report.drugs);
        let (mut all, mut told) = (0.0, 0.0);
        for drug in drugs {
            all += 1.0;
            told += f64::from(u8::from(!drug.indications.is_empty()));
        }
        let diseases: Vec<_> = sample.reports.iter().flat_map(|report| &report.diseases).collect();
        let visible = diseases.iter().filter(|disease| disease.visible).count();
        (told / all, visible as f64 / diseases.len() as f64)
    };
    let (full, lost) = (told("channelled"), told("missing-indications"));
    assert!((lost.0 / full.0 - 0.5).abs() < 0.02, "{full:?} {lost:?}");
    assert!(full.1 > 0.93 && lost.1 < 0.7, "{full:?} {lost:?}");
}

#[test]
fn the_null_model_has_no_event_and_nothing_has_only_background() {
    let null = sample(&EventModel::null(), &SampleSettings::seeded(1)).unwrap();
    assert_eq!(null.truth.event_reports, 0);
    assert!(null.reports.iter().all(|report| !report.is_event()));
    let nothing = drawn("nothing", 1);
    assert!(nothing.truth.substances.is_empty());
    assert_eq!(nothing.truth.event_reports, nothing.truth.from_background);
    assert!(near(nothing.truth.event_reports as f64, 1.5e-3, nothing.reports.len() as f64));
}

#[test]
fn power_has_the_expected_number_of_cases() {
    for cases in [3.0, 30.0, 300.0] {
        let mut found = 0.0;
        for seed in 1..=10 {
            let model = power_model(cases, 20_000, seed).unwrap();
            let settings = SampleSettings { reports: 20_000, ..SampleSettings::seeded(seed) };
            let sample = sample(&model, &settings).unwrap();
            found += crude(&sample, &sample.truth.substances[0].name).a;
        }
        let expected: f64 = cases * 10.0;
        assert!((found - expected).abs() < 4.5 * expected.sqrt(), "{cases}: {found}");
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let good = SampleSettings { reports: 10, ..SampleSettings::default() };
    let model = EventModel::default();
    assert!(sample(&model, &good).is_ok());
    let bad = [
        SampleSettings { reports: 0, ..good.clone() },
        SampleSettings { reports: 5_000_001, ..good.clone() },
        SampleSettings { quarters: Vec::new(), ..good.clone() },
        SampleSettings { duplicate_share: 0.6, ..good.clone() },
        SampleSettings { not_administered_share: f64::NAN, ..good.clone() },
    ];
    for settings in bad {
        assert!(sample(&model, &settings).is_err(), "{settings:?}");
    }
    let crowd = Scenario::find("crowd").unwrap().model(1.0, 1).unwrap();
    let spoil: [fn(&mut EventModel); 11] = [
        |m| m.giants[0].share = 1.1,
        |m| m.notorious[0].factor = 0.5,
        |m| m.notorious[0].factor = f64::NAN,
        |m| m.notorious[0].factor = 101.0,
        |m| m.age_bound[0].infant_share = -0.1,
        |m| m.infancy.background_factor = f64::INFINITY,
        |m| m.together[0].second = m.together[0].first.clone(),
        |m| m.interactions[0].joint_hazard = 11.0,
        |m| m.event_duplicate_share = 1.0,
        |m| m.wrong_role_share = 1.5,
        |m| m.dropped_indication_share = f64::NAN,
    ];
    for (index, spoil) in spoil.iter().enumerate() {
        let mut model = crowd.clone();
        spoil(&mut model);
        assert!(sample(&model, &good).is_err(), "{index}");
    }
}
