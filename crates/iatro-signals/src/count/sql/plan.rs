//! Counting a plan: every exposure of an eligible report is joined to whether the report is a case, and added up by
//! substance and by report.

use super::answer::WHOLE;
use super::engine::SqlEngine;
use super::text::{Tables, ids};
use super::upload::{Set, Uploaded};
use crate::count::{Cell, CountError, Counts, Plan};

const DOING: &str = "counting a plan";

impl Tables {
    /// The exposures of the reports that count, as `exposed` (r, s).
    pub(super) fn exposed(&self, roles: u8, sent: &Uploaded) -> String {
        let rows = self.exposures(roles);
        let (mut joins, mut conditions) = (String::new(), Vec::new());
        match &sent.words {
            None => {}
            Some(Set::Empty) => conditions.push("1 = 0".to_owned()),
            Some(Set::Words(words)) => {
                joins += &format!(" JOIN ({words}) w ON w.word = {}", self.word_of("x.r"));
                conditions.push(format!("{} = 1", self.bit_of("w.bits", "x.r")));
            }
        }
        if let Some(aside) = &sent.set_aside {
            joins += &format!(" LEFT JOIN ({aside}) a ON a.r = x.r AND a.s = x.s");
            conditions.push("a.r IS NULL".to_owned());
        }
        if conditions.is_empty() {
            return format!("exposed AS ({rows})");
        }
        let all = conditions.join(" AND ");
        format!("exposed AS (SELECT x.r AS r, x.s AS s FROM ({rows}) x{joins} WHERE {all})")
    }

    /// Every report with a term and whether it has one of the event's, as `reacted` (r, c).
    pub(super) fn reacted(&self, event_terms: &[u32]) -> String {
        format!(
            "reacted AS (SELECT r, MAX(CASE WHEN m IN ({}) THEN 1 ELSE 0 END) AS c \
             FROM ({}) y GROUP BY r)",
            ids(event_terms),
            self.reactions(),
        )
    }

    /// The exposures of eligible reports, as `listed` (r, s, c), with what it is made of.
    pub(super) fn listed(&self, plan: &Plan, sent: &Uploaded) -> String {
        format!(
            "{}, {}, listed AS (SELECT e.r AS r, e.s AS s, t.c AS c FROM exposed e \
             JOIN reacted t ON t.r = e.r)",
            self.exposed(plan.roles, sent),
            self.reacted(&plan.event_terms),
        )
    }
}

/// The text of a plan: a row a substance, and one for the whole, with (exposed, cases, shared, shared cases); shared
/// are the reports that name a comparator too.
fn text(tables: &Tables, plan: &Plan, sent: &Uploaded) -> String {
    let compared = ids(&plan.comparator);
    format!(
        "WITH {}, \
         compared AS (SELECT r FROM listed WHERE s IN ({compared}) GROUP BY r), \
         marked AS (SELECT l.r AS r, l.s AS s, l.c AS c, CASE WHEN k.r IS NULL THEN 0 ELSE 1 END AS k \
         FROM listed l LEFT JOIN compared k ON k.r = l.r), \
         whole AS (SELECT r, MAX(c) AS c, MAX(k) AS k FROM marked GROUP BY r) \
         SELECT s, {SUMS} FROM marked GROUP BY s \
         UNION ALL SELECT CAST(-1 AS BIGINT) AS s, {SUMS} FROM whole",
        tables.listed(plan, sent),
    )
}

const SUMS: &str = "COUNT(*) AS exposed, CAST(COALESCE(SUM(c), 0) AS BIGINT) AS cases, \
     CAST(COALESCE(SUM(k), 0) AS BIGINT) AS shared, \
     CAST(COALESCE(SUM(c * k), 0) AS BIGINT) AS shared_cases";

impl SqlEngine<'_> {
    pub(super) fn count_plan(&self, plan: &Plan) -> Result<Counts, CountError> {
        let sent = self.send(&plan.selection)?;
        let mut rows = self.ask::<5>(DOING, &text(&self.tables, plan, &sent), 1)?;
        // Sorted, so that the whole comes last.
        let Some([WHOLE, reports, cases, compared, compared_cases]) = rows.pop() else {
            return Err(self.incomplete(DOING, "no row for the whole").into());
        };
        let against_all = plan.comparator.is_empty();
        if against_all && (compared, compared_cases) != (0, 0) {
            return Err(self
                .incomplete(DOING, "reports of a comparator, and there is none")
                .into());
        }
        let nobody = if against_all { (reports, cases) } else { (compared, compared_cases) };
        let empty = Cell { reports: nobody.0, all_cases: nobody.1, ..Cell::default() };
        let mut cells = vec![empty; self.substances()?];
        let mut pairs = 0;
        for [substance, exposed, with_event, shared, shared_cases] in rows {
            let slot = self.slot(DOING, "substance", &mut cells, substance)?;
            pairs += exposed;
            slot.exposed = exposed;
            slot.cases = with_event;
            if against_all && (shared, shared_cases) != (0, 0) {
                let said = format!("substance {substance} shares reports with no comparator");
                return Err(self.incomplete(DOING, said).into());
            }
            if !against_all {
                let either =
                    |own: u64, all: u64, both: u64| own.saturating_add(all).checked_sub(both);
                let sums = (
                    either(exposed, compared, shared),
                    either(with_event, compared_cases, shared_cases),
                );
                let (Some(reports), Some(all_cases)) = sums else {
                    let said = format!("substance {substance} shares more reports than there are");
                    return Err(self.incomplete(DOING, said).into());
                };
                (slot.reports, slot.all_cases) = (reports, all_cases);
            }
        }
        Ok(Counts { reports, cases, pairs, cells })
    }

    /// How many substances there are.
    pub(super) fn substances(&self) -> Result<usize, CountError> {
        self.size(self.tables.extent.substances)
    }

    /// How many terms there are.
    pub(super) fn terms(&self) -> Result<usize, CountError> {
        self.size(self.tables.extent.terms)
    }

    fn size(&self, ids: u64) -> Result<usize, CountError> {
        let size = u32::try_from(ids).map(|ids| ids as usize);
        size.map_err(|_| self.incomplete("reading the dictionaries", format!("{ids} ids")).into())
    }

    /// The place of an id, which must be in the dictionary.
    pub(super) fn slot<'v, T>(
        &self,
        doing: &str,
        kind: &str,
        slots: &'v mut [T],
        id: u64,
    ) -> Result<&'v mut T, CountError> {
        let known = slots.len();
        let slot = usize::try_from(id).ok().and_then(|id| slots.get_mut(id));
        let said = || format!("{kind} {id} is not one of the {known} of the dictionary");
        slot.ok_or_else(|| self.incomplete(doing, said()).into())
    }
}
