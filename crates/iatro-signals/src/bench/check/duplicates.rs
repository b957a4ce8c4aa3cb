//! One report a cluster of suspected duplicates.

use super::{Answer, Bench, Check, FewLeft, RunError};

pub(super) const CHECK: Check = Check {
    id: "without_duplicates",
    title: "one report a cluster of suspected duplicates",
    rationale: "A case sent by several companies counts several times, the more often the more drugs it names.",
    bias: "duplicate reports",
    few_left: FewLeft::Ends,
    recount,
};

fn recount(bench: &Bench<'_>) -> Result<Answer, RunError> {
    bench.answer(&bench.without(&bench.facts.later_duplicates(&bench.eligible())))
}
