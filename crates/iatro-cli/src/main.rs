//! The `iatro` command line: arguments in, answers and exit codes out.
//!
//! One module a command under [`commands`], each a thin surface over the library crates; how an answer
//! is written (table, CSV, JSON, …) is decided once, in [`output`]. Never here: reading source files,
//! counting, or computing a statistic.

mod answer;
mod cli;
mod commands;
mod engine;
mod error;
mod global;
mod input;
mod lake;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(status) => status.into(),
        Err(error) => {
            error.print();
            error.exit_code()
        }
    }
}
