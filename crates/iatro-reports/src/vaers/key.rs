//! What tells one report from another: `VAERS_ID`, and since 2025 `ORDER`.

use hashbrown::HashMap;

use super::files::VaersFiles;
use super::layout::{ID, ORDER};
use super::period_order;
use crate::csv_rows::{Column, Header, Row};
use crate::part::{Sighting, VersionRank};
use crate::quarantine::Reason;
use crate::values::identifier;

/// A report.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct ReportKey {
    pub(super) id: u64,
    /// From 1; 1 where the file has no `ORDER`.
    pub(super) order: u32,
}

/// Where a child row's report stands in the part.
pub(super) type ReportPlaces = HashMap<ReportKey, u32, foldhash::fast::FixedState>;

/// The columns of the key.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyColumns {
    id: Column,
    order: Column,
}

impl KeyColumns {
    pub(super) fn new(header: &Header) -> Self {
        Self { id: header.column(ID), order: header.column(ORDER) }
    }

    /// The report of a row.
    pub(super) fn of(&self, row: &Row<'_>) -> Result<ReportKey, Reason> {
        let id = identifier(row.get(self.id))?;
        let order = match row.get(self.order) {
            "" => 1,
            text => u32::try_from(identifier(text)?).map_err(|_| Reason::BadIdentifier)?,
        };
        Ok(ReportKey { id, order })
    }

    /// The place of the report that a row belongs to.
    pub(super) fn owner(&self, row: &Row<'_>, places: &ReportPlaces) -> Result<u32, Reason> {
        places.get(&self.of(row)?).copied().ok_or(Reason::NoReport)
    }

    /// Whether the rows say which report of a case they belong to.
    pub(super) fn has_order(&self) -> bool {
        self.order.is_present()
    }

    /// Whether a line begins with an identifier.
    pub(super) fn starts_row(&self, row: &Row<'_>) -> bool {
        self.of(row).is_ok()
    }
}

/// The sighting of a report; `received` in days since 1970-01-01.
pub(super) fn sighting(
    key: ReportKey,
    version: Option<u32>,
    received: Option<i32>,
    files: &VaersFiles,
) -> Sighting {
    let rank = VersionRank {
        modern: true,
        version: version.unwrap_or(0),
        received: received.unwrap_or(i32::MIN),
        period: period_order(&files.period),
        native: key.id,
    };
    Sighting { case: key.id, rank, duplicate_key: 0 }
}
