//! One case: when, after the start of the drug, its event began; known to within an interval.

use thiserror::Error;

/// Largest number of days accepted anywhere in this module; above every `u32`.
pub const MAX_DAYS: f64 = 1e10;

/// The time from the start of a drug to the onset of an event, in days, as an interval.
///
/// **Days are intervals.** Start and onset are dates, so no time to onset is known exactly. A
/// difference of d days stands for the interval from d - 1/2 to d + 1/2, and a difference of 0 for
/// the interval from 0 to 1/2. Reason: of a time t from a random moment of the day of the start, the
/// difference of the dates is floor(t) or floor(t) + 1, and t on average; the interval d to d + 1
/// (completed days) would put every case half a day late. The intervals of all days together cover
/// the half-line without a gap or overlap, so that day 0 has a positive probability under every
/// distribution and needs no constant added.
///
/// A start or an onset known to the month or year only gives the wider interval of all days it may
/// be ([`Onset::from_dates`]). An onset after `lower_days` of unknown date has no upper end: it is
/// right-censored.
///
/// **Right truncation.** A spontaneous report exists only if the onset came before the report (or
/// the data lock), so short times are over-represented in young data. `truncation_days` is the
/// longest time at which the case could still have been reported; the likelihood of the case is then
/// divided by F(truncation). Source: Kalbfleisch and Lawless 1989, J Am Stat Assoc 84:360-372; for
/// spontaneous reports Leroy et al. 2014, BMC Med Res Methodol 14:17.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Onset {
    lower: f64,
    upper: Option<f64>,
    truncation: Option<f64>,
}

/// Days that cannot form an [`Onset`].
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum OnsetError {
    /// A number of days that is negative, not a number, or beyond [`MAX_DAYS`].
    #[error(
        "time to onset: {argument} is {value} days; expected a number from 0 to 1e10, check the \
         unit and the sign"
    )]
    Days {
        /// Which one.
        argument: &'static str,
        /// Its value.
        value: f64,
    },
    /// An interval without length.
    #[error(
        "time to onset: the interval from {lower} to {upper} days is empty; expected lower < upper \
         (a day d known exactly is the interval from d - 0.5 to d + 0.5)"
    )]
    EmptyInterval {
        /// Lower end, days.
        lower: f64,
        /// Upper end, days.
        upper: f64,
    },
    /// The case could not have been reported.
    #[error(
        "time to onset: the onset comes after {lower} days, but the case was reported by \
         {truncation} days; expected lower < truncation, check the report date"
    )]
    AfterTruncation {
        /// Lower end of the interval, days.
        lower: f64,
        /// Truncation, days.
        truncation: f64,
    },
    /// An earliest date after the latest.
    #[error(
        "time to onset: the earliest day of the {which} date is {earliest}, the latest {latest}; \
         expected earliest <= latest"
    )]
    ReversedDate {
        /// "start", "onset" or "report".
        which: &'static str,
        /// Earliest day number.
        earliest: i64,
        /// Latest day number.
        latest: i64,
    },
    /// The onset was before the start of the drug, however the partial dates are completed.
    #[error(
        "time to onset: the onset (latest day {onset_latest}) is before the start of the drug \
         (earliest day {start_earliest}); such a case has no time to onset, set it aside"
    )]
    OnsetBeforeStart {
        /// Earliest day on which the drug may have been started.
        start_earliest: i64,
        /// Latest day on which the event may have begun.
        onset_latest: i64,
    },
    /// The onset was after the report, however the partial dates are completed.
    #[error(
        "time to onset: the onset (earliest day {onset_earliest}) is after the report (latest day \
         {report_latest}); expected an onset by the report date, check both dates"
    )]
    OnsetAfterReport {
        /// Earliest day on which the event may have begun.
        onset_earliest: i64,
        /// Latest day of the report.
        report_latest: i64,
    },
}

