//! The log posterior but for the event reports.

use crate::attribution::layout::Layout;
use crate::attribution::prior::mixtures;
use crate::attribution::state::State;

/// Returns reports without the event and all priors, as a density of the logarithms (of the logit for
/// pi), without constants.
pub(super) fn rest(layout: &Layout, state: &State) -> f64 {
    causes(layout, state) + background(layout, state) + groups(layout, state)
}

fn causes(layout: &Layout, state: &State) -> f64 {
    let mixtures = mixtures(&layout.priors, state);
    let standing = &layout.standing;
    let mut sum = 0.0;
    for (j, &lambda) in state.lambda.iter().enumerate() {
        let prior = mixtures[standing.group[j]].at(lambda).0 + lambda.ln();
        sum += prior - standing.without[j] * lambda;
    }
    for (class, &lambda) in layout.silent.iter().zip(&state.silent) {
        let prior = mixtures[class.group].at(lambda).0 + lambda.ln();
        sum += f64::from(class.count) * (prior - class.exposed * lambda);
    }
    sum
}

fn background(layout: &Layout, state: &State) -> f64 {
    let p = &layout.priors;
    let cells = state.hazard.iter().zip(&layout.cells.without);
    let reports: f64 = cells.map(|(h, n)| h * n).sum();
    let theta: f64 = state.theta.iter().map(|theta| p.theta * (theta.ln() - theta)).sum();
    theta + p.mu_shape * state.mu.ln() - p.mu_rate * state.mu - reports
}

fn groups(layout: &Layout, state: &State) -> f64 {
    let p = &layout.priors;
    let group = |(&pi, &rate): (&f64, &f64)| {
        p.pi.0 * pi.ln() + p.pi.1 * (1.0 - pi).ln() + p.rate_shape * rate.ln() - p.rate_rate * rate
    };
    state.pi.iter().zip(&state.rate).map(group).sum()
}
