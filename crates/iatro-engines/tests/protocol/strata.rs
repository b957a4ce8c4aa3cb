//! Plans by stratum.

use iatro_signals::count::sql::SqlEngine;
use iatro_signals::count::{CountError, Embedded, StratumOf, counted_strata};

use crate::engines::Engine;
use crate::{draw, lake};

pub(crate) fn random_strata_have_the_same_cells(engine: &Engine) {
    let question = (draw::corpus(), draw::plan(), draw::strata());
    draw::check(engine.corpora, &question, |(corpus, plan, (strata, of))| {
        let folder = tempfile::tempdir().unwrap();
        lake::write(&corpus, folder.path());
        let sql = SqlEngine::over(&*engine.session, lake::path(folder.path()), &corpus).unwrap();
        let sql = sql.with_piece(20);
        let strata = StratumOf { of: &of[..corpus.reports()], strata };
        let there = counted_strata(&sql, &plan, strata).unwrap();
        assert_eq!(there, counted_strata(&Embedded::new(&corpus), &plan, strata).unwrap());
    });
}

pub(crate) fn strata_of_another_corpus_are_refused_before_anything_is_sent(engine: &Engine) {
    draw::check(1, &(draw::corpus(), draw::plan()), |(corpus, plan)| {
        let folder = tempfile::tempdir().unwrap();
        lake::write(&corpus, folder.path());
        let sql = SqlEngine::over(&*engine.session, lake::path(folder.path()), &corpus).unwrap();
        let of = vec![0; corpus.reports() + 1];
        let more = counted_strata(&sql, &plan, StratumOf { of: &of, strata: 1 });
        assert!(matches!(more, Err(CountError::Strata { .. })), "{more:?}");
    });
}
