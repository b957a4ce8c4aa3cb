//! Tests on servers that speak Spark Connect.

use std::fs;

use crate::machine::{machine, said};
use crate::notes::{self, Notes};
use crate::steps::{Step, say};

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
    let notes = Notes::new()?;
    let step = Step::cargo("Spark", &arguments).with_env("IATRO_TEST_SPARK", "1");
    let done = step.with_env(notes::VARIABLE, notes.folder()).run();
    done.and(notes.say_skips())?;
    let skipped = notes.of("skipped")?.iter().any(|(server, _)| server == "Spark");
    if skipped { Ok(()) } else { keep_faults(&notes) }
}

/// Makes one table of the rows that the tests left.
fn keep_faults(notes: &Notes) -> Result<(), String> {
    let rows = notes.of("fault")?;
    if rows.len() != FAULTS {
        return Err(format!("the tests left {} rows on faults, expected {FAULTS}", rows.len()));
    }
    let rows: String = rows.into_iter().map(|(_, row)| row).collect();
    let kept = format!("cargo xtask test --spark\n{}\n\n{HEAD}{rows}", tested_with()?);
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
