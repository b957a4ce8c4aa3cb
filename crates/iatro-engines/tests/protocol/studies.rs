//! Whole runs of a study, with its bench and attribution, and of every pair.

use iatro_reports::SourceKind;
use iatro_signals::attribution::{self, AttributionSettings};
use iatro_signals::corpus::Corpus;
use iatro_signals::count::sql::SqlEngines;
use iatro_signals::count::{Engines, InProcess};
use iatro_signals::explain::explain;
use iatro_signals::run::{
    PairQuestion, PairSettings, Question, Settings, pairs_by, pairs_on, run_on,
};
use iatro_signals::study::{Evidence, Study};

use crate::engines::Engine;
use crate::lake;

/// The built-in study with every check, as it stands and against a named comparator.
pub(crate) fn a_study_has_the_same_result(engine: &Engine) {
    same_runs(engine, |corpus, study| {
        let against = Settings { comparator: vec![most_frequent(corpus)], ..of_faers() };
        vec![(study.clone(), of_faers()), (study, against)]
    });
}

/// With the wider event, every role and what is not verified; and of terms of the caller's.
pub(crate) fn a_study_that_is_asked_otherwise_has_the_same_result(engine: &Engine) {
    same_runs(engine, |corpus, study| {
        let event = Some("broad".to_owned());
        let roles = ["PS", "SS", "I", "C"].map(str::to_owned).to_vec();
        let wider = Settings { event, roles, evidence: Evidence::All, ..of_faers() };
        let terms = vec![corpus.terms()[0].name.clone()];
        vec![(study.clone(), wider), (study, Settings { terms, ..of_faers() })]
    });
}

/// On serious reports without suspected duplicates.
pub(crate) fn a_study_that_restricts_has_the_same_result(engine: &Engine) {
    same_runs(engine, |_, study| {
        let restrictions = "restrictions = [{ id = \"serious\", action = \"only\" }, \
                            { id = \"duplicates\", action = \"exclude\" }]";
        let text = study.canonical_text();
        assert!(text.contains("restrictions = []"));
        let text = text.replace("restrictions = []", restrictions);
        vec![(Study::from_toml(&text, "restricted").unwrap(), of_faers())]
    });
}

/// One event report explained and all of them divided: what is counted for that is counted there.
pub(crate) fn what_is_made_of_a_study_is_the_same(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    let there = SqlEngines::new(&*engine.session, lake::path(snapshot.folder()));
    let study = Study::embedded("hlh").unwrap();
    let corpus = Corpus::load(&snapshot, SourceKind::Faers).unwrap();
    let name = most_frequent(&corpus);
    let explained = |engines: &dyn Engines| {
        let question = Question::resolve(snapshot.manifest(), &study, &of_faers()).unwrap();
        let explained = explain(&snapshot, &study, question, &name, engines).unwrap();
        serde_json::to_string(&explained).unwrap()
    };
    assert_eq!(explained(&there), explained(&InProcess));
    let chosen = AttributionSettings { sweeps: 100, ..AttributionSettings::default() };
    let divided = |engines: &dyn Engines| {
        let run = attribution::run(&snapshot, &study, &of_faers(), &chosen, true, engines);
        format!("{:?}", run.unwrap())
    };
    assert_eq!(divided(&there), divided(&InProcess));
}

/// Runs what is made of the built-in study, here and there.
fn same_runs(engine: &Engine, asked: impl Fn(&Corpus, Study) -> Vec<(Study, Settings)>) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    let corpus = Corpus::load(&snapshot, SourceKind::Faers).unwrap();
    let there = SqlEngines::new(&*engine.session, lake::path(snapshot.folder()));
    for (study, settings) in asked(&corpus, Study::embedded("hlh").unwrap()) {
        let run = |engines: &dyn Engines| {
            let question = Question::resolve(snapshot.manifest(), &study, &settings).unwrap();
            run_on(&corpus, &snapshot, &study, question, engines).unwrap()
        };
        let (here, there) = (run(&InProcess), run(&there));
        assert!(here.cases > 0 && !here.checks.is_empty(), "{settings:?}");
        assert_eq!(serde_json::to_string(&there).unwrap(), serde_json::to_string(&here).unwrap());
    }
}

fn of_faers() -> Settings {
    Settings { source: Some(SourceKind::Faers), ..Settings::default() }
}

fn most_frequent(corpus: &Corpus) -> String {
    let mut reports = vec![0; corpus.substances().len()];
    for place in 0..corpus.reports() {
        corpus.exposures(place).for_each(|exposure| reports[exposure.substance as usize] += 1);
    }
    let most = (0..reports.len()).max_by_key(|id| reports[*id]).unwrap();
    corpus.substances()[most].name.clone()
}

pub(crate) fn every_pair_has_the_same_result(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    let there = SqlEngines::new(&*engine.session, lake::path(snapshot.folder()));
    for source in [SourceKind::Faers, SourceKind::Csv] {
        let settings = PairSettings { source: Some(source), roles: Vec::new() };
        let question = || PairQuestion::resolve(snapshot.manifest(), &settings).unwrap();
        let corpus = Corpus::load(&snapshot, source).unwrap();
        let here = pairs_on(&corpus, &snapshot, question(), &InProcess).unwrap();
        let sql = there.of_source(&snapshot, source).unwrap();
        let run = pairs_by(&sql, &snapshot, question()).unwrap();
        assert!(here.pairs.len() > 3);
        assert_eq!((run.reports, run.occurrences), (here.reports, here.occurrences));
        assert_eq!((&run.run_id, &run.pairs), (&here.run_id, &here.pairs));
        assert_eq!((&run.substances, &run.terms), (&here.substances, &here.terms));
        for place in 0..run.pairs.len() {
            let signals = (run.signal(place).unwrap(), here.signal(place).unwrap());
            assert_eq!(signals.0, signals.1);
        }
    }
}
