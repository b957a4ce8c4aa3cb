//! The arguments, as clap parses them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{demo, fetch, ingest, lake, review, signal, stats, study, synth};

const NOTICE: &str = "Research use. Not a medical device. Spontaneous reports cannot establish \
    causality, incidence or comparative risk.";

const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\nResearch use. Not a medical device. Spontaneous reports cannot establish causality, \
     incidence or comparative risk."
);

/// Evidence on iatrogenic haemophagocytic lymphohistiocytosis (HLH): reports in, signals of
/// disproportionate reporting out, every number tied to its rows.
#[derive(Debug, Parser)]
#[command(name = "iatro", version, long_version = LONG_VERSION, after_help = NOTICE)]
#[command(propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// How the answer is written; parquet needs --output.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Write the answer to this file instead of standard output.
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// No progress, no remarks: only the answer and errors.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// The forms an answer can have.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people, in a terminal.
    Table,
    /// Comma-separated values, with a header; empty means undefined or unknown.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object a line, one line a row.
    Ndjson,
    /// A Markdown table.
    Markdown,
    /// Parquet.
    Parquet,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The main job on a generated corpus: generate, ingest, count, write the page.
    Demo(demo::Args),
    /// Read report files into a lake.
    #[command(subcommand)]
    Ingest(ingest::Command),
    /// Download published report files, checked against the catalogue.
    #[command(subcommand)]
    Fetch(fetch::Command),
    /// Look into a lake.
    #[command(subcommand)]
    Lake(lake::Command),
    /// List, show, explain or check studies.
    #[command(subcommand)]
    Study(study::Command),
    /// Count a study and list its signals of disproportionate reporting.
    #[command(subcommand)]
    Signal(signal::Command),
    /// Free-standing statistics.
    #[command(subcommand)]
    Stats(stats::Command),
    /// Write pages.
    #[command(subcommand)]
    Review(review::Command),
    /// Generate a corpus in FAERS format with planted truth.
    Synth(synth::Args),
}
