//! The dictionary tables of a snapshot: names, substances, terms.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder, UInt32Builder};
use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt32Array, UInt64Array};
use arrow_schema::{DataType, Field};

use crate::dictionary::mapping::{MappedBy, Mapping, map_names};
use crate::dictionary::rxnorm::RxNorm;
use crate::dictionary::seed;
use crate::dictionary::term::{fold_term, known_renames};
use crate::error::Result;
use crate::lake::build::{SnapshotBuilder, defect};
use crate::lake::manifest::{DictionarySummary, TableFile};
use crate::lake::schema::Table;
use crate::lake::writer::TableWriter;
use crate::part::{Name, Term};

/// The dictionary tables, written.
pub(super) struct Dictionaries {
    pub(super) summary: DictionarySummary,
    pub(super) tables: Vec<TableFile>,
}

/// Maps the names, and writes names, substances and terms.
pub(super) fn write(builder: &SnapshotBuilder, rxnorm: Option<&RxNorm>) -> Result<Dictionaries> {
    let names = builder.symbols().names();
    let rows = padded(&builder.usage().name_rows, names.len());
    let mappings = map_names(names, &rows, rxnorm);
    let substances = substance_ids(&mappings);
    let summary = DictionarySummary {
        names: names.len() as u64,
        substances: substances.len() as u64,
        terms: builder.symbols().terms().len() as u64,
        rows_by_mapping: rows_by_mapping(&mappings, &rows),
        rxnorm_sha256: rxnorm.map(|rxnorm| rxnorm.sha256().to_owned()),
    };
    let tables = [
        (Table::Name, name_columns(names, &mappings, &rows, &substances)),
        (Table::Substance, substance_columns(&mappings, &rows, &substances)),
        (Table::Term, term_columns(builder)),
    ];
    let tables = tables.into_iter().map(|(table, columns)| write_table(builder, table, columns));
    Ok(Dictionaries { summary, tables: tables.collect::<Result<_>>()? })
}

fn write_table(
    builder: &SnapshotBuilder,
    table: Table,
    columns: Vec<ArrayRef>,
) -> Result<TableFile> {
    let batch = RecordBatch::try_new(table.schema(), columns);
    let batch = batch.map_err(|error| defect(&error.to_string()))?;
    let mut writer = TableWriter::create(builder.folder(), table.name(), table.schema())?;
    writer.write(&batch)?;
    writer.finish()
}

/// Ids in the order of the names.
fn substance_ids(mappings: &[Mapping]) -> BTreeMap<&str, u32> {
    let mut ids: BTreeMap<&str, u32> =
        mappings.iter().flat_map(|m| &m.substances).map(|name| (name.as_str(), 0)).collect();
    ids.values_mut().zip(0..).for_each(|(id, next)| *id = next);
    ids
}

fn rows_by_mapping(mappings: &[Mapping], rows: &[u64]) -> BTreeMap<String, u64> {
    let mut by: BTreeMap<String, u64> =
        MappedBy::ALL.iter().map(|by| (by.code().to_owned(), 0)).collect();
    for (mapping, rows) in mappings.iter().zip(rows) {
        *by.entry(mapping.by.code().to_owned()).or_default() += rows;
    }
    by
}

fn name_columns(
    names: &[Name],
    mappings: &[Mapping],
    rows: &[u64],
    substances: &BTreeMap<&str, u32>,
) -> Vec<ArrayRef> {
    let mut stated = StringBuilder::new();
    let item = Field::new("item", DataType::UInt32, false);
    let mut ids = ListBuilder::new(UInt32Builder::new()).with_field(Arc::new(item));
    for (name, mapping) in names.iter().zip(mappings) {
        stated.append_option(Some(&name.stated).filter(|s| !s.is_empty()));
        let of_name = mapping.substances.iter().filter_map(|s| substances.get(s.as_str()));
        ids.append_value(of_name.map(|id| Some(*id)));
    }
    vec![
        Arc::new(UInt32Array::from_iter_values((0..).take(names.len()))),
        Arc::new(StringArray::from_iter_values(names.iter().map(|n| &n.verbatim))),
        Arc::new(stated.finish()),
        Arc::new(StringArray::from_iter_values(names.iter().map(|n| n.coding.code()))),
        Arc::new(StringArray::from_iter_values(mappings.iter().map(|m| m.by.code()))),
        Arc::new(ids.finish()),
        Arc::new(UInt64Array::from_iter_values(mappings.iter().map(|m| m.support))),
        Arc::new(UInt64Array::from(rows.to_vec())),
    ]
}

