//! The bias bench against a slow recount that shares no code with the engine: loops over the reports as they
//! were written, with names instead of ids.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::SourceKind;
use iatro_reports::model::codes::Role;
use iatro_reports::model::date::PartialDate;
use iatro_signals::bench::{BenchRun, CHECKS, CheckRow, CheckRun, Outcome, Reason, bench_on};
use iatro_signals::corpus::Corpus;
use iatro_signals::corpus::facts::{AgeBand, Fact, Reporter, Sex};
use iatro_signals::corpus::memory::{MemoryDrug, MemoryReport};
use iatro_signals::count::InProcess;
use iatro_signals::run::{Question, Settings};
use iatro_signals::study::Study;

const HLH: &str = "Haemophagocytic lymphohistiocytosis";
const BROAD: &str = "Macrophage activation";
const ALERT: i32 = 17_646; // 2018-04-25

/// A small generator of its own, so that the corpora never change.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % n).unwrap()
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < usize::try_from(percent).unwrap()
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64)].clone()
    }
}

const SUBSTANCES: [&str; 9] = [
    "lamotrigine",
    "etoposide",
    "anakinra",
    "azithromycin",
    "sulfamethoxazole",
    "trimethoprim",
    "ibuprofen",
    "giant",
    "clobazam",
];
const INDICATIONS: [&str; 7] = [
    "Epilepsy",
    "Acute myeloid leukaemia",
    "Epstein-Barr virus infection",
    "Still's disease",
    "Renal transplant",
    "Product used for unknown indication",
    HLH,
];

fn drug(draw: &mut Draw, name: &str) -> MemoryDrug {
    let roles =
        [Role::PrimarySuspect, Role::SecondarySuspect, Role::Interacting, Role::Concomitant];
    let start =
        draw.chance(30).then(|| PartialDate::new(2020, 1, 1 + draw.below(28) as u8).unwrap());
    let count = draw.below(3);
    MemoryDrug {
        substances: vec![name.to_owned()],
        role: draw.chance(95).then(|| draw.one(&roles)),
        start,
        indications: (0..count).map(|_| draw.one(&INDICATIONS).to_owned()).collect(),
    }
}

fn corpus(seed: u64, count: usize) -> Vec<MemoryReport> {
    let mut draw = Draw(seed * 7_919 + 1);
    let report = |_| {
        let named = if draw.chance(40) {
            vec!["giant"]
        } else {
            (0..1 + draw.below(3)).map(|_| draw.one(&SUBSTANCES)).collect::<Vec<_>>()
        };
        let strong = named.contains(&"lamotrigine") || named.contains(&"trimethoprim");
        let mut events = Vec::new();
        for (term, percent) in [
            (HLH, if strong { 40 } else { 6 }),
            (BROAD, 3),
            ("Rash", 60),
            ("Epstein-Barr virus infection", 5),
        ] {
            if draw.chance(percent) {
                events.push(term.to_owned());
            }
        }
        let fact = Fact {
            age: draw.one(&AgeBand::ALL),
            sex: draw.one(&Sex::ALL),
            received: draw.chance(95).then(|| 17_300 + i32::try_from(draw.below(700)).unwrap()),
            event_date: draw
                .chance(60)
                .then(|| PartialDate::new(2020, 1, 1 + draw.below(28) as u8).unwrap()),
            country: draw.chance(90).then(|| draw.one(&["US", "JP", "FR", "DE"]).into()),
            reporter: draw.one(&[
                Reporter::HealthProfessional,
                Reporter::HealthProfessional,
                Reporter::Other,
                Reporter::Unknown,
            ]),
            outcomes: draw.one(&[0, 1, 4, 64, 128]),
            duplicate_cluster: draw.chance(20).then(|| draw.below(40) as u64),
        };
        let drugs = named.iter().map(|name| drug(&mut draw, name)).collect();
        MemoryReport { fact, drugs, events }
    };
    (0..count).map(report).collect()
}

fn run(reports: &[MemoryReport], settings: &Settings) -> BenchRun {
    let study = Study::embedded("hlh").unwrap();
    let question = Question::of_source(SourceKind::Csv, &study, settings).unwrap();
    bench_on(&Corpus::of_reports(reports), None, &study, &question, &InProcess).unwrap()
}

fn check<'r>(run: &'r BenchRun, id: &str) -> &'r CheckRun {
    run.checks.iter().find(|check| check.id == id).unwrap()
}

