//! `iatro synth`: a generated corpus in FAERS format, with planted truth.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use iatro_synth::{Corpus, EventModel, SCENARIOS, Scenario, Truth, generate};

use crate::answer::{Answer, Kind, Rows};
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::output::{self, table};

/// What to generate.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: iatro synth --out corpus --seed 7 --scenario bystander")]
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
    /// What is planted; without it, the model of the demonstration. The seed draws which substances
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

pub(crate) fn run(args: &Args, global: &Global) -> Result<Status, CliError> {
    let model = match args.scenario {
        Some(scenario) => scenario.model(args.strength, args.seed)?,
        None => EventModel::default(),
    };
    let (seed, reports_per_quarter) = (args.seed, args.reports);
    let corpus = Corpus { seed, reports_per_quarter, model, ..Corpus::default() };
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
    truth.plants.iter().for_each(|t| add(&t.substance, t.part.name(), &t.exposure));
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
