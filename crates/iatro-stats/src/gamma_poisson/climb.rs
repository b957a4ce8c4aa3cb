//! The maximum of the log likelihood inside a box, by a safeguarded Newton method.
//!
//! The shared Newton method knows no bounds, and here they are needed: where the data do not tell two
//! components apart, the likelihood rises towards a weight of 0 or a gamma without spread, and never
//! arrives. A step solves (-H + ridge D) s = gradient in the directions that no bound holds
//! ([`directions`]), D the absolute diagonal of H; the ridge grows until the matrix is positive definite and the step
//! goes up (Levenberg 1944, Marquardt 1963; Nocedal and Wright 2006, sections 3.4 and 16.7).

use super::likelihood::{Local, UNKNOWNS};
use crate::numeric::linear::Cholesky;

/// Bounds of ln alpha and ln beta: 1e-5 and 1e4. A gamma of shape 1e4 spreads by 1 %: in a table of
/// reports no spread at all, and beyond it the Hessian has no digits left.
const LOG_BOUNDS: (f64, f64) = (-11.512_925_464_970_229, 9.210_340_371_976_184);
/// Bounds of logit p: 1e-6 and 1 - 1e-6.
const LOGIT_BOUND: f64 = 13.815_509_557_963_774;

fn bounds(i: usize) -> (f64, f64) {
    if i + 1 < UNKNOWNS { LOG_BOUNDS } else { (-LOGIT_BOUND, LOGIT_BOUND) }
}

/// The nearest point of the box.
pub(super) fn inside(mut at: [f64; UNKNOWNS]) -> [f64; UNKNOWNS] {
    for (i, value) in at.iter_mut().enumerate() {
        let (low, high) = bounds(i);
        *value = value.clamp(low, high);
    }
    at
}

/// Returns true if an unknown stands at its bound.
pub(super) fn at_bound(at: &[f64; UNKNOWNS]) -> bool {
    at.iter().enumerate().any(|(i, &value)| {
        let (low, high) = bounds(i);
        value <= low || value >= high
    })
}

/// Where a climb ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Top {
    pub(super) at: [f64; UNKNOWNS],
    pub(super) local: Local,
    /// Whether half the Newton decrement, the gain that one more step promises, fell below the
    /// tolerance, or [`STALL_STEPS`] steps gained next to nothing.
    pub(super) converged: bool,
    pub(super) steps: u32,
}

/// What a climb is held to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Gain in log likelihood below which a further step is the last.
    pub(super) tolerance: f64,
    pub(super) steps: u32,
}

/// No unknown moves by more than this in a step: a factor 7 in a shape or rate.
const LONGEST: f64 = 2.0;

/// Climbs from `start`.
pub(super) fn climb(
    start: [f64; UNKNOWNS],
    limits: Limits,
    f: impl Fn(&[f64; UNKNOWNS]) -> Local,
) -> Top {
    let at = inside(start);
    let local = f(&at);
    climb_on(at, local, limits, f)
}

/// The same from a place inside the box where `f` is known.
pub(super) fn climb_on(
    mut at: [f64; UNKNOWNS],
    mut local: Local,
    limits: Limits,
    f: impl Fn(&[f64; UNKNOWNS]) -> Local,
) -> Top {
    let mut ridge = 0.0_f64;
    let mut before = f64::NEG_INFINITY;
    for steps in 0..limits.steps {
        if steps % STALL_STEPS == 0 {
            if local.value - before < STALL_GAIN {
                return Top { at, local, converged: true, steps };
            }
            before = local.value;
        }
        let Some(Step { step, gain, used }) = direction(&at, &local, ridge) else {
            return Top { at, local, converged: false, steps };
        };
        let next = moved(&at, &step);
        let there = f(&next);
        let noise = 1e-13 * local.value.abs();
        let up = there.value >= local.value - noise;
        // Newton's own step, or the one nearest to it, and nothing left to gain by it: the last one.
        let nearest = used <= RIDGE_FREE || ridge <= RIDGE_FREE;
        let tolerance = limits.tolerance.max(ROUNDING * local.value.abs());
        if gain < tolerance && nearest {
            let (at, local) = if up { (next, there) } else { (at, local) };
            return Top { at, local, converged: true, steps: steps + 1 };
        }
        if up {
            let share = (there.value - local.value) / gain;
            ridge = if gain < tolerance { 0.0 } else { next_ridge(used, share) };
            (at, local) = (next, there);
        } else {
            ridge = (used * 8.0).max(1e-3);
        }
        if ridge > 1e10 {
            return Top { at, local, converged: false, steps: steps + 1 };
        }
    }
    Top { at, local, converged: false, steps: limits.steps }
}

/// What a sum of many logarithms loses to rounding, as a share of ln L: no step can show a smaller gain.
const ROUNDING: f64 = 1e-15;

/// Where so many steps together raise ln L by less than this, the likelihood is flat: the numbers are
/// not determined by the data, and the climb is at its end.
const STALL_STEPS: u32 = 20;
const STALL_GAIN: f64 = 1e-3;

/// A ridge that no longer shortens a step.
const RIDGE_FREE: f64 = 1e-7;

