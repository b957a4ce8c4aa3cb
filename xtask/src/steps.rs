//! Commands that a task runs.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A command with a name for people.
pub(crate) struct Step {
    name: &'static str,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
}

impl Step {
    /// A cargo command.
    pub(crate) fn cargo(name: &'static str, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { name, arguments, environment: Vec::new() }
    }

    /// The same with an environment variable.
    pub(crate) fn with_env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Runs it; an error if it does not succeed.
    pub(crate) fn run(&self) -> Result<(), String> {
        let line = format!("cargo {}", self.arguments.join(" "));
        say(&format!("── {}: {line}", self.name));
        let started = Instant::now();
        let status = super::cargo()
            .args(&self.arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .status()
            .map_err(|error| format!("{line}: cannot be started ({error})"))?;
        if !status.success() {
            return Err(format!("{}: `{line}` ended with {status}", self.name));
        }
        say(&format!("── {}: done in {} s", self.name, started.elapsed().as_secs()));
        Ok(())
    }
}

/// Whether a program can be started.
pub(crate) fn found(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Says a line to the person who runs the task.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
