//! One chain of the Gibbs sampler.

use rand::Rng;

use super::allocate::Tally;
use super::background;
use super::component::Components;
use super::error::{AttributionError, check};
use super::jump::Jumps;
use super::layout::Layout;
use super::mode;
use super::options::Options;
use super::reports::Reports;
use super::state::State;
use crate::numeric::random::stream;

/// One chain: the draws that were kept, and means over all sweeps after the warm-up.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    pub(super) number: usize,
    pub(super) options: Options,
    /// Event reports, edges, standing causes, silent classes, levels, groups.
    pub(super) sizes: [usize; 6],
    pub(super) draws: Draws,
    /// Means over the sweeps after the warm-up, by standing cause and by silent class.
    pub(super) lambda: Vec<f64>,
    pub(super) active: Vec<f64>,
    pub(super) silent_lambda: Vec<f64>,
    pub(super) silent_active: Vec<f64>,
    /// Mean probability of the background and of every edge, by event report as the layout has them.
    pub(super) event_background: Vec<f64>,
    pub(super) event_edges: Vec<f64>,
}

/// Kept draws: one row a draw.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Draws {
    pub(super) count: usize,
    /// ln lambda and attributed cases by standing cause: thousands of numbers a draw, so in 32 bits.
    pub(super) ln_lambda: Vec<f32>,
    pub(super) attributed: Vec<f32>,
    /// ln lambda of one cause of every silent class.
    pub(super) silent: Vec<f32>,
    /// mu, attributed cases of the background.
    pub(super) background: Vec<[f64; 2]>,
    pub(super) theta: Vec<f64>,
    /// pi, mean of the active component, by group.
    pub(super) groups: Vec<[f64; 2]>,
}

/// Numbers of 32 bits that one chain keeps of ln lambda, at most (unless that left under 250 draws).
const KEPT_NUMBERS: usize = 4_000_000;
/// Probabilities of event reports are averaged over all kept draws, or over fewer so that about so
/// many numbers are added; never over fewer than 250.
const EVENT_NUMBERS: usize = 50_000_000;

/// Runs chain number `number`. Chains of other numbers are independent of it and may run at the same
/// time; the result depends on reports, options and number alone.
///
/// # Errors
/// [`AttributionError`] if an option is out of its range, or `number` is not below `options.chains`.
pub fn chain(
    reports: &Reports,
    options: &Options,
    number: usize,
) -> Result<Chain, AttributionError> {
    options.check()?;
    let at = || "chain".to_owned();
    check(number < options.chains, at, "number", number as f64, "a number below options.chains")?;
    let layout = Layout::new(reports, options);
    let mut rng = stream(options.seed, number as u64);
    let mut run = Run::new(&layout, options, number, &mut rng);
    let total = options.sweeps - options.warmup;
    let classes = layout.standing.len() + layout.silent.len();
    let most = options.kept.min((KEPT_NUMBERS / classes.max(1)).max(250)).min(total);
    let thin = total.div_ceil(most);
    for _ in 0..options.warmup {
        run.sweep(false, &mut rng);
    }
    let numbers = layout.events.len() + layout.events.cause.len();
    let stride = (total / thin / (EVENT_NUMBERS / numbers).max(250)).max(1);
    let mut averaged = 0;
    for sweep in 1..=total {
        run.sweep(true, &mut rng);
        if sweep % thin == 0 {
            run.keep(&mut rng);
            if (run.draws.count - 1).is_multiple_of(stride) {
                run.average();
                averaged += 1;
            }
        }
    }
    Ok(run.end(*options, number, total as f64, f64::from(averaged)))
}

/// What a chain works with.
struct Run<'a> {
    layout: &'a Layout,
    state: State,
    tally: Tally,
    components: Components,
    jumps: Jumps,
    draws: Draws,
    event_background: Vec<f64>,
    event_edges: Vec<f64>,
}

