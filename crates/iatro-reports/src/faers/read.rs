//! A whole quarter into a part.

use super::children::{CodeSink, CourseSink, DrugSink, IndicationSink, ReactionSink};
use super::demo::{DemoSink, SightingSink};
use super::files::QuarterFiles;
use super::header::Header;
use super::layout::FaersTable;
use super::places::ReportPlaces;
use super::rows::read_table;
use super::{children, deleted, demo};
use crate::error::{Error, Result};
use crate::lake::build::defect;
use crate::part::{DrugIndex, Part, PartBuilder, Sighting, Withdrawal};
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
    let children = Children::read(files, &places);
    children?.join(&mut part)?;
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
) -> Result<Read<S>> {
    let Some(member) = files.member(table) else { return Ok(None) };
    read_checked(member, table, children::READ, children::NOT_KEPT, |header| {
        make_sink(header, places)
    })
    .map(Some)
}

/// What a table gave, where there is one.
type Read<S> = Option<(S, TableLog)>;

/// The tables whose rows belong to reports.
struct Children<'p> {
    drugs: Read<DrugSink<'p>>,
    reactions: Read<ReactionSink<'p>>,
    indications: Read<IndicationSink<'p>>,
    outcomes: Read<CodeSink<'p>>,
    report_sources: Read<CodeSink<'p>>,
    courses: Read<CourseSink<'p>>,
}

impl<'p> Children<'p> {
    /// Reads all tables, side by side; DRUG is as long as the others together.
    fn read(files: &QuarterFiles, places: &'p ReportPlaces) -> Result<Self> {
        let last_year = files.quarter.year() + 1;
        let course_sink = |header: &Header, places| CourseSink::new(header, places, last_year);
        let codes = || {
            let outcomes = read_child(files, FaersTable::Outc, places, CodeSink::outcomes)?;
            let sources = read_child(files, FaersTable::Rpsr, places, CodeSink::report_sources)?;
            Ok((outcomes, sources))
        };
        let courses = || read_child(files, FaersTable::Ther, places, course_sink);
        let reactions = || read_child(files, FaersTable::Reac, places, ReactionSink::new);
        let indications = || read_child(files, FaersTable::Indi, places, IndicationSink::new);
        let drugs = || read_child(files, FaersTable::Drug, places, DrugSink::new);
        let terms = || rayon::join(reactions, indications);
        let rest = || rayon::join(codes, courses);
        let (drugs, ((reactions, indications), (codes, courses))) =
            rayon::join(drugs, || rayon::join(terms, rest));
        let (drugs, reactions, indications) = (drugs?, reactions?, indications?);
        let (outcomes, report_sources) = codes?;
        Ok(Self { drugs, reactions, indications, outcomes, report_sources, courses: courses? })
    }

    fn join(self, part: &mut PartBuilder) -> Result<()> {
        join_drugs(self.drugs, part);
        let drugs = DrugIndex::new(&part.drugs, part.reports());
        join_reactions(self.reactions, part)?;
        join_indications(self.indications, part, &drugs)?;
        if let Some((sink, log)) = self.outcomes {
            sink.rows.iter().for_each(|&(owner, bit)| part.add_outcome(owner, bit));
            part.logs.push(log);
        }
        if let Some((sink, log)) = self.report_sources {
            sink.rows.iter().for_each(|&(owner, bit)| part.add_report_source(owner, bit));
            part.logs.push(log);
        }
        join_courses(self.courses, part, &drugs);
        Ok(())
    }
}

fn join_drugs(read: Read<DrugSink<'_>>, part: &mut PartBuilder) {
    let Some((sink, log)) = read else { return };
    part.drugs = sink.drugs;
    part.symbols = sink.symbols;
    part.logs.push(log);
}

fn join_reactions(read: Read<ReactionSink<'_>>, part: &mut PartBuilder) -> Result<()> {
    let Some((sink, log)) = read else { return Ok(()) };
    part.events = sink.events;
    let symbols = sink.terms.symbols(&mut part.symbols);
    part.events.rename_terms(&symbols).ok_or_else(no_term)?;
    part.logs.push(log);
    Ok(())
}

fn join_indications(
    read: Read<IndicationSink<'_>>,
    part: &mut PartBuilder,
    drugs: &DrugIndex,
) -> Result<()> {
    let Some((sink, mut log)) = read else { return Ok(()) };
    part.indications = sink.indications;
    let symbols = sink.terms.symbols(&mut part.symbols);
    part.indications.rename_terms(&symbols).ok_or_else(no_term)?;
    let dangling =
        part.indications.links().filter(|&(owner, seq)| drugs.find(owner, seq).is_none());
    log.dangling_links = dangling.count() as u64;
    part.logs.push(log);
    Ok(())
}

fn join_courses(read: Read<CourseSink<'_>>, part: &mut PartBuilder, drugs: &DrugIndex) {
    let Some((sink, mut log)) = read else { return };
    for (owner, seq, start, end) in sink.therapies.courses() {
        match drugs.find(owner, seq) {
            Some(at) => part.drugs.add_course(at, start, end),
            None => log.dangling_links += 1,
        }
    }
    part.therapies = sink.therapies;
    part.logs.push(log);
}

fn no_term() -> Error {
    defect("a row with a term that its table lacks")
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
