//! The tables of a snapshot and their columns (lake schema 2).

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};

/// The version of the tables and the manifest; a reader refuses others.
pub const SCHEMA_VERSION: u32 = 2;

/// A table of the lake. The first six also stand under `history/`, for superseded and withdrawn
/// reports.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Table {
    /// One row a report.
    Report,
    /// One row a drug of a report.
    Drug,
    /// One row a reaction term of a report.
    Event,
    /// One row an indication of a drug.
    Indication,
    /// One row a course of a drug.
    Therapy,
    /// One row a free text; empty unless asked for.
    Narrative,
    /// One row a case withdrawn by the source.
    Withdrawal,
    /// One row a drug as reports name it, with the substances it was mapped to.
    Name,
    /// One row a substance.
    Substance,
    /// One row a term.
    Term,
    /// One row a spelling of a term in a part, so that a part can go without leaving its spellings.
    Spelling,
    /// One row a distinct substance of a current report, with its roles there.
    Exposure,
    /// One row a distinct reaction term of a current report.
    Reaction,
    /// One row an input row set aside.
    Quarantine,
    /// One row a value not used as it stood, or a row mended.
    ValueIssue,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 15] = [
        Self::Report,
        Self::Drug,
        Self::Event,
        Self::Indication,
        Self::Therapy,
        Self::Narrative,
        Self::Withdrawal,
        Self::Name,
        Self::Substance,
        Self::Term,
        Self::Spelling,
        Self::Exposure,
        Self::Reaction,
        Self::Quarantine,
        Self::ValueIssue,
    ];

    /// The tables whose rows belong to a report.
    pub const CHILDREN: [Self; 5] =
        [Self::Drug, Self::Event, Self::Indication, Self::Therapy, Self::Narrative];

    /// The tables made from all parts together; of every other table, each part has an extent.
    pub const DICTIONARIES: [Self; 3] = [Self::Name, Self::Substance, Self::Term];

    /// The name: the file is `NAME.parquet`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Drug => "drug",
            Self::Event => "event",
            Self::Indication => "indication",
            Self::Therapy => "therapy",
            Self::Narrative => "narrative",
            Self::Withdrawal => "withdrawal",
            Self::Name => "name",
            Self::Substance => "substance",
            Self::Term => "term",
            Self::Spelling => "spelling",
            Self::Exposure => "exposure",
            Self::Reaction => "reaction",
            Self::Quarantine => "quarantine",
            Self::ValueIssue => "value_issue",
        }
    }

    /// The columns as they stand in the lake.
    pub fn schema(self) -> SchemaRef {
        let part = self.part_fields();
        let fields = match self {
            Self::Report => {
                let first = [field("report_id", DataType::UInt64), text("source"), text("period")];
                let last = [
                    optional("duplicate_cluster", DataType::UInt64),
                    // Only under `history/`: superseded or deleted.
                    optional_text("fate"),
                ];
                first.into_iter().chain(part).chain(last).collect()
            }
            table if Self::CHILDREN.contains(&table) => {
                std::iter::once(field("report_id", DataType::UInt64)).chain(part).collect()
            }
            _ => part,
        };
        Arc::new(Schema::new(fields))
    }

    /// The columns as a part carries them: without the ids that only a snapshot can give.
    pub(crate) fn part_schema(self) -> SchemaRef {
        Arc::new(Schema::new(self.part_fields()))
    }

    fn part_fields(self) -> Vec<Field> {
        match self {
            Self::Report => report_fields(),
            Self::Drug => drug_fields(),
            Self::Event => vec![
                field("term_id", DataType::UInt32),
                optional_text("dictionary_version"),
                optional_text("recurred"),
            ],
            Self::Indication => {
                vec![optional("drug_seq", DataType::UInt64), field("term_id", DataType::UInt32)]
            }
            Self::Therapy => [
                vec![optional("drug_seq", DataType::UInt64)],
                date("start"),
                date("end"),
                vec![optional("duration", DataType::Float64), optional_text("duration_unit")],
            ]
            .concat(),
            Self::Narrative => vec![text("field"), text("text")],
            Self::Withdrawal => {
                vec![
                    text("source"),
                    text("period"),
                    text("case_id"),
                    field("line", DataType::UInt64),
                ]
            }
            Self::Name => vec![
                field("name_id", DataType::UInt32),
                text("verbatim"),
                optional_text("stated"),
                text("coding"),
                text("mapped_by"),
                field("substance_ids", list_of(DataType::UInt32)),
                field("support", DataType::UInt64),
                field("rows", DataType::UInt64),
            ],
            Self::Substance => vec![
                field("substance_id", DataType::UInt32),
                text("substance"),
                optional_text("class"),
                field("rows", DataType::UInt64),
            ],
            Self::Term => vec![
                field("term_id", DataType::UInt32),
                text("term"),
                text("folded"),
                field("variants", list_of(DataType::Utf8)),
                optional_text("current_term"),
                optional_text("renamed_at"),
                optional_text("first_version"),
                optional_text("last_version"),
                field("event_rows", DataType::UInt64),
                field("indication_rows", DataType::UInt64),
            ],
            Self::Spelling => vec![
                text("source"),
                text("period"),
                field("term_id", DataType::UInt32),
                text("spelling"),
            ],
            Self::Exposure => vec![
                field("report_id", DataType::UInt64),
                field("substance_id", DataType::UInt32),
                field("roles", DataType::UInt8),
            ],
            Self::Reaction => {
                vec![field("report_id", DataType::UInt64), field("term_id", DataType::UInt32)]
            }
            Self::Quarantine => [
                origin_fields(),
                vec![field("byte_offset", DataType::UInt64), text("reason")],
                vec![field("raw", DataType::Binary)],
            ]
            .concat(),
            Self::ValueIssue => [
                origin_fields(),
                vec![optional_text("column"), text("reason"), field("raw", DataType::Binary)],
            ]
            .concat(),
        }
    }
}

