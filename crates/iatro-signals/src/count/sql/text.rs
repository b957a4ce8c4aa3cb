//! The pieces that every text is made of: who is exposed, and what was reported.
//!
//! Columns have one letter: `r` a report's id, `s` a substance, `m` a term, `c` 1 for a case and else 0, `g` a stratum.

use super::extent::Extent;

/// Reports of a word of a set.
pub(super) const WORD: u64 = 64;

/// The tables of one engine, by the names they have there.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    /// What sets the tables of this engine apart from those of another in the same session.
    pub(super) prefix: String,
    pub(super) extent: Extent,
}

impl Tables {
    /// A table's name in the session.
    pub(super) fn name(&self, table: &str) -> String {
        format!("{}_{table}", self.prefix)
    }

    /// Whether a row belongs to the reports that are counted.
    fn in_range(&self) -> String {
        let Extent { first_report, reports, .. } = self.extent;
        let end = first_report.saturating_add(reports);
        format!("CAST(report_id AS BIGINT) >= {first_report} AND CAST(report_id AS BIGINT) < {end}")
    }

    /// Every row of `exposure` in some roles, as (r, s).
    pub(super) fn exposures(&self, roles: u8) -> String {
        format!(
            "SELECT CAST(report_id AS BIGINT) AS r, CAST(substance_id AS BIGINT) AS s FROM {} \
             WHERE {} AND (CAST(roles AS BIGINT) & {roles}) <> 0",
            self.name("exposure"),
            self.in_range(),
        )
    }

    /// Every row of `reaction`, as (r, m).
    pub(super) fn reactions(&self) -> String {
        format!(
            "SELECT CAST(report_id AS BIGINT) AS r, CAST(term_id AS BIGINT) AS m FROM {} WHERE {}",
            self.name("reaction"),
            self.in_range(),
        )
    }

    /// The number of the word that holds a report, and its place in the word; `r` is the report's column.
    pub(super) fn word_of(&self, r: &str) -> String {
        format!("(({r} - {}) >> CAST(6 AS INT))", self.extent.first_report)
    }

    /// The bit of a report in a word.
    pub(super) fn bit_of(&self, bits: &str, r: &str) -> String {
        let first = self.extent.first_report;
        format!("(({bits} >> CAST((({r} - {first}) & 63) AS INT)) & 1)")
    }
}

/// A list of ids for `IN`; an empty one is no SQL, so it holds what no id is.
pub(super) fn ids(ids: &[u32]) -> String {
    if ids.is_empty() {
        return "-1".to_owned();
    }
    ids.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// The parts of a table that went in pieces, as one.
pub(super) fn union_of(pieces: &[String], columns: &str) -> String {
    let select = |piece: &String| format!("SELECT {columns} FROM {piece}");
    pieces.iter().map(select).collect::<Vec<_>>().join(" UNION ALL ")
}
