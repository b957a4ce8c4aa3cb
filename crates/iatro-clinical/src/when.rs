//! Points in time as records have them: a year, a month, a day, or a day and a time of day.
//!
//! A partial date is a span. Comparisons that the span leaves open are unknown, not guessed.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A year, month, day or minute. Text form: `2026`, `2026-03`, `2026-03-02`, `2026-03-02T08:15`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct When {
    first: DateTime,
    precision: Precision,
    /// Minutes ahead of UTC, where the record says so.
    offset: Option<i16>,
}

/// How exactly a [`When`] is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Precision {
    /// The minute.
    Minute,
    /// The day.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}

/// The most that two clocks on earth differ.
const WIDEST: SignedDuration = SignedDuration::from_hours(26);

/// The text is no point in time.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "\"{found}\" is no date; expected 2026, 2026-03, 2026-03-02 or 2026-03-02T08:15 (year first), a day \
     that the calendar has"
)]
pub struct WhenError {
    /// The text.
    pub found: String,
}

impl When {
    /// A day.
    pub fn day(date: Date) -> Self {
        Self { first: date.to_datetime(Time::midnight()), precision: Precision::Day, offset: None }
    }

    /// How exactly it is known.
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// The first day it can be.
    pub fn earliest(self) -> Date {
        self.first.date()
    }

    /// The last day it can be.
    pub fn latest(self) -> Date {
        let first = self.first.date();
        match self.precision {
            Precision::Minute | Precision::Day => first,
            Precision::Month => first.last_of_month(),
            Precision::Year => first.last_of_year(),
        }
    }

    /// Days from `earlier` to this: the least and the most that both leave possible.
    pub fn days_since(self, earlier: Self) -> (i64, i64) {
        let days =
            |from: Date, to: Date| from.until(to).map_or(0, |span| i64::from(span.get_days()));
        (days(earlier.latest(), self.earliest()), days(earlier.earliest(), self.latest()))
    }

    /// Which of two times of day comes first; `None` if one of them says its offset from UTC, the other does not, and
    /// the offset could turn them round.
    pub(crate) fn clock_order(self, other: Self) -> Option<Ordering> {
        let ahead = |when: Self| SignedDuration::from_mins(i64::from(when.offset.unwrap_or(0)));
        let apart = other.first.duration_since(self.first);
        match (self.offset, other.offset) {
            (Some(_), Some(_)) => {
                let apart = apart.checked_sub(ahead(other))?.checked_add(ahead(self))?;
                Some(SignedDuration::ZERO.cmp(&apart))
            }
            (None, None) => Some(SignedDuration::ZERO.cmp(&apart)),
            _ => (apart.abs() > WIDEST).then(|| SignedDuration::ZERO.cmp(&apart)),
        }
    }

    /// In order of the first instant each can be; for sorting only.
    pub fn sort_key(self) -> (DateTime, Precision) {
        (self.first, self.precision)
    }
}

impl FromStr for When {
    type Err = WhenError;

    fn from_str(text: &str) -> Result<Self, WhenError> {
        let wrong = || WhenError { found: shortened(text) };
        let digits = |part: &str| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        let (date, clock) = match text.split_once(['T', ' ']) {
            Some((date, clock)) => (date, Some(clock)),
            None => (text, None),
        };
        let parts: Vec<&str> = date.split('-').collect();
        if !parts.iter().all(|part| digits(part)) || parts.first().is_none_or(|y| y.len() != 4) {
            return Err(wrong());
        }
        let number = |at: usize| parts.get(at).map_or(Ok(1), |part| part.parse::<i8>());
        let year: i16 = parts[0].parse().map_err(|_| wrong())?;
        let month = number(1).map_err(|_| wrong())?;
        let day = number(2).map_err(|_| wrong())?;
        let date = Date::new(year, month, day).map_err(|_| wrong())?;
        let midnight = (Time::midnight(), None);
        let ((time, offset), precision) = match (parts.len(), clock) {
            (1, None) => (midnight, Precision::Year),
            (2, None) => (midnight, Precision::Month),
            (3, None) => (midnight, Precision::Day),
            (3, Some(clock)) => (time_of_day(clock).ok_or_else(wrong)?, Precision::Minute),
            _ => return Err(wrong()),
        };
        if date.year() < 1850 {
            return Err(wrong());
        }
        Ok(Self { first: date.to_datetime(time), precision, offset })
    }
}

/// The time of day as written, since a record is kept in local time, and its offset from UTC in minutes.
fn time_of_day(text: &str) -> Option<(Time, Option<i16>)> {
    let end = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(end)?;
    let clock: Time = clock.parse().ok()?;
    let offset = if zone.is_empty() { None } else { Some(offset(zone)?) };
    Some((Time::new(clock.hour(), clock.minute(), 0, 0).ok()?, offset))
}

/// Minutes ahead of UTC of `Z`, `+02:00`, `-0500`, `+02`.
fn offset(zone: &str) -> Option<i16> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, digits) = match zone.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, zone.strip_prefix('+')?),
    };
    let digits = digits.replacen(':', "", 1);
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at_checked(2)?;
    let hours: i16 = hours.parse().ok()?;
    let minutes: i16 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    (hours <= 14 && minutes < 60).then(|| sign * (60 * hours + minutes))
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

impl TryFrom<String> for When {
    type Error = WhenError;

    fn try_from(text: String) -> Result<Self, WhenError> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.to_string()
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.first.date(), self.first.time());
        match self.precision {
            Precision::Year => write!(f, "{:04}", date.year()),
            Precision::Month => write!(f, "{:04}-{:02}", date.year(), date.month()),
            Precision::Day => write!(f, "{date}"),
            Precision::Minute => write!(f, "{date}T{:02}:{:02}", time.hour(), time.minute()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn when(text: &str) -> When {
        text.parse().unwrap()
    }

    #[test]
    fn every_precision_is_read_and_written_as_it_was() {
        for text in ["2026", "2026-03", "2026-03-02", "2026-03-02T08:15"] {
            assert_eq!(when(text).to_string(), text);
        }
        assert_eq!(when("2026-03-02T08:15:59+02:00").to_string(), "2026-03-02T08:15");
        assert_eq!(when("2026-03-02 08:15").to_string(), "2026-03-02T08:15");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "26-03-02",
            "2026-13",
            "2025-02-29",
            "02/03/2026",
            "2026-03T08:15",
            "0000",
            "2026-03-02T25:00",
            "2026-03-02T08:15+99:99",
            "2026-03-02T08:15-5",
            "2026-03-02T08:15Zulu",
        ] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }

    #[test]
    fn clocks_are_compared_in_the_zones_that_they_name() {
        let order = |a: &str, b: &str| {
            when(&format!("2026-03-15T{a}")).clock_order(when(&format!("2026-03-15T{b}")))
        };
        assert_eq!(order("08:00Z", "07:00-05:00"), Some(Ordering::Less));
        assert_eq!(order("07:00-05:00", "08:00Z"), Some(Ordering::Greater));
        assert_eq!(order("09:30+02:00", "07:30Z"), Some(Ordering::Equal));
        assert_eq!(order("08:00", "09:00"), Some(Ordering::Less));
        assert_eq!(order("08:00", "09:00Z"), None);
        let later = when("2026-03-17T09:00Z");
        assert_eq!(when("2026-03-15T08:00").clock_order(later), Some(Ordering::Less));
    }

    #[test]
    fn a_partial_date_leaves_days_open() {
        assert_eq!(when("2026-03-12").days_since(when("2026-03-02")), (10, 10));
        assert_eq!(when("2026-03-12").days_since(when("2026-03")), (-19, 11));
    }
}
