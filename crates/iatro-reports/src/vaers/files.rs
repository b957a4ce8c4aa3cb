//! Which files make up which period.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::layout::VaersTable;
use super::period_order;
use crate::error::{Error, Place, Result};
use crate::input::{self, Member, SourceFile};

/// The files of one period.
#[derive(Clone, Debug)]
pub(crate) struct VaersFiles {
    /// `1990`, or `NonDomestic` for reports from outside the US.
    pub(crate) period: String,
    /// The zips or plain files they stand in, sorted.
    pub(crate) sources: Vec<SourceFile>,
    /// Without it demographics, dates and outcomes are unknown.
    pub(crate) data: Option<Member>,
    pub(crate) symptoms: Member,
    pub(crate) vax: Member,
}

/// The period of the reports from outside the US.
const FOREIGN: &str = "NonDomestic";
/// The last plausible year where the period does not tell it.
const LAST_YEAR: u16 = 2100;
const TABLES: &str = "1990VAERSDATA.csv, 1990VAERSSYMPTOMS.csv and 1990VAERSVAX.csv";

impl VaersFiles {
    /// The last year that a date of a report may have.
    pub(super) fn last_year(&self) -> u16 {
        match period_order(&self.period) {
            0 => LAST_YEAR,
            year => year + 1,
        }
    }

    /// Whether all reports of the period come from outside the US.
    pub(super) fn is_foreign(&self) -> bool {
        self.period == FOREIGN
    }
}

#[derive(Default)]
struct Found {
    period: String,
    sources: Vec<SourceFile>,
    tables: BTreeMap<VaersTable, Member>,
}

/// Finds the periods behind the paths, zips and unpacked folders in any mix, sorted by period.
pub(crate) fn discover(paths: &[PathBuf]) -> Result<Vec<VaersFiles>> {
    if paths.is_empty() {
        return Err(Error::usage(
            Place::file("ingest vaers"),
            "no file was named",
            "Name yearly zips such as 1990VAERSData.zip, or unpacked folders.",
        ));
    }
    let mut periods: BTreeMap<String, Found> = BTreeMap::new();
    for source in input::discover(paths, &["csv"])? {
        let mut any = false;
        for member in source.members()? {
            let Some((table, prefix)) = VaersTable::in_file_name(member.base_name()) else {
                continue;
            };
            let period = period(prefix, &member)?;
            any = true;
            let found = periods.entry(period.to_ascii_lowercase()).or_default();
            found.add(period, table, member)?;
        }
        if !any && (source.zipped || paths.contains(&source.path)) {
            return Err(no_table(Place::from(&source.path)));
        }
    }
    if periods.is_empty() {
        return Err(no_table(paths.first().map_or_else(|| Place::file(""), Place::from)));
    }
    let mut files: Vec<_> = periods.into_values().map(Found::complete).collect::<Result<_>>()?;
    files.sort_by(|a, b| a.period.cmp(&b.period));
    Ok(files)
}

fn no_table(place: Place) -> Error {
    Error::bad_data(
        place,
        "no VAERS table here",
        format!("Expected {TABLES}, or a zip with these. Is it a VAERS download?"),
    )
}

/// The period of a table: from its own name, else from its archive's.
fn period(prefix: &str, member: &Member) -> Result<String> {
    let archive = &member.source.name;
    let at = archive.to_ascii_uppercase().find("VAERS").filter(|_| member.source.zipped);
    let in_archive = at.and_then(|at| archive.get(..at)).unwrap_or_default();
    [prefix, in_archive].into_iter().find_map(period_of).ok_or_else(|| {
        Error::bad_data(
            member.place(),
            "the file name does not tell the year",
            "Expected a name like 1990VAERSDATA.csv. Rename it back to the published name.",
        )
    })
}

/// A year in the prefix, `NonDomestic`, or else the prefix as it is.
fn period_of(prefix: &str) -> Option<String> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '_' | '-' | '.');
    let prefix = prefix.trim_matches(is_between);
    let squeezed: String = prefix.chars().filter(|c| !is_between(*c)).collect();
    if squeezed.to_ascii_lowercase().ends_with("nondomestic") {
        return Some(FOREIGN.to_owned());
    }
    let mut numbers = prefix.split(|c: char| !c.is_ascii_digit());
    let year = numbers.find(|n| n.len() == 4 && matches!(n.as_bytes(), [b'1' | b'2', ..]));
    let period = year.unwrap_or(prefix);
    (!period.is_empty()).then(|| period.to_owned())
}

impl Found {
    fn add(&mut self, period: String, table: VaersTable, member: Member) -> Result<()> {
        if let Some(known) = self.tables.get(&table) {
            return Err(Error::bad_data(
                member.place(),
                format!("a second {} table for {period}", table.name()),
                format!("The first is {}. Name each period once.", known.name()),
            ));
        }
        if self.period.is_empty() {
            self.period = period;
        }
        if !self.sources.iter().any(|source| source.path == member.source.path) {
            self.sources.push(member.source.clone());
        }
        self.tables.insert(table, member);
        Ok(())
    }

