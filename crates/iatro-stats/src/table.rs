//! The 2 x 2 table of reports: four counts, their margins, the expected count.

use thiserror::Error;

/// Counts of reports by one exposure and one event.
///
/// |             | event | no event |
/// |-------------|-------|----------|
/// | exposure    | a     | b        |
/// | no exposure | c     | d        |
///
/// Some packages exchange b and c (`bips-hb/pvm`): check before comparing. The total a + b + c + d
/// fits in a `u64`; the constructors refuse counts for which it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Table2x2 {
    a: u64,
    b: u64,
    c: u64,
    d: u64,
}

/// Counts that cannot form a 2 x 2 table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TableError {
    /// The total of the four cells does not fit in a `u64`.
    #[error(
        "2 x 2 table: the cells {a}, {b}, {c}, {d} sum to more than 18446744073709551615; \
         expected counts of reports, check the columns they were read from"
    )]
    Overflow {
        /// Exposure and event.
        a: u64,
        /// Exposure without the event.
        b: u64,
        /// Event without the exposure.
        c: u64,
        /// Neither.
        d: u64,
    },
    /// More reports with exposure and event than with the exposure.
    #[error(
        "2 x 2 table: {a} reports with exposure and event, but only {exposure_total} with the \
         exposure; expected a <= exposure total, check that both count the same reports"
    )]
    MoreThanExposure {
        /// Reports with exposure and event.
        a: u64,
        /// Reports with the exposure.
        exposure_total: u64,
    },
    /// More reports with exposure and event than with the event.
    #[error(
        "2 x 2 table: {a} reports with exposure and event, but only {event_total} with the event; \
         expected a <= event total, check that both count the same reports"
    )]
    MoreThanEvent {
        /// Reports with exposure and event.
        a: u64,
        /// Reports with the event.
        event_total: u64,
    },
    /// More reports with the exposure or the event than reports.
    #[error(
        "2 x 2 table: {either} reports have the exposure or the event, but there are only {n} \
         reports; expected exposure total + event total - a <= n, check that all count the same \
         reports"
    )]
    MoreThanTotal {
        /// Reports with the exposure, the event or both.
        either: u128,
        /// All reports.
        n: u64,
    },
}

impl Table2x2 {
    /// Builds a table from its four cells.
    ///
    /// # Errors
    /// [`TableError::Overflow`] if a + b + c + d does not fit in a `u64`.
    pub fn new(a: u64, b: u64, c: u64, d: u64) -> Result<Self, TableError> {
        a.checked_add(b)
            .and_then(|sum| sum.checked_add(c))
            .and_then(|sum| sum.checked_add(d))
            .map(|_| Self { a, b, c, d })
            .ok_or(TableError::Overflow { a, b, c, d })
    }

    /// Builds a table from `a` and the margins: reports with the exposure, with the event, and all.
    ///
    /// # Errors
    /// [`TableError::MoreThanExposure`], [`TableError::MoreThanEvent`] or
    /// [`TableError::MoreThanTotal`] if a cell would be negative.
    pub fn from_margins(
        a: u64,
        exposure_total: u64,
        event_total: u64,
        n: u64,
    ) -> Result<Self, TableError> {
        let b = exposure_total
            .checked_sub(a)
            .ok_or(TableError::MoreThanExposure { a, exposure_total })?;
        let c = event_total.checked_sub(a).ok_or(TableError::MoreThanEvent { a, event_total })?;
        let d = exposure_total.checked_add(c).and_then(|either| n.checked_sub(either)).ok_or_else(
            || TableError::MoreThanTotal { either: u128::from(exposure_total) + u128::from(c), n },
        )?;
        Ok(Self { a, b, c, d })
    }

    /// Reports with the exposure and the event.
    #[must_use]
    pub fn a(&self) -> u64 {
        self.a
    }

    /// Reports with the exposure and without the event.
    #[must_use]
    pub fn b(&self) -> u64 {
        self.b
    }

    /// Reports without the exposure and with the event.
    #[must_use]
    pub fn c(&self) -> u64 {
        self.c
    }

    /// Reports with neither.
    #[must_use]
    pub fn d(&self) -> u64 {
        self.d
    }

    /// Reports with the exposure, a + b.
    #[must_use]
    pub fn exposure_total(&self) -> u64 {
        self.a + self.b
    }

    /// Reports without the exposure, c + d.
    #[must_use]
    pub fn no_exposure_total(&self) -> u64 {
        self.c + self.d
    }

