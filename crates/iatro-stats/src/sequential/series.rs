//! Counts period by period, cumulated, with estimates at every look.

use super::SequentialError;
use super::llr::poisson_unchecked;
use crate::disproportionality::{ic, ic_observed_expected, ror};
use crate::special::non_negative;
use crate::{Estimate, Table2x2, TableError};

/// All reports up to and with a period, against the expected count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CumulativeCount {
    /// Reports observed.
    pub observed: u64,
    /// Reports expected.
    pub expected: f64,
    /// Information component of the two, exact gamma 95 %: the interval of one look.
    pub ic: Estimate,
    /// Log likelihood ratio of the Poisson MaxSPRT ([`poisson_llr`](super::poisson_llr)); `None` while
    /// nothing is expected.
    pub llr: Option<f64>,
}

/// All reports up to and with a period, as a 2 x 2 table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CumulativeTable {
    /// The cumulated table.
    pub table: Table2x2,
    /// Reporting odds ratio of the cumulated table, Wald 95 %: the interval of one look.
    pub ror: Option<Estimate>,
    /// Information component of the cumulated table, exact gamma 95 %: the interval of one look.
    pub ic: Option<Estimate>,
    /// Observed reports against the expected counts of the periods, summed. It differs from the expected
    /// count of the cumulated table where the shares of exposure and event drift over time, and is the
    /// one that a drift does not bias.
    pub count: CumulativeCount,
}

/// Returns the running totals of `observed` and `expected` reports (both per period, in order of time,
/// of one length), with IC and log likelihood ratio after each period. No periods give no rows.
///
/// `expected` is finite, 0 or above, and fixed before the period or from reports outside the pair; where
/// it comes from the same reports, the probability of a false signal is not exact.
///
/// # Errors
/// [`SequentialError::Lengths`] if the lists differ in length, [`SequentialError::Domain`] if an
/// expected count or their sum is out of range, [`SequentialError::TooMany`] if the counts overflow.
pub fn cumulative_counts(
    observed: &[u64],
    expected: &[f64],
) -> Result<Vec<CumulativeCount>, SequentialError> {
    if observed.len() != expected.len() {
        let (observed, expected) = (observed.len(), expected.len());
        return Err(SequentialError::Lengths { observed, expected });
    }
    let mut total = (0_u64, 0.0);
    let mut rows = Vec::with_capacity(observed.len());
    for (index, (&observed, &expected)) in observed.iter().zip(expected).enumerate() {
        let expected = non_negative("cumulative_counts", "expected", expected)?;
        total.0 = total.0.checked_add(observed).ok_or(SequentialError::TooMany { index })?;
        total.1 = non_negative("cumulative_counts", "sum of expected", total.1 + expected)?;
        rows.push(count(total.0, total.1)?);
    }
    Ok(rows)
}

/// Returns the running 2 x 2 tables of `periods` (the reports of each period alone, in order of time),
/// with ROR, IC and log likelihood ratio after each. No periods give no rows.
///
/// The expected count of a period is that of [`Table2x2::expected`] within it (0 for a period without
/// reports); their sum is what the log likelihood ratio is taken against. It counts the pair among
/// its own comparators, which holds the ratio down a little, and is estimated, which
/// [`PoissonPlan`](super::PoissonPlan) does not know.
///
/// # Errors
/// [`SequentialError::Table`] if the cells overflow.
pub fn cumulative_tables(periods: &[Table2x2]) -> Result<Vec<CumulativeTable>, SequentialError> {
    let mut expected = 0.0;
    let mut table = Table2x2::new(0, 0, 0, 0)?;
    let mut rows = Vec::with_capacity(periods.len());
    for period in periods {
        table = sum(&table, period)?;
        expected += period.expected().unwrap_or_default();
        let count = count(table.a(), expected)?;
        rows.push(CumulativeTable { table, ror: ror(&table), ic: ic(&table), count });
    }
    Ok(rows)
}

