//! Observed against expected: the Poisson MaxSPRT.

use super::critical::{check_alpha, check_critical, smallest};
use super::crossing::crossing_time;
use super::llr::poisson_unchecked;
use super::walk::{Segment, walk};
use super::{CriticalValue, Performance, SequentialError};
use crate::special::in_range;

/// A plan for the surveillance of a count of events against a known expected count.
///
/// Under no association the events are a Poisson process; time is counted in expected events, so that
/// its unit does not matter and the expected rate may change. The statistic is
/// [`poisson_llr`](super::poisson_llr); it signals as soon as it reaches the critical value and at least
/// `minimum_events` have been observed. Source: Kulldorff et al. 2011, Sequential Anal 30:58-78;
/// `minimum_events` and the delayed start: Kulldorff and Silva 2017, REVSTAT 15:373-394.
///
/// Critical values are exact. Their cost grows with the 3/2 power of the length: 0.2 ms at length 10,
/// 50 ms at 1,000, a few seconds at 10,000, minutes at 100,000.
#[derive(Debug, Clone, PartialEq)]
pub struct PoissonPlan {
    looks: Looks,
    minimum_events: u64,
}

#[derive(Debug, Clone, PartialEq)]
enum Looks {
    /// All the time from `start` to `end`.
    Continuous { start: f64, end: f64 },
    /// At these expected counts; not empty, rising.
    At(Vec<f64>),
}

/// Expected counts that a plan may reach.
const LONGEST: f64 = 1e5;
/// Ratios that a plan is asked about.
const LARGEST_RATIO: f64 = 100.0;

impl PoissonPlan {
    /// A plan looked at continuously from the start until `length` events are expected.
    ///
    /// `length` is above 0 and at most 100,000; `minimum_events` (M) from 1 to 100,000. With M = 1 a
    /// single early event signals; Kulldorff and Silva advise M = 4.
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if an argument is out of range.
    pub fn continuous(length: f64, minimum_events: u64) -> Result<Self, SequentialError> {
        let function = "PoissonPlan::continuous";
        let end = check_length(function, "length", length)?;
        let minimum_events = check_minimum(function, minimum_events)?;
        Ok(Self { looks: Looks::Continuous { start: 0.0, end }, minimum_events })
    }

    /// A plan first looked at when `start` events are expected, and continuously from then until
    /// `length` are.
    ///
    /// `start` is 0 or above and at most `length`; the rest as for [`Self::continuous`]. The first look
    /// takes a count of reports as it stands, so the probability of a false signal moves in jumps and
    /// [`CriticalValue::alpha`] may fall short of the one asked for.
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if an argument is out of range.
    pub fn continuous_from(
        start: f64,
        length: f64,
        minimum_events: u64,
    ) -> Result<Self, SequentialError> {
        let function = "PoissonPlan::continuous_from";
        let end = check_length(function, "length", length)?;
        let expected = "an expected count from 0 to the length of the plan";
        let start = in_range((0.0..=end).contains(&start), function, "start", start, expected)?;
        let minimum_events = check_minimum(function, minimum_events)?;
        Ok(Self { looks: Looks::Continuous { start, end }, minimum_events })
    }

    /// A plan looked at a number of times: `expected` holds the expected count at each look, cumulative
    /// and rising, above 0 and at most 100,000.
    ///
    /// # Errors
    /// [`SequentialError::NoLooks`], [`SequentialError::LooksNotRising`], or
    /// [`SequentialError::Domain`] if an argument is out of range.
    pub fn group(expected: &[f64], minimum_events: u64) -> Result<Self, SequentialError> {
        let function = "PoissonPlan::group";
        let mut before = 0.0;
        for (index, &value) in expected.iter().enumerate() {
            check_length(function, "expected", value)?;
            if value <= before {
                return Err(SequentialError::LooksNotRising { index, value, before });
            }
            before = value;
        }
        if expected.is_empty() {
            return Err(SequentialError::NoLooks);
        }
        let minimum_events = check_minimum(function, minimum_events)?;
        Ok(Self { looks: Looks::At(expected.to_vec()), minimum_events })
    }

    /// The expected count at which the plan ends.
    #[must_use]
    pub fn length(&self) -> f64 {
        match &self.looks {
            Looks::Continuous { end, .. } => *end,
            Looks::At(looks) => looks.last().copied().unwrap_or_default(),
        }
    }

