//! One drug: what it is, its time line on a common axis, latency against what is published, instruments, and what is
//! missing.

use std::collections::BTreeSet;

use iatro_clinical::causality::{
    CompletenessFields, DayInterval, DrugCausality, Latency, Missing, TimeToOnset, TimelineKind,
    TimelineRow,
};

use jiff::civil::Date;

use super::super::super::columns::{WIDTH, after, left, paragraph, right, row};
use super::super::completeness;
use super::super::mark;
use super::axis::Axis;
use super::instrument;

const DATE: usize = 10;
const DAY: usize = 9;
const AXIS: usize = 25;
const WHAT: usize = WIDTH - 2 - DATE - DAY - AXIS - 6;
/// What is missing is named down to here.
const MISSING: usize = 6;
/// Days with observations that are shown one by one.
const OBSERVED_DAYS: usize = 10;
/// Other drugs off the axis that are named one by one.
const FAR: usize = 4;

pub(super) fn of(drug: &DrugCausality) -> String {
    let mut text = String::new();
    for class in &drug.classes {
        let words = format!("{}; {}{}", class.label, class.evidence, mark(class.evidence_status));
        text.push_str(&paragraph("  Class       ", &words));
    }
    text.push_str(&latency(&drug.latency));
    for note in &drug.notes {
        text.push_str(&paragraph("  ! ", &format!("{} ({})", note.text, note.source)));
    }
    text.push('\n');
    text.push_str(&timeline(&drug.timeline));
    for answer in &drug.instruments {
        text.push('\n');
        text.push_str(&instrument::of(answer));
    }
    text.push('\n');
    text.push_str(&missing(drug));
    text
}

fn latency(latency: &Latency) -> String {
    let mut text = String::new();
    let parts = [
        ("from the first start", latency.from_first_start),
        ("from the start of the last course", latency.from_last_start),
        ("from the last dose", latency.from_last_dose),
        ("from the last stop", latency.from_stop),
    ];
    let known =
        parts.iter().filter_map(|(words, days)| Some(format!("{} {words}", span((*days)?))));
    let known: Vec<String> = known.collect();
    if !known.is_empty() {
        text.push_str(&paragraph("  Latency     ", &format!("{}.", known.join("; "))));
    }
    for unknown in &latency.unknown {
        text.push_str(&paragraph("  Latency     ", unknown));
    }
    for published in &latency.published {
        let words = format!(
            "{}{}: {} ({}).",
            published.text,
            mark(published.evidence_status),
            published.here,
            published.use_as
        );
        text.push_str(&paragraph("  Published   ", &words));
    }
    text
}

/// `16 days`, `3 to 31 days`.
fn span(days: DayInterval) -> String {
    match (days.min, days.max) {
        (1, 1) => "1 day".to_owned(),
        (min, max) if min == max => format!("{min} days"),
        (min, max) => format!("{min} to {max} days"),
    }
}

fn timeline(rows: &[TimelineRow]) -> String {
    // Another drug that was begun years ago does not stretch the axis of this one.
    let own = rows.iter().filter(|row| row.kind != TimelineKind::OtherStart);
    let days = own.filter_map(|row| row.days_from_onset).map(|days| (days.min, days.max));
    let days: Vec<(i64, i64)> = days.collect();
    let axis = Axis::of(days.iter().copied(), AXIS);
    let far: Vec<bool> = rows.iter().map(|row| is_far(row, &axis)).collect();
    let hidden = far.iter().filter(|far| **far).count();
    let mut text = if days.is_empty() { String::new() } else { scale(&axis) };
    for (at, here) in rows.iter().enumerate() {
        let left_out = hidden > FAR && far.get(at) == Some(&true);
        let Some(what) = what(rows, at).filter(|_| !left_out) else { continue };
        let date = here.time.map(|time| time.to_string()).unwrap_or_default();
        let date = date.split('T').next().filter(|date| !date.is_empty()).unwrap_or("no date");
        if days.is_empty() {
            text.push_str(&row(2, &[left(date, DATE), left(&what, WIDTH - DATE - 4)]));
            continue;
        }
        let (day, drawn) = match here.days_from_onset {
            None => (String::new(), axis.empty()),
            Some(days) => (relative(days), drawn(&axis, rows, at, days)),
        };
        let columns = [left(date, DATE), right(&day, DAY), left(&drawn, AXIS), left(&what, WHAT)];
        text.push_str(&row(2, &columns));
    }
    if hidden > FAR {
        let words = format!("{hidden} other drugs or courses begun at other times: --format json");
        text.push_str(&paragraph("  ", &words));
    }
    text
}

/// Whether another drug was begun off the axis, or nobody knows where on it.
fn is_far(row: &TimelineRow, axis: &Axis) -> bool {
    let off = row.days_from_onset.is_none_or(|days| !axis.holds(days.min, days.max));
    row.kind == TimelineKind::OtherStart && off
}

