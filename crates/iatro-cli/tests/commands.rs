//! The commands as a user calls them, and the shape of what they answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::fs;
use std::path::Path;

use common::{iatro, json, quarter, stderr, stdout};
use serde_json::Value;

fn lake(folder: &Path) -> String {
    let lake = folder.join("lake").to_str().unwrap().to_owned();
    let quarter = quarter(folder, "q");
    let output = iatro(&["ingest", "faers", quarter.to_str().unwrap(), "--lake", &lake]);
    assert!(output.status.success(), "{}", stderr(&output));
    lake
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn ingest_answers_with_totals_that_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let quarter = quarter(folder.path(), "q");
    let lake = folder.path().join("lake");
    let arguments = |format: &'static str| {
        let quarter = quarter.to_str().unwrap().to_owned();
        let lake = lake.to_str().unwrap().to_owned();
        ["ingest", "faers", &quarter, "--lake", &lake, "--format", format].map(str::to_owned)
    };
    let answer = json(&iatro(&arguments("json")));
    for key in ["dataset_id", "reports", "superseded", "deleted", "quarantined", "tables", "files"]
    {
        assert!(keys(&answer).contains(&key), "{key}");
    }
    assert_eq!(answer["reports"], 3);
    for (table, rows) in answer["tables"].as_object().unwrap() {
        let count = |key: &str| rows[key].as_u64().unwrap();
        assert_eq!(count("rows"), count("stored") + count("quarantined"), "{table}");
    }
    let files = answer["files"].as_array().unwrap();
    assert_eq!(files.len(), 3);
    for file in files {
        for key in ["name", "sha256", "rows", "quarantined", "warnings"] {
            assert!(keys(file).contains(&key), "{key}");
        }
    }
    let again = json(&iatro(&arguments("json")));
    assert_eq!(again["dataset_id"], answer["dataset_id"]);
    assert_eq!(again["already_there"].as_array().unwrap().len(), 1);
}

#[test]
fn signal_run_writes_the_columns_that_are_promised() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let output = iatro(&["signal", "run", "--lake", &lake, "--study", "hlh", "--format", "csv"]);
    let text = stdout(&output);
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "substance,event,check,a,b,c,d,expected,ror,ror_lo,ror_hi,prr,prr_lo,prr_hi,chi2_yates,\
         ic,ic025,ic975,ebgm,eb05,eb95,fisher_mid_p,q,dataset_id,run_id"
    );
    assert!(lines.next().unwrap().starts_with("lamotrigine,hlh-narrow,primary,2,0,0,1,"), "{text}");
    // Aspirin is suspect in one report without HLH; as concomitant it does not count.
    assert!(lines.next().unwrap().starts_with("aspirin,hlh-narrow,primary,0,1,2,0,"), "{text}");
    let with_rules =
        stdout(&iatro(&["signal", "run", "--lake", &lake, "--format", "csv", "--rules"]));
    let header = with_rules.lines().next().unwrap();
    assert!(header.ends_with("n_ge_3,prr_evans,ror_lower_gt_1,ic025_gt_0,class,mark"), "{header}");
}

#[test]
fn every_format_has_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let run =
        |format: &str| stdout(&iatro(&["signal", "run", "--lake", &lake, "--format", format]));
    assert_eq!(run("csv").lines().count(), 3);
    assert_eq!(run("ndjson").lines().count(), 2);
    assert_eq!(run("markdown").lines().count(), 4);
    let document: Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(document["signals"].as_array().unwrap().len(), 2);
    assert_eq!(document["signals"][0]["rules"]["n_ge_3"], "not met");
    let file = folder.path().join("signals.parquet");
    let output = iatro(&[
        "signal",
        "run",
        "--lake",
        &lake,
        "--format",
        "parquet",
        "--output",
        file.to_str().unwrap(),
    ]);
    assert!(output.status.success() && output.stdout.is_empty(), "{}", stderr(&output));
    assert_eq!(&fs::read(&file).unwrap()[..4], b"PAR1");
}

#[test]
fn explain_leads_from_the_files_to_the_cases() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let answer =
        json(&iatro(&["signal", "explain", "Lamotrigine", "--lake", &lake, "--format", "json"]));
    let steps = answer["waterfall"]["steps"].as_array().unwrap();
    assert_eq!(steps.first().unwrap()["left"], 3);
    assert_eq!(steps.last().unwrap()["left"], 2);
    let cases = answer["cases"].as_array().unwrap();
    assert_eq!(cases[0]["native_id"], "1001");
    assert_eq!(cases[0]["line"], 2);
    assert_eq!(cases[1]["age_years"], 70.0);
    assert_eq!(cases[1]["event_date"], "2022-09");
}

#[test]
fn the_calculator_gives_the_published_numbers() {
    let answer =
        json(&iatro(&["stats", "table", "25", "1101", "62", "571385", "--format", "json"]));
    let point = |name: &str| {
        let measures = answer["measures"].as_array().unwrap();
        let row = measures.iter().find(|m| m["measure"].as_str().unwrap().starts_with(name));
        row.unwrap()["point"].as_f64().unwrap()
    };
    assert!((point("ROR") - 209.261_742).abs() < 1e-6);
    assert!((point("IC (exact") - 5.247_845).abs() < 1e-6);
}

