//! One subject under observation.

use super::SurvivalError;

/// Largest time accepted, in any unit. Beyond it, squares of areas under a curve overflow.
pub(super) const MAX_TIME: f64 = 1e100;
/// Smallest weight accepted.
pub(super) const MIN_WEIGHT: f64 = 1e-6;
/// Largest weight accepted.
pub(super) const MAX_WEIGHT: f64 = 1e9;

/// How follow-up of a subject ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Follow-up ended before any event.
    Censored,
    /// The event happened; the number, 1 or above, says of which cause. One kind of event is cause 1.
    Event(u32),
}

/// One subject: from when to when it was under observation, and how that ended.
///
/// It is at risk at every time t with `entry` < t <= `time`. Times are finite, from 0 to 1e100, in
/// one unit (days, weeks) for the whole cohort; `entry` is below `time`. Checked by
/// [`Cohort::new`](super::Cohort::new).
///
/// A subject whose covariates change over time is several rows, one an interval, each but the last
/// censored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subject {
    /// Time at which follow-up ended.
    pub time: f64,
    /// How it ended.
    pub state: State,
    /// Time after which the subject came under observation (left truncation); `None`: from the
    /// start, time 0 included.
    pub entry: Option<f64>,
    /// How many subjects like this one the row stands for, from 1e-6 to 1e9; 1 for itself.
    pub weight: f64,
}

impl Subject {
    /// A subject whose follow-up ended at `time` without the event.
    #[must_use]
    pub const fn censored(time: f64) -> Self {
        Self { time, state: State::Censored, entry: None, weight: 1.0 }
    }

    /// A subject to whom the event happened at `time` (cause 1).
    #[must_use]
    pub const fn event(time: f64) -> Self {
        Self::of_cause(time, 1)
    }

    /// A subject to whom the event of `cause` (1 or above) happened at `time`.
    #[must_use]
    pub const fn of_cause(time: f64, cause: u32) -> Self {
        Self { time, state: State::Event(cause), entry: None, weight: 1.0 }
    }

    /// The same subject, under observation only after `entry`.
    #[must_use]
    pub const fn entering(self, entry: f64) -> Self {
        Self { entry: Some(entry), ..self }
    }

    /// The same subject, standing for `weight` subjects.
    #[must_use]
    pub const fn weighing(self, weight: f64) -> Self {
        Self { weight, ..self }
    }

    /// Refuses what the documentation excludes; `index` is the place of the subject in the input.
    pub(super) fn check(&self, index: usize) -> Result<(), SurvivalError> {
        let refuse = |quantity, value, expected| {
            Err(SurvivalError::Subject { index, quantity, value, expected })
        };
        if !(0.0..=MAX_TIME).contains(&self.time) {
            let expected =
                "a number from 0 to 1e100; leave out a subject whose follow-up is unknown";
            return refuse("time", self.time, expected);
        }
        if let Some(entry) = self.entry
            && !(entry >= 0.0 && entry < self.time)
        {
            let expected = "a number from 0 to below the time at which follow-up ended; a subject \
                            followed from the start has no entry time";
            return refuse("entry", entry, expected);
        }
        if !(MIN_WEIGHT..=MAX_WEIGHT).contains(&self.weight) {
            let expected = "a number from 1e-6 to 1e9; leave out a subject that counts for nothing";
            return refuse("weight", self.weight, expected);
        }
        if self.state == State::Event(0) {
            return refuse("cause", 0.0, "1 or above; `State::Censored` stands for no event");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named() {
        let bad = [
            (Subject::event(f64::NAN), "time"),
            (Subject::event(f64::INFINITY), "time"),
            (Subject::event(-1.0), "time"),
            (Subject::event(2e100), "time"),
            (Subject::event(1.0).entering(1.0), "entry"),
            (Subject::event(1.0).entering(-1.0), "entry"),
            (Subject::event(1.0).entering(f64::NAN), "entry"),
            (Subject::event(1.0).weighing(0.0), "weight"),
            (Subject::event(1.0).weighing(f64::NAN), "weight"),
            (Subject::of_cause(1.0, 0), "cause"),
        ];
        for (subject, named) in bad {
            let error = subject.check(7);
            assert!(
                matches!(error, Err(SurvivalError::Subject { index: 7, quantity, .. }) if quantity == named),
                "{subject:?}: {error:?}"
            );
        }
        assert_eq!(Subject::event(0.0).check(0), Ok(()));
        assert_eq!(Subject::of_cause(1e100, u32::MAX).entering(0.0).weighing(1e9).check(0), Ok(()));
    }
}
