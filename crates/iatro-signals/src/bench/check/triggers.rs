//! Reports with a competing trigger of some classes.

use super::super::restrict::{INFECTION, MALIGNANCY, RHEUMATIC, TRANSPLANTATION};
use super::{Answer, Bench, Check, FewLeft, Recounting, RunError};

pub(super) const WITHOUT_MALIGNANCY: Check = Check {
    id: "without_malignancy",
    title: "without reports that name a malignancy",
    rationale: "Lymphoma and leukaemia are among the most frequent triggers of the event, and antineoplastic \
                drugs stand on their reports.",
    bias: "confounding by indication (malignancy)",
    few_left: FewLeft::Ends,
    recount: |bench| without(bench, MALIGNANCY),
};

pub(super) const WITHOUT_INFECTION: Check = Check {
    id: "without_infection",
    title: "without reports that name an infection",
    rationale: "Infections, Epstein-Barr virus foremost, trigger the event, and anti-infective drugs are given \
                for its first signs.",
    bias: "confounding by indication (infection)",
    few_left: FewLeft::Ends,
    recount: |bench| without(bench, INFECTION),
};

pub(super) const WITHOUT_RHEUMATIC_DISEASE: Check = Check {
    id: "without_rheumatic_disease",
    title: "without reports that name a rheumatic or autoinflammatory disease",
    rationale: "Still's disease and lupus lead to macrophage activation syndrome, whatever they are treated with.",
    bias: "confounding by indication (rheumatic disease)",
    few_left: FewLeft::Ends,
    recount: |bench| without(bench, RHEUMATIC),
};

pub(super) const WITHOUT_TRANSPLANTATION: Check = Check {
    id: "without_transplantation",
    title: "without reports that name a transplantation or an immune deficiency",
    rationale: "After a transplantation and in immune deficiency the event appears with infections and with the \
                graft, and the immunosuppressants stand beside it.",
    bias: "confounding by indication (immune status)",
    few_left: FewLeft::Ends,
    recount: |bench| without(bench, TRANSPLANTATION),
};

fn without<'b>(bench: &'b Bench<'b>, classes: &[&str]) -> Result<Recounting<'b>, RunError> {
    let evidence = bench.question.evidence;
    let mut triggers = bench.study.triggers.iter();
    if !triggers.any(|t| evidence.takes(t.status) && classes.contains(&t.class.as_str())) {
        return Ok(Answer::not_applicable("the study defines no trigger of this class").into());
    }
    Ok(bench.planned(bench.without(&bench.causes.triggers.reports_with(classes))))
}
