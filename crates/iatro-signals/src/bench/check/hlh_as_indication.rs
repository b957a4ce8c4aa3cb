//! Reports on which the event is what a drug was given for.

use super::{Answer, Bench, Check, FewLeft, Recounting, RunError};

pub(super) const CHECK: Check = Check {
    id: "hlh_as_indication",
    title: "without reports on which the event is an indication",
    rationale: "Where a drug was given for the event, the event was there before at least one of the drugs, and \
                the others may have been given to the same patient for it.",
    bias: "reverse causation (indication)",
    few_left: FewLeft::Ends,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    let indicated = &bench.causes.set_aside.event_indicated;
    if indicated.is_empty() && bench.corpus.indication_rows() == 0 {
        return Ok(Answer::missing("no report says what a drug was given for").into());
    }
    Ok(bench.planned(bench.without(indicated)))
}
