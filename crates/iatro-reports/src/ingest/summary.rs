//! What an ingest says of a part: totals, reasons, warnings; and the check that they add up.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow_schema::ArrowError;

use super::source::NewPart;
use crate::cases::Fate;
use crate::error::{Error, Place, Result};
use crate::lake::build::defect;
use crate::lake::manifest::{PartSummary, RowTotals};
use crate::lake::schema::Table;
use crate::lake::usage::Bits;
use crate::part::{Part, PartKey, SourceKind, Withdrawal};
use crate::quarantine::TableLog;

/// The summary of a part just read; fates and extents come later.
pub(super) fn of_new_part(source: &NewPart, part: &Part) -> Result<PartSummary> {
    let mut summary = PartSummary {
        key: source.key(),
        period_order: source.period_order(),
        modern: source.is_modern(),
        narratives: source.with_narratives(),
        reports: 0,
        superseded: 0,
        deleted: 0,
        files: source.files.clone(),
        tables: BTreeMap::new(),
        quarantine: BTreeMap::new(),
        value_issues: BTreeMap::new(),
        dangling_links: BTreeMap::new(),
        demographics: source.has_demographics(),
        extents: BTreeMap::new(),
    };
    for log in &part.logs {
        add_log(&mut summary, log)?;
        let expected = source.catalogued_rows(&log.table).filter(|known| !known.admits(log.rows));
        if let Some(known) = expected {
            let warning = format!(
                "{}: {} rows, but the catalogue lists {} for the file with this hash",
                log.table, log.rows, known.rows
            );
            file_of(&mut summary, log)?.push(warning);
        }
    }
    if let Some((file, gap)) = summary.files.first_mut().zip(source.gap()) {
        file.warnings.push(gap);
    }
    Ok(summary)
}

fn add_log(summary: &mut PartSummary, log: &TableLog) -> Result<()> {
    let quarantined = log.quarantined.len() as u64;
    let totals = RowTotals { rows: log.rows, stored: log.stored, quarantined };
    summary.tables.entry(log.table.clone()).or_default().add(totals);
    if log.dangling_links > 0 {
        *summary.dangling_links.entry(log.table.clone()).or_default() += log.dangling_links;
    }
    for row in &log.quarantined {
        let reasons = summary.quarantine.entry(log.table.clone()).or_default();
        *reasons.entry(row.reason.code().to_owned()).or_default() += 1;
    }
    for issue in &log.issues {
        *summary.value_issues.entry(issue.reason.code().to_owned()).or_default() += 1;
    }
    let mut warnings = warnings(log);
    file_of(summary, log)?.append(&mut warnings);
    let owner = summary.files.iter_mut().find(|file| belongs(log, &file.name));
    if let Some(file) = owner {
        file.rows += log.rows;
        file.quarantined += quarantined;
    }
    Ok(())
}

fn belongs(log: &TableLog, file: &str) -> bool {
    log.file.strip_prefix(file).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn file_of<'s>(summary: &'s mut PartSummary, log: &TableLog) -> Result<&'s mut Vec<String>> {
    let unknown = || defect(&format!("no file for {}", log.file));
    let file = summary.files.iter_mut().find(|file| belongs(log, &file.name));
    Ok(&mut file.ok_or_else(unknown)?.warnings)
}

fn warnings(log: &TableLog) -> Vec<String> {
    let table = &log.table;
    let mut warnings = Vec::new();
    if !log.unknown_columns.is_empty() {
        let columns = log.unknown_columns.join(", ");
        warnings.push(format!("{table}: columns no reader knows, not kept: {columns}"));
    }
    if log.cp1252_lines > 0 {
        let lines = log.cp1252_lines;
        warnings.push(format!("{table}: {lines} lines are not UTF-8; read as Windows-1252"));
    }
    if log.dangling_links > 0 {
        let links = log.dangling_links;
        warnings.push(format!("{table}: {links} rows name a drug that the report does not list"));
    }
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &log.quarantined {
        *reasons.entry(row.reason.code()).or_default() += 1;
    }
    for (reason, rows) in reasons {
        warnings.push(format!("{table}: {rows} rows set aside ({reason})"));
    }
    warnings
}

