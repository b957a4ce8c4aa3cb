//! The tables of a quarter and their columns, by header name in every era.

use crate::text::trimmed;

/// A table of a FAERS quarter.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum FaersTable {
    /// One row a report version: patient, dates, sender.
    Demo,
    /// One row a drug.
    Drug,
    /// One row a reaction term.
    Reac,
    /// One row an indication of a drug.
    Indi,
    /// One row an outcome.
    Outc,
    /// One row a report source.
    Rpsr,
    /// One row a course of a drug, with its dates.
    Ther,
    /// Case ids that FDA has withdrawn.
    Deleted,
}

/// What a column may hold; used to find the field that an embedded `$` has cut.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ColumnKind {
    /// Digits.
    Number,
    /// Blank, or 4, 6 or 8 digits.
    Date,
    /// Blank, or a short word of letters and digits.
    Code,
    /// Blank, or a short word of letters.
    Word,
    /// Anything.
    Text,
}

impl FaersTable {
    /// Every table, DEMO first: the others are read against it.
    pub const ALL: [Self; 8] = [
        Self::Demo,
        Self::Drug,
        Self::Reac,
        Self::Indi,
        Self::Outc,
        Self::Rpsr,
        Self::Ther,
        Self::Deleted,
    ];

    /// The name used in summaries: `demo`, `drug`, …, `deleted`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Drug => "drug",
            Self::Reac => "reac",
            Self::Indi => "indi",
            Self::Outc => "outc",
            Self::Rpsr => "rpsr",
            Self::Ther => "ther",
            Self::Deleted => "deleted",
        }
    }

    /// The table a file holds, from its name in any case: `DEMO18Q1_new.txt`, `ADR19Q1.txt`. After the
    /// table's name comes the quarter, or nothing (which is an error later, and said as such).
    pub(crate) fn in_file_name(base_name: &str) -> Option<Self> {
        let lower = base_name.to_ascii_lowercase();
        let stem = lower.strip_suffix(".txt")?;
        if stem.starts_with("del") || stem.starts_with("adr") {
            return Some(Self::Deleted);
        }
        Self::ALL.into_iter().find(|table| {
            let rest = stem.strip_prefix(table.name());
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit())
            })
        })
    }

    /// Whether a quarter without this table cannot be read.
    pub(crate) fn is_required(self) -> bool {
        matches!(self, Self::Demo | Self::Drug | Self::Reac)
    }

    /// The columns that must be in the header, each with the names the eras have given it.
    pub(crate) fn required_columns(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Demo => &[ID, CASE],
            Self::Drug => &[ID, &["drug_seq"], &["role_cod"], &["drugname"]],
            Self::Reac => &[ID, &["pt"]],
            Self::Indi => &[ID, &["indi_drug_seq", "drug_seq"], &["indi_pt"]],
            Self::Outc => &[ID, &["outc_cod", "outc_code"]],
            Self::Rpsr => &[ID, &["rpsr_cod"]],
            Self::Ther => &[ID, &["dsg_drug_seq", "drug_seq"]],
            Self::Deleted => &[],
        }
    }
}

/// A report's identifier: `primaryid` from 2012Q4, `isr` before.
pub(crate) const ID: &[&str] = &["primaryid", "isr"];
/// A case's identifier: `caseid` from 2012Q4, `case` before.
pub(crate) const CASE: &[&str] = &["caseid", "case"];

/// What a column of any table may hold; columns not listed may hold anything.
pub(crate) fn column_kind(name: &str) -> ColumnKind {
    match name {
        "primaryid" | "isr" | "caseid" | "case" | "caseversion" | "drug_seq" | "dsg_drug_seq"
        | "indi_drug_seq" | "age" | "wt" => ColumnKind::Number,
        "event_dt" | "mfr_dt" | "init_fda_dt" | "fda_dt" | "rept_dt" | "start_dt" | "end_dt"
        | "death_dt" => ColumnKind::Date,
        "rept_cod" | "val_vbm" => ColumnKind::Code,
        "i_f_code" | "i_f_cod" | "age_cod" | "age_grp" | "sex" | "gndr_cod" | "e_sub"
        | "wt_cod" | "to_mfr" | "occp_cod" | "role_cod" | "dechal" | "rechal" | "outc_cod"
        | "outc_code" | "rpsr_cod" | "dur_cod" | "confid" => ColumnKind::Word,
        _ => ColumnKind::Text,
    }
}

impl ColumnKind {
    /// Whether a field can stand in such a column.
    pub(crate) fn admits(self, field: &str) -> bool {
        let field = trimmed(field);
        match self {
            Self::Number => field.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-'),
            Self::Date => {
                matches!(field.len(), 0 | 4 | 6 | 8) && field.bytes().all(|b| b.is_ascii_digit())
            }
            Self::Code => field.len() <= 8 && field.bytes().all(|b| b.is_ascii_alphanumeric()),
            Self::Word => field.len() <= 8 && field.bytes().all(|b| b.is_ascii_alphabetic()),
            Self::Text => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_tables_by_the_names_fda_has_used() {
        for (name, table) in [
            ("DEMO18Q1_new.txt", Some(FaersTable::Demo)),
            ("reac12q4.txt", Some(FaersTable::Reac)),
            ("DELETE19Q1.txt", Some(FaersTable::Deleted)),
            ("ADR19Q2DeletedCases.txt", Some(FaersTable::Deleted)),
            ("demo.txt", Some(FaersTable::Demo)),
            ("there_are_notes.txt", None),
            ("STAT04Q1.TXT", None),
            ("SIZE04Q1.TXT", None),
            ("DEMO22Q4.pdf", None),
            ("README.doc", None),
        ] {
            assert_eq!(FaersTable::in_file_name(name), table, "{name}");
        }
    }

    #[test]
    fn kinds_admit_what_the_columns_hold() {
        assert!(ColumnKind::Date.admits("200109"));
        assert!(!ColumnKind::Date.admits("CUBIST"));
        assert!(!ColumnKind::Code.admits("EXP$JP-CUBIST-"));
        assert!(ColumnKind::Code.admits("30DAY") && !ColumnKind::Word.admits("30DAY"));
        assert!(ColumnKind::Word.admits("UNK") && ColumnKind::Word.admits(" "));
        assert!(ColumnKind::Number.admits(""));
    }
}