fn report_fields() -> Vec<Field> {
    [
        vec![
            // Place of the report in its part, from 0: keeps the order of the file.
            field("row", DataType::UInt32),
            optional("line", DataType::UInt32),
            text("native_id"),
            optional_text("case_id"),
            optional("version", DataType::UInt32),
        ],
        date("received"),
        date("event_date"),
        vec![optional("age_years", DataType::Float64), optional("weight_kg", DataType::Float64)],
        ["sex", "reporter", "country", "occurred_country", "report_type"].map(optional_text).into(),
        ["sender", "sender_number", "literature", "group"].map(optional_text).into(),
        vec![field("outcomes", DataType::UInt16), field("report_sources", DataType::UInt16)],
    ]
    .concat()
}

fn drug_fields() -> Vec<Field> {
    [
        vec![optional("seq", DataType::UInt64), optional_text("role")],
        vec![field("name_id", DataType::UInt32)],
        ["manufacturer", "route", "dose", "lot", "dechallenge", "rechallenge"]
            .map(optional_text)
            .into(),
        date("start"),
        date("end"),
    ]
    .concat()
}

fn origin_fields() -> Vec<Field> {
    let texts = ["source", "period", "file", "table"].map(text);
    texts.into_iter().chain([field("line", DataType::UInt64)]).collect()
}

fn date(name: &str) -> Vec<Field> {
    vec![optional(name, DataType::Date32), optional_text(&format!("{name}_precision"))]
}

fn field(name: &str, kind: DataType) -> Field {
    Field::new(name, kind, false)
}

fn optional(name: &str, kind: DataType) -> Field {
    Field::new(name, kind, true)
}

fn text(name: &str) -> Field {
    field(name, DataType::Utf8)
}

fn optional_text(name: &str) -> Field {
    optional(name, DataType::Utf8)
}

fn list_of(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", item, false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_own_name_and_columns() {
        let mut names: Vec<_> = Table::ALL.iter().map(|t| t.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Table::ALL.len());
        for table in Table::ALL {
            let schema = table.schema();
            let mut columns: Vec<_> = schema.fields().iter().map(|f| f.name().clone()).collect();
            let all = columns.len();
            columns.sort_unstable();
            columns.dedup();
            assert_eq!(columns.len(), all, "{}", table.name());
        }
    }
}
