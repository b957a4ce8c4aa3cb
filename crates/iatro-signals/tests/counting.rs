//! Counting on small line lists: the cells one can see by eye, comparators, roles, and what a run
//! refuses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;

use iatro_reports::ingest::{Input, Options, Progress, ingest};
use iatro_reports::lake::Snapshot;
use iatro_signals::count::InProcess;
use iatro_signals::explain::explain;
use iatro_signals::run::{Question, RunError, Settings, SignalRun, run};
use iatro_signals::study::Study;

struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: &str, _: usize, _: usize) {}
}

/// A lake of one line list: rows `report,drug,event,role`.
fn lake(folder: &Path, rows: &[&str]) -> Snapshot {
    let file = folder.join("list.csv");
    std::fs::write(&file, format!("report_id,drug,event,role\n{}\n", rows.join("\n"))).unwrap();
    let options = Options { lake: folder.join("lake"), replace: false, rxnorm: None };
    ingest(&Input::Csv(vec![file]), &options, &mut Quiet).unwrap().snapshot
}

fn settings(terms: &[&str]) -> Settings {
    Settings { terms: terms.iter().map(|&t| t.to_owned()).collect(), ..Settings::default() }
}

fn cells(run: &SignalRun, substance: &str) -> [u64; 4] {
    let s = run.signal(substance).unwrap();
    [s.estimates.a, s.estimates.b, s.estimates.c, s.estimates.d]
}

/// Six reports; X is suspect in 1, 2, 4, Y in 1, 3, concomitant in 5; Rash in 1, 2, 3.
const ROWS: [&str; 8] = [
    "1,X,Rash,PS",
    "1,Y,Fever,SS",
    "2,X,RASH,PS",
    "2,x,Rash,SS",
    "3,Y,Rash,PS",
    "4,X,Fever,PS",
    "5,Z,Fever,PS",
    "5,Y,,C",
];

#[test]
fn a_report_counts_once_however_often_it_names_a_drug_or_term() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake(folder.path(), &ROWS);
    let study = Study::embedded("hlh").unwrap();
    let run = run(&snapshot, &study, &settings(&["rash"])).unwrap();
    assert_eq!((run.reports, run.cases), (5, 3));
    assert_eq!(cells(&run, "X"), [2, 1, 1, 1]);
    assert_eq!(cells(&run, "Y"), [2, 0, 1, 2]);
    assert_eq!(cells(&run, "Z"), [0, 1, 3, 1]);
}

#[test]
fn roles_and_comparators_change_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake(folder.path(), &ROWS);
    let study = Study::embedded("hlh").unwrap();
    let with_concomitant = Settings {
        roles: ["PS", "SS", "I", "C"].map(str::to_owned).to_vec(),
        ..settings(&["rash"])
    };
    assert_eq!(cells(&run(&snapshot, &study, &with_concomitant).unwrap(), "Y"), [2, 1, 1, 1]);
    // Against Y alone: X in 1, 2, 4; Y without X in 3.
    let against_y = Settings { comparator: vec!["y".to_owned()], ..settings(&["rash"]) };
    assert_eq!(cells(&run(&snapshot, &study, &against_y).unwrap(), "X"), [2, 1, 1, 0]);
}

#[test]
fn an_undefined_estimate_is_absent_not_zero() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake(folder.path(), &ROWS);
    let run = run(&snapshot, &Study::embedded("hlh").unwrap(), &settings(&["rash"])).unwrap();
    let y = run.signal("Y").unwrap();
    assert_eq!((y.estimates.ror, y.estimates.ror_lo, y.estimates.ror_hi), (None, None, None));
    assert_eq!(y.rules.ror_lower_gt_1, "not assessable");
    assert!(y.estimates.ic.is_some());
}

#[test]
fn the_same_question_has_the_same_id_and_another_has_another() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake(folder.path(), &ROWS);
    let study = Study::embedded("hlh").unwrap();
    let id = |terms: &[&str]| run(&snapshot, &study, &settings(terms)).unwrap().run_id;
    assert_eq!(id(&["rash"]), id(&["rash"]));
    assert_ne!(id(&["rash"]), id(&["fever"]));
}

#[test]
fn what_cannot_be_answered_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake(folder.path(), &ROWS);
    let study = Study::embedded("hlh").unwrap();
    let refused = |settings: Settings, words: &str| {
        let error = run(&snapshot, &study, &settings).unwrap_err();
        assert!(matches!(error, RunError::Question { .. }), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    };
    let other = settings(&["rash"]);
    refused(Settings { event: Some("narow".into()), ..Settings::default() }, "broad, narrow");
    refused(Settings { roles: vec!["DN".into()], ..other.clone() }, "not a role");
    refused(
        Settings { comparator: vec!["Q".into()], ..other.clone() },
        "no report of this source names",
    );
    refused(Settings { source: Some(iatro_reports::SourceKind::Faers), ..other }, "It has: csv");
}

