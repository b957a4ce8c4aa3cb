//! How a plan performs at a given ratio.

/// How a plan performs when events arrive at a given ratio to what is expected.
///
/// Times are in the unit of the plan: expected events under no association for a
/// [`PoissonPlan`](super::PoissonPlan), exposed and other events together for a
/// [`BinomialPlan`](super::BinomialPlan).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Performance {
    /// Probability of a signal before the end; at ratio 1 the probability of a false signal.
    pub power: f64,
    /// Expected time of the signal, given that there is one; `None` if the probability of one is 0 to
    /// working precision (below 1e-12).
    pub time_to_signal: Option<f64>,
    /// Expected length of the surveillance, which ends with the signal or with the plan.
    pub length: f64,
}

impl Performance {
    /// From the probability of no signal, the expected length, and the length of the plan.
    pub(super) fn new(missed: f64, length: f64, end: f64) -> Self {
        let missed = missed.clamp(0.0, 1.0);
        let power = 1.0 - missed;
        let length = length.clamp(0.0, end);
        let signalled = (length - end * missed) / power;
        let time_to_signal = (power >= 1e-12).then(|| signalled.clamp(0.0, end));
        Self { power, time_to_signal, length }
    }
}
