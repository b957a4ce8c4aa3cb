//! Which came first, as far as the dates say.

use std::cmp::Ordering;

use super::result::{DayInterval, TimeToOnset};
use crate::case::Drug;
use crate::when::{Precision, When};

/// The order of two points in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Order {
    /// The first is surely earlier.
    Before,
    /// The first is surely later.
    After,
    /// The same day without times of day, or partial dates that overlap.
    Open,
}

/// The order of `a` and `b`. Two points of the same day are in order only if both have a time of day.
pub(crate) fn order(a: When, b: When) -> Order {
    if a.precision() == Precision::Minute && b.precision() == Precision::Minute {
        return match a.clock_order(b) {
            Some(Ordering::Less) => Order::Before,
            Some(Ordering::Greater) => Order::After,
            Some(Ordering::Equal) | None => Order::Open,
        };
    }
    let days = between(a, b);
    if days.min > 0 {
        Order::Before
    } else if days.max < 0 {
        Order::After
    } else {
        Order::Open
    }
}

/// Days from `from` to `to`.
pub(crate) fn between(from: When, to: When) -> DayInterval {
    let (min, max) = to.days_since(from);
    DayInterval { min, max }
}

/// The first recorded start of a drug, with its course.
pub(crate) fn first_start(drug: &Drug) -> Option<(usize, When)> {
    let starts = drug.courses.iter().enumerate();
    starts
        .filter_map(|(index, course)| Some((index, course.start?)))
        .min_by_key(|(_, start)| (start.earliest(), start.latest()))
}

/// The end of the last course in time, with the course; `None` if the end of one is not recorded.
pub(crate) fn last_stop(drug: &Drug) -> Option<(usize, When)> {
    let stops: Option<Vec<(usize, When)>> = drug
        .courses
        .iter()
        .enumerate()
        .map(|(index, course)| Some((index, course.stop?)))
        .collect();
    stops?.into_iter().max_by_key(|(_, stop)| (stop.latest(), stop.earliest()))
}

/// The start of another exposure before `day`, after the drug had been away for some time: which of the exposures is
/// meant is then not recorded.
pub(crate) fn exposed_again(drug: &Drug, day: When) -> Option<When> {
    let mut courses: Vec<(When, Option<When>)> =
        drug.courses.iter().filter_map(|course| Some((course.start?, course.stop))).collect();
    courses.retain(|(start, _)| order(*start, day) != Order::After);
    courses.sort_by_key(|(start, _)| (start.earliest(), start.latest()));
    courses.windows(2).find_map(|pair| {
        let [(_, stop), (again, _)] = pair else { return None };
        // Two days that follow each other are one exposure.
        stop.filter(|stop| between(*stop, *again).min > 1).map(|_| *again)
    })
}

/// Whether the drug came before the onset: by its first start; open if a course has no start and none
/// is surely before.
pub(crate) fn exposure_order(drug: &Drug, onset: When) -> Option<Order> {
    let (_, start) = first_start(drug)?;
    let first = order(start, onset);
    let unknown_start = drug.courses.iter().any(|course| course.start.is_none());
    // A course of unknown start may be the earlier one.
    Some(if first == Order::After && unknown_start { Order::Open } else { first })
}

/// What the dates say of the time to onset, for the completeness score.
pub(crate) fn time_to_onset(drug: &Drug, onset: Option<When>) -> TimeToOnset {
    let (Some((_, start)), Some(onset)) = (first_start(drug), onset) else {
        return TimeToOnset::Missing;
    };
    let days = between(start, onset);
    // Surely before, surely after, and the same day are all known.
    let exact = |when: When| when.earliest() == when.latest();
    if days.min >= 0 || days.max < 0 || (exact(start) && exact(onset)) {
        TimeToOnset::Known
    } else if days.max - days.min <= 31 {
        TimeToOnset::AmbiguousWithinMonth
    } else {
        TimeToOnset::AmbiguousBeyondMonth
    }
}

/// In words: `17 days`, `2 to 16 days`.
pub(crate) fn in_words(days: DayInterval) -> String {
    let unit = |n: i64| if n.abs() == 1 { "day" } else { "days" };
    if days.min == days.max {
        format!("{} {}", days.min, unit(days.min))
    } else {
        format!("{} to {} days", days.min, days.max)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::case::Course;

    fn when(text: &str) -> When {
        text.parse().unwrap()
    }

    fn drug(starts: &[Option<&str>]) -> Drug {
        let mut drug: Drug = serde_json::from_str("{\"id\":\"a\",\"name\":\"a\"}").unwrap();
        drug.courses =
            starts.iter().map(|s| Course { start: s.map(when), ..Course::default() }).collect();
        drug
    }

    #[test]
    fn the_same_day_is_in_order_only_with_times_of_day() {
        assert_eq!(order(when("2026-03-01"), when("2026-03-02")), Order::Before);
        assert_eq!(order(when("2026-03-02"), when("2026-03-01")), Order::After);
        assert_eq!(order(when("2026-03-02"), when("2026-03-02")), Order::Open);
        assert_eq!(order(when("2026-03-02T08:00"), when("2026-03-02T09:00")), Order::Before);
        assert_eq!(order(when("2026-03-02T09:00"), when("2026-03-02T08:00")), Order::After);
        assert_eq!(order(when("2026-03-02T09:00"), when("2026-03-02T09:00")), Order::Open);
        assert_eq!(order(when("2026-03-02T09:00"), when("2026-03-02")), Order::Open);
        assert_eq!(order(when("2026-03"), when("2026-03-02")), Order::Open);
        assert_eq!(order(when("2026-02"), when("2026-03-01")), Order::Before);
    }

    #[test]
    fn a_course_of_unknown_start_may_be_the_earlier_one() {
        let onset = when("2026-03-02");
        assert_eq!(exposure_order(&drug(&[Some("2026-03-05")]), onset), Some(Order::After));
        assert_eq!(exposure_order(&drug(&[Some("2026-03-05"), None]), onset), Some(Order::Open));
        assert_eq!(exposure_order(&drug(&[Some("2026-03-01"), None]), onset), Some(Order::Before));
        assert_eq!(exposure_order(&drug(&[None]), onset), None);
    }

    #[test]
    fn partial_dates_leave_the_time_to_onset_ambiguous() {
        for (start, onset, expected) in [
            ("2026-02-14", "2026-03-02", TimeToOnset::Known),
            ("2026-03-02", "2026-03-02", TimeToOnset::Known),
            ("2026-02", "2026-03-02", TimeToOnset::Known),
            ("2026-03", "2026-03-02", TimeToOnset::AmbiguousWithinMonth),
            ("2026-03", "2026-03", TimeToOnset::AmbiguousBeyondMonth),
            ("2026", "2026-03-02", TimeToOnset::AmbiguousBeyondMonth),
            ("2026-04", "2026-03-02", TimeToOnset::Known),
        ] {
            let row = drug(&[Some(start)]);
            assert_eq!(time_to_onset(&row, Some(when(onset))), expected, "{start} {onset}");
        }
        assert_eq!(time_to_onset(&drug(&[None]), Some(when("2026"))), TimeToOnset::Missing);
        assert_eq!(time_to_onset(&drug(&[Some("2026")]), None), TimeToOnset::Missing);
    }
}
