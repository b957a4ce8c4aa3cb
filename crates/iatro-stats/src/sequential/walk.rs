//! The count of a Poisson process under a barrier, followed exactly.

/// A stretch of surveillance with one barrier: the number of events that signals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    /// Length in expected events at ratio 1.
    pub(super) length: f64,
    /// A count of this or more signals.
    pub(super) barrier: usize,
    /// Whether the count is looked at all the time, or only at the end of the stretch.
    pub(super) continuous: bool,
}

/// How a walk ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walked {
    /// Probability that a stretch signalled, summed from its parts: as exact where it is small.
    pub(super) signalled: f64,
    /// Expected time of the signal, 0 where there is none: the mean over all walks.
    pub(super) time: f64,
    /// Expected time under surveillance.
    pub(super) length: f64,
}

/// Follows the distribution of the count, not yet signalled, through `segments` (barriers do not fall),
/// with events at `ratio` times the expected rate.
///
/// Between two barriers the count rises by a Poisson variable; because the count never falls and the
/// barrier of a stretch is constant, whoever is below it at the end has been below it throughout. So
/// each step is one convolution, exact but for terms below 1e-20. The expected time is the integral of
/// the probability of not having signalled: in a continuous stretch of length L, m events below the
/// barrier, it is E min(N, m) / ratio with N Poisson with mean ratio L. The time of the m-th event, where it comes
/// before L, has the mean (m / ratio) P(N > m) / P(N >= m).
pub(super) fn walk(segments: impl IntoIterator<Item = Segment>, ratio: f64) -> Walked {
    let mut state = State { low: 0, mass: vec![1.0], next: Vec::new(), dropped: 0.0 };
    let mut walked = Walked { signalled: 0.0, time: 0.0, length: 0.0 };
    let mut now = 0.0;
    let mut rise = Rise::default();
    for segment in segments {
        rise.set(ratio * segment.length);
        let [signals, waited] = state.signals(&rise, segment.barrier);
        walked.signalled += signals;
        walked.length += state.dropped * segment.length;
        if segment.continuous {
            walked.length += state.expected_rise(&rise, segment.barrier) / ratio;
            walked.time += now * signals + waited / ratio;
        } else {
            walked.length += state.mass.iter().sum::<f64>() * segment.length;
            walked.time += (now + segment.length) * signals;
        }
        now += segment.length;
        state.advance(&rise, segment.barrier);
    }
    walked
}

/// Terms below this share of the largest one are left out.
const NEGLIGIBLE: f64 = 1e-20;

/// The distribution of a rise: Poisson probabilities of `first`, `first + 1`, ...
#[derive(Default)]
struct Rise {
    mean: f64,
    first: usize,
    probabilities: Vec<f64>,
    /// P(N >= `first`), P(N >= `first` + 1), ...
    tails: Vec<f64>,
    /// E min(N, m) for m = 0, 1, ... until it is the mean.
    capped: Vec<f64>,
}

impl Rise {
    /// Recurrence from the mode both ways, then scaled to sum to 1: no logarithm of a factorial, so the
    /// digits do not depend on the mean.
    fn set(&mut self, mean: f64) {
        self.mean = mean;
        let mode = mean.floor();
        let mut downward = Vec::new();
        let (mut term, mut k) = (1.0, mode);
        while k > 0.0 && term > NEGLIGIBLE {
            term *= k / mean;
            k -= 1.0;
            downward.push(term);
        }
        #[allow(clippy::cast_sign_loss, reason = "the loop above ends at 0")]
        let first = k as usize;
        self.first = first;
        self.probabilities.clear();
        self.probabilities.extend(downward.iter().rev());
        let (mut term, mut k) = (1.0, mode);
        while term > NEGLIGIBLE {
            self.probabilities.push(term);
            k += 1.0;
            term *= mean / k;
        }
        // One more: where the mean is small, this is all of the rise.
        self.probabilities.push(term);
        let sum: f64 = self.probabilities.iter().sum();
        self.probabilities.iter_mut().for_each(|p| *p /= sum);
        self.set_tails();
        self.set_capped();
    }

    /// Summed from the far end, so that small ones keep their digits.
    fn set_tails(&mut self) {
        self.tails.clear();
        let mut tail = 0.0;
        self.tails.extend(self.probabilities.iter().rev().map(|p| {
            tail += p;
            tail
        }));
        self.tails.reverse();
    }

    /// P(N >= count).
    fn tail(&self, count: usize) -> f64 {
        match count.checked_sub(self.first) {
            None | Some(0) => 1.0,
            Some(place) => self.tails.get(place).copied().unwrap_or(0.0),
        }
    }

    /// E min(N, m) = P(N >= 1) + ... + P(N >= m).
    fn set_capped(&mut self) {
        self.capped.clear();
        self.capped.extend((0..=self.first).map(|cap| cap as f64));
        let mut total = self.first as f64;
        for tail in self.tails.iter().skip(1) {
            total += tail;
            self.capped.push(total);
        }
    }

