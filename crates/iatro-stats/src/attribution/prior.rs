//! The prior density of a hazard: active or null.

use super::layout::{HUGE, Priors, TINY};
use super::state::State;
use crate::special::ln_gamma_unchecked;

/// The mixture of one group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixture {
    /// ln (pi rate^s / Gamma(s)).
    active: f64,
    shape: f64,
    rate: f64,
    /// ln ((1 - pi) null rate).
    null: f64,
    null_rate: f64,
}

impl Mixture {
    pub(super) fn new(p: &Priors, pi: f64, rate: f64) -> Self {
        let shape = p.active_shape;
        Self {
            active: pi.ln() + shape * rate.ln() - ln_gamma_unchecked(shape),
            shape,
            rate,
            null: (1.0 - pi).ln() + p.null_rate.ln(),
            null_rate: p.null_rate,
        }
    }

    /// Log density at `lambda`, and the probability of the active component there.
    pub(super) fn at(&self, lambda: f64) -> (f64, f64) {
        let active = self.active + (self.shape - 1.0) * lambda.ln() - self.rate * lambda;
        let null = self.null - self.null_rate * lambda;
        let top = active.max(null);
        let (a, n) = ((active - top).exp(), (null - top).exp());
        (top + (a + n).ln(), a / (a + n))
    }

    /// The best hazard, on the scale of its logarithm, given `active`, the probability of the active
    /// component, expected `arrivals` and `exposure`.
    pub(super) fn best(&self, active: f64, arrivals: f64, exposure: f64) -> f64 {
        let shape = active * self.shape + (1.0 - active) + arrivals;
        let rate = active * self.rate + (1.0 - active) * self.null_rate + exposure;
        (shape / rate).clamp(TINY, HUGE)
    }
}

/// The mixture of every group.
pub(super) fn mixtures(p: &Priors, state: &State) -> Vec<Mixture> {
    let mixture = |(&pi, &rate): (&f64, &f64)| Mixture::new(p, pi, rate);
    state.pi.iter().zip(&state.rate).map(mixture).collect()
}
