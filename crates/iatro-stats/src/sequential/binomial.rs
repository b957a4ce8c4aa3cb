//! Exposed against a matched comparator: the binomial MaxSPRT.

use super::critical::{check_alpha, check_critical, smallest};
use super::llr::binomial_unchecked;
use super::walk::Walked;
use super::{CriticalValue, Performance, SequentialError};
use crate::special::in_range;

/// A plan for the surveillance of events that are each exposed or not, with a known probability of being
/// exposed under no association.
///
/// That probability is 1 / (1 + `ratio`), with `ratio` matched comparators for each exposed, or
/// comparison time over exposed time in a self-controlled design. The statistic is
/// [`binomial_llr`](super::binomial_llr), looked at after every event or at given numbers of events; it
/// signals as soon as it reaches the critical value and at least `minimum_cases` events were exposed.
/// Source: Kulldorff et al. 2011, Sequential Anal 30:58-78.
///
/// Probabilities are exact: the distribution of the number exposed is followed event by event.
#[derive(Debug, Clone, PartialEq)]
pub struct BinomialPlan {
    maximum_events: u64,
    ratio: f64,
    minimum_cases: u64,
    /// Numbers of events looked at, rising; `None`: every one.
    looks: Option<Vec<u64>>,
}

impl BinomialPlan {
    /// A plan looked at after every event, until there are `maximum_events` (N, 1 to 100,000).
    ///
    /// `ratio` (z) is above 0 and at most 1e6, `minimum_cases` (M) from 1 to 100,000.
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if an argument is out of range.
    pub fn every_event(
        maximum_events: u64,
        ratio: f64,
        minimum_cases: u64,
    ) -> Result<Self, SequentialError> {
        let function = "BinomialPlan::every_event";
        check_count(function, "maximum_events", maximum_events)?;
        check_count(function, "minimum_cases", minimum_cases)?;
        let ratio = check_ratio(function, "ratio", ratio)?;
        Ok(Self { maximum_events, ratio, minimum_cases, looks: None })
    }

    /// A plan looked at when there are as many events as `looks` says: cumulative and rising, 1 to
    /// 100,000. The other arguments as for [`Self::every_event`].
    ///
    /// # Errors
    /// [`SequentialError::NoLooks`], [`SequentialError::LooksNotRising`], or
    /// [`SequentialError::Domain`] if an argument is out of range.
    pub fn group(looks: &[u64], ratio: f64, minimum_cases: u64) -> Result<Self, SequentialError> {
        let function = "BinomialPlan::group";
        let mut before = 0;
        for (index, &look) in looks.iter().enumerate() {
            check_count(function, "looks", look)?;
            if look <= before {
                let (value, before) = (look as f64, before as f64);
                return Err(SequentialError::LooksNotRising { index, value, before });
            }
            before = look;
        }
        let maximum_events = *looks.last().ok_or(SequentialError::NoLooks)?;
        check_count(function, "minimum_cases", minimum_cases)?;
        let ratio = check_ratio(function, "ratio", ratio)?;
        Ok(Self { maximum_events, ratio, minimum_cases, looks: Some(looks.to_vec()) })
    }

    /// Returns the smallest critical value whose probability of a false signal is at most `alpha`
    /// (1e-9 to 0.5), and that probability.
    ///
    /// The probability moves in jumps, so it is usually below `alpha`, and every critical value between
    /// two attainable ratios is the same test; the one returned is the lower end of that range (plus
    /// 1e-9).
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if `alpha` is out of range; [`SequentialError::NeverSignals`] if even
    /// `maximum_events` exposed in a row are likelier than `alpha`; [`SequentialError::TooShort`] if
    /// `minimum_cases` leaves too few events for a signal with that probability.
    pub fn critical_value(&self, alpha: f64) -> Result<CriticalValue, SequentialError> {
        let alpha = check_alpha("BinomialPlan::critical_value", alpha)?;
        let null = 1.0 / (1.0 + self.ratio);
        let size = |critical| self.walk(critical, null).signalled;
        smallest(alpha, size, |critical| self.largest_silent_ratio(critical))
    }

