//! Nothing set aside.

use super::{Bench, Check, FewLeft, Recounting, RunError};

pub(super) const CHECK: Check = Check {
    id: "as_reported",
    title: "as reported, nothing set aside",
    rationale: "Published analyses count every suspect substance; a signal that shows only after entries were \
                set aside would be a product of that step.",
    bias: "the setting aside itself",
    few_left: FewLeft::Weighed,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    let mut plan = bench.plan.clone();
    plan.selection.set_aside.clear();
    Ok(bench.planned(plan))
}
