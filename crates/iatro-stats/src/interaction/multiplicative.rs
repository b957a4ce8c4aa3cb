//! Multiplicative interaction: the ratio of reporting ratios.

use super::ratio::Levels;
use super::{FourGroups, Scale};
use crate::Estimate;

/// Returns the multiplicative contrast with its 95 % interval on the log scale; `None` unless every
/// group has a report with the event and, for [`Scale::Ror`], one without, and the variance is above
/// 0.
///
/// ```text
/// R11 / (R10 R01), limits times exp(-+ 1.959963984540054 sqrt(sum of the four log variances))
/// ```
///
/// 1 if the drugs multiply. For odds it is exp of the interaction term of a saturated logistic
/// regression. For rare events two drugs that add give a contrast below 1, so a contrast near 1 can
/// hide an additive interaction. Sources: Thakrar et al. 2007, Br J Clin Pharmacol 64:489-495; van
/// Puijenbroek et al. 1999, Br J Clin Pharmacol 47:689-693 (logistic regression).
#[must_use]
pub fn multiplicative(groups: &FourGroups, scale: Scale) -> Option<Estimate> {
    let levels = Levels::new(groups, scale)?;
    let [neither, first, second, both] = levels.level;
    let point = (both / first) * (neither / second);
    let log_error = levels.standard_error([1.0, -1.0, -1.0, 1.0]);
    let estimate = Estimate::log_normal(point, log_error);
    let defined = log_error > 0.0 && estimate.lower > 0.0 && estimate.upper.is_finite();
    defined.then_some(estimate)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Group;
    use super::*;
    use crate::Table2x2;
    use crate::disproportionality::ror;

    fn groups(counts: [(u64, u64); 4]) -> FourGroups {
        let [neither, first, second, both] = counts.map(|(n, e)| Group::new(n, e).unwrap());
        FourGroups::new(neither, first, second, both).unwrap()
    }

    #[test]
    fn drugs_that_multiply_give_one() {
        let got = multiplicative(
            &groups([(1_000, 10), (1_000, 20), (1_000, 30), (1_000, 60)]),
            Scale::Prr,
        );
        assert!((got.unwrap().point - 1.0).abs() < 1e-14);
    }

    /// The ratio of the ROR of the second drug with the first to the one without, by hand.
    #[test]
    fn it_is_a_ratio_of_two_odds_ratios() {
        let got =
            multiplicative(&groups([(1_000, 10), (500, 20), (400, 30), (90, 40)]), Scale::Ror)
                .unwrap();
        let with = ror(&Table2x2::new(40, 50, 20, 480).unwrap()).unwrap();
        let without = ror(&Table2x2::new(30, 370, 10, 990).unwrap()).unwrap();
        assert!((got.point - with.point / without.point).abs() < 1e-12);
    }
}