#[test]
fn studies_are_listed_shown_explained_and_checked() {
    assert!(stdout(&iatro(&["study", "list"])).contains("hlh"));
    let shown = stdout(&iatro(&["study", "show", "hlh"]));
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.toml");
    fs::write(&own, &shown).unwrap();
    assert!(iatro(&["study", "check", own.to_str().unwrap()]).status.success());
    fs::write(&own, shown.replace("minimum_cases", "minimal_cases")).unwrap();
    let bad = iatro(&["study", "check", own.to_str().unwrap()]);
    assert_eq!(bad.status.code(), Some(3));
    assert!(stderr(&bad).contains("minimal_cases"), "{}", stderr(&bad));
    let lake = lake(folder.path());
    let explained = stdout(&iatro(&["study", "explain", "hlh", "--lake", &lake]));
    assert!(explained.contains("Haemophagocytic lymphohistiocytosis (2 hits)"), "{explained}");
}

#[test]
fn a_damaged_lake_fails_its_check() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    assert!(iatro(&["lake", "verify", "--lake", &lake]).status.success());
    let listed = json(&iatro(&["lake", "ls", "--lake", &lake, "--format", "json"]));
    let id = listed[0]["dataset_id"].as_str().unwrap();
    let table = Path::new(&lake).join("snapshots").join(id).join("drug.parquet");
    let mut bytes = fs::read(&table).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&table, bytes).unwrap();
    let output = iatro(&["lake", "verify", "--lake", &lake]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("drug.parquet"), "{}", stdout(&output));
}

#[test]
fn substances_are_shown_with_their_coverage() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let answer =
        json(&iatro(&["lake", "show", "--lake", &lake, "--substances", "--format", "json"]));
    assert_eq!(answer["coverage"]["rows_by_mapping"]["stated"], 4);
    assert_eq!(answer["substances"].as_array().unwrap().len(), 2);
}

#[test]
fn the_page_is_one_file_that_needs_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let out = folder.path().join("review");
    let output = iatro(&["review", "build", "--lake", &lake, "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", stderr(&output));
    let page = fs::read_to_string(out.join("index.html")).unwrap();
    for needed in ["<!doctype html>", "<svg", "role=\"img\"", "lamotrigine", "Not a medical device"]
    {
        assert!(page.to_lowercase().contains(&needed.to_lowercase()), "no {needed}");
    }
    for never in ["http-equiv=\"refresh\"", "src=\"http", "@import", "<link rel=\"stylesheet\""] {
        assert!(!page.contains(never), "{never}");
    }
}

#[test]
fn the_notice_stands_on_version_help_and_answers() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    for arguments in [
        vec!["--version"],
        vec!["--help"],
        vec!["signal", "run", "--lake", &lake],
        vec!["stats", "table", "1", "2", "3", "4"],
        vec!["lake", "show", "--lake", &lake],
    ] {
        let text = stdout(&iatro(&arguments));
        assert!(text.contains("Not a medical device"), "{arguments:?}: {text}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let program = assert_cmd::cargo::cargo_bin("iatro");
    let line = format!("{} signal run --lake {lake} --format csv | head -1", program.display());
    let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn a_study_tells_which_terms_its_triggers_catch() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    iatro_synth::generate(&iatro_synth::Corpus::small(3, 900), &corpus).unwrap();
    let lake = folder.path().join("lake");
    assert!(common::ingest_faers(&corpus, &lake).status.success());
    let lake = lake.to_str().unwrap();
    let explain = |more: &[&str]| stdout(&iatro(&[&["study", "explain", "hlh"], more].concat()));
    let csv = explain(&["--lake", lake, "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>().join(","),
        "class,concept,name,kind,term,event_rows,indication_rows,status"
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let of_pattern: Vec<_> = rows.iter().filter(|row| &row[2] == "cytomegalovirus *").collect();
    assert!(of_pattern.iter().all(|row| row[4].to_lowercase().starts_with("cytomegalovirus ")));
    let hits: u64 = of_pattern.iter().map(|row| row[5].parse::<u64>().unwrap()).sum();
    assert!(hits > 0);
    let empty = rows.iter().find(|row| &row[2] == "Severe combined immunodeficiency").unwrap();
    assert_eq!(empty.iter().skip(4).collect::<Vec<_>>(), ["", "0", "0", "unverified"]);
    let text = explain(&["--lake", lake]);
    for said in
        ["cytomegalovirus: ", "Without a row: ", "Roles of a trigger", "Mediators", "Set aside"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    let document: Value =
        serde_json::from_str(&explain(&["--lake", lake, "--format", "json"])).unwrap();
    assert_eq!(
        document["triggers"].as_array().unwrap().len()
            + document["terms"].as_array().unwrap().len(),
        rows.len()
    );
    assert_eq!(document["mediators"].as_array().unwrap().len(), 5);
    assert_eq!(document["roles"][1], serde_json::json!({ "role": "mediator", "competes": false }));
    let plain = explain(&["--format", "csv"]);
    assert!(
        plain
            .lines()
            .any(|line| line
                == "viral infection,cytomegalovirus,cytomegalovirus *,pattern,,,,verified"),
        "{plain}"
    );
}
