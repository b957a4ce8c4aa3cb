//! Age against a cut-off: by the calendar where days are known, else as recorded.
//!
//! A whole number of years is a number of completed years: a child of 1 year is younger than 2, and whether it is
//! at most 1.6 is not known. Against a whole number of the same unit the completed number itself is meant.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::frame::Frame;
use super::range::Range;
use crate::instrument::Limit;
use crate::observation::{Comparator, Reading};
use crate::unit::Unit;
use crate::when::When;

/// What is known of an age that no observation states.
pub(super) enum Age {
    /// Born, and the day at which the age is asked.
    Dates(When, When),
    /// As recorded.
    Recorded(Decimal, Unit),
}

/// Whether an observable is an age.
pub(super) fn is_age(observable: &str) -> bool {
    matches!(observable, "age" | "age_at_onset")
}

impl Age {
    /// From the patient: by date of birth, or the recorded age at the event.
    pub(super) fn of(frame: &Frame<'_>, observable: &str) -> Result<Self, String> {
        let patient = &frame.case.patient;
        let onset = frame.case.event.onset;
        let day = match observable {
            "age_at_onset" => onset,
            _ => frame.window.to.map(When::day).or(onset),
        };
        let recorded = || -> Option<Self> {
            let unit = Unit::parse(patient.age_unit.as_deref().unwrap_or("a")).ok()?;
            Some(Self::Recorded(patient.age?, unit))
        };
        match (patient.birth_date, day) {
            (Some(birth), Some(day)) => Ok(Self::Dates(birth, day)),
            (Some(_), None) => recorded()
                .ok_or_else(|| "the day at which the age is asked is not known".to_owned()),
            (None, _) => {
                recorded().ok_or_else(|| "neither date of birth nor age is recorded".to_owned())
            }
        }
    }

    /// As it stands in the record.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Dates(birth, day) => format!("born {birth}, at {day}"),
            Self::Recorded(number, unit) => format!("{number} {unit}"),
        }
    }

    /// In the unit of a cut-off; `None` if it cannot be.
    pub(super) fn range(&self, limit: &Limit) -> Option<(Range, Decimal)> {
        match self {
            Self::Recorded(number, unit) => recorded(Reading::exactly(*number), unit, limit),
            Self::Dates(birth, day) => {
                let (days, months) = (Unit::parse("d").ok()?, Unit::parse("mo").ok()?);
                let whole = limit.unit.convert(Decimal::ONE, &days)?.is_integer();
                if whole {
                    let (least, most) = day.days_since(*birth);
                    let range = Range::closed(least.max(0).into(), most.max(0).into());
                    return Some((range, limit.unit.convert(limit.number, &days)?));
                }
                let least = months_between(birth.latest(), day.earliest());
                let most = months_between(birth.earliest(), day.latest());
                Some((Range::closed(least, most), limit.unit.convert(limit.number, &months)?))
            }
        }
    }
}

/// A recorded age in the unit of a cut-off.
pub(super) fn recorded(reading: Reading, unit: &Unit, limit: &Limit) -> Option<(Range, Decimal)> {
    let number = reading.number;
    let completed = reading.comparator == Comparator::Equal && number.is_integer();
    let same = unit.convert(Decimal::ONE, &limit.unit) == Some(Decimal::ONE);
    let range = if completed && !(same && limit.number.is_integer()) {
        Range::half_open(number, number.checked_add(Decimal::ONE)?)
    } else {
        Range::of(reading)
    };
    Some((range.map(|value| unit.convert(value, &limit.unit))?, limit.number))
}

/// Months by the calendar, the last as a fraction of its own length; 0 if `to` is before `from`.
fn months_between(from: Date, to: Date) -> Decimal {
    if to <= from {
        return Decimal::ZERO;
    }
    let Ok(span) = from.until((jiff::Unit::Month, to)) else { return Decimal::ZERO };
    let months = i64::from(span.get_months());
    let anchor = from.saturating_add(jiff::Span::new().months(months));
    let next = from.saturating_add(jiff::Span::new().months(months + 1));
    let length = anchor.until(next).map_or(30, |span| span.get_days().max(1));
    let part = Decimal::from(span.get_days()).checked_div(length.into()).unwrap_or_default();
    Decimal::from(months) + part
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::logic::Ternary::{self, Met, NotMet, Unknown};

    fn limit(text: &str) -> Limit {
        let (number, unit) = text.split_once(' ').unwrap();
        Limit { number: number.parse().unwrap(), unit: Unit::parse(unit).unwrap() }
    }

    fn asked(age: &Age, comparator: Comparator, text: &str) -> Ternary {
        let (range, limit) = age.range(&limit(text)).unwrap();
        range.decide(comparator, limit)
    }

    fn dates(birth: &str, day: &str) -> Age {
        Age::Dates(birth.parse().unwrap(), day.parse().unwrap())
    }

    #[test]
    fn days_and_months_are_those_of_the_calendar() {
        use Comparator::{AtLeast, AtMost, Less};
        assert_eq!(asked(&dates("2026-02-01", "2026-02-28"), Less, "28 d"), Met);
        assert_eq!(asked(&dates("2026-02-01", "2026-03-01"), Less, "28 d"), NotMet);
        assert_eq!(asked(&dates("2026-02", "2026-03-10"), Less, "28 d"), Unknown);
        assert_eq!(asked(&dates("2024-01-01", "2025-08-07"), AtMost, "1.6 a"), Met);
        assert_eq!(asked(&dates("2024-01-01", "2025-08-08"), AtMost, "1.6 a"), NotMet);
        assert_eq!(asked(&dates("2008-06-02", "2026-06-01"), AtLeast, "18 a"), NotMet);
        assert_eq!(asked(&dates("2008-06-02", "2026-06-02"), AtLeast, "18 a"), Met);
        assert_eq!(asked(&dates("2008", "2026-06-02"), AtLeast, "18 a"), Unknown);
        // Born on a leap day: a year is over on the last of February.
        assert_eq!(asked(&dates("2024-02-29", "2026-02-27"), AtLeast, "2 a"), NotMet);
        assert_eq!(asked(&dates("2024-02-29", "2026-02-28"), AtLeast, "2 a"), Met);
    }

    #[test]
    fn a_whole_number_is_of_completed_units() {
        use Comparator::{AtLeast, AtMost, Less};
        let age =
            |number: &str, unit| Age::Recorded(number.parse().unwrap(), Unit::parse(unit).unwrap());
        assert_eq!(asked(&age("1", "a"), AtMost, "1.6 a"), Unknown);
        assert_eq!(asked(&age("2", "a"), AtMost, "1.6 a"), NotMet);
        assert_eq!(asked(&age("1.6", "a"), AtMost, "1.6 a"), Met);
        assert_eq!(asked(&age("18", "a"), AtLeast, "18 a"), Met);
        assert_eq!(asked(&age("16", "a"), AtMost, "16 a"), Met);
        assert_eq!(asked(&age("3", "wk"), Less, "28 d"), Met);
        assert_eq!(asked(&age("27", "d"), Less, "28 d"), Met);
        assert_eq!(asked(&age("28", "d"), Less, "28 d"), NotMet);
        assert_eq!(asked(&age("0", "a"), Less, "28 d"), Unknown);
    }
}
