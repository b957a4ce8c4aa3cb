//! What an engine sees that is not this snapshot.

use std::path::Path;

use iatro_reports::SourceKind;
use iatro_signals::count::sql::{Extent, SessionErrorKind, SqlEngine};
use iatro_signals::count::{CountError, Plan, Selection, counted};

use crate::engines::Engine;
use crate::lake;

fn refused(engine: &Engine, folder: &Path, extent: Extent) -> (SessionErrorKind, String) {
    match SqlEngine::open(&*engine.session, lake::path(folder), extent) {
        Err(CountError::Session(error)) => (error.kind, error.to_string()),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("opened"),
    }
}

pub(crate) fn a_folder_that_is_not_there_or_holds_another_lake(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    let extent = Extent::of_source(&snapshot, SourceKind::Faers);
    let (kind, text) = refused(engine, &folder.path().join("elsewhere"), extent);
    assert_eq!(kind, SessionErrorKind::Missing, "{text}");
    assert!(text.contains("exposure"), "{text}");
    for other in [
        Extent { exposures: extent.exposures + 1, ..extent },
        Extent { reactions: extent.reactions - 1, ..extent },
        Extent { reports: extent.reports - 1, ..extent },
        Extent { substances: 2, ..extent },
        Extent { terms: 1, ..extent },
    ] {
        let (kind, text) = refused(engine, snapshot.folder(), other);
        assert_eq!(kind, SessionErrorKind::Incomplete, "{text}");
        assert!(text.contains("another lake"), "{text}");
    }
}

pub(crate) fn entries_set_aside_need_their_corpus(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = lake::two_sources(folder.path());
    let extent = Extent::of_source(&snapshot, SourceKind::Csv);
    let sql = SqlEngine::open(&*engine.session, lake::path(snapshot.folder()), extent).unwrap();
    let set_aside = [0, 2].into_iter().collect();
    let plan = Plan {
        roles: 1,
        event_terms: vec![0],
        comparator: Vec::new(),
        selection: Selection { reports: None, set_aside },
    };
    let refused = counted(&sql, &plan);
    assert!(matches!(refused, Err(CountError::SetAside { entries: 2 })), "{refused:?}");
}
