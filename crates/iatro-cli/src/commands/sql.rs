//! `iatro sql`: the lake's tables, open to any question.

#[cfg(feature = "sql")]
mod ask;
#[cfg(feature = "sql")]
mod shown;
#[cfg(feature = "sql")]
mod written;

#[cfg(feature = "sql")]
use iatro_engines::datafusion::STACK;
use iatro_signals::count::Memory;

use crate::error::{CliError, Status};
use crate::global::Global;
use crate::lake::{At, Wanted};

/// What is asked, and of which lake.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Every table of the snapshot has its name (report, drug, event, name, substance, term, \
    exposure, reaction, …), those of superseded and withdrawn reports begin with history_. `show tables` lists them, \
    `describe TABLE` their columns. The lake is only read. Rows come in no fixed order without ORDER BY.\n\n\
    Example: iatro sql --lake lake \"select period, count(*) from report group by period order by period\""
)]
pub(crate) struct Args {
    #[command(flatten)]
    at: At,
    /// The query: one SELECT, SHOW TABLES, DESCRIBE or EXPLAIN, in the dialect of DataFusion.
    query: String,
    /// How many rows a table and a Markdown table show; every other format has all.
    #[arg(long, default_value_t = 40, value_name = "N")]
    top: usize,
    /// Memory for intermediate results, such as 2GiB; beyond it they go to temporary files where the engine can do
    /// that, and the query ends with an error where it cannot.
    #[arg(long, default_value = "4GiB", value_name = "SIZE")]
    memory: Memory,
}

#[cfg(feature = "sql")]
pub(crate) fn run(args: &Args, global: &Global) -> Result<Status, CliError> {
    let snapshot = args.at.snapshot(Wanted::Everything, global)?;
    let memory = usize::try_from(args.memory.bytes()).unwrap_or(usize::MAX);
    let asked = || ask::answer(&snapshot, &args.query, args.top, memory, global);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, asked);
        let thread = thread.map_err(|error| {
            CliError::failed(format!("iatro sql: no thread to ask on ({error})."))
        })?;
        // A panic of the library below goes on here, as it would without the thread.
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })?;
    Ok(Status::Fine)
}

#[cfg(not(feature = "sql"))]
pub(crate) fn run(args: &Args, global: &Global) -> Result<Status, CliError> {
    // A wrong path is told before a missing feature.
    let snapshot = args.at.snapshot(Wanted::Manifest, global)?;
    let tables = snapshot.table_path("report");
    let otherwise = match tables.parent().filter(|_| tables.exists()) {
        None => String::new(),
        Some(folder) => {
            let folder = folder.display();
            format!(", or open the tables in {folder} with any program that reads Parquet")
        }
    };
    Err(CliError::usage(format!(
        "iatro sql: this program was built without SQL, so `{}` was not asked. Build it with \
         `cargo install --locked --path crates/iatro-cli --features sql,spark,s3`{otherwise}.",
        args.query,
    )))
}
