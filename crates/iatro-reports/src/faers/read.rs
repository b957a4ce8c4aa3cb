//! A whole quarter into a part.

use hashbrown::HashMap;

use super::children::{CodeSink, CourseSink, DrugSink, TermSink};
use super::demo::{DemoSink, ReportPlaces, SightingSink};
use super::files::QuarterFiles;
use super::header::Header;
use super::layout::FaersTable;
use super::rows::read_table;
use super::{children, deleted, demo};
use crate::error::Result;
use crate::part::{
    DrugRow, EventRow, IndicationRow, Part, PartBuilder, Sighting, TherapyRow, Withdrawal,
};
use crate::quarantine::TableLog;

/// The sightings of cases and the withdrawals of a quarter, which decide the fate of its reports.
pub(crate) fn sightings(files: &QuarterFiles) -> Result<(Vec<Sighting>, Vec<Withdrawal>)> {
    let Some(demo) = files.member(FaersTable::Demo) else { return Ok(Default::default()) };
    let sink = |header: &Header| SightingSink::new(header, files.quarter);
    let (sink, _) = read_table(demo, FaersTable::Demo, sink)?;
    let withdrawals = match files.member(FaersTable::Deleted) {
        Some(member) => deleted::read(member)?.0,
        None => Vec::new(),
    };
    Ok((sink.sightings, withdrawals))
}

/// Reads a quarter: DEMO first, then the other tables side by side against it.
pub(crate) fn read(files: &QuarterFiles) -> Result<Part> {
    let Some(demo) = files.member(FaersTable::Demo) else {
        return PartBuilder::default().finish();
    };
    let (sink, log) = read_checked(demo, FaersTable::Demo, demo::READ, demo::NOT_KEPT, |header| {
        DemoSink::new(header, files.quarter)
    })?;
    let (mut part, places) = (sink.part, sink.places);
    part.logs.push(log);
    let (drugs, others) =
        rayon::join(|| Drugs::read(files, &places), || Others::read(files, &places));
    let courses = drugs?.join(&mut part);
    others?.join(&mut part, &courses);
    if let Some(member) = files.member(FaersTable::Deleted) {
        let (withdrawals, log) = deleted::read(member)?;
        part.withdrawals = withdrawals;
        part.logs.push(log);
    }
    part.finish()
}

fn read_checked<S: super::rows::RowSink>(
    member: &crate::input::Member,
    table: FaersTable,
    read: &[&str],
    not_kept: &[&str],
    make_sink: impl FnOnce(&Header) -> S,
) -> Result<(S, TableLog)> {
    let mut unknown = Vec::new();
    let (sink, mut log) = read_table(member, table, |header| {
        let known = |name: &str| read.contains(&name) || not_kept.contains(&name);
        unknown = header.names().iter().filter(|name| !known(name)).cloned().collect();
        make_sink(header)
    })?;
    log.unknown_columns = unknown;
    Ok((sink, log))
}

fn read_child<'p, S: super::rows::RowSink>(
    files: &QuarterFiles,
    table: FaersTable,
    places: &'p ReportPlaces,
    make_sink: impl FnOnce(&Header, &'p ReportPlaces) -> S,
) -> Result<Option<(S, TableLog)>> {
    let Some(member) = files.member(table) else { return Ok(None) };
    read_checked(member, table, children::READ, children::NOT_KEPT, |header| {
        make_sink(header, places)
    })
    .map(Some)
}

/// Where the drugs of the reports stand: (report, sequence number) to place.
type DrugPlaces = HashMap<(u32, u64), usize, foldhash::fast::FixedState>;

struct Drugs<'p>(Option<(DrugSink<'p>, TableLog)>);

impl<'p> Drugs<'p> {
    fn read(files: &QuarterFiles, places: &'p ReportPlaces) -> Result<Self> {
        read_child(files, FaersTable::Drug, places, DrugSink::new).map(Self)
    }

    fn join(self, part: &mut PartBuilder) -> DrugPlaces {
        let mut found = DrugPlaces::default();
        let Some((sink, log)) = self.0 else { return found };
        let names: Vec<u32> =
            sink.names.list.iter().map(|name| part.symbols.name(name.clone())).collect();
        for row in &sink.rows {
            if let Some(seq) = row.seq {
                found.entry((row.owner, seq)).or_insert(part.drugs.len());
            }
            let [route, dose, lot, dechallenge, rechallenge] = row.texts.map(|t| sink.text(t));
            let drug = DrugRow {
                seq: row.seq,
                role: row.role,
                name: names[row.name as usize],
                manufacturer: "",
                route,
                dose,
                lot,
                dechallenge,
                rechallenge,
            };
            part.drugs.push(row.owner, &drug);
        }
        part.logs.push(log);
        found
    }
}