fn cells(row: &CheckRow) -> Option<[u64; 4]> {
    row.estimates.map(|e| [e.a, e.b, e.c, e.d])
}

// ---- the slow recount -----------------------------------------------------------------------------------

fn is_case(report: &MemoryReport, terms: &[&str]) -> bool {
    report.events.iter().any(|event| terms.contains(&event.as_str()))
}

fn suspect(drug: &MemoryDrug) -> bool {
    matches!(drug.role, Some(Role::PrimarySuspect | Role::SecondarySuspect | Role::Interacting))
}

/// The substances that are exposures: suspect, and not on every row given for the event or begun after it.
fn exposures(report: &MemoryReport, terms: &[&str], set_aside: bool) -> BTreeSet<String> {
    let goes = |drug: &MemoryDrug| {
        let for_event = drug.indications.iter().any(|i| terms.contains(&i.as_str()));
        let therapy = ["etoposide", "anakinra"].contains(&drug.substances[0].as_str());
        let late = drug
            .start
            .zip(report.fact.event_date)
            .is_some_and(|(start, onset)| start.first_day() >= onset.first_day());
        for_event || (therapy && late && is_case(report, terms))
    };
    let suspects: Vec<&MemoryDrug> = report.drugs.iter().filter(|drug| suspect(drug)).collect();
    let keeps = |name: &String| {
        suspects.iter().any(|drug| drug.substances[0] == *name && !(set_aside && goes(drug)))
    };
    suspects.iter().map(|drug| drug.substances[0].clone()).filter(keeps).collect()
}

type Exposed = Vec<(BTreeSet<String>, bool)>;

/// a, b, c, d of a substance over eligible reports.
fn slow(reports: &Exposed, name: &str) -> [u64; 4] {
    let mut cells = [0; 4];
    for (exposed, case) in reports {
        let at = if exposed.contains(name) { 0 } else { 2 } + usize::from(!case);
        cells[at] += 1;
    }
    cells
}

fn eligible(
    reports: &[MemoryReport],
    terms: &[&str],
    keep: impl Fn(usize, &MemoryReport) -> bool,
    exposed: impl Fn(&MemoryReport) -> BTreeSet<String>,
) -> Exposed {
    let kept = reports.iter().enumerate().filter(|(at, r)| !r.events.is_empty() && keep(*at, r));
    let with = kept.map(|(_, report)| (exposed(report), is_case(report, terms)));
    with.filter(|(exposed, _)| !exposed.is_empty()).collect()
}

const NARROW: [&str; 1] = [HLH];

fn primary_exposures(report: &MemoryReport) -> BTreeSet<String> {
    exposures(report, &NARROW, true)
}

fn names_any(report: &MemoryReport, terms: &[&str]) -> bool {
    let indications = report.drugs.iter().flat_map(|drug| &drug.indications);
    report.events.iter().chain(indications).any(|term| terms.contains(&term.as_str()))
}

fn first_of_cluster(reports: &[MemoryReport], at: usize) -> bool {
    first_of_cluster_where(reports, at, |_| true)
}

/// Whether no report before it that counts is of the same cluster.
fn first_of_cluster_where(
    reports: &[MemoryReport],
    at: usize,
    counts: impl Fn(&MemoryReport) -> bool,
) -> bool {
    let cluster = reports[at].fact.duplicate_cluster;
    let same = |before: &&MemoryReport| before.fact.duplicate_cluster == cluster;
    cluster.is_none() || !reports[..at].iter().filter(same).any(counts)
}

/// Whether a report names an event and an exposure.
fn is_eligible(report: &MemoryReport) -> bool {
    !report.events.is_empty() && !primary_exposures(report).is_empty()
}