    /// Returns the smallest critical value whose probability of a false signal is at most `alpha`
    /// (1e-9 to 0.5), and that probability.
    ///
    /// For a plan looked at continuously from the start the two are equal. Otherwise the probability
    /// moves in jumps, and every critical value between two attainable ratios is the same test; the one
    /// returned is the lower end of that range (plus 1e-9).
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if `alpha` is out of range; [`SequentialError::TooShort`] if the plan
    /// cannot signal that often, whatever the critical value (too short for `minimum_events`).
    pub fn critical_value(&self, alpha: f64) -> Result<CriticalValue, SequentialError> {
        let alpha = check_alpha("PoissonPlan::critical_value", alpha)?;
        let size = |critical| walk(self.segments(critical), 1.0).signalled;
        smallest(alpha, size, |critical| self.largest_silent_ratio(critical))
    }

    /// Returns power, expected time to signal and expected length when events arrive at `ratio` times
    /// the expected rate (above 0, at most 100). At ratio 1 the power is the probability of a false
    /// signal.
    ///
    /// `critical_value` is above 0 and at most 1000.
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if an argument is out of range.
    pub fn performance(
        &self,
        critical_value: f64,
        ratio: f64,
    ) -> Result<Performance, SequentialError> {
        let function = "PoissonPlan::performance";
        let critical = check_critical(function, critical_value)?;
        let expected = "a ratio above 0 and at most 100";
        let ok = ratio > 0.0 && ratio <= LARGEST_RATIO;
        let ratio = in_range(ok, function, "ratio", ratio, expected)?;
        let walked = walk(self.segments(critical), ratio);
        Ok(Performance::new(&walked, self.length()))
    }

    /// Returns the number of events that signals at a look when `expected` events are expected (above 0,
    /// at most 100,000): the boundary of the plan, for drawing it.
    ///
    /// `critical_value` is above 0 and at most 1000. Whether the plan looks at that time is not asked.
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if an argument is out of range.
    pub fn signal_count(&self, critical_value: f64, expected: f64) -> Result<u64, SequentialError> {
        let function = "PoissonPlan::signal_count";
        let critical = check_critical(function, critical_value)?;
        let expected = check_length(function, "expected", expected)?;
        Ok(self.barrier(critical, expected))
    }

    fn barrier(&self, critical: f64, expected: f64) -> u64 {
        #[allow(clippy::cast_sign_loss, reason = "expected counts are above 0")]
        let mut events = self.minimum_events.max(expected.floor() as u64);
        while poisson_unchecked(events, expected) < critical {
            events += 1;
        }
        events
    }

    fn segments(&self, critical: f64) -> Vec<Segment> {
        match &self.looks {
            Looks::Continuous { start, end } => self.continuous_segments(critical, *start, *end),
            Looks::At(looks) => {
                let before = std::iter::once(&0.0).chain(looks);
                let segment = |(before, &look): (&f64, &f64)| {
                    let barrier = self.barrier(critical, look) as usize;
                    Segment { length: look - before, barrier, continuous: false }
                };
                before.zip(looks).map(segment).collect()
            }
        }
    }

    /// A stretch up to the first look, then one for every count that signals until the end.
    fn continuous_segments(&self, critical: f64, start: f64, end: f64) -> Vec<Segment> {
        let mut segments = Vec::new();
        let (mut now, mut events) = (start, self.minimum_events);
        if start > 0.0 {
            events = self.barrier(critical, start);
            segments.push(Segment { length: start, barrier: events as usize, continuous: false });
        }
        while now < end {
            let until = crossing_time(events, critical).min(end);
            if until > now {
                let barrier = events as usize;
                segments.push(Segment { length: until - now, barrier, continuous: true });
                now = until;
            }
            events += 1;
        }
        segments
    }

    /// The largest ratio that can be seen at a single look and does not signal there.
    fn largest_silent_ratio(&self, critical: f64) -> Option<f64> {
        let silent = |&look: &f64| {
            let events = self.barrier(critical, look) - 1;
            (events >= self.minimum_events).then(|| poisson_unchecked(events, look))
        };
        match &self.looks {
            Looks::Continuous { start, .. } => Some(start).filter(|&&s| s > 0.0).and_then(silent),
            Looks::At(looks) => looks.iter().filter_map(silent).max_by(f64::total_cmp),
        }
    }
}

fn check_length(
    function: &'static str,
    argument: &'static str,
    length: f64,
) -> Result<f64, SequentialError> {
    let expected = "an expected count above 0 and at most 100000";
    Ok(in_range(length > 0.0 && length <= LONGEST, function, argument, length, expected)?)
}

