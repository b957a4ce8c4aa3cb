//! A whole period into a part.

use std::collections::BTreeSet;

use super::country::FOREIGN;
use super::data::{DataSink, SightingSink};
use super::files::VaersFiles;
use super::key::{KeyColumns, ReportKey, ReportPlaces, sighting};
use super::layout::VaersTable;
use super::symptoms::{self, SymptomsSink};
use super::vax::{self, VaxSink};
use crate::csv_rows::{CsvSink, Row, read_table};
use crate::error::Result;
use crate::model::date::PartialDate;
use crate::part::{Part, PartBuilder, ReportRow, Sighting, Withdrawal};
use crate::quarantine::{Reason, TableLog};

/// The sightings of a period in the order of its reports; VAERS withdraws without saying so.
pub(crate) fn sightings(files: &VaersFiles) -> Result<(Vec<Sighting>, Vec<Withdrawal>)> {
    let sightings = match &files.data {
        Some(data) => {
            let spec = VaersTable::Data.spec();
            read_table(data, spec, |header| SightingSink::new(header, files))?.0.sightings
        }
        None => Keys::of(files)?.sightings(files).map(|(_, _, sighting)| sighting).collect(),
    };
    Ok((sightings, Vec::new()))
}

/// Reads a period: its reports first, then the terms and vaccines that belong to them.
pub(crate) fn read(files: &VaersFiles, with_narratives: bool) -> Result<Part> {
    let (mut part, places, vaccinated) = match &files.data {
        Some(data) => {
            let sink = |header: &_| DataSink::new(header, files, with_narratives);
            let (mut sink, log) = read_table(data, VaersTable::Data.spec(), sink)?;
            sink.part.logs.push(log);
            sink.into_parts()
        }
        None => without_data(files)?,
    };
    let spec = VaersTable::Symptoms.spec();
    let (_, log) =
        read_table(&files.symptoms, spec, |header| SymptomsSink::new(header, &places, &mut part))?;
    part.logs.push(log);
    let spec = VaersTable::Vax.spec();
    let (_, log) = read_table(&files.vax, spec, |header| {
        VaxSink::new(header, &places, &vaccinated, &mut part)
    })?;
    part.logs.push(log);
    part.finish()
}

type Reports = (PartBuilder, ReportPlaces, Vec<Option<PartialDate>>);

/// The reports that SYMPTOMS and VAX name, in ascending order.
fn without_data(files: &VaersFiles) -> Result<Reports> {
    let keys = Keys::of(files)?;
    let mut part = PartBuilder::default();
    let mut places = ReportPlaces::default();
    for (key, version, sighting) in keys.sightings(files) {
        let id = key.id.to_string();
        let report = ReportRow {
            native_id: &id,
            case_id: &id,
            version,
            country: if files.is_foreign() { FOREIGN } else { "" },
            ..ReportRow::default()
        };
        places.insert(key, part.push_report(&report, sighting));
    }
    Ok((part, places, Vec::new()))
}

/// The reports that usable rows of SYMPTOMS and VAX name.
#[derive(Default)]
struct Keys {
    keys: BTreeSet<ReportKey>,
    has_order: bool,
}

impl Keys {
    fn of(files: &VaersFiles) -> Result<Self> {
        let mut keys = Self::default();
        let spec = VaersTable::Symptoms.spec();
        read_table(&files.symptoms, spec, |header| {
            let columns = symptoms::Columns::new(header);
            keys.has_order |= columns.key.has_order();
            let usable = move |row: &Row<'_>| columns.usable(row);
            KeySink { usable, key: columns.key, keys: &mut keys.keys }
        })?;
        let spec = VaersTable::Vax.spec();
        read_table(&files.vax, spec, |header| {
            let columns = vax::Columns::new(header);
            keys.has_order |= columns.key.has_order();
            let usable = move |row: &Row<'_>| columns.usable(row);
            KeySink { usable, key: columns.key, keys: &mut keys.keys }
        })?;
        Ok(keys)
    }

    fn sightings(
        &self,
        files: &VaersFiles,
    ) -> impl Iterator<Item = (ReportKey, Option<u32>, Sighting)> {
        self.keys.iter().map(|&key| {
            let version = Some(key.order).filter(|_| self.has_order);
            (key, version, sighting(key, version, None, files))
        })
    }
}

/// Collects the reports of usable rows.
struct KeySink<'k, F> {
    usable: F,
    key: KeyColumns,
    keys: &'k mut BTreeSet<ReportKey>,
}

