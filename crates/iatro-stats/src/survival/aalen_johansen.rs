//! Aalen-Johansen estimate of the cumulative incidence of competing causes.

use super::cohort::{Moment, Row};
use super::{Cohort, ConfidenceLimits, Interval, SurvivalError};

/// Which estimate of the variance of a cumulative incidence to give. Both are consistent; in large
/// cohorts they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IncidenceVariance {
    /// The delta method with multinomial increments, Greenwood's formula for one cause. What R's
    /// `survfit` of several states gives (3.5; the same number without weights and late
    /// entries), and `etm`.
    #[default]
    Delta,
    /// The counting-process estimate of Aalen, with a correction for ties. What `cmprsk::cuminc` of R
    /// gives. Somewhat larger.
    Aalen,
}

/// Cumulative incidence of every cause of a cohort.
#[derive(Debug, Clone, PartialEq)]
pub struct AalenJohansen {
    causes: Vec<u32>,
    steps: Vec<AalenJohansenStep>,
    /// For each step, each cause in the order of `causes`.
    incidences: Vec<CauseStep>,
}

/// What is common to all causes from `time` until the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AalenJohansenStep {
    /// Time of the step.
    pub time: f64,
    /// Subjects (their weight) under observation just before it.
    pub at_risk: f64,
    /// Subjects censored at this time.
    pub censored: f64,
    /// Probability of no event of any cause up to and including this time (Kaplan-Meier); with the
    /// cumulative incidences of all causes it sums to 1.
    pub survival: f64,
}

/// The cumulative incidence of one cause from a step until the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CauseStep {
    /// Events of this cause at this time.
    pub events: f64,
    /// Probability of an event of this cause up to and including this time, from 0 to 1.
    pub incidence: f64,
    /// Variance of the incidence.
    pub variance: f64,
}

impl CauseStep {
    /// The step of a cause that nothing has happened of.
    const NOTHING: Self = Self { events: 0.0, incidence: 0.0, variance: 0.0 };

    /// Returns the standard error; `None` before the first event of the cause, and at 1.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        // Where every subject ended by this cause the variance is 0 but for rounding.
        let open = self.incidence > 0.0 && self.incidence < 1.0 - 1e-12;
        (open && self.variance > 0.0).then(|| self.variance.sqrt())
    }

    /// Returns the pointwise limits; `None` where there is no standard error.
    ///
    /// On the log-log scale they are those of Choudhury 2002, Stat Med 21:1129-1144.
    #[must_use]
    pub fn limits(&self, limits: &ConfidenceLimits) -> Option<Interval> {
        self.standard_error().and_then(|se| limits.of(self.incidence, se / self.incidence))
    }
}

/// Returns the Aalen-Johansen cumulative incidence of every cause in a cohort.
///
/// ```text
/// I_k(t) = sum over event times t_j <= t of S(t_j -) d_kj / n_j
/// ```
///
/// S is the Kaplan-Meier curve of any event, d_kj the weight of events of cause k at t_j, n_j the weight
/// at risk. One minus the Kaplan-Meier curve of one cause alone, the others censored, is larger and
/// is no probability of anything. The variance follows from the recursion
///
/// ```text
/// I_k' = I_k + S h_k,   S' = S (1 - h)
/// h_k = d_k / n, h = d / n
/// Delta: var(h_k) = h_k (1 - h_k) / n, cov(h_k, h) = h_k (1 - h) / n, var(h) = h (1 - h) / n
/// Aalen: var(h_k) = c(d_k) d_k / n^2 for each cause, independent; c(d) = 1 - (d - 1) / (n - 1)
///        where d > 1, else 1
/// ```
///
/// Sources: Aalen and Johansen 1978, Scand J Stat 5:141-150; Dinse and Larson 1986, Biometrika
/// 73:379-386 (`Delta`); Aalen 1978, Ann Stat 6:534-545, and Gray 1988, Ann Stat 16:1141-1154
/// (`Aalen`).
///
/// # Errors
/// [`SurvivalError::TooManyGroups`] for more than 100 causes.
pub fn aalen_johansen(
    cohort: &Cohort,
    variance: IncidenceVariance,
) -> Result<AalenJohansen, SurvivalError> {
    let causes = cohort.causes();
    if causes.len() > MOST_CAUSES {
        return Err(SurvivalError::TooManyGroups { groups: causes.len(), most: MOST_CAUSES });
    }
    let moments = cohort.moments();
    let mut curves = vec![Curve::default(); causes.len()];
    let mut steps = Vec::with_capacity(moments.len());
    let mut incidences = Vec::with_capacity(moments.len() * causes.len());
    let mut survival = 1.0;
    for moment in &moments {
        let rows = cohort.rows.get(moment.rows.clone()).unwrap_or_default();
        for (&cause, curve) in causes.iter().zip(&mut curves) {
            let events = events_of(rows, cause);
            curve.step(moment, events, survival, variance);
            let Curve { incidence, var_incidence, .. } = *curve;
            incidences.push(CauseStep { events, incidence, variance: var_incidence });
        }
        survival *= moment.spared / moment.at_risk;
        let Moment { time, at_risk, censored, .. } = *moment;
        steps.push(AalenJohansenStep { time, at_risk, censored, survival });
    }
    Ok(AalenJohansen { causes, steps, incidences })
}

/// Every cause has a step at every time.
const MOST_CAUSES: usize = 100;

fn events_of(rows: &[Row], cause: u32) -> f64 {
    rows.iter().filter(|row| row.cause == cause).map(|row| row.weight).sum()
}

/// Incidence of one cause, with the covariance matrix of it and survival.
#[derive(Clone, Default)]
struct Curve {
    incidence: f64,
    var_incidence: f64,
    covariance: f64,
    var_survival: f64,
}

