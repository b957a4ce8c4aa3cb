//! Days from the drug to the onset, beside what is published for its class. Context, not a score.

use rust_decimal::Decimal;

use super::agents::{From, Latencies, Published};
use super::dates::{Order, between, first_start, in_words, order};
use super::result::{AgentClass, DayInterval, Fit, Latency, LatencyContext};
use crate::case::{Case, Course, Drug};
use crate::when::When;

const CONTEXT: &str = "context, not a score";

/// The latency of a drug.
pub(crate) fn latency(
    case: &Case,
    drug: &Drug,
    classes: &[AgentClass],
    published: &Latencies,
    include_unverified: bool,
) -> Latency {
    let mut found = Latency {
        from_first_start: None,
        from_last_start: None,
        from_last_dose: None,
        from_stop: None,
        unknown: Vec::new(),
        published: Vec::new(),
    };
    match case.event.onset {
        Some(onset) => days(&mut found, drug, onset),
        None => found.unknown.push("the onset of the event has no date".to_owned()),
    }
    let rows = published.latency.iter().filter(|row| row.status.usable(include_unverified));
    let of_it = rows.filter_map(|row| Some((row, class_of(row, classes)?)));
    found.published = of_it.map(|(row, class)| context(row, class, &found)).collect();
    found
}

fn days(found: &mut Latency, drug: &Drug, onset: When) {
    let courses = &drug.courses;
    found.from_first_start = first_start(drug).map(|(_, start)| between(start, onset));
    if courses.iter().any(|course| course.start.is_none()) || courses.is_empty() {
        found.unknown.push("a start is not recorded".to_owned());
    }
    let not_after = |when: When| order(when, onset) != Order::After;
    let begun = courses.iter().filter_map(|course| course.start).filter(|&start| not_after(start));
    found.from_last_start =
        begun.max_by_key(|start| (start.earliest(), start.latest())).map(|s| between(s, onset));
    let stops = courses.iter().filter_map(|course| course.stop);
    let before = stops.filter(|&stop| order(stop, onset) == Order::Before);
    found.from_stop =
        before.max_by_key(|stop| (stop.earliest(), stop.latest())).map(|s| between(s, onset));
    match last_dose(courses, onset) {
        Ok(days) => found.from_last_dose = days,
        Err(why) => found.unknown.push(why.to_owned()),
    }
}

/// From the last dose before the onset; `None` if no course began before it.
fn last_dose(courses: &[Course], onset: When) -> Result<Option<DayInterval>, &'static str> {
    let spans = |course: &&Course| {
        let begun = course.start.is_some_and(|start| order(start, onset) == Order::Before);
        let goes_on = course.stop.is_some_and(|stop| between(onset, stop).min >= 0);
        begun && goes_on
    };
    if courses.iter().any(|course| spans(&course)) {
        return Ok(Some(DayInterval { min: 0, max: 0 }));
    }
    let relevant: Vec<&Course> = courses
        .iter()
        .filter(|course| course.start.is_none_or(|start| order(start, onset) != Order::After))
        .collect();
    if relevant.iter().any(|course| course.stop.is_none()) {
        return Err(
            "whether the drug went on at the onset is not recorded, so the last dose before it \
                    is not known",
        );
    }
    let stops = relevant.iter().filter_map(|course| course.stop);
    let last = stops.max_by_key(|stop| (stop.earliest(), stop.latest()));
    Ok(last.map(|stop| {
        let days = between(stop, onset);
        DayInterval { min: days.min.max(0), max: days.max.max(0) }
    }))
}

/// The class (or agent) of the drug to which a published figure belongs.
fn class_of<'a>(row: &Published, classes: &'a [AgentClass]) -> Option<&'a AgentClass> {
    classes.iter().find(|class| {
        row.classes.contains(&class.id)
            || row.mechanisms.contains(&class.mechanism)
            || row.agents.iter().any(|agent| agent.eq_ignore_ascii_case(&class.group))
    })
}

fn context(row: &Published, class: &AgentClass, found: &Latency) -> LatencyContext {
    let (days, since) = match row.from {
        From::FirstStart => (found.from_first_start, "the first start"),
        From::LastStart => (found.from_last_start, "the last start before the onset"),
    };
    let fit = fit(row, days);
    let word = match fit {
        Fit::Within => ": within",
        Fit::Shorter => ": shorter",
        Fit::Longer => ": longer",
        Fit::Open => ": the dates leave open whether within",
        Fit::NoRange | Fit::Unknown => "",
    };
    let here = days.map_or_else(
        || "the latency of this case is not known".to_owned(),
        |days| format!("{} from {since}{word}", in_words(days)),
    );
    LatencyContext {
        class: class.id.clone(),
        text: row.text.clone(),
        fit,
        here,
        use_as: CONTEXT,
        source: row.source.clone(),
        evidence_status: row.status,
    }
}

fn fit(row: &Published, days: Option<DayInterval>) -> Fit {
    let Some(days) = days else {
        return Fit::Unknown;
    };
    let (Some(least), Some(most)) = (row.least, row.most) else {
        return Fit::NoRange;
    };
    let (min, max) = (Decimal::from(days.min), Decimal::from(days.max));
    if min >= least && max <= most {
        Fit::Within
    } else if max < least {
        Fit::Shorter
    } else if min > most {
        Fit::Longer
    } else {
        Fit::Open
    }
}
