//! The observations that lie in the window, and those that do not.

use jiff::Span;
use jiff::civil::Date;

use super::infusion;
use super::result::{Question, Window};
use crate::case::Case;
use crate::instrument::{Instrument, Since};
use crate::observation::Observation;
use crate::when::{Precision, When};

/// Days of a window if none are asked for.
pub(super) const WINDOW_DAYS: u32 = 14;

/// A case as seen in a window.
#[derive(Clone)]
pub(super) struct Frame<'a> {
    pub(super) case: &'a Case,
    pub(super) window: Window,
    used: Vec<&'a Observation>,
    outside: Vec<&'a Observation>,
}

impl<'a> Frame<'a> {
    /// The window ends at the day asked for, or else at the last day of an observation. A day that is only known
    /// as a month or year lies inside only if all of it does.
    pub(super) fn new(case: &'a Case, question: &Question) -> Self {
        let to = question.at.or_else(|| last_day(case));
        let days = question.window_days.unwrap_or(WINDOW_DAYS).clamp(1, 100_000);
        let from = to.map(|day| day.saturating_sub(Span::new().days(i64::from(days) - 1)));
        let inside = |when: When| match (from, to) {
            (Some(from), Some(to)) => from <= when.earliest() && when.latest() <= to,
            _ => true,
        };
        let (used, outside): (Vec<_>, Vec<_>) =
            case.observations.iter().partition(|row| row.time.is_none_or(inside));
        let undated = used.iter().filter(|row| row.time.is_none()).count();
        let window = Window { from, to, used: used.len(), undated, outside: outside.len() };
        Self { case, window, used, outside }
    }

    /// As an instrument sees it: of one that looks from the infusion of cells on, what was observed before it lies
    /// outside, and what may have been observed before it is open.
    pub(super) fn of(&self, instrument: &Instrument) -> Self {
        let mut own = self.clone();
        let infused = instrument.since.and_then(|Since::CellInfusion| infusion::last(self));
        let Some((_, start)) = infused else { return own };
        let after =
            |row: &&Observation| row.time.is_none_or(|when| start.latest() <= when.earliest());
        let (used, before): (Vec<_>, Vec<_>) = own.used.into_iter().partition(after);
        own.used = used;
        own.outside.extend(before);
        own.window.from = own.window.from.map(|from| from.max(start.earliest()));
        own
    }

    /// The observations of this observable in the window: dated ones by time, then undated ones.
    pub(super) fn rows(&self, observable: &str) -> Vec<&'a Observation> {
        in_order(self.used.iter().copied().filter(|row| row.observable == observable))
    }

    /// Those that lie outside or may do so.
    pub(super) fn outside(&self, observable: &str) -> Vec<&'a Observation> {
        in_order(self.outside.iter().copied().filter(|row| row.observable == observable))
    }

    /// Those of which it is not known whether they lie inside.
    pub(super) fn perhaps(&self, observable: &str) -> Vec<&'a Observation> {
        let mut rows = self.outside(observable);
        rows.retain(|row| row.time.is_some_and(|when| self.may_be_inside(when)));
        rows
    }

    /// Whether the whole of it lies outside, or only may.
    pub(super) fn may_be_inside(&self, when: When) -> bool {
        match (self.window.from, self.window.to) {
            (Some(from), Some(to)) => from <= when.latest() && when.earliest() <= to,
            _ => false,
        }
    }
}

fn in_order<'a>(rows: impl Iterator<Item = &'a Observation>) -> Vec<&'a Observation> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| (row.time.is_none(), row.time.map(When::sort_key)));
    rows
}

/// The last day that is known as a day; if there is none, the last that a month or year leaves possible.
fn last_day(case: &Case) -> Option<Date> {
    let times = || case.observations.iter().filter_map(|row| row.time);
    let exact = times().filter(|when| when.precision() <= Precision::Day).map(When::latest).max();
    exact.or_else(|| times().map(When::latest).max())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn case(times: &[&str]) -> Case {
        let row = |(index, time): (usize, &&str)| Observation {
            id: index.to_string(),
            observable: "ferritin".to_owned(),
            time: (!time.is_empty()).then(|| time.parse().unwrap()),
            ..Observation::default()
        };
        Case { observations: times.iter().enumerate().map(row).collect(), ..Case::default() }
    }

    #[test]
    fn fourteen_days_end_at_the_last_observation() {
        let case = case(&["2026-03-14", "2026-03-01", "2026-02-28", "2026-03", "2026", ""]);
        let frame = Frame::new(&case, &Question::default());
        let ids: Vec<_> = frame.rows("ferritin").iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["1", "0", "5"]);
        let window = &frame.window;
        assert_eq!((window.used, window.undated, window.outside), (3, 1, 3));
        assert!(frame.may_be_inside("2026-03".parse().unwrap()));
        assert!(!frame.may_be_inside("2026-02-28".parse().unwrap()));
    }

    #[test]
    fn a_month_that_lies_inside_as_a_whole_counts() {
        let case = case(&["2026-03", "2026-04-20"]);
        let question = Question {
            at: Some("2026-04-20".parse().unwrap()),
            window_days: Some(60),
            ..Question::default()
        };
        assert_eq!(Frame::new(&case, &question).rows("ferritin").len(), 2);
        let wide = Question { window_days: Some(u32::MAX), ..question };
        assert_eq!(Frame::new(&case, &wide).window.used, 2);
    }
}
