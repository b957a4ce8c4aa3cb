//! Without the substances that move the background most.

use iatro_stats::Table2x2;
use iatro_stats::masking::{Axis, Removal, masking_ratio_prr, unmask};

use super::super::context::{impossible, table};
use super::{Answer, Bench, Check, FewLeft, NAMED_COMPARATOR, Recount, Recounting, Row, RunError};
use crate::count::{Counts, Plan};
use crate::run::Estimates;

pub(super) const CHECK: Check = Check {
    id: "masking",
    title: "without the background reports of the substance that masks most, and of the one that dilutes most",
    rationale: "One substance with very many reports sets the background: rich in the event it hides other \
                signals, poor in it it lends them one.",
    bias: "masking and dilution",
    few_left: FewLeft::Weighed,
    recount,
};

/// A substance counts as moving the background if its reports change it by this factor or more.
const MOVES: f64 = 1.1;

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    if bench.has_comparator() {
        return Ok(Answer::not_applicable(NAMED_COMPARATOR).into());
    }
    let giants = giants(bench)?;
    if giants.is_empty() {
        return Ok(Answer::not_applicable("no substance changes the background by a tenth").into());
    }
    let compared = |giant: &u32| Plan { comparator: vec![*giant], ..bench.plan.clone() };
    let plans = giants.iter().map(compared).collect();
    let read = move |counts: &[Counts]| {
        let recount = |(giant, counts): (&u32, &Counts)| {
            let rows = (0..bench.subjects.len()).map(|at| without(bench, counts, *giant, at));
            let rows = rows.collect::<Result<Vec<Row>, RunError>>()?;
            Ok(Recount { reports: None, cases: None, rows })
        };
        let recounts = giants.iter().zip(counts).map(recount);
        Ok(Answer::Counted(recounts.collect::<Result<_, RunError>>()?))
    };
    Ok(Recounting::new(plans, read))
}

/// The substance whose reports raise the background most, and the one whose reports lower it most.
fn giants(bench: &Bench<'_>) -> Result<Vec<u32>, RunError> {
    let counts = bench.counts;
    let all = Table2x2::from_margins(0, 0, counts.cases, counts.reports).map_err(impossible)?;
    let ratio = |(id, cell): (u32, &crate::count::Cell)| {
        Some((masking_ratio_prr(&all, cell.exposed, cell.cases)?, id))
    };
    let mut ratios: Vec<(f64, u32)> = (0..).zip(&counts.cells).filter_map(ratio).collect();
    ratios.sort_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1)));
    let diluting = ratios.first().filter(|(ratio, _)| *ratio <= 1.0 / MOVES);
    let masking = ratios.last().filter(|(ratio, _)| *ratio >= MOVES);
    Ok(masking.into_iter().chain(diluting).map(|(_, id)| *id).collect())
}

/// A subject without the giant's reports in its background; `counts` compare with the giant. Each of its
/// cells counts reports of the substance or the giant, so that the reports of both follow.
fn without(bench: &Bench<'_>, counts: &Counts, giant: u32, at: usize) -> Result<Row, RunError> {
    let subject = &bench.subjects[at];
    let name = &bench.corpus.substances()[giant as usize].name;
    if subject.id == giant {
        return Ok(Row::not_applicable(&format!("{name} is the substance left out")));
    }
    let cell = |id: u32| counts.cells.get(id as usize).copied().unwrap_or_default();
    let (either, own) = (cell(subject.id), cell(giant));
    let shared = (either.exposed + own.exposed).checked_sub(either.reports);
    let shared_cases = (either.cases + own.cases).checked_sub(either.all_cases);
    let (Some(shared), Some(shared_cases)) = (shared, shared_cases) else {
        return Err(impossible("more reports of either than of both"));
    };
    let masker = Table2x2::from_margins(shared_cases, shared, own.cases, own.exposed);
    let masker = masker.map_err(impossible)?;
    let left = unmask(&table(&subject.cell)?, &masker, Axis::Substance, Removal::Background);
    let left = left.map_err(impossible)?;
    Ok(Row::counted(Estimates::of(&left)).with(&format!("background without {name}")))
}