    fn capped_mean(&self, cap: usize) -> f64 {
        self.capped.get(cap).copied().unwrap_or(self.mean)
    }
}

/// The distribution of the count while nothing has signalled.
struct State {
    /// The count of the first entry of `mass`.
    low: usize,
    mass: Vec<f64>,
    next: Vec<f64>,
    /// Probability left out at the low end, which will not signal.
    dropped: f64,
}

impl State {
    fn expected_rise(&self, rise: &Rise, barrier: usize) -> f64 {
        let terms = self.mass.iter().enumerate();
        terms.map(|(i, m)| m * rise.capped_mean(barrier.saturating_sub(self.low + i))).sum()
    }

    /// Probability of a rise to the barrier, and the sum of m P(N > m) over those who may, m events
    /// below it.
    fn signals(&self, rise: &Rise, barrier: usize) -> [f64; 2] {
        let mut sums = [0.0; 2];
        for (i, mass) in self.mass.iter().enumerate() {
            let below = barrier.saturating_sub(self.low + i);
            sums[0] += mass * rise.tail(below);
            sums[1] += mass * below as f64 * rise.tail(below + 1);
        }
        sums
    }

    fn advance(&mut self, rise: &Rise, barrier: usize) {
        let low = self.low + rise.first;
        self.next.clear();
        self.next.resize(barrier.saturating_sub(low), 0.0);
        for (i, &mass) in self.mass.iter().enumerate() {
            let Some(targets) = self.next.get_mut(i..) else { break };
            for (target, p) in targets.iter_mut().zip(&rise.probabilities) {
                *target += mass * p;
            }
        }
        let reached = self.mass.len() + rise.probabilities.len();
        self.next.truncate(reached);
        std::mem::swap(&mut self.mass, &mut self.next);
        let small = self.mass.iter().take_while(|&&m| m < 1e-22).count();
        self.dropped += self.mass.drain(..small).sum::<f64>();
        self.low = low + small;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::special::gamma_lower;

    fn once(length: f64, barrier: usize, continuous: bool) -> [Segment; 1] {
        [Segment { length, barrier, continuous }]
    }

    /// P(N < m) for a Poisson variable is the upper tail of a gamma variable with shape m.
    #[test]
    fn one_stretch_is_a_poisson_tail() {
        for (mean, barrier) in [(0.01, 1), (0.7, 2), (3.0, 9), (40.0, 55), (900.0, 1_000)] {
            let got = walk(once(mean, barrier, true), 1.0);
            let signal = gamma_lower(barrier as f64, mean).unwrap();
            assert!((got.signalled - signal).abs() < 1e-13, "{mean} {barrier}");
            // The time of the m-th event, cut at the end: gamma again.
            let later = gamma_lower(barrier as f64 + 1.0, mean).unwrap();
            let length = barrier as f64 * later + mean * (1.0 - signal);
            assert!((got.length / length - 1.0).abs() < 1e-12, "{mean}: {} {length}", got.length);
            let time = barrier as f64 * later;
            assert!((got.time / time - 1.0).abs() < 1e-11, "{mean}: {} {time}", got.time);
        }
    }

    /// Not as the difference of two numbers near 1.
    #[test]
    fn a_small_probability_has_its_digits() {
        let got = walk(once(0.3, 9, true), 1.0);
        assert!((got.signalled / POISSON_TAIL - 1.0).abs() < 1e-13, "{}", got.signalled);
    }

    /// `mpmath`, 50 digits: P(N >= 9) at mean 0.3.
    const POISSON_TAIL: f64 = 4.142_197_536_190_125e-11;

    #[test]
    fn hardly_any_events_take_the_whole_time() {
        for ratio in [1e-6, 1e-12, 1e-17, 1e-30, 1e-300] {
            let got = walk(once(10.0, 2, true), ratio);
            assert!((got.length - 10.0).abs() < 1e-9, "{ratio}: {}", got.length);
        }
    }

    #[test]
    fn cutting_a_stretch_in_pieces_changes_nothing() {
        let whole = walk(once(12.0, 20, true), 1.3);
        let piece = Segment { length: 0.75, barrier: 20, continuous: true };
        let pieces = walk([piece; 16], 1.3);
        assert!((whole.signalled - pieces.signalled).abs() < 1e-14);
        assert!((whole.length - pieces.length).abs() < 1e-12);
        assert!((whole.time - pieces.time).abs() < 1e-12);
    }

    #[test]
    fn a_stretch_looked_at_its_end_lasts_its_length() {
        let got = walk(once(5.0, 1, false), 2.0);
        assert_eq!(got.length, 5.0);
        assert!((got.signalled + (-10.0_f64).exp_m1()).abs() < 1e-15);
        assert!((got.time / got.signalled - 5.0).abs() < 1e-14);
    }
}
