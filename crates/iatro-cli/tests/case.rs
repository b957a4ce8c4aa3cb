//! `iatro case` as a user calls it: what the instruments say of a case, of single values, of nothing; in every form; and
//! what is said when they cannot be asked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use common::{iatro, json, stderr, stdout};
use serde_json::Value;

fn file(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    path.to_str().unwrap().to_owned()
}

fn score(arguments: &[&str]) -> Output {
    iatro(&[&["case", "score"][..], arguments].concat())
}

fn template(arguments: &[&str]) -> Output {
    iatro(&[&["case", "template"][..], arguments].concat())
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    stdout(output)
}

/// `--set` before each value.
fn set<'a>(values: &[&'a str]) -> Vec<&'a str> {
    values.iter().flat_map(|value| ["--set", value]).collect()
}

const PUBLISHED_178: [&str; 13] = [
    "temperature=39.0 Cel",
    "splenomegaly=yes",
    "hepatomegaly=no",
    "hemoglobin=8.0 g/dL",
    "leukocytes=6.0 10*9/L",
    "platelets=50 K/uL",
    "ferritin=5000 ng/mL",
    "triglycerides=2.0 mmol/L",
    "fibrinogen=3.0 g/L",
    "ast=80 U/L",
    "hemophagocytosis@marrow_aspirate=no",
    "immunosuppression=no",
    "age=40 a",
];

fn hscore(values: &[&str]) -> Value {
    let arguments = [&["--instrument", "hscore", "--format", "json"][..], &set(values)].concat();
    json(&score(&arguments))["instruments"][0].clone()
}

#[test]
fn hscore_of_single_values_is_that_of_the_published_table() {
    let answer = hscore(&PUBLISHED_178);
    assert_eq!(answer["score"], serde_json::json!({"min": 178.0, "max": 178.0}));
    assert_eq!(answer["verdict"], "fulfilled");
    // 54 % at 170 and 70 % at 180, between them on the logit.
    // 54 % at 170 and 70 % at 180, between them on the logit: 67.04 %, shown in whole per cent.
    assert_eq!(answer["probability"]["min"]["percent"], 67.0);
    assert_eq!(answer["probability"]["min"]["text"], "67 %");
    assert_eq!(answer["probability"]["min"]["interpolated"], true);
    assert_eq!(answer["probability"]["min"], answer["probability"]["max"]);
}

#[test]
fn what_is_not_set_leaves_the_score_open() {
    let known: Vec<&str> = PUBLISHED_178
        .into_iter()
        .filter(|value| !value.starts_with("ferritin") && !value.starts_with("immuno"))
        .collect();
    let answer = hscore(&known);
    assert_eq!(answer["score"], serde_json::json!({"min": 143.0, "max": 211.0}));
    assert_eq!(answer["verdict"], "indeterminate");
    let arguments = [&["--instrument", "hscore", "--format", "json"][..], &set(&known)].concat();
    let report = json(&score(&arguments));
    assert_eq!(report["next_tests"][0]["observable"], "ferritin");
    let items = answer["items"].as_array().unwrap();
    let ferritin = items.iter().find(|item| item["id"] == "ferritin").unwrap();
    assert_eq!(ferritin["state"], "unknown");
    assert_eq!(ferritin["points"], serde_json::json!({"min": 0.0, "max": 50.0}));
    assert_eq!(ferritin["evidence"][0]["reason"], "not observed");
}

