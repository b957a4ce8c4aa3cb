//! mu and theta given the arrivals of the background.

use rand::{Rng, RngExt};

use super::allocate::Tally;
use super::draw::gamma;
use super::layout::{HUGE, Layout, TINY};
use super::state::State;

/// Draws mu and every theta, each given the others.
pub(super) fn draw(layout: &Layout, tally: &Tally, state: &mut State, rng: &mut impl Rng) {
    let cells = &layout.cells;
    let arrivals: Vec<f64> = (0..cells.full.len()).map(|c| tally.cell_arrivals(c)).collect();
    let exposure: Vec<f64> =
        cells.exposure.iter().enumerate().map(|(c, n)| n + tally.cell_time(c)).collect();
    draw_mu(layout, &arrivals, &exposure, state, rng);
    for k in 0..cells.factors() {
        draw_factor(layout, k, &arrivals, &exposure, state, rng);
        rescale(layout, k, state, rng);
    }
    state.refresh(layout);
}

fn draw_mu(
    layout: &Layout,
    arrivals: &[f64],
    exposure: &[f64],
    state: &mut State,
    rng: &mut impl Rng,
) {
    let p = &layout.priors;
    let expected: f64 =
        state.hazard.iter().zip(exposure).map(|(h, n)| h * n).sum::<f64>() / state.mu;
    let count: f64 = arrivals.iter().sum();
    let new = (gamma(p.mu_shape + count, rng) / (p.mu_rate + expected)).clamp(TINY, HUGE);
    scale(&mut state.hazard, new / state.mu);
    state.mu = new;
}

fn scale(hazard: &mut [f64], by: f64) {
    for hazard in hazard {
        *hazard = (*hazard * by).clamp(TINY, HUGE);
    }
}

/// All levels of factor `k`: they share no cell, so each is independent of the others.
fn draw_factor(
    layout: &Layout,
    k: usize,
    arrivals: &[f64],
    exposure: &[f64],
    state: &mut State,
    rng: &mut impl Rng,
) {
    let cells = &layout.cells;
    let (first, end) = (cells.offsets[k], cells.offsets[k + 1]);
    let mut sums = vec![(0.0, 0.0); end - first];
    for c in 0..arrivals.len() {
        let at = cells.of(c)[k] as usize - first;
        sums[at].0 += arrivals[c];
        sums[at].1 += state.hazard[c] * exposure[c];
    }
    let kappa = layout.priors.theta;
    let mut ratio = vec![1.0; end - first];
    for (at, (count, expected)) in sums.into_iter().enumerate() {
        let old = state.theta[first + at];
        let new = (gamma(kappa + count, rng) / (kappa + expected / old)).clamp(TINY, HUGE);
        (state.theta[first + at], ratio[at]) = (new, new / old);
    }
    for c in 0..arrivals.len() {
        let by = ratio[cells.of(c)[k] as usize - first];
        state.hazard[c] = (state.hazard[c] * by).clamp(TINY, HUGE);
    }
}

/// Multiplies all theta of factor `k` by a number and divides mu by it: no cell changes, so the data
/// have no say, and without this step mu and theta would walk very slowly. The number is drawn from its
/// conditional but for the prior rate of mu, for which it is accepted or not.
fn rescale(layout: &Layout, k: usize, state: &mut State, rng: &mut impl Rng) {
    let p = &layout.priors;
    let range = layout.cells.offsets[k]..layout.cells.offsets[k + 1];
    let shape = p.theta * range.len() as f64 - p.mu_shape;
    if shape <= 0.0 {
        return;
    }
    let sum: f64 = state.theta[range.clone()].iter().sum();
    let by = gamma(shape, rng) / (p.theta * sum);
    let log = p.mu_rate * state.mu * (1.0 - 1.0 / by);
    let fits = by > TINY && by < HUGE && state.mu / by > TINY && state.mu / by < HUGE;
    if fits && rng.random::<f64>().ln() < log {
        state.mu /= by;
        for theta in &mut state.theta[range] {
            *theta = (*theta * by).clamp(TINY, HUGE);
        }
    }
}
