//! `iatro synth`: a generated corpus in FAERS format, with planted truth.

use std::path::PathBuf;

use iatro_synth::{Corpus, Truth, generate};

use crate::answer::{Answer, Kind, Rows};
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::output::{self, table};

/// What to generate.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: iatro synth --out corpus --seed 7")]
pub(crate) struct Args {
    /// The folder for the archives and truth.json; it must be new or empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The seed: the same seed gives the same bytes.
    #[arg(long, default_value_t = Corpus::default().seed, value_name = "N")]
    seed: u64,
    /// New reports a quarter.
    #[arg(long, default_value_t = Corpus::default().reports_per_quarter, value_name = "N")]
    reports: usize,
}

pub(crate) fn run(args: &Args, global: &Global) -> Result<Status, CliError> {
    let corpus = Corpus { seed: args.seed, reports_per_quarter: args.reports, ..Corpus::default() };
    let truth = generate(&corpus, &args.out)?;
    output::write(&answer(&truth)?, global)?;
    Ok(Status::Fine)
}

fn answer(truth: &Truth) -> Result<Answer, CliError> {
    let document =
        serde_json::to_value(truth).map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    let mut rows = Rows::new(&[
        ("substance", Kind::Text),
        ("planted_as", Kind::Text),
        ("reports", Kind::Count),
        ("hlh_reports", Kind::Count),
    ]);
    let mut add = |substance: &str, role: &str, exposure: &iatro_synth::Exposure| {
        let (all, hlh) = (exposure.reports, exposure.hlh_reports);
        rows.push(vec![substance.into(), role.into(), all.into(), hlh.into()]);
    };
    truth.culprits.iter().for_each(|t| add(&t.substance, "culprit", &t.exposure));
    truth.bystanders.iter().for_each(|t| add(&t.substance, "bystander", &t.exposure));
    truth.channelled.iter().for_each(|t| add(&t.substance, "channelled", &t.exposure));
    truth.therapies.iter().for_each(|t| add(&t.substance, "therapy", &t.exposure));
    let text = format!(
        "{}\nseed {}: {} quarters, {} report rows, {} current cases\n\n{}",
        truth.note,
        truth.seed,
        truth.quarters.len(),
        table::thousands(truth.cases.reports),
        table::thousands(truth.cases.current),
        table::render(&rows),
    );
    Ok(Answer { rows, document, text })
}