#[test]
fn json_has_what_is_promised() {
    let report = json(&score(&[&file("lamotrigine.json"), "--format", "json"]));
    for key in ["notice", "case", "window", "instruments", "left_out", "disagreements", "course"] {
        assert!(!report[key].is_null(), "{key}");
    }
    let instruments = report["instruments"].as_array().unwrap();
    assert!(instruments.len() > 15);
    for one in instruments {
        for key in ["id", "verdict", "population", "evidence_status", "not_validated", "citation"] {
            assert!(one[key].is_string() || key == "citation", "{key} of {one}");
        }
        assert!(one["score"]["min"].is_number() && one["score"]["max"].is_number());
        assert_eq!(one["not_validated"], "not validated for iatrogenic HLH");
        for item in one["items"].as_array().unwrap() {
            assert!(item["id"].is_string() && item["points"]["min"].is_number());
            assert!(["met", "not_met", "unknown"].contains(&item["state"].as_str().unwrap()));
            assert!(item["evidence"].is_array());
        }
    }
    let left_out = report["left_out"].as_array().unwrap();
    assert!(left_out.iter().any(|one| one["id"] == "hlh-2024"));
    let all =
        json(&score(&[&file("lamotrigine.json"), "--include-unverified", "--format", "json"]));
    assert_eq!(all["instruments"].as_array().unwrap().len(), instruments.len() + left_out.len());
}

#[test]
fn the_window_decides_what_counts() {
    let temperature = |arguments: &[&str]| {
        let path = file("lamotrigine.json");
        let fixed = [path.as_str(), "--instrument", "hscore", "--format", "json"];
        let report = json(&score(&[&fixed[..], arguments].concat()));
        let items = report["instruments"][0]["items"].as_array().unwrap().clone();
        let item = items.into_iter().find(|item| item["id"] == "temperature").unwrap();
        (item["state"].as_str().unwrap().to_owned(), report["window"]["outside"].as_u64().unwrap())
    };
    assert_eq!(temperature(&[]), ("met".to_owned(), 0));
    assert_eq!(temperature(&["--window", "2"]).0, "not_met");
    assert!(temperature(&["--at", "2026-03-02"]).1 > 0);
    assert_eq!(temperature(&["--at", "2020-01-01"]).0, "unknown");
}

#[test]
fn a_file_standard_input_and_values_go_together() {
    let path = file("lamotrigine.json");
    let more = ["--instrument", "hscore", "--format", "json", "--set", "fibrinogen=1.1 g/L"];
    let by_name = stdout(&score(&[&[path.as_str()][..], &more].concat()));
    let mut command = Command::cargo_bin("iatro").unwrap();
    let by_pipe = command
        .args(["case", "score", "-"])
        .args(more)
        .write_stdin(fs::read(&path).unwrap())
        .output()
        .unwrap();
    assert_eq!(by_name, stdout(&by_pipe));
    let report: Value = serde_json::from_str(&by_name).unwrap();
    let items = report["instruments"][0]["items"].as_array().unwrap();
    let fibrinogen = items.iter().find(|item| item["id"] == "fibrinogen").unwrap();
    assert_eq!(fibrinogen["evidence"][0]["source"], "given on the command line");
    assert_eq!(fibrinogen["state"], "met");
}

