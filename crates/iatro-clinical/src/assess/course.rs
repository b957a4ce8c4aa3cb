//! Each total at each day with an observation.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::assessment::Answered;
use super::frame::Frame;
use super::result::{CourseRow, Interval, Question};
use crate::case::Case;
use crate::instrument::Instrument;
use crate::when::{Precision, When};

/// The most days that are shown of one instrument.
pub(super) const MOST_DAYS: usize = 60;

/// One row a day and instrument, and what is to be said if days were left out.
pub(super) fn rows(
    case: &Case,
    question: &Question,
    instruments: &[&Instrument],
) -> (Vec<CourseRow>, Option<String>) {
    let exact = case.observations.iter().filter_map(|row| row.time);
    let days: BTreeSet<Date> = exact
        .filter(|when| when.precision() <= Precision::Day)
        .map(When::earliest)
        .filter(|day| question.at.is_none_or(|at| *day <= at))
        .collect();
    let days: Vec<Date> = days.into_iter().collect();
    let shown = thinned(&days);
    let note = (shown.len() < days.len()).then(|| {
        format!(
            "course: {} of {} days are shown, evenly spaced in their order",
            shown.len(),
            days.len()
        )
    });
    let mut rows = Vec::new();
    for day in shown {
        let question = Question { at: Some(day), ..question.clone() };
        let frame = Frame::new(case, &question);
        for instrument in instruments {
            let outcome = Answered::new(&frame, instrument, &question).outcome;
            let score =
                Interval { min: outcome.score.min.normalize(), max: outcome.score.max.normalize() };
            let instrument = instrument.id.clone();
            rows.push(CourseRow { instrument, day, score, verdict: outcome.verdict });
        }
    }
    // By instrument in their order, then by day.
    let place = |id: &str| instruments.iter().position(|one| one.id == id);
    rows.sort_by_key(|row| (place(&row.instrument), row.day));
    (rows, note)
}

/// The first, the last, and evenly spaced ones between.
fn thinned(days: &[Date]) -> Vec<Date> {
    if days.len() <= MOST_DAYS {
        return days.to_vec();
    }
    let last = days.len() - 1;
    (0..MOST_DAYS).filter_map(|at| days.get(at * last / (MOST_DAYS - 1)).copied()).collect()
}
