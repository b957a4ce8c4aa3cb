//! The maximisation step, one block after another.

use super::expectation::Arrivals;
use crate::attribution::layout::{HUGE, Layout, TINY};
use crate::attribution::prior::mixtures;
use crate::attribution::state::State;

/// Moves every number to its best place given the expected arrivals and components. No block makes
/// the log posterior smaller.
pub(super) fn all(layout: &Layout, arrivals: &Arrivals, state: &mut State) {
    causes(layout, arrivals, state);
    background(layout, arrivals, state);
}

/// Hazards, then pi and rate of every group with the same component probabilities.
fn causes(layout: &Layout, arrivals: &Arrivals, state: &mut State) {
    let p = &layout.priors;
    let mixtures = mixtures(p, state);
    let mut active = vec![(0.0, 0.0); mixtures.len()];
    for (j, lambda) in state.lambda.iter_mut().enumerate() {
        let g = layout.standing.group[j];
        let share = mixtures[g].at(*lambda).1;
        *lambda = mixtures[g].best(share, arrivals.causes[j], layout.standing.full[j]);
        active[g] = (active[g].0 + share, active[g].1 + share * *lambda);
    }
    for (class, lambda) in layout.silent.iter().zip(&mut state.silent) {
        let g = class.group;
        let share = mixtures[g].at(*lambda).1;
        *lambda = mixtures[g].best(share, 0.0, class.exposed);
        let count = f64::from(class.count) * share;
        active[g] = (active[g].0 + count, active[g].1 + count * *lambda);
    }
    for (g, (count, sum)) in active.into_iter().enumerate() {
        let pi = (p.pi.0 + count) / (p.pi.0 + p.pi.1 + layout.group_sizes[g]);
        state.pi[g] = pi.clamp(1e-12, 1.0 - 1e-12);
        let rate = (p.rate_shape + p.active_shape * count) / (p.rate_rate + sum);
        state.rate[g] = rate.clamp(TINY, HUGE);
    }
}

/// mu, then the levels of every factor, and after each factor the scale that it shares with mu.
fn background(layout: &Layout, arrivals: &Arrivals, state: &mut State) {
    let p = &layout.priors;
    let cells = &layout.cells;
    let expected: f64 = state.hazard.iter().zip(&cells.full).map(|(h, n)| h * n).sum();
    let count: f64 = arrivals.cells.iter().sum();
    let mu = (p.mu_shape + count) / (p.mu_rate + expected / state.mu);
    state.mu = mu.clamp(TINY, HUGE);
    state.refresh(layout);
    for k in 0..cells.factors() {
        let (first, end) = (cells.offsets[k], cells.offsets[k + 1]);
        let mut sums = vec![(0.0, 0.0); end - first];
        for (c, arrived) in arrivals.cells.iter().enumerate() {
            let at = &mut sums[cells.of(c)[k] as usize - first];
            *at = (at.0 + arrived, at.1 + state.hazard[c] * cells.full[c]);
        }
        for (theta, (count, expected)) in state.theta[first..end].iter_mut().zip(sums) {
            let best = (p.theta + count) / (p.theta + expected / *theta);
            *theta = best.clamp(TINY, HUGE);
        }
        rescale(layout, k, state);
        state.refresh(layout);
    }
}

/// Multiplies all theta of factor `k` and divides mu by the best number: no cell changes, only priors.
fn rescale(layout: &Layout, k: usize, state: &mut State) {
    let p = &layout.priors;
    let range = layout.cells.offsets[k]..layout.cells.offsets[k + 1];
    let a = p.theta * state.theta[range.clone()].iter().sum::<f64>();
    let b = p.theta * range.len() as f64 - p.mu_shape;
    // a x^2 - b x - mu_rate mu = 0
    let by = (b + (b * b + 4.0 * a * p.mu_rate * state.mu).sqrt()) / (2.0 * a);
    if by > 1e-100 && by < 1e100 {
        state.mu = (state.mu / by).clamp(TINY, HUGE);
        for theta in &mut state.theta[range] {
            *theta = (*theta * by).clamp(TINY, HUGE);
        }
    }
}