fn check_minimum(function: &'static str, minimum: u64) -> Result<u64, SequentialError> {
    let ok = (1..=100_000).contains(&minimum);
    in_range(ok, function, "minimum_events", minimum as f64, "a count from 1 to 100000")?;
    Ok(minimum)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn impossible_plans_are_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e6] {
            assert!(PoissonPlan::continuous(bad, 1).is_err());
            assert!(PoissonPlan::group(&[bad], 1).is_err());
        }
        assert!(PoissonPlan::continuous(1.0, 0).is_err());
        assert!(PoissonPlan::continuous_from(2.0, 1.0, 1).is_err());
        assert_eq!(PoissonPlan::group(&[], 1), Err(SequentialError::NoLooks));
        let error = PoissonPlan::group(&[1.0, 3.0, 3.0], 1).unwrap_err();
        assert_eq!(error, SequentialError::LooksNotRising { index: 2, value: 3.0, before: 3.0 });
        let plan = PoissonPlan::continuous(1.0, 1).unwrap();
        for bad in [0.0, 0.6, f64::NAN] {
            assert!(plan.critical_value(bad).is_err());
        }
        assert!(plan.performance(0.0, 1.0).is_err() && plan.performance(1.0, 0.0).is_err());
        assert!(plan.performance(f64::NAN, 1.0).is_err() && plan.performance(1.0, 101.0).is_err());
    }

    /// Four events before 0.5 are expected have probability 0.0018.
    #[test]
    fn a_plan_too_short_says_how_often_it_can_signal() {
        let plan = PoissonPlan::continuous(0.5, 4).unwrap();
        let Err(SequentialError::TooShort { attainable, .. }) = plan.critical_value(0.05) else {
            panic!("no such critical value");
        };
        assert!((attainable - 0.001_751_622_556_290_824).abs() < 1e-12, "{attainable}");
    }

    /// A first look makes jumps of the probability, what follows does not: whichever brings it down to
    /// alpha, it does not stay above.
    #[test]
    fn small_alphas_are_kept() {
        for alpha in [1e-3, 1e-6, 1e-7, 1e-8, 1e-9] {
            let whole = PoissonPlan::continuous(10.0, 1).unwrap().critical_value(alpha).unwrap();
            assert!((whole.alpha / alpha - 1.0).abs() < 1e-9, "{alpha}: {whole:?}");
            for start in [0.5, 1.0, 3.0] {
                let plan = PoissonPlan::continuous_from(start, 10.0, 1).unwrap();
                let got = plan.critical_value(alpha).unwrap();
                assert!(got.alpha < alpha * (1.0 + 1e-9), "{start} {alpha}: {got:?}");
                let lower = plan.performance(got.value - 1e-6, 1.0).unwrap();
                assert!(lower.power > alpha, "{start} {alpha}: {got:?}");
            }
        }
    }

    /// Where hardly any event comes, the surveillance lasts, and the rare signal takes its time.
    #[test]
    fn a_small_ratio_has_its_times() {
        let plan = PoissonPlan::continuous(10.0, 1).unwrap();
        for ratio in [1e-3, 1e-8, 1e-10, 1e-17, 1e-300] {
            let got = plan.performance(3.467952, ratio).unwrap();
            assert!((got.length / 10.0 - 1.0).abs() < 2e-5, "{ratio}: {got:?}");
        }
        // One event, before its crossing time t: at t/2 in the mean.
        let got = plan.performance(3.467952, 1e-10).unwrap();
        let crossing = crossing_time(1, 3.467952);
        assert!((got.power / (1e-10 * crossing) - 1.0).abs() < 1e-8, "{got:?}");
        assert!((got.time_to_signal.unwrap() / (0.5 * crossing) - 1.0).abs() < 1e-7, "{got:?}");
    }

    /// One look is a one-sided exact Poisson test.
    #[test]
    fn one_look_is_the_exact_test() {
        let plan = PoissonPlan::group(&[5.0], 1).unwrap();
        let critical = plan.critical_value(0.05).unwrap();
        // P(N >= 10) = 0.0318, P(N >= 9) = 0.0681 at mean 5.
        assert_eq!(plan.signal_count(critical.value, 5.0).unwrap(), 10);
        assert!((critical.alpha - 0.031_828_057_306_204_81).abs() < 1e-13);
        assert!((critical.value - poisson_unchecked(9, 5.0)).abs() < 2e-9);
    }

    #[test]
    fn the_largest_minimum_and_the_largest_ratio_end() {
        let plan = PoissonPlan::continuous(10.0, 100_000).unwrap();
        let never = plan.performance(1.0, 1.0).unwrap();
        assert_eq!((never.time_to_signal, never.length), (None, 10.0));
        let plan = PoissonPlan::continuous(1e3, 1).unwrap();
        let at_once = plan.performance(1e3, 100.0).unwrap();
        assert!(at_once.power > 0.999_999 && at_once.length < 1e3);
    }
}
