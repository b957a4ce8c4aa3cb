//! `iatro fetch`: published report files, checked against the catalogue.

use std::io::stderr;
use std::path::PathBuf;

use clap::Subcommand;
use iatro_reports::faers::catalogue::{CatalogueEntry, catalogue};
use iatro_reports::fetch::{self, Fetched, Options, Outcome, QuarterRange, Retry};
use indicatif::ProgressBar;
use serde_json::json;

use crate::answer::{Answer, Kind, Rows};
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::output;
use crate::progress::bytes_bar;

/// What to fetch.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// FAERS/AEMS quarterly ASCII zips from FDA.
    #[command(after_help = "Example: iatro fetch faers 2004Q1..2026Q2 --to downloads")]
    Faers {
        /// Quarters: 2022Q4, 2004Q1..2026Q2, 2020Q1.., or a list parted by commas.
        quarters: String,
        /// The folder for the files.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Take the files from this address instead of FDA's.
        #[arg(long, value_name = "URL")]
        mirror: Option<String>,
        /// Keep a file that is complete but differs from the catalogue.
        #[arg(long)]
        accept_changed: bool,
        /// Attempts after the first one fails, for each file.
        #[arg(long, default_value_t = 5, value_name = "N")]
        retries: u32,
    },
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    let Command::Faers { quarters, to, mirror, accept_changed, retries } = command;
    let range: QuarterRange = quarters.parse()?;
    let entries = range.select(catalogue())?;
    let mut options = Options::new(to.clone());
    options.mirror.clone_from(mirror);
    options.accept_changed = *accept_changed;
    options.retries = *retries;
    let mut bars = Bars::new(global);
    let fetched = fetch::fetch(&entries, &options, &mut bars);
    bars.bar.finish_and_clear();
    let fetched = fetched?;
    output::write(&answer(&fetched), global)?;
    let failed = fetched.iter().filter(|file| !file.is_here()).count();
    if failed > 0 {
        output::remark(global, &format!("{failed} of {} files are not here", fetched.len()));
        return Ok(Status::CheckFailed);
    }
    Ok(Status::Fine)
}

fn answer(fetched: &[Fetched]) -> Answer {
    let mut rows =
        Rows::new(&[("quarter", Kind::Text), ("file", Kind::Text), ("outcome", Kind::Text)]);
    for file in fetched {
        rows.push(vec![
            file.quarter.to_string().into(),
            file.path.display().to_string().into(),
            said(&file.outcome).into(),
        ]);
    }
    let document = json!({ "files": rows.to_objects() });
    // Errors are whole sentences: a line each, no table.
    let line = |file: &Fetched| format!("{}  {}", file.quarter, said(&file.outcome));
    let text = fetched.iter().map(line).collect::<Vec<_>>().join("\n");
    Answer { rows, document, text }
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Downloaded { resumed_from: 0, .. } => "downloaded; hash agrees".to_owned(),
        Outcome::Downloaded { resumed_from, .. } => {
            format!("downloaded, resumed at byte {resumed_from}; hash agrees")
        }
        Outcome::AlreadyHere => "already here; hash agrees".to_owned(),
        Outcome::ChangedKept { bytes, sha256 } => {
            format!("kept though it differs from the catalogue: {bytes} bytes, SHA-256 {sha256}")
        }
        Outcome::Failed(error) => error.to_string(),
        Outcome::NotTried { reason } => format!("not tried: {reason}"),
    }
}

/// A bar for the current file, on a terminal only; retries are said in any case but quiet.
struct Bars {
    bar: ProgressBar,
    quiet: bool,
}

impl Bars {
    fn new(global: &Global) -> Self {
        Self { bar: bytes_bar(global), quiet: global.quiet }
    }
}

impl fetch::Progress for Bars {
    fn started(&mut self, entry: &CatalogueEntry, have: u64) {
        self.bar.set_length(entry.bytes);
        self.bar.set_position(have);
        self.bar.set_message(entry.file_name.clone());
    }

    fn bytes(&mut self, _: &CatalogueEntry, have: u64) {
        self.bar.set_position(have);
    }

    fn retry(&mut self, entry: &CatalogueEntry, retry: &Retry) {
        let line = format!(
            "{}: {}; attempt {} of {} in {} s",
            entry.file_name,
            retry.reason,
            retry.attempt,
            retry.attempts,
            retry.wait.as_secs()
        );
        if !self.quiet {
            self.bar.suspend(|| {
                let _ = std::io::Write::write_fmt(&mut stderr(), format_args!("{line}\n"));
            });
        }
    }
}
