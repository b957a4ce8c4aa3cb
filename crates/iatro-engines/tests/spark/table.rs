//! What came of the faults, as a table for people.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::launch::NOTES;

/// What came of one kind of fault.
#[derive(Default)]
pub(crate) struct Outcomes {
    pub(crate) runs: u32,
    pub(crate) right: u32,
    pub(crate) errors: u32,
    pub(crate) wrong: u32,
    pub(crate) longest: Duration,
    /// What the count takes without a fault.
    undisturbed: Duration,
    /// What the errors said, and how often.
    said: BTreeMap<String, u32>,
}

impl Outcomes {
    /// None yet, of counts that take so long without a fault.
    pub(crate) fn of_counts_that_take(undisturbed: Duration) -> Self {
        Self { undisturbed, ..Self::default() }
    }

    /// Notes what an error said: what was wrong, without the server's address before and the advice behind it.
    pub(crate) fn hear(&mut self, error: &str) {
        self.errors += 1;
        let problem = error.split_once(": ").map_or(error, |(_, problem)| problem);
        let problem = problem.split_once(". No number").map_or(problem, |(problem, _)| problem);
        *self.said.entry(problem.to_owned()).or_default() += 1;
    }
}

/// Prints the row of a fault, and leaves it for the task that makes a table of them.
pub(crate) fn keep(fault: &str, outcomes: &Outcomes) {
    let said: Vec<String> =
        outcomes.said.iter().map(|(said, times)| format!("{times} × {said}")).collect();
    let row = format!(
        "| {fault} | {:.1} | {} | {} | {} | {} | {:.0} | {} |\n",
        outcomes.undisturbed.as_secs_f64(),
        outcomes.runs,
        outcomes.right,
        outcomes.errors,
        outcomes.wrong,
        outcomes.longest.as_secs_f64().ceil(),
        said.join("; ")
    );
    eprint!("{row}");
    if let Some(folder) = std::env::var_os(NOTES) {
        let name = format!("fault-{}.txt", fault.replace([' ', '`'], "-"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(Path::new(&folder).join(name), row).unwrap();
    }
}
