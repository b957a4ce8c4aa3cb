//! The parts that the named files make up, whatever their format.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::error::{Error, Place, Result};
use crate::faers::catalogue::TableRows;
use crate::faers::files::QuarterFiles;
use crate::faers::layout::FaersTable;
use crate::faers::quarter::Era;
use crate::input::SourceFile;
use crate::input::hash::sha256_file;
use crate::lake::manifest::{FileSummary, Manifest};
use crate::line_list::files::LineListFile;
use crate::part::{Part, PartKey, Sighting, SourceKind, Withdrawal};
use crate::vaers::files::VaersFiles;
use crate::{faers, line_list, vaers};

use super::Input;

/// A part whose files are at hand.
pub(super) struct NewPart {
    format: Format,
    /// Its files, hashed, without row counts yet.
    pub(super) files: Vec<FileSummary>,
}

enum Format {
    Faers(QuarterFiles),
    Vaers { files: VaersFiles, with_narratives: bool },
    Csv(LineListFile),
}

/// What a pass saw of a part: how many reports, and a hash of what decides their fates.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Seen {
    reports: usize,
    hash: u64,
}

impl Seen {
    pub(super) fn new(sightings: &[Sighting], withdrawals: &[Withdrawal]) -> Self {
        let hash = FixedState::default().hash_one((sightings, withdrawals));
        Self { reports: sightings.len(), hash }
    }
}

/// The parts that an input names, in order, with their files hashed.
pub(super) fn discover(input: &Input) -> Result<Vec<NewPart>> {
    let formats: Vec<Format> = match input {
        Input::Faers(paths) => {
            faers::files::discover(paths)?.into_iter().map(Format::Faers).collect()
        }
        Input::Vaers { paths, with_narratives } => {
            let with_narratives = *with_narratives;
            let found = vaers::files::discover(paths)?;
            found.into_iter().map(|files| Format::Vaers { files, with_narratives }).collect()
        }
        Input::Csv(paths) => {
            line_list::files::discover(paths)?.into_iter().map(Format::Csv).collect()
        }
    };
    let hashed: Vec<Result<NewPart>> = formats.into_par_iter().map(NewPart::new).collect();
    hashed.into_iter().collect()
}

/// Parts the lake does not hold yet, and the keys of those it does.
///
/// A part that the lake holds from another file is refused unless it may be replaced.
pub(super) fn without_known(
    new: Vec<NewPart>,
    manifest: &Manifest,
    replace: bool,
) -> Result<(Vec<NewPart>, Vec<PartKey>)> {
    let mut unknown = Vec::new();
    let mut known = Vec::new();
    for part in new {
        let key = part.key();
        let Some(old) = manifest.parts.iter().find(|old| old.key == key) else {
            if !replace {
                part.check_not_held(manifest)?;
            }
            unknown.push(part);
            continue;
        };
        let hashes = |files: &[FileSummary]| {
            let mut hashes: Vec<String> = files.iter().map(|file| file.sha256.clone()).collect();
            hashes.sort_unstable();
            hashes
        };
        let same = hashes(&old.files) == hashes(&part.files);
        if same && old.narratives == part.with_narratives() {
            known.push(key);
        } else if replace {
            unknown.push(part);
        } else {
            let before = old.files.first().map_or("?", |file| file.name.as_str());
            let now = part.files.first().map_or("?", |file| file.name.as_str());
            return Err(Error::refused(
                Place::file(now),
                format!("the lake holds {key} already, from other content ({before})"),
                "Nothing was changed. Add --replace to put this in its place, or name a new lake.",
            ));
        }
    }
    Ok((unknown, known))
}

impl NewPart {
    fn new(format: Format) -> Result<Self> {
        let files = format.sources().iter().map(hashed).collect::<Result<_>>()?;
        Ok(Self { format, files })
    }

