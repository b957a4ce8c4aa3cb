//! One part of a lake in memory: the rows of one quarter, year or table, before they get their ids.
//!
//! Readers of every format fill a [`PartBuilder`]; the lake gives a part back in the same form, so
//! that a new snapshot is made from old and new parts alike. Rows of child tables point at their
//! report by its place in the part; names and terms are symbols, places in the part's own lists.

mod builder;
mod children;
mod links;
mod symbols;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::RecordBatch;
use serde::{Deserialize, Serialize};

pub(crate) use builder::{PartBuilder, ReportRow};
pub(crate) use children::{
    DrugRow, Drugs, EventRow, Events, IndicationRow, Indications, NarrativeRow, Therapies,
    TherapyRow,
};
pub(crate) use links::DrugIndex;
pub(crate) use symbols::{Coding, Name, NameRef, Symbols, Term};

use crate::lake::schema::Table;
use crate::quarantine::TableLog;

/// Where reports come from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// FDA's drug reports: AERS, FAERS, AEMS quarterly files.
    Faers,
    /// The US vaccine reports.
    Vaers,
    /// Anyone's line list.
    Csv,
}

impl SourceKind {
    /// Every kind, in the order of the lake.
    pub const ALL: [Self; 3] = [Self::Faers, Self::Vaers, Self::Csv];

    /// The name in the lake and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Faers => "faers",
            Self::Vaers => "vaers",
            Self::Csv => "csv",
        }
    }

    /// The name on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Faers => "FAERS/AEMS",
            Self::Vaers => "VAERS",
            Self::Csv => "line list",
        }
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SourceKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("no source \"{text}\"; expected faers, vaers or csv"))
    }
}

/// The part of a lake that one quarter, one VAERS year or one line list makes up.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct PartKey {
    /// Where it comes from.
    pub source: SourceKind,
    /// `2022Q4`, `1990`, `NonDomestic`, or a line list's file name.
    pub period: String,
}

impl fmt::Display for PartKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.source, self.period)
    }
}

/// What decides which version of a case is current.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Sighting {
    /// The case; sightings with the same number are versions of one case.
    pub(crate) case: u64,
    /// What orders the versions of a case: the greatest is current.
    pub(crate) rank: VersionRank,
    /// Equal and not 0 for reports that one sender numbered alike: suspected duplicates.
    pub(crate) duplicate_key: u64,
}

/// The order of the versions of a case: 2012Q4 and later before legacy, then the highest version,
/// the latest receipt, the latest period (legacy: all equal), the highest identifier.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct VersionRank {
    pub(crate) modern: bool,
    pub(crate) version: u32,
    /// Receipt in days since 1970-01-01; `i32::MIN` when unknown.
    pub(crate) received: i32,
    /// Order of the period within the source; 0 for legacy reports, whose later quarters do not
    /// outrank a higher ISR.
    pub(crate) period: u16,
    pub(crate) native: u64,
}

/// A case that the source has withdrawn, as of a period.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Withdrawal {
    pub(crate) case: u64,
    pub(crate) line: u64,
}

/// Rows of one child table: each with the place of its report in the part, and its columns.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    pub(crate) owner: Vec<u32>,
    pub(crate) columns: RecordBatch,
}

/// One part, whole.
#[derive(Debug)]
pub(crate) struct Part {
    /// Report columns without `report_id` and `duplicate_cluster`, in file order.
    pub(crate) reports: RecordBatch,
    pub(crate) sightings: Vec<Sighting>,
    pub(crate) withdrawals: Vec<Withdrawal>,
    pub(crate) children: BTreeMap<Table, Child>,
    pub(crate) symbols: Arc<Symbols>,
    pub(crate) logs: Vec<TableLog>,
}
