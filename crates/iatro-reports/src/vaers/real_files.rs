//! The reader on the files as published; skipped where they are not at hand.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use super::files::discover;
use super::read::{read, sightings};
use crate::lake::schema::Table;
use crate::part::Part;
use crate::quarantine::TableLog;
use crate::test_data::{days, floats, test_data, texts};

fn log<'p>(part: &'p Part, table: &str) -> &'p TableLog {
    let log = part.logs.iter().find(|log| log.table == table).unwrap();
    assert!(log.unknown_columns.is_empty(), "{:?}", log.unknown_columns);
    assert!(log.quarantined.is_empty(), "{:?}", log.quarantined);
    log
}

fn known<T>(values: &[Option<T>]) -> usize {
    values.iter().flatten().count()
}

#[test]
fn reports_from_outside_the_us_without_their_data_table() {
    let name = "vaers/NonDomesticVAERSData-no-demographics.zip";
    let Some(path) = test_data(name) else { return };
    let found = discover(&[path]).unwrap();
    assert_eq!((found.len(), found[0].period.as_str()), (1, "NonDomestic"));
    let part = read(&found[0], false).unwrap();
    assert_eq!((log(&part, "symptoms").rows, log(&part, "vax").rows), (442_170, 331_949));
    assert!(part.logs.iter().all(|log| log.issues.is_empty()));

    assert_eq!(part.sightings.len(), 284_840);
    let owners = |table| -> BTreeSet<u32> { part.children[&table].owner.iter().copied().collect() };
    assert_eq!(owners(Table::Event).intersection(&owners(Table::Drug)).count(), 284_839);
    assert!(part.sightings.is_sorted_by_key(|s| s.case));
    assert_eq!(sightings(&found[0]).unwrap().0, part.sightings);

    let hlh = ["haemophagocytic lymphohistiocytosis", "histiocytosis haematophagic"];
    let is_hlh = |term: u32| hlh.contains(&part.symbols.terms()[term as usize].folded.as_str());
    let events = &part.children[&Table::Event];
    let terms = events.columns.column_by_name("term_id").unwrap();
    let terms: &arrow_array::UInt32Array = terms.as_any().downcast_ref().unwrap();
    let with_hlh = events.owner.iter().zip(terms.values()).filter(|(_, term)| is_hlh(**term));
    assert_eq!(with_hlh.map(|(owner, _)| owner).collect::<BTreeSet<_>>().len(), 80);
    assert!(texts(&part.reports, "country").iter().all(|country| *country == "foreign"));
}

#[test]
fn ten_years_of_us_reports() {
    let Some(folder) = test_data("vaers") else { return };
    let files = discover(&[folder]).unwrap();
    let years: Vec<_> = files.iter().filter(|f| f.data.is_some()).collect();
    assert_eq!(years.len(), 10);
    let (mut reports, mut issues) = (0, Vec::new());
    for files in years {
        let part = read(files, files.period == "1999").unwrap();
        for table in ["data", "symptoms", "vax"] {
            issues.extend(log(&part, table).issues.clone());
        }
        assert_eq!(sightings(files).unwrap().0, part.sightings);
        reports += part.sightings.len();
        if files.period == "1990" {
            demographics_of_1990(&part);
        }
        let narratives = &part.children[&Table::Narrative];
        assert_eq!(narratives.owner.is_empty(), files.period != "1999");
    }
    assert_eq!(reports, 96_917);
    // An onset in 1993 in a report received in 1991.
    let [issue] = issues.as_slice() else { panic!("{issues:?}") };
    assert_eq!((issue.column, issue.raw.as_slice()), ("onset_date", b"03/05/1993".as_slice()));
}

fn demographics_of_1990(part: &Part) {
    let reports = &part.reports;
    assert_eq!(texts(reports, "native_id")[..2], ["25001", "25003"]);
    assert_eq!(texts(reports, "sex")[..2], ["F", "M"]);
    assert_eq!(texts(reports, "country")[..2], ["US", "US"]);
    assert_eq!(floats(reports, "age_years")[..2], [Some(0.2), Some(0.8)]);
    // 1990-07-02
    assert_eq!(days(reports, "received")[0], Some(7487));
    assert_eq!(known(&days(reports, "received")), 2102);
    let drugs = &part.children[&Table::Drug].columns;
    assert_eq!(
        texts(drugs, "manufacturer")[..2],
        ["CONNAUGHT LABORATORIES", "LEDERLE LABORATORIES"]
    );
    assert_eq!(texts(drugs, "dose")[..2], ["", "4"]);
    // 1990-06-04
    assert_eq!(days(drugs, "start")[0], Some(7459));
    let events = &part.children[&Table::Event].columns;
    assert_eq!(texts(events, "dictionary_version")[..2], ["8.1", "8.1"]);
}
