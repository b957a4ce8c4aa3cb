//! A session: what a caller holds.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, RecordBatch};
use iatro_signals::count::sql::{SessionError, SessionErrorKind, SqlSession};
use tokio::runtime::{Builder, Runtime};

use super::follow::carried_out;
use super::link::{CLIENT, Link};
use super::message::{Plan, RelationKind, ReleaseSessionRequest, ReleaseSessionResponse};
use super::{ConnectUrl, Options, ServerVersion, rows, version};

/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// A session on a server that speaks Spark Connect. Calls block; they may come from several threads at once. Tables
/// opened here are seen by this session only and go with it.
pub struct Session {
    link: Arc<Link>,
    version: ServerVersion,
    /// Rows that were sent, by table: the views that hold their pieces.
    sent: Mutex<BTreeMap<String, Vec<String>>>,
    sendings: AtomicU64,
    /// None only while the session ends.
    runtime: Option<Runtime>,
}

impl Session {
    /// Connects, and tries whether the server answers a query as Spark does.
    ///
    /// # Errors
    /// A server that is not there or does not let us in, a version that is not known to work, a query of one row that is
    /// not answered by that row.
    pub fn connect(url: &ConnectUrl, options: Options) -> Result<Self, SessionError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("spark-connect")
            .enable_all()
            .build()
            .map_err(|error| no_runtime(&url.place(), &error))?;
        let place = url.place();
        let url = url.clone();
        let opened = on(&runtime, async move {
            let link = Link::open(&url, options).await?;
            let version = version::checked(&link).await?;
            Ok((link, version))
        });
        let (link, version) = match opened {
            Some(opened) => opened?,
            None => return Err(ended_early(&format!("Spark at {place}"), "connecting")),
        };
        let session = Self {
            link: Arc::new(link),
            version,
            sent: Mutex::default(),
            sendings: AtomicU64::new(0),
            runtime: Some(runtime),
        };
        session.try_out()?;
        Ok(session)
    }

    /// Which version the server says it is.
    pub fn version(&self) -> &ServerVersion {
        &self.version
    }

    /// All rows of a query, in the order in which the server gave them; at least one batch, which may be empty.
    ///
    /// # Errors
    /// What kept the answer from being whole.
    pub fn sql(&self, query: &str) -> Result<Vec<RecordBatch>, SessionError> {
        self.rows_of(query, "answering a query")
    }

    /// Makes a Parquet file, as the server sees it (a path, or a URL such as `s3a://…`), a table. A table of that name is
    /// replaced.
    ///
    /// # Errors
    /// A name that is none, a place that holds a pattern, a file that the server does not see or cannot read.
    pub fn view_of_parquet(&self, table: &str, location: &str) -> Result<(), SessionError> {
        let doing = format!("opening table {table} at {location}");
        self.check_name(table, &doing)?;
        self.check_location(location, &doing)?;
        self.carry_out(Plan::view(table, RelationKind::parquet(location)), &doing)?;
        let found = self.columns_of(table, &doing)?;
        self.forget(table);
        if found == 0 {
            return Err(self.error(SessionErrorKind::Missing, &doing, "a table without columns"));
        }
        Ok(())
    }

    /// Makes rows a table, and sees that all of them arrived. A table of that name is replaced. Unsigned columns become
    /// signed ones, which is all that Spark has.
    ///
    /// # Errors
    /// A name that is none, a value over 2^63, rows that did not arrive.
    pub fn view_of_rows(&self, table: &str, rows: &RecordBatch) -> Result<(), SessionError> {
        let doing = format!("sending table {table} ({} rows)", rows.num_rows());
        self.check_name(table, &doing)?;
        let pieces = rows::pieces(rows)
            .map_err(|error| self.error(SessionErrorKind::Query, &doing, &error.to_string()))?;
        let sending = self.sendings.fetch_add(1, Ordering::Relaxed);
        let mut views = Vec::with_capacity(pieces.len());
        for (index, piece) in pieces.into_iter().enumerate() {
            let view = format!("{table}__{sending}_{index}");
            self.carry_out(Plan::view(&view, RelationKind::local(piece)), &doing)?;
            views.push(view);
        }
        let all: Vec<String> = views.iter().map(|view| format!("SELECT * FROM {view}")).collect();
        self.carry_out(Plan::view(table, RelationKind::sql(&all.join(" UNION ALL "))), &doing)?;
        self.forget(table);
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).insert(table.to_owned(), views);
        self.check_arrived(table, rows.num_rows(), &doing)
    }

    /// Drops the views that held the pieces of a table that is replaced. Left behind they would only take memory, so
    /// nothing is made of a failure.
    fn forget(&self, table: &str) {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner).remove(table);
        for view in sent.unwrap_or_default() {
            let _ = self.rows_of(&format!("DROP VIEW IF EXISTS {view}"), "dropping a table");
        }
    }

    fn check_arrived(&self, table: &str, rows: usize, doing: &str) -> Result<(), SessionError> {
        let counted =
            self.number(&format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM {table}"), doing)?;
        if usize::try_from(counted).ok() == Some(rows) {
            return Ok(());
        }
        let said = format!("{counted} rows arrived");
        Err(self.error(SessionErrorKind::Incomplete, doing, &said))
    }

    fn try_out(&self) -> Result<(), SessionError> {
        let doing = "trying a query of one row";
        match self.number("SELECT CAST(1 AS BIGINT) AS one", doing)? {
            1 => Ok(()),
            other => {
                let said = format!("SELECT 1 gave {other}");
                Err(self.error(SessionErrorKind::Version, doing, &said))
            }
        }
    }

    /// The single number that a query gives.
    fn number(&self, query: &str, doing: &str) -> Result<i64, SessionError> {
        let batches = self.rows_of(query, doing)?;
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        let batch = batches.iter().find(|batch| batch.num_rows() == 1);
        let column = batch.and_then(|batch| batch.columns().first());
        let number = column.and_then(|column| column.as_primitive_opt::<Int64Type>());
        match number {
            Some(number) if rows == 1 && number.null_count() == 0 => Ok(number.value(0)),
            _ => {
                let said = format!("{rows} rows instead of one number");
                Err(self.error(SessionErrorKind::Incomplete, doing, &said))
            }
        }
    }

    fn columns_of(&self, table: &str, doing: &str) -> Result<usize, SessionError> {
        let batches = self.rows_of(&format!("SELECT * FROM {table} LIMIT 0"), doing)?;
        Ok(batches.first().map_or(0, RecordBatch::num_columns))
    }

    fn rows_of(&self, query: &str, doing: &str) -> Result<Vec<RecordBatch>, SessionError> {
        let plan = Plan::rows_of(RelationKind::sql(query));
        let link = Arc::clone(&self.link);
        let doing = doing.to_owned();
        self.wait(async move {
            let answer = carried_out(&link, plan, &doing).await?;
            answer.into_rows().map_err(|said| {
                SessionError::new(SessionErrorKind::Incomplete, &link.name, &doing, said)
            })
        })
    }

    fn carry_out(&self, plan: Plan, doing: &str) -> Result<(), SessionError> {
        let link = Arc::clone(&self.link);
        let doing = doing.to_owned();
        self.wait(async move { carried_out(&link, plan, &doing).await.map(|_| ()) })
    }

    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, SessionError>> + Send + 'static,
    ) -> Result<T, SessionError> {
        let done = self.runtime.as_ref().and_then(|runtime| on(runtime, work));
        done.unwrap_or_else(|| Err(ended_early(&self.link.name, "waiting for an answer")))
    }

    /// Names go into SQL as they are, so they are words.
    fn check_name(&self, table: &str, doing: &str) -> Result<(), SessionError> {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let first = table.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if first && table.chars().all(word) {
            return Ok(());
        }
        let said = "the name of a table is a word of ASCII letters, digits and _";
        Err(self.error(SessionErrorKind::Query, doing, said))
    }

    /// Servers read `* ? [ ] { }` as patterns, which could match more than one file.
    fn check_location(&self, location: &str, doing: &str) -> Result<(), SessionError> {
        let pattern =
            |c: char| matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\') || c.is_control();
        if !location.is_empty() && !location.contains(pattern) {
            return Ok(());
        }
        let said =
            "the place holds a character that the server reads as a pattern (* ? [ ] { } \\)";
        let error = self.error(SessionErrorKind::Missing, doing, said);
        Err(error.with_help("Move the lake to a place whose name has none of these"))
    }

    fn error(&self, kind: SessionErrorKind, doing: &str, said: &str) -> SessionError {
        SessionError::new(kind, &self.link.name, doing, said)
    }
}

