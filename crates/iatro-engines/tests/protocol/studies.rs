//! Whole runs of a study, with its bench and attribution, and of every pair.

use iatro_reports::SourceKind;
use iatro_signals::corpus::Corpus;
use iatro_signals::count::InProcess;
use iatro_signals::count::sql::SqlEngines;
use iatro_signals::run::{
    PairQuestion, PairSettings, Question, Settings, pairs_by, pairs_on, run_on,
};
use iatro_signals::study::Study;

use crate::engines::Engine;
use crate::lake;

/// The built-in study with every check, and against a named comparator.
pub(crate) fn a_study_has_the_same_result(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    let study = Study::embedded("hlh").unwrap();
    let corpus = Corpus::load(&snapshot, SourceKind::Faers).unwrap();
    let there = SqlEngines::new(&*engine.session, lake::path(snapshot.folder()));
    let most = most_frequent(&corpus);
    for comparator in [Vec::new(), vec![most]] {
        let settings =
            Settings { source: Some(SourceKind::Faers), comparator, ..Settings::default() };
        let question = || Question::resolve(snapshot.manifest(), &study, &settings).unwrap();
        let here = run_on(&corpus, &snapshot, &study, question(), &InProcess).unwrap();
        assert!(here.cases > 0 && !here.checks.is_empty());
        let run = run_on(&corpus, &snapshot, &study, question(), &there).unwrap();
        assert_eq!(serde_json::to_string(&run).unwrap(), serde_json::to_string(&here).unwrap());
    }
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
