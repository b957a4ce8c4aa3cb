//! Every pair.

use iatro_reports::SourceKind;
use iatro_signals::corpus::Corpus;
use iatro_signals::count::sql::{Extent, SqlEngine};
use iatro_signals::count::{CountError, Embedded, PairEngine, PairPlan, counted_pairs};
use proptest::prelude::*;

use crate::engines::Engine;
use crate::{draw, lake};

/// Roles, and renames: none, one, or two to the same name.
fn plan() -> impl Strategy<Value = PairPlan> {
    let renamed = prop_oneof![
        Just(Vec::new()),
        Just(vec![(0, 1)]),
        Just(vec![(0, 2), (1, 2)]),
        Just(vec![(1, 0), (3, 2)]),
    ];
    (1_u8..64, renamed).prop_map(|(roles, renamed)| PairPlan { roles, renamed })
}

pub(crate) fn random_corpora_have_the_same_pairs_and_control_totals(engine: &Engine) {
    draw::check(engine.corpora, &(draw::corpus(), plan()), |(corpus, mut plan)| {
        let known = u32::try_from(corpus.terms().len()).unwrap();
        plan.renamed.retain(|&(old, now)| old < known && now < known);
        let folder = tempfile::tempdir().unwrap();
        lake::write(&corpus, folder.path());
        let extent = Extent::of_corpus(&corpus);
        let sql = SqlEngine::open(&*engine.session, lake::path(folder.path()), extent).unwrap();
        let here = Embedded::new(&corpus);
        assert_eq!(counted_pairs(&sql, &plan).unwrap(), counted_pairs(&here, &plan).unwrap());
        let sample = [(0, 0), (0, 1), (1, 0), (2, 3)];
        assert_eq!(
            sql.pair_control_totals(&plan, &sample).unwrap(),
            here.pair_control_totals(&plan, &sample).unwrap()
        );
    });
}

pub(crate) fn a_lake_needs_no_corpus_in_memory(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    for source in [SourceKind::Faers, SourceKind::Csv] {
        let corpus = Corpus::load(&snapshot, source).unwrap();
        let extent = Extent::of_source(&snapshot, source);
        assert_eq!(extent, Extent::of_corpus(&corpus));
        let sql = SqlEngine::open(&*engine.session, lake::path(snapshot.folder()), extent).unwrap();
        let plan = PairPlan { roles: 11, renamed: Vec::new() };
        let there = counted_pairs(&sql, &plan).unwrap();
        assert!(there.pairs.len() > 3);
        assert_eq!(there, counted_pairs(&Embedded::new(&corpus), &plan).unwrap());
    }
}

pub(crate) fn a_rename_that_cannot_be_is_refused_like_here(engine: &Engine) {
    draw::check(1, &draw::corpus(), |corpus| {
        let folder = tempfile::tempdir().unwrap();
        lake::write(&corpus, folder.path());
        let extent = Extent::of_corpus(&corpus);
        let sql = SqlEngine::open(&*engine.session, lake::path(folder.path()), extent).unwrap();
        let plan = PairPlan { roles: 1, renamed: vec![(0, 1), (1, 2)] };
        let refused = counted_pairs(&sql, &plan);
        assert!(matches!(refused, Err(CountError::CountedAs { .. })), "{refused:?}");
    });
}