impl SqlSession for Session {
    fn name(&self) -> String {
        self.link.name.clone()
    }

    fn open(&self, table: &str, location: &str) -> Result<(), SessionError> {
        self.view_of_parquet(table, location)
    }

    fn put(&self, table: &str, rows: &RecordBatch) -> Result<(), SessionError> {
        self.view_of_rows(table, rows)
    }

    fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, SessionError> {
        self.sql(sql)
    }
}

impl Drop for Session {
    /// Says goodbye, so that the server can forget the tables, and does not wait long for it.
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let link = Arc::clone(&self.link);
        on(&runtime, async move {
            let request = ReleaseSessionRequest {
                session_id: link.session_id.clone(),
                user_context: link.user(),
                client_type: Some(CLIENT.to_owned()),
            };
            let _: Result<ReleaseSessionResponse, _> =
                link.unary("ReleaseSession", request, GOODBYE).await;
        });
        runtime.shutdown_background();
    }
}

/// Runs work on the session's own thread and waits for it, also from within another runtime; none if it ended without a
/// result.
fn on<T: Send + 'static>(
    runtime: &Runtime,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime.spawn(async move {
        let _ = sender.send(work.await);
    });
    receiver.recv().ok()
}

fn ended_early(name: &str, doing: &str) -> SessionError {
    let said = "the client's own thread ended before there was an answer";
    SessionError::new(SessionErrorKind::Lost, name, doing, said)
}

fn no_runtime(place: &str, error: &std::io::Error) -> SessionError {
    let said = format!("no thread for the connection ({error})");
    SessionError::new(SessionErrorKind::Lost, format!("Spark at {place}"), "connecting", said)
}
