//! Which files are line lists.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::{Error, Place, Result};
use crate::input::hash::sha256_of;
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

/// Finds the line lists behind the paths, sorted by file name; two of one name or of the same bytes
/// are an error.
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
    let lists: Vec<LineListFile> = lists.into_values().collect();
    check_contents(&lists)?;
    Ok(lists)
}

/// Fails for two line lists of the same bytes: every report in them would count twice.
fn check_contents(lists: &[LineListFile]) -> Result<()> {
    let mut by_size: BTreeMap<u64, Vec<&LineListFile>> = BTreeMap::new();
    for list in lists {
        by_size.entry(list.member.bytes).or_default().push(list);
    }
    for alike in by_size.values().filter(|alike| alike.len() > 1) {
        let mut known: BTreeMap<String, &LineListFile> = BTreeMap::new();
        for &list in alike {
            let place = || list.member.place();
            let (sha256, _) = list.member.with_reader(|mut reader| {
                sha256_of(&mut reader).map_err(|e| Error::read(place(), e))
            })?;
            if let Some(first) = known.insert(sha256, list) {
                return Err(same(list, first));
            }
        }
    }
    Ok(())
}

fn same(list: &LineListFile, first: &LineListFile) -> Error {
    Error::bad_data(
        list.member.place(),
        format!("the same content as {}", first.member.name()),
        "Its reports would count twice. Leave one of the two out.",
    )
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
            std::fs::write(folder.path().join(name), format!("report_id,drug,event\n{name}"))
                .unwrap();
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

    #[test]
    fn the_same_content_under_two_names_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (name, row) in [("a.csv", "1,x,y"), ("b.csv", "2,x,y"), ("c.txt", "1,x,y")] {
            let text = format!("report_id,drug,event\n{row}\n");
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let error = discover(&[folder.path().to_path_buf()]).unwrap_err().to_string();
        assert!(error.contains("c.txt: the same content as a.csv"), "{error}");
        let apart = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
        assert_eq!(discover(&apart).unwrap().len(), 2);
    }
}