/// Counts what became of the part's reports.
pub(super) fn count_fates(summary: &mut PartSummary, fates: &[Fate]) {
    let count = |fate: Fate| fates.iter().filter(|f| **f == fate).count() as u64;
    summary.reports = count(Fate::Current);
    summary.superseded = count(Fate::Superseded);
    summary.deleted = count(Fate::Withdrawn);
}

/// Input tables whose every stored row is one row of a lake table.
fn one_to_one(source: SourceKind) -> &'static [(&'static str, Table)] {
    match source {
        SourceKind::Faers => &[
            ("demo", Table::Report),
            ("drug", Table::Drug),
            ("reac", Table::Event),
            ("indi", Table::Indication),
            ("ther", Table::Therapy),
            ("deleted", Table::Withdrawal),
        ],
        SourceKind::Vaers => &[("data", Table::Report), ("vax", Table::Drug)],
        SourceKind::Csv => &[],
    }
}

/// Compares what the readers counted with what the writers counted.
pub(super) fn check_totals(summary: &PartSummary) -> Result<()> {
    let written = |table| written(summary, table);
    let fates = summary.reports + summary.superseded + summary.deleted;
    let mut checks = vec![("reports", fates, written(Table::Report))];
    for (table, lake) in one_to_one(summary.key.source) {
        if let Some(totals) = summary.tables.get(*table) {
            checks.push((table, totals.stored, written(*lake)));
        }
    }
    let quarantined = summary.tables.values().map(|totals| totals.quarantined).sum();
    checks.push(("quarantine", quarantined, written(Table::Quarantine)));
    for (table, totals) in &summary.tables {
        checks.push((table, totals.rows, totals.stored + totals.quarantined));
    }
    match checks.into_iter().find(|(_, read, written)| read != written) {
        None => Ok(()),
        Some((table, read, written)) => {
            Err(disagree(summary, table, &format!("{read} read, {written}")))
        }
    }
}

/// What is known of a part besides rows, to check it by.
pub(super) struct Controls {
    /// Code bits of the reports written.
    bits: Bits,
    /// Values that the reader found, by input table, where it counts them.
    values: BTreeMap<String, u64>,
}

impl Controls {
    /// `logs` are those of the reader; a part read back has none.
    pub(super) fn new(bits: Bits, logs: &[TableLog]) -> Self {
        let mut values: BTreeMap<String, u64> = BTreeMap::new();
        for log in logs {
            if let Some(found) = log.values {
                *values.entry(log.table.clone()).or_default() += found;
            }
        }
        Self { bits, values }
    }
}

/// Checks the input tables whose rows are no rows of the lake: VAERS terms one by one; of OUTC and RPSR
/// that no bit came from nowhere, and that rows left any.
pub(super) fn check_controls(summary: &PartSummary, controls: &Controls) -> Result<()> {
    if let Some(&read) = controls.values.get("symptoms") {
        let written = written(summary, Table::Event);
        if read != written {
            return Err(disagree(summary, "symptoms", &format!("{read} terms read, {written}")));
        }
    }
    if summary.key.source != SourceKind::Faers {
        return Ok(());
    }
    let Bits { outcomes, report_sources } = controls.bits;
    for (table, bits) in [("outc", outcomes), ("rpsr", report_sources)] {
        let stored = summary.tables.get(table).map_or(0, |totals| totals.stored);
        if bits > stored || (bits == 0) != (stored == 0) {
            return Err(disagree(summary, table, &format!("{stored} rows stored, {bits} codes")));
        }
    }
    Ok(())
}

/// Rows of the part in both stores of a table.
fn written(summary: &PartSummary, table: Table) -> u64 {
    let name = table.name();
    [name.to_owned(), format!("history/{name}")]
        .iter()
        .filter_map(|name| summary.extents.get(name))
        .map(|extent| extent.rows)
        .sum()
}

