//! Kaplan-Meier estimate of the survival function, with Greenwood's standard error.

use super::{Cohort, ConfidenceLimits, Interval};

/// The survival curve of a cohort: a step at each time at which follow-up of someone ends.
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    steps: Vec<KaplanMeierStep>,
    start: KaplanMeierStep,
    /// Times of late entries, rising, with the weight of all that enter then or later.
    entering: Vec<(f64, f64)>,
}

/// The curve from `time` until the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KaplanMeierStep {
    /// Time of the step.
    pub time: f64,
    /// Subjects (their weight) under observation just before it.
    pub at_risk: f64,
    /// Events at this time.
    pub events: f64,
    /// Subjects censored at this time; they were at risk for its events.
    pub censored: f64,
    /// Estimated probability of having had no event up to and including this time, from 0 to 1.
    pub survival: f64,
    /// Greenwood's sum: the variance of ln survival; `None` once survival is 0.
    pub log_variance: Option<f64>,
}

impl KaplanMeierStep {
    /// Returns the standard error of the survival, by Greenwood; `None` where survival is 0 and
    /// where nothing has happened yet: the formula knows no error there.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.log_standard_error().map(|se| self.survival * se)
    }

    /// Returns the pointwise limits of the survival; `None` where there is no standard error.
    ///
    /// They hold for one time stated in advance, not for the whole curve at once. (R prints 1 to 1
    /// before the first event; that is no interval, so here it is `None`.)
    #[must_use]
    pub fn limits(&self, limits: &ConfidenceLimits) -> Option<Interval> {
        self.log_standard_error().and_then(|se| limits.of(self.survival, se))
    }

    fn log_standard_error(&self) -> Option<f64> {
        self.log_variance.filter(|&variance| variance > 0.0).map(f64::sqrt)
    }
}

/// Returns the Kaplan-Meier curve of a cohort; an event of any cause counts.
///
/// ```text
/// S(t) = product over event times t_j <= t of (1 - d_j / n_j)
/// var(ln S(t)) = sum over event times t_j <= t of d_j / (n_j (n_j - d_j))
/// ```
///
/// d_j: weight of events at t_j; n_j: weight of subjects with entry < t_j <= time. Where the events of a
/// time take everyone at risk, S is 0 from there on; with late entries that may happen early, while
/// few are under observation, and then the curve is of no use: start it later
/// (leave out subjects whose follow-up ends before, give the others an entry time). Weights count
/// subjects. Sources: Kaplan and Meier 1958, J Am Stat Assoc 53:457-481; Greenwood 1926, *The Errors
/// of Sampling of the Survivorship Tables*.
#[must_use]
pub fn kaplan_meier(cohort: &Cohort) -> KaplanMeier {
    let moments = cohort.moments();
    let mut survival = 1.0_f64;
    let mut log_variance = Some(0.0);
    let steps = moments.iter().map(|m| {
        if m.events > 0.0 {
            survival *= m.spared / m.at_risk;
            let term = m.events / (m.at_risk * m.spared);
            log_variance = log_variance.filter(|_| survival > 0.0).map(|sum| sum + term);
        }
        KaplanMeierStep {
            time: m.time,
            at_risk: m.at_risk,
            events: m.events,
            censored: m.censored,
            survival,
            log_variance,
        }
    });
    KaplanMeier { steps: steps.collect(), start: start(cohort), entering: entering(cohort) }
}

fn entering(cohort: &Cohort) -> Vec<(f64, f64)> {
    let mut entering: Vec<(f64, f64)> = Vec::with_capacity(cohort.entries.len());
    let mut weight = 0.0;
    for entry in cohort.entries.iter().rev() {
        weight += entry.weight;
        entering.push((entry.time, weight));
    }
    entering.reverse();
    entering
}

/// The curve before its first step. At risk there: all who do not enter late.
fn start(cohort: &Cohort) -> KaplanMeierStep {
    let late: f64 = cohort.entries.iter().map(|entry| entry.weight).sum();
    let at_risk = if cohort.entries.len() == cohort.len() { 0.0 } else { cohort.weight() - late };
    KaplanMeierStep {
        time: 0.0,
        at_risk,
        events: 0.0,
        censored: 0.0,
        survival: 1.0,
        log_variance: Some(0.0),
    }
}

impl KaplanMeier {
    /// Returns the steps, by rising time.
    #[must_use]
    pub fn steps(&self) -> &[KaplanMeierStep] {
        &self.steps
    }

