//! `iatro case template`: something to start from.

mod observables;
mod start;

use std::path::PathBuf;

use iatro_clinical::case;
use iatro_clinical::exchange::{questionnaire, redcap};

use super::{given, score};
use crate::error::CliError;
use crate::global::{Format, Global};
use crate::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  iatro case template > case.json
  iatro case template --observables
  iatro case template --questionnaire hscore --output hscore.json
  iatro case template --redcap --output dictionary.csv
  iatro case template --record case.json --output record.csv";

/// What to write; without a flag, a case to fill in.
#[derive(clap::Args, Debug)]
#[group(multiple = false)]
pub(crate) struct Args {
    /// What can be observed: names, units, limits, and the instruments that ask for it.
    #[arg(long)]
    observables: bool,
    /// The JSON Schema of a case.
    #[arg(long)]
    schema: bool,
    /// The FHIR R4 Questionnaire of an instrument.
    #[arg(long, value_name = "INSTRUMENT")]
    questionnaire: Option<String>,
    /// The REDCap data dictionary, as CSV.
    #[arg(long)]
    redcap: bool,
    /// The REDCap record of a case, as CSV; - is standard input.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<(), CliError> {
    if args.observables {
        return output::write(&observables::answer(), global);
    }
    if args.redcap {
        only(global, Format::Csv, "--redcap")?;
        return output::write_bytes(redcap::dictionary().as_bytes(), global);
    }
    if let Some(path) = &args.record {
        only(global, Format::Csv, "--record")?;
        return record(path, global);
    }
    if args.schema {
        only(global, Format::Json, "--schema")?;
        return json(&case::schema(), global);
    }
    if let Some(id) = &args.questionnaire {
        only(global, Format::Json, "--questionnaire")?;
        return form(id, global);
    }
    only(global, Format::Json, "a case")?;
    let written = serde_json::to_value(start::case());
    json(&written.map_err(|error| CliError::failed(format!("JSON: {error}")))?, global)?;
    output::remark(global, start::HINT);
    Ok(())
}

fn form(id: &str, global: &Global) -> Result<(), CliError> {
    json(&questionnaire::questionnaire(score::find(id)?), global)
}

fn record(path: &std::path::Path, global: &Global) -> Result<(), CliError> {
    let case = given::read(path, given::today(), global)?;
    let record = redcap::record(&case);
    if record.written != record.expected {
        return Err(CliError::failed(format!(
            "--record: {} rows written of {} that the case asks for; nothing is given out.",
            record.written, record.expected
        )));
    }
    output::write_bytes(record.text.as_bytes(), global)
}

/// A document, whatever the form that tables have.
pub(super) fn json(document: &serde_json::Value, global: &Global) -> Result<(), CliError> {
    let mut text = serde_json::to_string_pretty(document)
        .map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    text.push('\n');
    output::write_bytes(text.as_bytes(), global)
}

/// What has one form is not asked for in another.
fn only(global: &Global, form: Format, what: &str) -> Result<(), CliError> {
    match global.format {
        Some(format) if format != form => {
            let name = if form == Format::Csv { "CSV" } else { "JSON" };
            Err(CliError::usage(format!("{what}: written as {name} only. Leave --format out.")))
        }
        _ => Ok(()),
    }
}