/// Smaller after a step that gained what it promised, larger after one that gained much less.
/// (`share` compares with half the decrement, so a perfect quadratic gives 1.)
fn next_ridge(used: f64, share: f64) -> f64 {
    let next = if share > 0.6 {
        used * 0.1
    } else if share < 0.1 {
        (used * 4.0).max(1e-3)
    } else {
        used
    };
    if next < 1e-5 { 0.0 } else { next }
}

/// The end of a step, shortened to [`LONGEST`] and to where it meets the first bound: cut off in one
/// unknown alone it would leave its direction.
fn moved(at: &[f64; UNKNOWNS], step: &[f64; UNKNOWNS]) -> [f64; UNKNOWNS] {
    let longest = step.iter().fold(0.0_f64, |longest, s| longest.max(s.abs()));
    let mut scale = if longest > LONGEST { LONGEST / longest } else { 1.0 };
    let mut met = None;
    for (i, (&value, &s)) in at.iter().zip(step).enumerate() {
        let (low, high) = bounds(i);
        let bound = if s > 0.0 { high } else { low };
        let room = (bound - value) / s;
        if room > 0.0 && room < scale {
            scale = room;
            met = Some((i, bound));
        }
    }
    let mut next: [f64; UNKNOWNS] = std::array::from_fn(|i| at[i] + scale * step[i]);
    if let Some((i, bound)) = met {
        next[i] = bound;
    }
    inside(next)
}

struct Step {
    step: [f64; UNKNOWNS],
    /// Half of gradient times step.
    gain: f64,
    /// The ridge that was needed.
    used: f64,
}

/// A direction in the space of the unknowns.
type Direction = [f64; UNKNOWNS];

/// The directions in which the climb may go: for a gamma with both numbers free, a change of its spread
/// at the same mean (ln alpha and ln beta together) and of its mean (ln beta alone); else each free
/// unknown. The likelihood is steep in the mean and flat in the spread, so a ridge in proportion to the
/// curvature of each shortens neither for the sake of the other.
fn directions(at: &[f64; UNKNOWNS], local: &Local) -> Vec<Direction> {
    let free: [bool; UNKNOWNS] = std::array::from_fn(|i| !is_held(at, local, i));
    let along = |unknowns: &[usize]| {
        let mut direction = [0.0; UNKNOWNS];
        unknowns.iter().for_each(|&i| direction[i] = 1.0);
        direction
    };
    let mut directions = Vec::with_capacity(UNKNOWNS);
    for (alpha, beta) in [(0, 1), (2, 3)] {
        match (free[alpha], free[beta]) {
            (true, true) => directions.extend([along(&[alpha, beta]), along(&[beta])]),
            (true, false) => directions.push(along(&[alpha])),
            (false, true) => directions.push(along(&[beta])),
            (false, false) => {}
        }
    }
    if free[4] {
        directions.push(along(&[4]));
    }
    directions
}

/// The step with the smallest ridge, from `ridge` up, for which the matrix is positive definite.
fn direction(at: &[f64; UNKNOWNS], local: &Local, mut ridge: f64) -> Option<Step> {
    let directions = directions(at, local);
    let size = directions.len();
    let dot = |x: &Direction, y: &Direction| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let gradient: Vec<f64> = directions.iter().map(|d| dot(d, &local.gradient)).collect();
    let mut curvature = Vec::with_capacity(size * size);
    for d in &directions {
        let bent: Direction = std::array::from_fn(|i| dot(&local.hessian[i], d));
        curvature.extend(directions.iter().map(|other| -dot(&bent, other)));
    }
    let largest = (0..size).map(|i| curvature[i * size + i].abs()).fold(0.0, f64::max);
    for _ in 0..60 {
        let mut matrix = curvature.clone();
        for i in 0..size {
            let own = curvature[i * size + i].abs().max(1e-10 * largest).max(1e-12);
            matrix[i * size + i] += ridge * own;
        }
        if let Some(factor) = Cholesky::new(&matrix, size) {
            let solution = factor.solve(&gradient);
            let gain = 0.5 * solution.iter().zip(&gradient).map(|(s, g)| s * g).sum::<f64>();
            let mut step = [0.0; UNKNOWNS];
            for (direction, s) in directions.iter().zip(&solution) {
                step.iter_mut().zip(direction).for_each(|(step, d)| *step += s * d);
            }
            return gain.is_finite().then_some(Step { step, gain, used: ridge });
        }
        ridge = (ridge * 4.0).max(1e-3);
    }
    None
}

/// Whether an unknown stands at a bound and the likelihood rises outwards.
fn is_held(at: &[f64; UNKNOWNS], local: &Local, i: usize) -> bool {
    let (low, high) = bounds(i);
    (at[i] <= low && local.gradient[i] <= 0.0) || (at[i] >= high && local.gradient[i] >= 0.0)
}

/// Length of the gradient over the unknowns that no bound holds.
pub(super) fn free_gradient_norm(top: &Top) -> f64 {
    let free = (0..UNKNOWNS).filter(|&i| !is_held(&top.at, &top.local, i));
    free.map(|i| top.local.gradient[i].powi(2)).sum::<f64>().sqrt()
}
