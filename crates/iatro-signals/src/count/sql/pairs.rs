//! Counting every pair, and its control totals.

use super::answer::WHOLE;
use super::engine::SqlEngine;
use super::text::{Tables, ids};
use super::upload::Uploaded;
use crate::count::{CountError, PairControlTotals, PairCount, PairCounts, PairPlan};

const DOING: &str = "counting every pair";

/// Kinds of rows of a table of margins.
const REPORTS: u64 = 1;
const SUBSTANCE: u64 = 2;
const TERM: u64 = 3;
const OCCURRENCES: u64 = 4;
const SUBSTANCE_OCCURRENCES: u64 = 5;
const TERM_OCCURRENCES: u64 = 6;

/// The name a term is counted under.
fn counted_as(plan: &PairPlan) -> String {
    if plan.renamed.is_empty() {
        return "m".to_owned();
    }
    let when = |(old, now): &(u32, u32)| format!(" WHEN {old} THEN {now}");
    let all: String = plan.renamed.iter().map(when).collect();
    format!("CAST(CASE m{all} ELSE m END AS BIGINT)")
}

/// The terms of every report under the names they are counted under, as `named` (r, m). Only what a rename touches
/// can stand twice on a report, so only that is made distinct.
fn named(tables: &Tables, plan: &PairPlan) -> String {
    let rows = tables.reactions();
    if plan.renamed.is_empty() {
        return format!("named AS ({rows})");
    }
    let touched: Vec<u32> = plan.renamed.iter().flat_map(|&(old, now)| [old, now]).collect();
    let (touched, now) = (ids(&touched), counted_as(plan));
    format!(
        "named AS (SELECT r, m FROM ({rows}) y WHERE m NOT IN ({touched}) \
         UNION ALL SELECT DISTINCT r, {now} AS m FROM ({rows}) z WHERE m IN ({touched}))"
    )
}

fn pairs_text(tables: &Tables, plan: &PairPlan) -> String {
    format!(
        "WITH {}, {} SELECT e.s AS s, d.m AS m, COUNT(*) AS n FROM exposed e \
         JOIN named d ON d.r = e.r GROUP BY e.s, d.m",
        tables.exposed(plan.roles, &Uploaded::default()),
        named(tables, plan),
    )
}

/// The margins of the pairs, as (kind, id, n): reports joined to the reports that also have the other.
fn margins_text(tables: &Tables, plan: &PairPlan) -> String {
    format!(
        "WITH {}, {}, with_term AS (SELECT r FROM named GROUP BY r), \
         with_substance AS (SELECT r FROM exposed GROUP BY r) \
         SELECT CAST({REPORTS} AS BIGINT) AS kind, CAST(-1 AS BIGINT) AS id, COUNT(*) AS n \
         FROM with_substance x JOIN with_term t ON t.r = x.r \
         UNION ALL SELECT CAST({SUBSTANCE} AS BIGINT) AS kind, e.s AS id, COUNT(*) AS n \
         FROM exposed e JOIN with_term t ON t.r = e.r GROUP BY e.s \
         UNION ALL SELECT CAST({TERM} AS BIGINT) AS kind, d.m AS id, COUNT(*) AS n \
         FROM named d JOIN with_substance x ON x.r = d.r GROUP BY d.m",
        tables.exposed(plan.roles, &Uploaded::default()),
        named(tables, plan),
    )
}

/// Totals without pairs, as (kind, id, n): distinct reports, and sums over reports of one count times the other.
fn control_text(tables: &Tables, plan: &PairPlan) -> String {
    let kind = |kind: u64| format!("CAST({kind} AS BIGINT) AS kind");
    let by = |of: u64, id: &str, n: &str, from: &str, group: &str| {
        format!("SELECT {}, {id} AS id, {n} AS n FROM {from} {group}", kind(of))
    };
    let whole = "CAST(-1 AS BIGINT)";
    let sum = |what: &str| format!("CAST(COALESCE(SUM({what}), 0) AS BIGINT)");
    let distinct = "COUNT(DISTINCT r)";
    let parts = [
        by(REPORTS, whole, distinct, "exposed WHERE r IN (SELECT r FROM named)", ""),
        by(SUBSTANCE, "s", distinct, "exposed WHERE r IN (SELECT r FROM named)", "GROUP BY s"),
        by(TERM, "m", distinct, "named WHERE r IN (SELECT r FROM exposed)", "GROUP BY m"),
        by(
            OCCURRENCES,
            whole,
            &sum("x.n * t.n"),
            "(SELECT r, COUNT(*) AS n FROM exposed GROUP BY r) x \
             JOIN (SELECT r, COUNT(*) AS n FROM named GROUP BY r) t ON t.r = x.r",
            "",
        ),
        by(
            SUBSTANCE_OCCURRENCES,
            "e.s",
            &sum("t.n"),
            "exposed e JOIN (SELECT r, COUNT(*) AS n FROM named GROUP BY r) t ON t.r = e.r",
            "GROUP BY e.s",
        ),
        by(
            TERM_OCCURRENCES,
            "d.m",
            &sum("x.n"),
            "named d JOIN (SELECT r, COUNT(*) AS n FROM exposed GROUP BY r) x ON x.r = d.r",
            "GROUP BY d.m",
        ),
    ];
    format!("WITH {} {}", control_tables(tables, plan), parts.join(" UNION ALL "))
}