    pub(super) fn key(&self) -> PartKey {
        let (source, period) = match &self.format {
            Format::Faers(files) => (SourceKind::Faers, files.quarter.to_string()),
            Format::Vaers { files, .. } => (SourceKind::Vaers, files.period.clone()),
            Format::Csv(file) => (SourceKind::Csv, file.period.clone()),
        };
        PartKey { source, period }
    }

    /// Fails for a line list whose content the lake holds under another name.
    fn check_not_held(&self, manifest: &Manifest) -> Result<()> {
        let Format::Csv(_) = &self.format else { return Ok(()) };
        let of_csv = manifest.parts.iter().filter(|old| old.key.source == SourceKind::Csv);
        for old in of_csv {
            let held = |file: &&FileSummary| old.files.iter().any(|f| f.sha256 == file.sha256);
            if let Some(file) = self.files.iter().find(held) {
                return Err(Error::refused(
                    Place::file(file.name.clone()),
                    format!("the lake holds the same content already, as {}", old.key),
                    "Nothing was changed: its reports would count twice. Add --replace to take it in \
                     all the same.",
                ));
            }
        }
        Ok(())
    }

    /// Order of the period within its source.
    pub(super) fn period_order(&self) -> u16 {
        match &self.format {
            Format::Faers(files) => files.quarter.index(),
            Format::Vaers { files, .. } => vaers::period_order(&files.period),
            Format::Csv(_) => 0,
        }
    }

    /// Whether its reports carry case versions (FAERS from 2012Q4) or stand above those that do not.
    pub(super) fn is_modern(&self) -> bool {
        match &self.format {
            Format::Faers(files) => files.quarter.era() == Era::Faers,
            _ => true,
        }
    }

    /// Whether its reports have demographics at all.
    pub(super) fn has_demographics(&self) -> bool {
        match &self.format {
            Format::Faers(_) => true,
            Format::Vaers { files, .. } => files.data.is_some(),
            Format::Csv(_) => false,
        }
    }

    pub(super) fn with_narratives(&self) -> bool {
        matches!(&self.format, Format::Vaers { with_narratives: true, .. })
    }

    /// What is not known because a table is not there, in a sentence; `None` if all are there.
    pub(super) fn gap(&self) -> Option<String> {
        match &self.format {
            Format::Faers(files) => faers_gap(files),
            Format::Vaers { files, .. } if files.data.is_none() => {
                Some("no DATA table, so demographics, dates and outcomes are unknown".to_owned())
            }
            Format::Vaers { .. } | Format::Csv(_) => None,
        }
    }

    pub(super) fn sightings(&self) -> Result<(Vec<Sighting>, Vec<Withdrawal>)> {
        match &self.format {
            Format::Faers(files) => faers::read::sightings(files),
            Format::Vaers { files, .. } => vaers::read::sightings(files),
            Format::Csv(file) => line_list::read::sightings(file),
        }
    }

    pub(super) fn read(&self) -> Result<Part> {
        match &self.format {
            Format::Faers(files) => faers::read::read(files),
            Format::Vaers { files, with_narratives } => vaers::read::read(files, *with_narratives),
            Format::Csv(file) => line_list::read::read(file),
        }
    }

    /// Fails if the two passes over the files did not see the same sightings and withdrawals.
    pub(super) fn check_unchanged(&self, first: Seen, second: Seen) -> Result<()> {
        if first == second {
            return Ok(());
        }
        let difference = if first.reports == second.reports {
            "its cases were others the second time".to_owned()
        } else {
            format!("{} reports, then {}", first.reports, second.reports)
        };
        let name = self.files.first().map_or_else(String::new, |file| file.name.clone());
        Err(Error::bad_data(
            Place::file(name),
            format!("the file changed while it was read ({difference})"),
            "Nothing was changed. Wait until it is written completely, then repeat.",
        ))
    }

    /// The rows that the catalogue knows for this very file, by table.
    pub(super) fn catalogued_rows(&self, table: &str) -> Option<TableRows> {
        let Format::Faers(_) = &self.format else { return None };
        let entry = self.files.iter().find_map(|file| faers::catalogue::by_sha256(&file.sha256))?;
        entry.rows(table)
    }
}