struct Others<'p> {
    reactions: Option<(TermSink<'p>, TableLog)>,
    indications: Option<(TermSink<'p>, TableLog)>,
    outcomes: Option<(CodeSink<'p>, TableLog)>,
    report_sources: Option<(CodeSink<'p>, TableLog)>,
    courses: Option<(CourseSink<'p>, TableLog)>,
}

impl<'p> Others<'p> {
    fn read(files: &QuarterFiles, places: &'p ReportPlaces) -> Result<Self> {
        let last_year = files.quarter.year() + 1;
        Ok(Self {
            reactions: read_child(files, FaersTable::Reac, places, TermSink::new)?,
            indications: read_child(files, FaersTable::Indi, places, TermSink::new)?,
            outcomes: read_child(files, FaersTable::Outc, places, CodeSink::outcomes)?,
            report_sources: read_child(files, FaersTable::Rpsr, places, CodeSink::report_sources)?,
            courses: read_child(files, FaersTable::Ther, places, |header, places| {
                CourseSink::new(header, places, last_year)
            })?,
        })
    }

    fn join(self, part: &mut PartBuilder, drugs: &DrugPlaces) {
        join_reactions(self.reactions, part);
        join_indications(self.indications, part, drugs);
        if let Some((sink, log)) = self.outcomes {
            sink.rows.iter().for_each(|&(owner, bit)| part.add_outcome(owner, bit));
            part.logs.push(log);
        }
        if let Some((sink, log)) = self.report_sources {
            sink.rows.iter().for_each(|&(owner, bit)| part.add_report_source(owner, bit));
            part.logs.push(log);
        }
        join_courses(self.courses, part, drugs);
    }
}

fn join_reactions(read: Option<(TermSink<'_>, TableLog)>, part: &mut PartBuilder) {
    let Some((sink, log)) = read else { return };
    let mut ids = vec![None; sink.terms.list.len()];
    for row in &sink.rows {
        let spelling = &sink.terms.list[row.term as usize];
        let term = *ids[row.term as usize].get_or_insert_with(|| part.symbols.term(spelling));
        let recurred = row.recurred.map_or("", |at| &sink.terms.list[at as usize]);
        part.events.push(row.owner, &EventRow { term, dictionary_version: "", recurred });
    }
    part.logs.push(log);
}

fn join_indications(
    read: Option<(TermSink<'_>, TableLog)>,
    part: &mut PartBuilder,
    drugs: &DrugPlaces,
) {
    let Some((sink, mut log)) = read else { return };
    for row in &sink.rows {
        let term = part.symbols.term(&sink.terms.list[row.term as usize]);
        log.dangling_links += u64::from(!is_linked(drugs, row.owner, row.seq));
        part.indications.push(row.owner, IndicationRow { drug_seq: row.seq, term });
    }
    part.logs.push(log);
}

fn join_courses(
    read: Option<(CourseSink<'_>, TableLog)>,
    part: &mut PartBuilder,
    drugs: &DrugPlaces,
) {
    let Some((sink, mut log)) = read else { return };
    for row in &sink.rows {
        match row.seq.and_then(|seq| drugs.get(&(row.owner, seq))) {
            Some(&at) => part.drugs.add_course(at, row.start, row.end),
            None => log.dangling_links += 1,
        }
        let course = TherapyRow {
            drug_seq: row.seq,
            start: row.start,
            end: row.end,
            duration: row.duration,
            duration_unit: &row.unit,
        };
        part.therapies.push(row.owner, &course);
    }
    part.logs.push(log);
}

fn is_linked(drugs: &DrugPlaces, owner: u32, seq: Option<u64>) -> bool {
    seq.is_some_and(|seq| drugs.contains_key(&(owner, seq)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::faers::files::discover;
    use proptest::prelude::*;

    const WHOLE: [(&str, &str); 8] = [
        ("DEMO", "primaryid$caseid$caseversion$fda_dt$mfr_sndr\n71$7$1$20200101$A\n81$8$2$$B\n"),
        ("DRUG", "primaryid$caseid$drug_seq$role_cod$drugname$prod_ai\n71$7$1$PS$X$Y\n"),
        ("REAC", "primaryid$caseid$pt\n71$7$Rash\n"),
        ("INDI", "primaryid$caseid$indi_drug_seq$indi_pt\n71$7$1$Pain\n"),
        ("OUTC", "primaryid$caseid$outc_cod\n71$7$DE\n"),
        ("RPSR", "primaryid$caseid$rpsr_cod\n71$7$HP\n"),
        ("THER", "primaryid$caseid$dsg_drug_seq$start_dt$end_dt\n71$7$1$2019$\n"),
        ("DELETE", "7\n"),
    ];

    type Decisive = (Vec<Sighting>, Vec<Withdrawal>);

    fn read_with(table: usize, more: &[u8]) -> (Result<Part>, Result<Decisive>) {
        let folder = tempfile::tempdir().unwrap();
        for (at, (name, text)) in WHOLE.iter().enumerate() {
            let more = if at == table { more } else { b"" };
            let bytes = [text.as_bytes(), more].concat();
            std::fs::write(folder.path().join(format!("{name}20Q1.txt")), bytes).unwrap();
        }
        let files = discover(&[folder.path().to_path_buf()]).unwrap().remove(0);
        (read(&files), sightings(&files))
    }

    #[test]
    fn tables_are_logged_in_a_fixed_order() {
        let part = read_with(0, b"").0.unwrap();
        let tables: Vec<&str> = part.logs.iter().map(|log| log.table.as_str()).collect();
        assert_eq!(tables, ["demo", "drug", "reac", "indi", "outc", "rpsr", "ther", "deleted"]);
        assert!(part.logs.iter().all(|log| log.rows == log.stored && log.issues.is_empty()));
        assert_eq!((part.sightings.len(), part.withdrawals.len()), (2, 1));
    }

    proptest! {
        #[test]
        fn both_passes_see_the_same_reports_whatever_the_bytes(
            table in 0..WHOLE.len(),
            more in prop::collection::vec(prop::sample::select(b"7181$$$$\n\n\r\" PSA.-\xe9\x08\xff".to_vec()), 0..200),
        ) {
            let (part, sightings) = read_with(table, &more);
            let (part, (sightings, withdrawals)) = (part.unwrap(), sightings.unwrap());
            prop_assert!(part.logs.iter().all(TableLog::is_balanced));
            prop_assert_eq!(&part.sightings, &sightings);
            prop_assert_eq!(&part.withdrawals, &withdrawals);
            let reports = u32::try_from(sightings.len()).unwrap();
            prop_assert!(part.children.values().flat_map(|child| &child.owner).all(|&owner| owner < reports));
        }
    }
}
