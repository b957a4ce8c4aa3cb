//! Tests on servers that speak Spark Connect.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::machine::{machine, said};
use crate::steps::{Step, say};

/// What the tests leave, where cargo has them leave it.
const SKIPPED: &str = "target/tmp/skipped";
const ROWS: &str = "target/tmp/spark-faults";
const KEPT: &str = "benches/runs/faults.txt";
const REQUIREMENT: &str = "crates/iatro-engines/tests/support/spark.txt";
const HEAD: &str = "\
    | fault | undisturbed, s | runs | right counts | errors | wrong | longest, s | what the errors said |\n\
    |---|---:|---:|---:|---:|---:|---:|---|\n";
/// Executor, worker and server, each killed and stopped.
const FAULTS: usize = 6;

/// Whether `--spark` stands behind the task; an error if anything else does.
pub(crate) fn is_asked_for() -> Result<bool, String> {
    let options: Vec<String> = std::env::args().skip(2).collect();
    match options.as_slice() {
        [] => Ok(false),
        [option] if option == "--spark" => Ok(true),
        other => Err(format!("test: no option \"{}\"; known is --spark", other.join(" "))),
    }
}

/// Forgets what earlier tests skipped.
pub(crate) fn forget_skips() -> Result<(), String> {
    emptied(SKIPPED)
}

/// Says which servers were not tested and why, in the tests' own words.
pub(crate) fn say_skips() {
    for server in ["Sail", "Spark"] {
        if let Some(why) = skipped(server) {
            say(&format!("{server}: skipped, so the tests on it did not run ({why})"));
        }
    }
}

fn skipped(server: &str) -> Option<String> {
    fs::read_to_string(Path::new(SKIPPED).join(server)).ok()
}

fn emptied(folder: &str) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(format!("{folder}: {error}")),
        _ => Ok(()),
    }
}

/// Runs the tests on Spark, one after another: each has a server or a cluster of its own.
pub(crate) fn test() -> Result<(), String> {
    // All of the workspace, as the other tests: what they built is used.
    let arguments = [
        "test",
        "--locked",
        "--workspace",
        "--all-features",
        "--test",
        "spark",
        "--test",
        "protocol",
        "--",
        "--test-threads=1",
        "--nocapture",
    ];
    emptied(ROWS)?;
    forget_skips()?;
    Step::cargo("Spark", &arguments).with_env("IATRO_TEST_SPARK", "1").run()?;
    say_skips();
    if skipped("Spark").is_some() { Ok(()) } else { keep_faults() }
}

/// Makes one table of the rows that the tests left, each in a file of its own.
fn keep_faults() -> Result<(), String> {
    let entries = fs::read_dir(ROWS).map_err(|error| format!("{ROWS}: {error}"))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    if paths.len() != FAULTS {
        return Err(format!("{ROWS}: {} rows, expected {FAULTS}", paths.len()));
    }
    let mut kept = format!("cargo xtask test --spark\n{}\n\n{HEAD}", tested_with()?);
    for path in paths {
        kept +=
            &fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    fs::write(KEPT, &kept).map_err(|error| format!("{KEPT}: {error}"))?;
    say(&format!("{kept}kept in {KEPT}"));
    Ok(())
}

/// What the faults were made on: the machine, and the versions of Spark and Java.
fn tested_with() -> Result<String, String> {
    let spark =
        fs::read_to_string(REQUIREMENT).map_err(|error| format!("{REQUIREMENT}: {error}"))?;
    let java = said("java", "-version");
    let java = java.split('"').nth(1).unwrap_or("unknown");
    Ok(format!("{}; {}; Java {java}", machine(), spark.trim()))
}
