//! Every country left out in turn.

use super::super::context::table;
use super::super::facts::COUNTRY_UNKNOWN;
use super::{Answer, Bench, Check, FewLeft, NAMED_COMPARATOR, Recount, Row, RunError};
use crate::count::{Cell, StrataCounts, StratumOf, counted_strata};
use crate::run::Estimates;

pub(super) const CHECK: Check = Check {
    id: "leave_one_country_out",
    title: "every country left out in turn; the weakest result",
    rationale: "One centre, one product programme or one way of coding in one country can make a signal.",
    bias: "dependence on one country",
    few_left: FewLeft::Weighed,
    recount,
};

fn recount(bench: &Bench<'_>) -> Result<Answer, RunError> {
    if bench.has_comparator() {
        return Ok(Answer::not_applicable(NAMED_COMPARATOR));
    }
    let facts = &bench.facts;
    let is_unknown =
        |id: &u32| facts.countries.get(*id as usize).is_none_or(|c| c == COUNTRY_UNKNOWN);
    let known = (0_u32..).zip(&facts.country).filter(|(_, id)| !is_unknown(id));
    if bench.says_little(&known.map(|(place, _)| place).collect()) {
        return Ok(Answer::missing("fewer than half of the cases name a country"));
    }
    let of = StratumOf { of: &facts.country, strata: facts.countries.len() };
    let counts = counted_strata(&bench.engine, bench.plan, of)?;
    let mut countries: Vec<(&String, u32)> = facts.countries.iter().zip(0..).collect();
    countries.retain(|(name, id)| {
        *name != COUNTRY_UNKNOWN && counts.strata.get(*id as usize).is_some_and(|s| s.cases > 0)
    });
    countries.sort_unstable();
    let mut recounts = Vec::new();
    for (name, id) in countries {
        let rows = (0..bench.subjects.len()).map(|at| without(bench, &counts, name, id, at));
        let rows = rows.collect::<Result<Vec<Row>, RunError>>()?;
        recounts.push(Recount { reports: None, cases: None, rows });
    }
    Ok(Answer::Counted(recounts))
}

/// A subject in all countries but one: the countries were counted apart, and all others are added up.
fn without(
    bench: &Bench<'_>,
    counts: &StrataCounts,
    name: &str,
    country: u32,
    at: usize,
) -> Result<Row, RunError> {
    let subject = &bench.subjects[at];
    let total = counts.strata.get(country as usize).copied().unwrap_or_default();
    let own = counts.of(subject.id).iter().find(|cell| cell.stratum == country);
    let (exposed, cases) = own.map_or((0, 0), |cell| (cell.exposed, cell.cases));
    let left = Cell {
        exposed: subject.cell.exposed - exposed,
        cases: subject.cell.cases - cases,
        reports: subject.cell.reports - total.reports,
        all_cases: subject.cell.all_cases - total.cases,
    };
    Ok(Row::counted(Estimates::of(&table(&left)?)).with(&format!("without {name}")))
}