/// What is wrong with columns of onsets.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum ColumnError {
    /// Columns of different lengths.
    #[error(
        "time to onset: {lower} lower ends, {upper} upper ends and {truncation} truncations; \
         expected one of each a case"
    )]
    UnequalLengths {
        /// Length of the first column.
        lower: usize,
        /// Length of the second.
        upper: usize,
        /// Length of the third.
        truncation: usize,
    },
    /// A row that is no onset.
    #[error("row at index {index}: {error}")]
    Row {
        /// Index of the row, from 0.
        index: usize,
        /// What is wrong with it.
        error: OnsetError,
    },
}

impl Onset {
    /// An onset after `lower_days` and at `upper_days` or before (`None`: unknown, right-censored),
    /// of a case that is seen only if the onset comes within `truncation_days` (`None`: seen
    /// whenever it comes).
    ///
    /// Days are from 0 to 1e10. An upper end beyond the truncation is moved to it: the case was seen.
    ///
    /// # Errors
    /// [`OnsetError`] for days out of range, `lower >= upper`, or `lower >= truncation`.
    pub fn new(
        lower_days: f64,
        upper_days: Option<f64>,
        truncation_days: Option<f64>,
    ) -> Result<Self, OnsetError> {
        let lower = days("lower", lower_days)?;
        let upper = upper_days.map(|value| days("upper", value)).transpose()?;
        let truncation = truncation_days.map(|value| days("truncation", value)).transpose()?;
        if let Some(upper) = upper.filter(|&upper| upper <= lower) {
            return Err(OnsetError::EmptyInterval { lower, upper });
        }
        if let Some(truncation) = truncation.filter(|&truncation| truncation <= lower) {
            return Err(OnsetError::AfterTruncation { lower, truncation });
        }
        let upper = upper.map(|upper| truncation.map_or(upper, |t| upper.min(t)));
        Ok(Self { lower, upper, truncation })
    }

    /// An onset whose date is `day` days after the date of the start: the interval from `day` - 1/2
    /// (0 for day 0) to `day` + 1/2.
    #[must_use]
    pub fn on_day(day: u32) -> Self {
        let day = f64::from(day);
        Self { lower: (day - 0.5).max(0.0), upper: Some(day + 0.5), truncation: None }
    }

    /// The same onset, of a case that was reported `day` days after the start: truncated at `day` +
    /// 1/2, for an onset on the day of the report would still be seen.
    ///
    /// # Errors
    /// [`OnsetError::AfterTruncation`] if the onset comes after the report.
    pub fn reported_on_day(self, day: u32) -> Result<Self, OnsetError> {
        Self::new(self.lower, self.upper, Some(f64::from(day) + 0.5))
    }

    /// An onset from partial dates, each as its (earliest, latest) day number on one calendar; a
    /// date known to the day has the two equal. `report` is the date of the report or data lock:
    /// given, the case is right truncated.
    ///
    /// The interval holds every difference of onset and start that the dates allow, less those
    /// before the start or after the report:
    ///
    /// ```text
    /// lower      = max(0, onset earliest - start latest - 1/2)
    /// upper      = min(onset latest, report latest) - start earliest + 1/2
    /// truncation = report latest - start earliest + 1/2
    /// ```
    ///
    /// The truncation is thus the latest possible: with a start known to the month it corrects a
    /// little too little, never too much.
    ///
    /// # Errors
    /// [`OnsetError`] if an earliest day is after its latest, if the onset was certainly before the
    /// start or certainly after the report, or if the days exceed 1e10.
    pub fn from_dates(
        start: (i64, i64),
        onset: (i64, i64),
        report: Option<(i64, i64)>,
    ) -> Result<Self, OnsetError> {
        let (start_earliest, start_latest) = ordered("start", start)?;
        let (onset_earliest, onset_latest) = ordered("onset", onset)?;
        let report_latest = report.map(|r| ordered("report", r)).transpose()?.map(|r| r.1);
        if onset_latest < start_earliest {
            return Err(OnsetError::OnsetBeforeStart { start_earliest, onset_latest });
        }
        if let Some(report_latest) = report_latest.filter(|&report| report < onset_earliest) {
            return Err(OnsetError::OnsetAfterReport { onset_earliest, report_latest });
        }
        let last = report_latest.map_or(onset_latest, |report| report.min(onset_latest));
        if last < start_earliest {
            // The onset may be after the start, but not by the time of the report.
            return Err(OnsetError::OnsetBeforeStart { start_earliest, onset_latest: last });
        }
        let difference = |late: i64, early: i64| (i128::from(late) - i128::from(early)) as f64;
        let lower = (difference(onset_earliest, start_latest) - 0.5).max(0.0);
        let upper = difference(last, start_earliest) + 0.5;
        let truncation = report_latest.map(|report| difference(report, start_earliest) + 0.5);
        Self::new(lower, Some(upper), truncation)
    }

