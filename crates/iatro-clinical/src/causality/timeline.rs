//! What happened when, around one drug.

use super::facts::{DrugFacts, days, in_days};
use super::result::{TimelineKind, TimelineRow};
use crate::case::{Drug, DrugRole, TriggerStatus};
use crate::observation::Presence;
use crate::when::When;

/// The rows of a drug, by time; those without a time last.
pub(super) fn rows(facts: &DrugFacts<'_>) -> Vec<TimelineRow> {
    let case = facts.case;
    let onset = case.event.onset;
    let row = |time: Option<When>, kind, text: String, source: Option<&String>| TimelineRow {
        time,
        day: time.zip(onset).and_then(|(time, onset)| days(onset, time)),
        kind,
        text,
        source: source.cloned(),
    };
    let mut rows = courses(facts.drug, TimelineKind::Start, &row);
    rows.push(row(onset, TimelineKind::Onset, format!("onset of {}", case.event.term), None));
    for trigger in case.triggers.iter().filter(|row| row.status == TriggerStatus::Present) {
        let text = format!("{} found", trigger.name);
        rows.push(row(trigger.time, TimelineKind::Trigger, text, trigger.source.as_ref()));
    }
    for treatment in case.drugs.iter().filter(|drug| drug.role == DrugRole::Treatment) {
        rows.extend(courses(treatment, TimelineKind::Treatment, &row));
    }
    if let Some(withdrawn) = &facts.drug.dechallenge {
        let text = match (withdrawn.abated, withdrawn.days_to_abate) {
            (Presence::Yes, Some(days)) => {
                format!("withdrawn; abated within {}", in_days(days.into()))
            }
            (Presence::Yes, None) => "withdrawn; abated".to_owned(),
            (Presence::No, _) => "withdrawn; went on".to_owned(),
            (Presence::Unknown, _) => "withdrawn; what followed is not known".to_owned(),
        };
        let time = withdrawn.time.or_else(|| facts.last_stop());
        rows.push(row(time, TimelineKind::Dechallenge, text, withdrawn.source.as_ref()));
    }
    if let Some(again) = &facts.drug.rechallenge {
        let text = match again.recurred {
            Presence::Yes => "given again; came back",
            Presence::No => "given again; did not come back",
            Presence::Unknown => "given again; what followed is not known",
        };
        rows.push(row(
            again.time,
            TimelineKind::Rechallenge,
            text.to_owned(),
            again.source.as_ref(),
        ));
    }
    if let Some(outcome) = case.event.outcome {
        let text = format!("outcome: {}", outcome.word());
        rows.push(row(case.event.outcome_time, TimelineKind::Outcome, text, None));
    }
    rows.sort_by_key(|row| (row.time.is_none(), row.time.map(When::sort_key), row.kind));
    rows
}

fn courses(
    drug: &Drug,
    kind: TimelineKind,
    row: &impl Fn(Option<When>, TimelineKind, String, Option<&String>) -> TimelineRow,
) -> Vec<TimelineRow> {
    let mut rows = Vec::new();
    for course in &drug.courses {
        let dose = course.dose.as_ref().map(|dose| format!(", {dose}")).unwrap_or_default();
        let route = course.route.as_ref().map(|route| format!(", {route}")).unwrap_or_default();
        let text = format!("{} started{dose}{route}", drug.name);
        rows.push(row(course.start, kind, text, drug.source.as_ref()));
        if course.stop.is_some() && course.stop != course.start {
            let kind = if kind == TimelineKind::Start { TimelineKind::Stop } else { kind };
            rows.push(row(
                course.stop,
                kind,
                format!("{} stopped", drug.name),
                drug.source.as_ref(),
            ));
        }
    }
    rows
}