fn disagree(summary: &PartSummary, table: &str, what: &str) -> Error {
    Error::refused(
        Place::file(summary.key.to_string()),
        format!("control totals disagree in {table}: {what} written"),
        "This is a defect of iatro; nothing was changed. Report it with the file's hash.",
    )
}

/// Withdrawals as rows of the lake.
pub(super) fn withdrawals(key: &PartKey, withdrawals: &[Withdrawal]) -> Result<RecordBatch> {
    let rows = withdrawals.len();
    let cases: Vec<String> = withdrawals.iter().map(|w| w.case.to_string()).collect();
    let columns: Vec<ArrayRef> = vec![
        repeat(key.source.name(), rows),
        repeat(&key.period, rows),
        Arc::new(StringArray::from_iter_values(cases)),
        Arc::new(UInt64Array::from_iter_values(withdrawals.iter().map(|w| w.line))),
    ];
    batch(Table::Withdrawal, columns)
}

/// Rows set aside, as rows of the lake.
pub(super) fn quarantine(key: &PartKey, log: &TableLog) -> Result<RecordBatch> {
    let rows = &log.quarantined;
    let mut columns = origin(key, log, rows.iter().map(|row| row.line));
    columns.push(Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| row.offset))));
    columns.push(Arc::new(StringArray::from_iter_values(rows.iter().map(|r| r.reason.code()))));
    let mut raw = BinaryBuilder::new();
    rows.iter().for_each(|row| raw.append_value(&row.raw));
    columns.push(Arc::new(raw.finish()));
    batch(Table::Quarantine, columns)
}

/// Values not used as they stood, as rows of the lake.
pub(super) fn value_issues(key: &PartKey, log: &TableLog) -> Result<RecordBatch> {
    let issues = &log.issues;
    let mut columns = origin(key, log, issues.iter().map(|issue| issue.line));
    let mut names = StringBuilder::new();
    let mut raw = BinaryBuilder::new();
    for issue in issues {
        names.append_option(Some(issue.column).filter(|name| !name.is_empty()));
        raw.append_value(&issue.raw);
    }
    columns.push(Arc::new(names.finish()));
    columns.push(Arc::new(StringArray::from_iter_values(issues.iter().map(|i| i.reason.code()))));
    columns.push(Arc::new(raw.finish()));
    batch(Table::ValueIssue, columns)
}

fn origin(key: &PartKey, log: &TableLog, lines: impl Iterator<Item = u64>) -> Vec<ArrayRef> {
    let lines = UInt64Array::from_iter_values(lines);
    let rows = arrow_array::Array::len(&lines);
    let texts = [key.source.name(), &key.period, member(&log.file), &log.table];
    let mut columns: Vec<ArrayRef> = texts.iter().map(|text| repeat(text, rows)).collect();
    columns.push(Arc::new(lines));
    columns
}

/// The name of a member within its source: the path inside a zip, a plain file's own name. What a zip is
/// called is no content.
fn member(file: &str) -> &str {
    file.split_once('/').map_or(file, |(_, inner)| inner)
}

fn repeat(text: &str, rows: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows)))
}