/// What stands in a row; the observations of a day stand together in the first of them, and those of many days in one
/// bar, since a note is no flow sheet.
fn what(rows: &[TimelineRow], at: usize) -> Option<String> {
    let here = rows.get(at)?;
    if here.kind != TimelineKind::Observation {
        return Some(here.text.clone());
    }
    let days = observed_days(rows);
    let many = days.len() > OBSERVED_DAYS && here.time.is_some();
    let same = |other: &&TimelineRow| {
        let both = many && other.time.is_some();
        other.kind == TimelineKind::Observation && (both || day_of(other) == day_of(here))
    };
    if rows.iter().take(at).any(|earlier| same(&earlier)) {
        return None;
    }
    if many {
        let count = rows.iter().filter(same).count();
        return Some(format!("{count} observations of {} days: --format json", days.len()));
    }
    let together: Vec<&str> = rows.iter().filter(same).map(|row| row.text.as_str()).collect();
    Some(together.join("; "))
}

fn day_of(row: &TimelineRow) -> Option<(Date, Date)> {
    row.time.map(|time| (time.earliest(), time.latest()))
}

/// The days with observations.
fn observed_days(rows: &[TimelineRow]) -> BTreeSet<(Date, Date)> {
    let observed = rows.iter().filter(|row| row.kind == TimelineKind::Observation);
    observed.filter_map(day_of).collect()
}

/// Blanks count in a scale, so it is no column of words.
fn scale(axis: &Axis) -> String {
    let before = 2 + DATE + 2 + DAY + 2;
    format!("{:<width$}{}\n", "  Date              Day", axis.scale(), width = before)
}

/// `-16`, `+7`, `0`, `-19…+11`.
fn relative(days: DayInterval) -> String {
    let signed = |day: i64| if day > 0 { format!("+{day}") } else { day.to_string() };
    if days.min == days.max {
        signed(days.min)
    } else {
        format!("{}…{}", signed(days.min), signed(days.max))
    }
}

/// A course is a bar from its start to its stop, the observations of many days one from the first to the last; everything
/// else is a mark.
fn drawn(axis: &Axis, rows: &[TimelineRow], at: usize, days: DayInterval) -> String {
    let Some(row) = rows.get(at) else { return axis.empty() };
    let course = row.row.trim_end_matches(".start");
    let end = match row.kind {
        TimelineKind::Start => rows.iter().rfind(|other| {
            other.kind == TimelineKind::Stop && other.row.trim_end_matches(".stop") == course
        }),
        TimelineKind::Observation if observed_days(rows).len() > OBSERVED_DAYS => {
            rows.iter().rfind(|other| other.kind == row.kind && other.days_from_onset.is_some())
        }
        _ => None,
    };
    match end.and_then(|end| end.days_from_onset) {
        Some(end) => axis.bar(days.min, end.max),
        None => axis.mark(days.min, days.max),
    }
}

/// How much is said of an answer that is missing.
const CHANGES: usize = 4;

/// What each answer would change; where none would by itself, what it would put out of reach.
fn said(missing: &Missing) -> Vec<String> {
    let changes = missing.changes.iter().map(|change| {
        format!("{}, if {}: {} → {}", change.instrument, change.answer, change.from, change.to)
    });
    let narrows = missing.narrows.iter().map(|row| {
        let lost = row.out_of_reach.join(", ");
        format!("{}, if {}: {lost} out of reach", row.instrument, row.answer)
    });
    let changes: Vec<String> = changes.collect();
    if changes.is_empty() { narrows.collect() } else { changes }
}

fn missing(drug: &DrugCausality) -> String {
    let mut text = String::new();
    for (at, missing) in drug.missing.iter().take(MISSING).enumerate() {
        let said = said(missing);
        let more = said.len().saturating_sub(CHANGES);
        let more = if more > 0 { format!("; {more} more") } else { String::new() };
        let words = if said.is_empty() {
            missing.text.clone()
        } else {
            let first = &said[..said.len().min(CHANGES)];
            after(&missing.text, &format!("{}{more}", first.join("; ")))
        };
        let first = if at == 0 { "  Missing     " } else { "              " };
        text.push_str(&paragraph(first, &words));
    }
    let lacking = lacking(&drug.completeness);
    let score = completeness::score(&drug.completeness);
    let documented = completeness::is_well_documented(&drug.completeness);
    let called = if documented { "well documented" } else { "not well documented" };
    let words = if lacking.is_empty() {
        format!("completeness {score:.2}, {called}: every field is there")
    } else {
        format!("completeness {score:.2}, {called}; not there: {}", lacking.join(", "))
    };
    text + &paragraph("  Record      ", &words)
}

fn lacking(fields: &CompletenessFields) -> Vec<&'static str> {
    let onset = match fields.time_to_onset {
        TimeToOnset::Known => None,
        TimeToOnset::AmbiguousWithinMonth => Some("exact time to onset (open within a month)"),
        TimeToOnset::AmbiguousBeyondMonth => {
            Some("exact time to onset (open by more than a month)")
        }
        TimeToOnset::Missing => Some("time to onset"),
    };
    let rest = [
        (fields.indication, "indication"),
        (fields.outcome, "outcome"),
        (fields.sex, "sex"),
        (fields.age, "age"),
        (fields.dose, "dose"),
        (fields.country, "country"),
        (fields.reporter, "reporter"),
        (fields.report_type, "kind of report"),
        (fields.comments, "narrative"),
    ];
    onset
        .into_iter()
        .chain(rest.iter().filter(|(there, _)| !there).map(|(_, name)| *name))
        .collect()
}
