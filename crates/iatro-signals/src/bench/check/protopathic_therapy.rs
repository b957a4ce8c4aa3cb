//! Therapies of the event.

use super::super::context::reports_where;
use super::{Answer, Bench, Check, FewLeft, Recounting, RunError};
use crate::causes::substance_ids;

pub(super) const CHECK: Check = Check {
    id: "protopathic_therapy",
    title: "therapies of the event are no exposures, whatever their dates",
    rationale: "Most reports give no dates, so a therapy may be listed as suspect because the event was there \
                first.",
    bias: "protopathic bias",
    few_left: FewLeft::Ends,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    let names = bench.study.therapy_substances(bench.question.evidence);
    if names.is_empty() {
        return Ok(Answer::not_applicable("the study names no therapy of the event").into());
    }
    let therapies = substance_ids(bench.corpus, names);
    let mut plan = bench.plan.clone();
    let is_therapy = |place: usize| {
        let mut exposures = bench.corpus.exposures(place);
        exposures.any(|entry| therapies.binary_search(&entry.substance).is_ok())
    };
    for place in reports_where(bench.corpus, is_therapy) {
        let numbers = bench.corpus.first_exposure(place as usize)..;
        for (number, entry) in numbers.zip(bench.corpus.exposures(place as usize)) {
            if therapies.binary_search(&entry.substance).is_ok()
                && let Ok(number) = u32::try_from(number)
            {
                plan.selection.set_aside.insert(number);
            }
        }
    }
    Ok(bench.planned(plan))
}