impl<'a> Run<'a> {
    fn new(layout: &'a Layout, options: &Options, number: usize, rng: &mut impl Rng) -> Self {
        Self {
            layout,
            state: start(layout, options, number, rng),
            tally: Tally::new(layout),
            components: Components::new(layout),
            jumps: Jumps::new(layout),
            draws: Draws::default(),
            event_background: vec![0.0; layout.events.len()],
            event_edges: vec![0.0; layout.events.cause.len()],
        }
    }

    /// One sweep. The order matters: components are drawn with lambda integrated out, the groups use
    /// them at once, and the jumps after that leave components out.
    fn sweep(&mut self, counted: bool, rng: &mut impl Rng) {
        let (layout, state) = (self.layout, &mut self.state);
        self.tally.draw(layout, state, rng);
        self.components.draw(layout, &self.tally, state, counted, rng);
        self.components.silent(layout, state, counted, rng);
        self.components.groups(layout, state, rng);
        background::draw(layout, &self.tally, state, rng);
        self.jumps.draw(layout, state, rng);
    }

    fn keep(&mut self, rng: &mut impl Rng) {
        let (layout, state, draws) = (self.layout, &self.state, &mut self.draws);
        draws.count += 1;
        draws.ln_lambda.extend(state.lambda.iter().map(|lambda| lambda.ln() as f32));
        let attributed = (0..layout.standing.len()).map(|j| self.tally.attributed(j) as f32);
        draws.attributed.extend(attributed);
        draws.silent.extend(self.components.silent_draw(layout, state, rng));
        let (mu, theta) = layout.cells.standardised(state.mu, &state.theta);
        draws.background.push([mu, self.tally.background()]);
        draws.theta.extend(theta);
        let shape = layout.priors.active_shape;
        draws.groups.extend(state.pi.iter().zip(&state.rate).map(|(&pi, rate)| [pi, shape / rate]));
    }

    /// Adds the probabilities of every cause of every event report, given the hazards.
    fn average(&mut self) {
        let events = &self.layout.events;
        for r in 0..events.len() {
            let share = 1.0 / events.hazard(r, &self.state.lambda, &self.state.hazard);
            self.event_background[r] += self.state.hazard[events.cell[r] as usize] * share;
            for e in events.start[r]..events.start[r + 1] {
                let hazard = events.factor[e] * self.state.lambda[events.cause[e] as usize];
                self.event_edges[e] += hazard * share;
            }
        }
    }

    fn end(self, options: Options, number: usize, sweeps: f64, averaged: f64) -> Chain {
        let mean = |sums: Vec<f64>, n: f64| sums.into_iter().map(|sum| sum / n).collect::<Vec<_>>();
        Chain {
            number,
            options,
            sizes: sizes(self.layout),
            draws: self.draws,
            lambda: mean(self.components.lambda_sum, sweeps),
            active: mean(self.components.active_sum, sweeps),
            silent_lambda: mean(self.components.silent_lambda_sum, sweeps),
            silent_active: mean(self.components.silent_active_sum, sweeps),
            event_background: mean(self.event_background, averaged),
            event_edges: mean(self.event_edges, averaged),
        }
    }
}

pub(super) fn sizes(layout: &Layout) -> [usize; 6] {
    [
        layout.events.len(),
        layout.events.cause.len(),
        layout.standing.len(),
        layout.silent.len(),
        layout.cells.count(),
        layout.group_sizes.len(),
    ]
}

/// Chains start far apart: at the mode, with no cause active, with every cause at its crude rate and
/// hardly a background, and halfway; those after the fourth again, scattered more widely.
fn start(layout: &Layout, options: &Options, number: usize, rng: &mut impl Rng) -> State {
    let mut state = match number % 4 {
        0 => mode::climb(layout, options).state,
        1 => State::null(layout),
        2 => State::crude(layout, 1.0),
        _ => State::crude(layout, 0.5),
    };
    state.scatter(layout, 0.2 * (1 + number / 4) as f64, rng);
    state
}
