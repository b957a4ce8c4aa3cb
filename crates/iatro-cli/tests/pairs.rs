//! `iatro signal pairs` as a user calls it: columns, formats, filters, the same bytes again, and what it
//! says when it cannot answer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Output;

use common::{files, iatro, json, quarter, stderr, stdout};
use iatro_synth::{Corpus, generate};

const HEADER: &str = "substance,term,a,b,c,d,expected,ror,ror_lo,ror_hi,prr,prr_lo,prr_hi,chi2_yates,\
                      ic,ic025,ic975,ebgm,eb05,eb95,fisher_mid_p,q,rrr,ror_conditional,\
                      ror_conditional_lo,ror_conditional_hi,chi2,llr,fisher_p,ic_noren025,\
                      ic_noren975,dataset_id,run_id";

fn ingest(corpus: &Path, lake: &Path) -> String {
    assert!(common::ingest_faers(corpus, lake).status.success());
    lake.to_str().unwrap().to_owned()
}

fn small(folder: &Path) -> String {
    ingest(&quarter(folder, "q"), &folder.join("lake"))
}

fn synthetic(folder: &Path) -> String {
    let corpus = folder.join("corpus");
    generate(&Corpus::small(11, 900), &corpus).unwrap();
    ingest(&corpus, &folder.join("lake"))
}

fn pairs(lake: &str, more: &[&str]) -> Output {
    let output = iatro(&[&["signal", "pairs", "--lake", lake][..], more].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    output
}

/// A line list of many reports and few pairs: its reports do not fit where its pairs do.
fn line_list(folder: &Path) -> String {
    let mut rows = "report_id,drug,event\n".to_owned();
    for report in 0..30_000_u32 {
        let (drug, event) = (report % 7, report.wrapping_mul(2_654_435_761) >> 29);
        writeln!(rows, "R{report},drug {drug},Event {event}").unwrap();
        if report % 3 == 0 {
            writeln!(rows, "R{report},drug {},Event 9", (drug + 3) % 7).unwrap();
        }
    }
    let (list, lake) = (folder.join("list.csv"), folder.join("lake"));
    fs::write(&list, rows).unwrap();
    let (list, lake) = (list.to_str().unwrap(), lake.to_str().unwrap());
    let output = iatro(&["ingest", "csv", list, "--lake", lake]);
    assert!(output.status.success(), "{}", stderr(&output));
    lake.to_owned()
}

#[test]
fn block_by_block_within_little_memory_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let lake = line_list(folder.path());
    let refused =
        iatro(&["signal", "pairs", "--lake", &lake, "--format", "csv", "--memory", "1MiB"]);
    let said = stderr(&refused);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    // What it says is needed is enough for a block, and too little for all reports.
    let (_, needed) = said.split_once("about ").unwrap();
    let (needed, _) = needed.split_once(" are needed").unwrap();
    let whole = pairs(&lake, &["--format", "csv"]);
    let within = pairs(&lake, &["--format", "csv", "--memory", needed]);
    assert_eq!(whole.stdout, within.stdout);
    assert!(stdout(&whole).lines().count() > 40);
}

#[test]
fn csv_has_the_columns_that_are_promised_and_every_pair() {
    let folder = tempfile::tempdir().unwrap();
    let lake = small(folder.path());
    let text = stdout(&pairs(&lake, &["--format", "csv"]));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], HEADER);
    // Aspirin is suspect in the report of pyrexia alone; as concomitant it does not count.
    assert!(lines[1].starts_with("aspirin,Pyrexia,1,0,0,2,0.333"), "{text}");
    assert!(lines[2].starts_with("lamotrigine,Haemophagocytic lymphohistiocytosis,2,0,0,1,"));
    assert_eq!(lines.len(), 3);
    let all = stdout(&pairs(&lake, &["--format", "csv", "--roles", "PS,C"]));
    assert!(all.contains("aspirin,Haemophagocytic lymphohistiocytosis,1,1,1,0,"), "{all}");
    let frequent = stdout(&pairs(&lake, &["--format", "csv", "--min-count", "2"]));
    assert_eq!(frequent.lines().collect::<Vec<_>>(), [lines[0], lines[2]]);
    assert_eq!(stdout(&pairs(&lake, &["--format", "csv", "--min-count", "3"])).trim(), HEADER);
}

