//! `iatro case`: is this HLH, and which of the things present brought it about, asked of one patient.

mod causality;
mod columns;
mod given;
mod score;
mod template;

use clap::Subcommand;

use crate::error::{CliError, Status};
use crate::global::Global;

/// What is asked of a case.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Is this HLH? Every instrument on one patient, side by side: what is not known stays open.
    #[command(after_help = score::EXAMPLES)]
    Score(score::Args),
    /// Which of the things present brought it about? Each drug of a case: time line, latency, causality
    /// instruments, and what is missing.
    #[command(after_help = causality::EXAMPLES)]
    Causality(causality::Args),
    /// Something to start from: a case to fill in, its schema, what can be observed, forms for FHIR and
    /// REDCap.
    #[command(after_help = template::EXAMPLES)]
    Template(template::Args),
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    match command {
        Command::Score(args) => score::run(args, global)?,
        Command::Causality(args) => causality::run(args, global)?,
        Command::Template(args) => template::run(args, global)?,
    }
    Ok(Status::Fine)
}
