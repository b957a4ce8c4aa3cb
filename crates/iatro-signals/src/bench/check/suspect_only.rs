//! Primary suspects alone.

use iatro_reports::model::codes::Role;

use super::{Answer, Bench, Check, FewLeft, Recounting, RunError};
use crate::count::Counts;

pub(super) const CHECK: Check = Check {
    id: "suspect_only",
    title: "primary suspects alone are exposures",
    rationale: "A drug that is only listed beside the one suspected gets its cases from it.",
    bias: "co-reporting",
    few_left: FewLeft::Weighed,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    let mut plan = bench.plan.clone();
    plan.roles &= Role::PrimarySuspect.bit();
    if plan.roles == 0 || plan.roles == bench.plan.roles {
        return Ok(Answer::not_applicable(
            "the run does not count primary suspects beside other roles",
        )
        .into());
    }
    let read = |counts: &[Counts]| {
        if counts.iter().all(|counts| counts.pairs == bench.counts.pairs) {
            return Ok(Answer::missing("the reports do not tell the primary suspect from others"));
        }
        let recounts = counts.iter().map(|counts| bench.recount(counts));
        Ok(Answer::Counted(recounts.collect::<Result<_, _>>()?))
    };
    Ok(Recounting::new(vec![plan], read))
}
