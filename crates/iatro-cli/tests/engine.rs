//! `--engine` as a user calls it: the choice, what does not fit together, and a server that is not there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::path::Path;

use assert_cmd::Command;
use common::{quarter, stderr, stdout};

fn lake(folder: &Path) -> String {
    let lake = folder.join("lake");
    assert!(common::ingest_faers(&quarter(folder, "q"), &lake).status.success());
    lake.to_str().unwrap().to_owned()
}

fn iatro(arguments: &[&str]) -> std::process::Output {
    Command::cargo_bin("iatro")
        .unwrap()
        .args(arguments)
        .env_remove("SPARK_REMOTE")
        .output()
        .unwrap()
}

#[test]
fn the_engine_of_this_process_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let run = |more: &[&str]| {
        let base = ["signal", "run", "--lake", &lake, "--format", "csv", "--no-checks"];
        let output = iatro(&[&base[..], more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    assert_eq!(run(&[]), run(&["--engine", "embedded"]));
}

#[test]
fn what_does_not_fit_together_is_said_before_anything_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let refused = |more: &[&str], words: &str| {
        let output = iatro(&[&["signal", "pairs", "--lake", &lake][..], more].concat());
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
        assert_eq!(stdout(&output), "");
    };
    refused(&["--spark-url", "sc://127.0.0.1:1"], "--engine spark");
    refused(&["--spark-lake", "/somewhere"], "--engine spark");
    refused(&["--engine", "spork"], "possible values");
    refused(&["--engine", "spark", "--deadline", "soon"], "such as 30m");
    let missing = if cfg!(feature = "spark") { "SPARK_REMOTE" } else { "--features sql,spark,s3" };
    refused(&["--engine", "spark"], missing);
}

#[cfg(feature = "spark")]
#[test]
fn a_server_that_is_not_there_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("sc://127.0.0.1:{port}");
    for command in [["signal", "run"], ["signal", "pairs"], ["signal", "attribute"]] {
        let more = ["--lake", &lake, "--engine", "spark", "--spark-url", &url];
        let output = iatro(&[&command[..], &more].concat());
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        let text = stderr(&output);
        assert!(text.contains(&port.to_string()) && text.lines().count() == 1, "{text}");
        assert_eq!(stdout(&output), "");
    }
    let wrong =
        iatro(&["signal", "run", "--lake", &lake, "--engine", "spark", "--spark-url", "http://x"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("sc://"));
}

#[test]
fn an_engine_without_a_lake_to_count_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case.json");
    assert!(iatro(&["case", "template", "--output", case.to_str().unwrap()]).status.success());
    let ask =
        |more: &[&str]| iatro(&[&["case", "causality", case.to_str().unwrap()], more].concat());
    assert!(ask(&[]).status.success());
    for more in [&["--engine", "spark"][..], &["--spark-url", "sc://127.0.0.1:15002"]] {
        let output = ask(more);
        let text = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{text}");
        assert!(text.contains("--lake"), "{text}");
    }
}
