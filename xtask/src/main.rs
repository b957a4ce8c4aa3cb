//! Tasks of the workspace: `cargo xtask test`, `reference`, `bench`, `crash`, `validate`.
//!
//! A task runs the same commands a person would, says each before it runs, and stops at the first that
//! does not succeed. What a task needs and does not find, it names.

use std::process::{Command, ExitCode};
use std::time::Instant;

mod bench;
mod crash;
mod machine;
mod notes;
mod python;
mod spark;
mod steps;

use notes::Notes;
use steps::{Step, found};

const HELP: &str = "\
cargo xtask TASK

  test       everything: formatting, lints, unit, integration and documentation tests, generated
             references; uses cargo-nextest and cargo-deny where they are installed, and Python
             for a server to test the Spark client on
             --spark  also the tests on Spark itself (Java 17, an hour and more): answers that outlive their
             streams, processes killed and stopped in the middle of a count
  reference  write the generated documents (docs/reference, docs/methods/oracles.md, docs/instruments) anew
  bench      run the benchmarks of the estimators and keep their figures in benches/runs; `bench ingest` and
             `bench count` compare with DuckDB (Python 3 is needed); `bench --help` lists their options
  crash      kill an ingest of ten quarters at fifty random moments and run it again; `crash ZIPS`
  validate   run every method on planted truth, and on the real VAERS file where it is, and write
             docs/validation; `validate --help` lists its options
";

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let done = match task.as_str() {
        "test" => spark::is_asked_for().and_then(|spark| {
            test()?;
            if spark { spark::test() } else { Ok(()) }
        }),
        "reference" => reference(),
        "bench" => bench::bench(&std::env::args().skip(2).collect::<Vec<_>>()),
        "crash" => crash::crash(&std::env::args().skip(2).collect::<Vec<_>>()),
        "validate" => validate(),
        _ => Err(format!("no task \"{task}\"\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            steps::say(&message);
            ExitCode::FAILURE
        }
    }
}

/// Every test, in the order in which failures are cheapest.
fn test() -> Result<(), String> {
    let started = Instant::now();
    let mut steps = vec![Step::cargo("formatting", &["fmt", "--all", "--check"])];
    steps.push(Step::cargo(
        "lints",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    ));
    // What a user builds has no features.
    let default = ["clippy", "--package", "iatro-cli", "--locked", "--", "-D", "warnings"];
    steps.push(Step::cargo("lints of the default build", &default));
    if found("cargo-deny") {
        let deny = ["deny", "--workspace", "check", "licenses", "bans", "sources"];
        steps.push(Step::cargo("licences", &deny));
    } else {
        steps::say("licences: skipped; `cargo install --locked cargo-deny` to check them");
    }
    let notes = Notes::new()?;
    let tests = if found("cargo-nextest") {
        let profile = if std::env::var_os("CI").is_some() { "ci" } else { "default" };
        let run = ["nextest", "run", "--workspace", "--all-features", "--locked", "--profile"];
        Step::cargo("tests", &[&run[..], &[profile]].concat())
    } else {
        steps::say("cargo-nextest is not installed; `cargo test` runs the same tests, slower");
        let targets = ["--lib", "--bins", "--tests"];
        let run = ["test", "--workspace", "--all-features", "--locked"];
        Step::cargo("tests", &[&run[..], &targets].concat())
    };
    steps.push(tests.with_env(notes::VARIABLE, notes.folder()));
    let doctests = ["test", "--workspace", "--all-features", "--locked", "--doc"];
    steps.push(Step::cargo("documentation tests", &doctests));
    steps.push(
        Step::cargo(
            "documentation",
            &["doc", "--workspace", "--all-features", "--locked", "--no-deps"],
        )
        .with_env("RUSTDOCFLAGS", "-D warnings"),
    );
    let done = steps.iter().try_for_each(Step::run);
    done.and(notes.say_skips())?;
    steps::say(&format!("all tests passed in {} s", started.elapsed().as_secs()));
    Ok(())
}

/// Writes the generated references anew: the test that checks them also writes them.
fn reference() -> Result<(), String> {
    for test in ["oracles", "reference", "pages"] {
        let arguments = ["test", "--workspace", "--all-features", "--locked", "--test", test];
        Step::cargo("reference", &arguments).with_env("IATRO_WRITE_REFERENCE", "1").run()?;
    }
    Ok(())
}

/// Runs the validation in release, with the options that follow the task.
fn validate() -> Result<(), String> {
    let options: Vec<String> = std::env::args().skip(2).collect();
    let mut arguments = vec!["run", "--release", "--locked", "--package", "iatro-validation", "--"];
    arguments.extend(options.iter().map(String::as_str));
    Step::cargo("validation", &arguments).run()
}

/// The cargo that runs this task. What it says of the package of the task is kept from it: some build scripts look at
/// that, so that the same build would be made anew when it is called by hand.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let of_package =
        |name: &String| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for name in names.filter(of_package) {
        command.env_remove(name);
    }
    command
}
