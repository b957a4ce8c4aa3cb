//! Interaction contrast: additive interaction of proportions.

use super::FourGroups;
use crate::Estimate;
use crate::special::Z_95;

/// Returns the interaction contrast of the proportions of reports with the event, with its 95 % Wald
/// interval; `None` unless all four groups have reports and the variance is above 0.
///
/// ```text
/// f11 - f10 - f01 + f00, limits -+ 1.959963984540054 sqrt(sum f (1 - f) / reports)
/// ```
///
/// 0 if the drugs add, in -2 to 2; a difference of proportions, not a ratio. A group in which no or
/// every report has the event adds nothing to the estimated variance, so the interval is then too
/// narrow. Sources: Rothman, Greenland and Lash 2008, *Modern Epidemiology*, chapter 5 (contrast);
/// Thakrar et al. 2007, Br J Clin Pharmacol 64:489-495 (for reports).
#[must_use]
pub fn interaction_contrast(groups: &FourGroups) -> Option<Estimate> {
    let mut proportions = [0.0; 4];
    let mut variance = 0.0;
    for (group, proportion) in groups.all().iter().zip(&mut proportions) {
        *proportion = group.proportion()?;
        let reports = group.reports() as f64;
        variance += *proportion * (group.non_events() as f64 / reports) / reports;
    }
    let [neither, first, second, both] = proportions;
    // Grouped so that exchanging the drugs changes no bit.
    let point = (both + neither) - (first + second);
    let half_width = Z_95 * variance.sqrt();
    let estimate = Estimate { point, lower: point - half_width, upper: point + half_width };
    (variance > 0.0).then_some(estimate)
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

    #[test]
    fn drugs_that_add_give_zero() {
        let got = interaction_contrast(&groups([(100, 10), (100, 20), (100, 30), (100, 40)]));
        assert!(got.unwrap().point.abs() < 1e-15);
    }

    #[test]
    fn groups_without_reports_or_variance() {
        assert_eq!(interaction_contrast(&groups([(100, 10), (0, 0), (9, 3), (9, 4)])), None);
        assert_eq!(interaction_contrast(&groups([(9, 9), (9, 0), (9, 0), (9, 9)])), None);
    }
}
