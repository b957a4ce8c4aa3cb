//! Before and after a public alert.

use iatro_reports::dictionary::term::fold_term;
use iatro_reports::model::date::PartialDate;
use roaring::RoaringBitmap;

use super::super::context::reports_where;
use super::{Answer, Bench, Check, FewLeft, Recount, Row, RunError};
use crate::count::counted;
use crate::study::Alert;

pub(super) const BEFORE: Check = Check {
    id: "notoriety_before",
    title: "reports received before the first public alert",
    rationale: "A signal that is there only after an alert may be the echo of the alert.",
    bias: "notoriety",
    few_left: FewLeft::Weighed,
    recount: |bench| recount(bench, false),
};

pub(super) const AFTER: Check = Check {
    id: "notoriety_after",
    title: "reports received from the first public alert on",
    rationale: "A signal that ends with the alert may rest on a few early series, or on a label that changed use.",
    bias: "notoriety",
    few_left: FewLeft::Weighed,
    recount: |bench| recount(bench, true),
};

fn recount(bench: &Bench<'_>, after: bool) -> Result<Answer, RunError> {
    if bench.study.alerts.is_empty() {
        return Ok(Answer::not_applicable("the study lists no alert"));
    }
    let mut rows = Vec::new();
    for subject in &bench.subjects {
        let folded = fold_term(&subject.name);
        let of_subject = bench.study.alerts.iter().filter(|a| fold_term(&a.substance) == folded);
        let Some((day, alert)) = of_subject.filter_map(|a| Some((day(a)?, a))).min_by_key(|x| x.0)
        else {
            rows.push(Row::not_applicable("the study lists no alert on it"));
            continue;
        };
        let counts = counted(bench.engine, &bench.only(&received(bench, day, after)))?;
        let side = if after { "from" } else { "before" };
        rows.push(bench.row(&counts, subject.id)?.with(&format!("{side} {}", alert.date)));
    }
    Ok(Answer::Counted(vec![Recount { reports: None, cases: None, rows }]))
}

/// Days since 1970-01-01.
fn day(alert: &Alert) -> Option<i32> {
    let (year, month, day) = alert.day()?;
    PartialDate::new(i16::try_from(year).ok()?, month, day).map(PartialDate::first_day)
}

/// Reports on one side of a day; a report without a day of receipt is on neither.
fn received(bench: &Bench<'_>, day: i32, after: bool) -> RoaringBitmap {
    let days = bench.facts.received();
    reports_where(bench.corpus, |place| {
        let received = days.get(place).copied().flatten();
        received.is_some_and(|received| (received >= day) == after)
    })
}