fn faers_gap(files: &QuarterFiles) -> Option<String> {
    let missing: Vec<String> = FaersTable::ALL
        .into_iter()
        .filter(|table| *table != FaersTable::Deleted && files.member(*table).is_none())
        .map(|table| table.name().to_uppercase())
        .collect();
    let tables = if missing.len() == 1 { "table" } else { "tables" };
    let list = missing.join(", ");
    (!missing.is_empty()).then(|| format!("no {list} {tables}, so what they hold is unknown"))
}

impl Format {
    fn sources(&self) -> &[SourceFile] {
        match self {
            Self::Faers(files) => &files.sources,
            Self::Vaers { files, .. } => &files.sources,
            Self::Csv(file) => std::slice::from_ref(&file.source),
        }
    }
}

fn hashed(source: &SourceFile) -> Result<FileSummary> {
    let (sha256, bytes) = sha256_file(&source.path)?;
    Ok(FileSummary {
        name: source.name.clone(),
        sha256,
        bytes,
        rows: 0,
        quarantined: 0,
        warnings: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::path::{Path, PathBuf};

    fn quarter(folder: &Path, name: &str, demo: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).unwrap();
        let drug = "ISR$DRUG_SEQ$ROLE_COD$DRUGNAME\n";
        for (table, text) in [("DEMO", demo), ("DRUG", drug), ("REAC", "ISR$PT\n")] {
            std::fs::write(path.join(format!("{table}11Q2.txt")), text).unwrap();
        }
        path
    }

    #[test]
    fn a_part_knows_its_key_era_and_gaps() {
        let folder = tempfile::tempdir().unwrap();
        let paths = vec![quarter(folder.path(), "a", "ISR$CASE\n")];
        let part = discover(&Input::Faers(paths)).unwrap().remove(0);
        assert_eq!(part.key().to_string(), "faers 2011Q2");
        assert_eq!(part.period_order(), 29);
        assert!(!part.is_modern() && part.has_demographics() && !part.with_narratives());
        assert!(part.gap().unwrap().contains("INDI, OUTC, RPSR, THER"));
        assert_eq!(part.files.len(), 3);
    }

    #[test]
    fn a_file_that_changed_between_the_passes_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = quarter(folder.path(), "a", "ISR$CASE\n11$1$\n12$2$\n");
        let part = discover(&Input::Faers(vec![path.clone()])).unwrap().remove(0);
        let seen = || {
            let (sightings, withdrawals) = part.sightings().unwrap();
            Seen::new(&sightings, &withdrawals)
        };
        let first = seen();
        let read = part.read().unwrap();
        let second = Seen::new(&read.sightings, &read.withdrawals);
        assert!(part.check_unchanged(first, second).is_ok());
        for (demo, difference) in [
            ("ISR$CASE\n11$1$\n12$1$\n", "(its cases were others the second time)"),
            ("ISR$CASE\n11$1$\n", "(2 reports, then 1)"),
        ] {
            std::fs::write(path.join("DEMO11Q2.txt"), demo).unwrap();
            let error = part.check_unchanged(first, seen()).unwrap_err().to_string();
            let expected = format!("the file changed while it was read {difference}");
            assert!(error.contains(&expected), "{error}");
        }
    }

    #[test]
    fn a_catalogued_file_is_known_by_its_hash_alone() {
        let folder = tempfile::tempdir().unwrap();
        let paths = vec![quarter(folder.path(), "a", "ISR$CASE\n")];
        let mut part = discover(&Input::Faers(paths)).unwrap().remove(0);
        assert_eq!(part.catalogued_rows("drug"), None);
        let entry = faers::catalogue::by_quarter("2011Q2".parse().unwrap()).unwrap();
        part.files[1].sha256.clone_from(&entry.sha256);
        assert_eq!(part.catalogued_rows("drug"), Some(TableRows { rows: 754_487, skipped: 1 }));
        assert_eq!(part.catalogued_rows("deleted"), None);
    }
}
