//! Spark as an engine: where it is, and where it sees a lake.

use iatro_engines::connect::{ConnectUrl, Options, ServerVersion, Session};
use iatro_reports::lake::Snapshot;
use iatro_signals::count::CountError;
use iatro_signals::count::sql::{SqlEngines, SqlSession};
use iatro_signals::run::{PairQuestion, PairRun, RunError, pairs_by};

use super::{Chosen, EngineArgs};
use crate::error::CliError;
use crate::lake::At;

/// The variable that Spark's own programs read their server from.
const REMOTE: &str = "SPARK_REMOTE";

/// A session on a server.
pub(crate) struct Spark {
    session: Session,
    /// The lake's folder as the server sees it, where that is known.
    lake: Option<String>,
}

impl EngineArgs {
    /// Connects.
    pub(super) fn spark(&self, lake: &At) -> Result<Chosen, CliError> {
        let (from, named) = self.server()?;
        let url = ConnectUrl::parse(&named)
            .map_err(|error| CliError::usage(format!("{from}: {error}")))?;
        let there = lake.for_spark()?;
        let lake = self.spark_lake.clone().or(there);
        let session = Session::connect(&url, Options::with_deadline(self.deadline));
        let session = session.map_err(failed)?;
        Ok(Chosen::Spark(Spark { session, lake }))
    }

    /// What names the server, and its name.
    fn server(&self) -> Result<(&'static str, String), CliError> {
        let given = self.spark_url.clone().map(|url| ("--spark-url", url));
        let set = || std::env::var(REMOTE).ok().map(|url| (REMOTE, url));
        given.or_else(set).ok_or_else(|| {
            CliError::usage(format!(
                "--engine spark: no server is named. Give --spark-url sc://host:port, or set {REMOTE}."
            ))
        })
    }
}

/// What a count says, at the edge.
fn failed(error: impl Into<CountError>) -> CliError {
    RunError::from(error.into()).into()
}

impl Spark {
    /// The server, with the version it says it is.
    pub(super) fn name(&self) -> String {
        match self.session.version() {
            ServerVersion::Said(version) => format!("{} (version {version})", self.session.name()),
            ServerVersion::Unsaid(_) => format!("{} (version not said)", self.session.name()),
        }
    }

    /// Counting a snapshot there.
    pub(super) fn engines(&self, snapshot: &Snapshot) -> Result<SqlEngines<'_>, CliError> {
        Ok(SqlEngines::new(&self.session, self.folder(snapshot)?))
    }

    /// Every pair, counted there; only the dictionaries are read here.
    pub(super) fn pairs(
        &self,
        snapshot: &Snapshot,
        question: PairQuestion,
    ) -> Result<PairRun, CliError> {
        let engines = self.engines(snapshot)?;
        let engine = engines.of_source(snapshot, question.source).map_err(failed)?;
        Ok(pairs_by(&engine, snapshot, question)?)
    }

    /// The snapshot's folder as the server sees it.
    fn folder(&self, snapshot: &Snapshot) -> Result<String, CliError> {
        let dataset_id = &snapshot.manifest().dataset_id;
        if let Some(lake) = &self.lake {
            return Ok(format!("{}/snapshots/{dataset_id}", lake.trim_end_matches('/')));
        }
        let folder = std::fs::canonicalize(snapshot.folder())
            .map_err(|error| iatro_reports::Error::read(snapshot.folder(), error))?;
        folder.to_str().map(str::to_owned).ok_or_else(|| {
            CliError::usage(format!(
                "{}: a name that is not UTF-8, which a server cannot be told. Give the lake's place with \
                 --spark-lake, or move it.",
                folder.display()
            ))
        })
    }
}
