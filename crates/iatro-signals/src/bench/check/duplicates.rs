//! One report a cluster of suspected duplicates.

use super::{Bench, Check, FewLeft, Recounting, RunError};

pub(super) const CHECK: Check = Check {
    id: "without_duplicates",
    title: "one report a cluster of suspected duplicates",
    rationale: "A case sent by several companies counts several times, the more often the more drugs it names.",
    bias: "duplicate reports",
    few_left: FewLeft::Ends,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    Ok(bench.planned(bench.without(&bench.facts.later_duplicates(&bench.eligible()))))
}