    fn complete(mut self) -> Result<VaersFiles> {
        let symptoms = self.take(VaersTable::Symptoms)?;
        let vax = self.take(VaersTable::Vax)?;
        let data = self.tables.remove(&VaersTable::Data);
        Ok(VaersFiles { period: self.period, sources: self.sources, data, symptoms, vax })
    }

    fn take(&mut self, table: VaersTable) -> Result<Member> {
        self.tables.remove(&table).ok_or_else(|| {
            let place = self.sources.first().map_or_else(|| Place::file(""), |s| (&s.path).into());
            Error::bad_data(
                place,
                format!("period {} has no {} table", self.period, table.name()),
                format!("Expected {TABLES}; only DATA may be missing. Name the zip or folder."),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs::{self, File};
    use std::io::Write;
    use std::path::Path;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn zip_with(path: &Path, names: &[&str]) -> PathBuf {
        let mut writer = ZipWriter::new(File::create(path).unwrap());
        for name in names {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"VAERS_ID\n").unwrap();
        }
        writer.finish().unwrap();
        path.to_path_buf()
    }

    fn touch(folder: &Path, names: &[&str]) {
        fs::create_dir_all(folder).unwrap();
        names.iter().for_each(|name| fs::write(folder.join(name), "VAERS_ID\n").unwrap());
    }

    #[test]
    fn zips_and_folders_in_any_case_are_sorted_by_period() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let foreign = ["NonDomesticVAERSSYMPTOMS.csv", "nondomesticvaersvax.csv", "readme.txt"];
        let foreign = zip_with(&at("NonDomesticVAERSData-no-demographics.zip"), &foreign);
        let nested = ["x/1991VAERSData.csv", "x/1991VAERSSymptoms.csv", "x/1991VAERSVax.csv"];
        let nested = zip_with(&at("AllVAERSDataCSVS.zip"), &nested);
        let plain = at("unpacked");
        touch(&plain, &["1990vaersDATA.CSV", "1990VAERSSYMPTOMS.csv", "1990VAERSVAX.csv", "o.csv"]);
        let found = discover(&[foreign, nested, plain]).unwrap();
        let periods: Vec<_> = found.iter().map(|f| f.period.as_str()).collect();
        assert_eq!(periods, ["1990", "1991", "NonDomestic"]);
        assert_eq!((found[0].last_year(), found[0].sources.len()), (1991, 3));
        assert!(found[0].data.is_some() && found[2].data.is_none());
        assert!(found[2].is_foreign() && found[2].last_year() == 2100);
        assert_eq!(found[1].vax.base_name(), "1991VAERSVax.csv");
    }

    #[test]
    fn the_archive_tells_the_year_where_the_table_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let zip = folder.path().join("2021_VAERSData.zip");
        let zip = zip_with(&zip, &["VAERSSYMPTOMS.csv", "VAERSVAX.csv"]);
        assert_eq!(discover(&[zip]).unwrap()[0].period, "2021");
    }

    #[test]
    fn errors_name_what_is_missing_or_twice() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let message = |paths: &[PathBuf]| discover(paths).unwrap_err().to_string();

        let other = zip_with(&at("other.zip"), &["DEMO22Q4.txt"]);
        let error = message(&[other]);
        assert!(
            error.contains("other.zip: no VAERS table here. Expected 1990VAERSDATA"),
            "{error}"
        );

        touch(&at("a"), &["1990VAERSDATA.csv", "1990VAERSSYMPTOMS.csv"]);
        let error = message(&[at("a")]);
        assert!(error.contains("period 1990 has no VAX table"), "{error}");

        touch(&at("b"), &["1990VAERSVAX.csv", "1990VAERSSYMPTOMS.csv"]);
        let error = message(&[at("a"), at("b")]);
        assert!(error.contains("a second SYMPTOMS table for 1990"), "{error}");

        touch(&at("c"), &["VAERSVAX.csv", "list.csv"]);
        assert!(message(&[at("c")]).contains("does not tell the year"));
        assert!(message(&[at("c").join("list.csv")]).contains("no VAERS table here"));
        assert!(message(&[]).contains("no file was named"));
    }

    #[test]
    fn periods_of_prefixes() {
        let period = |prefix| period_of(prefix);
        assert_eq!(period("1990").as_deref(), Some("1990"));
        assert_eq!(period("2021_").as_deref(), Some("2021"));
        assert_eq!(period("Non-Domestic ").as_deref(), Some("NonDomestic"));
        assert_eq!(period("sample").as_deref(), Some("sample"));
        assert_eq!(period("_"), None);
    }
}
