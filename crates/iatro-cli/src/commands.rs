//! The commands, one module each.

pub(crate) mod case;
pub(crate) mod demo;
pub(crate) mod fetch;
pub(crate) mod ingest;
pub(crate) mod lake;
pub(crate) mod review;
pub(crate) mod signal;
pub(crate) mod sql;
pub(crate) mod stats;
pub(crate) mod study;
pub(crate) mod synth;

use crate::cli::{Cli, Command};
use crate::error::{CliError, Status};
use crate::output;

/// Runs the command that was asked for.
pub(crate) fn run(cli: Cli) -> Result<Status, CliError> {
    let global = &cli.global;
    output::check(global)?;
    match cli.command {
        Command::Demo(args) => demo::run(&args, global),
        Command::Ingest(command) => ingest::run(command, global),
        Command::Fetch(command) => fetch::run(&command, global),
        Command::Lake(command) => lake::run(&command, global),
        Command::Study(command) => study::run(&command, global),
        Command::Signal(command) => signal::run(&command, global),
        Command::Sql(args) => sql::run(&args, global),
        Command::Stats(command) => stats::run(&command, global),
        Command::Case(command) => case::run(&command, global),
        Command::Review(command) => review::run(&command, global),
        Command::Synth(args) => synth::run(&args, global),
    }
}