#[test]
fn forms_made_of_rows_have_every_pair_and_the_others_the_top() {
    let folder = tempfile::tempdir().unwrap();
    let lake = synthetic(folder.path());
    let csv = stdout(&pairs(&lake, &["--format", "csv"]));
    let all = csv.lines().count() - 1;
    assert!(all > 1_000, "{all}");
    let ndjson = stdout(&pairs(&lake, &["--format", "ndjson"]));
    assert_eq!(ndjson.lines().count(), all);
    let first: serde_json::Value = serde_json::from_str(ndjson.lines().next().unwrap()).unwrap();
    let keys: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.join(","), HEADER);

    let document = json(&pairs(&lake, &["--format", "json"]));
    assert_eq!(document["pairs_counted"], all);
    assert_eq!(document["pairs_shown"], 40);
    let shown = document["pairs"].as_array().unwrap();
    assert_eq!(shown.len(), 40);
    let keys: Vec<&str> = shown[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(format!("{},dataset_id,run_id", keys.join(",")), HEADER);
    let limit = |pair: &serde_json::Value| pair["ic025"].as_f64().unwrap();
    assert!(shown.windows(2).all(|two| limit(&two[0]) >= limit(&two[1])));
    let wide = json(&pairs(&lake, &["--format", "json", "--top", "1000000"]));
    assert_eq!(wide["pairs"].as_array().unwrap().len(), all);
    let occurrences: u64 =
        wide["pairs"].as_array().unwrap().iter().map(|pair| pair["a"].as_u64().unwrap()).sum();
    assert_eq!(wide["occurrences"], occurrences);

    let text = stdout(&pairs(&lake, &["--top", "3"]));
    assert!(text.contains("more pairs not shown"), "{text}");
    assert!(text.contains("Histiocytosis haematophagic counted as Haemophagocytic"), "{text}");
    assert!(text.contains("Not a medical device"), "{text}");
    let markdown = stdout(&pairs(&lake, &["--format", "markdown", "--top", "3"]));
    assert_eq!(markdown.lines().filter(|line| line.starts_with('|')).count(), 5);
    assert!(markdown.lines().last().unwrap().contains("more pairs not shown"), "{markdown}");
    let top = stdout(&pairs(&lake, &["--format", "csv", "--top", "3"]));
    let rows: Vec<&str> = top.lines().skip(1).collect();
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| csv.contains(row)));
    let names = |row: &str| row.split(',').next().unwrap().to_owned();
    assert_eq!(names(rows[0]), shown[0]["substance"].as_str().unwrap());
}

#[test]
fn parquet_holds_the_numbers_of_the_csv() {
    use arrow_array::{Array, Float64Array, StringArray, UInt64Array};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let folder = tempfile::tempdir().unwrap();
    let lake = synthetic(folder.path());
    let file = folder.path().join("pairs.parquet");
    let output = pairs(&lake, &["--format", "parquet", "--output", file.to_str().unwrap()]);
    assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{}", stderr(&output));
    let text = stdout(&pairs(&lake, &["--format", "csv"]));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut expected = reader.records().map(Result::unwrap);
    let batches = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&file).unwrap()).unwrap();
    for batch in batches.build().unwrap() {
        let batch = batch.unwrap();
        let terms = batch.column_by_name("term").unwrap();
        let terms = terms.as_any().downcast_ref::<StringArray>().unwrap();
        let cases = batch.column_by_name("a").unwrap();
        let cases = cases.as_any().downcast_ref::<UInt64Array>().unwrap();
        let rors = batch.column_by_name("ror").unwrap();
        let rors = rors.as_any().downcast_ref::<Float64Array>().unwrap();
        for row in 0..batch.num_rows() {
            let record = expected.next().unwrap();
            assert_eq!(&record[1], terms.value(row));
            assert_eq!(record[2].parse::<u64>().unwrap(), cases.value(row));
            let ror = rors.is_valid(row).then(|| rors.value(row));
            assert_eq!(record[7].parse::<f64>().ok(), ror);
        }
    }
    assert!(expected.next().is_none());
}