    /// Onsets from three columns of days of equal length (see [`Onset::new`]).
    ///
    /// # Errors
    /// [`ColumnError`] for columns of different lengths, or naming the first row that is no onset.
    pub fn from_columns(
        lower_days: &[f64],
        upper_days: &[Option<f64>],
        truncation_days: &[Option<f64>],
    ) -> Result<Vec<Self>, ColumnError> {
        let [lower, upper, truncation] =
            [lower_days.len(), upper_days.len(), truncation_days.len()];
        if lower != upper || lower != truncation {
            return Err(ColumnError::UnequalLengths { lower, upper, truncation });
        }
        let rows = lower_days.iter().zip(upper_days).zip(truncation_days).enumerate();
        rows.map(|(index, ((&lower, &upper), &truncation))| {
            Self::new(lower, upper, truncation).map_err(|error| ColumnError::Row { index, error })
        })
        .collect()
    }

    /// Lower end, days, 0 or above; the onset comes after it.
    #[must_use]
    pub fn lower_days(&self) -> f64 {
        self.lower
    }

    /// Upper end, days; `None` if unknown.
    #[must_use]
    pub fn upper_days(&self) -> Option<f64> {
        self.upper
    }

    /// The longest time at which the case would have been seen, days; `None` if there is no limit.
    #[must_use]
    pub fn truncation_days(&self) -> Option<f64> {
        self.truncation
    }

    /// Middle of the interval, days; `None` without an upper end. A day known exactly gives itself,
    /// day 0 gives 0.25.
    #[must_use]
    pub fn midpoint_days(&self) -> Option<f64> {
        self.upper.map(|upper| self.lower + 0.5 * (upper - self.lower))
    }

    /// The upper end that the likelihood sees: infinite if there is neither an upper end nor a
    /// truncation.
    pub(super) fn upper_seen(&self) -> f64 {
        self.upper.or(self.truncation).unwrap_or(f64::INFINITY)
    }
}

fn days(argument: &'static str, value: f64) -> Result<f64, OnsetError> {
    // Adding 0 turns -0 into 0, so that both sort as one.
    let ok = (0.0..=MAX_DAYS).contains(&value);
    if ok { Ok(value + 0.0) } else { Err(OnsetError::Days { argument, value }) }
}

