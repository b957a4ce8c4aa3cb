//! Primary suspects alone.

use iatro_reports::model::codes::Role;

use super::{Answer, Bench, Check, FewLeft, RunError};
use crate::count::counted;

pub(super) const CHECK: Check = Check {
    id: "suspect_only",
    title: "primary suspects alone are exposures",
    rationale: "A drug that is only listed beside the one suspected gets its cases from it.",
    bias: "co-reporting",
    few_left: FewLeft::Weighed,
    recount,
};

fn recount(bench: &Bench<'_>) -> Result<Answer, RunError> {
    let mut plan = bench.plan.clone();
    plan.roles &= Role::PrimarySuspect.bit();
    if plan.roles == 0 || plan.roles == bench.plan.roles {
        return Ok(Answer::not_applicable(
            "the run does not count primary suspects beside other roles",
        ));
    }
    if counted(bench.engine, &plan)?.pairs == bench.counts.pairs {
        return Ok(Answer::missing("the reports do not tell the primary suspect from others"));
    }
    bench.answer(&plan)
}
