//! Additive interaction on reporting ratios: RERI, attributable proportion, synergy index.

use super::ratio::Levels;
use super::{FourGroups, Scale};
use crate::Estimate;

/// Additive interaction of two drugs on reporting ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Additive {
    /// Ratio of the reports with the first drug only against neither.
    pub first: f64,
    /// Ratio of the reports with the second drug only against neither.
    pub second: f64,
    /// Ratio of the reports with both drugs against neither.
    pub both: f64,
    /// RERI, the relative excess of reporting due to interaction; 0 if the drugs add.
    pub reri: Estimate,
    /// RERI as a share of the ratio with both drugs; 0 if the drugs add.
    pub attributable_proportion: Estimate,
    /// Synergy index; 1 if the drugs add. `None` unless both its parts are above 0: one ratio below 1
    /// turns its meaning round.
    pub synergy_index: Option<Estimate>,
}

/// Returns the additive interaction of two drugs on reporting ratios; `None` unless every group has
/// a report with the event and, for [`Scale::Ror`], one without, and the variances are above 0 (for
/// [`Scale::Prr`], unless every report has the event).
///
/// With R10, R01 and R11 the ratios of the groups with the first, the second and both drugs against
/// the group with neither:
///
/// ```text
/// RERI = R11 - R10 - R01 + 1
/// attributable proportion = RERI / R11
/// synergy index = (R11 - 1) / ((R10 - 1) + (R01 - 1))
/// ```
///
/// Intervals are point -+ 1.959963984540054 standard errors by the delta method, for the synergy
/// index on its logarithm, with the variance of the logarithm of each group's level being 1/events -
/// 1/reports for proportions and 1/events + 1/non-events for odds. That is the saturated model of
/// Hosmer and Lemeshow. RERI of few reports is skewed and its interval poor. Sources: Rothman 1976,
/// Am J Epidemiol 103:506-511; Hosmer and Lemeshow 1992, Epidemiology 3:452-456.
#[must_use]
pub fn additive(groups: &FourGroups, scale: Scale) -> Option<Additive> {
    let levels = Levels::new(groups, scale)?;
    let [first, second, both] = levels.ratios();
    // Slopes in the logarithms of the levels of neither, first, second and both.
    let reri = levels
        .interval(both - first - second + 1.0, [first + second - both, -first, -second, both])?;
    // RERI / R11 = 1 - (R10 + R01 - 1) / R11.
    let [by_first, by_second, by_neither] = [first / both, second / both, 1.0 / both];
    let attributable_proportion = levels.interval(
        1.0 - (by_first + by_second - by_neither),
        [by_neither, -by_first, -by_second, by_first + by_second - by_neither],
    )?;
    let synergy_index = synergy_index(&levels, [first, second, both]);
    Some(Additive { first, second, both, reri, attributable_proportion, synergy_index })
}

fn synergy_index(levels: &Levels, [first, second, both]: [f64; 3]) -> Option<Estimate> {
    let (together, apart) = (both - 1.0, first + second - 2.0);
    if together <= 0.0 || apart <= 0.0 {
        return None;
    }
    let gradient = [
        (first + second) / apart - both / together,
        -first / apart,
        -second / apart,
        both / together,
    ];
    let log_error = levels.standard_error(gradient);
    let estimate = Estimate::log_normal(together / apart, log_error);
    (estimate.lower > 0.0 && estimate.upper.is_finite()).then_some(estimate)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Group;
    use super::*;

    fn groups(counts: [(u64, u64); 4]) -> FourGroups {
        let [neither, first, second, both] = counts.map(|(n, e)| Group::new(n, e).unwrap());
        FourGroups::new(neither, first, second, both).unwrap()
    }

    /// Ratios 2, 3 and 4: exactly what adding gives.
    #[test]
    fn drugs_that_add_give_zero_zero_and_one() {
        let got =
            additive(&groups([(1_000, 10), (1_000, 20), (1_000, 30), (1_000, 40)]), Scale::Prr)
                .unwrap();
        assert!(got.reri.point.abs() < 1e-14);
        assert!(got.attributable_proportion.point.abs() < 1e-14);
        assert!((got.synergy_index.unwrap().point - 1.0).abs() < 1e-14);
    }

    #[test]
    fn a_group_without_the_event_leaves_it_undefined() {
        let none = groups([(1_000, 10), (1_000, 0), (1_000, 30), (1_000, 40)]);
        assert_eq!(additive(&none, Scale::Prr), None);
        let all = groups([(1_000, 10), (30, 30), (1_000, 30), (1_000, 40)]);
        assert!(additive(&all, Scale::Prr).is_some());
        assert_eq!(additive(&all, Scale::Ror), None);
    }

    #[test]
    fn a_ratio_below_one_has_no_synergy_index() {
        let got =
            additive(&groups([(1_000, 50), (1_000, 20), (1_000, 30), (1_000, 90)]), Scale::Prr);
        assert_eq!(got.unwrap().synergy_index, None);
    }
}
