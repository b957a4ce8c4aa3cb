//! Serious reports.

use super::{Answer, Bench, Check, FewLeft, Recounting, RunError};

pub(super) const CHECK: Check = Check {
    id: "serious_only",
    title: "reports with a serious outcome only",
    rationale: "The event is always serious; a drug reported mostly for serious events is compared with drugs \
                reported for trifles.",
    bias: "background of reports that are not serious",
    few_left: FewLeft::Weighed,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    if bench.says_little(&bench.facts.outcome_known) {
        return Ok(Answer::missing("fewer than half of the cases state an outcome").into());
    }
    Ok(bench.planned(bench.only(&bench.facts.serious)))
}
