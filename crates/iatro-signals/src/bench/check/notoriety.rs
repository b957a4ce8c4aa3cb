//! Before and after a public alert.

use iatro_reports::dictionary::term::fold_term;
use iatro_reports::model::date::PartialDate;
use roaring::RoaringBitmap;

use super::super::context::reports_where;
use super::{Answer, Bench, Check, FewLeft, Recount, Recounting, Row, RunError};
use crate::count::Counts;
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

fn recount<'b>(bench: &'b Bench<'b>, after: bool) -> Result<Recounting<'b>, RunError> {
    if bench.study.alerts.is_empty() {
        return Ok(Answer::not_applicable("the study lists no alert").into());
    }
    let alerts: Vec<(usize, i32, &Alert)> = (0..)
        .zip(&bench.subjects)
        .filter_map(|(at, subject)| first_alert(bench, &subject.name).map(|(day, a)| (at, day, a)))
        .collect();
    let plan = |(_, day, _): &(usize, i32, &Alert)| bench.only(&received(bench, *day, after));
    let plans = alerts.iter().map(plan).collect();
    let read = move |counts: &[Counts]| {
        let none = Row::not_applicable("the study lists no alert on it");
        let mut rows = vec![none; bench.subjects.len()];
        let side = if after { "from" } else { "before" };
        for ((at, _, alert), counts) in alerts.iter().zip(counts) {
            let row = bench.row(counts, bench.subjects[*at].id)?;
            rows[*at] = row.with(&format!("{side} {}", alert.date));
        }
        Ok(Answer::Counted(vec![Recount { reports: None, cases: None, rows }]))
    };
    Ok(Recounting::new(plans, read))
}

/// The first alert on a substance, with its day.
fn first_alert<'b>(bench: &Bench<'b>, substance: &str) -> Option<(i32, &'b Alert)> {
    let folded = fold_term(substance);
    let alerts = bench.study.alerts.iter().filter(|alert| fold_term(&alert.substance) == folded);
    alerts.filter_map(|alert| Some((day(alert)?, alert))).min_by_key(|(day, _)| *day)
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
