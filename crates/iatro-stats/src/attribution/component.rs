//! The second half of a sweep: hazards and components of the causes given their arrivals, and the
//! hyperparameters of the groups given those.

use rand::{Rng, RngExt};

use super::allocate::{Tally, binomial};
use super::draw::{beta, gamma};
use super::layout::{HUGE, Layout, TINY};
use super::state::State;
use crate::special::ln_gamma_unchecked;

/// What the causes keep between sweeps, and means over sweeps.
#[derive(Debug, Clone)]
pub(super) struct Components {
    /// ln (Gamma(s + a) / (Gamma(s) Gamma(1 + a))) for a = 0, 1, ...
    ratio: Vec<f64>,
    shape: f64,
    ln_gamma_shape: f64,
    /// ln (null rate + exposure), where no report has a weight below 1.
    null_ln: Vec<f64>,
    /// Sum over counted sweeps of the conditional mean of lambda.
    pub(super) lambda_sum: Vec<f64>,
    /// ... and of the conditional probability of the active component.
    pub(super) active_sum: Vec<f64>,
    /// The same two for the silent classes.
    pub(super) silent_lambda_sum: Vec<f64>,
    pub(super) silent_active_sum: Vec<f64>,
    silent_null_ln: Vec<f64>,
    /// Active causes of every group, and the sum of their hazards.
    active: Vec<(f64, f64)>,
}

/// Arrivals for which the ratio of gamma functions is in the table.
const TABLE: usize = 4_096;

impl Components {
    pub(super) fn new(layout: &Layout) -> Self {
        let p = &layout.priors;
        let shape = p.active_shape;
        let ratio = (0..TABLE).scan(0.0, |sum: &mut f64, a| {
            let at = *sum;
            *sum += ((shape + a as f64) / (1.0 + a as f64)).ln();
            Some(at)
        });
        let ln = |n: &f64| (p.null_rate + n).ln();
        let (causes, classes) = (layout.standing.len(), layout.silent.len());
        Self {
            ratio: ratio.collect(),
            shape,
            ln_gamma_shape: ln_gamma_unchecked(shape),
            null_ln: layout.standing.exposure.iter().map(ln).collect(),
            lambda_sum: vec![0.0; causes],
            active_sum: vec![0.0; causes],
            silent_lambda_sum: vec![0.0; classes],
            silent_active_sum: vec![0.0; classes],
            silent_null_ln: layout.silent.iter().map(|class| ln(&class.exposed)).collect(),
            active: vec![(0.0, 0.0); layout.group_sizes.len()],
        }
    }

    fn ratio(&self, arrivals: f64) -> f64 {
        #[allow(clippy::cast_sign_loss)] // Arrivals are whole numbers, 0 or above.
        match self.ratio.get(arrivals as usize) {
            Some(&ratio) => ratio,
            None => {
                ln_gamma_unchecked(self.shape + arrivals)
                    - ln_gamma_unchecked(1.0 + arrivals)
                    - self.ln_gamma_shape
            }
        }
    }

    /// Draws component and hazard of every standing cause, lambda integrated out of the choice of the
    /// component.
    pub(super) fn draw(
        &mut self,
        layout: &Layout,
        tally: &Tally,
        state: &mut State,
        counted: bool,
        rng: &mut impl Rng,
    ) {
        let p = &layout.priors;
        self.active.fill((0.0, 0.0));
        let whole = layout.events.whole == layout.events.len();
        let prior: Vec<f64> = (0..state.pi.len()).map(|g| prior_odds(layout, state, g)).collect();
        for j in 0..layout.standing.len() {
            let g = layout.standing.group[j];
            let (a, n) = (tally.arrivals(j), layout.standing.exposure[j] + tally.time(j));
            let null_ln = if whole { self.null_ln[j] } else { (p.null_rate + n).ln() };
            let rate = state.rate[g] + n;
            let odds =
                prior[g] + self.ratio(a) - (self.shape + a) * rate.ln() + (1.0 + a) * null_ln;
            let active = 1.0 / (1.0 + (-odds).exp());
            if counted {
                self.active_sum[j] += active;
                self.lambda_sum[j] += active * (self.shape + a) / rate
                    + (1.0 - active) * (1.0 + a) / (p.null_rate + n);
            }
            let lambda = if rng.random::<f64>() < active {
                let lambda = (gamma(self.shape + a, rng) / rate).max(TINY);
                self.active[g].0 += 1.0;
                self.active[g].1 += lambda;
                lambda
            } else {
                gamma(1.0 + a, rng) / (p.null_rate + n)
            };
            state.lambda[j] = lambda.clamp(TINY, HUGE);
        }
    }

    /// Adds the causes on no event report: how many of a class are active, and the sum of their
    /// hazards in one draw.
    pub(super) fn silent(
        &mut self,
        layout: &Layout,
        state: &State,
        counted: bool,
        rng: &mut impl Rng,
    ) {
        for at in 0..layout.silent.len() {
            let class = layout.silent[at];
            let active = self.silent_active(layout, state, at);
            let rate = state.rate[class.group] + class.exposed;
            if counted {
                self.silent_active_sum[at] += active;
                self.silent_lambda_sum[at] += active * self.shape / rate
                    + (1.0 - active) / (layout.priors.null_rate + class.exposed);
            }
            let count = if class.count == 1 {
                f64::from(u8::from(rng.random::<f64>() < active))
            } else {
                binomial(f64::from(class.count), active, rng)
            };
            if count > 0.0 {
                self.active[class.group].0 += count;
                self.active[class.group].1 += gamma(self.shape * count, rng) / rate;
            }
        }
    }

    fn silent_active(&self, layout: &Layout, state: &State, at: usize) -> f64 {
        let class = layout.silent[at];
        let odds = prior_odds(layout, state, class.group)
            - self.shape * (state.rate[class.group] + class.exposed).ln()
            + self.silent_null_ln[at];
        1.0 / (1.0 + (-odds).exp())
    }

    /// One draw of the hazard of one cause of every silent class.
    pub(super) fn silent_draw(
        &self,
        layout: &Layout,
        state: &State,
        rng: &mut impl Rng,
    ) -> Vec<f32> {
        let draw = |at: usize| {
            let class = layout.silent[at];
            let lambda = if rng.random::<f64>() < self.silent_active(layout, state, at) {
                gamma(self.shape, rng) / (state.rate[class.group] + class.exposed)
            } else {
                gamma(1.0, rng) / (layout.priors.null_rate + class.exposed)
            };
            lambda.max(TINY).ln() as f32
        };
        (0..layout.silent.len()).map(draw).collect()
    }

    /// Draws pi and rate of every group given the components of all its causes.
    pub(super) fn groups(&self, layout: &Layout, state: &mut State, rng: &mut impl Rng) {
        let p = &layout.priors;
        for (g, &(count, sum)) in self.active.iter().enumerate() {
            let null = (layout.group_sizes[g] - count).max(0.0);
            state.pi[g] = beta(p.pi.0 + count, p.pi.1 + null, rng);
            let shape = p.rate_shape + self.shape * count;
            state.rate[g] = (gamma(shape, rng) / (p.rate_rate + sum)).clamp(TINY, HUGE);
        }
    }
}

/// The part of the log odds of the active component that arrivals and exposure do not change.
fn prior_odds(layout: &Layout, state: &State, g: usize) -> f64 {
    let p = &layout.priors;
    let pi = state.pi[g];
    (pi / (1.0 - pi)).ln() + p.active_shape * state.rate[g].ln() - p.null_rate.ln()
}
