//! Options of every command: how an answer is written, where, and what is said beside it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

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