impl<F: Fn(&Row<'_>) -> Result<ReportKey, Reason>> CsvSink for KeySink<'_, F> {
    fn take(&mut self, row: &Row<'_>, _: &mut TableLog) -> Result<(), Reason> {
        self.keys.insert((self.usable)(row)?);
        Ok(())
    }

    fn starts_row(&self, row: &Row<'_>) -> bool {
        self.key.starts_row(row)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::lake::schema::Table;
    use crate::test_data::{days, floats, numbers, texts};
    use crate::vaers::files::discover;
    use proptest::prelude::*;

    const DATA: &str = "VAERS_ID,RECVDATE,STATE,AGE_YRS,CAGE_YR,CAGE_MO,SEX,SYMPTOM_TEXT,DIED,\
                        L_THREAT,ER_VISIT,HOSPITAL,X_STAY,DISABLE,RECOVD,VAX_DATE,ONSET_DATE,\
                        HISTORY,SPLTTYPE,BIRTH_DEFECT,OFC_VISIT,ER_ED_VISIT\n";
    const SYMPTOMS: &str = "VAERS_ID,SYMPTOM1,SYMPTOMVERSION1,SYMPTOM2,SYMPTOMVERSION2\n";
    const VAX: &str = "VAERS_ID,VAX_TYPE,VAX_MANU,VAX_LOT,VAX_DOSE_SERIES,VAX_ROUTE,VAX_NAME\n";

    fn period(
        prefix: &str,
        data: Option<&[u8]>,
        symptoms: &[u8],
        vax: &[u8],
    ) -> (tempfile::TempDir, VaersFiles) {
        let folder = tempfile::tempdir().unwrap();
        let tables = [("DATA", data), ("SYMPTOMS", Some(symptoms)), ("VAX", Some(vax))];
        for (table, bytes) in tables {
            let path = folder.path().join(format!("{prefix}VAERS{table}.csv"));
            bytes.iter().for_each(|bytes| std::fs::write(&path, bytes).unwrap());
        }
        let files = discover(&[folder.path().to_path_buf()]).unwrap().remove(0);
        (folder, files)
    }

    fn part_of(prefix: &str, data: Option<&str>, symptoms: &str, vax: &str) -> Part {
        let data = data.map(str::as_bytes);
        let (_folder, files) = period(prefix, data, symptoms.as_bytes(), vax.as_bytes());
        let part = read(&files, true).unwrap();
        assert_eq!(super::sightings(&files).unwrap(), (part.sightings.clone(), Vec::new()));
        part
    }

    fn log<'p>(part: &'p Part, table: &str) -> &'p TableLog {
        part.logs.iter().find(|log| log.table == table).unwrap()
    }

    fn reasons(part: &Part, table: &str) -> Vec<(u64, Reason)> {
        log(part, table).quarantined.iter().map(|q| (q.line, q.reason)).collect()
    }

    fn issues(part: &Part, table: &str) -> Vec<(&'static str, Reason)> {
        log(part, table).issues.iter().map(|issue| (issue.column, issue.reason)).collect()
    }

    #[test]
    fn a_period_with_all_its_tables() {
        let data = [
            DATA,
            "0025003,07/02/1990,TX,,1,.5,m,\"fever, then\r\nrash\",Y,Y,Y,Y,Y,Y,Y,01/29/1990,\
             02/04/1990,atopy,NY90,Y,Y,Y\n",
            "0025001,07/03/1990,FR,0.2,,,U,,,,,,,,N,,,,,,,\n",
        ];
        let symptoms = [SYMPTOMS, "0025001,Agitation,8.10,,\n25003,Rash,8.1,Pyrexia,24.0\n"];
        let vax =
            [VAX, "25003,DTP,X,9Q,4,IM,DTP (NO  BRAND)\n25001,HEP,,,UNK,UN,\n25003,OPV,,,,,O\n"];
        let part = part_of("1990", Some(&data.concat()), &symptoms.concat(), &vax.concat());

        let reports = &part.reports;
        assert_eq!(texts(reports, "native_id"), ["25003", "25001"]);
        assert_eq!(texts(reports, "country"), ["US", "foreign"]);
        assert_eq!(texts(reports, "sex"), ["M", ""]);
        assert_eq!(texts(reports, "sender_number"), ["NY90", ""]);
        assert_eq!(floats(reports, "age_years"), [Some(1.5), Some(0.2)]);
        assert_eq!(days(reports, "received"), [Some(7487), Some(7488)]);
        assert_eq!(days(reports, "event_date"), [Some(7339), None]);
        let outcomes = reports.column_by_name("outcomes").unwrap();
        let outcomes: &arrow_array::UInt16Array = outcomes.as_any().downcast_ref().unwrap();
        assert_eq!(outcomes.values(), &[1 | 2 | 4 | 8 | 16 | 128 | 256 | 512, 0]);
        let rank = part.sightings[0].rank;
        assert_eq!((part.sightings[0].case, rank.period, rank.received), (25_003, 1990, 7487));

        let events = &part.children[&Table::Event];
        assert_eq!(events.owner, [1, 0, 0]);
        assert_eq!(texts(&events.columns, "dictionary_version"), ["8.1", "8.1", "24.0"]);
        assert_eq!((log(&part, "symptoms").rows, log(&part, "symptoms").stored), (2, 2));

        let drugs = &part.children[&Table::Drug];
        assert_eq!(drugs.owner, [0, 1, 0]);
        assert_eq!(numbers(&drugs.columns, "seq"), [Some(1), Some(1), Some(2)]);
        assert_eq!(texts(&drugs.columns, "role"), ["PS", "PS", "PS"]);
        assert_eq!(texts(&drugs.columns, "route"), ["IM", "", ""]);
        assert_eq!(days(&drugs.columns, "start"), [Some(7333), None, Some(7333)]);
        let names: Vec<_> = part.symbols.names().iter().map(|n| n.verbatim.as_str()).collect();
        assert_eq!(names, ["DTP (NO BRAND)", "HEP", "O"]);
        assert_eq!(part.children[&Table::Therapy].owner, [0, 0]);

        let narratives = &part.children[&Table::Narrative].columns;
        assert_eq!(texts(narratives, "field"), ["SYMPTOM_TEXT", "HISTORY"]);
        assert_eq!(texts(narratives, "text"), ["fever, then\nrash", "atopy"]);
    }

    #[test]
    fn narratives_only_when_asked_for() {
        let data = [DATA, "1,07/02/1990,,,,,,text,,,,,,,,,,,,,,\n"].concat();
        let (_folder, files) =
            period("1990", Some(data.as_bytes()), SYMPTOMS.as_bytes(), VAX.as_bytes());
        assert!(read(&files, false).unwrap().children[&Table::Narrative].owner.is_empty());
        assert_eq!(read(&files, true).unwrap().children[&Table::Narrative].owner.len(), 1);
    }

    #[test]
    fn values_that_cannot_be_are_unknown_and_listed() {
        let data = [DATA, "1,07/02/2990,XB,932,33,,X,,maybe,,,,,,,13/01/1990,2/30/1990,,,,,\n"];
        let part = part_of("1990", Some(&data.concat()), SYMPTOMS, VAX);
        assert_eq!(
            issues(&part, "data"),
            [
                ("recvdate", Reason::ImplausibleDate),
                ("onset_date", Reason::BadDate),
                ("age_yrs", Reason::ImplausibleValue),
                ("sex", Reason::UnknownCode),
                ("state", Reason::UnknownCode),
                ("died", Reason::UnknownCode),
                ("vax_date", Reason::BadDate),
            ]
        );
        assert_eq!(floats(&part.reports, "age_years"), [None]);
        assert_eq!(log(&part, "data").issues[2].raw, b"932");
    }

    #[test]
    fn rows_that_cannot_be_used_are_set_aside() {
        let row = |id: &str| format!("{id},07/02/1990,,,,,,,,,,,,,,,,,,,,\n");
        let data = [DATA, &row("7"), &row("x"), &row("7"), "8,07/02/1990\n"].concat();
        let symptoms = [SYMPTOMS, "7,Rash,8.1,,\n9,Rash,8.1,,\n7,,8.1,,\n,Rash,,,\n"].concat();
        let vax = [VAX, "9,DTP,,,,,\n7,,,,,,D\n7,DTP,,,,,,\n"].concat();
        let part = part_of("1990", Some(&data), &symptoms, &vax);
        assert_eq!(part.sightings.len(), 1);
        assert_eq!(
            reasons(&part, "data"),
            [
                (3, Reason::BadIdentifier),
                (4, Reason::RepeatedIdentifier),
                (5, Reason::TooFewFields)
            ]
        );
        assert_eq!(
            reasons(&part, "symptoms"),
            [(3, Reason::NoReport), (4, Reason::Blank), (5, Reason::BadIdentifier)]
        );
        assert_eq!(
            reasons(&part, "vax"),
            [(2, Reason::NoReport), (3, Reason::Blank), (4, Reason::TooManyFields)]
        );
    }

    #[test]
    fn without_data_the_other_tables_name_the_reports() {
        let symptoms = [SYMPTOMS, "30,Rash,8.1,,\n0010,Rash,8.1,,\n99,,,,\n"].concat();
        let vax = [VAX, "20,DTP,,,,,D\n10,DTP,,,,,D\n98,,,,,,D\n"].concat();
        let part = part_of("NonDomestic", None, &symptoms, &vax);
        assert_eq!(texts(&part.reports, "native_id"), ["10", "20", "30"]);
        assert_eq!(texts(&part.reports, "country"), ["foreign"; 3]);
        assert_eq!(days(&part.reports, "received"), [None; 3]);
        assert_eq!(part.children[&Table::Event].owner, [2, 0]);
        assert_eq!(part.children[&Table::Drug].owner, [1, 0]);
        assert_eq!(part.sightings[0].rank.received, i32::MIN);
        assert_eq!(reasons(&part, "symptoms"), [(4, Reason::Blank)]);
        assert_eq!(part.logs.len(), 2);
        let domestic = part_of("1990", None, &symptoms, &vax);
        assert_eq!(texts(&domestic.reports, "country"), [""; 3]);
    }

    #[test]
    fn later_reports_about_a_case_are_its_versions() {
        let data = "ORDER,VAERS_ID,RECVDATE\n2,5,01/02/2023\n1,5,01/01/2023\n1,5,01/01/2023\n";
        let symptoms = "VAERS_ID,SYMPTOM1,ORDER\n5,Rash,1\n5,Pyrexia,2\n5,Chills,3\n";
        let vax = "VAERS_ID,ORDER,VAX_TYPE\n5,2,DTP\n5,1,DTP\n";
        let part = part_of("2023", Some(data), symptoms, vax);
        let versions: Vec<_> = part.sightings.iter().map(|s| (s.case, s.rank.version)).collect();
        assert_eq!(versions, [(5, 2), (5, 1)]);
        assert_eq!(part.children[&Table::Event].owner, [1, 0]);
        assert_eq!(numbers(&part.children[&Table::Drug].columns, "seq"), [Some(1), Some(1)]);
        assert_eq!(reasons(&part, "data"), [(4, Reason::RepeatedIdentifier)]);
        assert_eq!(reasons(&part, "symptoms"), [(4, Reason::NoReport)]);
        let (_folder, files) = period("2023", None, symptoms.as_bytes(), vax.as_bytes());
        let versions = super::sightings(&files).unwrap().0;
        assert_eq!(versions.iter().map(|s| s.rank.version).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_lost_quote_in_a_text_takes_only_its_row() {
        let row = |id: u32, text: &str| format!("{id},07/02/1990,,,,,,{text},,,,,,,,,,,,,,\n");
        let rows = [row(1, "\"open"), row(2, "\"a, b\nc\""), row(3, "plain")].concat();
        let part = part_of("1990", Some(&[DATA, &rows].concat()), SYMPTOMS, VAX);
        assert_eq!(texts(&part.reports, "native_id"), ["2", "3"]);
        assert_eq!(reasons(&part, "data"), [(2, Reason::UnclosedQuote)]);
    }

    #[test]
    fn a_table_of_another_kind_is_named() {
        let (_folder, files) = period("1990", None, b"VAERS_ID,VAX_TYPE\n", VAX.as_bytes());
        let error = read(&files, false).unwrap_err().to_string();
        assert_eq!(
            error,
            "1990VAERSSYMPTOMS.csv, line 1: no column \"symptom1\" (found: vaers_id, vax_type). \
             Expected the header of a VAERS SYMPTOMS table, such as 1990VAERSSYMPTOMS.csv. \
             Check that the file is one, and whole."
        );
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(prop::sample::select(b"1123,,,,A\"\n\n\r\xe9 ".to_vec()), 0..120)
    }

    proptest! {
        #[test]
        fn any_bytes_are_stored_or_set_aside(
            data in prop::option::of(bytes()),
            symptoms in bytes(),
            vax in bytes(),
        ) {
            let below = |header: &[u8], rows: &[u8]| [header, b"\n", rows].concat();
            let data = data.map(|rows| below(b"VAERS_ID,RECVDATE,AGE_YRS", &rows));
            let symptoms = below(b"VAERS_ID,SYMPTOM1,SYMPTOM2", &symptoms);
            let vax = below(b"VAERS_ID,VAX_TYPE", &vax);
            let (_folder, files) = period("1990", data.as_deref(), &symptoms, &vax);
            let part = read(&files, true).unwrap();
            prop_assert!(part.logs.iter().all(TableLog::is_balanced));
            prop_assert_eq!(super::sightings(&files).unwrap().0, part.sightings);
        }
    }
}
