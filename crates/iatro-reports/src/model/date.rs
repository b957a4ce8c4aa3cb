//! Partial dates: a year, a month or a day, never more precise than what was reported.

use std::fmt;

/// How much of a date is known.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The full day.
    Day,
}

impl Precision {
    /// The word that stands in the lake: `year`, `month` or `day`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }

    /// The precision of a word from the lake.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Year, Self::Month, Self::Day].into_iter().find(|p| p.name() == name)
    }
}

/// A reported date with its precision; the unknown part is not filled in.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PartialDate {
    year: i16,
    month: u8,
    day: u8,
}

/// Why a text is not a usable date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DateError {
    /// Not `YYYY`, `YYYYMM` or `YYYYMMDD`, or no such day in the calendar.
    NotADate,
    /// A date outside the plausible years.
    Implausible,
}

/// The earliest year accepted for anything that happened to a patient in these files.
const FIRST_YEAR: i16 = 1900;

impl PartialDate {
    /// A date from its parts; month and day 0 mean unknown. `None` if the calendar has no such date.
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let known = match (month, day) {
            (0..=12, 0) => (1..=9999).contains(&year),
            (1..=12, 1..=31) => day <= days_in_month(year, month) && (1..=9999).contains(&year),
            _ => false,
        };
        known.then_some(Self { year, month, day })
    }

    /// Reads FAERS' `YYYY`, `YYYYMM` or `YYYYMMDD`; years outside 1900..=`last_year` are implausible.
    pub fn from_digits(text: &str, last_year: u16) -> Result<Self, DateError> {
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(DateError::NotADate);
        }
        let part = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<u8>().ok());
        let (month, day) = match text.len() {
            4 => (Some(0), Some(0)),
            6 => (part(4, 6).filter(|&m| m > 0), Some(0)),
            8 => (part(4, 6).filter(|&m| m > 0), part(6, 8).filter(|&d| d > 0)),
            _ => return Err(DateError::NotADate),
        };
        let year: i16 = text[..4].parse().map_err(|_| DateError::NotADate)?;
        Self::checked(year, month, day, last_year)
    }

    /// Reads VAERS' `MM/DD/YYYY`.
    pub fn from_us(text: &str, last_year: u16) -> Result<Self, DateError> {
        let mut parts = text.split('/');
        let (month, day, year) = (parts.next(), parts.next(), parts.next());
        let (Some(month), Some(day), Some(year), None) = (month, day, year, parts.next()) else {
            return Err(DateError::NotADate);
        };
        let year = year.parse().map_err(|_| DateError::NotADate)?;
        let positive = |t: &str| t.parse::<u8>().ok().filter(|&v| v > 0);
        Self::checked(year, positive(month), positive(day), last_year)
    }

    /// Reads ISO `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub fn from_iso(text: &str, last_year: u16) -> Result<Self, DateError> {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let shape: Vec<usize> = text.split('-').map(str::len).collect();
        if !matches!(shape.as_slice(), [4] | [4, 2] | [4, 2, 2]) {
            return Err(DateError::NotADate);
        }
        Self::from_digits(&digits, last_year)
    }

    fn checked(
        year: i16,
        month: Option<u8>,
        day: Option<u8>,
        last_year: u16,
    ) -> Result<Self, DateError> {
        let date = month.zip(day).and_then(|(m, d)| Self::new(year, m, d));
        let date = date.ok_or(DateError::NotADate)?;
        let plausible = year >= FIRST_YEAR && i32::from(year) <= i32::from(last_year);
        if plausible { Ok(date) } else { Err(DateError::Implausible) }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// How much of it is known.
    pub fn precision(self) -> Precision {
        match (self.month, self.day) {
            (0, _) => Precision::Year,
            (_, 0) => Precision::Month,
            _ => Precision::Day,
        }
    }

    /// The first day it can mean, in days since 1970-01-01 (the Arrow `Date32` value).
    pub fn first_day(self) -> i32 {
        days_from_civil(self.year, self.month.max(1), self.day.max(1))
    }

    /// The last day it can mean, in days since 1970-01-01.
    pub fn last_day(self) -> i32 {
        let month = if self.month == 0 { 12 } else { self.month };
        let day = if self.day == 0 { days_in_month(self.year, month) } else { self.day };
        days_from_civil(self.year, month, day)
    }

    /// The date of a first day and its precision, as the lake stores them.
    pub fn from_first_day(days: i32, precision: Precision) -> Option<Self> {
        let (year, month, day) = civil_from_days(days);
        let year = i16::try_from(year).ok()?;
        // A day that was counted is in the calendar; only its year may be out of range.
        let (month, day) = match precision {
            Precision::Year => (0, 0),
            Precision::Month => (month, 0),
            Precision::Day => (month, day),
        };
        (1..=9999).contains(&year).then_some(Self { year, month, day })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.precision() {
            Precision::Year => write!(f, "{:04}", self.year),
            Precision::Month => write!(f, "{:04}-{:02}", self.year, self.month),
            Precision::Day => write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day),
        }
    }
}

