//! Everything about one group of cases in one call.

use super::distribution::Family;
use super::fit::{FitError, LogNormalFit, WeibullFit, fit_log_normal, fit_weibull, unweighted};
use super::onset::Onset;
use super::plot::{Observed, ProbabilityPlot};
use super::reading::{ShapeReading, read_shape};
use super::sample_summary::{SampleSummary, summary};

/// Times to onset of one group of cases, described.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Number of cases.
    pub cases: usize,
    /// Of these, right truncated.
    pub truncated: usize,
    /// Of these, without an upper end: in the fits, but not in the sample summary.
    pub without_upper: usize,
    /// Length of the widest interval, days; `None` if no case has an upper end.
    pub widest_days: Option<f64>,
    /// Midpoints of the intervals, days, sorted: the input of [`compare`](super::compare),
    /// [`permutation_test`](super::permutation_test) and [`onset_signal`](super::onset_signal).
    pub times_days: Vec<f64>,
    /// Median and quartiles of the midpoints, as observed: not corrected for truncation.
    pub sample: Option<SampleSummary>,
    /// Weibull fit, or why there is none.
    pub weibull: Result<WeibullFit, FitError>,
    /// Log-normal fit, or why there is none.
    pub log_normal: Result<LogNormalFit, FitError>,
    /// Reading of the Weibull shape.
    pub shape: ShapeReading,
    /// The family with the smaller AIC, if both were fitted.
    pub smaller_aic: Option<Family>,
    /// Observed and Weibull shares.
    pub weibull_plot: Option<ProbabilityPlot>,
    /// Observed and log-normal shares.
    pub log_normal_plot: Option<ProbabilityPlot>,
}

/// Describes the times to onset of one group of cases: sample median and quartiles, both fits, the
/// reading of the Weibull shape, plot data, and times to compare with those of other groups.
///
/// The order of the cases does not matter. The midpoint stands for a case in the sample summary and
/// the comparisons: a day known exactly is itself (day 0 is 0.25), a month is its middle, and a case
/// without an upper end has none; the fits use the intervals themselves. Look at `widest_days` before
/// believing a midpoint. An empty slice gives a description without estimates.
///
/// ```
/// use iatro_stats::time_to_onset::{Onset, ShapeReading, describe};
///
/// // Days from the start to the onset, each reported within 400 days of the start.
/// let days = [2, 5, 8, 9, 11, 12, 14, 14, 17, 20, 24, 31];
/// let cases = days.map(|day| Onset::on_day(day).reported_on_day(400)).into_iter();
/// let cases: Vec<Onset> = cases.collect::<Result<_, _>>()?;
///
/// let description = describe(&cases);
/// let sample = description.sample.ok_or("no cases")?;
/// assert_eq!(sample.median, 13.0);
/// let weibull = description.weibull?;
/// assert!((weibull.shape.point - 1.8385).abs() < 1e-3);
/// assert_eq!(description.shape, ShapeReading::WearOut);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn describe(onsets: &[Onset]) -> Description {
    let mut times_days: Vec<f64> = onsets.iter().filter_map(Onset::midpoint_days).collect();
    times_days.sort_by(f64::total_cmp);
    let sample = unweighted(onsets);
    let weibull = sample.as_ref().map_err(|&error| error).and_then(fit_weibull);
    let log_normal = sample.as_ref().map_err(|&error| error).and_then(fit_log_normal);
    let widths = onsets.iter().filter_map(|o| Some(o.upper_days()? - o.lower_days()));
    let smaller_aic = match (&weibull, &log_normal) {
        (Ok(w), Ok(l)) if w.summary.aic <= l.summary.aic => Some(Family::Weibull),
        (Ok(_), Ok(_)) => Some(Family::LogNormal),
        _ => None,
    };
    let observed = Observed::new(onsets);
    let plot = |distribution| observed.as_ref()?.against(&distribution);
    Description {
        cases: onsets.len(),
        truncated: onsets.iter().filter(|o| o.truncation_days().is_some()).count(),
        without_upper: onsets.len() - times_days.len(),
        widest_days: widths.reduce(f64::max),
        sample: summary(&times_days),
        shape: weibull.as_ref().map_or(ShapeReading::NotAssessable, read_shape),
        smaller_aic,
        weibull_plot: weibull.as_ref().ok().and_then(|fit| plot(fit.distribution())),
        log_normal_plot: log_normal.as_ref().ok().and_then(|fit| plot(fit.distribution())),
        times_days,
        weibull,
        log_normal,
    }
}
