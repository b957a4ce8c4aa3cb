//! Against other substances given for the same indication.

use std::collections::BTreeSet;

use super::super::given_for::GivenFor;
use super::{Answer, Bench, Check, FewLeft, NAMED_COMPARATOR, Recount, Recounting, Row, RunError};
use crate::count::counted_groups;

pub(super) const CHECK: Check = Check {
    id: "active_comparator",
    title: "against the other substances given for its most frequent indication",
    rationale: "Whoever is treated for the same disease has its share of the event, whichever drug is chosen.",
    bias: "confounding by indication",
    few_left: FewLeft::Weighed,
    recount,
};

fn recount<'b>(bench: &'b Bench<'b>) -> Result<Recounting<'b>, RunError> {
    if bench.has_comparator() {
        return Ok(Answer::not_applicable(NAMED_COMPARATOR).into());
    }
    let given_for = GivenFor::read(bench)?;
    let subjects = given_for.most_frequent(bench);
    if subjects.is_empty() {
        return Ok(Answer::missing("no report says what an exposure was given for").into());
    }
    let none = Row {
        estimates: Err((
            super::Reason::InformationMissing,
            "no report says what it was given for".to_owned(),
        )),
        detail: None,
        by_ror: true,
    };
    let mut rows = vec![none; bench.subjects.len()];
    let terms: BTreeSet<u32> = subjects.keys().copied().collect();
    let groups = given_for.groups(bench, &terms)?;
    for (term, counts) in terms.into_iter().zip(counted_groups(bench.engine, bench.plan, &groups)?)
    {
        let name = &bench.corpus.terms()[term as usize].name;
        for &at in subjects.get(&term).into_iter().flatten() {
            let row = bench.row(&counts, bench.subjects[at].id)?;
            let alone = row.estimates.as_ref().is_ok_and(|e| e.c + e.d == 0);
            rows[at] = if alone {
                Row::not_applicable(&format!("no other substance is given for {name}"))
            } else {
                Row { by_ror: true, ..row.with(&format!("given for {name}")) }
            };
        }
    }
    Ok(Answer::Counted(vec![Recount { reports: None, cases: None, rows }]).into())
}
