//! What the caller chooses.

use std::path::PathBuf;

use iatro_synth::Scenario;

use crate::error::ValidationError;
use crate::grid::GridSettings;

/// How to call it.
pub const HELP: &str = "\
cargo xtask validate [OPTION ...]

Runs every scenario at many seeds and writes docs/validation.

  --seeds N         seeds of each scenario (20)
  --reports N       reports of a sample (100000; the scenarios are made for as many)
  --sweeps N        sweeps of each of the four chains (2000)
  --strength N      strength of what is planted, in hundredths (100); less makes it harder
  --quick           one seed of few reports: tries the machinery, its numbers mean nothing
  --scenario NAME   only this scenario; may be repeated. Writes no document
  --docs FOLDER     where the documents are written (docs/validation)
  --keep FILE       keep what the grid gave
  --from FILE       write the documents from what --keep kept, without running the grid
  --only-vaers      only the document about the real file
";

/// The arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    /// How much is planted.
    pub grid: GridSettings,
    /// Only these scenarios; empty for all.
    pub scenarios: Vec<String>,
    /// The folder of the documents.
    pub docs: PathBuf,
    /// Where to keep what the grid gave.
    pub keep: Option<PathBuf>,
    /// From where to take it.
    pub from: Option<PathBuf>,
    /// Whether only the document about the real file is written.
    pub only_vaers: bool,
    /// Whether only the help is asked for.
    pub help: bool,
}

impl Arguments {
    /// Reads the arguments.
    ///
    /// # Errors
    /// [`ValidationError::Argument`] with the help.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, ValidationError> {
        let mut parsed = Self {
            grid: GridSettings::default(),
            scenarios: Vec::new(),
            docs: PathBuf::from("docs/validation"),
            keep: None,
            from: None,
            only_vaers: false,
            help: false,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let missing = || wrong(&format!("{argument} needs a value"));
                arguments.next().ok_or_else(missing)
            };
            match argument.as_str() {
                "--seeds" => parsed.grid.seeds = number(&value()?)?,
                "--reports" => parsed.grid.reports = number(&value()?)?,
                "--sweeps" => parsed.grid.sweeps = number(&value()?)?,
                "--strength" => parsed.grid.strength = number(&value()?)?,
                "--quick" => parsed.grid = GridSettings::QUICK,
                "--scenario" => parsed.scenarios.push(scenario(value()?)?),
                "--docs" => parsed.docs = value()?.into(),
                "--keep" => parsed.keep = Some(value()?.into()),
                "--from" => parsed.from = Some(value()?.into()),
                "--help" => parsed.help = true,
                "--only-vaers" => parsed.only_vaers = true,
                _ => return Err(wrong(&format!("no option \"{argument}\""))),
            }
        }
        Ok(parsed)
    }
}

fn number<T: std::str::FromStr + PartialOrd + From<u8>>(text: &str) -> Result<T, ValidationError> {
    let number = text.parse().ok().filter(|number| *number >= T::from(1));
    number.ok_or_else(|| wrong(&format!("\"{text}\" is not a number from 1 on")))
}

fn scenario(name: String) -> Result<String, ValidationError> {
    match Scenario::find(&name) {
        Some(_) => Ok(name),
        None => Err(wrong(&format!("no scenario \"{name}\""))),
    }
}

fn wrong(problem: &str) -> ValidationError {
    ValidationError::Argument(format!("{problem}\n\n{HELP}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Arguments, ValidationError> {
        Arguments::parse(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read_and_wrong_ones_refused() {
        let parsed = parse("--seeds 3 --scenario age --keep x.json").unwrap();
        assert_eq!((parsed.grid.seeds, parsed.grid.reports), (3, 100_000));
        assert_eq!(
            (parsed.scenarios, parsed.keep),
            (vec!["age".to_owned()], Some("x.json".into()))
        );
        for wrong in ["--seeds", "--seeds 0", "--seeds x", "--scenario none", "--what"] {
            assert!(
                parse(wrong).unwrap_err().to_string().contains("cargo xtask validate"),
                "{wrong}"
            );
        }
        assert_eq!(parse("--quick").unwrap().grid, GridSettings::QUICK);
    }
}
