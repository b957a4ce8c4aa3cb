//! `iatro synth` with a scenario.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{iatro, json, stderr, stdout};
use iatro_synth::{Scenario, Truth};

#[test]
fn a_scenario_is_planted_at_its_strength() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("corpus");
    let out = out.to_str().unwrap();
    let answer = json(&iatro(&[
        "synth",
        "--out",
        out,
        "--seed",
        "3",
        "--reports",
        "100",
        "--scenario",
        "masking",
        "--strength",
        "2",
        "--format",
        "json",
    ]));
    let model = Scenario::find("masking").unwrap().model(2.0, 3).unwrap();
    assert_eq!(answer["plants"][0]["substance"], model.giants[0].substance.as_str());
    assert_eq!(Truth::read(folder.path().join("corpus").as_path()).unwrap().model, model);
}

#[test]
fn unknown_scenarios_and_strengths_out_of_range_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("corpus");
    let out = out.to_str().unwrap();
    let unknown = iatro(&["synth", "--out", out, "--scenario", "wonder"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("bystander"), "{}", stderr(&unknown));
    let alone = iatro(&["synth", "--out", out, "--strength", "2"]);
    assert_eq!(alone.status.code(), Some(2));
    let wild = iatro(&["synth", "--out", out, "--scenario", "age", "--strength", "1000"]);
    assert_eq!(wild.status.code(), Some(4), "{}", stderr(&wild));
    assert!(stderr(&wild).contains("0 to 100"), "{}", stderr(&wild));
    assert!(!folder.path().join("corpus").exists());
}

/// Every total of the truth, after the files went through the reader.
#[test]
fn a_corpus_of_true_size_balances_when_it_is_ingested() {
    let folder = tempfile::tempdir().unwrap();
    let (corpus, lake) = (folder.path().join("corpus"), folder.path().join("lake"));
    let (out, lake) = (corpus.to_str().unwrap(), lake.to_str().unwrap());
    let output = iatro(&["synth", "--out", out, "--seed", "4", "--scale", "0.0005"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("published"), "{}", stdout(&output));
    let truth = Truth::read(&corpus).unwrap();
    let answer = json(&iatro(&["ingest", "faers", out, "--lake", lake, "--format", "json"]));
    assert_eq!(answer["reports"], truth.cases.current);
    assert_eq!(answer["superseded"], truth.cases.superseded);
    assert_eq!(answer["deleted"], truth.cases.deleted);
    for (table, counts) in &truth.tables {
        let rows = &answer["tables"][table.as_str()];
        assert_eq!(rows["rows"], counts.records, "{table}");
        assert_eq!(rows["stored"], counts.good(), "{table}");
        assert_eq!(rows["quarantined"], counts.cut + counts.dangling, "{table}");
    }
    assert_eq!(answer["files"].as_array().unwrap().len(), 90);
}

#[test]
fn scales_out_of_range_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("corpus");
    for scale in ["0", "1.5", "-1", "all", "NaN"] {
        let scale = format!("--scale={scale}");
        let output = iatro(&["synth", "--out", out.to_str().unwrap(), &scale]);
        assert_eq!(output.status.code(), Some(2), "{scale}");
        assert!(stderr(&output).contains("expected full, or a number"), "{}", stderr(&output));
    }
    let both =
        iatro(&["synth", "--out", out.to_str().unwrap(), "--scale", "0.1", "--reports", "5"]);
    assert_eq!(both.status.code(), Some(2));
    assert!(!out.exists());
}
