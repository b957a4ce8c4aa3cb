//! `iatro signal attribute` as a user calls it: columns, control sums, the same bytes again, and what it
//! says when it cannot answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use common::{iatro, ingest_faers, json, stderr, stdout};
use iatro_synth::{Corpus, generate};
use serde_json::Value;

const CAUSES: &str = "cause,group,n,exposed,lambda,lambda_lo,lambda_hi,attributed,attributed_lo,\
                      attributed_hi,fraction,run_id";
const CASES: &str = "report,case,period,line,cause,group,probability,run_id";

/// A lake of a generated corpus with some 50 event reports.
fn lake(folder: &Path) -> String {
    let (corpus, lake) = (folder.join("corpus"), folder.join("lake"));
    generate(&Corpus::small(7, 2_500), &corpus).unwrap();
    assert!(ingest_faers(&corpus, &lake).status.success());
    lake.to_str().unwrap().to_owned()
}

fn call(lake: &str, more: &[&str]) -> Output {
    let fixed = ["signal", "attribute", "--lake", lake, "--study", "hlh"];
    iatro(&[&fixed[..], more].concat())
}

fn attribute(lake: &str, more: &[&str]) -> Output {
    let output = call(lake, more);
    assert!(output.status.success(), "{more:?}: {}", stderr(&output));
    output
}

fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(record: &BTreeMap<String, String>, column: &str) -> f64 {
    record[column].parse().unwrap_or_else(|_| panic!("{column} of {record:?}"))
}

#[test]
fn rows_have_the_columns_that_are_promised_and_add_up_to_the_cases() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let text = stdout(&attribute(&lake, &["--format", "csv"]));
    assert_eq!(text.lines().next().unwrap(), CAUSES);
    let rows = records(&text);
    let background = rows.last().unwrap();
    assert_eq!(
        (background["cause"].as_str(), background["group"].as_str()),
        ("background", "background")
    );
    let document = json(&attribute(&lake, &["--format", "json"]));
    let cases = document["cases"].as_f64().unwrap();
    assert!(cases > 20.0, "{cases}");
    assert_eq!(number(background, "n"), cases);
    assert_eq!(number(background, "exposed"), document["reports"].as_f64().unwrap());
    let estimated: Vec<_> = rows.iter().filter(|row| !row["attributed"].is_empty()).collect();
    let sum: f64 = estimated.iter().map(|row| number(row, "attributed")).sum();
    assert!((sum - cases).abs() < 1e-6 * cases, "{sum} of {cases}");
    for row in &estimated {
        let (n, attributed) = (number(row, "n"), number(row, "attributed"));
        assert!(attributed <= n + 1e-9 && (number(row, "fraction") - attributed / n).abs() < 1e-12);
        assert!(number(row, "lambda") >= 0.0);
        for name in ["lambda", "attributed"] {
            let limit = |end: &str| row[&format!("{name}_{end}")].clone();
            if let (Ok(low), Ok(high)) = (limit("lo").parse::<f64>(), limit("hi").parse::<f64>()) {
                assert!(0.0 <= low && low <= high, "{row:?}");
            } else {
                assert_eq!((limit("lo").as_str(), limit("hi").as_str()), ("", ""));
            }
        }
    }
    // What cannot be told apart has an empty row each, and one together.
    let sets: Vec<_> = rows.iter().filter(|row| row["cause"].contains(" + ")).collect();
    for row in rows.iter().filter(|row| row["attributed"].is_empty()) {
        assert!(row["lambda"].is_empty() && row["fraction"].is_empty(), "{row:?}");
        let of =
            |set: &&&BTreeMap<String, String>| set["cause"].split(" + ").any(|m| m == row["cause"]);
        let set = sets.iter().find(of).unwrap_or_else(|| panic!("{row:?}"));
        // As many as its own if they stand on the same event reports, more if theirs only overlap.
        assert!(number(set, "n") >= number(row, "n"), "{row:?}");
    }
    assert!(!sets.is_empty());
}