fn ordered(which: &'static str, (earliest, latest): (i64, i64)) -> Result<(i64, i64), OnsetError> {
    if earliest <= latest {
        Ok((earliest, latest))
    } else {
        Err(OnsetError::ReversedDate { which, earliest, latest })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn parts(onset: Onset) -> (f64, Option<f64>, Option<f64>) {
        (onset.lower_days(), onset.upper_days(), onset.truncation_days())
    }

    #[test]
    fn days_known_exactly_cover_the_half_line() {
        assert_eq!(parts(Onset::on_day(0)), (0.0, Some(0.5), None));
        for day in 0..100 {
            let (today, tomorrow) = (Onset::on_day(day), Onset::on_day(day + 1));
            assert_eq!(today.upper_days(), Some(tomorrow.lower_days()));
            assert_eq!(tomorrow.midpoint_days(), Some(f64::from(day + 1)));
        }
        let exact = Onset::from_dates((1_000, 1_000), (1_012, 1_012), None);
        assert_eq!(exact, Ok(Onset::on_day(12)));
    }

    #[test]
    fn partial_dates_widen_the_interval() {
        // Start known to a month of 30 days, onset to the day.
        let onset = Onset::from_dates((0, 29), (40, 40), Some((100, 100))).unwrap();
        assert_eq!(parts(onset), (10.5, Some(40.5), Some(100.5)));
        // Same month: the onset may be on the day of the start.
        let onset = Onset::from_dates((0, 29), (0, 29), None).unwrap();
        assert_eq!(parts(onset), (0.0, Some(29.5), None));
        // Onset known to the year, report in the middle of it.
        let onset = Onset::from_dates((10, 10), (0, 364), Some((50, 50))).unwrap();
        assert_eq!(parts(onset), (0.0, Some(40.5), Some(40.5)));
    }

    #[test]
    fn impossible_dates_are_refused() {
        let error = |start, onset, report| Onset::from_dates(start, onset, report).unwrap_err();
        assert_eq!(
            error((10, 10), (9, 9), None),
            OnsetError::OnsetBeforeStart { start_earliest: 10, onset_latest: 9 }
        );
        assert_eq!(
            error((10, 10), (12, 12), Some((11, 11))),
            OnsetError::OnsetAfterReport { onset_earliest: 12, report_latest: 11 }
        );
        assert_eq!(
            error((10, 10), (0, 30), Some((5, 5))),
            OnsetError::OnsetBeforeStart { start_earliest: 10, onset_latest: 5 }
        );
        assert!(matches!(
            error((10, 9), (12, 12), None),
            OnsetError::ReversedDate { which: "start", .. }
        ));
        assert!(matches!(
            error((i64::MIN, i64::MIN), (i64::MAX, i64::MAX), None),
            OnsetError::Days { .. }
        ));
    }

    #[test]
    fn an_error_names_the_row() {
        let columns = Onset::from_columns(
            &[0.0, 9.5, 3.0],
            &[Some(0.5), Some(10.5), None],
            &[None, Some(9.0), None],
        );
        let error = columns.unwrap_err();
        assert_eq!(
            error.to_string(),
            "row at index 1: time to onset: the onset comes after 9.5 days, but the case was \
             reported by 9 days; expected lower < truncation, check the report date"
        );
        assert!(matches!(
            Onset::from_columns(&[0.0], &[], &[None]),
            Err(ColumnError::UnequalLengths { .. })
        ));
    }

    #[test]
    fn days_out_of_range_and_empty_intervals_are_refused() {
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e11] {
            assert!(matches!(Onset::new(bad, None, None), Err(OnsetError::Days { .. })));
            assert!(Onset::new(0.0, Some(bad), None).is_err());
            assert!(Onset::new(0.0, None, Some(bad)).is_err());
        }
        assert!(matches!(Onset::new(3.0, Some(3.0), None), Err(OnsetError::EmptyInterval { .. })));
        assert_eq!(Onset::new(-0.0, Some(1.0), None).unwrap().lower_days().to_bits(), 0);
    }

    #[test]
    fn a_case_seen_came_before_its_truncation() {
        let onset = Onset::new(2.0, Some(50.0), Some(10.0)).unwrap();
        assert_eq!(parts(onset), (2.0, Some(10.0), Some(10.0)));
        let unknown = Onset::new(2.0, None, Some(10.0)).unwrap();
        assert_eq!((unknown.midpoint_days(), unknown.upper_seen()), (None, 10.0));
    }
}
