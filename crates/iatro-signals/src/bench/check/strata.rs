//! Stratified by what the study declares.

use iatro_stats::{Estimate, strata};

use super::super::context::impossible;
use super::{Answer, Bench, Check, FewLeft, NAMED_COMPARATOR, Recount, Recounting, Row, RunError};
use crate::count::{StratumOf, counted_strata};
use crate::run::Estimates;

pub(super) const CHECK: Check = Check {
    id: "strata",
    title: "stratified (Mantel-Haenszel ROR and PRR, IC against the stratified expected count)",
    rationale: "Primary forms of the event appear in infancy, and reporting differs by sex, year and region; so \
                do the drugs and vaccines given.",
    bias: "confounding by age, sex, time and place",
    few_left: FewLeft::Weighed,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    let of = &bench.facts.strata;
    if of.factors.is_empty() {
        return Ok(Answer::not_applicable("the study declares no strata").into());
    }
    if bench.has_comparator() {
        return Ok(Answer::not_applicable(NAMED_COMPARATOR).into());
    }
    if of.cells.len() < 2 {
        return Ok(Answer::missing("all reports are in one stratum").into());
    }
    let stratum_of = StratumOf { of: &of.of, strata: of.cells.len() };
    let counts = counted_strata(bench.engine, bench.plan, stratum_of)?;
    let row = |subject: &super::super::context::Subject| -> Result<Row, RunError> {
        let tables = counts.tables(subject.id).map_err(impossible)?;
        Ok(Row::counted(stratified(&subject.estimates, &tables))
            .with(&format!("{} strata with the substance and a case", tables.len())))
    };
    let rows = bench.subjects.iter().map(row).collect::<Result<Vec<Row>, RunError>>()?;
    let (reports, cases) = (Some(bench.counts.reports), Some(bench.counts.cases));
    Ok(Answer::Counted(vec![Recount { reports, cases, rows }]).into())
}

/// The cells of all strata together, with the estimates over the strata.
fn stratified(crude: &Estimates, tables: &[iatro_stats::Table2x2]) -> Estimates {
    let (ror, prr) = (strata::ror_mantel_haenszel(tables), strata::prr_mantel_haenszel(tables));
    let ic = strata::ic(tables);
    let point = |e: Option<Estimate>| e.map(|e| e.point);
    let lower = |e: Option<Estimate>| e.map(|e| e.lower);
    let upper = |e: Option<Estimate>| e.map(|e| e.upper);
    Estimates {
        expected: strata::expected(tables),
        ror: strata::ror_mantel_haenszel_point(tables),
        ror_lo: lower(ror),
        ror_hi: upper(ror),
        prr: strata::prr_mantel_haenszel_point(tables),
        prr_lo: lower(prr),
        prr_hi: upper(prr),
        chi2_yates: strata::chi2_mantel_haenszel_corrected(tables),
        ic: point(ic),
        ic025: lower(ic),
        ic975: upper(ic),
        ..*crude
    }
}
