//! What a review of the readers found, from files to lake.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::path::{Path, PathBuf};

use common::quarter::Quarter;
use common::tables::{rows, set_aside};
use common::{Quiet, made_of};
use iatro_reports::Result;
use iatro_reports::ingest::{Ingested, Input, Options, ingest};

fn ingest_csv(lake: &Path, path: PathBuf, replace: bool) -> Result<Ingested> {
    let options = Options { lake: lake.to_path_buf(), replace, rxnorm: None };
    ingest(&Input::Csv(vec![path]), &options, &mut Quiet)
}

#[test]
fn a_delimiter_in_the_first_drug_row_names_no_other_drug() {
    let quarter = Quarter::new("2020Q1").report(11, 1, 1, "20200101");
    let header = String::from_utf8(quarter.bytes("drug").to_vec()).unwrap();
    let columns = header.lines().next().unwrap().split('$').count();
    let values = "11$1$2$PS$FOO$MAB$LAMOTRIGINE$1$ORAL";
    let line = format!("{values}{}", "$".repeat(columns - values.split('$').count() + 1));
    let alone = Quarter::new("2020Q1")
        .row("demo", "primaryid=11, caseid=1, caseversion=1")
        .row("reac", "primaryid=11, caseid=1, pt=Rash")
        .line("drug", &line);
    let made = made_of(&[alone]);
    assert_eq!(rows(&made.snapshot, "drug", "name"), Vec::<String>::new());
    assert_eq!(set_aside(&made.snapshot), ["drug|2|too_many_fields"]);
}

#[test]
fn of_one_legacy_receipt_the_highest_isr_stands_whatever_its_quarter() {
    let quarters = [
        Quarter::new("2005Q1").report(12, 1, 0, "20050103"),
        Quarter::new("2005Q2").report(11, 1, 0, "20050103"),
    ];
    let at_once = made_of(&quarters);
    assert_eq!(rows(&at_once.snapshot, "report", "native_id"), ["12"]);
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let grown = quarters.map(|quarter| {
        let path = quarter.unpacked(folder.path());
        common::ingest_faers(&lake, &[path]).unwrap().snapshot
    });
    assert_eq!(grown[1].manifest().dataset_id, at_once.snapshot.manifest().dataset_id);
}

#[test]
fn a_legacy_identifier_of_two_cases_is_ambiguous() {
    let quarter = Quarter::new("2005Q1")
        .row("demo", "primaryid=11, caseid=1, fda_dt=20050103")
        .row("demo", "primaryid=11, caseid=2, fda_dt=20050103")
        .row("drug", "primaryid=11, drug_seq=1, role_cod=PS, drugname=ASPIRIN")
        .row("reac", "primaryid=12, pt=Rash");
    let made = made_of(&[quarter]);
    assert_eq!(set_aside(&made.snapshot), ["drug|2|ambiguous_report", "reac|2|no_report"]);
}

#[test]
fn a_line_list_the_lake_holds_under_another_name_is_refused_unless_it_is_to_replace() {
    let folder = tempfile::tempdir().unwrap();
    let lake = folder.path().join("lake");
    let [first, second] = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
    for path in [&first, &second] {
        std::fs::write(path, "report_id,drug,event\n1,x,y\n").unwrap();
    }
    ingest_csv(&lake, first, false).unwrap();
    let error = ingest_csv(&lake, second.clone(), false).unwrap_err().to_string();
    assert!(
        error.contains("b.csv: the lake holds the same content already, as csv a.csv"),
        "{error}"
    );
    assert_eq!(ingest_csv(&lake, second, true).unwrap().added.len(), 1);
}
