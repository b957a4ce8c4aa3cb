//! Tests on servers that speak Spark Connect.

use std::fs;
use std::io::ErrorKind;

use crate::steps::{Step, found, say};

const ROWS: &str = "target/tmp/spark-faults";
const KEPT: &str = "benches/runs/faults.txt";
const HEAD: &str = "cargo xtask test --spark\n\n\
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

/// Says which of these tests will be skipped: what a passing test prints is not shown.
pub(crate) fn say_what_is_skipped() {
    if !found("python3") {
        say("Sail: skipped; the tests install it with python3, which is not there");
    }
}

/// Runs the tests on Spark, one after another: each has a server or a cluster of its own.
pub(crate) fn test() -> Result<(), String> {
    if !found("java") || !found("python3") {
        say("Spark: skipped; it needs Java 17 or later and python3");
        return Ok(());
    }
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
    match fs::remove_dir_all(ROWS) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(format!("{ROWS}: {error}"));
        }
        _ => {}
    }
    Step::cargo("Spark", &arguments).with_env("IATRO_TEST_SPARK", "1").run()?;
    keep_faults()
}

/// Makes one table of the rows that the tests left, each in a file of its own.
fn keep_faults() -> Result<(), String> {
    let entries = fs::read_dir(ROWS).map_err(|error| format!("{ROWS}: {error}"))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    if paths.len() != FAULTS {
        return Err(format!("{ROWS}: {} rows, expected {FAULTS}", paths.len()));
    }
    let mut kept = HEAD.to_owned();
    for path in paths {
        kept +=
            &fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    fs::write(KEPT, &kept).map_err(|error| format!("{KEPT}: {error}"))?;
    say(&format!("{kept}kept in {KEPT}"));
    Ok(())
}