#[test]
fn the_waterfall_ends_at_the_cases_and_lists_them() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake(folder.path(), &ROWS);
    let study = Study::embedded("hlh").unwrap();
    let question = Question::resolve(snapshot.manifest(), &study, &settings(&["rash"])).unwrap();
    let explained = explain(&snapshot, &study, question.clone(), "x", &InProcess).unwrap();
    let left: Vec<u64> = explained.waterfall.steps.iter().map(|step| step.left).collect();
    assert_eq!(left.last(), Some(&2));
    assert!(left.is_sorted_by(|a, b| a >= b), "{left:?}");
    for pair in explained.waterfall.steps.windows(2) {
        assert_eq!(pair[0].left, pair[1].left + pair[1].removed);
    }
    let ids: Vec<&str> = explained.cases.iter().map(|case| case.native_id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(explained.cases[0].event_terms, ["Rash"]);
    assert_eq!(explained.cases[0].drugs.len(), 2);
    assert!(explain(&snapshot, &study, question, "nothing", &InProcess).is_err());
}

#[test]
fn a_comparator_is_of_the_source_that_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let quarter = folder.path().join("quarter");
    std::fs::create_dir(&quarter).unwrap();
    let tables = [
        (
            "DEMO22Q4.txt",
            "primaryid$caseid$caseversion$fda_dt\n11$1$1$20221001\n21$2$1$20221001\n31$3$1$20221001\n41$4$1$20221001\n",
        ),
        (
            "DRUG22Q4.txt",
            "primaryid$caseid$drug_seq$role_cod$drugname$prod_ai\n11$1$1$PS$L$LAMOTRIGINE\n21$2$1$PS$L$LAMOTRIGINE\n31$3$1$PS$A$AZITHROMYCIN\n41$4$1$PS$A$AZITHROMYCIN\n41$4$2$C$Z$ZINC\n",
        ),
        ("REAC22Q4.txt", "primaryid$caseid$pt\n11$1$Rash\n21$2$Fever\n31$3$Rash\n41$4$Fever\n"),
    ];
    for (name, text) in tables {
        std::fs::write(quarter.join(name), text).unwrap();
    }
    let list = folder.path().join("list.csv");
    std::fs::write(&list, "report_id,drug,event\n1,Azithromycin,Rash\n").unwrap();
    let options = Options { lake: folder.path().join("lake"), replace: false, rxnorm: None };
    ingest(&Input::Faers(vec![quarter]), &options, &mut Quiet).unwrap();
    let snapshot = ingest(&Input::Csv(vec![list]), &options, &mut Quiet).unwrap().snapshot;
    let study = Study::embedded("hlh").unwrap();
    let against = |comparator: &str| {
        let settings = Settings {
            source: Some(iatro_reports::SourceKind::Faers),
            comparator: vec![comparator.to_owned()],
            ..settings(&["rash"])
        };
        run(&snapshot, &study, &settings)
    };
    assert_eq!(cells(&against("azithromycin").unwrap(), "lamotrigine"), [1, 1, 1, 1]);
    // Zinc is concomitant only: in the suspect roles no report has it, and that is said.
    assert!(against("zinc").unwrap_err().to_string().contains("no report of this source names"));
    assert!(against("Azithromycin").is_ok());
}

#[test]
fn an_unknown_check_stratum_or_restriction_is_refused_with_the_known_names() {
    let text = Study::embedded("hlh").unwrap().canonical_text().to_owned();
    for (from, to, known) in [
        ("\"as_reported\", ", "\"as_reportd\", ", "as_reported, hlh_as_indication"),
        ("\"age_group\", ", "\"age\", ", "age_group, sex, year, period, region"),
        (
            "restrictions = []",
            "restrictions = [{ id = \"moon\", action = \"only\" }]",
            "hlh_as_indication, malignancy",
        ),
    ] {
        assert!(text.contains(from), "{from}");
        let error = Study::from_toml(&text.replace(from, to), "own.toml").unwrap_err().to_string();
        assert!(error.contains(known), "{error}");
    }
}

#[test]
fn therapies_are_the_studys_own() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake(folder.path(), &["1,etoposide,Rash,PS", "2,methotrexate,Fever,PS"]);
    let study = Study::embedded("hlh").unwrap();
    let run = run(&snapshot, &study, &settings(&["rash"])).unwrap();
    assert!(run.signal("etoposide").unwrap().therapy);
    assert!(!run.signal("methotrexate").unwrap().therapy, "unverified therapies are off");
}