impl Curve {
    fn step(&mut self, m: &Moment, events: f64, survival: f64, which: IncidenceVariance) {
        if m.events == 0.0 {
            return;
        }
        let (hk, kept) = (events / m.at_risk, m.spared / m.at_risk);
        self.incidence = (self.incidence + survival * hk).min(1.0);
        // The errors of incidence and survival go into the new ones by [1 hk; 0 kept].
        let (vi, c, vs) = (self.var_incidence, self.covariance, self.var_survival);
        self.var_incidence = vi + 2.0 * hk * c + hk * hk * vs;
        self.covariance = kept * (c + hk * vs);
        self.var_survival = kept * kept * vs;
        let (var_k, cov, var_all) = match which {
            IncidenceVariance::Delta => {
                let rest = (1.0 - hk).max(0.0);
                (hk * rest / m.at_risk, hk * kept / m.at_risk, (1.0 - kept) * kept / m.at_risk)
            }
            IncidenceVariance::Aalen => {
                let other = (m.events - events).max(0.0);
                let [own, others] = [events, other].map(|d| tied(d, m.at_risk));
                (own, own, own + others)
            }
        };
        let s2 = survival * survival;
        self.var_incidence = (self.var_incidence + s2 * var_k).max(0.0);
        self.covariance -= s2 * cov;
        self.var_survival += s2 * var_all;
    }
}

/// Variance of d events among n, hypergeometric where they are tied.
fn tied(d: f64, n: f64) -> f64 {
    let correction = if d > 1.0 && n > 1.0 { 1.0 - (d - 1.0) / (n - 1.0) } else { 1.0 };
    correction.max(0.0) * d / (n * n)
}

impl AalenJohansen {
    /// Returns the causes, in rising order.
    #[must_use]
    pub fn causes(&self) -> &[u32] {
        &self.causes
    }

    /// Returns the steps, by rising time.
    #[must_use]
    pub fn steps(&self) -> &[AalenJohansenStep] {
        &self.steps
    }

    /// Returns the incidence of `cause` at each step; empty for a cause that does not occur.
    pub fn incidence(&self, cause: u32) -> impl Iterator<Item = &CauseStep> {
        let place = self.causes.binary_search(&cause).unwrap_or(self.incidences.len());
        self.incidences.iter().skip(place).step_by(self.causes.len().max(1))
    }

    /// Returns the incidence of `cause` at `time`; `None` for a cause that does not occur and for a
    /// time that is negative, not a number, or beyond the last follow-up, unless survival had
    /// reached 0 before: then nothing changes any more.
    ///
    /// Its limits: [`CauseStep::limits`].
    #[must_use]
    pub fn at(&self, cause: u32, time: f64) -> Option<CauseStep> {
        let place = self.causes.binary_search(&cause).ok()?;
        let last = self.steps.last()?;
        if !(time >= 0.0 && (time <= last.time || last.survival == 0.0)) {
            return None;
        }
        let before = self.steps.partition_point(|step| step.time <= time);
        let Some(step) = before.checked_sub(1) else {
            return Some(CauseStep::NOTHING);
        };
        self.incidences.get(step * self.causes.len() + place).copied()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::survival::{Subject, kaplan_meier};

    fn cohort() -> Cohort {
        let of = Subject::of_cause;
        let c = Subject::censored;
        Cohort::new(&[of(1., 1), of(2., 2), c(2.), of(3., 1), of(3., 7), c(4.), of(5., 2)]).unwrap()
    }

    #[test]
    fn incidences_and_survival_sum_to_one() {
        for variance in [IncidenceVariance::Delta, IncidenceVariance::Aalen] {
            let all = aalen_johansen(&cohort(), variance).unwrap();
            assert_eq!(all.causes(), [1, 2, 7]);
            for step in all.steps() {
                let sum: f64 =
                    [1, 2, 7].iter().map(|&k| all.at(k, step.time).unwrap().incidence).sum();
                assert!((sum + step.survival - 1.0).abs() < 1e-15);
            }
            assert_eq!(all.incidence(2).count(), all.steps().len());
            assert_eq!(all.incidence(3).count(), 0);
            assert_eq!(all.incidence(7).last(), all.at(7, 5.0).as_ref());
        }
    }

    /// With one cause the incidence is 1 - S, and the delta variance is Greenwood's.
    #[test]
    fn one_cause_is_kaplan_meier() {
        let subjects = [1., 2., 2., 5., 7.].map(Subject::event);
        let censored = [2., 6., 8.].map(Subject::censored);
        let cohort = Cohort::new(&[subjects.as_slice(), &censored].concat()).unwrap();
        let incidence = aalen_johansen(&cohort, IncidenceVariance::Delta).unwrap();
        for (one, km) in incidence.incidence(1).zip(kaplan_meier(&cohort).steps()) {
            assert!((one.incidence + km.survival - 1.0).abs() < 1e-15);
            let greenwood = km.standard_error().unwrap();
            assert!((one.standard_error().unwrap() - greenwood).abs() < 1e-15);
        }
    }

    #[test]
    fn outside_what_was_observed() {
        let all = aalen_johansen(&cohort(), IncidenceVariance::Delta).unwrap();
        assert_eq!(all.at(1, 0.5), Some(CauseStep::NOTHING));
        assert_eq!(all.at(1, -0.5), None);
        assert_eq!(all.at(1, f64::NAN), None);
        assert_eq!(all.at(9, 1.0), None);
        assert_eq!(all.at(1, 99.0), all.at(1, 5.0), "survival is 0 from 5 on");
        assert_eq!(CauseStep::NOTHING.limits(&ConfidenceLimits::default()), None);
    }
}
