//! `iatro synth` with a scenario.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::{iatro, json, stderr};
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
