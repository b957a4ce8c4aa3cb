//! Every country left out in turn.

use super::super::context::{reports_where, table};
use super::super::facts::COUNTRY_UNKNOWN;
use super::{Answer, Bench, Check, FewLeft, NAMED_COMPARATOR, Recount, Recounting, Row, RunError};
use crate::count::{Cell, Counts, Plan, StrataCounts, StratumOf, StratumTotal, counted_strata};
use crate::run::Estimates;

pub(super) const CHECK: Check = Check {
    id: "leave_one_country_out",
    title: "every country left out in turn; the weakest result",
    rationale: "One centre, one product programme or one way of coding in one country can make a signal.",
    bias: "dependence on one country",
    few_left: FewLeft::Weighed,
    recount,
};

/// A country without a case is left out if it has one in so many of the eligible reports, or more.
const SHARE_OF_REPORTS: u128 = 100;

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    if bench.has_comparator() {
        return Ok(Answer::not_applicable(NAMED_COMPARATOR).into());
    }
    let facts = &bench.facts;
    let is_known: Vec<bool> = facts.countries.iter().map(|name| name != COUNTRY_UNKNOWN).collect();
    let known = reports_where(bench.corpus, |place| {
        let country = facts.country.get(place);
        country.is_some_and(|id| is_known.get(*id as usize).is_some_and(|known| *known))
    });
    if bench.says_little(&known) {
        return Ok(Answer::missing("fewer than half of the cases name a country").into());
    }
    let of = StratumOf { of: &facts.country, strata: facts.countries.len() };
    let counts = counted_strata(bench.engine, bench.plan, of)?;
    let mut countries: Vec<(&String, u32)> = facts.countries.iter().zip(0..).collect();
    countries.retain(|(name, _)| *name != COUNTRY_UNKNOWN);
    countries.sort_unstable();
    let total = |id: u32| counts.strata.get(id as usize).copied().unwrap_or_default();
    let with_cases = countries.iter().filter(|(_, id)| total(*id).cases > 0);
    let recounts = with_cases.map(|&(name, id)| {
        let rows = (0..bench.subjects.len()).map(|at| without(bench, &counts, name, id, at));
        Ok((name, rows.collect::<Result<Vec<Row>, RunError>>()?))
    });
    let mut recounts = recounts.collect::<Result<Vec<(&String, Vec<Row>)>, RunError>>()?;
    countries.retain(|(_, id)| fills_background(bench, total(*id)));
    let plans = countries.iter().map(|(_, id)| without_country(bench, *id)).collect();
    let read = move |counts: &[Counts]| {
        for ((name, _), counts) in countries.into_iter().zip(counts) {
            let rows = bench.recount(counts)?.rows.into_iter();
            recounts.push((name, rows.map(|row| row.with(&format!("without {name}"))).collect()));
        }
        // Of equally weak ones the first by name stands in the row.
        recounts.sort_by_key(|(name, _)| *name);
        let recount = |(_, rows)| Recount { reports: None, cases: None, rows };
        Ok(Answer::Counted(recounts.into_iter().map(recount).collect()))
    };
    Ok(Recounting::new(plans, read))
}

/// Whether a country without a case has so large a part of the eligible reports that what is expected of all others
/// changes without it.
fn fills_background(bench: &Bench<'_>, total: StratumTotal) -> bool {
    total.cases == 0
        && u128::from(total.reports) * SHARE_OF_REPORTS >= u128::from(bench.counts.reports.max(1))
}

/// The plan without the reports of a country that has no case. Strata without a case have no cells, so the reports that
/// are left are counted.
fn without_country(bench: &Bench<'_>, country: u32) -> Plan {
    let countries = &bench.facts.country;
    let is_of = |place: usize| countries.get(place) == Some(&country);
    bench.without(&reports_where(bench.corpus, is_of))
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
