//! Quantiles of the time to event, with the limits of Brookmeyer and Crowley.

use super::{ConfidenceLimits, KaplanMeier, KaplanMeierStep};
use crate::DomainError;
use crate::special::probability;

/// A quantile of the time to event. Each part is `None` where its curve does not fall far enough
/// within the follow-up: the quantile or limit lies beyond what was observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalQuantile {
    /// The quantile.
    pub point: Option<f64>,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit; `None` is common, and means that the data set no upper limit.
    pub upper: Option<f64>,
}

/// Survival this near to the level counts as equal to it: products of fractions that are equal on
/// paper differ in their last digits.
const EQUAL: f64 = 1.5e-8;

impl KaplanMeier {
    /// Returns the time by which a share `p` of subjects has had the event (0 < p < 1), with limits
    /// by inversion of the pointwise limits of the curve.
    ///
    /// ```text
    /// quantile = smallest t with S(t) <= 1 - p
    /// lower, upper: the same of the curves of the lower and the upper limits
    /// ```
    ///
    /// Where a curve runs flat at exactly 1 - p and falls later, the middle of the flat part is
    /// taken; where it runs flat to the end of follow-up, its beginning. This is what
    /// `print(survfit)` of R gives for the median (`quantile(survfit)` takes the middle at the end
    /// too). Where survival is 0 the limit curves have ended. Source: Brookmeyer and Crowley 1982,
    /// Biometrics 38:29-41, with the transformed limits.
    ///
    /// # Errors
    /// [`DomainError`] if `p` is out of range.
    pub fn quantile(
        &self,
        p: f64,
        limits: &ConfidenceLimits,
    ) -> Result<SurvivalQuantile, DomainError> {
        Ok(self.falls_to(1.0 - probability("KaplanMeier::quantile", "p", p)?, limits))
    }

    /// Returns the median time to event with its limits: [`quantile`](Self::quantile) at one half.
    #[must_use]
    pub fn median(&self, limits: &ConfidenceLimits) -> SurvivalQuantile {
        self.falls_to(0.5, limits)
    }

    fn falls_to(&self, level: f64, limits: &ConfidenceLimits) -> SurvivalQuantile {
        let limit = |step: &KaplanMeierStep| step.limits(limits);
        let point = self.crossing(level, |step| Some(step.survival));
        let lower = self.crossing(level, |step| limit(step).map(|l| l.lower));
        let upper = self.crossing(level, |step| limit(step).map(|l| l.upper));
        // The middle of a flat part may fall outside where the limits are all but the curve itself.
        let lower = lower.map(|lower| point.map_or(lower, |point| lower.min(point)));
        let upper = point.and_then(|point| upper.map(|upper| upper.max(point)));
        SurvivalQuantile { point, lower, upper }
    }

    /// The time at which `curve` first is at `level` or below.
    fn crossing(&self, level: f64, curve: impl Fn(&KaplanMeierStep) -> Option<f64>) -> Option<f64> {
        let mut steps = self.steps().iter().filter(|step| step.events > 0.0);
        let below = |step: &KaplanMeierStep| curve(step).filter(|&value| value < level + EQUAL);
        let (reached, value) =
            steps.find_map(|step| below(step).map(|value| (step.time, value)))?;
        if (value - level).abs() >= EQUAL {
            return Some(reached);
        }
        let falls = steps.find(|step| curve(step).is_some_and(|next| next < value));
        Some(falls.map_or(reached, |step| 0.5 * (reached + step.time)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use crate::survival::{Cohort, ConfidenceLimits, kaplan_meier};

    fn median(times: &[f64], events: &[bool]) -> Option<f64> {
        let curve = kaplan_meier(&Cohort::right_censored(times, events).unwrap());
        curve.median(&ConfidenceLimits::default()).point
    }

    #[test]
    fn a_flat_part_at_one_half() {
        let times = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(median(&times, &[true; 4]), Some(2.5));
        assert_eq!(median(&times, &[true, true, false, true]), Some(3.0));
        assert_eq!(median(&times, &[true, true, false, false]), Some(2.0));
        assert_eq!(median(&times, &[true, false, false, false]), None);
    }

    #[test]
    fn a_share_is_not_a_percentage() {
        let curve = kaplan_meier(&Cohort::right_censored(&[1.0], &[true]).unwrap());
        let limits = ConfidenceLimits::default();
        assert!(curve.quantile(25.0, &limits).is_err());
        assert_eq!(curve.quantile(0.25, &limits).unwrap().point, Some(1.0));
    }
}
