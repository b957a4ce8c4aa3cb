//! What happened, in order of time, with what has no time last.

use super::dates::between;
use super::result::{TimelineKind, TimelineRow};
use crate::case::{Case, Course, Drug, Trigger, TriggerRole, TriggerStatus};
use crate::observable;
use crate::observation::{Observation, Presence};
use crate::when::When;

/// The timeline of one drug in its case.
pub(crate) fn timeline(case: &Case, drug: &Drug, seen: &[&Observation]) -> Vec<TimelineRow> {
    let mut rows = own_rows(drug);
    for other in case.drugs.iter().filter(|other| other.id != drug.id) {
        rows.extend(other_rows(other));
    }
    rows.extend(case.triggers.iter().map(trigger_row));
    rows.extend(event_rows(case));
    rows.extend(seen.iter().map(|seen| observation_row(seen)));
    if let Some(onset) = case.event.onset {
        for row in &mut rows {
            row.days_from_onset = row.time.map(|time| between(onset, time));
        }
    }
    rows.sort_by_key(|row| (row.time.is_none(), row.time.map(When::sort_key)));
    rows
}

fn row(time: Option<When>, kind: TimelineKind, text: String, row: String) -> TimelineRow {
    TimelineRow { time, kind, text, days_from_onset: None, row, source: None }
}

fn own_rows(drug: &Drug) -> Vec<TimelineRow> {
    let mut rows = Vec::new();
    for (index, course) in drug.courses.iter().enumerate() {
        let path = format!("drugs.{}.courses[{index}]", drug.id);
        let text = format!("{} begun{}", drug.name, manner(course));
        rows.push(row(course.start, TimelineKind::Start, text, format!("{path}.start")));
        if course.stop.is_some() {
            let text = format!("{} stopped", drug.name);
            rows.push(row(course.stop, TimelineKind::Stop, text, format!("{path}.stop")));
        }
    }
    if let Some(given) = &drug.dechallenge {
        let end = drug.courses.last().and_then(|course| course.stop);
        let text = format!("after stopping or reducing {}: {}", drug.name, abated(given));
        let path = format!("drugs.{}.dechallenge", drug.id);
        rows.push(row(given.time.or(end), TimelineKind::Dechallenge, text, path));
        set_source(&mut rows, given.source.as_ref());
    }
    if let Some(given) = &drug.rechallenge {
        let what = match given.recurred {
            Presence::Yes => "the event came back",
            Presence::No => "the event did not come back",
            Presence::Unknown => "whether the event came back is unknown",
        };
        let text = format!("{} given again: {what}", drug.name);
        let path = format!("drugs.{}.rechallenge", drug.id);
        rows.push(row(given.time, TimelineKind::Rechallenge, text, path));
        set_source(&mut rows, given.source.as_ref());
    }
    rows
}

fn set_source(rows: &mut [TimelineRow], source: Option<&String>) {
    if let Some(last) = rows.last_mut() {
        last.source = source.cloned();
    }
}

fn manner(course: &Course) -> String {
    let parts: Vec<&str> =
        [&course.dose, &course.route].into_iter().flatten().map(String::as_str).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn abated(given: &crate::case::Dechallenge) -> String {
    let what = match given.abated {
        Presence::Yes => "the event abated",
        Presence::No => "the event did not abate",
        Presence::Unknown => "whether the event abated is unknown",
    };
    let days = given.days_to_abate.map_or(String::new(), |days| format!(" after {days} days"));
    let treated = match given.with_treatment {
        Some(Presence::Yes) => ", under treatment of the event",
        Some(Presence::No) => ", without treatment of the event",
        _ => "",
    };
    format!("{what}{days}{treated}")
}

fn other_rows(other: &Drug) -> Vec<TimelineRow> {
    let role = role_word(other);
    let begun = |index: usize, course: &Course| {
        let text = format!("{} ({role}) begun{}", other.name, manner(course));
        let path = format!("drugs.{}.courses[{index}].start", other.id);
        row(course.start, TimelineKind::OtherStart, text, path)
    };
    if other.courses.is_empty() {
        let text = format!("{} ({role}), dates not recorded", other.name);
        let path = format!("drugs.{}", other.id);
        return vec![row(None, TimelineKind::OtherStart, text, path)];
    }
    other.courses.iter().enumerate().map(|(index, course)| begun(index, course)).collect()
}

/// The role of a drug in words.
pub(crate) fn role_word(drug: &Drug) -> &'static str {
    use crate::case::DrugRole;
    match drug.role {
        DrugRole::Suspect => "suspect",
        DrugRole::Interacting => "interacting",
        DrugRole::Concomitant => "concomitant",
        DrugRole::Treatment => "treatment of the event",
    }
}

fn trigger_row(trigger: &Trigger) -> TimelineRow {
    let status = match trigger.status {
        TriggerStatus::Present => "present",
        TriggerStatus::TestedNegative => "tested for and not found",
        TriggerStatus::NotTested => "not tested for",
        TriggerStatus::NotReported => "not reported",
    };
    let role = match trigger.role {
        TriggerRole::Alternative => ", a cause of its own".to_owned(),
        TriggerRole::Mediator => format!(", brought about by {}", trigger.mediator_of.join(", ")),
        TriggerRole::Indication => ", what a drug was given for".to_owned(),
        TriggerRole::Unknown if trigger.status == TriggerStatus::Present => {
            ", its part not known".to_owned()
        }
        TriggerRole::Unknown => String::new(),
    };
    let text = format!("{}: {status}{role}", trigger.name);
    let path = format!("triggers.{}", trigger.id);
    let mut made = row(trigger.time, TimelineKind::Trigger, text, path);
    made.source.clone_from(&trigger.source);
    made
}

fn event_rows(case: &Case) -> Vec<TimelineRow> {
    let event = &case.event;
    let mut rows = Vec::new();
    let text = format!("onset of {}", event.term);
    rows.push(row(event.onset, TimelineKind::Onset, text, "event.onset".to_owned()));
    if let Some(outcome) = event.outcome {
        let text = format!("outcome: {}", outcome.word());
        let path = "event.outcome".to_owned();
        rows.push(row(event.outcome_time, TimelineKind::Outcome, text, path));
    }
    rows
}

fn observation_row(seen: &Observation) -> TimelineRow {
    let label =
        observable::find(&seen.observable).map_or(seen.observable.as_str(), |o| o.label.as_str());
    let mut what = if let Some(value) = seen.value {
        format!("{value} {}", seen.unit.as_deref().unwrap_or_default())
    } else if let Some(present) = seen.present {
        match present {
            Presence::Yes => "present".to_owned(),
            Presence::No => "absent".to_owned(),
            Presence::Unknown => "unknown".to_owned(),
        }
    } else {
        seen.choice.clone().unwrap_or_default()
    };
    if let Some(site) = &seen.site {
        what = format!("{what} ({site})");
    }
    let text = format!("{label}: {}", what.trim());
    let path = format!("observations.{}", seen.id);
    let mut made = row(seen.time, TimelineKind::Observation, text, path);
    made.source.clone_from(&seen.source);
    made
}