#[test]
fn a_substance_has_the_counts_of_signal_run() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let arguments = ["--min-cases", "1", "--no-checks", "--format", "csv"];
    let counted = iatro(&[&["signal", "run", "--lake", &lake][..], &arguments].concat());
    let counts =
        |row: &BTreeMap<String, String>| (number(row, "a"), number(row, "a") + number(row, "b"));
    let counted: BTreeMap<String, (f64, f64)> = records(&stdout(&counted))
        .iter()
        .map(|row| (row["substance"].clone(), counts(row)))
        .collect();
    let rows = records(&stdout(&attribute(&lake, &["--format", "csv"])));
    let attributed: BTreeMap<String, (f64, f64)> = rows
        .iter()
        .filter(|row| row["group"] == "substance" && !row["cause"].contains(" + "))
        .map(|row| (row["cause"].clone(), (number(row, "n"), number(row, "exposed"))))
        .collect();
    assert!(counted.len() > 10, "{}", counted.len());
    assert_eq!(attributed, counted);
}

#[test]
fn the_shares_of_an_event_report_add_up_and_lead_to_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let text = stdout(&attribute(&lake, &["--cases", "--format", "csv"]));
    assert_eq!(text.lines().next().unwrap(), CASES);
    let rows = records(&text);
    let mut sums: BTreeMap<(String, String), f64> = BTreeMap::new();
    let mut of_cause: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in &rows {
        let probability = number(row, "probability");
        assert!((0.0..=1.0).contains(&probability) && row["line"].parse::<u64>().unwrap() >= 2);
        *sums.entry((row["report"].clone(), row["period"].clone())).or_default() += probability;
        *of_cause.entry((row["group"].clone(), row["cause"].clone())).or_default() += probability;
    }
    let causes = records(&stdout(&attribute(&lake, &["--format", "csv"])));
    assert_eq!(sums.len() as f64, number(causes.last().unwrap(), "n"));
    for (report, sum) in sums {
        assert!((sum - 1.0).abs() < 1e-9, "{report:?}: {sum}");
    }
    for row in
        causes.iter().filter(|row| !row["attributed"].is_empty() && !row["cause"].contains(" + "))
    {
        let sum = of_cause[&(row["group"].clone(), row["cause"].clone())];
        assert!((sum - number(row, "attributed")).abs() < 1e-6, "{row:?}: {sum}");
    }
    let document = json(&attribute(&lake, &["--cases", "--format", "json"]));
    let reports = document["event_reports"].as_array().unwrap();
    assert_eq!(reports[0]["native_id"], rows[0]["report"].as_str());
    assert!(reports[0]["event_terms"].as_array().unwrap().len() == 1);
    let said = stdout(&attribute(&lake, &["--cases"]));
    assert!(said.contains(&format!("  {} (", rows[0]["report"])), "{said}");
}

#[test]
fn json_has_what_was_assumed_learned_set_aside_and_the_other_methods() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let document = json(&attribute(&lake, &["--format", "json"]));
    for key in
        ["assumptions", "background", "learned", "causes", "comparison", "set_aside", "waterfall"]
    {
        let items = document[key].as_array().or_else(|| document[key]["steps"].as_array());
        assert!(items.is_some_and(|items| !items.is_empty()), "{key}");
    }
    assert_eq!(document["chains"], 4);
    assert_eq!(document["sweeps"], 5_000);
    assert_eq!(document["regression"]["penalty"], "L1");
    let run = json(&iatro(&["signal", "run", "--lake", &lake, "--format", "json"]));
    assert_eq!(document["set_aside"], run["set_aside"]);
    assert_eq!(document["signal_run_id"], run["run_id"]);
    let compared = document["comparison"].as_array().unwrap();
    assert_eq!(compared.len(), document["causes"].as_array().unwrap().len());
    let mut substances = 0;
    for row in compared.iter().filter(|row| row["group"] == "substance") {
        let signals = run["signals"].as_array().unwrap();
        let same = |signal: &&Value| signal["substance"] == row["cause"];
        let Some(signal) = signals.iter().find(same) else { continue };
        for name in ["ror", "ror_lo", "ror_hi", "ic", "ic025", "ebgm", "eb05", "eb95"] {
            assert_eq!(row[name], signal[name], "{name} of {row}");
        }
        substances += 1;
    }
    assert!(substances > 10);
    assert!(compared.iter().any(|row| row["l1_coefficient"].as_f64().is_some_and(|b| b > 0.5)));
    let others = document["causes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row["competitors"].as_array().unwrap());
    assert!(others.map(|other| other["cases"].as_f64().unwrap()).all(|cases| cases >= 0.05));
}

