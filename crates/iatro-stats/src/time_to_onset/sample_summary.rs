//! Median and quartiles of a sample of times, without a distribution assumed.

use thiserror::Error;

use crate::Estimate;
use crate::special::beta;

/// Median and quartiles of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSummary {
    /// Number of values.
    pub n: usize,
    /// Median: the middle value, or the mean of the middle two. Days.
    pub median: f64,
    /// Distribution-free interval for the median, days; `None` below 6 values.
    pub median_interval: Option<MedianInterval>,
    /// First quartile, days.
    pub lower_quartile: f64,
    /// Third quartile, days.
    pub upper_quartile: f64,
    /// Smallest value, days.
    pub smallest: f64,
    /// Largest value, days.
    pub largest: f64,
}

/// Two order statistics that hold the median with at least 95 % probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MedianInterval {
    /// The sample median and the two order statistics, days.
    pub estimate: Estimate,
    /// Rank of the lower limit, from 1; the upper limit has the same rank from above.
    pub rank: usize,
    /// Exact probability that the interval holds the median of a continuous distribution, from 0.95
    /// to 0.99 or so: ranks are whole. With ties the interval holds it at least as often.
    pub coverage: f64,
}

/// A value that is not a number of days.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("sample: the value at index {index} is {value}; expected a finite number")]
pub struct ValueError {
    /// Index of the value, from 0.
    pub index: usize,
    /// The value.
    pub value: f64,
}

/// Returns median and quartiles of `values` (days, any order); `None` of an empty sample.
///
/// Quartiles interpolate between order statistics at rank 1 + p (n - 1): type 7 of Hyndman and Fan
/// 1996, Am Stat 50:361-365, the default of R and numpy.
///
/// The interval for the median runs from the r-th smallest to the r-th largest value, with r the
/// largest rank for which the exact coverage
///
/// ```text
/// 1 - 2 P(X <= r - 1), X binomial(n, 1/2)
/// ```
///
/// is 95 % or more. It assumes no distribution. Source: Thompson 1936, Ann Math Stat 7:122-128;
/// Conover 1999, *Practical Nonparametric Statistics*, section 3.2.
///
/// # Errors
/// [`ValueError`] if a value is not finite.
pub fn sample_summary(values: &[f64]) -> Result<Option<SampleSummary>, ValueError> {
    if let Some((index, &value)) = values.iter().enumerate().find(|(_, v)| !v.is_finite()) {
        return Err(ValueError { index, value });
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(summary(&sorted))
}

/// [`sample_summary`] of finite, sorted values.
pub(super) fn summary(sorted: &[f64]) -> Option<SampleSummary> {
    let (&smallest, &largest) = (sorted.first()?, sorted.last()?);
    let median = quartile(sorted, 2)?;
    Some(SampleSummary {
        n: sorted.len(),
        median,
        median_interval: median_interval(sorted, median),
        lower_quartile: quartile(sorted, 1)?,
        upper_quartile: quartile(sorted, 3)?,
        smallest,
        largest,
    })
}

/// Quartile number `quarters`, 1 to 3.
fn quartile(sorted: &[f64], quarters: usize) -> Option<f64> {
    let position = quarters * sorted.len().checked_sub(1)?;
    let low = *sorted.get(position / 4)?;
    let high = sorted.get(position / 4 + 1).copied().unwrap_or(low);
    // Halved, so that the distance of values of opposite sign does not overflow.
    let (half_low, half_high) = (0.5 * low, 0.5 * high);
    Some(2.0 * (half_low + (position % 4) as f64 / 4.0 * (half_high - half_low)))
}

fn median_interval(sorted: &[f64], point: f64) -> Option<MedianInterval> {
    let n = sorted.len();
    // The largest rank whose tail is small enough; tails rise with the rank.
    let (mut rank, mut beyond) = (0, n / 2 + 1);
    while rank + 1 < beyond {
        let middle = rank.midpoint(beyond);
        if tail(n, middle) <= 0.025 { rank = middle } else { beyond = middle }
    }
    let lower = *sorted.get(rank.checked_sub(1)?)?;
    let upper = *sorted.get(n - rank)?;
    let coverage = 1.0 - 2.0 * tail(n, rank);
    Some(MedianInterval { estimate: Estimate { point, lower, upper }, rank, coverage })
}

/// P(X <= rank - 1) for X binomial(n, 1/2), 1 <= rank <= n.
fn tail(n: usize, rank: usize) -> f64 {
    beta::tails((n - rank + 1) as f64, rank as f64, 0.5, 0.5).0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// Sums of binomial coefficients, in whole numbers.
    fn exact_tail(n: u32, rank: u32) -> f64 {
        let mut term = 1_u128;
        let mut sum = 0_u128;
        let all = f64::exp2(f64::from(n));
        for k in 0..rank {
            sum += term;
            term = term * u128::from(n - k) / u128::from(k + 1);
        }
        sum as f64 / all
    }

    #[test]
    fn ranks_are_the_largest_with_enough_coverage() {
        for n in 1..=100_u32 {
            let values: Vec<f64> = (1..=n).map(f64::from).collect();
            let got = sample_summary(&values).unwrap().unwrap().median_interval;
            let rank = (1..=n / 2).rev().find(|&r| exact_tail(n, r) <= 0.025);
            assert_eq!(got.map(|i| i.rank), rank.map(|r| r as usize), "n = {n}");
            if let Some(i) = got {
                let coverage = 1.0 - 2.0 * exact_tail(n, i.rank as u32);
                assert!((i.coverage - coverage).abs() < 1e-12 && i.coverage >= 0.95);
                assert_eq!(i.estimate.lower, i.rank as f64);
                assert_eq!(i.estimate.upper, f64::from(n) + 1.0 - i.rank as f64);
            }
            assert_eq!(got.is_some(), n >= 6);
        }
    }

    #[test]
    fn small_samples() {
        assert_eq!(sample_summary(&[]), Ok(None));
        let one = sample_summary(&[7.0]).unwrap().unwrap();
        assert_eq!((one.median, one.lower_quartile, one.upper_quartile), (7.0, 7.0, 7.0));
        assert_eq!(one.median_interval, None);
        let far = sample_summary(&[-1.7e308, 1.7e308]).unwrap().unwrap();
        assert_eq!((far.lower_quartile, far.median), (-8.5e307, 0.0));
        assert!((far.upper_quartile / 8.5e307 - 1.0).abs() < 1e-15);
        let error = sample_summary(&[1.0, f64::NAN]).unwrap_err();
        assert_eq!(error.index, 1);
    }
}
