//! `iatro case causality`: a case laid out drug by drug.

mod attribution;
mod completeness;
mod rows;
mod text;

use std::path::PathBuf;

use iatro_clinical::causality::{
    CaseCausality, CausalityError, CausalityQuestion, InstrumentAnswer, assess,
};
use iatro_clinical::evidence::EvidenceStatus;

use super::given;
use crate::answer::Answer;
use crate::error::CliError;
use crate::global::Global;
use crate::output;

pub(super) const EXAMPLES: &str = "\
Examples:
  iatro case causality case.json
  iatro case causality case.json --lake lake
  iatro case causality case.json --lake /shared/lake --engine spark --spark-url sc://master:15002
  iatro case causality case.json --drug ltg --instrument naranjo,who-umc --format json

FILE is a case (`iatro case template`), a FHIR R4 Bundle of one patient or a GA4GH phenopacket, as JSON.
An answer that is not known is not \"no\": each instrument says what is still open. No category rests on a
measure of disproportionality.";

/// The case, and what is asked.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The case; - is standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only these drugs, by their id in the case; several by repeating it or with commas. Without it, all.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    drug: Vec<String>,
    /// Only these instruments, by id; several by repeating it or with commas. Without it, all.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    instrument: Vec<String>,
    /// Another edition of an instrument, as INSTRUMENT:VARIANT, such as rucam:1993.
    #[arg(long, value_name = "INSTRUMENT:VARIANT", value_delimiter = ',')]
    variant: Vec<String>,
    /// Use facts too that were recalled and not read in a source; all that rests on them is labelled.
    #[arg(long)]
    include_unverified: bool,
    #[command(flatten)]
    reports: attribution::Reports,
}

pub(super) fn run(args: &Args, global: &Global) -> Result<(), CliError> {
    let question = question(args)?;
    let case = given::case(Some(&args.file), &[], global)?;
    let causality = assess(&case, &question).map_err(|error| refused(&error, args))?;
    unverified_by_name(&causality, args)?;
    let reports =
        attribution::of_case(&args.reports, &case, &causality, args.include_unverified, global)?;
    let json = |error: serde_json::Error| CliError::failed(format!("JSON: {error}"));
    let mut document = serde_json::to_value(&causality).map_err(json)?;
    completeness::add_scores(&mut document, &causality);
    let mut text = text::of(&causality);
    if let (Some(run), Some(fields)) = (&reports, document.as_object_mut()) {
        let apart = serde_json::to_value(run).map_err(json)?;
        fields.insert("attribution_of_reports".to_owned(), apart);
        text.push('\n');
        text.push_str(&attribution::text(run));
    }
    let answer = Answer { rows: rows::of(&causality), document, text };
    output::write(&answer, global)
}

fn question(args: &Args) -> Result<CausalityQuestion, CliError> {
    let variant = |text: &String| {
        let parts = text.split_once(':').map(|(id, variant)| (id.trim(), variant.trim()));
        let (id, variant) = parts.ok_or_else(|| {
            CliError::usage(format!(
                "--variant {text}: expected INSTRUMENT:VARIANT, such as rucam:1993."
            ))
        })?;
        Ok((id.to_owned(), variant.to_owned()))
    };
    Ok(CausalityQuestion {
        drugs: args.drug.clone(),
        instruments: args.instrument.clone(),
        include_unverified: args.include_unverified,
        variants: args.variant.iter().map(variant).collect::<Result<_, CliError>>()?,
    })
}

fn refused(error: &CausalityError, args: &Args) -> CliError {
    match error {
        CausalityError::NotKnown { .. } => CliError::usage(format!("{error}.")),
        CausalityError::TooLarge { .. } => {
            CliError::refused(format!("{}: {error}, as --drug ID names them.", args.file.display()))
        }
        CausalityError::Answer { .. } => {
            CliError::bad_data(format!("{}, {error}.", args.file.display()))
        }
        CausalityError::Data { .. } => CliError::failed(format!("{error}.")),
    }
}

/// An instrument that was asked for by name is not left out without a word.
fn unverified_by_name(causality: &CaseCausality, args: &Args) -> Result<(), CliError> {
    let begins = |line: &str, id: &str| {
        line.strip_prefix(id).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let named = args.instrument.iter();
    let lost = named.flat_map(|id| causality.left_out.iter().find(|line| begins(line, id))).next();
    match lost {
        Some(line) if !args.include_unverified => Err(CliError::refused(format!(
            "{line}. --include-unverified turns it on; everything that rests on it is labelled."
        ))),
        _ => Ok(()),
    }
}

/// `[unverified]`, where it is.
fn mark(status: EvidenceStatus) -> &'static str {
    if status == EvidenceStatus::Unverified { " [unverified]" } else { "" }
}

/// The category with what is known now.
fn category(answer: &InstrumentAnswer) -> Option<&str> {
    answer.category.as_ref().map(|category| category.label.as_str())
}
