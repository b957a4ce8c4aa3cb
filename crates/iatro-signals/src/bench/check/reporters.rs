//! Reports of health professionals.

use super::{Answer, Bench, Check, FewLeft, Recounting, RunError};

pub(super) const CHECK: Check = Check {
    id: "health_professionals",
    title: "reports of health professionals only",
    rationale: "The event is diagnosed in hospital; reports of consumers and lawyers fill the background of some \
                drugs and not of others.",
    bias: "reporter mix",
    few_left: FewLeft::Weighed,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    if bench.says_little(&bench.facts.reporter_known) {
        return Ok(Answer::missing("fewer than half of the cases say who reported them").into());
    }
    Ok(bench.planned(bench.only(&bench.facts.health_professional)))
}