    /// Returns the curve at `time` (its latest step then, or the start with survival 1 before the
    /// first); `None` for a time that is negative, not a number, or beyond the last follow-up,
    /// unless survival had reached 0 before: then it stays 0.
    ///
    /// Its limits: [`KaplanMeierStep::limits`].
    #[must_use]
    pub fn at(&self, time: f64) -> Option<&KaplanMeierStep> {
        let last = self.steps.last()?;
        let within = time >= 0.0 && (time <= last.time || last.survival == 0.0);
        let before = self.steps.partition_point(|step| step.time <= time);
        within.then(|| before.checked_sub(1).and_then(|i| self.steps.get(i)).unwrap_or(&self.start))
    }

    /// Returns the weight of subjects whose follow-up reaches `time` and who entered before it: those
    /// at risk for an event then. Between two steps, late entries raise it.
    #[must_use]
    pub fn at_risk(&self, time: f64) -> f64 {
        let next = self.steps.partition_point(|step| step.time < time);
        let Some(next) = self.steps.get(next) else { return 0.0 };
        let from = |time: f64| {
            let place = self.entering.partition_point(|entry| entry.0 < time);
            self.entering.get(place).map_or(0.0, |entry| entry.1)
        };
        // Those at risk at the next step, less who enters from now until before it.
        let left = next.at_risk - (from(time) - from(next.time));
        // What rounding leaves of fractional weights is nobody.
        if left > 1e-9 * next.at_risk { left } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::survival::{LimitScale, Subject};

    fn curve(subjects: &[Subject]) -> KaplanMeier {
        kaplan_meier(&Cohort::new(subjects).unwrap())
    }

    #[test]
    fn without_an_event_there_is_no_error_to_state() {
        let all_censored = curve(&[Subject::censored(1.0), Subject::censored(4.0)]);
        let end = all_censored.at(4.0).unwrap();
        assert_eq!((end.survival, end.standard_error()), (1.0, None));
        assert_eq!(end.limits(&ConfidenceLimits::default()), None);
        assert_eq!(all_censored.at(4.1), None);
        assert_eq!(all_censored.median(&ConfidenceLimits::default()).point, None);
    }

    #[test]
    fn survival_that_reached_zero_stays_there_without_limits() {
        let gone = curve(&[Subject::event(1.0), Subject::event(2.0)]);
        let end = gone.at(100.0).unwrap();
        assert_eq!((end.survival, end.log_variance), (0.0, None));
        assert_eq!(end.limits(&ConfidenceLimits::default()), None);
        assert_eq!(gone.at(1.0).unwrap().survival, 0.5);
        assert_eq!(gone.at(0.5).unwrap().survival, 1.0);
        assert_eq!(gone.at(-1.0), None);
        assert_eq!(gone.at(f64::NAN), None);
    }

    #[test]
    fn an_event_at_time_zero_counts() {
        let curve = curve(&[Subject::event(0.0), Subject::censored(3.0)]);
        assert_eq!(curve.at(0.0).unwrap().survival, 0.5);
        assert_eq!((curve.at_risk(0.0), curve.at_risk(1.0), curve.at_risk(9.0)), (2.0, 1.0, 0.0));
    }

    /// Against the definition, entry < t <= time, between steps as well as at them.
    #[test]
    fn late_entries_are_at_risk_only_after_their_entry() {
        let subjects = [
            Subject::event(2.0),
            Subject::event(7.0).entering(5.0),
            Subject::censored(9.0),
            Subject::event(12.0).entering(10.0).weighing(3.0),
            Subject::event(12.0).entering(11.0),
        ];
        let curve = curve(&subjects);
        for time in (0..52).map(|quarter| f64::from(quarter) / 4.0) {
            let is_there = |s: &&Subject| s.entry.is_none_or(|e| e < time) && time <= s.time;
            let expected: f64 = subjects.iter().filter(is_there).map(|s| s.weight).sum();
            assert_eq!(curve.at_risk(time), expected, "{time}");
        }
    }

    #[test]
    fn a_weight_counts_like_as_many_subjects() {
        let one = Subject::event(1.0);
        let weighted = curve(&[one.weighing(2.0), Subject::censored(2.0).weighing(3.0)]);
        let c = Subject::censored(2.0);
        assert_eq!(weighted.steps(), curve(&[one, one, c, c, c]).steps());
        let plain = ConfidenceLimits::new(LimitScale::Plain, 0.95).unwrap();
        assert!(weighted.at(1.0).unwrap().limits(&plain).is_some());
    }
}
