//! Expected counts summed over strata, and the IC against them.

use super::{StrataError, sum};
use crate::disproportionality::ic_observed_expected;
use crate::{Estimate, Table2x2};

/// Returns the stratified expected count, the sum over the strata of `(a + b)(a + c) / n`; `None` if
/// there are no reports. Strata without reports add nothing.
///
/// It is the E of the stratified IC and of the gamma-Poisson shrinker. Sources: DuMouchel 1999, Am
/// Stat 53:177-190; Noren, Hopstadius and Bate 2013, Stat Methods Med Res 22:57-69.
#[must_use]
pub fn expected(strata: &[Table2x2]) -> Option<f64> {
    let filled = strata.iter().any(|stratum| stratum.n() > 0);
    filled.then(|| sum(strata.iter().filter_map(Table2x2::expected)))
}

/// Returns the information component of all reports with exposure and event against the stratified
/// expected count, with its exact 95 % credibility interval, log2 scale; `None` if there are no
/// reports or their number does not fit in a `u64`.
///
/// See [`ic_observed_expected`] for the formula. Source: Noren, Hopstadius and Bate 2013, Stat
/// Methods Med Res 22:57-69.
#[must_use]
pub fn ic(strata: &[Table2x2]) -> Option<Estimate> {
    let observed = strata.iter().try_fold(0_u64, |sum, stratum| sum.checked_add(stratum.a()))?;
    ic_observed_expected(observed, expected(strata)?).ok()
}

/// Numbers of reports by stratum, for the stratified expected counts of many pairs.
///
/// ```
/// use iatro_stats::strata::StratumTotals;
///
/// let totals = StratumTotals::new(&[1_000, 4_000, 0]);
/// // The drug is in 10 and 200 reports, the event in 5 and 400.
/// let expected = totals.expected(&[10, 200, 0], &[5, 400, 0])?;
/// assert!((expected - (0.05 + 20.0)).abs() < 1e-12);
/// # Ok::<(), iatro_stats::strata::StrataError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StratumTotals {
    reports: Vec<u64>,
}

impl StratumTotals {
    /// Takes the number of reports of each stratum; 0 is allowed.
    #[must_use]
    pub fn new(reports: &[u64]) -> Self {
        Self { reports: reports.to_vec() }
    }

    /// Returns the expected count of one pair, the sum over the strata of exposed reports times
    /// reports with the event over reports; 0 if there are none.
    ///
    /// `exposure` and `event` count distinct reports, one entry a stratum.
    ///
    /// # Errors
    /// [`StrataError::Length`] unless both have one entry a stratum; [`StrataError::MoreThanReports`]
    /// if a count is above the reports of its stratum.
    pub fn expected(&self, exposure: &[u64], event: &[u64]) -> Result<f64, StrataError> {
        self.check("exposure", exposure)?;
        self.check("event", event)?;
        Ok(self.unchecked(exposure, event))
    }

    /// Returns the expected counts of all pairs, one row an exposure, one column an event.
    ///
    /// Every entry of `exposures` and `events` counts distinct reports, one number a stratum. The work
    /// is exposures times events times strata.
    ///
    /// # Errors
    /// As for [`expected`](Self::expected).
    pub fn expected_table(
        &self,
        exposures: &[Vec<u64>],
        events: &[Vec<u64>],
    ) -> Result<Vec<Vec<f64>>, StrataError> {
        exposures.iter().try_for_each(|exposure| self.check("exposure", exposure))?;
        events.iter().try_for_each(|event| self.check("event", event))?;
        let row = |exposure: &Vec<u64>| {
            events.iter().map(|event| self.unchecked(exposure, event)).collect()
        };
        Ok(exposures.iter().map(row).collect())
    }

    fn check(&self, argument: &'static str, counts: &[u64]) -> Result<(), StrataError> {
        if counts.len() != self.reports.len() {
            let strata = self.reports.len();
            return Err(StrataError::Length { argument, found: counts.len(), strata });
        }
        let above = counts.iter().zip(&self.reports).enumerate().find(|(_, (c, r))| c > r);
        match above {
            Some((stratum, (&count, &reports))) => {
                Err(StrataError::MoreThanReports { argument, stratum, count, reports })
            }
            None => Ok(()),
        }
    }

    fn unchecked(&self, exposure: &[u64], event: &[u64]) -> f64 {
        let counts = exposure.iter().zip(event).zip(&self.reports);
        let filled = counts.filter(|&(_, &reports)| reports > 0);
        sum(filled.map(|((&exposed, &with_event), &reports)| {
            (u128::from(exposed) * u128::from(with_event)) as f64 / reports as f64
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn tables_and_totals_agree() {
        let strata: Vec<Table2x2> = [[3, 97, 47, 19_853], [0, 0, 0, 0], [5, 20, 30, 400]]
            .map(|[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap())
            .to_vec();
        let of = |f: fn(&Table2x2) -> u64| strata.iter().map(f).collect::<Vec<u64>>();
        let totals = StratumTotals::new(&of(Table2x2::n));
        let (exposure, event) = (of(Table2x2::exposure_total), of(Table2x2::event_total));
        let one = totals.expected(&exposure, &event).unwrap();
        assert_eq!(Some(one), expected(&strata));
        let table = totals.expected_table(&[exposure.clone(), event.clone()], &[event]).unwrap();
        assert_eq!(table[0], [one]);
        assert_eq!(table.len(), 2);
    }

    #[test]
    fn no_reports_is_none() {
        let empty = Table2x2::new(0, 0, 0, 0).unwrap();
        assert_eq!(expected(&[]), None);
        assert_eq!(expected(&[empty]), None);
        assert_eq!(ic(&[empty, empty]), None);
    }

    #[test]
    fn lengths_and_counts_are_checked() {
        let totals = StratumTotals::new(&[10, 20]);
        let error = totals.expected(&[1], &[1, 2]).unwrap_err();
        assert_eq!(error, StrataError::Length { argument: "exposure", found: 1, strata: 2 });
        let message = totals.expected(&[1, 2], &[1, 21]).unwrap_err().to_string();
        assert!(message.starts_with("strata: event is 21 in stratum 1"), "{message}");
        assert!(totals.expected_table(&[vec![1, 1]], &[vec![1, 1, 1]]).is_err());
    }
}
