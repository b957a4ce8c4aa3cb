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
        if !found && !source.zipped && paths.contains(&source.path) && !is_beside(&source.name) {
            return Err(not_a_table(&source));
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

/// Whether a file is one that FDA puts beside the tables; a pattern such as `*.txt` names it too.
fn is_beside(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["stat", "size", "readme", "faq", "asc_nts"].iter().any(|start| name.starts_with(start))
}

fn not_a_table(source: &SourceFile) -> Error {
    Error::bad_data(
        &source.path,
        "the file name tells no FAERS table",
        "Expected names such as DEMO22Q4.txt, DRUG22Q4.txt, REAC22Q4.txt, INDI22Q4.txt, OUTC22Q4.txt, \
         RPSR22Q4.txt, THER22Q4.txt or DELETE22Q4.txt. Rename it, or leave it out.",
    )
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Write;
    use std::path::Path;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn zip(path: &Path, members: &[&str]) -> PathBuf {
        let mut writer = ZipWriter::new(std::fs::File::create(path).unwrap());
        for name in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"x").unwrap();
        }
        writer.finish().unwrap();
        path.to_path_buf()
    }

    fn folder_with(path: &Path, names: &[&str]) -> PathBuf {
        for name in names {
            let file = path.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "x").unwrap();
        }
        path.to_path_buf()
    }

    fn found(paths: &[PathBuf]) -> Vec<(String, Vec<String>)> {
        let shown = |files: QuarterFiles| {
            let members = files.tables.values().map(|member| member.base_name().to_owned());
            (files.quarter.to_string(), members.collect())
        };
        discover(paths).unwrap().into_iter().map(shown).collect()
    }

    #[test]
    fn zips_and_folders_in_any_case_come_out_in_time_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let paths = [
            zip(
                &at("FAERS_ASCII_2018q1.ZIP"),
                &[
                    "FAQs.pdf",
                    "ASCII/DEMO18Q1_new.txt",
                    "ASCII/STAT18Q1.txt",
                    "ASCII/drug18q1.TXT",
                    "ASCII/Reac18Q1.txt",
                    "Deleted/ADR18Q1DeletedCases.txt",
                    "__MACOSX/ASCII/._DEMO18Q1_new.txt",
                ],
            ),
            zip(
                &at("aers_ascii_2012q3.zip"),
                &[
                    "ascii/DEMO12Q3.TXT",
                    "ascii/DRUG12Q3.TXT",
                    "ascii/REAC12Q3.TXT",
                    "ascii/SIZE12Q3.TXT",
                    "ascii\\INDI12Q3.TXT",
                ],
            ),
            folder_with(
                &at("new"),
                &[
                    "ASCII/DEMO25Q1.txt",
                    "ASCII/DRUG25Q1.txt",
                    "ASCII/REAC25Q1.txt",
                    "Deleted/DELETE25Q1.txt",
                    "readme.txt",
                    "STAT25Q1.txt",
                ],
            ),
        ];
        let expected = |quarter: &str, names: &[&str]| {
            (quarter.to_owned(), names.iter().map(|name| (*name).to_owned()).collect())
        };
        let all = [
            expected("2012Q3", &["DEMO12Q3.TXT", "DRUG12Q3.TXT", "REAC12Q3.TXT", "INDI12Q3.TXT"]),
            expected(
                "2018Q1",
                &["DEMO18Q1_new.txt", "drug18q1.TXT", "Reac18Q1.txt", "ADR18Q1DeletedCases.txt"],
            ),
            expected("2025Q1", &["DEMO25Q1.txt", "DRUG25Q1.txt", "REAC25Q1.txt", "DELETE25Q1.txt"]),
        ];
        assert_eq!(found(&paths), all);
        let [a, b, c] = paths;
        assert_eq!(found(&[c.clone(), b, a.clone(), c, a]), all);
    }

    #[test]
    fn the_quarter_may_stand_in_the_name_of_the_zip_only() {
        let folder = tempfile::tempdir().unwrap();
        let members = ["demo.txt", "drug.txt", "reac.txt"];
        let named = zip(&folder.path().join("faers_ascii_2020Q4.zip"), &members);
        assert_eq!(found(&[named])[0].0, "2020Q4");
        let error = discover(&[zip(&folder.path().join("faers.zip"), &members)]).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("faers.zip/demo.txt: the file name does not tell the quarter"),
            "{error}"
        );
    }

    #[test]
    fn tables_of_a_quarter_may_lie_apart_but_each_once() {
        let folder = tempfile::tempdir().unwrap();
        let zipped =
            zip(&folder.path().join("a.zip"), &["DEMO20Q1.txt", "DRUG20Q1.txt", "REAC20Q1.txt"]);
        let beside = folder_with(&folder.path().join("x"), &["INDI20Q1.txt"]);
        let quarter = discover(&[zipped.clone(), beside]).unwrap().remove(0);
        assert_eq!((quarter.tables.len(), quarter.sources.len()), (4, 2));
        let again = folder_with(&folder.path().join("y"), &["DRUG20Q1.txt"]);
        let error = discover(&[zipped, again]).unwrap_err().to_string();
        assert!(error.contains("a second DRUG table for 2020Q1"), "{error}");
    }

    #[test]
    fn a_named_file_that_is_no_table_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["DEMO20Q1.txt", "DRUG20Q1.txt", "REAC20Q1.txt", "STAT20Q1.TXT", "notes.txt"];
        let quarter = folder_with(&folder.path().join("q1"), &names);
        for name in ["typo_deleted.csv", "Cases_to_delete_20Q1.txt"] {
            let other = folder_with(folder.path(), &[name]).join(name);
            let error = discover(&[quarter.clone(), other]).unwrap_err().to_string();
            assert!(
                error.contains(&format!("{name}: the file name tells no FAERS table")),
                "{error}"
            );
            assert!(error.contains("DELETE22Q4.txt"), "{error}");
        }
        let named: Vec<PathBuf> = names[..4].iter().map(|name| quarter.join(name)).collect();
        assert_eq!(found(&named)[0].1.len(), 3);
        assert_eq!(found(&[quarter])[0].1.len(), 3);
    }

    #[test]
    fn what_is_not_a_quarter_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let other = zip(&folder.path().join("other.zip"), &["data.csv"]);
        let error = discover(&[other]).unwrap_err().to_string();
        assert!(error.contains("other.zip: no FAERS table in this archive"), "{error}");
        let notes = folder_with(&folder.path().join("notes"), &["notes.txt"]);
        let error = discover(&[notes]).unwrap_err().to_string();
        assert!(error.contains("no FAERS table here"), "{error}");
        let part = zip(&folder.path().join("b.zip"), &["DEMO20Q1.txt", "DRUG20Q1.txt"]);
        let error = discover(&[part]).unwrap_err().to_string();
        assert!(error.contains("quarter 2020Q1 has no REAC table"), "{error}");
        assert!(discover(&[]).unwrap_err().to_string().contains("no file was named"));
    }
}
