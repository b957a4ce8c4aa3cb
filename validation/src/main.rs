//! Runs the validation and writes its documents.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use iatro_validation::arguments::{Arguments, HELP};
use iatro_validation::document;
use iatro_validation::error::ValidationError;
use iatro_validation::grid::{self, Grid};
use iatro_validation::vaers;

fn main() -> ExitCode {
    match Arguments::parse(std::env::args().skip(1)).and_then(|arguments| validate(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn validate(arguments: &Arguments) -> Result<(), ValidationError> {
    let started = Instant::now();
    if arguments.help {
        say(HELP);
        return Ok(());
    }
    if !arguments.only_vaers {
        planted(arguments)?;
    }
    if arguments.scenarios.is_empty() {
        match vaers::file() {
            Some(file) => vaers::write(&file, &arguments.docs)?,
            None => say(&format!(
                "{}: left as it is; no vaers/NonDomesticVAERSData-no-demographics.zip in the folder that \
                 IATRO_TEST_DATA names, or in ../shared/data beside the checkout",
                vaers::NAME
            )),
        }
    }
    say(&format!("done in {} s", started.elapsed().as_secs()));
    Ok(())
}

/// The document about planted truth.
fn planted(arguments: &Arguments) -> Result<(), ValidationError> {
    let grid = match &arguments.from {
        Some(path) => read(path)?,
        None => {
            let scenarios: Vec<&str> = arguments.scenarios.iter().map(String::as_str).collect();
            grid::run(arguments.grid, &scenarios, &say)?
        }
    };
    if let Some(path) = &arguments.keep {
        let text = serde_json::to_string(&grid).map_err(std::io::Error::from);
        text.and_then(|text| fs::write(path, text))
            .map_err(|source| ValidationError::Write { path: path.clone(), source })?;
    }
    if arguments.scenarios.is_empty() { document::write(&grid, &arguments.docs) } else { Ok(()) }
}

fn read(path: &Path) -> Result<Grid, ValidationError> {
    let wrong = |problem: String| {
        let path = path.display();
        ValidationError::Argument(format!("{path}: {problem}. Expected a file that --keep wrote"))
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
}

/// Says a line to the person who runs the validation.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
