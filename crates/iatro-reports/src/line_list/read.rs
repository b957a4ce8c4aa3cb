//! A whole line list into a part.

use super::files::LineListFile;
use super::sink::{LineListSink, ReportSink, SPEC};
use crate::csv_rows::read_table;
use crate::error::Result;
use crate::part::{Part, Sighting, Withdrawal};

/// The sightings of a list in the order of its reports; a list withdraws nothing.
pub(crate) fn sightings(file: &LineListFile) -> Result<(Vec<Sighting>, Vec<Withdrawal>)> {
    let (sink, _) = read_table(&file.member, &SPEC, ReportSink::new)?;
    Ok((sink.reports.sightings(&file.period), Vec::new()))
}

/// Reads a list.
pub(crate) fn read(file: &LineListFile) -> Result<Part> {
    let (sink, log) = read_table(&file.member, &SPEC, LineListSink::new)?;
    let mut part = sink.part;
    sink.reports.push(&file.period, &mut part);
    part.logs.push(log);
    part.finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::lake::schema::Table;
    use crate::line_list::files::discover;
    use crate::quarantine::{Reason, TableLog};
    use crate::test_data::{days, numbers, texts};
    use proptest::prelude::*;

    fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, LineListFile) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let file = discover(&[path]).unwrap().remove(0);
        (folder, file)
    }

    fn part_of(text: &str) -> Part {
        let (_folder, file) = file("list.csv", text.as_bytes());
        let part = read(&file).unwrap();
        assert_eq!(super::sightings(&file).unwrap(), (part.sightings.clone(), Vec::new()));
        part
    }

    fn reasons(part: &Part) -> Vec<(u64, Reason)> {
        part.logs[0].quarantined.iter().map(|q| (q.line, q.reason)).collect()
    }

    fn issues(part: &Part) -> Vec<(u64, &'static str, Reason)> {
        part.logs[0].issues.iter().map(|i| (i.line, i.column, i.reason)).collect()
    }

    #[test]
    fn rows_of_a_report_need_not_be_adjacent() {
        let part = part_of(
            "Event;Report ID;DRUG;role;Group;Date\n\
             Rash;A-1;abatacept;;north;2020-01-02\n\
             Rash;B 2;anakinra;concomitant;;20200103\n\
             Pyrexia;A-1;Abatacept;SS;north;\n\
             RASH;A-1;abatacept;ps;;2020-01-02\n",
        );
        assert_eq!(texts(&part.reports, "native_id"), ["A-1", "B 2"]);
        assert_eq!(texts(&part.reports, "group"), ["north", ""]);
        assert_eq!(days(&part.reports, "event_date"), [Some(18_263), Some(18_264)]);
        assert_eq!(days(&part.reports, "received"), [None, None]);
        let drugs = &part.children[&Table::Drug];
        assert_eq!(drugs.owner, [0, 1, 0]);
        assert_eq!(texts(&drugs.columns, "role"), ["PS", "C", "SS"]);
        assert_eq!(numbers(&drugs.columns, "seq"), [Some(1), Some(1), Some(2)]);
        assert_eq!(part.children[&Table::Event].owner, [0, 1, 0]);
        assert_eq!((part.logs[0].rows, part.logs[0].stored), (4, 4));
        assert!(part.logs[0].issues.is_empty());
        assert_ne!(part.sightings[0].case, part.sightings[1].case);
    }

    #[test]
    fn a_row_may_carry_only_a_drug_or_only_an_event() {
        let part = part_of("report_id\tdrug\tevent\n1\taspirin\t\n1\t\tRash\n2\t\tRash\n");
        assert_eq!(part.children[&Table::Drug].owner, [0]);
        assert_eq!(part.children[&Table::Event].owner, [0, 1]);
        assert!(part.logs[0].quarantined.is_empty());
    }

    #[test]
    fn rows_that_cannot_be_used_are_set_aside() {
        let part = part_of(
            "report_id,drug,event,role\n,a,b,\n1,,,PS\n2,a,b,maybe\n3,a,b\n4,a,b,c,d\n5,a,b,I\n",
        );
        assert_eq!(
            reasons(&part),
            [
                (2, Reason::Blank),
                (3, Reason::Blank),
                (4, Reason::UnknownCode),
                (5, Reason::TooFewFields),
                (6, Reason::TooManyFields),
            ]
        );
        assert_eq!(texts(&part.reports, "native_id"), ["5"]);
    }

    #[test]
    fn the_first_group_and_date_are_kept() {
        let part = part_of(
            "report_id,drug,event,group,date\n\
             1,a,b,,2020-13-01\n1,c,d,x,2020-02\n1,e,f,y,202003\n1,g,h,x,2999-01-01\n",
        );
        assert_eq!(texts(&part.reports, "group"), ["x"]);
        assert_eq!(texts(&part.reports, "event_date_precision"), ["month"]);
        assert_eq!(
            issues(&part),
            [
                (2, "date", Reason::BadDate),
                (4, "group", Reason::Disagreement),
                (4, "date", Reason::Disagreement),
                (5, "date", Reason::ImplausibleDate),
            ]
        );
    }

    #[test]
    fn unknown_columns_are_listed_and_missing_ones_are_an_error() {
        let part = part_of("report_id,drug,event,weight\n1,a,b,70\n");
        assert_eq!(part.logs[0].unknown_columns, ["weight"]);
        let (_folder, list) = file("list.txt", b"case,drug,event\n");
        let error = read(&list).unwrap_err().to_string();
        assert!(
            error.starts_with(
                "list.txt, line 1: no column \"report_id\" (found: case, drug, event)"
            ),
            "{error}"
        );
    }

    #[test]
    fn a_header_alone_is_an_empty_part() {
        let part = part_of("\u{feff}report_id,drug,event\r\n");
        assert!(part.sightings.is_empty());
        assert_eq!(part.logs[0].rows, 0);
    }

    proptest! {
        #[test]
        fn any_bytes_are_stored_or_set_aside(
            rows in prop::collection::vec(prop::sample::select(b"12ab,,,\"\n\n\r\xe9 ".to_vec()), 0..160),
        ) {
            let (_folder, file) = file("x.csv", &[b"report_id,drug,event\n", rows.as_slice()].concat());
            let part = read(&file).unwrap();
            prop_assert!(part.logs.iter().all(TableLog::is_balanced));
            prop_assert_eq!(super::sightings(&file).unwrap().0, part.sightings);
        }
    }
}