#[test]
fn every_form_has_a_row_an_item_and_instrument() {
    let folder = tempfile::tempdir().unwrap();
    let path = file("cart.json");
    let report = json(&score(&[&path, "--format", "json"]));
    let items: usize = report["instruments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["items"].as_array().unwrap().len())
        .sum();
    let csv = said(&score(&[&path, "--format", "csv"]));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().clone();
    for column in ["instrument", "item", "state", "points_min", "points_max", "flags"] {
        assert!(header.iter().any(|name| name == column), "{column}");
    }
    assert_eq!(reader.records().map(Result::unwrap).count(), items);
    assert_eq!(said(&score(&[&path, "--format", "ndjson"])).lines().count(), items);
    let markdown = said(&score(&[&path, "--format", "markdown"]));
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| C-207")).count(), items);
    assert!(markdown.contains("Not a medical device") && markdown.contains("unverified"));
    let target = folder.path().join("score.parquet");
    said(&score(&[&path, "--output", target.to_str().unwrap()]));
    assert_eq!(&fs::read(&target).unwrap()[..4], b"PAR1");
    let flagged = csv.lines().any(|line| line.contains("tocilizumab"));
    assert!(flagged, "{csv}");
}

#[test]
fn what_cannot_be_asked_is_said_with_what_to_do() {
    let path = file("lamotrigine.json");
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json");
    let case = |observation: &str| {
        format!("{{\"form\":\"iatro-case/1\",\"id\":\"P\",\"observations\":[{observation}]}}")
    };
    let bad_name = bad.to_str().unwrap();
    let on_hscore = |token: &'static str| vec!["--instrument", "hscore", "--set", token];
    for (arguments, code, words) in [
        (vec![], 2, "--set 'ferritin=5200 ng/mL'"),
        (vec![path.as_str(), "--instrument", "hscor"], 2, "did you mean hscore?"),
        (vec![path.as_str(), "--instrument", "hlh-2024"], 4, "--include-unverified turns it on"),
        (vec![path.as_str(), "--variant", "hscore:170"], 2, "expected above-169"),
        (vec![path.as_str(), "--variant", "hscore"], 2, "INSTRUMENT:VARIANT"),
        (vec![path.as_str(), "--at", "02.03.2026"], 2, "02.03.2026"),
        (vec![path.as_str(), "--window", "0"], 2, "1..=36500"),
        (vec![path.as_str(), "--response", "hscore", "--format", "csv"], 2, "JSON"),
        (on_hscore("ferritin=5200"), 2, "ferritin='5200 ug/L'"),
        (on_hscore("ferritin=5200 parsecs"), 2, "parsecs"),
        (on_hscore("feritin=5200 ng/mL"), 2, "did you mean ferritin?"),
        (on_hscore("temperature=390 Cel"), 2, "beyond what is possible"),
        (on_hscore("splenomegaly=perhaps"), 2, "yes"),
        (vec!["/nowhere/case.json"], 3, "cannot be read"),
    ] {
        let output = score(&arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains("?."), "{}", stderr(&output));
    }
    let twice = score(&set(&["ferritin=1 ug/L", "ferritin=2 ug/L"]));
    assert_eq!(twice.status.code(), Some(2));
    assert!(stderr(&twice).contains("given twice"));
    for (text, words) in [
        (
            case("{\"id\":\"a\",\"observable\":\"ferritin\",\"value\":5,\"unit\":\"x\"}"),
            "observations[0].unit",
        ),
        (
            case(
                "{\"id\":\"a\",\"observable\":\"ferritin\",\"time\":\"2999-01-01\",\"value\":5,\"unit\":\"ug/L\"}",
            ),
            "after today",
        ),
        (
            case("{\"id\":\"a\",\"observable\":\"spleen\",\"present\":\"yes\"}"),
            "no observable \"spleen\"",
        ),
        ("{".to_owned(), "line 1"),
    ] {
        fs::write(&bad, text).unwrap();
        let output = score(&[bad_name]);
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
        assert!(stderr(&output).contains("bad.json"), "{}", stderr(&output));
    }
}

#[test]
fn the_text_fits_a_note_whatever_the_case() {
    let long = file("long.json");
    let everything = file("everything.json");
    for arguments in [
        vec![file("lamotrigine.json")],
        vec![file("cart.json"), "--include-unverified".to_owned()],
        vec![everything.clone(), "--include-unverified".to_owned()],
        vec![everything, "--instrument".to_owned(), "icans,crs,regiscar".to_owned()],
        vec![long],
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let text = said(&score(&arguments));
        let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{arguments:?}: {wide:?}");
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains("No instrument here was validated for iatrogenic HLH."));
        assert!(plain.ends_with("Research use. Not a medical device."));
        assert_eq!(text, said(&score(&arguments)), "the same bytes again");
    }
}

#[test]
fn the_text_of_a_case_with_much_known() {
    let path = file("lamotrigine.json");
    let text = said(&score(&[&path, "--instrument", "hlh-2004,hscore,ohi", "--window", "20"]));
    insta::assert_snapshot!("score_lamotrigine", text);
}