#[test]
fn the_text_fits_the_page_and_keeps_to_reporting() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let text = stdout(&attribute(&lake, &["--cases", "--top", "15"]));
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 110).collect();
    assert!(wide.is_empty(), "{wide:?}");
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut own = plain.clone();
    for assumption in iatro_signals::attribution::ASSUMPTIONS {
        let assumption = assumption.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains(&assumption), "{assumption}");
        own = own.replace(&assumption, "");
    }
    assert_eq!(iatro_review::wording::check(&own), []);
    for said in [
        "Attribution of reporting under a stated model",
        "its other cases go to",
        "Set aside as no exposures, because the event was there first:",
        "seed 20240809, 4 chains of 5,000 sweeps",
        "strata: age_group, sex, period, region",
        "more rows not shown",
        "more event reports not shown",
        "Not a medical device",
    ] {
        assert!(plain.contains(said), "{said}: {text}");
    }
}

#[test]
fn what_was_set_aside_is_said_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let run = json(&iatro(&["signal", "run", "--lake", &lake, "--format", "json"]));
    let set_aside = run["set_aside"].as_array().unwrap();
    assert!(!set_aside.is_empty());
    let first = set_aside[0]["substance"].as_str().unwrap();
    for arguments in [
        vec!["signal", "run", "--lake", &lake],
        vec!["signal", "attribute", "--lake", &lake, "--sweeps", "200"],
        vec!["signal", "explain", first, "--lake", &lake],
    ] {
        let text = stdout(&iatro(&arguments));
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains("Set aside as no exposures") && plain.contains(first), "{text}");
    }
    let explained =
        json(&iatro(&["signal", "explain", first, "--lake", &lake, "--format", "json"]));
    assert_eq!(explained["set_aside"], serde_json::json!([set_aside[0]]));
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let short = ["--sweeps", "400", "--quiet"];
    let mut bytes: BTreeMap<&str, Vec<Vec<u8>>> = BTreeMap::new();
    for threads in ["1", "2", "5"] {
        for format in ["csv", "json", "table"] {
            let output = assert_cmd::Command::cargo_bin("iatro")
                .unwrap()
                .args(["signal", "attribute", "--lake", &lake, "--cases", "--format", format])
                .args(short)
                .env("RAYON_NUM_THREADS", threads)
                .output()
                .unwrap();
            assert!(output.status.success() && output.stderr.is_empty(), "{}", stderr(&output));
            bytes.entry(format).or_default().push(output.stdout);
        }
    }
    for (format, written) in bytes {
        assert!(written.iter().all(|bytes| *bytes == written[0]), "{format}");
    }
    let csv = |more: &[&str]| {
        stdout(&attribute(&lake, &[&["--format", "csv"], &short[..], more].concat()))
    };
    let (own, other) = (csv(&["--seed", "20240809"]), csv(&["--seed", "1"]));
    assert_ne!(own, other);
    assert_eq!(own.lines().count(), other.lines().count());
}

