//! Tests on servers that speak Spark Connect.

use crate::steps::{Step, found, say};

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
    Step::cargo("Spark", &arguments).with_env("IATRO_TEST_SPARK", "1").run()
}
