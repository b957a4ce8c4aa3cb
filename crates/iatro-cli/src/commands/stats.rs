//! `iatro stats`: free-standing statistics, on numbers or tables that a person brings.

mod km;
mod meta;
mod mgps;
mod table;
mod tto;

use clap::Subcommand;
use iatro_review::number::counted;

use crate::error::{CliError, Status};
use crate::global::Global;
use crate::input::Table;
use crate::output;

/// Which statistic.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Every measure of disproportionality of one 2 x 2 table.
    #[command(after_help = "Example: iatro stats table 122 1320 381 31341")]
    Table(table::Args),
    /// The gamma-Poisson shrinker (MGPS): prints the fitted prior; with --output, a row a pair with
    /// EBGM, EB05 and EB95.
    #[command(after_help = "Example: iatro stats mgps --input pairs.csv --output scores.csv")]
    Mgps(mgps::Args),
    /// Proportions or ratios of several studies or databases, pooled: fixed and random effects with a
    /// prediction interval.
    #[command(after_help = "Example: iatro stats meta --input studies.csv")]
    Meta(meta::Args),
    /// Survival of one group or several: Kaplan-Meier with medians and limits, log-rank test.
    #[command(after_help = "Example: iatro stats km --input subjects.csv --at 30,90,365")]
    Km(km::Args),
    /// Times to onset: median, Weibull and log-normal fit under interval censoring and right
    /// truncation, the reading of the shape; groups compared.
    #[command(after_help = "Example: iatro stats tto --input cases.csv")]
    Tto(tto::Args),
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    match command {
        Command::Table(args) => output::write(&table::answer_of(args)?, global)?,
        Command::Mgps(args) => mgps::run(args, global)?,
        Command::Meta(args) => output::write(&meta::answer_of(args, global)?, global)?,
        Command::Km(args) => output::write(&km::answer_of(args, global)?, global)?,
        Command::Tto(args) => output::write(&tto::answer_of(args, global)?, global)?,
    }
    Ok(Status::Fine)
}

/// Says beside the answer which columns of a table were not used.
fn name_unused(table: &Table, known: &[&str], global: &Global) {
    let unused = table.columns_other_than(known);
    if !unused.is_empty() {
        output::remark(global, &format!("{}: not used: {}", table.name(), unused.join(", ")));
    }
}

/// Says beside the answer how many rows have the same names as an earlier one: each counts by itself.
fn name_repeated(table: &Table, names: &[&str], global: &Global) {
    let mut rows: Vec<Vec<&str>> =
        table.rows().map(|row| names.iter().map(|name| row.text(name)).collect()).collect();
    let all = rows.len();
    rows.sort_unstable();
    rows.dedup();
    let repeated = all - rows.len();
    if repeated > 0 {
        let text = format!(
            "{}: {} with the same {} as another; each row counts by itself",
            table.name(),
            counted(repeated as u64, "row", "rows"),
            names.join(" and "),
        );
        output::remark(global, &text);
    }
}
