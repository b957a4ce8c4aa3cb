//! Restricted mean survival time: the area under the survival curve up to a time.

use super::limits::z_of;
use super::subject::MIN_WEIGHT;
use super::{Interval, KaplanMeier};
use crate::DomainError;
use crate::special::non_negative;

/// The mean time without event within a horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestrictedMean {
    /// Area under the curve from 0 to the horizon, in units of time.
    pub mean: f64,
    /// Its standard error; `None` if no event before the horizon leaves anything to estimate it from.
    pub standard_error: Option<f64>,
    /// Normal limits, cut at 0 and the horizon; `None` without a standard error.
    pub limits: Option<Interval>,
}

impl KaplanMeier {
    /// Returns the restricted mean survival time up to `horizon` (0 or above, in the unit of the
    /// times) with limits at `level` (0.95, not 95); `None` if the horizon lies beyond the
    /// follow-up, unless survival had reached 0.
    ///
    /// ```text
    /// mean = integral of S from 0 to horizon
    /// variance = sum over event times t_j <= horizon of
    ///            (integral of S from t_j to horizon)^2 d_j / (n_j (n_j - d_j))
    /// ```
    ///
    /// Without the factor m / (m - 1) that some programs apply, as R's `print(survfit, rmean =)` and
    /// `survRM2`. An event that takes everyone at risk adds nothing: the area after it is 0. Sources:
    /// Irwin 1949, J Hyg 47:188-189; Klein and Moeschberger 2003, *Survival Analysis*, section 4.5.
    ///
    /// # Errors
    /// [`DomainError`] if an argument is out of range.
    pub fn restricted_mean(
        &self,
        horizon: f64,
        level: f64,
    ) -> Result<Option<RestrictedMean>, DomainError> {
        let horizon = non_negative("KaplanMeier::restricted_mean", "horizon", horizon)?;
        let z = z_of("KaplanMeier::restricted_mean", level)?;
        Ok(self.at(horizon).map(|_| self.area(horizon, z)))
    }

    /// Walks the steps backwards, so that the area after each is at hand.
    fn area(&self, horizon: f64, z: f64) -> RestrictedMean {
        let (mut after, mut variance) = (0.0_f64, 0.0);
        let mut end = horizon;
        for step in self.steps().iter().rev().filter(|step| step.time <= horizon) {
            after += step.survival * (end - step.time);
            end = step.time;
            if step.events > 0.0 && step.survival > 0.0 {
                // Rounding aside, someone is spared where survival is above 0.
                let spared = (step.at_risk - step.events).max(MIN_WEIGHT);
                variance += after * after * step.events / (step.at_risk * spared);
            }
        }
        let mean = after + end;
        let standard_error = Some(variance.sqrt()).filter(|&se| se > 0.0);
        let limits = standard_error.map(|se| Interval {
            lower: (mean - z * se).max(0.0),
            upper: (mean + z * se).min(horizon).max(mean),
        });
        RestrictedMean { mean, standard_error, limits }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use crate::survival::{Cohort, kaplan_meier};

    #[test]
    fn the_whole_mean_where_nobody_is_censored() {
        let times = [1.0, 2.0, 4.0, 9.0];
        let curve = kaplan_meier(&Cohort::right_censored(&times, &[true; 4]).unwrap());
        let got = curve.restricted_mean(9.0, 0.95).unwrap().unwrap();
        assert!((got.mean - 4.0).abs() < 1e-14);
        // Then the variance is that of the mean with divisor n: 38 / 4 / 4.
        assert!((got.standard_error.unwrap() - (38.0_f64 / 16.0).sqrt()).abs() < 1e-14);
        assert_eq!(curve.restricted_mean(50.0, 0.95).unwrap().unwrap().mean, got.mean);
    }

    #[test]
    fn before_any_event_and_beyond_follow_up() {
        let curve = kaplan_meier(&Cohort::right_censored(&[2.0, 5.0], &[true, false]).unwrap());
        let early = curve.restricted_mean(1.5, 0.95).unwrap().unwrap();
        assert_eq!((early.mean, early.standard_error, early.limits), (1.5, None, None));
        assert_eq!(curve.restricted_mean(5.5, 0.95).unwrap(), None);
        assert!(curve.restricted_mean(f64::NAN, 0.95).is_err());
        assert!(curve.restricted_mean(1.0, 95.0).is_err());
    }
}
