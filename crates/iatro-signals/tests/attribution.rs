//! Attribution on corpora that one can see through: what competes, what is counted, what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use iatro_reports::SourceKind;
use iatro_reports::model::codes::Role;
use iatro_signals::attribution::{
    Attribution, AttributionSettings, Combination, Group, Regression, attribute, combine,
};
use iatro_signals::corpus::Corpus;
use iatro_signals::corpus::facts::{AgeBand, Fact, Reporter, Sex};
use iatro_signals::corpus::memory::{MemoryDrug, MemoryReport};
use iatro_signals::count::{CountError, Counter, Embedded, Engines, InProcess};
use iatro_signals::run::{Prepared, Question, Settings};
use iatro_signals::study::{Evidence, Study};

const HLH: &str = "Haemophagocytic lymphohistiocytosis";

/// Reports that name these suspects and events, so many times.
struct Batch<'a> {
    count: usize,
    suspects: &'a [&'a str],
    events: &'a [&'a str],
    age: AgeBand,
}

fn batch<'a>(count: usize, suspects: &'a [&'a str], events: &'a [&'a str]) -> Batch<'a> {
    Batch { count, suspects, events, age: AgeBand::Adult }
}

fn reports(batches: &[Batch<'_>]) -> Vec<MemoryReport> {
    let drug = |name: &&str| MemoryDrug {
        substances: vec![(*name).to_owned()],
        role: Some(Role::PrimarySuspect),
        start: None,
        indications: Vec::new(),
    };
    let report = |batch: &Batch<'_>| MemoryReport {
        fact: Fact {
            age: batch.age,
            sex: Sex::Female,
            received: Some(19_000),
            event_date: None,
            country: None,
            reporter: Reporter::Unknown,
            outcomes: 0,
            duplicate_cluster: None,
        },
        drugs: batch.suspects.iter().map(drug).collect(),
        events: batch.events.iter().map(|term| (*term).to_owned()).collect(),
    };
    batches.iter().flat_map(|batch| vec![report(batch); batch.count]).collect()
}

fn prepared(corpus: &Corpus, evidence: Evidence) -> (Study, Prepared) {
    let study = Study::embedded("hlh").unwrap();
    let settings = Settings { evidence, ..Settings::default() };
    let question = Question::of_source(SourceKind::Csv, &study, &settings).unwrap();
    let prepared = Prepared::new(corpus, &study, &question).unwrap();
    (study, prepared)
}

fn attributed(reports: &[MemoryReport], settings: &AttributionSettings) -> Attribution {
    let corpus = Corpus::of_reports(reports);
    let (study, prepared) = prepared(&corpus, Evidence::Verified);
    attribute(&corpus, &study, &prepared, settings).unwrap()
}

fn quick() -> AttributionSettings {
    AttributionSettings { sweeps: 3_000, ..AttributionSettings::default() }
}

/// A culprit on 600 reports with 30 events, a bystander on half of these and hardly elsewhere, others.
fn with_a_bystander() -> Vec<MemoryReport> {
    reports(&[
        batch(15, &["culprit", "bystander"], &[HLH]),
        batch(285, &["culprit", "bystander"], &["Rash"]),
        batch(15, &["culprit"], &[HLH]),
        batch(285, &["culprit"], &["Rash"]),
        batch(60, &["bystander"], &["Rash"]),
        batch(8, &["common"], &[HLH]),
        batch(20_000, &["common"], &["Rash"]),
        batch(3, &["other"], &[HLH]),
        batch(9_000, &["other"], &["Rash"]),
    ])
}

#[test]
fn a_bystander_loses_its_cases_to_the_culprit_it_goes_with() {
    let found = attributed(&with_a_bystander(), &quick());
    let row = |name: &str| found.cause(name, Group::Substance).unwrap();
    let (culprit, bystander) = (row("culprit"), row("bystander"));
    assert_eq!((culprit.n, culprit.exposed), (30.0, 600.0));
    assert_eq!((bystander.n, bystander.exposed), (15.0, 360.0));
    assert!(culprit.attributed.unwrap() > 24.0, "{culprit:?}");
    assert!(bystander.attributed.unwrap() < 4.0, "{bystander:?}");
    assert!(bystander.attributed_interval.unwrap().0 <= 1.0);
    assert_eq!(bystander.competitors[0].cause, "culprit");
    // What is divided is what there is.
    let total: f64 = found.causes.iter().filter_map(|row| row.attributed).sum();
    assert!((total - 41.0).abs() < 1e-6, "{total}");
    assert_eq!((found.reports, found.cases), (29_671, 41));
    for case in &found.case_shares {
        let sum: f64 = case.shares.iter().map(|share| share.probability).sum();
        assert!((sum - 1.0).abs() < 1e-9);
    }
    assert_eq!(found, attributed(&with_a_bystander(), &quick()), "the same seed, the same numbers");
}

#[test]
fn penalised_regression_sees_the_same_reports() {
    let corpus = Corpus::of_reports(&with_a_bystander());
    let (_, prepared) = prepared(&corpus, Evidence::Verified);
    let fit = Regression::fit(&corpus, &prepared, &quick()).unwrap();
    let culprit = fit.coefficient("culprit", Group::Substance).unwrap();
    // ln of 30 of 600 against 11 of 29,011, shrunk by the penalty.
    assert!((2.0..5.0).contains(&culprit), "{culprit}");
    assert!(fit.coefficient("bystander", Group::Substance).unwrap() < 0.5 * culprit);
}

#[test]
fn causes_on_the_same_event_reports_are_given_together() {
    let found = attributed(
        &reports(&[
            batch(10, &["one", "two"], &[HLH]),
            batch(190, &["one", "two"], &["Rash"]),
            batch(50, &["two"], &["Rash"]),
            batch(5, &["common"], &[HLH]),
            batch(10_000, &["common"], &["Rash"]),
        ]),
        &quick(),
    );
    let own = found.causes.iter().find(|row| row.cause == "two").unwrap();
    assert_eq!((own.n, own.exposed, own.attributed), (10.0, 250.0, None));
    assert_eq!(own.given_with.as_deref(), Some("one + two"));
    let set = found.cause("one", Group::Substance).unwrap();
    assert_eq!((set.cause.as_str(), set.n, set.exposed), ("one + two", 10.0, 250.0));
    assert!(set.attributed.unwrap() > 8.0, "{set:?}");
    assert!(set.competitors.iter().all(|other| other.cause == "background"));
}

#[test]
fn infants_have_a_background_of_their_own() {
    let infant =
        |count, events| Batch { age: AgeBand::Infant, ..batch(count, &["vaccine"], events) };
    let made = reports(&[
        infant(20, &[HLH]),
        infant(1_980, &["Rash"]),
        Batch { age: AgeBand::Infant, ..batch(10, &["formula"], &[HLH]) },
        Batch { age: AgeBand::Infant, ..batch(990, &["formula"], &["Rash"]) },
        batch(10, &["common"], &[HLH]),
        batch(40_000, &["common"], &["Rash"]),
    ]);
    let with_ages = attributed(&made, &quick());
    let without = attributed(&made, &AttributionSettings { factors: Vec::new(), ..quick() });
    let of =
        |found: &Attribution| found.cause("vaccine", Group::Substance).unwrap().attributed.unwrap();
    assert!(of(&without) > 18.0, "{}", of(&without));
    assert!(of(&with_ages) < 0.6 * of(&without), "{} of {}", of(&with_ages), of(&without));
    let infants = with_ages.background.iter().find(|level| level.level == "0 years").unwrap();
    assert!(infants.multiplier > 3.0, "{infants:?}");
}

#[test]
fn a_trigger_competes_unless_it_is_a_mediator() {
    let ebv = "Epstein-Barr virus infection";
    let made = reports(&[
        batch(12, &["azathioprine"], &[HLH, ebv]),
        batch(20, &["azathioprine"], &["Rash", ebv]),
        batch(300, &["azathioprine"], &["Rash"]),
        batch(30, &["common"], &[HLH, ebv]),
        batch(50, &["common"], &["Rash", ebv]),
        batch(5, &["common"], &[HLH]),
        batch(20_000, &["common"], &["Rash"]),
    ]);
    let corpus = Corpus::of_reports(&made);
    let run = |evidence| {
        let (study, prepared) = prepared(&corpus, evidence);
        attribute(&corpus, &study, &prepared, &quick()).unwrap()
    };
    let cases = |found: &Attribution| {
        found.cause("azathioprine", Group::Substance).unwrap().attributed.unwrap()
    };
    let (rival, mediator) = (run(Evidence::Verified), run(Evidence::All));
    let virus = rival.cause("Epstein-Barr virus", Group::Trigger).unwrap();
    assert_eq!((virus.n, virus.exposed), (42.0, 112.0));
    assert!(cases(&rival) < 4.0, "{}", cases(&rival));
    // Left to the substance, the virus stands on the other 30 event reports only.
    assert_eq!(mediator.mediators, 12);
    assert_eq!(mediator.cause("Epstein-Barr virus", Group::Trigger).unwrap().n, 30.0);
    assert!(cases(&mediator) > 10.0, "{}", cases(&mediator));
}

#[test]
fn suspected_duplicates_share_the_weight_of_one_report() {
    let mut made = reports(&[
        batch(12, &["culprit"], &[HLH]),
        batch(300, &["culprit"], &["Rash"]),
        batch(8, &["common"], &[HLH]),
        batch(9_000, &["common"], &["Rash"]),
    ]);
    for report in &mut made[..4] {
        report.fact.duplicate_cluster = Some(7);
    }
    let weighed = attributed(&made, &AttributionSettings { weigh_duplicates: true, ..quick() });
    let row = weighed.cause("culprit", Group::Substance).unwrap();
    assert!((row.n - 9.0).abs() < 1e-9 && (row.exposed - 309.0).abs() < 1e-9, "{row:?}");
    assert_eq!(weighed.case_shares[0].weight, 0.25);
    assert_eq!(weighed.cases, 20);
}

#[test]
fn a_named_pair_can_have_a_contribution_of_its_own() {
    let made = reports(&[
        batch(30, &["one", "two"], &[HLH]),
        batch(270, &["one", "two"], &["Rash"]),
        batch(2_000, &["one"], &["Rash"]),
        batch(2_000, &["two"], &["Rash"]),
        batch(1, &["one"], &[HLH]),
        batch(1, &["two"], &[HLH]),
        batch(8, &["common"], &[HLH]),
        batch(20_000, &["common"], &["Rash"]),
    ]);
    let pairs = vec![("one".to_owned(), "TWO".to_owned())];
    let found = attributed(&made, &AttributionSettings { pairs, ..quick() });
    let pair = found.cause("one with TWO", Group::Interaction).unwrap();
    assert_eq!((pair.n, pair.exposed), (30.0, 300.0));
    assert!(pair.attributed.unwrap() > 20.0, "{pair:?}");
}

#[test]
fn what_cannot_be_attributed_is_said() {
    let corpus = Corpus::of_reports(&reports(&[batch(5, &["common"], &["Rash"])]));
    let (study, prepared) = prepared(&corpus, Evidence::Verified);
    let error = attribute(&corpus, &study, &prepared, &quick()).unwrap_err().to_string();
    assert!(error.contains("event"), "{error}");
    let pairs = vec![("common".to_owned(), "nobody".to_owned())];
    let settings = AttributionSettings { pairs, ..quick() };
    let error = attribute(&corpus, &study, &prepared, &settings).unwrap_err().to_string();
    assert!(error.contains("nobody"), "{error}");
}

#[test]
fn a_combination_is_divided_as_its_reports_are_and_says_what_it_does_not_know() {
    let corpus = Corpus::of_reports(&with_a_bystander());
    let (study, prepared) = prepared(&corpus, Evidence::Verified);
    let ask = |asked: &Combination| {
        combine(&corpus, &study, &prepared, Evidence::Verified, &quick(), asked, &InProcess)
    };
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let asked = Combination {
        substances: names(&["Culprit", "bystander", "nowhere"]),
        triggers: names(&["Broken heart"]),
        age_years: Some(30.0),
        female: Some(true),
        ..Combination::default()
    };
    let answer = ask(&asked).unwrap();
    let share = |name: &str| answer.shares.iter().find(|row| row.cause == name).unwrap().share;
    assert_eq!(answer.shares[0].cause, "culprit");
    assert!(share("culprit") > 0.8 && share("bystander") < 0.15, "{:?}", answer.shares);
    assert!((answer.shares.iter().map(|row| row.share).sum::<f64>() - 1.0).abs() < 1e-9);
    assert_eq!(answer.reported_together, 15);
    let missing: Vec<&str> = answer.not_in_model.iter().map(|row| row.asked.as_str()).collect();
    assert_eq!(missing, ["nowhere", "Broken heart"]);
    // The same reports, asked for as a whole.
    let whole = attribute(&corpus, &study, &prepared, &quick()).unwrap();
    let together = |row: &&iatro_signals::attribution::CaseAttribution| row.shares.len() == 3;
    let seen = whole.case_shares.iter().find(together).unwrap();
    let of_report = seen.shares.iter().find(|row| row.cause == "culprit").unwrap().probability;
    assert!((share("culprit") - of_report).abs() < 0.02, "{} {of_report}", share("culprit"));
    let none = Combination { substances: names(&["nowhere"]), ..Combination::default() };
    assert!(ask(&none).unwrap_err().to_string().contains("nowhere: no report of this source"));
    // Twins: which of the two it was, no report tells.
    let twins = reports(&[
        batch(20, &["one", "two"], &[HLH]),
        batch(300, &["one", "two"], &["Rash"]),
        batch(20_000, &["common"], &["Rash"]),
    ]);
    let corpus = Corpus::of_reports(&twins);
    let (study, prepared) = crate::prepared(&corpus, Evidence::Verified);
    let asked = Combination { substances: names(&["one", "two"]), ..Combination::default() };
    let answer =
        combine(&corpus, &study, &prepared, Evidence::Verified, &quick(), &asked, &InProcess);
    let answer = answer.unwrap();
    assert_eq!(answer.not_told_apart, [["one", "two"]]);
}

/// An engine that counts other reports than those it is asked about, and whose control totals agree with that.
struct OtherReports {
    corpus: Corpus,
    name: Option<&'static str>,
}

impl Engines for OtherReports {
    fn over<'c>(&'c self, _: &'c Corpus) -> Result<Box<dyn Counter + 'c>, CountError> {
        Ok(Box::new(Embedded::new(&self.corpus)))
    }

    fn elsewhere(&self) -> Option<String> {
        self.name.map(str::to_owned)
    }
}

#[test]
fn a_model_that_goes_by_other_numbers_than_the_count_is_refused() {
    let of = |culprit: [usize; 2], common: [usize; 2]| {
        Corpus::of_reports(&reports(&[
            batch(culprit[0], &["culprit"], &[HLH]),
            batch(culprit[1], &["culprit"], &["Rash"]),
            batch(common[0], &["common"], &[HLH]),
            batch(common[1], &["common"], &["Rash"]),
        ]))
    };
    let corpus = of([20, 30], [1, 49]);
    let (study, prepared) = prepared(&corpus, Evidence::Verified);
    let asked = Combination { substances: vec!["culprit".to_owned()], ..Combination::default() };
    let ask = |engines: &dyn Engines| {
        combine(&corpus, &study, &prepared, Evidence::Verified, &quick(), &asked, engines)
    };
    ask(&OtherReports { corpus: of([20, 30], [1, 49]), name: None }).unwrap();
    let others = [
        (
            of([21, 30], [1, 49]),
            "the event stands on 21 of 100 reports for the model, on 22 of 101",
        ),
        (
            of([20, 30], [1, 50]),
            "the event stands on 21 of 100 reports for the model, on 21 of 101",
        ),
        (of([20, 31], [1, 48]), "culprit stands on 20 of 50 reports for the model, on 20 of 51"),
        (of([19, 31], [2, 48]), "culprit stands on 20 of 50 reports for the model, on 19 of 50"),
    ];
    for (corpus, problem) in others {
        let here =
            ask(&OtherReports { corpus: corpus.clone(), name: None }).unwrap_err().to_string();
        assert!(here.contains(problem) && here.contains("defect of iatro"), "{here}");
        let there = OtherReports { corpus, name: Some("Spark at far:1") };
        let there = ask(&there).unwrap_err().to_string();
        assert!(there.contains(problem) && there.contains("Spark at far:1 may see"), "{there}");
    }
}
