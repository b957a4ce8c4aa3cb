//! Days as numbers, and dates as FAERS writes them: whole, or cut to a month or a year.

/// How much of a date a report tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Precision {
    Missing,
    Year,
    Month,
    Day,
}

/// The day number of a date of the Gregorian calendar; 1970-01-01 is 0.
pub(crate) const fn day_number(year: i32, month: u8, day: u8) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (month as i32 + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + day as i32 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a day number.
pub(crate) const fn civil(day: i32) -> (i32, i32, i32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// The number of days of a month.
pub(crate) const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// `YYYYMMDD`.
pub(crate) fn compact(day: i32) -> String {
    partial(day, Precision::Day)
}

/// `YYYYMMDD` as a number.
pub(crate) fn as_number(day: i32) -> u64 {
    let (year, month, day) = civil(day);
    u64::try_from((year * 100 + month) * 100 + day).unwrap_or(0)
}

/// `YYYYMMDD`, `YYYYMM`, `YYYY` or nothing.
pub(crate) fn partial(day: i32, precision: Precision) -> String {
    let (year, month, day) = civil(day);
    match precision {
        Precision::Missing => String::new(),
        Precision::Year => format!("{year:04}"),
        Precision::Month => format!("{year:04}{month:02}"),
        Precision::Day => format!("{year:04}{month:02}{day:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_days() {
        assert_eq!(day_number(1970, 1, 1), 0);
        assert_eq!(day_number(2000, 3, 1), 11_017);
        assert_eq!(partial(day_number(2012, 2, 29), Precision::Month), "201202");
    }

    proptest! {
        #[test]
        fn numbers_and_dates_agree(day in -200_000i32..200_000) {
            let (year, month, of_month) = civil(day);
            prop_assert!((1..=12).contains(&month) && (1..=31).contains(&of_month));
            let back = day_number(year, u8::try_from(month).unwrap_or(0),
                u8::try_from(of_month).unwrap_or(0));
            prop_assert_eq!(back, day);
        }
    }
}
