//! Plans: one event against every substance.

use iatro_reports::SourceKind;
use iatro_signals::corpus::Corpus;
use iatro_signals::count::sql::SqlEngine;
use iatro_signals::count::{Embedded, Engine as _, Plan, Selection, counted};

use crate::engines::Engine;
use crate::{draw, lake};

pub(crate) fn a_random_plan_has_the_same_cells_and_control_totals(engine: &Engine) {
    draw::check(engine.corpora, &(draw::corpus(), draw::plan()), |(corpus, plan)| {
        let folder = tempfile::tempdir().unwrap();
        lake::write(&corpus, folder.path());
        let sql = SqlEngine::over(&*engine.session, lake::path(folder.path()), &corpus).unwrap();
        // Pieces smaller than a set, so that it travels in several.
        let sql = sql.with_piece(4);
        let here = Embedded::new(&corpus);
        assert_eq!(counted(&sql, &plan).unwrap(), counted(&here, &plan).unwrap());
        assert_eq!(sql.control_totals(&plan).unwrap(), here.control_totals(&plan).unwrap());
    });
}

pub(crate) fn the_sources_of_a_lake_are_counted_apart(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    for source in [SourceKind::Faers, SourceKind::Csv] {
        let corpus = Corpus::load(&snapshot, source).unwrap();
        let sql =
            SqlEngine::over(&*engine.session, lake::path(snapshot.folder()), &corpus).unwrap();
        for plan in plans_of(&corpus) {
            let counts = counted(&sql, &plan).unwrap();
            assert!(counts.reports > 0 && counts.cases > 0);
            assert_eq!(counts, counted(&Embedded::new(&corpus), &plan).unwrap());
        }
    }
}

/// The most frequent terms as an event: against all others, against a substance, on every third report, and with
/// every fifth entry set aside.
fn plans_of(corpus: &Corpus) -> Vec<Plan> {
    let mut terms: Vec<u32> = corpus.events(0).to_vec();
    terms.extend(corpus.events(1));
    terms.sort_unstable();
    terms.dedup();
    let reports = u32::try_from(corpus.reports()).unwrap();
    let entries = u32::try_from(corpus.first_exposure(corpus.reports() - 1)).unwrap();
    let plain = Plan {
        roles: 11,
        event_terms: terms,
        comparator: Vec::new(),
        selection: Selection::default(),
    };
    let mut plans = vec![plain.clone(); 4];
    plans[1].comparator = corpus.exposures(0).map(|exposure| exposure.substance).collect();
    plans[2].selection.reports = Some((0..reports).step_by(3).chain([1]).collect());
    plans[3].selection.set_aside = (0..entries).step_by(5).collect();
    plans
}
