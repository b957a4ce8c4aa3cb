//! What is counted agrees with the tables that it was made from, in every source and part of a lake.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::quarter::Quarter;
use common::tables::{numbers, rows};
use common::{Quiet, ingest_faers};
use iatro_reports::SourceKind;
use iatro_reports::ingest::{Input, Options, ingest};
use iatro_reports::lake::incidence::{NO_ROLE, unpack};
use iatro_reports::lake::schema::Table;
use iatro_reports::lake::{Lake, Snapshot};
use iatro_reports::model::codes::Role;

/// Three quarters and a line list: a first quarter of which nothing is current, a combination named twice, a row
/// without a role, a report without drugs, an old version.
fn lake() -> (tempfile::TempDir, Snapshot) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let demo = |rows: &str| format!("primaryid$caseid$caseversion\n{rows}");
    let drug = |rows: &str| format!("primaryid$drug_seq$role_cod$drugname$prod_ai\n{rows}");
    let reac = |rows: &str| format!("primaryid$pt\n{rows}");
    let quarters = [
        ("19Q4", demo("70$7$1\n"), drug("70$1$PS$OLD$OLDOL\n"), reac("70$Cough\n")),
        (
            "20Q1",
            demo("71$7$2\n81$8$1\n91$9$1\n"),
            drug(
                "71$1$PS$OLD$OLDOL\n81$1$PS$COTRIM$TRIMETHOPRIM\\SULFAMETHOXAZOLE\n\
                 81$2$C$TRIM$TRIMETHOPRIM\n81$3$$TRIM$TRIMETHOPRIM\n",
            ),
            reac("71$Cough\n81$Rash\n81$RASH\n81$Pain\n91$Pain\n"),
        ),
        (
            "20Q2",
            demo("72$7$3\n"),
            drug("72$1$SS$TRIM$TRIMETHOPRIM\n72$2$PS$NEW$NEWOL\n"),
            reac("72$Rash\n72$Cough\n"),
        ),
    ];
    let mut folders = Vec::new();
    for (period, demo, drug, reac) in quarters {
        let quarter = path.join(period);
        fs::create_dir(&quarter).unwrap();
        for (table, text) in [("DEMO", demo), ("DRUG", drug), ("REAC", reac)] {
            fs::write(quarter.join(format!("{table}{period}.txt")), text).unwrap();
        }
        folders.push(quarter);
    }
    let list = path.join("list.csv");
    fs::write(&list, "report_id,drug,event\nA,tea,Cough\nA,tea,Rash\nB,newol,Pain\n").unwrap();
    let lake = path.join("lake");
    ingest_faers(&lake, &folders).unwrap();
    let options = Options { lake: lake.clone(), replace: false, rxnorm: None };
    let snapshot = ingest(&Input::Csv(vec![list]), &options, &mut Quiet).unwrap().snapshot;
    (folder, snapshot)
}

/// `report|substance` with the roles, from the drug rows.
fn exposures(snapshot: &Snapshot) -> BTreeMap<(u64, String), u8> {
    let mut exposures = BTreeMap::new();
    for row in rows(snapshot, "drug", "report_id role substances") {
        let mut cells = row.split('|');
        let report: u64 = cells.next().unwrap().parse().unwrap();
        let role = Role::from_code(cells.next().unwrap()).map_or(NO_ROLE, Role::bit);
        for substance in cells.flat_map(|names| names.split('+')) {
            *exposures.entry((report, substance.to_owned())).or_default() |= role;
        }
    }
    exposures
}

#[test]
fn exposure_and_reaction_hold_what_drug_and_event_say() {
    let (_folder, snapshot) = lake();
    let names = rows(&snapshot, "substance", "substance");
    let listed: BTreeMap<(u64, String), u8> =
        rows(&snapshot, "exposure", "report_id substance_id roles")
            .iter()
            .map(|row| {
                let [report, id, roles]: [u64; 3] = row
                    .split('|')
                    .map(|cell| cell.parse().unwrap())
                    .collect::<Vec<_>>()
                    .try_into()
                    .unwrap();
                ((report, names[id as usize].clone()), roles as u8)
            })
            .collect();
    assert_eq!(listed, exposures(&snapshot));
    assert_eq!(listed.len(), numbers(&snapshot, "exposure", "report_id").len());
    let mut events = rows(&snapshot, "event", "report_id term_id");
    events.sort_unstable();
    events.dedup();
    let mut reactions = rows(&snapshot, "reaction", "report_id term_id");
    reactions.sort_unstable();
    assert_eq!(reactions, events);
    assert!(numbers(&snapshot, "exposure", "report_id").is_sorted());
    assert!(numbers(&snapshot, "reaction", "report_id").is_sorted());
}

