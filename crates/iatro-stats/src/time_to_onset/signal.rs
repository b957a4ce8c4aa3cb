//! Screening by time to onset: one drug and event against both of its comparators.

use super::anderson_darling::{AndersonDarling, anderson_darling};
use super::kolmogorov_smirnov::{KolmogorovSmirnov, kolmogorov_smirnov};
use super::pooled::ComparisonError;
use crate::DomainError;
use crate::special::{positive, probability};
use crate::thresholds::{Assessment, MIN_REPORTS};
use thiserror::Error;

/// Two samples of times compared in two ways.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Sizes of the samples compared.
    pub sizes: [usize; 2],
    /// Test of Kolmogorov and Smirnov.
    pub kolmogorov_smirnov: KolmogorovSmirnov,
    /// Test of Anderson and Darling; `None` where it is undefined.
    pub anderson_darling: Option<AndersonDarling>,
}

/// Compares two samples of times (days; at least one each) by both tests.
///
/// # Errors
/// [`ComparisonError`] for an empty sample or a value that is not finite.
pub fn compare(first: &[f64], second: &[f64]) -> Result<Comparison, ComparisonError> {
    Ok(Comparison {
        sizes: [first.len(), second.len()],
        kolmogorov_smirnov: kolmogorov_smirnov(first, second)?,
        anderson_darling: anderson_darling(first, second)?,
    })
}

/// Times of one drug and event against both comparators.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnsetSignal {
    /// Against other events of the same drug; `None` if a sample is empty within the window.
    pub against_other_events: Option<Comparison>,
    /// Against the same event of other drugs; `None` likewise.
    pub against_other_drugs: Option<Comparison>,
    /// Whether both tests reject at the level.
    pub assessment: Assessment,
}

/// Why a pair cannot be screened.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum SignalError {
    /// Window or level out of range.
    #[error(transparent)]
    Argument(#[from] DomainError),
    /// Values out of range.
    #[error(transparent)]
    Sample(#[from] ComparisonError),
}

/// Screens one drug and event by its times to onset: met if they differ from those of other events of
/// the same drug *and* from those of the same event with other drugs, each by the test of Kolmogorov
/// and Smirnov at `level`, among times of at most `window_days`.
///
/// Each comparator meets one objection. Other events of the drug share its pattern of use and of
/// reporting; other drugs share the event's own course. Times are in days; those above `window_days`
/// take no part, in any of the samples. Not assessable with fewer than [`MIN_REPORTS`] times in a
/// sample. Exact p-values where [`KolmogorovSmirnov::p`] has them. As the rules of
/// [`crate::thresholds`], it says that times are reported out of pattern, and nothing about why; two
/// tests at `level` are not one test at `level`.
///
/// Source: Van Holle, Zeinoun, Bauchau and Verstraeten 2012, Pharmacoepidemiol Drug Saf 21:603-610
/// (vaccines, window 30 days); Van Holle and Bauchau 2014, doi 10.1002/pds.3502 (of 18 combinations,
/// level 0.01 with a window of 60 days ranked highest).
///
/// # Errors
/// [`SignalError`] if `window_days` is not above 0, `level` not between 0 and 1, or a time is not
/// finite.
pub fn onset_signal(
    times: &[f64],
    other_events: &[f64],
    other_drugs: &[f64],
    window_days: f64,
    level: f64,
) -> Result<OnsetSignal, SignalError> {
    let window = positive("onset_signal", "window_days", window_days)?;
    let level = probability("onset_signal", "level", level)?;
    let own = within(times, window, "first")?;
    let against = |others: &[f64]| -> Result<Option<Comparison>, ComparisonError> {
        let others = within(others, window, "second")?;
        if own.is_empty() || others.is_empty() {
            return Ok(None);
        }
        compare(&own, &others).map(Some)
    };
    let against_other_events = against(other_events)?;
    let against_other_drugs = against(other_drugs)?;
    let rejected = |comparison: Option<Comparison>| {
        let comparison = comparison?;
        let enough = comparison.sizes.iter().all(|&size| size as u64 >= MIN_REPORTS);
        enough.then(|| comparison.kolmogorov_smirnov.p() <= level)
    };
    let both = rejected(against_other_events)
        .and_then(|events| rejected(against_other_drugs).map(|drugs| events && drugs));
    Ok(OnsetSignal { against_other_events, against_other_drugs, assessment: both.into() })
}

fn within(values: &[f64], window: f64, sample: &'static str) -> Result<Vec<f64>, ComparisonError> {
    if let Some((index, &value)) = values.iter().enumerate().find(|(_, v)| !v.is_finite()) {
        return Err(ComparisonError::NotFinite { sample, index, value });
    }
    Ok(values.iter().copied().filter(|&value| value <= window).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn spread(from: u32, to: u32) -> Vec<f64> {
        (from..to).map(f64::from).collect()
    }

    #[test]
    fn both_comparators_must_differ() {
        let early = spread(0, 12);
        let late = spread(20, 60);
        let signal = |events: &[f64], drugs: &[f64]| {
            onset_signal(&early, events, drugs, 60.0, 0.01).unwrap().assessment
        };
        assert_eq!(signal(&late, &late), Assessment::Met);
        assert_eq!(signal(&late, &early), Assessment::NotMet);
        assert_eq!(signal(&early, &late), Assessment::NotMet);
        assert_eq!(signal(&late, &[1.0, 2.0]), Assessment::NotAssessable);
        assert_eq!(signal(&late, &[]), Assessment::NotAssessable);
    }

    #[test]
    fn times_beyond_the_window_take_no_part() {
        let mut times = spread(0, 12);
        let with = onset_signal(&times, &spread(0, 30), &spread(5, 30), 30.0, 0.05).unwrap();
        times.extend([31.0, 400.0]);
        assert_eq!(onset_signal(&times, &spread(0, 30), &spread(5, 30), 30.0, 0.05), Ok(with));
    }

    #[test]
    fn bad_arguments_are_refused() {
        let days = spread(0, 5);
        assert!(onset_signal(&days, &days, &days, 0.0, 0.05).is_err());
        assert!(onset_signal(&days, &days, &days, 30.0, 5.0).is_err());
        assert!(onset_signal(&days, &[f64::NAN], &days, 30.0, 0.05).is_err());
    }
}
