//! How well a distribution fits: observed shares against fitted, for a probability plot.

use super::distribution::Distribution;
use super::npmle::turnbull;
use super::onset::Onset;

/// Observed and fitted shares of onsets at the same times.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbabilityPlot {
    /// How the observed shares were estimated.
    pub basis: PlotBasis,
    /// Points in order of time.
    pub points: Vec<PlotPoint>,
    /// Largest distance between observed and fitted, 0 to 1. It describes; it is not a test, for the
    /// distribution was fitted to the same cases.
    pub largest_distance: f64,
    /// Cases that took no part: with truncation, those not dated to the day.
    pub left_out: usize,
}

/// How observed shares are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlotBasis {
    /// Turnbull's estimate; no case is truncated.
    Turnbull,
    /// Product-limit estimate in reversed time; at least one case is truncated. Shares are of the
    /// onsets by the latest time observed, for nothing later can be known without a family.
    ReversedProductLimit,
}

/// One point of a probability plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlotPoint {
    /// Time in days.
    pub days: f64,
    /// Observed share of onsets by then, 0 to 1.
    pub observed: f64,
    /// Share under the fitted distribution.
    pub fitted: f64,
}

/// Returns observed and fitted shares of onsets; `None` if no case can be used.
///
/// Without truncation the observed shares are Turnbull's ([`turnbull`]) at the upper ends of its
/// steps. With truncation at times t_i, and cases dated to the day (interval at most one day) with
/// upper ends x_i, they are the product-limit estimate in reversed time
///
/// ```text
/// F(x) / F(largest) = product over observed y > x of (1 - d(y) / n(y))
/// d(y) = cases at y;  n(y) = cases with x_i <= y <= t_i
/// ```
///
/// and the fitted shares are divided by the fitted share at the largest. Sources: Turnbull 1976, J R
/// Stat Soc B 38:290-295; Lagakos, Barraj and De Gruttola 1988, Biometrika 75:515-523; Kalbfleisch
/// and Lawless 1989, J Am Stat Assoc 84:360-372.
#[must_use]
pub fn probability_plot(onsets: &[Onset], fitted: &Distribution) -> Option<ProbabilityPlot> {
    Observed::new(onsets)?.against(fitted)
}

/// Observed shares, before they are held against a distribution.
pub(super) struct Observed {
    basis: PlotBasis,
    /// Days and share, in order of time; at least one.
    shares: Vec<(f64, f64)>,
    left_out: usize,
}

impl Observed {
    pub(super) fn new(onsets: &[Onset]) -> Option<Self> {
        let observed = if onsets.iter().any(|onset| onset.truncation_days().is_some()) {
            Self::reversed(onsets)
        } else {
            Self::by_turnbull(onsets)?
        };
        (!observed.shares.is_empty()).then_some(observed)
    }

    fn by_turnbull(onsets: &[Onset]) -> Option<Self> {
        let mut sum = 0.0;
        let shares = turnbull(onsets)?.steps.into_iter().filter_map(|step| {
            sum += step.probability;
            step.upper_days.map(|days| (days, f64::min(sum, 1.0)))
        });
        Some(Self { basis: PlotBasis::Turnbull, shares: shares.collect(), left_out: 0 })
    }

    fn reversed(onsets: &[Onset]) -> Self {
        let to_the_day = |onset: &Onset| {
            let upper = onset.upper_days()?;
            let narrow = upper - onset.lower_days() <= 1.0;
            narrow.then(|| (upper, onset.truncation_days().unwrap_or(f64::INFINITY)))
        };
        let used: Vec<(f64, f64)> = onsets.iter().filter_map(to_the_day).collect();
        let mut times: Vec<f64> = used.iter().map(|case| case.0).collect();
        let mut truncations: Vec<f64> = used.iter().map(|case| case.1).collect();
        times.sort_by(f64::total_cmp);
        truncations.sort_by(f64::total_cmp);
        let mut distinct = times.clone();
        distinct.dedup();
        let mut observed = 1.0;
        let mut shares = Vec::with_capacity(distinct.len());
        for &days in distinct.iter().rev() {
            shares.push((days, observed));
            let by_then = times.partition_point(|&x| x <= days);
            let before = times.partition_point(|&x| x < days);
            let gone = truncations.partition_point(|&t| t < days);
            // Everyone truncated before `days` came before it, so the difference counts n(days).
            let at_hand = by_then.saturating_sub(gone).max(1);
            observed *= 1.0 - ((by_then - before) as f64 / at_hand as f64).min(1.0);
        }
        shares.reverse();
        let left_out = onsets.len() - used.len();
        Self { basis: PlotBasis::ReversedProductLimit, shares, left_out }
    }

    /// `None` if the distribution has nothing by the largest time observed.
    pub(super) fn against(&self, fitted: &Distribution) -> Option<ProbabilityPlot> {
        let all = match self.basis {
            PlotBasis::Turnbull => 1.0,
            PlotBasis::ReversedProductLimit => fitted.below(self.shares.last()?.0),
        };
        if all <= 0.0 {
            return None;
        }
        let point = |&(days, observed): &(f64, f64)| PlotPoint {
            days,
            observed,
            fitted: fitted.below(days) / all,
        };
        let points: Vec<PlotPoint> = self.shares.iter().map(point).collect();
        let distances = points.iter().map(|point| (point.observed - point.fitted).abs());
        let largest_distance = distances.reduce(f64::max)?;
        let Self { basis, left_out, .. } = *self;
        Some(ProbabilityPlot { basis, points, largest_distance, left_out })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// By hand: times 1, 2, 4 reported by days 2, 9, 9. At 4: two at hand (the first could not have
    /// been seen), one there; at 2: two at hand, one there.
    #[test]
    fn reversed_product_limit_by_hand() {
        let cases = [(1, 2), (2, 9), (4, 9)];
        let cases = cases.map(|(d, r)| Onset::on_day(d).reported_on_day(r).unwrap());
        let fitted = Distribution::weibull(5.0, 1.0).unwrap();
        let got = probability_plot(&cases, &fitted).unwrap();
        assert_eq!(got.basis, PlotBasis::ReversedProductLimit);
        let observed: Vec<f64> = got.points.iter().map(|point| point.observed).collect();
        assert_eq!(observed, [0.25, 0.5, 1.0]);
        assert_eq!(got.points[2].fitted, 1.0);
    }

    #[test]
    fn turnbull_at_upper_ends() {
        let cases = [1, 1, 3].map(Onset::on_day);
        let fitted = Distribution::weibull(2.0, 1.0).unwrap();
        let got = probability_plot(&cases, &fitted).unwrap();
        assert_eq!(got.points.len(), 2);
        assert!((got.points[0].observed - 2.0 / 3.0).abs() < 1e-12);
        assert!((got.points[0].fitted - (1.0 - (-0.75_f64).exp())).abs() < 1e-12);
        assert_eq!(probability_plot(&[], &fitted), None);
    }
}
