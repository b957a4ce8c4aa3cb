//! The numbers that a chain moves, and where chains start.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use super::layout::{HUGE, Layout, TINY};

/// Where a chain stands.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// Hazard of every standing cause.
    pub(super) lambda: Vec<f64>,
    /// Hazard of the causes of every silent class: the climb to the mode moves it, a chain does not
    /// need it.
    pub(super) silent: Vec<f64>,
    pub(super) mu: f64,
    /// By level, numbered over all factors.
    pub(super) theta: Vec<f64>,
    /// Hazard of every cell, from mu and theta.
    pub(super) hazard: Vec<f64>,
    pub(super) pi: Vec<f64>,
    /// Rate of the active component by group.
    pub(super) rate: Vec<f64>,
}

impl State {
    /// theta 1, mu the crude rate, hyperparameters at their prior means, every cause null.
    pub(super) fn null(layout: &Layout) -> Self {
        let p = &layout.priors;
        let groups = layout.group_sizes.len();
        let mut state = Self {
            lambda: layout.standing.exposure.iter().map(|n| 1.0 / (p.null_rate + n)).collect(),
            silent: layout.silent.iter().map(|c| 1.0 / (p.null_rate + c.exposed)).collect(),
            mu: p.mu_shape / p.mu_rate,
            theta: vec![1.0; layout.cells.count()],
            hazard: vec![0.0; layout.cells.full.len()],
            pi: vec![p.pi.0 / (p.pi.0 + p.pi.1); groups],
            rate: vec![p.rate_shape / p.rate_rate; groups],
        };
        state.refresh(layout);
        state
    }

    /// Every cause at `share` of its crude rate, mu at what that leaves of the whole, if anything.
    pub(super) fn crude(layout: &Layout, share: f64) -> Self {
        let mut state = Self::null(layout);
        for (j, lambda) in state.lambda.iter_mut().enumerate() {
            let events = layout.standing.on(j).0.len() as f64;
            *lambda = share * (events + 0.1) / (layout.standing.exposure[j] + 1.0);
        }
        state.pi.fill(0.5);
        state.mu *= (1.0 - share).max(0.05);
        state.refresh(layout);
        state
    }

    /// Multiplies every hazard by a random number, so that no two chains start together.
    pub(super) fn scatter(&mut self, layout: &Layout, sigma: f64, rng: &mut impl Rng) {
        let mut noise = || (sigma * rng.sample::<f64, _>(StandardNormal)).exp();
        for number in self.lambda.iter_mut().chain(&mut self.theta) {
            *number = (*number * noise()).clamp(TINY, HUGE);
        }
        self.mu *= noise();
        self.refresh(layout);
    }

    pub(super) fn refresh(&mut self, layout: &Layout) {
        layout.cells.hazard(self.mu, &self.theta, &mut self.hazard);
    }
}
