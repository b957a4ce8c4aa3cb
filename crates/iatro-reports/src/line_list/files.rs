//! Which files are line lists.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::{Error, Place, Result};
use crate::input::{self, Member, SourceFile, has_extension};

const EXTENSIONS: [&str; 3] = ["csv", "tsv", "txt"];

/// One line list.
#[derive(Clone, Debug)]
pub(crate) struct LineListFile {
    /// Its file name, which stands for the period.
    pub(crate) period: String,
    /// The file it is, or the zip it is in.
    pub(crate) source: SourceFile,
    pub(crate) member: Member,
}

/// Finds the line lists behind the paths, sorted by file name; two of one name are an error.
pub(crate) fn discover(paths: &[PathBuf]) -> Result<Vec<LineListFile>> {
    if paths.is_empty() {
        return Err(Error::usage(
            Place::file("ingest csv"),
            "no file was named",
            "Name tables with the columns report_id, drug and event.",
        ));
    }
    let mut lists: BTreeMap<String, LineListFile> = BTreeMap::new();
    for source in input::discover(paths, &EXTENSIONS)? {
        let mut any = false;
        for member in source.members()? {
            let name = member.base_name().to_owned();
            let is_table = EXTENSIONS.iter().any(|e| has_extension(&name, e));
            if (source.zipped && !is_table) || name.starts_with('.') {
                continue;
            }
            any = true;
            if let Some(known) = lists.get(&name) {
                return Err(second(&member, known));
            }
            let source = source.clone();
            lists.insert(name.clone(), LineListFile { period: name, source, member });
        }
        if !any {
            return Err(Error::bad_data(
                &source.path,
                "no line list here",
                "Expected a .csv, .tsv or .txt file, or a zip with some.",
            ));
        }
    }
    Ok(lists.into_values().collect())
}

fn second(member: &Member, known: &LineListFile) -> Error {
    Error::bad_data(
        &member.source.path,
        format!("a second line list named {}", known.period),
        format!("The first is {}. Rename one.", known.member.source.path.display()),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn files_are_sorted_and_names_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("x")).unwrap();
        for name in ["b.tsv", "a.CSV", "notes.pdf", "x/c.txt"] {
            std::fs::write(folder.path().join(name), "report_id,drug,event\n").unwrap();
        }
        let all = [folder.path().to_path_buf()];
        let periods = |found: Vec<LineListFile>| -> Vec<String> {
            found.into_iter().map(|f| f.period).collect()
        };
        assert_eq!(periods(discover(&all).unwrap()), ["a.CSV", "b.tsv", "c.txt"]);
        std::fs::write(folder.path().join("x/b.tsv"), "report_id,drug,event\n").unwrap();
        let error = discover(&all).unwrap_err().to_string();
        assert!(error.contains("a second line list named b.tsv"), "{error}");
        assert!(discover(&[]).unwrap_err().to_string().contains("no file was named"));
    }
}