#[test]
fn the_arrays_hold_what_the_tables_hold_source_by_source() {
    let (_folder, snapshot) = lake();
    for source in [SourceKind::Csv, SourceKind::Faers, SourceKind::Vaers] {
        let reports = snapshot.manifest().extent_of(source, "report");
        for (table, columns) in [
            (Table::Exposure, "report_id substance_id roles"),
            (Table::Reaction, "report_id term_id"),
        ] {
            let entries = snapshot.entries(table, source).unwrap();
            let mut shown = Vec::new();
            let mut from = 0;
            for (report, &end) in (reports.offset..).zip(&entries.ends) {
                for &item in &entries.items[from..end as usize] {
                    let (id, roles) = unpack(item);
                    shown.push(match table {
                        Table::Exposure => format!("{report}|{id}|{roles}"),
                        _ => format!("{report}|{item}"),
                    });
                }
                from = end as usize;
            }
            let extent = snapshot.manifest().extent_of(source, table.name());
            let from = extent.offset as usize;
            let all = rows(&snapshot, table.name(), columns);
            assert_eq!(shown, all[from..from + extent.rows as usize], "{source}");
            assert_eq!(entries.ends.len() as u64, reports.rows);
            let mut items = Vec::new();
            for place in 0..reports.rows {
                let one = snapshot.entries_within(table, source, place..place + 1).unwrap();
                assert_eq!(one.ends, [one.items.len() as u32]);
                items.extend(one.items);
            }
            assert_eq!(items, entries.items);
            assert!(snapshot.entries_within(table, source, 0..reports.rows + 1).is_err());
        }
    }
}

#[test]
fn a_damaged_array_is_found_by_verify_and_a_short_one_when_it_is_read() {
    let (folder, snapshot) = lake();
    assert_eq!(snapshot.verify().unwrap().problems, Vec::<String>::new());
    let array = snapshot.folder().join("reaction.u32");
    let whole = fs::read(&array).unwrap();
    let mut other = whole.clone();
    other[0] ^= 1;
    fs::write(&array, &other).unwrap();
    let problems = snapshot.verify().unwrap().problems;
    assert!(problems.len() == 1 && problems[0].starts_with("reaction.u32: "), "{problems:?}");
    fs::write(&array, &whole[..4]).unwrap();
    let error = snapshot.entries(Table::Reaction, SourceKind::Faers).unwrap_err();
    assert!(error.to_string().contains("ends before number"), "{error}");
    let lake = folder.path().join("lake");
    let more = folder.path().join("more.csv");
    fs::write(&more, "report_id,drug,event\nC,tea,Cough\n").unwrap();
    let options = Options { lake: lake.clone(), replace: false, rxnorm: None };
    let error = ingest(&Input::Csv(vec![more]), &options, &mut Quiet).unwrap_err();
    assert_eq!(error.place().file, array.display().to_string());
    assert_eq!(Lake::open(&lake).unwrap().current().unwrap().manifest(), snapshot.manifest());
}

#[test]
fn a_lake_grown_by_quarters_has_the_arrays_of_one_made_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let quarters = [Quarter::new("2020Q1"), Quarter::new("2020Q2")];
    let paths: Vec<_> = quarters.iter().map(|quarter| quarter.unpacked(folder.path())).collect();
    let grown = folder.path().join("grown");
    paths.iter().for_each(|path| _ = ingest_faers(&grown, std::slice::from_ref(path)).unwrap());
    let grown = Lake::open(&grown).unwrap().current().unwrap();
    let at_once = ingest_faers(&folder.path().join("at_once"), &paths).unwrap().snapshot;
    assert_eq!(grown.manifest().arrays, at_once.manifest().arrays);
    assert_eq!(grown.manifest().arrays.len(), 4);
}
