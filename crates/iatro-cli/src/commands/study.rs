//! `iatro study`: what is built in, what a study says, whether a study file is sound.

mod explain;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use iatro_signals::study::{Study, TermSet};

use crate::answer::{Answer, Kind, Rows};
use crate::error::{CliError, Status};
use crate::global::Global;
use crate::output::{self, table};

/// What to do with studies.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the built-in studies.
    #[command(after_help = "Example: iatro study list")]
    List,
    /// Print a study's file.
    #[command(after_help = "Example: iatro study show hlh > mine.toml")]
    Show {
        /// A built-in study, or a file.
        #[arg(default_value = "hlh")]
        study: String,
    },
    /// Say in English what a study counts; with a lake, which terms there its names and patterns catch,
    /// and how often.
    #[command(
        after_help = "As rows (--format csv) there is one a name or pattern and a term that it \
        catches.\n\nExample: iatro study explain hlh --lake lake"
    )]
    Explain {
        /// A built-in study, or a file.
        #[arg(default_value = "hlh")]
        study: String,
        /// The lake whose terms are counted.
        #[arg(long, value_name = "DIR")]
        lake: Option<PathBuf>,
    },
    /// Check a study file; exit code 3 and every problem if it is not sound.
    #[command(after_help = "Example: iatro study check mine.toml")]
    Check {
        /// A built-in study, or a file.
        #[arg(default_value = "hlh")]
        study: String,
    },
}

pub(crate) fn run(command: &Command, global: &Global) -> Result<Status, CliError> {
    let answer = match command {
        Command::List => list()?,
        Command::Show { study } => show(&load(study)?)?,
        Command::Explain { study, lake } => {
            explain::answer(&load(study)?, lake.as_deref(), global)?
        }
        Command::Check { study } => check(study)?,
    };
    output::write(&answer, global)?;
    Ok(Status::Fine)
}

/// A built-in study by name, or a study file by path.
pub(crate) fn load(name: &str) -> Result<Study, CliError> {
    let path = Path::new(name);
    let is_file =
        name.ends_with(".toml") || name.contains(std::path::is_separator) || path.exists();
    if !is_file || Study::list().contains(&name) {
        return Ok(Study::embedded(name)?);
    }
    let text = std::fs::read_to_string(path).map_err(|e| iatro_reports::Error::read(path, e))?;
    Ok(Study::from_toml(&text, name)?)
}

fn list() -> Result<Answer, CliError> {
    let mut rows = Rows::new(&[("study", Kind::Text), ("title", Kind::Text)]);
    for id in Study::list() {
        rows.push(vec![id.into(), Study::embedded(id)?.title.into()]);
    }
    let text = table::render(&rows);
    Ok(Answer::of_rows(rows, text))
}

fn show(study: &Study) -> Result<Answer, CliError> {
    let document =
        serde_json::to_value(study).map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    Ok(Answer { rows: terms(study), document, text: study.canonical_text().to_owned() })
}

fn check(name: &str) -> Result<Answer, CliError> {
    let study = load(name)?;
    let mut rows = Rows::new(&[("study", Kind::Text), ("content_id", Kind::Text)]);
    rows.push(vec![study.id.as_str().into(), study.content_id().into()]);
    let text = format!("{}: sound (content id {})", study.id, study.content_id());
    Ok(Answer::of_rows(rows, text))
}

/// Every name of every event definition.
fn terms(study: &Study) -> Rows {
    let mut rows =
        Rows::new(&[("event", Kind::Text), ("term", Kind::Text), ("current_term", Kind::Text)]);
    for event in study.events.keys() {
        for term in study.event(event).iter().flat_map(TermSet::names) {
            let (name, current) = (term.name.as_str(), term.current.as_str());
            rows.push(vec![event.as_str().into(), name.into(), current.into()]);
        }
    }
    rows
}
