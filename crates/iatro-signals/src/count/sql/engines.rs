//! Counting the corpora of a lake on one session.

use iatro_reports::SourceKind;
use iatro_reports::lake::Snapshot;

use super::engine::SqlEngine;
use super::extent::Extent;
use super::session::SqlSession;
use crate::corpus::Corpus;
use crate::count::{CountError, Counter, Engines};

/// A session, and where it sees a snapshot.
pub struct SqlEngines<'s> {
    session: &'s dyn SqlSession,
    folder: String,
}

impl<'s> SqlEngines<'s> {
    /// Counting on a session that sees the snapshot's folder (path or URL) under this name.
    pub fn new(session: &'s dyn SqlSession, folder: impl Into<String>) -> Self {
        Self { session, folder: folder.into() }
    }

    /// The engine of a source of a snapshot, without its reports in this process: for pairs.
    ///
    /// # Errors
    /// As for [`SqlEngine::open`].
    pub fn of_source(
        &self,
        snapshot: &Snapshot,
        source: SourceKind,
    ) -> Result<SqlEngine<'_>, CountError> {
        SqlEngine::open(self.session, &self.folder, Extent::of_source(snapshot, source))
    }
}

impl Engines for SqlEngines<'_> {
    fn over<'c>(&'c self, corpus: &'c Corpus) -> Result<Box<dyn Counter + 'c>, CountError> {
        Ok(Box::new(SqlEngine::over(self.session, &self.folder, corpus)?))
    }

    fn elsewhere(&self) -> Option<String> {
        Some(self.session.name())
    }
}
