//! A FHIR Bundle of one patient, and of none or several.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;

use common::{bundle, fails, observation, reads, today};
use iatro_clinical::exchange::{NoteKind, SourceKind, read_any};

#[test]
fn x() {
    let Some(bytes) = common::real("fhir/synthea_r4_ferritin.json") else { return };
    let read = read_any(&bytes, today()).unwrap();
    for n in &read.notes {
        eprintln!("{n}");
    }
    eprintln!("{:?}", read.control);
    eprintln!("{}", serde_json::to_string_pretty(&read.case).unwrap());
    let _ = (NoteKind::NotUsed, SourceKind::Case);
    let _ = (bundle(&[]), fails, observation("", "", ""), reads);
}
