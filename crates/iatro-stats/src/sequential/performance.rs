//! How a plan performs at a given ratio.

use super::walk::Walked;

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
    /// From how the walk through a plan of length `end` went.
    pub(super) fn new(walked: &Walked, end: f64) -> Self {
        let power = walked.signalled.clamp(0.0, 1.0);
        let time = walked.time / walked.signalled;
        let time_to_signal = (power >= 1e-12).then(|| time.clamp(0.0, end));
        Self { power, time_to_signal, length: walked.length.clamp(0.0, end) }
    }
}
