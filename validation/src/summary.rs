//! Many plantings in a few numbers, each with its Monte Carlo interval.

use iatro_review::interval::Interval;
use iatro_stats::proportion::wilson;
use iatro_synth::PlantedPart;

use crate::method::{Method, Verdict};
use crate::planting::{Judged, Planting};
use crate::rank::{auroc, average_precision};
use crate::recovery::{Planted, Quantity, Recovered};

/// Which area.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Area {
    /// Under the ROC curve.
    Roc,
    /// Under the precision-recall curve.
    PrecisionRecall,
}

/// The mean of an area over plantings, with the normal 95 % interval of the mean; substances with fewer
/// cases than `fewest` are left out.
pub fn area(plantings: &[Planting], method: Method, area: Area, fewest: u64) -> Interval {
    let of = |planting: &Planting| {
        let judged = planting.substances.iter().filter(|s| s.n >= fewest);
        let ranked: Option<Vec<(Verdict, bool)>> =
            judged.map(|s| Some((*s.verdicts.get(&method)?, s.culprit))).collect();
        match area {
            Area::Roc => auroc(&ranked?),
            Area::PrecisionRecall => average_precision(&ranked?),
        }
    };
    let areas: Vec<f64> = plantings.iter().filter_map(of).collect();
    mean(&areas)
}

/// The mean with its normal 95 % interval; without an interval for fewer than two values.
pub fn mean(values: &[f64]) -> Interval {
    let n = values.len() as f64;
    if values.is_empty() {
        return Interval::default();
    }
    let mean = values.iter().sum::<f64>() / n;
    if values.len() < 2 {
        return Interval { point: Some(mean), ..Interval::default() };
    }
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = 1.959_963_984_540_054 * (variance / n).sqrt();
    Interval { point: Some(mean), lower: Some(mean - half), upper: Some(mean + half) }
}

/// A share as it was counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Share {
    /// How many.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// Counts one more.
    pub fn count(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.of += 1;
    }

    /// The share with the Wilson 95 % interval; nothing of nothing.
    pub fn interval(self) -> Interval {
        match wilson(self.hits, self.of, 0.95) {
            Ok(Some(found)) => {
                Interval { point: self.value(), lower: Some(found.lower), upper: Some(found.upper) }
            }
            _ => Interval::default(),
        }
    }

    /// The share; `None` of nothing.
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }
}

/// How often a method calls the substances that `are` meant.
pub fn called(plantings: &[Planting], method: Method, are: impl Fn(&Judged) -> bool) -> Share {
    let mut share = Share::default();
    let meant = plantings.iter().flat_map(|planting| &planting.substances).filter(|s| are(s));
    for verdict in meant.filter_map(|substance| substance.verdicts.get(&method)) {
        share.count(verdict.called);
    }
    share
}

/// A substance of this part without a hazard.
pub fn is_innocent(part: PlantedPart) -> impl Fn(&Judged) -> bool {
    move |substance| substance.part == Some(part) && !substance.culprit
}

/// How well intervals cover, and how far means are off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Intervals that hold the planted number.
    pub covered: Share,
    /// Means minus planted numbers, summed.
    pub excess: f64,
    /// Planted numbers, summed.
    pub truth: f64,
    /// Without an interval, because the chains did not agree.
    pub refused: u64,
}

impl Coverage {
    /// Counts one more.
    pub fn count(&mut self, quantity: &Quantity) {
        match quantity.interval {
            Some((lower, upper)) => {
                // Weighted counts are sums of fractions.
                let slack = 1e-9 * quantity.truth.abs().max(1e-3);
                let held = lower - slack <= quantity.truth && quantity.truth <= upper + slack;
                self.covered.count(held);
            }
            None => self.refused += 1,
        }
        self.excess += quantity.mean - quantity.truth;
        self.truth += quantity.truth;
    }

    /// Bias: summed means over summed planted numbers, minus 1; `None` if nothing was planted.
    pub fn bias(&self) -> Option<f64> {
        (self.truth > 0.0).then(|| self.excess / self.truth)
    }
}

/// Coverage of a quantity of the planted causes of a kind.
pub fn coverage(
    plantings: &[Planting],
    method: Method,
    planted: Planted,
    quantity: impl Fn(&Recovered) -> Option<Quantity>,
) -> Coverage {
    let mut coverage = Coverage::default();
    let found = plantings.iter().filter_map(|planting| planting.recovered.get(&method)).flatten();
    for quantity in found.filter(|r| r.planted == planted).filter_map(quantity) {
        coverage.count(&quantity);
    }
    coverage
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::float_cmp)]
    use super::*;

    #[test]
    fn coverage_counts_what_is_inside_and_what_has_no_interval() {
        let quantity = |truth, mean, interval| Quantity { truth, mean, interval };
        let mut coverage = Coverage::default();
        for quantity in [
            quantity(10.0, 12.0, Some((8.0, 14.0))),
            quantity(10.0, 9.0, Some((10.0, 10.0))),
            quantity(10.0, 5.0, Some((4.0, 9.0))),
            quantity(10.0, 10.0, None),
        ] {
            coverage.count(&quantity);
        }
        assert_eq!((coverage.covered, coverage.refused), (Share { hits: 2, of: 3 }, 1));
        assert!((coverage.bias().unwrap() + 0.1).abs() < 1e-15);
        assert_eq!(Coverage::default().bias(), None);
    }

    #[test]
    fn a_mean_has_the_interval_of_its_standard_error() {
        // Standard deviation 1, standard error 1 / sqrt(3).
        let found = mean(&[1.0, 2.0, 3.0]);
        assert_eq!(found.point, Some(2.0));
        assert!((found.upper.unwrap() - 2.0 - 1.131_585_8).abs() < 1e-6);
        assert_eq!(mean(&[]), Interval::default());
        assert_eq!(mean(&[0.5]).limits(), None);
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!(Share::default().interval(), Interval::default());
        assert_eq!(Share { hits: 1, of: 4 }.value(), Some(0.25));
    }
}
