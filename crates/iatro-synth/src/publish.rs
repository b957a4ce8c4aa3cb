//! A finished quarter: its tables, list and extra files, packed and accounted for.

use std::collections::BTreeMap;
use std::path::Path;

use crate::archive::Member;
use crate::deletion::List;
use crate::error::SynthError;
use crate::event;
use crate::files::QuarterFiles;
use crate::layout::TableKind;
use crate::quarter::Quarter;
use crate::truth::{NOTE, QuarterTruth};
use crate::volume::Rows;

/// Writes the archive of a finished quarter.
pub(crate) fn quarter(
    mut files: QuarterFiles<'_>,
    quarter: Quarter,
    list: Option<List>,
    wanted: Option<&Rows>,
    out: &Path,
) -> Result<QuarterTruth, SynthError> {
    let mut members = Vec::new();
    let mut tables = BTreeMap::new();
    let mut sizes = String::new();
    for (member, (table, _)) in files.tables.iter_mut().enumerate() {
        let name = quarter.member_name(table.kind);
        sizes.push_str(&format!("{name} {} {}\r\n", table.size(), table.counts.records));
        tables.insert(table.kind.key().to_owned(), table.counts);
        files.archive.add(member, table.take_rest());
    }
    let deleted_ids = list.as_ref().map(|list| list.ids.len() as u64);
    let quirks = files.counts;
    if let (Some(name), Some(list)) = (quarter.deleted_name(), list) {
        members.push(Member { name, bytes: deleted_file(quarter, &list) });
    }
    let [stat, size, notes] = quarter.extra_names();
    members.push(Member { name: stat, bytes: format!("{NOTE}\r\n{sizes}").into_bytes() });
    members.push(Member { name: size, bytes: format!("{NOTE}\r\n{sizes}").into_bytes() });
    members
        .push(Member { name: notes, bytes: format!("%PDF-1.4\n% {NOTE}\n%%EOF\n").into_bytes() });
    let archive = quarter.archive_name();
    files.archive.finish(&out.join(&archive), &members)?;
    Ok(QuarterTruth {
        quarter,
        era: quarter.era(),
        archive,
        event_term: event::term(quarter).to_owned(),
        tables,
        published: wanted.map(published),
        deleted_ids,
        quirks,
    })
}

/// The rows that a quarter aims at, by table.
fn published(wanted: &Rows) -> BTreeMap<String, u64> {
    TableKind::ALL.iter().map(|kind| (kind.key().to_owned(), wanted[*kind as usize])).collect()
}

/// A list without a header; from 2020 on it opens with a line that has only a space.
fn deleted_file(quarter: Quarter, list: &List) -> Vec<u8> {
    let end = quarter.line_end();
    let blank = if quarter < Quarter::fixed(2020, 1) { String::new() } else { format!(" {end}") };
    let ids = list.ids.iter().map(|id| format!("{id}{end}"));
    std::iter::once(blank).chain(ids).collect::<String>().into_bytes()
}
