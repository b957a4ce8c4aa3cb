//! The other definition of the event.

use super::{Answer, Bench, Check, FewLeft, Recounting, RunError};
use crate::causes::SetAside;
use crate::run::{Question, Settings, plan};

pub(super) const BROAD: Check = Check {
    id: "broad_terms",
    title: "the event by its broad terms",
    rationale: "Cases may be coded under neighbouring terms, for some substances more than for others.",
    bias: "coding of the event",
    few_left: FewLeft::Weighed,
    recount: |bench| recount(bench, "broad"),
};

pub(super) const NARROW: Check = Check {
    id: "narrow_terms",
    title: "the event by its narrow terms",
    rationale: "A signal of unspecific terms alone is not one of the event.",
    bias: "coding of the event",
    few_left: FewLeft::Weighed,
    recount: |bench| recount(bench, "narrow"),
};

fn recount<'b>(bench: &'b Bench<'b>, name: &str) -> Result<Recounting<'b>, RunError> {
    let (study, asked) = (bench.study, bench.question);
    let is_definition = |name: &String| asked.event == format!("{}-{name}", study.id);
    if study.event(name).is_none() {
        return Ok(Answer::not_applicable("the study has no such definition of the event").into());
    }
    if !study.events.keys().any(is_definition) {
        return Ok(Answer::not_applicable(
            "the run was given its terms, not a definition of the study",
        )
        .into());
    }
    if is_definition(&name.to_owned()) {
        return Ok(Answer::not_applicable("the run itself counts these terms").into());
    }
    let other = Question::of_source(asked.source, study, &settings(asked, name))?;
    let mut plan = plan(bench.corpus, &other)?;
    let set_aside = SetAside::read(bench.corpus, other.therapies(study), &plan)?;
    plan.selection.set_aside |= set_aside.entries;
    plan.selection.reports = bench.plan.selection.reports.clone();
    Ok(bench.planned(plan))
}

/// What the run was asked, with another definition of the event.
fn settings(asked: &Question, event: &str) -> Settings {
    Settings {
        event: Some(event.to_owned()),
        roles: asked.roles.iter().map(|role| (*role).to_owned()).collect(),
        comparator: asked.comparator.clone(),
        evidence: asked.evidence,
        ..Settings::default()
    }
}
