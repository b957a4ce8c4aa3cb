//! `--engine spark` as a user calls it: on a server every command says what it says when this process counts, to the
//! byte. On Sail wherever Python installs it, on Spark when `cargo xtask test --spark` asks for it.

#![cfg(feature = "spark")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]
#![allow(clippy::print_stderr)]

mod common;
#[path = "../../iatro-engines/tests/support/launch.rs"]
mod launch;
#[cfg(feature = "s3")]
#[path = "../../iatro-engines/tests/support/store.rs"]
mod store;

use std::fs;
use std::process::Output;

use assert_cmd::Command;
use common::{iatro, ingest_faers, stderr, stdout};
use launch::Server;

/// A server, and a lake of generated reports.
struct Scene {
    folder: tempfile::TempDir,
    server: Server,
}

impl Scene {
    fn new(server: Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let corpus = folder.path().join("corpus");
        let out = corpus.to_str().unwrap();
        assert!(iatro(&["synth", "--out", out, "--reports", "400"]).status.success());
        assert!(ingest_faers(&corpus, &folder.path().join("lake")).status.success());
        Self { folder, server }
    }

    /// Runs a command in the folder of the scene; `there` has the server count.
    fn run(&self, arguments: &[&str], there: bool) -> Output {
        let mut command = Command::cargo_bin("iatro").unwrap();
        command.args(arguments).current_dir(self.folder.path());
        if there {
            let url = format!("sc://127.0.0.1:{}", self.server.port);
            command.args(["--engine", "spark", "--deadline", "5m"]).env("SPARK_REMOTE", url);
        }
        command.output().unwrap()
    }

    fn same(&self, arguments: &[&str]) {
        let [here, there] = [false, true].map(|there| self.run(arguments, there));
        assert!(here.status.success(), "{arguments:?}: {}", stderr(&here));
        assert!(there.status.success(), "{arguments:?}: {}", stderr(&there));
        assert!(stderr(&there).contains("control totals agree"), "{}", stderr(&there));
        assert!(!here.stdout.is_empty());
        assert_eq!(stdout(&there), stdout(&here), "{arguments:?}");
    }

    fn page(&self, there: bool) -> String {
        let out = if there { "there" } else { "here" };
        let output = self.run(&["review", "build", "--lake", "lake", "--out", out], there);
        assert!(output.status.success(), "{}", stderr(&output));
        fs::read_to_string(self.folder.path().join(out).join("index.html")).unwrap()
    }
}

/// A patient to ask the reports about.
const CASE: &str = r#"{"form": "iatro-case/1", "id": "P-1", "patient": {"sex": "female"},
    "event": {"onset": "2026-03-02"}, "drugs": [{"id": "ltg", "name": "lamotrigine"}]}"#;

fn every_command(server: Server) {
    let scene = Scene::new(server);
    let term = "Haemophagocytic lymphohistiocytosis";
    for arguments in [
        &["signal", "run", "--format", "json"][..],
        &["signal", "run", "--term", term, "--roles", "PS,SS,I,C", "--format", "csv"],
        &["signal", "explain", "lamotrigine"],
        &["signal", "pairs", "--format", "csv"],
        &["signal", "attribute", "--sweeps", "200", "--format", "json"],
    ] {
        scene.same(&[arguments, &["--lake", "lake"]].concat());
    }
    fs::write(scene.folder.path().join("case.json"), CASE).unwrap();
    scene.same(&["case", "causality", "case.json", "--format", "json", "--lake", "lake"]);
    assert!(scene.page(true) == scene.page(false));
    let elsewhere = ["signal", "run", "--lake", "lake", "--spark-lake", "/no/such/place"];
    let output = scene.run(&elsewhere, true);
    let text = stderr(&output);
    assert_eq!((output.status.code(), stdout(&output)), (Some(3), String::new()), "{text}");
    assert!(text.lines().count() == 1 && text.contains("/no/such/place"), "{text}");
}

/// The lake lies in a store that this program and the server both read: nothing of it is on a path.
#[cfg(feature = "s3")]
#[test]
fn a_lake_on_object_storage_on_sail() {
    let folder = tempfile::tempdir().unwrap();
    let bucket = folder.path().join("store/bucket");
    let quarter = common::quarter(folder.path(), "q");
    assert!(ingest_faers(&quarter, &bucket.join("lake")).status.success());
    let store = store::Store::start(&folder.path().join("store"));
    let variables = store.variables();
    let mut of_server: Vec<_> = variables.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    // Without one it would ask AWS where the bucket is.
    of_server.push(("AWS_REGION", "us-east-1"));
    let Some(server) = launch::sail_with(&of_server) else { return };
    let url = format!("sc://127.0.0.1:{}", server.port);
    let run = |what: &str, more: &[&str], cache: &str| {
        let mut command = common::without_aws();
        command.args(["signal", what, "--lake", "s3://bucket/lake", "--format", "csv"]).args(more);
        command.envs(variables.clone()).env("IATRO_CACHE", folder.path().join(cache));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let spark = ["--engine", "spark", "--spark-url", &url];
    for what in ["run", "pairs"] {
        let here = run(what, &[], "here");
        store.requests();
        assert_eq!(run(what, &spark, what), here);
        let asked = store.requests();
        assert!(asked.iter().any(|line| line.contains("/exposure.parquet")), "{asked:?}");
    }
    // To write pairs this program needs names and no reports.
    let kept = common::files(&folder.path().join("pairs/snapshots"));
    let dictionaries = ["manifest.json", "name.parquet", "substance.parquet", "term.parquet"];
    assert_eq!(kept.len(), dictionaries.len(), "{kept:?}");
    assert!(kept.iter().zip(dictionaries).all(|(path, name)| path.ends_with(name)), "{kept:?}");
}

#[test]
fn every_command_on_sail() {
    if let Some(server) = launch::sail() {
        every_command(server);
    }
}

#[test]
fn every_command_on_spark() {
    if let Some(server) = launch::spark(&[]) {
        every_command(server);
    }
}
