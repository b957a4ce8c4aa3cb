//! One drug: what it is, its time line on a common axis, latency against what is published, instruments, and what is
//! missing.

use iatro_clinical::causality::{
    CompletenessFields, DayInterval, DrugCausality, Fit, Latency, TimeToOnset, TimelineKind,
    TimelineRow,
};

use super::super::super::columns::{WIDTH, left, paragraph, right, row};
use super::super::mark;
use super::axis::Axis;
use super::instrument;

const DATE: usize = 10;
const DAY: usize = 6;
const AXIS: usize = 26;
const WHAT: usize = WIDTH - 2 - DATE - DAY - AXIS - 6;
/// What is missing is named down to here.
const MISSING: usize = 6;

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
        let fit = match published.fit {
            Fit::Within => "within",
            Fit::Shorter => "shorter",
            Fit::Longer => "longer",
            Fit::Open => "left open by the dates",
            Fit::NoRange => "no range published",
            Fit::Unknown => "not known here",
        };
        let words = format!(
            "{}{}: {fit}, {} ({}).",
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
    let days = rows.iter().filter_map(|row| row.days_from_onset).map(|days| (days.min, days.max));
    let axis = Axis::of(days, AXIS);
    let line = |date: &str, day: &str, axis: &str, what: &str| {
        row(2, &[left(date, DATE), right(day, DAY), left(axis, AXIS), left(what, WHAT)])
    };
    let mut text = row_of_scale(&axis);
    for (at, row) in rows.iter().enumerate() {
        let date = row.time.map(|time| time.to_string()).unwrap_or_default();
        let date = date.split('T').next().unwrap_or_default().to_owned();
        let (day, drawn) = match row.days_from_onset {
            None => (String::new(), axis.empty()),
            Some(days) => (relative(days), drawn(&axis, rows, at, days)),
        };
        text.push_str(&line(
            if date.is_empty() { "no date" } else { &date },
            &day,
            &drawn,
            &row.text,
        ));
    }
    text
}

/// Blanks count in a scale, so it is no column of words.
fn row_of_scale(axis: &Axis) -> String {
    let before = 2 + DATE + 2 + DAY + 2;
    format!("{:<width$}{}\n", "  Date           Day", axis.scale(), width = before)
}

/// `-16`, `+7`, `0`, `-19..11`.
fn relative(days: DayInterval) -> String {
    let signed = |day: i64| if day > 0 { format!("+{day}") } else { day.to_string() };
    if days.min == days.max {
        signed(days.min)
    } else {
        format!("{}..{}", signed(days.min), signed(days.max))
    }
}

/// A course is a bar from its start to its stop; everything else is a mark.
fn drawn(axis: &Axis, rows: &[TimelineRow], at: usize, days: DayInterval) -> String {
    let row = rows.get(at);
    if row.is_none_or(|row| row.kind != TimelineKind::Start) {
        return axis.mark(days.min, days.max);
    }
    let course = row.map(|row| row.row.trim_end_matches(".start")).unwrap_or_default();
    let stop = rows.iter().find(|other| {
        other.kind == TimelineKind::Stop && other.row.trim_end_matches(".stop") == course
    });
    match stop.and_then(|stop| stop.days_from_onset) {
        Some(stop) => axis.bar(days.min, stop.max),
        None => axis.mark(days.min, days.max),
    }
}

fn missing(drug: &DrugCausality) -> String {
    let mut text = String::new();
    for (at, missing) in drug.missing.iter().take(MISSING).enumerate() {
        let changes: Vec<String> = missing
            .changes
            .iter()
            .take(4)
            .map(|change| {
                format!(
                    "{} ({}): {} → {}",
                    change.instrument, change.answer, change.from, change.to
                )
            })
            .collect();
        let more = missing.changes.len().saturating_sub(4);
        let more = if more > 0 { format!("; {more} more") } else { String::new() };
        let words = if changes.is_empty() {
            missing.text.clone()
        } else {
            format!("{}: {}{more}", missing.text, changes.join("; "))
        };
        let first = if at == 0 { "  Missing     " } else { "              " };
        text.push_str(&paragraph(first, &words));
    }
    let lacking = lacking(&drug.completeness);
    let words = if lacking.is_empty() {
        "every field of the completeness score is there".to_owned()
    } else {
        format!("fields of the completeness score that are not there: {}", lacking.join(", "))
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
