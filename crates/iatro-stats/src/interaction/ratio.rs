//! Reporting ratios of the groups against the group with neither drug.

use super::{FourGroups, Group};
use crate::Estimate;
use crate::special::Z_95;

/// Which reporting ratio the groups are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Ratio of proportions, as in the PRR.
    Prr,
    /// Ratio of odds, as in the ROR.
    Ror,
}

/// The proportion or odds of each group, and the variance of its logarithm; order: neither, first,
/// second, both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    pub(super) level: [f64; 4],
    pub(super) log_variance: [f64; 4],
}

impl Levels {
    /// `None` unless every group has a report with the event and, for odds, one without.
    pub(super) fn new(groups: &FourGroups, scale: Scale) -> Option<Self> {
        let mut levels = Self { level: [0.0; 4], log_variance: [0.0; 4] };
        let slots = levels.level.iter_mut().zip(&mut levels.log_variance);
        for (group, (level, log_variance)) in groups.all().iter().zip(slots) {
            (*level, *log_variance) = of_group(group, scale)?;
        }
        Some(levels)
    }

    /// The three ratios against neither: first, second, both.
    pub(super) fn ratios(&self) -> [f64; 3] {
        let [neither, first, second, both] = self.level;
        [first / neither, second / neither, both / neither]
    }

    /// Standard error of a function of the four logarithms, by the delta method: the groups are
    /// independent.
    pub(super) fn standard_error(&self, gradient: [f64; 4]) -> f64 {
        let terms = gradient.iter().zip(self.log_variance).map(|(slope, v)| slope * slope * v);
        terms.sum::<f64>().sqrt()
    }

    /// The interval point -+ z times the standard error; `None` unless it is finite and the standard
    /// error above 0.
    pub(super) fn interval(&self, point: f64, gradient: [f64; 4]) -> Option<Estimate> {
        let half_width = Z_95 * self.standard_error(gradient);
        let estimate = Estimate { point, lower: point - half_width, upper: point + half_width };
        let defined = half_width > 0.0 && estimate.lower.is_finite() && estimate.upper.is_finite();
        defined.then_some(estimate)
    }
}

fn of_group(group: &Group, scale: Scale) -> Option<(f64, f64)> {
    let [events, non_events] = [group.events(), group.non_events()].map(|count| count as f64);
    let reports = group.reports() as f64;
    match scale {
        Scale::Prr => {
            // 1/events - 1/reports, without the cancellation.
            (events > 0.0).then(|| (events / reports, non_events / (events * reports)))
        }
        Scale::Ror => (events > 0.0 && non_events > 0.0)
            .then(|| (events / non_events, 1.0 / events + 1.0 / non_events)),
    }
}