fn batch(table: Table, columns: Vec<ArrayRef>) -> Result<RecordBatch> {
    let made: Result<RecordBatch, ArrowError> = RecordBatch::try_new(table.schema(), columns);
    made.map_err(|error| defect(&error.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::faers::catalogue;
    use crate::ingest::{Input, source};
    use crate::lake::manifest::Extent;

    const TABLES: [(&str, &str); 3] = [
        ("DEMO", "ISR$CASE\n1$1$\n2$2$\n"),
        ("DRUG", "ISR$DRUG_SEQ$ROLE_COD$DRUGNAME\n1$1$PS$X$\n9$1$PS$X$\n"),
        ("REAC", "ISR$PT\n1$Rash$\n"),
    ];

    fn new_part() -> (tempfile::TempDir, NewPart) {
        let folder = tempfile::tempdir().unwrap();
        for (table, text) in TABLES {
            std::fs::write(folder.path().join(format!("{table}11Q2.txt")), text).unwrap();
        }
        let input = Input::Faers(vec![folder.path().to_path_buf()]);
        let part = source::discover(&input).unwrap().remove(0);
        (folder, part)
    }

    fn warnings_of(summary: &PartSummary) -> Vec<&str> {
        summary.files.iter().flat_map(|f| &f.warnings).map(String::as_str).collect()
    }

    #[test]
    fn rows_are_compared_with_the_catalogue_where_the_hash_is_listed() {
        let (_folder, mut source) = new_part();
        let part = source.read().unwrap();
        let unlisted = of_new_part(&source, &part).unwrap();
        assert!(warnings_of(&unlisted).iter().all(|w| !w.contains("catalogue")));
        let entry = catalogue::by_quarter("2011Q2".parse().unwrap()).unwrap();
        source.files[0].sha256.clone_from(&entry.sha256);
        let listed = of_new_part(&source, &part).unwrap();
        let all = warnings_of(&listed);
        let found: Vec<_> = all.iter().filter(|w| w.contains("catalogue")).collect();
        assert_eq!(
            found,
            [
                "demo: 2 rows, but the catalogue lists 194130 for the file with this hash",
                "drug: 2 rows, but the catalogue lists 754487 for the file with this hash",
                "reac: 1 rows, but the catalogue lists 751373 for the file with this hash"
            ]
            .iter()
            .collect::<Vec<_>>()
        );
    }

    #[test]
    fn totals_that_disagree_in_any_table_stop_the_ingest() {
        let (_folder, source) = new_part();
        let mut summary = of_new_part(&source, &source.read().unwrap()).unwrap();
        summary.reports = 1;
        summary.superseded = 1;
        let extent = |rows| Extent { offset: 0, rows };
        for (name, rows) in
            [("report", 1), ("history/report", 1), ("drug", 1), ("event", 1), ("quarantine", 1)]
        {
            summary.extents.insert(name.to_owned(), extent(rows));
        }
        assert!(check_totals(&summary).is_ok());
        for name in ["history/report", "drug", "event", "quarantine"] {
            let mut wrong = summary.clone();
            wrong.extents.insert(name.to_owned(), extent(2));
            let error = check_totals(&wrong).unwrap_err().to_string();
            assert!(error.contains("control totals disagree"), "{name}: {error}");
        }
        let mut wrong = summary;
        wrong.tables.get_mut("demo").unwrap().rows += 1;
        assert!(check_totals(&wrong).is_err());
    }

    #[test]
    fn codes_and_terms_that_disagree_stop_the_ingest() {
        let (_folder, source) = new_part();
        let mut summary = of_new_part(&source, &source.read().unwrap()).unwrap();
        let refused = |summary: &PartSummary, outcomes, terms: Option<u64>| {
            let bits = Bits { outcomes, report_sources: 0 };
            let log = TableLog { values: terms, ..TableLog::new("a".into(), "symptoms") };
            check_controls(summary, &Controls::new(bits, &[log])).is_err()
        };
        assert!(!refused(&summary, 0, None) && refused(&summary, 1, None));
        let stored = RowTotals { rows: 2, stored: 2, quarantined: 0 };
        summary.tables.insert("outc".into(), stored);
        assert_eq!(
            [0, 1, 2, 3].map(|bits| refused(&summary, bits, None)),
            [true, false, false, true]
        );
        summary.key.source = SourceKind::Vaers;
        summary.extents.insert("event".into(), Extent { offset: 0, rows: 2 });
        summary.extents.insert("history/event".into(), Extent { offset: 0, rows: 1 });
        let terms = [None, Some(2), Some(3), Some(4)].map(|terms| refused(&summary, 9, terms));
        assert_eq!(terms, [false, true, false, true]);
    }

    #[test]
    fn a_member_is_called_by_its_name_within_its_source() {
        assert_eq!(member("faers_ascii_2020q1.zip/ASCII/DEMO20Q1.txt"), "ASCII/DEMO20Q1.txt");
        assert_eq!(member("DEMO20Q1.txt"), "DEMO20Q1.txt");
    }
}