    /// Returns power, expected number of events at the signal and expected number of events in all, when
    /// the exposed have events at `rate_ratio` times the rate of the others (above 0, at most 1e6). At
    /// 1 the power is the probability of a false signal.
    ///
    /// An event is then exposed with probability rate_ratio / (rate_ratio + ratio). `critical_value` is
    /// above 0 and at most 1000.
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if an argument is out of range.
    pub fn performance(
        &self,
        critical_value: f64,
        rate_ratio: f64,
    ) -> Result<Performance, SequentialError> {
        let function = "BinomialPlan::performance";
        let critical = check_critical(function, critical_value)?;
        let rate_ratio = check_ratio(function, "rate_ratio", rate_ratio)?;
        let walked = self.walk(critical, rate_ratio / (rate_ratio + self.ratio));
        Ok(Performance::new(&walked, self.maximum_events as f64))
    }

    /// Returns the number of exposed events that signals among `events`, or `None` if not even all of
    /// them would.
    ///
    /// `critical_value` is above 0 and at most 1000. Whether the plan looks at that number is not asked.
    ///
    /// # Errors
    /// [`SequentialError::Domain`] if `critical_value` is out of range.
    pub fn signal_count(
        &self,
        critical_value: f64,
        events: u64,
    ) -> Result<Option<u64>, SequentialError> {
        let critical = check_critical("BinomialPlan::signal_count", critical_value)?;
        let signals = |cases| binomial_unchecked(cases, events, self.ratio) >= critical;
        if self.minimum_cases > events || !signals(events) {
            return Ok(None);
        }
        // The ratio rises with the number exposed: halve the range.
        let (mut silent, mut loud) = (self.minimum_cases - 1, events);
        while loud - silent > 1 {
            let middle = silent + (loud - silent) / 2;
            if signals(middle) { loud = middle } else { silent = middle }
        }
        Ok(Some(loud))
    }

    /// For every number of events looked at, the number exposed that signals (above the number of events
    /// if none does). Neither number ever falls.
    fn barriers(&self, critical: f64) -> impl Iterator<Item = (u64, u64)> {
        let all = 1..=self.maximum_events;
        let numbers: Box<dyn Iterator<Item = u64>> = match &self.looks {
            None => Box::new(all),
            Some(looks) => Box::new(looks.iter().copied()),
        };
        let mut cases = self.minimum_cases;
        numbers.map(move |events| {
            while cases <= events && binomial_unchecked(cases, events, self.ratio) < critical {
                cases += 1;
            }
            (events, cases)
        })
    }

    /// Follows the number exposed when an event is exposed with `probability`; time is the number of
    /// events.
    fn walk(&self, critical: f64, probability: f64) -> Walked {
        let mut state = State { low: 0, mass: vec![1.0], dropped: 0.0 };
        let mut walked = Walked { signalled: 0.0, time: 0.0, length: 0.0 };
        let mut done = 0;
        for (events, barrier) in self.barriers(critical) {
            while done < events {
                walked.length += state.total();
                state.advance(probability);
                done += 1;
            }
            let signals = state.absorb(barrier);
            walked.signalled += signals;
            walked.time += signals * events as f64;
        }
        walked
    }

    /// The largest ratio that can be seen at a look and does not signal there.
    fn largest_silent_ratio(&self, critical: f64) -> Option<f64> {
        let silent = self.barriers(critical).filter_map(|(events, barrier)| {
            let cases = (barrier - 1).min(events);
            (cases >= self.minimum_cases).then(|| binomial_unchecked(cases, events, self.ratio))
        });
        silent.max_by(f64::total_cmp)
    }
}

/// The distribution of the number exposed while nothing has signalled.
struct State {
    /// The number of the first entry of `mass`.
    low: u64,
    mass: Vec<f64>,
    /// Probability left out at the low end, which will not signal.
    dropped: f64,
}

impl State {
    fn total(&self) -> f64 {
        self.dropped + self.mass.iter().sum::<f64>()
    }

