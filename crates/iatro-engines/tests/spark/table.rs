//! What came of the faults, as a table for people.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// What came of one kind of fault.
#[derive(Default)]
pub(crate) struct Outcomes {
    pub(crate) runs: u32,
    pub(crate) right: u32,
    pub(crate) errors: u32,
    pub(crate) wrong: u32,
    pub(crate) longest: Duration,
    /// The kinds of the errors, and what the first of each said.
    pub(crate) said: Vec<String>,
}

/// Prints the row of a fault and keeps it, so that the rows of a run make the table of `docs/scale-out.md`.
pub(crate) fn keep(fault: &str, outcomes: &Outcomes) {
    let row = format!(
        "| {fault} | {} | {} | {} | {} | {:.0} |\n",
        outcomes.runs,
        outcomes.right,
        outcomes.errors,
        outcomes.wrong,
        outcomes.longest.as_secs_f64().ceil()
    );
    eprint!("{row}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spark-faults");
    fs::create_dir_all(&folder).unwrap();
    let text = format!("{row}{}\n", outcomes.said.join("\n"));
    fs::write(folder.join(format!("{}.txt", fault.replace([' ', '`'], "-"))), text).unwrap();
}