/// The reports of every check that is a mask over reports or exposures.
fn masked(reports: &[MemoryReport], id: &str) -> Option<Exposed> {
    let keep = |keep: &dyn Fn(usize, &MemoryReport) -> bool| {
        Some(eligible(reports, &NARROW, keep, primary_exposures))
    };
    let without = |term: &'static str| keep(&move |_, r| !names_any(r, &[term]));
    match id {
        "as_reported" => {
            Some(eligible(reports, &NARROW, |_, _| true, |r| exposures(r, &NARROW, false)))
        }
        "hlh_as_indication" => keep(&|_, r| {
            !r.drugs.iter().any(|drug| drug.indications.iter().any(|term| term == HLH))
        }),
        "protopathic_therapy" => Some(eligible(
            reports,
            &NARROW,
            |_, _| true,
            |r| {
                let mut exposed = primary_exposures(r);
                exposed.retain(|name| name != "etoposide" && name != "anakinra");
                exposed
            },
        )),
        "without_malignancy" => without("Acute myeloid leukaemia"),
        "without_infection" => without("Epstein-Barr virus infection"),
        "without_rheumatic_disease" => without("Still's disease"),
        "without_transplantation" => without("Renal transplant"),
        "suspect_only" => Some(eligible(
            reports,
            &NARROW,
            |_, _| true,
            |r| {
                let primary = r.drugs.iter().filter(|d| d.role == Some(Role::PrimarySuspect));
                let primary: BTreeSet<String> = primary.map(|d| d.substances[0].clone()).collect();
                primary_exposures(r).intersection(&primary).cloned().collect()
            },
        )),
        "without_duplicates" => keep(&|at, _| first_of_cluster_where(reports, at, is_eligible)),
        "health_professionals" => keep(&|_, r| r.fact.reporter == Reporter::HealthProfessional),
        "serious_only" => keep(&|_, r| [1, 4, 64].contains(&r.fact.outcomes)),
        "broad_terms" => {
            let terms = [HLH, BROAD];
            Some(eligible(reports, &terms, |_, _| true, |r| exposures(r, &terms, true)))
        }
        _ => None,
    }
}

