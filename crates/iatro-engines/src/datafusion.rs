//! DataFusion in this process: any query over the tables of a lake, and a second engine for every count.
//!
//! It only reads. A statement that would create, change, copy or set anything is refused, and no file is seen but
//! those that were opened.

mod location;
mod tables;
mod trouble;

use std::num::NonZeroUsize;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use futures_util::StreamExt;
use iatro_signals::count::sql::{SessionError, SessionErrorKind, SqlSession};
use tokio::runtime::Runtime;

use self::trouble::{NAME, said};

/// How many of the largest users of memory an error names.
const NAMED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(2);

/// Bytes that a query may have. Planning descends with the depth of a query, and a sum of numbers is as deep as it is
/// long: this many bytes stay within [`STACK`].
pub const LONGEST: usize = 1 << 14;

/// The stack that a thread which asks queries should have, in bytes; only what is used is taken.
pub const STACK: usize = 1 << 30;

/// A session of DataFusion in this process.
pub struct DataFusion {
    context: SessionContext,
    runtime: Runtime,
}

impl DataFusion {
    /// A session that holds at most so many bytes of intermediate results in memory, and puts the rest into temporary
    /// files; without a limit for `None`. What a query reads and returns comes on top.
    ///
    /// # Errors
    /// [`SessionErrorKind::Query`] if threads or temporary files cannot be had.
    pub fn new(memory: Option<usize>) -> Result<Self, SessionError> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.thread_stack_size(STACK).enable_all().build();
        let starting = "starting";
        let failed = |error: &dyn std::fmt::Display| {
            SessionError::new(SessionErrorKind::Query, NAME, starting, error)
        };
        let runtime = runtime.map_err(|error| failed(&error))?;
        let mut environment = RuntimeEnvBuilder::new();
        if let Some(bytes) = memory {
            let pool = TrackConsumersPool::new(FairSpillPool::new(bytes), NAMED);
            environment = environment.with_memory_pool(Arc::new(pool));
        }
        let environment = environment.build_arc().map_err(|error| said(starting, &error))?;
        let mut config = SessionConfig::new().with_information_schema(true);
        // Text comes back as the lake has it, and not as a view that few writers know.
        config.options_mut().execution.parquet.schema_force_view_types = false;
        Ok(Self { context: SessionContext::new_with_config_rt(config, environment), runtime })
    }

    /// Starts a query; its rows come one batch after another.
    ///
    /// # Errors
    /// What is wrong with the query, or that it would do more than read, or is longer than [`LONGEST`].
    pub fn select(&self, sql: &str) -> Result<Answer<'_>, SessionError> {
        let doing = "planning the query";
        if sql.len() > LONGEST {
            let length = format!("{} bytes, at most {LONGEST} are read", sql.len());
            return Err(SessionError::new(SessionErrorKind::Query, NAME, doing, length).with_help(
                "Ask a shorter question, or join with a table instead of listing values",
            ));
        }
        self.start(sql, doing)
    }

    fn start(&self, sql: &str, doing: &str) -> Result<Answer<'_>, SessionError> {
        let frame = self.plan(sql).map_err(|error| said(doing, &error))?;
        let stream = self.runtime.block_on(frame.execute_stream());
        Ok(Answer { stream: stream.map_err(|error| said(doing, &error))?, runtime: &self.runtime })
    }

    fn plan(&self, sql: &str) -> Result<DataFrame, datafusion::error::DataFusionError> {
        let only_read = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        self.runtime.block_on(self.context.sql_with_options(sql, only_read))
    }

    /// Forgets a table of that name, if there is one.
    fn forget(&self, table: &str, doing: &str) -> Result<(), SessionError> {
        let forgotten = self.context.deregister_table(table);
        forgotten.map(drop).map_err(|error| said(doing, &error))
    }
}

/// The rows of a query as they come.
pub struct Answer<'s> {
    stream: SendableRecordBatchStream,
    runtime: &'s Runtime,
}

impl Answer<'_> {
    /// Names and types of the columns.
    pub fn schema(&self) -> SchemaRef {
        self.stream.schema()
    }
}

impl Iterator for Answer<'_> {
    type Item = Result<RecordBatch, SessionError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.runtime.block_on(self.stream.next())?;
        Some(batch.map_err(|error| said("carrying out the query", &error)))
    }
}

impl SqlSession for DataFusion {
    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn open(&self, table: &str, location: &str) -> Result<(), SessionError> {
        let doing = format!("opening table {table}");
        let url = location::url(location)
            .map_err(|error| SessionError::new(SessionErrorKind::Missing, NAME, &doing, error))?;
        self.forget(table, &doing)?;
        let options = ParquetReadOptions::default();
        let opened = self.runtime.block_on(self.context.register_parquet(table, url, options));
        opened.map_err(|error| said(&doing, &error))
    }

    fn put(&self, table: &str, rows: &RecordBatch) -> Result<(), SessionError> {
        let doing = format!("sending table {table}");
        self.forget(table, &doing)?;
        let provider = MemTable::try_new(rows.schema(), vec![vec![rows.clone()]]);
        let provider = provider.map_err(|error| said(&doing, &error))?;
        let put = self.context.register_table(table, Arc::new(provider));
        put.map(drop).map_err(|error| said(&doing, &error))
    }

    fn query(&self, sql: &str) -> Result<Vec<RecordBatch>, SessionError> {
        self.start(sql, "planning the query")?.collect()
    }
}