#[test]
fn the_text_of_single_values_and_of_a_flagged_case() {
    let values = ["temperature=38.9 Cel", "ferritin=>40000 ng/mL", "splenomegaly=yes"];
    let text = said(&score(&[&["--instrument", "hscore"][..], &set(&values)].concat()));
    insta::assert_snapshot!("score_values", text);
    let text = said(&score(&[&file("cart.json"), "--instrument", "hscore,crs,mas-2016"]));
    insta::assert_snapshot!("score_flagged", text);
}

#[test]
fn a_template_is_a_case_and_says_nothing_of_a_patient() {
    let output = template(&[]);
    let text = said(&output);
    assert!(stderr(&output).contains("--observables"));
    let mut command = Command::cargo_bin("iatro").unwrap();
    let scored = command
        .args(["case", "score", "-", "--format", "json"])
        .write_stdin(text.clone())
        .output()
        .unwrap();
    let report = json(&scored);
    for one in report["instruments"].as_array().unwrap() {
        assert_ne!(one["verdict"], "fulfilled", "{one}");
        for item in one["items"].as_array().unwrap() {
            assert_eq!(item["state"], "unknown", "{item}");
        }
    }
    let case: Value = serde_json::from_str(&text).unwrap();
    let schema: Value = serde_json::from_str(&said(&template(&["--schema"]))).unwrap();
    for key in case.as_object().unwrap().keys() {
        assert!(!schema["properties"][key].is_null(), "{key}");
    }
}

#[test]
fn templates_for_other_programs() {
    let csv = said(&template(&["--observables", "--format", "csv"]));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let ferritin = rows.iter().find(|row| &row[0] == "ferritin").unwrap();
    assert!(ferritin[8].split(' ').any(|id| id == "hscore"), "{ferritin:?}");
    let dictionary = said(&template(&["--redcap"]));
    assert!(
        dictionary.starts_with("Variable / Field Name,") || dictionary.starts_with("\"Variable")
    );
    let record = said(&template(&["--record", &file("lamotrigine.json")]));
    assert!(record.lines().next().unwrap().contains("redcap_repeat_instrument"));
    assert!(record.contains("P-014"));
    let form: Value =
        serde_json::from_str(&said(&template(&["--questionnaire", "hscore"]))).unwrap();
    assert_eq!(form["resourceType"], "Questionnaire");
    let response = score(&[&file("lamotrigine.json"), "--response", "hscore"]);
    let response = json(&response);
    assert_eq!(response["resourceType"], "QuestionnaireResponse");
    assert_eq!(response["status"], "completed");
    let links = |value: &Value| {
        let items = value["item"].as_array().unwrap();
        items.iter().map(|item| item["linkId"].clone()).collect::<Vec<_>>()
    };
    let asked = links(&form);
    assert!(links(&response).iter().all(|link| asked.contains(link)));
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("schema.json");
    said(&template(&["--schema", "--output", target.to_str().unwrap()]));
    assert!(fs::read_to_string(&target).unwrap().contains("iatro-case-1.json"));
    for (arguments, code, words) in [
        (vec!["--questionnaire", "hscor"], 2, "did you mean hscore?"),
        (vec!["--redcap", "--schema"], 2, "cannot be used with"),
        (vec!["--redcap", "--format", "json"], 2, "CSV only"),
        (vec!["--record", "/nowhere"], 3, "cannot be read"),
    ] {
        let output = template(&arguments);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

fn causality(arguments: &[&str]) -> Output {
    iatro(&[&["case", "causality"][..], arguments].concat())
}

#[test]
fn a_case_is_laid_out_drug_by_drug() {
    let path = file("lamotrigine.json");
    let document = json(&causality(&[&path, "--format", "json"]));
    assert_eq!(document["case"], "P-014");
    let drugs = document["drugs"].as_array().unwrap();
    assert_eq!(drugs.len(), 4);
    let drug = |id: &str| drugs.iter().find(|drug| drug["id"] == id).unwrap();
    assert_eq!(drug("ltg")["standing"]["assessed"], true);
    assert_eq!(
        drug("ltg")["latency"]["from_first_start"],
        serde_json::json!({"min": 16, "max": 16})
    );
    assert_eq!(drug("dex")["standing"]["assessed"], false);
    assert!(drug("dex")["instruments"].as_array().unwrap().is_empty());
    let naranjo = drug("ltg")["instruments"].as_array().unwrap().iter();
    let naranjo = naranjo.clone().find(|one| one["id"] == "naranjo").unwrap();
    assert!(naranjo["category"]["id"].is_string() && naranjo["points"]["ceiling"].is_number());
    for question in naranjo["questions"].as_array().unwrap() {
        assert!(!question["reason"].as_str().unwrap().is_empty(), "{question}");
    }
    let one =
        json(&causality(&[&path, "--drug", "ltg", "--instrument", "naranjo", "--format", "json"]));
    assert_eq!(one["drugs"].as_array().unwrap().len(), 1);
    assert_eq!(one["drugs"][0]["instruments"].as_array().unwrap().len(), 1);
}

#[test]
fn causality_has_a_row_a_question_and_a_row_for_what_is_not_assessed() {
    let path = file("lamotrigine.json");
    let document = json(&causality(&[&path, "--format", "json"]));
    let count = |value: &Value| value.as_array().unwrap().len();
    let expected: usize = document["drugs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|drug| {
            let instruments = drug["instruments"].as_array().unwrap();
            let rows: usize = instruments.iter().map(|one| count(&one["questions"]).max(1)).sum();
            rows.max(1)
        })
        .sum();
    let text = said(&causality(&[&path, "--format", "csv"]));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.records().map(Result::unwrap).count(), expected);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("causality.parquet");
    said(&causality(&[&path, "--output", target.to_str().unwrap()]));
    assert_eq!(&fs::read(&target).unwrap()[..4], b"PAR1");
}

