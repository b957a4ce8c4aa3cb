//! `iatro stats` on tables that a person brings: numbers from elsewhere, and bad tables.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{iatro, json, stderr, stdout};
use serde_json::Value;

/// A folder with one table.
fn table(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

fn answer(command: &str, text: &str, more: &[&str]) -> Value {
    let (_folder, path) = table(text);
    json(&iatro(&[&["stats", command, "--input", &path, "--format", "json"], more].concat()))
}

fn near(value: &Value, expected: f64, tolerance: f64) {
    let got = value.as_f64().unwrap_or(f64::NAN);
    assert!((got - expected).abs() <= tolerance, "{got} != {expected}");
}

/// 17,189 pairs of CAERS beside the checkout, or in the folder that IATRO_TEST_DATA names.
fn caers() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let root = std::env::var_os("IATRO_TEST_DATA").unwrap_or_else(|| beside.into());
    let path = PathBuf::from(root).join("reference/caers_pairs.csv");
    path.is_file().then_some(path)
}

/// The fit of openEBGM's vignette, and its pair with N 16 (posterior at the fitted prior).
#[test]
#[allow(clippy::print_stderr)]
fn mgps_on_the_caers_pairs() {
    let Some(path) = caers() else {
        eprintln!("skipped: no caers_pairs.csv");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let scores = folder.path().join("scores.csv");
    let scores = scores.to_str().unwrap();
    let input = path.to_str().unwrap();
    let output =
        iatro(&["stats", "mgps", "--input", input, "--output", scores, "--format", "json"]);
    let fit = json(&output);
    for (name, expected) in [
        ("alpha1", 3.25596685),
        ("beta1", 0.39998994),
        ("alpha2", 2.02376139),
        ("beta2", 1.90614108),
        ("p", 0.06530755),
    ] {
        near(&fit["best"]["prior"][name], expected, 1e-4);
    }
    near(&fit["best"]["log_likelihood"], -4162.456, 1e-3);
    assert_eq!(fit["others"].as_array().unwrap().len(), 1);
    // --format rules both answers; the ending decides where nothing is said.
    let pairs: Value = serde_json::from_str(&fs::read_to_string(scores).unwrap()).unwrap();
    assert_eq!(pairs["pairs"].as_array().unwrap().len(), 17_189);
    let output = iatro(&["stats", "mgps", "--input", input, "--output", scores]);
    assert!(stdout(&output).contains("alpha1"), "{}", stderr(&output));
    let text = fs::read_to_string(scores).unwrap();
    assert!(text.starts_with("var1,var2,N,E,ebgm,eb05,eb95\n"), "{}", &text[..80]);
    let row = text.lines().find(|l| l.contains("REUMOFAN PLUS,WEIGHT INCREASED,16,")).unwrap();
    let numbers: Vec<f64> = row.rsplit(',').take(3).map(|n| n.parse().unwrap()).collect();
    for (got, expected) in numbers.iter().zip([33.477336, 15.685662, 23.261108]) {
        // The printed posterior is at a prior rounded from a fit on squashed data.
        assert!((got / expected - 1.0).abs() < 1e-3, "{row}");
    }
}

/// Log ratios of the BCG trials: metafor 3.8 gives -0.7145 [-1.0669, -0.3622] by REML and Wald.
#[test]
fn meta_pools_the_bcg_trials() {
    let trials = "study,a,b,c,d\n1,4,119,11,128\n2,6,300,29,274\n3,3,228,11,209\n\
                  4,62,13536,248,12619\n5,33,5036,47,5761\n6,180,1361,372,1079\n7,8,2537,10,619\n\
                  8,505,87886,499,87892\n9,29,7470,45,7232\n10,17,1699,65,1600\n\
                  11,186,50448,141,27197\n12,5,2493,3,2338\n13,27,16886,29,17825\n";
    let pooled = answer("meta", trials, &["--measure", "prr", "--interval", "wald"]);
    let row = |name: &str| {
        let rows = pooled["rows"].as_array().unwrap();
        rows.iter().find(|row| row["study"] == name).unwrap().clone()
    };
    let random = row("random effects");
    near(&random["estimate"], (-0.7145_f64).exp(), 5e-5);
    near(&random["lower"], (-1.0669_f64).exp(), 5e-5);
    near(&random["upper"], (-0.3622_f64).exp(), 5e-5);
    near(&pooled["between_studies"]["tau2"], 0.3132, 5e-5);
    near(&pooled["between_studies"]["i2"], 0.9222, 5e-5);
    near(&pooled["between_studies"]["q"], 152.2330, 5e-5);
}

/// Freireich 1963, 42 patients: the log-rank statistic is 16.79, medians 23 and 8 weeks.
#[test]
fn km_compares_the_remission_times_of_freireich() {
    let mut text = String::from("time,event,group\n");
    let treated = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";
    let placebo = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23";
    for (group, times) in [("6-MP", treated), ("placebo", placebo)] {
        for time in times.split(' ') {
            let (time, event) = time.strip_suffix('+').map_or((time, 1), |time| (time, 0));
            text.push_str(&format!("{time},{event},{group}\n"));
        }
    }
    let compared = answer("km", &text, &["--at", "10"]);
    near(&compared["log_rank"]["chi_squared"], 16.79294, 5e-6);
    near(&compared["groups"][0]["median"]["point"], 23.0, 0.0);
    near(&compared["groups"][1]["median"]["point"], 8.0, 0.0);
    near(&compared["groups"][0]["at"][0]["survival"], 0.7529, 5e-5);
}

/// Times drawn once from a Weibull; R survreg 3.5 on the intervals (day - 1/2, day + 1/2).
#[test]
fn tto_fits_the_groups_and_compares_them() {
    let days = [2, 5, 8, 9, 11, 12, 14, 14, 17, 20, 24, 31];
    let mut text = String::from("days,group\n");
    days.iter().for_each(|day| text.push_str(&format!("{day},a\n{},b\n", day * 3)));
    let fitted = answer("tto", &text, &[]);
    let groups = fitted["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2);
    let scale = |at: usize| groups[at]["quantities"]["Weibull scale, days"]["estimate"].clone();
    let ratio = scale(1).as_f64().unwrap() / scale(0).as_f64().unwrap();
    assert!((ratio - 3.0).abs() < 0.05, "{ratio}");
    assert_eq!(groups[0]["quantities"]["median as observed, days"]["estimate"], 13.0);
    assert_eq!(fitted["comparisons"].as_array().unwrap().len(), 1);
}

/// The command, the table, the exit code and words of the message.
const WRONG: [(&str, &str, &[&str]); 10] = [
    ("mgps", "var1,var2,N\na,b,1\n", &["line 1", "no column \"E\""]),
    ("mgps", "var1,var2,N,E\na,b,1,0.5\nc,d,2,0\n", &["line 3, column E", "above 0"]),
    ("mgps", "var1,var2,N,E\na,b,1.5,0.5\n", &["line 2, column N", "\"1.5\"", "whole number"]),
    ("mgps", "var1,var2,N,E\na,b,0,0.5\n", &["none of the 1 pairs"]),
    ("meta", "study,x\na,1\n", &["nothing to pool", "events,total"]),
    ("meta", "study,events,total\na,5,3\n", &["line 2, column events"]),
    ("meta", "study,ratio,lower,upper\na,2,3,4\n", &["line 2, column ratio"]),
    ("km", "time,event\n3,yes\n", &["line 2, column event", "\"yes\""]),
    ("km", "time,event\n-3,1\n", &["line 2", "time is -3"]),
    ("tto", "lower,upper\n5,3\n", &["line 2, column lower"]),
];

#[test]
fn a_bad_table_is_one_clear_error() {
    for (command, text, words) in WRONG {
        let (_folder, path) = table(text);
        let output = iatro(&["stats", command, "--input", &path]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{command}: {said}");
        assert_eq!(stdout(&output), "");
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
        for word in words.iter().chain(&["table.csv"]) {
            assert!(said.contains(word), "{command}: no {word:?} in: {said}");
        }
    }
    let missing = iatro(&["stats", "km", "--input", "/nowhere/t.csv"]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(stderr(&missing).contains("/nowhere/t.csv"));
}

#[test]
fn a_column_that_is_not_used_is_named() {
    let (_folder, path) = table("study,events,total,country\na,3,10,FR\nb,4,11,IT\n");
    let output = iatro(&["stats", "meta", "--input", &path]);
    assert!(output.status.success());
    assert!(stderr(&output).contains("not used: country"), "{}", stderr(&output));
    let quiet = iatro(&["stats", "meta", "--input", &path, "--quiet"]);
    assert_eq!(stderr(&quiet), "");
}

/// A row without a group is not a group called "all", and the times asked for are times.
#[test]
fn a_missing_group_and_impossible_times_are_refused() {
    for (command, text) in
        [("km", "time,event,group\n5,1,a\n3,1,\n"), ("tto", "days,group\n5,a\n3,\n")]
    {
        let (_folder, path) = table(text);
        let output = iatro(&["stats", command, "--input", &path]);
        assert_eq!(output.status.code(), Some(3), "{command}");
        assert!(stderr(&output).contains("line 3, column group: found nothing"), "{command}");
    }
    let (_folder, path) = table("time,event\n5,1\n8,0\n");
    for wrong in ["--at=nan", "--at=-3", "--at=inf", "--level=1.5"] {
        let output = iatro(&["stats", "km", "--input", &path, wrong]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(stderr(&output).contains("expected"), "{wrong}");
    }
    let text = stdout(&iatro(&["stats", "km", "--input", &path, "--at", "1", "--format", "json"]));
    assert!(text.contains("\"at_risk\": 2,") && text.contains("\"events\": 1,"), "{text}");
}

/// Intervals beside days are named as not used, not passed over.
#[test]
fn columns_that_days_go_before_are_named() {
    let (_folder, path) = table("days,lower,upper\n5,1,2\n8,3,9\n");
    let output = iatro(&["stats", "tto", "--input", &path]);
    assert!(stderr(&output).contains("not used: lower, upper"), "{}", stderr(&output));
}
