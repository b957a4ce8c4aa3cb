//! `iatro stats`: free-standing statistics, on numbers or tables that a person brings.

mod table;

use clap::Subcommand;

use crate::error::{CliError, Status};
use crate::global::Global;
use crate::output;

/// Which statistic.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Every measure of disproportionality of one 2 x 2 table.
    #[command(after_help = "Example: iatro stats table 122 1320 381 31341")]
    Table(table::Args),
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    match command {
        Command::Table(args) => output::write(&table::answer_of(args)?, global)?,
    }
    Ok(Status::Fine)
}