#[test]
fn the_layout_fits_a_note_whatever_the_case() {
    for name in ["lamotrigine.json", "cart.json", "everything.json", "long.json"] {
        let text = said(&causality(&[&file(name), "--include-unverified"]));
        let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{name}: {wide:?}");
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in
            ["No instrument here was validated for iatrogenic HLH", "Not a medical device."]
        {
            assert!(plain.contains(words), "{name}: {words}");
        }
    }
    let text = said(&causality(&[&file("lamotrigine.json"), "--drug", "ltg"]));
    insta::assert_snapshot!("causality_lamotrigine", text);
    let text = said(&causality(&[&file("cart.json"), "--drug", "axi", "--instrument", "who-umc"]));
    insta::assert_snapshot!("causality_cell_therapy", text);
}

#[test]
fn what_cannot_be_laid_out_is_said() {
    let path = file("lamotrigine.json");
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json");
    fs::write(
        &bad,
        "{\"form\":\"iatro-case/1\",\"id\":\"P\",\"drugs\":[{\"id\":\"a\",\"name\":\"x\",\"answers\":{\"naranjo\":[{\"question\":\"q99\",\"answer\":\"yes\"}]}}]}",
    )
    .unwrap();
    for (arguments, code, words) in [
        (vec![path.as_str(), "--drug", "aspirin"], 2, "expected one of"),
        (vec![path.as_str(), "--instrument", "narnajo"], 2, "naranjo"),
        (vec![path.as_str(), "--variant", "rucam"], 2, "INSTRUMENT:VARIANT"),
        (vec![bad.to_str().unwrap()], 3, "q99"),
        (vec!["/nowhere"], 3, "cannot be read"),
        (vec![], 2, "FILE"),
    ] {
        let output = causality(&arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}
