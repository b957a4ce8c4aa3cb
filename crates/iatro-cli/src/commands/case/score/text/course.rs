//! How totals ran from day to day: one line an instrument, one mark a day, and the first and last in numbers.

use iatro_clinical::Decimal;
use iatro_clinical::assess::{CourseRow, Report};
use iatro_clinical::logic::Ternary;

use super::super::super::columns::{WIDTH, left, paragraph, row, title};
use super::words;

const MARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const NAME: usize = 20;
const ENDS: usize = 34;
/// Days that fit in a line.
const DAYS: usize = WIDTH - NAME - ENDS - 4;

/// Nothing where there are fewer than two days.
pub(super) fn of(report: &Report) -> String {
    let mut text = String::new();
    let mut widest = 0;
    let (mut first, mut last) = (None, None);
    for one in report.instruments.iter().filter(|one| one.applicability.state != Ternary::NotMet) {
        let days: Vec<&CourseRow> =
            report.course.iter().filter(|row| row.instrument == one.id).collect();
        let [start, .., end] = days.as_slice() else { continue };
        // A line that never moves has nothing to show.
        if days.iter().all(|day| day.score.min == start.score.min) {
            continue;
        }
        first = first.min(Some(start.day)).or(Some(start.day));
        last = last.max(Some(end.day));
        let shown = thinned(&days);
        widest = widest.max(shown.len());
        let ends = format!("{} → {}", words::interval(start.score), words::interval(end.score));
        text.push_str(&row(
            0,
            &[left(&one.id, NAME), left(&line(&shown), DAYS), left(&ends, ENDS)],
        ));
    }
    let (Some(first), Some(last)) = (first, last) else { return String::new() };
    let explained = format!(
        "{first} to {last}, one mark a day with observations: the least total that is certain, each line on its own \
         scale. Every day: --format json (course)."
    );
    format!("\n{}{text}{}", title("Course"), paragraph("", &explained))
}

/// The least total of each day as a mark, between the lowest and highest of the line.
fn line(days: &[&CourseRow]) -> String {
    let least = days.iter().map(|day| day.score.min).min().unwrap_or_default();
    let most = days.iter().map(|day| day.score.min).max().unwrap_or_default();
    let mark = |day: &&CourseRow| {
        let steps = Decimal::from(MARKS.len() - 1);
        let span = most.saturating_sub(least);
        let share = day.score.min.saturating_sub(least).checked_div(span);
        let step = share.map_or(Decimal::ZERO, |share| (share * steps).round());
        let step = usize::try_from(step).unwrap_or(0);
        MARKS.get(step).copied().unwrap_or(MARKS[0])
    };
    days.iter().map(mark).collect()
}

/// The first, the last, and evenly spaced ones between, as many as a line holds.
fn thinned<'a>(days: &[&'a CourseRow]) -> Vec<&'a CourseRow> {
    if days.len() <= DAYS {
        return days.to_vec();
    }
    let last = days.len() - 1;
    (0..DAYS).filter_map(|at| days.get(at * last / (DAYS - 1)).copied()).collect()
}
