//! Counting a plan by stratum, and its control totals.

use super::answer::WHOLE;
use super::engine::SqlEngine;
use super::text::Tables;
use super::upload::Planes;
use crate::count::{CountError, Plan, StrataCounts, StratumCell, StratumOf, StratumTotal};

const DOING: &str = "counting by stratum";

/// The rows of a query with the stratum of their report, as (r, s, `more`, g).
fn placed(tables: &Tables, from: &str, more: &str, planes: Option<&Planes>) -> String {
    match planes {
        None => format!("SELECT l.r AS r, l.s AS s{more}, 0 AS g FROM {from} l"),
        Some(planes) => format!(
            "SELECT l.r AS r, l.s AS s{more}, {} AS g FROM {from} l JOIN ({}) p ON p.word = {}",
            planes.stratum(|plane| tables.bit_of(plane, "l.r")),
            planes.query,
            tables.word_of("l.r"),
        ),
    }
}

/// The substances and the strata that have a case.
const WITH_CASE: &str = "s IN (SELECT s FROM with_case) AND g IN (SELECT g FROM with_case)";

/// A row a stratum, then a row for every substance and stratum with a case, as (s, g, exposed, cases).
fn text(tables: &Tables, listed: &str, planes: Option<&Planes>) -> String {
    format!(
        "WITH {listed}, placed AS ({}), \
         whole AS (SELECT r, g, MAX(c) AS c FROM placed GROUP BY r, g), \
         with_case AS (SELECT s, g FROM placed WHERE c = 1) \
         SELECT CAST(-1 AS BIGINT) AS s, CAST(g AS BIGINT) AS g, {SUMS} FROM whole GROUP BY g \
         UNION ALL SELECT s, CAST(g AS BIGINT) AS g, {SUMS} FROM placed WHERE {WITH_CASE} GROUP BY s, g",
        placed(tables, "listed", ", l.c AS c", planes),
    )
}

const SUMS: &str = "COUNT(*) AS exposed, CAST(COALESCE(SUM(c), 0) AS BIGINT) AS cases";

/// The same by distinct reports, all and those in the set of the event's, as (kind, s, g, n).
fn control_text(tables: &Tables, eligible: &str, planes: Option<&Planes>) -> String {
    let rows = |kind: u8, columns: &str, from: &str, group: &str| {
        format!(
            "SELECT CAST({kind} AS BIGINT) AS kind, {columns}, CAST(g AS BIGINT) AS g, \
             COUNT(DISTINCT r) AS n FROM {from} GROUP BY {group}"
        )
    };
    let no_substance = "CAST(-1 AS BIGINT) AS s";
    let parts = [
        rows(1, no_substance, "placed", "g"),
        rows(2, no_substance, "with_case", "g"),
        rows(1, "s", &format!("placed WHERE {WITH_CASE}"), "s, g"),
        rows(2, "s", "with_case", "s, g"),
    ];
    format!(
        "WITH {eligible}, placed AS ({}), \
         with_case AS (SELECT r, s, g FROM placed WHERE r IN (SELECT r FROM event)) {}",
        placed(tables, "eligible", "", planes),
        parts.join(" UNION ALL "),
    )
}

impl SqlEngine<'_> {
    pub(super) fn count_plan_by_stratum(
        &self,
        plan: &Plan,
        strata: StratumOf<'_>,
    ) -> Result<StrataCounts, CountError> {
        let planes = self.ready(strata)?;
        let sent = self.send(&plan.selection)?;
        let sql = text(&self.tables, &self.tables.listed(plan, &sent), planes.as_ref());
        let mut counts = none_of(strata);
        for [substance, stratum, exposed, cases] in self.ask::<4>(DOING, &sql, 2)? {
            let total = self.slot(DOING, "stratum", &mut counts.strata, stratum)?;
            if substance == WHOLE {
                *total = StratumTotal { reports: exposed, cases };
            } else {
                counts.cells.push(self.cell(substance, stratum, exposed, cases)?);
            }
        }
        Ok(counts)
    }

    pub(super) fn control_plan_by_stratum(
        &self,
        plan: &Plan,
        strata: StratumOf<'_>,
    ) -> Result<StrataCounts, CountError> {
        let planes = self.ready(strata)?;
        let sent = self.send(&plan.selection)?;
        let sql = control_text(&self.tables, &self.tables.eligible(plan, &sent), planes.as_ref());
        let mut counts = none_of(strata);
        // Sorted by kind, so that a cell comes before its cases.
        for [kind, substance, stratum, n] in self.ask::<4>(DOING, &sql, 3)? {
            let total = self.slot(DOING, "stratum", &mut counts.strata, stratum)?;
            match (kind, substance) {
                (1, WHOLE) => total.reports = n,
                (2, WHOLE) => total.cases = n,
                (1, _) => counts.cells.push(self.cell(substance, stratum, n, 0)?),
                (2, _) => self.add_cases(&mut counts.cells, substance, stratum, n)?,
                _ => return Err(self.incomplete(DOING, format!("a row of kind {kind}")).into()),
            }
        }
        Ok(counts)
    }

    /// Sends the strata, if they are those of the reports.
    fn ready(&self, strata: StratumOf<'_>) -> Result<Option<Planes>, CountError> {
        let expected = usize::try_from(self.tables.extent.reports).unwrap_or(usize::MAX);
        let known = strata.of.iter().all(|&stratum| (stratum as usize) < strata.strata);
        if !known || strata.of.len() != expected {
            let (reports, strata) = (strata.of.len(), strata.strata);
            return Err(CountError::Strata { reports, expected, strata });
        }
        self.send_strata(strata)
    }

    fn cell(
        &self,
        substance: u64,
        stratum: u64,
        exposed: u64,
        cases: u64,
    ) -> Result<StratumCell, CountError> {
        let known = substance < self.tables.extent.substances && exposed > 0;
        match (u32::try_from(substance), u32::try_from(stratum)) {
            (Ok(substance), Ok(stratum)) if known => {
                Ok(StratumCell { substance, stratum, exposed, cases })
            }
            _ => {
                let said =
                    format!("{exposed} reports of substance {substance} in stratum {stratum}");
                Err(self.incomplete(DOING, said).into())
            }
        }
    }

    fn add_cases(
        &self,
        cells: &mut [StratumCell],
        substance: u64,
        stratum: u64,
        n: u64,
    ) -> Result<(), CountError> {
        let key = |cell: &StratumCell| (u64::from(cell.substance), u64::from(cell.stratum));
        let found = cells.binary_search_by_key(&(substance, stratum), key);
        let cell = found.ok().and_then(|at| cells.get_mut(at)).ok_or_else(|| {
            let said =
                format!("cases of substance {substance} in stratum {stratum} without reports");
            self.incomplete(DOING, said)
        })?;
        cell.cases = n;
        Ok(())
    }
}

fn none_of(strata: StratumOf<'_>) -> StrataCounts {
    StrataCounts { strata: vec![StratumTotal::default(); strata.strata], cells: Vec::new() }
}
