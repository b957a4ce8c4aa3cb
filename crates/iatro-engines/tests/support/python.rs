//! A virtual environment with what a requirements file pins: made once, kept in the build folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder where tests leave notes for the task that runs them; set by `cargo xtask test`.
pub(crate) const NOTES: &str = "IATRO_TEST_NOTES";

/// The environment of a requirements file beside this one, or why there is none.
pub(crate) fn environment(requirements: &str) -> Result<PathBuf, String> {
    let text = fs::read_to_string(requirements).unwrap();
    let name = text.trim().replace("==", "-");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let ready = folder.join("ready");
    // Test processes run side by side: one makes it, the others wait.
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    if !ready.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(Command::new(python(&folder)).args(pip).args(["-r", requirements]))?;
        fs::write(&ready, &text).unwrap();
    }
    Ok(folder)
}

/// The interpreter of an environment.
pub(crate) fn python(environment: &Path) -> PathBuf {
    environment.join("bin/python")
}

fn run(command: &mut Command) -> Result<(), String> {
    let output =
        command.output().map_err(|error| format!("python3 cannot be started ({error})"))?;
    if output.status.success() { Ok(()) } else { Err(last_words(&output)) }
}

/// The end of what a program said on its errors; of what it said at all, if that is nothing.
fn last_words(output: &Output) -> String {
    let heard = |said: &[u8]| {
        let said = String::from_utf8_lossy(said);
        let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(3)..].join(" / ")
    };
    let said =
        [heard(&output.stderr), heard(&output.stdout), format!("ended with {}", output.status)];
    said.into_iter().find(|said| !said.is_empty()).unwrap_or_default()
}

/// Says that a test is skipped. Where tests must not be skipped (CI), that is a failure, unless the network is why.
pub(crate) fn cannot_be_installed(what: &str, why: &str) {
    let offline = ["NewConnectionError", "ConnectionError", "Temporary failure in name resolution"];
    let offline = offline.iter().any(|word| why.contains(word));
    let must = std::env::var_os("CI").is_some();
    assert!(!must || offline, "{what} cannot be skipped here: {why}");
    skipped(what, why);
}

/// Says that a test is skipped, also to the task that runs the tests: what a passing test prints is not shown.
pub(crate) fn skipped(what: &str, why: &str) {
    if let Some(folder) = std::env::var_os(NOTES) {
        fs::create_dir_all(&folder).unwrap();
        fs::write(Path::new(&folder).join(format!("skipped-{what}.txt")), why).unwrap();
    }
    eprintln!("skipped: no {what} ({why})");
}
