//! Therapies of the event.

use super::{Answer, Bench, Check, FewLeft, RunError};
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

fn recount(bench: &Bench<'_>) -> Result<Answer, RunError> {
    let names = bench.study.therapy_substances(bench.question.evidence);
    if names.is_empty() {
        return Ok(Answer::not_applicable("the study names no therapy of the event"));
    }
    let therapies = substance_ids(bench.corpus, names);
    let mut plan = bench.plan.clone();
    for place in 0..bench.corpus.reports() {
        let numbers = bench.corpus.first_exposure(place)..;
        for (number, entry) in numbers.zip(bench.corpus.exposures(place)) {
            if therapies.binary_search(&entry.substance).is_ok()
                && let Ok(number) = u32::try_from(number)
            {
                plan.selection.set_aside.insert(number);
            }
        }
    }
    bench.answer(&plan)
}
