//! Notes that tests leave for the task that runs them: what a passing test prints is not shown.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::steps::say;

/// The variable that tells tests where to leave them.
pub(crate) const VARIABLE: &str = "IATRO_TEST_NOTES";
const FOLDER: &str = "target/tmp/notes";

/// A folder of notes, each a file named `KIND-WHAT.txt`.
pub(crate) struct Notes(PathBuf);

impl Notes {
    /// The folder, without what earlier tests left.
    pub(crate) fn new() -> Result<Self, String> {
        let here = std::env::current_dir().map_err(|error| format!("the folder here: {error}"))?;
        let folder = here.join(FOLDER);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(format!("{FOLDER}: {error}")),
            _ => Ok(Self(folder)),
        }
    }

    /// Where it is, for tests that run in other folders.
    pub(crate) fn folder(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }

    /// What the notes of a kind are about, and what they say, sorted.
    pub(crate) fn of(&self, kind: &str) -> Result<Vec<(String, String)>, String> {
        let mut notes = Vec::new();
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(notes),
            entries => entries.map_err(|error| format!("{FOLDER}: {error}"))?,
        };
        for entry in entries {
            let path = entry.map_err(|error| format!("{FOLDER}: {error}"))?.path();
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if let Some(what) = stem.strip_prefix(kind).and_then(|rest| rest.strip_prefix('-')) {
                let text = fs::read_to_string(&path);
                let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
                notes.push((what.to_owned(), text));
            }
        }
        notes.sort();
        Ok(notes)
    }

    /// Says which servers were not tested, and why, in the tests' own words.
    pub(crate) fn say_skips(&self) -> Result<(), String> {
        for (server, why) in self.of("skipped")? {
            say(&format!("{server}: skipped, so some or all tests on it did not run ({why})"));
        }
        Ok(())
    }
}