    /// One more event.
    fn advance(&mut self, exposed: f64) {
        self.mass.push(0.0);
        let mut below = 0.0;
        for mass in &mut self.mass {
            let here = *mass;
            *mass = here * (1.0 - exposed) + below * exposed;
            below = here;
        }
        let small = self.mass.iter().take_while(|&&m| m < 1e-22).count();
        self.dropped += self.mass.drain(..small).sum::<f64>();
        self.low += small as u64;
    }

    /// Takes out what signals, and returns its probability.
    fn absorb(&mut self, barrier: u64) -> f64 {
        let silent = usize::try_from(barrier.saturating_sub(self.low)).unwrap_or(usize::MAX);
        self.mass.drain(silent.min(self.mass.len())..).fold(0.0, |sum, mass| sum + mass)
    }
}

fn check_count(
    function: &'static str,
    argument: &'static str,
    count: u64,
) -> Result<(), SequentialError> {
    let ok = (1..=100_000).contains(&count);
    in_range(ok, function, argument, count as f64, "a count from 1 to 100000")?;
    Ok(())
}

fn check_ratio(
    function: &'static str,
    argument: &'static str,
    ratio: f64,
) -> Result<f64, SequentialError> {
    let expected = "a ratio above 0 and at most 1000000";
    Ok(in_range(ratio > 0.0 && ratio <= 1e6, function, argument, ratio, expected)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn impossible_plans_are_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e7] {
            assert!(BinomialPlan::every_event(10, bad, 1).is_err());
            assert!(BinomialPlan::group(&[3], bad, 1).is_err());
        }
        for bad in [0, 100_001] {
            assert!(BinomialPlan::every_event(bad, 1.0, 1).is_err());
            assert!(BinomialPlan::every_event(10, 1.0, bad).is_err());
            assert!(BinomialPlan::group(&[bad], 1.0, 1).is_err());
        }
        assert_eq!(BinomialPlan::group(&[], 1.0, 1), Err(SequentialError::NoLooks));
        assert!(BinomialPlan::group(&[3, 3], 1.0, 1).is_err());
        let plan = BinomialPlan::every_event(10, 1.0, 1).unwrap();
        assert!(plan.critical_value(f64::NAN).is_err());
        assert!(plan.performance(1.0, 0.0).is_err() && plan.performance(0.0, 1.0).is_err());
        assert!(plan.signal_count(-1.0, 3).is_err());
    }

    /// Four heads in a row have probability 1/16.
    #[test]
    fn too_few_events_cannot_signal() {
        let plan = BinomialPlan::every_event(4, 1.0, 1).unwrap();
        assert_eq!(plan.critical_value(0.05), Err(SequentialError::NeverSignals { alpha: 0.05 }));
        let five = BinomialPlan::every_event(5, 1.0, 1).unwrap().critical_value(0.05).unwrap();
        assert!((five.alpha - 1.0 / 32.0).abs() < 1e-15);
        assert!((five.value - 4.0 * 2_f64.ln()).abs() < 2e-9);
        // The same test where its probability is asked for exactly.
        let plan = BinomialPlan::every_event(5, 1.0, 1).unwrap();
        assert_eq!(plan.critical_value(1.0 / 32.0), Ok(five));
    }

    #[test]
    fn a_minimum_that_cannot_be_met_is_named() {
        let plan = BinomialPlan::every_event(10, 9.0, 6).unwrap();
        assert!(matches!(plan.critical_value(0.05), Err(SequentialError::TooShort { .. })));
        assert_eq!(plan.signal_count(1.0, 5), Ok(None));
        assert_eq!(plan.signal_count(1.0, 6), Ok(Some(6)));
    }

    #[test]
    fn the_boundary_is_where_the_ratio_reaches_the_critical_value() {
        let plan = BinomialPlan::every_event(60, 2.0, 3).unwrap();
        for (events, barrier) in plan.barriers(2.5) {
            let expected = Some(barrier).filter(|&b| b <= events);
            assert_eq!(plan.signal_count(2.5, events).unwrap(), expected, "{events}");
        }
    }
}
