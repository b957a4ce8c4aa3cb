//! Benchmarks at scale: the binaries are built here, `benches/scale` runs them, and DuckDB beside them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::python;
use crate::steps::{Step, say};

const SCRIPTS: &str = "benches/scale";
const IATRO: &str = "target/release/iatro";

/// Ingest beside a plain copy.
pub(super) fn ingest(zips: &str, work: &str, options: &[&str]) -> Result<(), String> {
    build()?;
    let fixed = ["--iatro", IATRO, "--zips", zips, "--work", work];
    compare("ingest", &[&fixed, options].concat())
}

/// Counting beside the same counts in SQL.
pub(super) fn count(lake: &str, options: &[&str]) -> Result<(), String> {
    build()?;
    let counter = "target/release/examples/count";
    let fixed = ["--iatro", IATRO, "--counter", counter, "--lake", lake];
    compare("count", &[&fixed, options].concat())
}

/// The whole way from the archives to the page.
pub(super) fn path(zips: &str, work: &str) -> Result<(), String> {
    build()?;
    compare("path", &["--iatro", IATRO, "--zips", zips, "--work", work])
}

/// Both at once: apart, each would have the libraries below built anew with its own choice of their features.
fn build() -> Result<(), String> {
    let arguments = [
        "build",
        "--release",
        "--locked",
        "--package",
        "iatro-cli",
        "--package",
        "iatro-signals",
        "--bin",
        "iatro",
        "--example",
        "count",
    ];
    Step::cargo("iatro, and what counts", &arguments).run()
}

/// Runs a script and keeps what it prints.
fn compare(name: &str, arguments: &[&str]) -> Result<(), String> {
    let python = python::environment(&Path::new(SCRIPTS).join("requirements.txt"))?;
    let script = format!("{SCRIPTS}/{name}.py");
    say(&format!("── {script} {}", arguments.join(" ")));
    let output = Command::new(&python)
        .arg(&script)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{}: cannot be started ({error})", python.display()))?;
    if !output.status.success() {
        return Err(format!("{script} ended with {}", output.status));
    }
    let kept = format!("cargo xtask bench {name}\n{}", String::from_utf8_lossy(&output.stdout));
    let path = format!("benches/runs/{name}.txt");
    fs::write(&path, &kept).map_err(|error| format!("{path}: cannot be written ({error})"))?;
    say(&kept);
    say(&format!("kept in {path}"));
    Ok(())
}