    /// Reports with the event, a + c.
    #[must_use]
    pub fn event_total(&self) -> u64 {
        self.a + self.c
    }

    /// Reports without the event, b + d.
    #[must_use]
    pub fn no_event_total(&self) -> u64 {
        self.b + self.d
    }

    /// All reports, a + b + c + d.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.a + self.b + self.c + self.d
    }

    /// Expected count of reports with exposure and event if the two were reported independently,
    /// `(a + b)(a + c) / n`; `None` if there are no reports.
    ///
    /// It may be 0: no report has the exposure, or none has the event.
    #[must_use]
    pub fn expected(&self) -> Option<f64> {
        let margins = u128::from(self.exposure_total()) * u128::from(self.event_total());
        (self.n() > 0).then(|| margins as f64 / self.n() as f64)
    }

    /// The table with exposure and event exchanged (b and c exchanged).
    #[must_use]
    pub fn transposed(&self) -> Self {
        Self { a: self.a, b: self.c, c: self.b, d: self.d }
    }

    /// Product of the diagonal, a * d, exact.
    pub(crate) fn ad(&self) -> u128 {
        u128::from(self.a) * u128::from(self.d)
    }

    /// Product of the other diagonal, b * c, exact.
    pub(crate) fn bc(&self) -> u128 {
        u128::from(self.b) * u128::from(self.c)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn margins_and_expected_count() {
        let t = Table2x2::new(3, 97, 47, 19_853).unwrap();
        assert_eq!((t.a(), t.b(), t.c(), t.d()), (3, 97, 47, 19_853));
        assert_eq!((t.exposure_total(), t.no_exposure_total()), (100, 19_900));
        assert_eq!((t.event_total(), t.no_event_total()), (50, 19_950));
        assert_eq!(t.n(), 20_000);
        assert_eq!(t.expected(), Some(0.25));
    }

    #[test]
    fn from_margins_gives_the_same_table() {
        let t = Table2x2::new(3, 97, 47, 19_853).unwrap();
        assert_eq!(Table2x2::from_margins(3, 100, 50, 20_000), Ok(t));
        assert_eq!(Table2x2::from_margins(0, 0, 0, 0), Table2x2::new(0, 0, 0, 0));
    }

    #[test]
    fn impossible_margins_are_refused() {
        assert_eq!(
            Table2x2::from_margins(5, 4, 10, 100),
            Err(TableError::MoreThanExposure { a: 5, exposure_total: 4 })
        );
        assert_eq!(
            Table2x2::from_margins(5, 10, 4, 100),
            Err(TableError::MoreThanEvent { a: 5, event_total: 4 })
        );
        assert_eq!(
            Table2x2::from_margins(5, 60, 50, 100),
            Err(TableError::MoreThanTotal { either: 105, n: 100 })
        );
        let either = 2 * u128::from(u64::MAX);
        assert_eq!(
            Table2x2::from_margins(0, u64::MAX, u64::MAX, u64::MAX),
            Err(TableError::MoreThanTotal { either, n: u64::MAX })
        );
    }

    #[test]
    fn a_total_beyond_u64_is_an_error() {
        assert!(Table2x2::new(u64::MAX, 0, 0, 0).is_ok());
        let half = 1 << 63;
        let expected = TableError::Overflow { a: half, b: half, c: 0, d: 0 };
        assert_eq!(Table2x2::new(half, half, 0, 0), Err(expected));
        assert!(Table2x2::new(u64::MAX, 0, 0, 1).is_err());
        assert!(Table2x2::new(1, 0, u64::MAX, 0).is_err());
    }

    #[test]
    fn no_reports_means_no_expected_count() {
        assert_eq!(Table2x2::new(0, 0, 0, 0).unwrap().expected(), None);
        assert_eq!(Table2x2::new(0, 0, 5, 5).unwrap().expected(), Some(0.0));
    }

    #[test]
    fn expected_count_does_not_overflow() {
        let t = Table2x2::new(u64::MAX, 0, 0, 0).unwrap();
        assert_eq!(t.expected(), Some(u64::MAX as f64));
    }

    #[test]
    fn errors_say_what_was_found_and_expected() {
        let message = Table2x2::from_margins(5, 4, 10, 100).unwrap_err().to_string();
        assert_eq!(
            message,
            "2 x 2 table: 5 reports with exposure and event, but only 4 with the exposure; \
             expected a <= exposure total, check that both count the same reports"
        );
    }
}
