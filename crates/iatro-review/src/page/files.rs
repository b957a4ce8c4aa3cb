//! The files that were read, with their hashes, rows and warnings.

use iatro_reports::lake::manifest::{FileSummary, PartSummary};

use super::caption::Captions;
use super::table::{Kind, count, header, row_name};
use super::{ReviewPage, paragraph, section};
use crate::markup::{Markup, at};
use crate::number::counted;

pub(super) const SECTION: (&str, &str) = ("files", "Files read");

/// Digits of a hash that are shown; the manifest of the lake has all of them.
const HASH_DIGITS: usize = 12;

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    section(m, SECTION, |m| {
        let source = page.run.question.source;
        let parts: Vec<&PartSummary> = page.manifest.parts_of(source).collect();
        let files: usize = parts.iter().map(|part| part.files.len()).sum();
        if files == 0 {
            return paragraph(m, "The manifest names no file of this source.");
        }
        captions.table(
            m,
            ("file-table", "files"),
            |m| m.text(&format!(
                "{} of {}. The hash is that of the file as it was given, in its first {HASH_DIGITS} digits.",
                counted(files as u64, "file", "files"),
                source.title(),
            )),
            |m| table(m, &parts),
        );
    });
}

fn table(m: &mut Markup, parts: &[&PartSummary]) {
    let columns = [
        ("File", Kind::Text),
        ("Period", Kind::Text),
        ("SHA-256", Kind::Text),
        ("Bytes", Kind::Number),
        ("Rows", Kind::Number),
        ("Quarantined", Kind::Number),
        ("Warnings", Kind::Text),
    ];
    header(m, &columns);
    m.within("tbody", &[], |m| {
        for part in parts {
            for file in &part.files {
                m.within("tr", &[], |m| row(m, part, file));
            }
        }
    });
}

fn row(m: &mut Markup, part: &PartSummary, file: &FileSummary) {
    row_name(m, &file.name, &[]);
    m.leaf("td", &[], &part.key.period);
    let hash: String = file.sha256.chars().take(HASH_DIGITS).collect();
    m.within("td", &[], |m| m.leaf("code", &[], &hash));
    count(m, file.bytes);
    count(m, file.rows);
    count(m, file.quarantined);
    m.within("td", &[at("class", "warnings")], |m| match file.warnings.as_slice() {
        [] => m.text("none"),
        [one] => m.text(one),
        many => m.within("ul", &[], |m| {
            for warning in many {
                m.leaf("li", &[], warning);
            }
        }),
    });
}
