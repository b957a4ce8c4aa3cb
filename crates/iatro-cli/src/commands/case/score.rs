//! `iatro case score`: every diagnostic instrument on one patient.

mod rows;
mod text;

use std::path::PathBuf;

use iatro_clinical::assess::{AssessError, Question, Report, assess};
use iatro_clinical::case::Case;
use iatro_clinical::evidence::EvidenceStatus;
use iatro_clinical::exchange::questionnaire;
use iatro_clinical::instrument::{self, Instrument};
use iatro_clinical::set::nearest;
use jiff::civil::Date;

use super::{given, template};
use crate::answer::Answer;
use crate::error::CliError;
use crate::global::{Format, Global};
use crate::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  iatro case score case.json
  iatro case score --instrument hscore --set 'temperature=39.4 Cel' --set splenomegaly=yes \\
      --set 'ferritin=5200 ng/mL' --set 'platelets=41 10*9/L'
  iatro case score bundle.json --at 2026-03-09 --window 7 --format json

FILE is a case (`iatro case template`), a FHIR R4 Bundle of one patient or a GA4GH phenopacket, as JSON.
What is not given is unknown, never normal: a score is the least and the most that are still possible.";

/// The case, and what is asked.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The case; - is standard input. May be left out where --set gives the values.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Only these instruments, by id; several by repeating it or with commas. Without it, all.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    instrument: Vec<String>,
    /// Last day of the window; without it, the day of the latest observation.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// Days of the window, counted back from its last day; 14 if left out.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    window: Option<u32>,
    /// A single value, as NAME='NUMBER UNIT', NAME=yes|no|unknown, NAME@SITE=yes or NAME=CHOICE; repeat it.
    /// With a file, it adds to the file. `iatro case template --observables` lists the names.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Another published reading of an item or rule, as INSTRUMENT:VARIANT; docs/instruments lists them.
    #[arg(long, value_name = "INSTRUMENT:VARIANT", value_delimiter = ',')]
    variant: Vec<String>,
    /// Use facts too that were recalled and not read in a source; all that rests on them is labelled.
    #[arg(long)]
    include_unverified: bool,
    /// Write a FHIR R4 QuestionnaireResponse of this instrument instead of the report.
    #[arg(long, value_name = "INSTRUMENT", conflicts_with = "instrument")]
    response: Option<String>,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<(), CliError> {
    let question = question(args)?;
    if let Some(id) = &args.response {
        only_json("--response", global)?;
        let case = given::case(args.file.as_deref(), &args.set, global)?;
        return respond(id, &case, &question, global);
    }
    let case = given::case(args.file.as_deref(), &args.set, global)?;
    let report = assess(&case, &question).map_err(|error| usage(&error))?;
    output::write(&answer(&report, &question, args)?, global)
}

fn answer(report: &Report, question: &Question, args: &Args) -> Result<Answer, CliError> {
    let document =
        serde_json::to_value(report).map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    let most = most(question)?;
    let named = !args.instrument.is_empty();
    Ok(Answer { rows: rows::of(report), document, text: text::of(report, &most, named) })
}

/// What each instrument can come to at most: its answer where nothing is known.
fn most(question: &Question) -> Result<Report, CliError> {
    let nothing = Case { form: iatro_clinical::case::FORM.to_owned(), ..Case::default() };
    assess(&nothing, question).map_err(|error| usage(&error))
}

fn question(args: &Args) -> Result<Question, CliError> {
    for id in args.instrument.iter().chain(&args.response) {
        usable(find(id)?, args.include_unverified)?;
    }
    let variants: Vec<(String, String)> =
        args.variant.iter().map(|text| variant(text)).collect::<Result<_, _>>()?;
    let mut instruments = args.instrument.clone();
    instruments.extend(args.response.clone());
    Ok(Question {
        instruments,
        at: args.at,
        window_days: args.window,
        include_unverified: args.include_unverified,
        variants,
    })
}

/// The instrument of this id, or which there are.
pub(super) fn find(id: &str) -> Result<&'static Instrument, CliError> {
    instrument::find(id).ok_or_else(|| {
        let ids: Vec<&str> = instrument::all().iter().map(|one| one.id.as_str()).collect();
        CliError::usage(format!(
            "no instrument \"{id}\"; did you mean {}? Expected one of {}.",
            nearest::of(&id.to_lowercase(), ids.iter().copied()),
            ids.join(", ")
        ))
    })
}

/// An instrument that was asked for by name is not left out without a word.
pub(super) fn usable(instrument: &Instrument, include_unverified: bool) -> Result<(), CliError> {
    if instrument.evidence_status == EvidenceStatus::Unverified && !include_unverified {
        return Err(CliError::refused(format!(
            "{}: unverified: what is stated of {} was recalled and not read in a source, so it is off. \
             --include-unverified turns it on; everything that rests on it is labelled.",
            instrument.id, instrument.name
        )));
    }
    Ok(())
}

fn variant(text: &str) -> Result<(String, String), CliError> {
    let parts = text.split_once(':').map(|(id, variant)| (id.trim(), variant.trim()));
    let (id, variant) = parts.ok_or_else(|| {
        CliError::usage(format!(
            "--variant {text}: expected INSTRUMENT:VARIANT, such as hscore:above-169."
        ))
    })?;
    let instrument = find(id)?;
    if instrument.variants.iter().all(|one| one.id != variant) {
        let ids: Vec<&str> = instrument.variants.iter().map(|one| one.id.as_str()).collect();
        let expected = if ids.is_empty() {
            format!("{id} has no variants; leave it out")
        } else {
            format!("expected {}", ids.join(" or "))
        };
        return Err(CliError::usage(format!(
            "--variant {text}: {id} has no variant \"{variant}\"; {expected}."
        )));
    }
    Ok((id.to_owned(), variant.to_owned()))
}

fn usage(error: &AssessError) -> CliError {
    CliError::usage(format!("{error}."))
}

/// A FHIR resource is JSON and nothing else.
pub(super) fn only_json(flag: &str, global: &Global) -> Result<(), CliError> {
    match global.format {
        None | Some(Format::Json) => Ok(()),
        Some(_) => Err(CliError::usage(format!(
            "{flag} writes a FHIR resource, which is JSON. Leave --format out."
        ))),
    }
}

/// The answers of one instrument as a FHIR resource.
fn respond(id: &str, case: &Case, question: &Question, global: &Global) -> Result<(), CliError> {
    let instrument = find(id)?;
    let report = assess(case, question).map_err(|error| usage(&error))?;
    let assessment = report.instruments.iter().find(|one| one.id == id).ok_or_else(|| {
        CliError::failed(format!("--response {id}: the instrument was not evaluated."))
    })?;
    template::json(&questionnaire::response(instrument, assessment), global)
}