/// Returns the position, from 0, of the first log likelihood ratio that reaches `critical_value`; `None`
/// if none does. A ratio that is not defined does not count.
///
/// The critical value belongs to the looks that were planned: a series looked at once a quarter takes
/// that of [`PoissonPlan::group`](super::PoissonPlan::group) at the expected counts of the quarters.
pub fn first_crossing(
    ratios: impl IntoIterator<Item = Option<f64>>,
    critical_value: f64,
) -> Option<usize> {
    ratios.into_iter().position(|ratio| ratio.is_some_and(|ratio| ratio >= critical_value))
}

fn count(observed: u64, expected: f64) -> Result<CumulativeCount, SequentialError> {
    let ic = ic_observed_expected(observed, expected)?;
    let llr = (expected > 0.0).then(|| poisson_unchecked(observed, expected));
    Ok(CumulativeCount { observed, expected, ic, llr: llr.filter(|llr| llr.is_finite()) })
}

fn sum(one: &Table2x2, other: &Table2x2) -> Result<Table2x2, SequentialError> {
    let cells = [Table2x2::a, Table2x2::b, Table2x2::c, Table2x2::d];
    let [a, b, c, d] = cells.map(|cell| cell(one).saturating_add(cell(other)));
    if cells.iter().any(|cell| cell(one).checked_add(cell(other)).is_none()) {
        return Err(TableError::Overflow { a, b, c, d }.into());
    }
    Ok(Table2x2::new(a, b, c, d)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn totals_run() {
        let rows = cumulative_counts(&[1, 0, 4], &[0.5, 0.5, 1.0]).unwrap();
        let totals: Vec<_> = rows.iter().map(|row| (row.observed, row.expected)).collect();
        assert_eq!(totals, [(1, 0.5), (1, 1.0), (5, 2.0)]);
        assert_eq!(rows[2].llr, Some(poisson_unchecked(5, 2.0)));
        assert_eq!(rows[2].ic, ic_observed_expected(5, 2.0).unwrap());
        assert_eq!(first_crossing(rows.iter().map(|row| row.llr), 1.5), Some(2));
        assert_eq!(first_crossing(rows.iter().map(|row| row.llr), 9.0), None);
    }

    #[test]
    fn nothing_expected_gives_no_ratio() {
        let rows = cumulative_counts(&[0, 2, 1], &[0.0, 0.0, 1.0]).unwrap();
        assert_eq!(rows[1].llr, None);
        assert!(rows[2].llr.is_some());
        assert_eq!(first_crossing([None, Some(f64::NAN), Some(3.0)], 2.0), Some(2));
    }

    #[test]
    fn tables_add_up_and_expected_counts_stay_within_their_period() {
        let periods = [[1, 9, 9, 81], [0, 0, 0, 0], [8, 2, 2, 88]];
        let periods = periods.map(|[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap());
        let rows = cumulative_tables(&periods).unwrap();
        assert_eq!(rows[2].table, Table2x2::new(9, 11, 11, 169).unwrap());
        assert_eq!(rows[2].ror, ror(&rows[2].table));
        assert!((rows[2].count.expected - 2.0).abs() < 1e-15);
        assert_eq!(rows[1].count, rows[0].count);
    }

    #[test]
    fn what_cannot_be_cumulated_is_named() {
        assert_eq!(cumulative_counts(&[], &[]), Ok(vec![]));
        assert_eq!(cumulative_tables(&[]), Ok(vec![]));
        let error = cumulative_counts(&[1], &[]).unwrap_err();
        assert_eq!(error, SequentialError::Lengths { observed: 1, expected: 0 });
        let error = cumulative_counts(&[u64::MAX, 1], &[1.0, 1.0]).unwrap_err();
        assert_eq!(error, SequentialError::TooMany { index: 1 });
        assert!(cumulative_counts(&[1, 1], &[f64::MAX, f64::MAX]).is_err());
        assert!(cumulative_counts(&[1], &[f64::NAN]).is_err());
        let large = Table2x2::new(u64::MAX, 0, 0, 0).unwrap();
        assert!(matches!(cumulative_tables(&[large, large]), Err(SequentialError::Table(_))));
    }
}