fn substance_columns(
    mappings: &[Mapping],
    rows: &[u64],
    substances: &BTreeMap<&str, u32>,
) -> Vec<ArrayRef> {
    let mut of_substance = vec![0; substances.len()];
    for (mapping, rows) in mappings.iter().zip(rows) {
        for id in mapping.substances.iter().filter_map(|s| substances.get(s.as_str())) {
            of_substance[*id as usize] += rows;
        }
    }
    let classes: StringArray = substances.keys().map(|name| seed::class_of(name)).collect();
    vec![
        Arc::new(UInt32Array::from_iter_values(substances.values().copied())),
        Arc::new(StringArray::from_iter_values(substances.keys())),
        Arc::new(classes),
        Arc::new(UInt64Array::from(of_substance)),
    ]
}

fn term_columns(builder: &SnapshotBuilder) -> Vec<ArrayRef> {
    let terms = builder.symbols().terms();
    let usage = builder.usage();
    let mut variants = ListBuilder::new(StringBuilder::new()).with_field(Arc::new(Field::new(
        "item",
        DataType::Utf8,
        false,
    )));
    let [mut current, mut renamed_at, mut first, mut last] =
        std::array::from_fn(|_| StringBuilder::new());
    for (id, term) in terms.iter().enumerate() {
        variants.append_value(term.variants.iter().map(Some));
        let rename = known_renames().iter().find(|r| fold_term(r.old) == term.folded);
        current.append_option(rename.map(|r| r.new));
        renamed_at.append_option(rename.map(|r| r.version));
        let versions = usage.versions.get(id).and_then(Option::as_ref);
        first.append_option(versions.map(|(first, _)| first));
        last.append_option(versions.map(|(_, last)| last));
    }
    vec![
        Arc::new(UInt32Array::from_iter_values((0..).take(terms.len()))),
        Arc::new(StringArray::from_iter_values(terms.iter().map(preferred_spelling))),
        Arc::new(StringArray::from_iter_values(terms.iter().map(|t| &t.folded))),
        Arc::new(variants.finish()),
        Arc::new(current.finish()),
        Arc::new(renamed_at.finish()),
        Arc::new(first.finish()),
        Arc::new(last.finish()),
        Arc::new(UInt64Array::from(padded(&usage.event_rows, terms.len()))),
        Arc::new(UInt64Array::from(padded(&usage.indication_rows, terms.len()))),
    ]
}

/// The first spelling that is not all capitals, as the legacy era wrote; else the first.
fn preferred_spelling(term: &Term) -> &str {
    let mixed = term.variants.iter().find(|v| v.chars().any(char::is_lowercase));
    mixed.or(term.variants.first()).map_or(&term.folded, |spelling| spelling)
}

fn padded(counts: &[u64], len: usize) -> Vec<u64> {
    let mut counts = counts.to_vec();
    counts.resize(len.max(counts.len()), 0);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(folded: &str, variants: &[&str]) -> Term {
        let variants = variants.iter().map(|v| (*v).to_owned()).collect();
        Term { folded: folded.to_owned(), variants }
    }

    #[test]
    fn a_term_is_shown_in_the_first_spelling_that_is_not_all_capitals() {
        assert_eq!(preferred_spelling(&term("rash", &["RASH", "Rash", "rash"])), "Rash");
        assert_eq!(preferred_spelling(&term("rash", &["RASH"])), "RASH");
        assert_eq!(preferred_spelling(&term("rash", &[])), "rash");
    }

    #[test]
    fn ids_follow_the_names_and_counts_the_rows() {
        let mapping = |names: &[&str], by| Mapping {
            substances: names.iter().map(|n| (*n).to_owned()).collect(),
            by,
            support: 0,
        };
        let mappings = [
            mapping(&["trimethoprim", "sulfamethoxazole"], MappedBy::Seed),
            mapping(&["aspirin"], MappedBy::Unmapped),
            mapping(&["trimethoprim"], MappedBy::Seed),
        ];
        let ids = substance_ids(&mappings);
        let expected = [("aspirin", 0), ("sulfamethoxazole", 1), ("trimethoprim", 2)];
        assert_eq!(ids, BTreeMap::from(expected));
        let by = rows_by_mapping(&mappings, &[5, 2, 1]);
        assert_eq!((by["seed"], by["unmapped"], by["learned"]), (6, 2, 0));
        assert_eq!(by.len(), MappedBy::ALL.len());
        assert_eq!(padded(&[1], 3), [1, 0, 0]);
    }
}
