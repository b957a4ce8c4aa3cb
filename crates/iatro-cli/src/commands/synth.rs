//! `iatro synth`: a generated corpus in FAERS format, with planted truth.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use iatro_synth::{Corpus, SCENARIOS, Scenario, Truth, generate};

use crate::answer::{Answer, Kind, Rows};
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::output::{self, table};

/// What to generate.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  iatro synth --out corpus --seed 7 --scenario bystander\n  \
    iatro synth --out corpus --scale 0.01\n  iatro synth --out corpus --scale full")]
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
    /// The shape of the published quarters, all 90 of them: the rows of each table and quarter,
    /// thousands of substances and terms, rare events. `full` is 24.8 million reports (some 4 GB of
    /// archives); a number above 0 and up to 1 is that share of them.
    #[arg(long, value_name = "full|F", value_parser = scale, conflicts_with = "reports")]
    scale: Option<f64>,
    /// What is planted; without it, the model of the demonstration (with
    /// --scale, with less than half of its hazards). The seed draws which substances
    /// play which part.
    #[arg(long, value_parser = Scenarios, value_name = "NAME")]
    scenario: Option<&'static Scenario>,
    /// How strongly: scales the hazards and distortions of the scenario, 0 to 100.
    #[arg(long, default_value_t = 1.0, requires = "scenario", value_name = "X")]
    strength: f64,
}

/// Reads the name of a scenario, and lists them all.
#[derive(Clone)]
struct Scenarios;

impl TypedValueParser for Scenarios {
    type Value = &'static Scenario;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let names = PossibleValuesParser::new(possible());
        let name = names.parse_ref(command, arg, value)?;
        Scenario::find(&name).ok_or_else(|| clap::Error::new(ErrorKind::InvalidValue))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(possible()))
    }
}

fn possible() -> impl Iterator<Item = PossibleValue> {
    SCENARIOS.iter().map(|scenario| PossibleValue::new(scenario.id).help(scenario.title))
}

/// Reads `full` or a share of it.
fn scale(text: &str) -> Result<f64, String> {
    let scale = if text == "full" { Some(1.0) } else { text.parse().ok() };
    scale
        .filter(|scale: &f64| *scale > 0.0 && *scale <= 1.0)
        .ok_or_else(|| "expected full, or a number above 0 and up to 1, such as 0.01".to_owned())
}

pub(crate) fn run(args: &Args, global: &Global) -> Result<Status, CliError> {
    let mut corpus = match args.scale {
        Some(scale) => Corpus::scaled(args.seed, scale),
        None => Corpus { seed: args.seed, reports_per_quarter: args.reports, ..Corpus::default() },
    };
    if let Some(scenario) = args.scenario {
        corpus.model = scenario.model(args.strength, args.seed)?;
    }
    refuse_others(&args.out)?;
    let truth = generate(&corpus, &args.out)?;
    output::write(&answer(&truth)?, global)?;
    Ok(Status::Fine)
}

/// Quarters of two corpora in one folder would be ingested as one.
fn refuse_others(folder: &Path) -> Result<(), CliError> {
    // What else keeps the folder from being used is told when it is made.
    let Ok(mut inside) = fs::read_dir(folder) else { return Ok(()) };
    match inside.next() {
        None => Ok(()),
        Some(_) => Err(CliError::usage(format!(
            "iatro synth: {} is not empty; files of another corpus beside these would be ingested with them. Name a \
             new or empty folder.",
            folder.display()
        ))),
    }
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
    truth.plants.iter().for_each(|t| add(&t.substance, t.part.name(), &t.exposure));
    let text = format!(
        "{}\nseed {}: {} quarters, {} report rows, {} current cases\n{}\n{}",
        truth.note,
        truth.seed,
        truth.quarters.len(),
        table::thousands(truth.cases.reports),
        table::thousands(truth.cases.current),
        volume(truth),
        table::render(&rows),
    );
    Ok(Answer { rows, document, text })
}

/// The rows of each table of a corpus of true size, beside those it aims at.
fn volume(truth: &Truth) -> String {
    let Some(scale) = &truth.scale else { return String::new() };
    let row = |(table, rows): (&String, &iatro_synth::ScaledRows)| {
        let (records, published) =
            (table::thousands(rows.records), table::thousands(rows.published));
        format!("  {table}: {records} rows, {published} published\n")
    };
    let tables: String = scale.tables.iter().map(row).collect();
    let (drugs, listed) = (&scale.drugs, table::thousands(scale.listed_ids));
    format!(
        "scale {}; distinct drugs a current case: median {}, mean {:.2}; {listed} ids on deletion \
         lists\n{tables}",
        scale.scale, drugs.median, drugs.mean,
    )
}
