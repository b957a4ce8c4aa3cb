//! The mode of the posterior by an EM climb.

mod expectation;
mod objective;
mod update;

use super::error::AttributionError;
use super::layout::{Layout, Place};
use super::options::Options;
use super::prior::mixtures;
use super::reports::Reports;
use super::result::{EventPosterior, Mode, ModeBackground, ModeGroup};
use super::state::State;
use expectation::Arrivals;

/// Climbs to the mode of the posterior, in ln lambda, ln theta, ln mu, ln rate and logit pi.
///
/// Like every mode of a mixture it may be one of several; the posterior says more.
///
/// # Errors
/// [`AttributionError`] if an option is out of its range.
pub fn mode(reports: &Reports, options: &Options) -> Result<Mode, AttributionError> {
    options.check()?;
    let layout = Layout::new(reports, options);
    let Climb { state, objective, converged } = climb(&layout, options);
    let events = events(&layout, &state);
    let (mut attributed, mut background) = (vec![0.0; reports.causes().len()], 0.0);
    for (event, shares) in reports.events().iter().zip(&events) {
        background += event.weight * shares.background;
        for (edge, share) in event.edges.iter().zip(&shares.edges) {
            attributed[edge.cause] += event.weight * share;
        }
    }
    let (lambda, active) = causes(&layout, &state);
    let (mu, theta) = layout.cells.standardised(state.mu, &state.theta);
    let levels = |ends: &[usize]| theta[ends[0]..ends[1]].to_vec();
    let by_factor = layout.cells.offsets.windows(2).map(levels).collect();
    let shape = options.active_shape;
    let group = |(&pi, rate): (&f64, &f64)| ModeGroup { pi, active_mean: shape / rate };
    Ok(Mode {
        lambda,
        attributed,
        active,
        background: ModeBackground { mu, theta: by_factor, attributed: background },
        events,
        groups: state.pi.iter().zip(&state.rate).map(group).collect(),
        iterations: objective.len() - 1,
        converged,
        objective,
    })
}

/// Where a climb ended, and the log posterior on the way.
pub(super) struct Climb {
    pub(super) state: State,
    objective: Vec<f64>,
    converged: bool,
}

/// Climbs from half the crude rates.
pub(super) fn climb(layout: &Layout, options: &Options) -> Climb {
    let mut state = State::crude(layout, 0.5);
    let mut arrivals = Arrivals::new(layout);
    let likelihood = arrivals.expect(layout, &state);
    let mut objective = vec![likelihood + objective::rest(layout, &state)];
    let mut converged = false;
    while !converged && objective.len() <= options.mode_iterations {
        let before = objective.last().copied().unwrap_or(f64::NEG_INFINITY);
        update::all(layout, &arrivals, &mut state);
        let likelihood = arrivals.expect(layout, &state);
        let after = likelihood + objective::rest(layout, &state);
        objective.push(after);
        converged = after - before < options.mode_tolerance;
    }
    Climb { state, objective, converged }
}

/// Hazards, and probabilities of the active component, of all causes of the input.
fn causes(layout: &Layout, state: &State) -> (Vec<f64>, Vec<f64>) {
    let mixtures = mixtures(&layout.priors, state);
    let at = |place: &Place| match *place {
        Place::Standing(j) => {
            (state.lambda[j], mixtures[layout.standing.group[j]].at(state.lambda[j]).1)
        }
        Place::Silent(at) => {
            (state.silent[at], mixtures[layout.silent[at].group].at(state.silent[at]).1)
        }
    };
    layout.place.iter().map(at).unzip()
}

fn events(layout: &Layout, state: &State) -> Vec<EventPosterior> {
    let events = &layout.events;
    let mut result = vec![EventPosterior { background: 0.0, edges: Vec::new() }; events.len()];
    for (r, &source) in events.source.iter().enumerate() {
        let h = events.hazard(r, &state.lambda, &state.hazard);
        let (causes, factors) = events.edges(r);
        let share = |(&j, g): (&u32, &f64)| g * state.lambda[j as usize] / h;
        result[source] = EventPosterior {
            background: state.hazard[events.cell[r] as usize] / h,
            edges: causes.iter().zip(factors).map(share).collect(),
        };
    }
    result
}