#[test]
fn the_same_bytes_again_and_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let lake = synthetic(folder.path());
    let mut bytes: BTreeMap<&str, Vec<Vec<u8>>> = BTreeMap::new();
    for (at, threads) in ["1", "2", "2", "5"].into_iter().enumerate() {
        for format in ["csv", "ndjson", "parquet", "json", "table"] {
            let file = folder.path().join(format!("{at}.{format}"));
            let output = assert_cmd::Command::cargo_bin("iatro")
                .unwrap()
                .args(["signal", "pairs", "--lake", &lake, "--format", format, "--output"])
                .arg(&file)
                .env("RAYON_NUM_THREADS", threads)
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", stderr(&output));
            bytes.entry(format).or_default().push(fs::read(&file).unwrap());
        }
    }
    for (format, written) in bytes {
        assert!(written.iter().all(|bytes| *bytes == written[0]), "{format}");
        assert!(written[0].len() > 1_000, "{format}");
    }
}

#[test]
fn a_pair_has_the_numbers_of_signal_run() {
    let folder = tempfile::tempdir().unwrap();
    let lake = synthetic(folder.path());
    // No drug is given for it, and no therapy of the study is one of it: nothing is set aside.
    let term = "Drug ineffective";
    let all = stdout(&pairs(&lake, &["--format", "csv"]));
    let run = iatro(&[
        "signal",
        "run",
        "--lake",
        &lake,
        "--term",
        term,
        "--min-cases",
        "1",
        "--no-checks",
        "--format",
        "csv",
    ]);
    let numbers = |record: &csv::StringRecord, from: usize| -> Vec<String> {
        record.iter().skip(from).take(15).map(str::to_owned).collect()
    };
    let records = |text: &str| -> Vec<csv::StringRecord> {
        csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
    };
    let of_pairs: BTreeMap<String, Vec<String>> = records(&all)
        .iter()
        .filter(|record| &record[1] == term)
        .map(|record| (record[0].to_owned(), numbers(record, 2)))
        .collect();
    let of_run: BTreeMap<String, Vec<String>> = records(&stdout(&run))
        .iter()
        .map(|record| (record[0].to_owned(), numbers(record, 3)))
        .collect();
    assert!(of_run.len() > 5, "{}", of_run.len());
    assert_eq!(of_pairs, of_run);
}

#[test]
fn what_cannot_be_answered_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let lake = small(folder.path());
    let target = folder.path().join("pairs.csv");
    fs::write(&target, "old").unwrap();
    let before = files(folder.path());
    let output = |more: &[&str]| {
        let target = target.to_str().unwrap();
        let arguments = ["signal", "pairs", "--format", "csv", "--output", target];
        iatro(&[&arguments[..], more].concat())
    };
    for (more, code, words) in [
        (vec!["--lake", lake.as_str(), "--source", "vaers"], 2, "It has: faers"),
        (vec!["--lake", &lake, "--source", "nonsense"], 2, "nonsense"),
        (vec!["--lake", &lake, "--roles", "DN"], 2, "PS, SS, I or C"),
        (vec!["--lake", &lake, "--roles", "I"], 2, "Choose other roles"),
        (vec!["--lake", &lake, "--min-count=-1"], 2, "--min-count"),
        (vec!["--lake", "/nowhere"], 3, "no such lake"),
    ] {
        let output = output(&more);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{more:?}: {said}");
        assert!(said.contains(words) && !said.contains("panicked"), "{more:?}: {said}");
        assert_eq!(files(folder.path()), before);
        assert_eq!(fs::read(&target).unwrap(), b"old");
    }
    let nowhere = folder.path().join("no/such/pairs.csv");
    let refused =
        iatro(&["signal", "pairs", "--lake", &lake, "--output", nowhere.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    let parquet = iatro(&["signal", "pairs", "--lake", &lake, "--format", "parquet"]);
    assert_eq!(parquet.status.code(), Some(2));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    let lake = synthetic(folder.path());
    for format in ["csv", "ndjson"] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("iatro"))
            .args(["signal", "pairs", "--lake", &lake, "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("substance"), "{line}");
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }
}
