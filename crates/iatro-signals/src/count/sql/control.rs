//! Control totals of a plan, by another way: no join adds a column, reports are filtered by sets of reports, and
//! distinct ones are counted.

use super::answer::WHOLE;
use super::engine::SqlEngine;
use super::text::{Tables, ids};
use super::upload::Uploaded;
use crate::count::{ControlTotals, CountError, Plan};

const DOING: &str = "counting the control totals of a plan";

/// Kinds of rows of the answer.
const EXPOSED: u64 = 1;
const CASES: u64 = 2;
const BESIDE: u64 = 3;
const BESIDE_CASES: u64 = 4;
const COMPARED: u64 = 5;
const COMPARED_CASES: u64 = 6;

impl Tables {
    /// The exposures of eligible reports, as `eligible` (r, s), and the reports with the event, as `event` (r).
    pub(super) fn eligible(&self, plan: &Plan, sent: &Uploaded) -> String {
        let reactions = self.reactions();
        format!(
            "{}, event AS (SELECT DISTINCT r FROM ({reactions}) y WHERE m IN ({})), \
             eligible AS (SELECT r, s FROM exposed WHERE r IN (SELECT r FROM ({reactions}) z))",
            self.exposed(plan.roles, sent),
            ids(&plan.event_terms),
        )
    }
}

fn text(tables: &Tables, plan: &Plan, sent: &Uploaded) -> String {
    let distinct = |kind: u64, from: &str| {
        format!("SELECT {kind} AS kind, s, COUNT(DISTINCT r) AS n FROM {from} GROUP BY s")
    };
    let whole = |kind: u64, from: &str| {
        format!("SELECT {kind} AS kind, -1 AS s, COUNT(DISTINCT r) AS n FROM {from}")
    };
    let with_event = "WHERE r IN (SELECT r FROM event)";
    let mut parts = vec![
        distinct(EXPOSED, "eligible"),
        distinct(CASES, &format!("eligible {with_event}")),
        whole(EXPOSED, "eligible"),
        whole(CASES, &format!("eligible {with_event}")),
    ];
    let mut compared = String::new();
    if !plan.comparator.is_empty() {
        let list = ids(&plan.comparator);
        compared = format!(
            ", compared AS (SELECT DISTINCT r FROM eligible WHERE s IN ({list})), \
             beside AS (SELECT e.r AS r, e.s AS s FROM eligible e LEFT JOIN compared k ON k.r = e.r \
             WHERE k.r IS NULL)"
        );
        parts.extend([
            distinct(BESIDE, "beside"),
            distinct(BESIDE_CASES, &format!("beside {with_event}")),
            whole(COMPARED, "compared"),
            whole(COMPARED_CASES, &format!("compared {with_event}")),
        ]);
    }
    format!(
        "WITH {}{compared} SELECT CAST(kind AS BIGINT) AS kind, CAST(s AS BIGINT) AS s, n FROM ({}) u",
        tables.eligible(plan, sent),
        parts.join(" UNION ALL "),
    )
}

/// Rows as they came, by what they count.
#[derive(Default)]
struct Found {
    reports: Option<u64>,
    cases: Option<u64>,
    compared: Option<u64>,
    compared_cases: Option<u64>,
    /// Exposed, with the event, beside the comparator, and of these with the event.
    substances: Vec<[u64; 4]>,
}

impl SqlEngine<'_> {
    pub(super) fn control_plan(&self, plan: &Plan) -> Result<ControlTotals, CountError> {
        let sent = self.send(&plan.selection)?;
        let mut found = Found { substances: vec![[0; 4]; self.substances()?], ..Found::default() };
        for [kind, substance, n] in self.ask::<3>(DOING, &text(&self.tables, plan, &sent), 2)? {
            self.take(&mut found, kind, substance, n)?;
        }
        let missing = || CountError::from(self.incomplete(DOING, "a row for the whole is missing"));
        let reports = found.reports.ok_or_else(missing)?;
        let cases = found.cases.ok_or_else(missing)?;
        let compared = if plan.comparator.is_empty() {
            None
        } else {
            Some((found.compared.ok_or_else(missing)?, found.compared_cases.ok_or_else(missing)?))
        };
        let totals = |&[exposed, with_event, beside, beside_cases]: &[u64; 4]| match compared {
            None => [exposed, with_event, reports, cases],
            Some((compared, compared_cases)) => {
                [exposed, with_event, compared + beside, compared_cases + beside_cases]
            }
        };
        let substances: Vec<[u64; 4]> = found.substances.iter().map(totals).collect();
        let pairs = substances.iter().map(|[exposed, ..]| exposed).sum();
        Ok(ControlTotals { reports, cases, pairs, substances })
    }

    fn take(&self, found: &mut Found, kind: u64, id: u64, n: u64) -> Result<(), CountError> {
        let whole = match (kind, id) {
            (EXPOSED, WHOLE) => &mut found.reports,
            (CASES, WHOLE) => &mut found.cases,
            (COMPARED, WHOLE) => &mut found.compared,
            (COMPARED_CASES, WHOLE) => &mut found.compared_cases,
            (EXPOSED | CASES | BESIDE | BESIDE_CASES, id) => {
                let slot = self.slot(DOING, "substance", &mut found.substances, id)?;
                let [exposed, cases, beside, beside_cases] = slot;
                *match kind {
                    EXPOSED => exposed,
                    CASES => cases,
                    BESIDE => beside,
                    _ => beside_cases,
                } = n;
                return Ok(());
            }
            _ => return Err(self.incomplete(DOING, format!("a row of kind {kind}")).into()),
        };
        *whole = Some(n);
        Ok(())
    }
}