/// Exposures and terms, the latter made distinct whatever was renamed.
fn control_tables(tables: &Tables, plan: &PairPlan) -> String {
    format!(
        "{}, named AS (SELECT DISTINCT r, {} AS m FROM ({}) y)",
        tables.exposed(plan.roles, &Uploaded::default()),
        counted_as(plan),
        tables.reactions(),
    )
}

/// Sampled pairs again, one by one, as (s, m, n): the distinct reports of the substance that are among the term's.
fn sample_text(tables: &Tables, plan: &PairPlan, sample: &str) -> String {
    format!(
        "WITH {}, sampled AS ({sample}) \
         SELECT p.s AS s, p.m AS m, COUNT(DISTINCT d.r) AS n FROM sampled p \
         JOIN named d ON d.m = p.m JOIN exposed e ON e.r = d.r AND e.s = p.s GROUP BY p.s, p.m",
        control_tables(tables, plan),
    )
}

impl SqlEngine<'_> {
    pub(super) fn count_every_pair(&self, plan: &PairPlan) -> Result<PairCounts, CountError> {
        plan.counted_as(self.terms()?)?;
        let margins = self.margins(&margins_text(&self.tables, plan))?;
        let mut pairs = Vec::new();
        for [substance, term, n] in self.ask::<3>(DOING, &pairs_text(&self.tables, plan), 2)? {
            pairs.push(self.pair(substance, term, n)?);
        }
        Ok(PairCounts {
            reports: margins.reports,
            substances: margins.substances,
            terms: margins.terms,
            occurrences: pairs.iter().map(|pair| u64::from(pair.n)).sum(),
            pairs,
        })
    }

    pub(super) fn control_every_pair(
        &self,
        plan: &PairPlan,
        sample: &[(u32, u32)],
    ) -> Result<PairControlTotals, CountError> {
        plan.counted_as(self.terms()?)?;
        let margins = self.margins(&control_text(&self.tables, plan))?;
        Ok(PairControlTotals {
            reports: margins.reports,
            occurrences: margins.occurrences,
            substances: margins.substances,
            terms: margins.terms,
            substance_occurrences: margins.substance_occurrences,
            term_occurrences: margins.term_occurrences,
            pairs: self.sampled(plan, sample)?,
        })
    }

    /// The sampled pairs with their reports; one that no report has has 0.
    fn sampled(
        &self,
        plan: &PairPlan,
        sample: &[(u32, u32)],
    ) -> Result<Vec<(u32, u32, u64)>, CountError> {
        if sample.is_empty() {
            return Ok(Vec::new());
        }
        let column = |of: fn(&(u32, u32)) -> u32| sample.iter().map(|p| i64::from(of(p))).collect();
        let sent = self.put("sample", &[("s", column(|p| p.0)), ("m", column(|p| p.1))])?;
        let rows = self.ask::<3>(DOING, &sample_text(&self.tables, plan, &sent), 2)?;
        let n = |&(substance, term): &(u32, u32)| {
            let key = (u64::from(substance), u64::from(term));
            let found = rows.binary_search_by_key(&key, |&[s, m, _]| (s, m)).ok();
            (substance, term, found.and_then(|at| rows.get(at)).map_or(0, |[_, _, n]| *n))
        };
        Ok(sample.iter().map(n).collect())
    }

    fn pair(&self, substance: u64, term: u64, n: u64) -> Result<PairCount, CountError> {
        let extent = &self.tables.extent;
        let known = substance < extent.substances && term < extent.terms && n > 0;
        match (u32::try_from(substance), u32::try_from(term), u32::try_from(n)) {
            (Ok(substance), Ok(term), Ok(n)) if known => Ok(PairCount { substance, term, n }),
            _ => {
                let said = format!("{n} reports of substance {substance} and term {term}");
                Err(self.incomplete(DOING, said).into())
            }
        }
    }

    fn margins(&self, sql: &str) -> Result<Margins, CountError> {
        let zeros = || -> Result<_, CountError> {
            Ok((vec![0; self.substances()?], vec![0; self.terms()?]))
        };
        let ((substances, terms), (by_substance, by_term)) = (zeros()?, zeros()?);
        let mut margins = Margins {
            reports: 0,
            occurrences: 0,
            substances,
            terms,
            substance_occurrences: by_substance,
            term_occurrences: by_term,
        };
        let mut whole = false;
        for [kind, id, n] in self.ask::<3>(DOING, sql, 2)? {
            let (what, slots) = match (kind, id) {
                (REPORTS, WHOLE) => {
                    (margins.reports, whole) = (n, true);
                    continue;
                }
                (OCCURRENCES, WHOLE) => {
                    margins.occurrences = n;
                    continue;
                }
                (SUBSTANCE, _) => ("substance", &mut margins.substances),
                (TERM, _) => ("term", &mut margins.terms),
                (SUBSTANCE_OCCURRENCES, _) => ("substance", &mut margins.substance_occurrences),
                (TERM_OCCURRENCES, _) => ("term", &mut margins.term_occurrences),
                _ => return Err(self.incomplete(DOING, format!("a row of kind {kind}")).into()),
            };
            *self.slot(DOING, what, slots, id)? = n;
        }
        if whole { Ok(margins) } else { Err(self.incomplete(DOING, "no row for the whole").into()) }
    }
}

/// What the margins of a plan come to.
struct Margins {
    reports: u64,
    occurrences: u64,
    substances: Vec<u64>,
    terms: Vec<u64>,
    substance_occurrences: Vec<u64>,
    term_occurrences: Vec<u64>,
}