#[test]
fn pairs_strata_weights_and_dates_change_what_they_say_they_change() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let short = |more: &[&str]| {
        json(&attribute(&lake, &[&["--format", "json", "--sweeps", "500"], more].concat()))
    };
    let plain = short(&[]);
    let none = short(&["--strata", "none"]);
    assert!(!plain["background"].as_array().unwrap().is_empty());
    assert!(none["background"].as_array().unwrap().is_empty());
    assert_eq!(none["settings"]["strata"], serde_json::json!([]));
    assert_ne!(plain["run_id"], none["run_id"]);
    let set =
        plain["causes"].as_array().unwrap().iter().find(|row| {
            row["group"] == "substance" && row["members"].as_array().unwrap().len() > 1
        });
    let members = &set.unwrap()["members"];
    let name = |at: usize| members[at].as_str().unwrap();
    let pair = short(&["--pair", &format!("{};{}", name(0), name(1))]);
    let together = format!("{} with {}", name(0), name(1));
    let rows = pair["causes"].as_array().unwrap();
    assert!(
        rows.iter().any(|row| row["cause"] == together.as_str() && row["group"] == "interaction")
    );
    let weighed = short(&["--weigh-duplicates", "--time-to-onset"]);
    assert_eq!(weighed["settings"]["time_to_onset"], true);
    let sum = |document: &Value| -> f64 {
        document["causes"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|row| row["attributed"].as_f64())
            .sum()
    };
    assert!(sum(&weighed) <= sum(&plain) + 1e-6);
    let background = weighed["causes"].as_array().unwrap().last().unwrap();
    assert!((sum(&weighed) - background["n"].as_f64().unwrap()).abs() < 1e-6);
}

#[test]
fn chains_that_do_not_agree_give_no_interval_and_a_line_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let output = attribute(&lake, &["--sweeps", "100", "--format", "csv"]);
    let rows = records(&stdout(&output));
    let bare =
        rows.iter().filter(|row| !row["attributed"].is_empty() && row["attributed_lo"].is_empty());
    assert!(bare.count() > 0);
    assert!(stderr(&output).contains("No interval where the chains do not agree"));
    let text = stdout(&attribute(&lake, &["--sweeps", "100"]));
    assert!(text.contains("No interval where the chains do not agree"), "{text}");
    let markdown = stdout(&attribute(&lake, &["--sweeps", "100", "--format", "markdown"]));
    assert!(markdown.contains("No interval where the chains do not agree"), "{markdown}");
}

#[test]
fn what_cannot_be_answered_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let lake = lake(folder.path());
    let target = folder.path().join("attribution.csv");
    fs::write(&target, "old").unwrap();
    for (more, code, words) in [
        (vec!["--pair", "lamotrigine,nonsense"], 2, "\"nonsense\""),
        (vec!["--pair", "lamotrigine"], 2, "not two different substances"),
        (vec!["--pair", "a,b", "--pair", "B,A"], 2, "there twice"),
        (vec!["--strata", "age"], 2, "age_group, sex, year, period, region"),
        (vec!["--strata", "sex,sex"], 2, "each once"),
        (vec!["--comparator", "lamotrigine"], 2, "Leave the comparator out"),
        (vec!["--chains", "0"], 2, "--chains"),
        (vec!["--sweeps", "0"], 2, "--sweeps"),
        (vec!["--seed", "x"], 2, "--seed"),
        (vec!["--term", "no such term"], 2, "no such term"),
        (vec!["--event", "wide"], 2, "narrow"),
        (vec!["--source", "vaers"], 2, "It has: faers"),
    ] {
        let target = target.to_str().unwrap();
        let output = call(&lake, &[&more[..], &["--format", "csv", "--output", target]].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{more:?}: {said}");
        assert!(said.contains(words) && !said.contains("panicked"), "{more:?}: {said}");
        assert_eq!(fs::read(target).unwrap(), b"old");
    }
    assert_eq!(call("/nowhere", &[]).status.code(), Some(3));
}