#[test]
fn every_mask_counts_what_a_loop_over_the_reports_counts() {
    let mut compared = BTreeMap::new();
    for seed in 1..=6 {
        let reports = corpus(seed, 700);
        let run = run(&reports, &Settings::default());
        let ids: Vec<&str> = run.checks.iter().map(|check| check.id).collect();
        let all: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        assert_eq!(ids, all);
        for check in &run.checks {
            let Some(kept) = masked(&reports, check.id) else { continue };
            assert_eq!(check.reports, Some(kept.len() as u64), "{}", check.id);
            assert_eq!(check.cases, Some(kept.iter().filter(|r| r.1).count() as u64));
            assert!(check.rows.len() >= 8);
            for row in &check.rows {
                assert_eq!(cells(row), Some(slow(&kept, &row.substance)), "{} {row:?}", check.id);
                *compared.entry(check.id).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(compared.len(), 12, "{compared:?}");
}

#[test]
fn strata_are_those_of_a_loop_and_the_ratio_is_that_of_the_textbook() {
    let reports = corpus(11, 1_500);
    let run = run(&reports, &Settings::default());
    let mut strata: BTreeMap<_, Exposed> = BTreeMap::new();
    for report in &reports {
        let exposed = primary_exposures(report);
        if exposed.is_empty() || report.events.is_empty() {
            continue;
        }
        let fact = &report.fact;
        let region = match fact.country.as_deref() {
            Some("FR" | "DE") => Some("Europe"),
            other => other,
        };
        let key = (fact.age, fact.sex, fact.year(), region);
        strata.entry(key).or_default().push((exposed, is_case(report, &NARROW)));
    }
    assert!(strata.len() > 100);
    for row in &check(&run, "strata").rows {
        let (mut r, mut s, mut expected) = (0.0, 0.0, 0.0);
        for reports in strata.values() {
            let [a, b, c, d] = slow(reports, &row.substance).map(|count| count as f64);
            let n = a + b + c + d;
            r += a * d / n;
            s += b * c / n;
            expected += (a + b) * (a + c) / n;
        }
        let estimates = row.estimates.unwrap();
        assert!((estimates.ror.unwrap() - r / s).abs() < 1e-9, "{row:?} {}", r / s);
        assert!((estimates.expected.unwrap() - expected).abs() < 1e-9);
    }
}

#[test]
fn a_country_left_out_is_a_count_without_its_reports() {
    let reports = corpus(21, 900);
    let run = run(&reports, &Settings::default());
    let mut left_out = BTreeSet::new();
    for row in &check(&run, "leave_one_country_out").rows {
        let country = row.detail.as_deref().unwrap().strip_prefix("without ").unwrap();
        let of = |country: &str| {
            let keep = |_, r: &MemoryReport| r.fact.country.as_deref() != Some(country);
            slow(&eligible(&reports, &NARROW, keep, primary_exposures), &row.substance)
        };
        assert_eq!(cells(row), Some(of(country)), "{row:?}");
        left_out.insert(country.to_owned());
        // The weakest is shown: no other country leaves a lower limit.
        let ic025 = |cells: [u64; 4]| {
            let [a, b, c, d] = cells;
            let table = iatro_stats::Table2x2::new(a, b, c, d).unwrap();
            iatro_stats::disproportionality::ic(&table).unwrap().lower
        };
        if row.outcome == Outcome::Holds {
            let lowest = ["US", "JP", "FR", "DE"].map(|c| ic025(of(c))).into_iter();
            assert_eq!(Some(lowest.fold(f64::INFINITY, f64::min)), row.estimates.unwrap().ic025);
        }
    }
    assert!(left_out.len() > 1);
}

fn names_lamotrigine(report: &MemoryReport) -> bool {
    report.drugs.iter().any(|drug| drug.substances[0] == "lamotrigine")
}

fn lamotrigine_by_country(reports: &[MemoryReport]) -> CheckRow {
    let run = run(reports, &Settings::default());
    let rows = &check(&run, "leave_one_country_out").rows;
    rows.iter().find(|row| row.substance == "lamotrigine").unwrap().clone()
}

#[test]
fn a_signal_of_one_country_is_not_said_to_hold_without_it() {
    let mut reports = corpus(21, 900);
    for report in reports.iter_mut().filter(|report| names_lamotrigine(report)) {
        report.fact.country = Some("JP".into());
    }
    let row = lamotrigine_by_country(&reports);
    assert_eq!(row.outcome, Outcome::NotAssessable(Reason::TooFewCases));
    assert_eq!(row.detail.as_deref(), Some("without JP"));
}

#[test]
fn a_country_that_fills_the_background_without_a_case_is_left_out_too() {
    let mut reports = corpus(21, 900);
    let mut others = 0;
    for report in &mut reports {
        // Twenty of the other reports too, so that something is left to compare with.
        let counts = names_lamotrigine(report) || is_case(report, &NARROW);
        others += usize::from(!counts);
        let country = if counts || others <= 20 { "JP" } else { "US" };
        report.fact.country = Some(country.to_owned().into());
    }
    let row = lamotrigine_by_country(&reports);
    assert_eq!((row.outcome, row.detail.as_deref()), (Outcome::Ends, Some("without US")));
    let keep = |_, r: &MemoryReport| r.fact.country.as_deref() != Some("US");
    let kept = eligible(&reports, &NARROW, keep, primary_exposures);
    assert_eq!(cells(&row), Some(slow(&kept, "lamotrigine")));
}

#[test]
fn the_active_comparator_is_what_is_given_for_the_same_indication() {
    let reports = corpus(31, 900);
    let run = run(&reports, &Settings::default());
    let given_for = |report: &MemoryReport, term: &str| -> BTreeSet<String> {
        let exposed = primary_exposures(report);
        let drugs = report.drugs.iter().filter(|d| suspect(d));
        let drugs = drugs.filter(|d| d.indications.iter().any(|i| i == term));
        drugs.map(|d| d.substances[0].clone()).filter(|name| exposed.contains(name)).collect()
    };
    let terms = &INDICATIONS[..5];
    for row in &check(&run, "active_comparator").rows {
        let count = |term: &str| {
            reports.iter().filter(|r| given_for(r, term).contains(&row.substance)).count()
        };
        let mut ranked: Vec<&str> = terms.to_vec();
        ranked.sort_by_key(|term| (std::cmp::Reverse(count(term)), term.to_lowercase()));
        assert_eq!(row.detail, Some(format!("given for {}", ranked[0])));
        let kept = eligible(&reports, &NARROW, |_, _| true, |r| given_for(r, ranked[0]));
        assert_eq!(cells(row), Some(slow(&kept, &row.substance)), "{row:?}");
    }
}

#[test]
fn a_giant_leaves_the_background_and_nothing_else() {
    let reports = corpus(41, 900);
    let run = run(&reports, &Settings::default());
    let primary = eligible(&reports, &NARROW, |_, _| true, primary_exposures);
    let mut seen = 0;
    for row in &check(&run, "masking").rows {
        let Some(cells) = cells(row) else { continue };
        let giant = row.detail.as_deref().unwrap().strip_prefix("background without ").unwrap();
        let kept = primary
            .iter()
            .filter(|(exposed, _)| exposed.contains(&row.substance) || !exposed.contains(giant));
        assert_eq!(cells, slow(&kept.cloned().collect(), &row.substance), "{row:?}");
        seen += 1;
    }
    assert!(seen >= 8);
    // "giant" fills the background without the event, so it is one of the two.
    let own = check(&run, "masking").rows.iter().find(|row| row.substance == "giant");
    assert!(own.is_some());
}

#[test]
fn an_alert_divides_the_reports_by_the_day_of_receipt() {
    let reports = corpus(51, 900);
    let run = run(&reports, &Settings::default());
    for (id, after) in [("notoriety_before", false), ("notoriety_after", true)] {
        for row in &check(&run, id).rows {
            if row.substance != "lamotrigine" {
                assert_eq!(row.outcome, Outcome::NotAssessable(Reason::NotApplicable));
                continue;
            }
            let keep = |_, r: &MemoryReport| r.fact.received.is_some_and(|d| (d >= ALERT) == after);
            let kept = eligible(&reports, &NARROW, keep, primary_exposures);
            assert_eq!(cells(row), Some(slow(&kept, "lamotrigine")));
            assert!(row.detail.as_deref().unwrap().ends_with("2018-04-25"));
        }
    }
}

#[test]
fn a_contrast_counts_reports_with_all_substances_of_a_side() {
    let reports = corpus(61, 1_200);
    let run = run(&reports, &Settings::default());
    let result = &run.contrasts[1];
    let published = result.published.as_ref().unwrap();
    assert_eq!([published.ror, published.ror_lo, published.ror_hi], [13.89, 5.88, 32.82]);
    let primary = eligible(&reports, &NARROW, |_, _| true, primary_exposures);
    let mut expected = [0; 4];
    for (exposed, case) in &primary {
        let both = exposed.contains("sulfamethoxazole") && exposed.contains("trimethoprim");
        if both || exposed.contains("azithromycin") {
            expected[if both { 0 } else { 2 } + usize::from(!case)] += 1;
        }
    }
    let e = result.estimates.unwrap();
    assert_eq!([e.a, e.b, e.c, e.d], expected);
    assert!(expected[0] > 0 && expected[2] > 0);
    // Nobody names clavulanic acid, so the other side of the first one is empty.
    assert_eq!(run.contrasts[0].estimates, None);
}

#[test]
fn what_the_reports_do_not_tell_is_not_assessable() {
    let mut reports = corpus(71, 600);
    for report in &mut reports {
        report.fact.reporter = Reporter::Unknown;
        report.fact.outcomes = 0;
        report.fact.country = None;
        for drug in &mut report.drugs {
            drug.role = Some(Role::PrimarySuspect);
            drug.indications.clear();
        }
    }
    let run = run(&reports, &Settings::default());
    for id in [
        "hlh_as_indication",
        "health_professionals",
        "serious_only",
        "leave_one_country_out",
        "suspect_only",
        "active_comparator",
    ] {
        let check = check(&run, id);
        let (reason, text) = check.not_assessable.as_ref().unwrap();
        assert_eq!(*reason, Reason::InformationMissing, "{id}: {text}");
        assert!(check.rows.iter().all(|row| row.estimates.is_none()));
    }
    for id in ["narrow_terms", "other_database"] {
        let (reason, _) = check(&run, id).not_assessable.as_ref().unwrap();
        assert_eq!(*reason, Reason::NotApplicable);
    }
}

#[test]
fn restrictions_leave_out_what_they_name_and_the_same_corpus_gives_the_same_bytes() {
    let reports = corpus(81, 700);
    let text = Study::embedded("hlh").unwrap().canonical_text().to_owned();
    let restricted = "restrictions = [{ id = \"serious\", action = \"only\" }, { id = \"duplicates\", \
                      action = \"exclude\" }]";
    let study = Study::from_toml(&text.replace("restrictions = []", restricted), "own").unwrap();
    let question = Question::of_source(SourceKind::Csv, &study, &Settings::default()).unwrap();
    let corpus = Corpus::of_reports(&reports);
    let one = bench_on(&corpus, None, &study, &question, &InProcess).unwrap();
    let keep = |at: usize, r: &MemoryReport| {
        [1, 4, 64].contains(&r.fact.outcomes) && first_of_cluster(&reports, at)
    };
    let kept = eligible(&reports, &NARROW, keep, primary_exposures);
    for row in &check(&one, "without_duplicates").rows {
        assert_eq!(cells(row), Some(slow(&kept, &row.substance)));
    }
    let other = bench_on(&corpus, None, &study, &question, &InProcess).unwrap();
    let json = |run: &BenchRun| serde_json::to_string(run).unwrap();
    assert_eq!(json(&one), json(&other));
}
