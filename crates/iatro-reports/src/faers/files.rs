//! Which files make up which quarter.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::layout::FaersTable;
use super::quarter::Quarter;
use crate::error::{Error, Result};
use crate::input::{self, Member, SourceFile};

/// The files of one quarter.
#[derive(Clone, Debug)]
pub(crate) struct QuarterFiles {
    pub(crate) quarter: Quarter,
    /// The zips or plain files they stand in, sorted.
    pub(crate) sources: Vec<SourceFile>,
    pub(crate) tables: BTreeMap<FaersTable, Member>,
}

impl QuarterFiles {
    pub(crate) fn member(&self, table: FaersTable) -> Option<&Member> {
        self.tables.get(&table)
    }
}

/// Finds the quarters behind the paths: zips and unpacked folders, in any mix, in time order.
pub(crate) fn discover(paths: &[PathBuf]) -> Result<Vec<QuarterFiles>> {
    let mut quarters: BTreeMap<Quarter, QuarterFiles> = BTreeMap::new();
    for source in input::discover(paths, &["txt"])? {
        let mut found = false;
        for member in source.members()? {
            let Some(table) = FaersTable::in_file_name(member.base_name()) else { continue };
            let quarter = quarter_of(&member)?;
            found = true;
            let files = quarters.entry(quarter).or_insert_with(|| QuarterFiles {
                quarter,
                sources: Vec::new(),
                tables: BTreeMap::new(),
            });
            add(files, table, member)?;
        }
        if !found && source.zipped {
            return Err(Error::bad_data(
                &source.path,
                "no FAERS table in this archive",
                "Expected members such as DEMO22Q4.txt, DRUG22Q4.txt, REAC22Q4.txt. \
                 Is it a FAERS/AEMS quarterly ASCII file?",
            ));
        }
    }
    let Some(first) = paths.first() else {
        return Err(Error::usage(
            crate::Place::file("ingest faers"),
            "no file was named",
            "Name quarterly zips or unpacked folders.",
        ));
    };
    if quarters.is_empty() {
        return Err(Error::bad_data(
            first,
            "no FAERS table here",
            "Expected files such as DEMO22Q4.txt, or quarterly zips.",
        ));
    }
    quarters.values().try_for_each(check)?;
    Ok(quarters.into_values().collect())
}

fn quarter_of(member: &Member) -> Result<Quarter> {
    let in_member = Quarter::in_file_name(member.base_name());
    in_member.or_else(|| Quarter::in_file_name(&member.source.name)).ok_or_else(|| {
        Error::bad_data(
            member.place(),
            "the file name does not tell the quarter",
            "Expected a name like DEMO22Q4.txt. Rename it back to FDA's name.",
        )
    })
}

fn add(files: &mut QuarterFiles, table: FaersTable, member: Member) -> Result<()> {
    if let Some(known) = files.tables.get(&table) {
        return Err(Error::bad_data(
            member.place(),
            format!("a second {} table for {}", table.name().to_uppercase(), files.quarter),
            format!("The first is {}. Name each quarter once.", known.name()),
        ));
    }
    if !files.sources.iter().any(|source| source.path == member.source.path) {
        files.sources.push(member.source.clone());
    }
    files.tables.insert(table, member);
    Ok(())
}

fn check(files: &QuarterFiles) -> Result<()> {
    let missing = |table: &FaersTable| table.is_required() && !files.tables.contains_key(table);
    let Some(table) = FaersTable::ALL.into_iter().find(missing) else { return Ok(()) };
    let place = files.sources.first().map_or_else(String::new, |s| s.path.display().to_string());
    Err(Error::bad_data(
        crate::Place::file(place),
        format!("quarter {} has no {} table", files.quarter, table.name().to_uppercase()),
        "DEMO, DRUG and REAC are needed. Download the quarter again, or name its whole folder.",
    ))
}
