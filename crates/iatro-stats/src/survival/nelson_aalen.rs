//! Nelson-Aalen estimate of the cumulative hazard.

use super::limits::z_of;
use super::{Cohort, Interval};
use crate::DomainError;

/// The cumulative hazard from `time` until the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NelsonAalenStep {
    /// Time of the step.
    pub time: f64,
    /// Subjects (their weight) under observation just before it.
    pub at_risk: f64,
    /// Events at this time.
    pub events: f64,
    /// Cumulative hazard, 0 or above; no upper bound.
    pub hazard: f64,
    /// Its variance; 0 before the first event.
    pub variance: f64,
}

impl NelsonAalenStep {
    /// Returns the standard error; `None` before the first event.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        (self.variance > 0.0).then(|| self.variance.sqrt())
    }

    /// Returns the pointwise limits H exp(-+ z se / H) at `level` (0.95, not 95); `None` before the
    /// first event, and where weights near 0 leave the upper limit beyond any number.
    ///
    /// # Errors
    /// [`DomainError`] if the level is out of range.
    pub fn limits(&self, level: f64) -> Result<Option<Interval>, DomainError> {
        let z = z_of("NelsonAalenStep::limits", level)?;
        let interval = |se: f64| {
            let factor = (z * se / self.hazard).exp();
            Interval { lower: self.hazard / factor, upper: self.hazard * factor }
        };
        Ok(self.standard_error().map(interval).filter(|limits| limits.upper.is_finite()))
    }
}

/// Returns the Nelson-Aalen cumulative hazard of a cohort, a step at each time at which follow-up of
/// someone ends; an event of any cause counts (see [`Cohort::cause_specific`] for one).
///
/// ```text
/// H(t) = sum over event times t_j <= t of d_j / n_j
/// var(H(t)) = sum over event times t_j <= t of d_j / n_j^2
/// ```
///
/// d_j and n_j as in [`kaplan_meier`](super::kaplan_meier). Tied events are one jump, as in R's
/// `survfit(ctype = 1)`. Sources: Nelson 1972, Technometrics 14:945-966; Aalen 1978, Ann Stat
/// 6:701-726.
#[must_use]
pub fn nelson_aalen(cohort: &Cohort) -> Vec<NelsonAalenStep> {
    let (mut hazard, mut variance) = (0.0, 0.0);
    let step = |m: super::cohort::Moment| {
        hazard += m.events / m.at_risk;
        variance += m.events / (m.at_risk * m.at_risk);
        NelsonAalenStep { time: m.time, at_risk: m.at_risk, events: m.events, hazard, variance }
    };
    cohort.moments().into_iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn sums_the_shares_of_those_at_risk() {
        let events = [true, false, true, true];
        let cohort = Cohort::right_censored(&[1.0, 0.5, 2.0, 2.0], &events).unwrap();
        let steps = nelson_aalen(&cohort);
        assert_eq!(steps[0].limits(0.95).unwrap(), None);
        assert!((steps[1].hazard - 1.0 / 3.0).abs() < 1e-15);
        assert!((steps[2].hazard - (1.0 / 3.0 + 1.0)).abs() < 1e-15);
        assert!((steps[2].variance - (1.0 / 9.0 + 0.5)).abs() < 1e-15);
        let limits = steps[2].limits(0.95).unwrap().unwrap();
        assert!((limits.lower * limits.upper - steps[2].hazard.powi(2)).abs() < 1e-12);
        assert!(steps[2].limits(1.0).is_err());
    }
}