fn is_leap(year: i16) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in 400-year eras that start
/// on 1 March, so that the leap day is the last of its year.
fn days_from_civil(year: i16, month: u8, day: u8) -> i32 {
    let year = i32::from(year) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (i32::from(month) + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + i32::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i32) -> (i32, u8, u8) {
    // Days so far off are in no year that a date has.
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(0), u8::try_from(day).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn keeps_the_precision_that_was_reported() {
        for (text, shown, precision) in [
            ("2001", "2001", Precision::Year),
            ("200109", "2001-09", Precision::Month),
            ("20010905", "2001-09-05", Precision::Day),
        ] {
            let date = PartialDate::from_digits(text, 2012).unwrap();
            assert_eq!((date.to_string().as_str(), date.precision()), (shown, precision));
        }
    }

    #[test]
    fn implausible_and_impossible_are_told_apart() {
        let read = |text| PartialDate::from_digits(text, 2026);
        assert_eq!(read("10250101"), Err(DateError::Implausible));
        assert_eq!(read("24440101"), Err(DateError::Implausible));
        for text in ["20010229", "20011301", "200113", "200100", "20010100", "2001010", "", "2oo1"]
        {
            assert_eq!(read(text), Err(DateError::NotADate), "{text}");
        }
        assert!(read("20000229").is_ok());
    }

    #[test]
    fn reads_us_and_iso() {
        assert_eq!(PartialDate::from_us("07/02/1990", 2026).unwrap().to_string(), "1990-07-02");
        assert!(PartialDate::from_us("7/2", 2026).is_err());
        assert_eq!(PartialDate::from_iso("2018-04-25", 2026).unwrap().to_string(), "2018-04-25");
        assert!(PartialDate::from_iso("2018-0425", 2026).is_err());
    }

    #[test]
    fn the_last_day_is_the_day_before_the_next_date() {
        for (date, next) in [
            ((2023, 2, 0), (2023, 3, 0)),
            ((2024, 2, 0), (2024, 3, 0)),
            ((2023, 12, 0), (2024, 1, 0)),
            ((2023, 0, 0), (2024, 0, 0)),
            ((2024, 0, 0), (2025, 0, 0)),
            ((2024, 2, 29), (2024, 3, 1)),
        ] {
            let new = |(year, month, day)| PartialDate::new(year, month, day).unwrap();
            assert_eq!(new(date).last_day() + 1, new(next).first_day(), "{date:?}");
        }
    }

    #[test]
    fn days_agree_with_a_day_by_day_walk() {
        let (mut year, mut month, mut day) = (1899_i16, 12_u8, 31_u8);
        let mut days = days_from_civil(year, month, day);
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        while year < 2101 {
            if day < days_in_month(year, month) {
                day += 1;
            } else if month < 12 {
                (month, day) = (month + 1, 1);
            } else {
                (year, month, day) = (year + 1, 1, 1);
            }
            days += 1;
            let date = PartialDate::new(year, month, day).unwrap();
            assert_eq!(date.first_day(), days);
            assert_eq!(PartialDate::from_first_day(days, Precision::Day), Some(date));
        }
    }
}
