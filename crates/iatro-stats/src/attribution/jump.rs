//! Jumps: Metropolis steps on the likelihood of the reports themselves, arrivals left out.
//!
//! Two causes that stand on nearly the same event reports, one active and one null, would have to
//! exchange all arrivals one by one to change places, which takes a Gibbs sampler very long. A jump
//! splits the sum of their two hazards anew, which changes only reports that name one of them. Another
//! jump redraws the hazard of one cause.

use rand::{Rng, RngExt};
use rand_distr::Exp1;

use super::layout::{HUGE, Layout, TINY};
use super::prior::{Mixture, mixtures};
use super::state::State;

/// Causes on more event reports than this do not jump alone: a sweep moves them well.
const ALONE: usize = 64;
/// Pairs jump if at most so many event reports tell them apart, ...
const APART: usize = 128;
/// ... and at least this share of those that name one of them names both.
const TOGETHER: f64 = 0.2;
/// Partners of a cause.
const PARTNERS: usize = 3;

/// A report that a jump changes: position, and the factors there of the one and of the other cause
/// (0 where it does not stand).
type Changed = (u32, f64, f64);

#[derive(Debug, Clone)]
struct Pair {
    one: usize,
    other: usize,
    changed: Vec<Changed>,
}

/// All jumps, and where the round stands.
#[derive(Debug, Clone)]
pub(super) struct Jumps {
    alone: Vec<usize>,
    pairs: Vec<Pair>,
    next: usize,
    /// Event reports that the jumps of one sweep look at.
    budget: usize,
}

impl Jumps {
    pub(super) fn new(layout: &Layout) -> Self {
        let alone = (0..layout.standing.len())
            .filter(|&j| layout.standing.on(j).0.len() <= ALONE)
            .collect();
        let budget = layout.events.len() / 16 + 64;
        Self { alone, pairs: pairs(layout), next: 0, budget }
    }

    /// Goes on with the round until the budget is spent or each has had its turn.
    pub(super) fn draw(&mut self, layout: &Layout, state: &mut State, rng: &mut impl Rng) {
        let all = self.alone.len() + self.pairs.len();
        let mixtures = mixtures(&layout.priors, state);
        let (mut seen, mut turns) = (0, 0);
        while turns < all && seen < self.budget {
            seen += 4 + match self.next.checked_sub(self.alone.len()) {
                None => alone(layout, self.alone[self.next], &mixtures, state, rng),
                Some(at) => split(layout, &self.pairs[at], &mixtures, state, rng),
            };
            self.next = (self.next + 1) % all;
            turns += 1;
        }
    }
}

/// Pairs whose split may jump, in the order of their causes.
fn pairs(layout: &Layout) -> Vec<Pair> {
    let standing = &layout.standing;
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut together = vec![0_u32; standing.len()];
    for j in 0..standing.len() {
        let mut touched: Vec<usize> = Vec::new();
        for &r in standing.on(j).0 {
            for &k in layout.events.edges(r as usize).0 {
                let k = k as usize;
                if k != j {
                    if together[k] == 0 {
                        touched.push(k);
                    }
                    together[k] += 1;
                }
            }
        }
        let size = |k: usize| standing.on(k).0.len();
        let mut partners: Vec<(f64, usize)> = touched
            .iter()
            .filter_map(|&k| {
                let both = together[k] as usize;
                let either = size(j) + size(k) - both;
                let share = both as f64 / either as f64;
                let close = both >= 2 && either - both <= APART && share >= TOGETHER;
                close.then_some((share, k))
            })
            .collect();
        partners.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.extend(partners.iter().take(PARTNERS).map(|&(_, k)| (j.min(k), j.max(k))));
        for k in touched {
            together[k] = 0;
        }
    }
    found.sort_unstable();
    found.dedup();
    let pair = |(one, other)| Pair { one, other, changed: changed(layout, one, other) };
    found.into_iter().map(pair).collect()
}

/// Event reports whose hazard a new split of the sum changes, ascending.
fn changed(layout: &Layout, one: usize, other: usize) -> Vec<Changed> {
    let ((a, ga), (b, gb)) = (layout.standing.on(one), layout.standing.on(other));
    let (mut i, mut k, mut changed) = (0, 0, Vec::new());
    while i < a.len() || k < b.len() {
        let first =
            a.get(i).copied().unwrap_or(u32::MAX).min(b.get(k).copied().unwrap_or(u32::MAX));
        let take = |list: &[u32], factors: &[f64], at: &mut usize| {
            if list.get(*at) == Some(&first) {
                *at += 1;
                factors[*at - 1]
            } else {
                0.0
            }
        };
        let (g, f) = (take(a, ga, &mut i), take(b, gb, &mut k));
        if g != f {
            changed.push((first, g, f));
        }
    }
    changed
}

/// Log likelihood ratio of a report whose hazard goes from `from` to `to`.
fn log_ratio(from: f64, to: f64, weight: f64) -> f64 {
    weight * ((-to).exp_m1() / (-from).exp_m1()).ln()
}

/// Hazard of report `r` without causes `j` and `k`.
fn others(layout: &Layout, r: u32, j: usize, k: usize, state: &State) -> f64 {
    let r = r as usize;
    let (causes, factors) = layout.events.edges(r);
    let mut h = state.hazard[layout.events.cell[r] as usize];
    for (&i, g) in causes.iter().zip(factors) {
        let i = i as usize;
        if i != j && i != k {
            h += g * state.lambda[i];
        }
    }
    h
}

/// A cause's hazard anew: half of the proposals as if it were null, half from a wide range of its
/// logarithm. Returns how many event reports it looked at.
fn alone(
    layout: &Layout,
    j: usize,
    mixtures: &[Mixture],
    state: &mut State,
    rng: &mut impl Rng,
) -> usize {
    let standing = &layout.standing;
    let (reports, factors) = standing.on(j);
    let exposure = standing.exposure[j] + 1e-3;
    let null = layout.priors.null_rate + exposure;
    let (low, high) = (0.02 / exposure, (4.0 * reports.len() as f64 + 10.0) / exposure);
    let width = (high / low).ln();
    let (from, to) = (
        state.lambda[j],
        if rng.random::<bool>() {
            rng.sample::<f64, _>(Exp1) / null
        } else {
            low * (rng.random::<f64>() * width).exp()
        },
    );
    if to <= TINY || to >= HUGE {
        return 0;
    }
    let density = |x: f64| {
        let wide = if (low..=high).contains(&x) { 1.0 / (x * width) } else { 0.0 };
        null * (-null * x).exp() + wide
    };
    let mixture = &mixtures[standing.group[j]];
    let mut log = mixture.at(to).0 - mixture.at(from).0 - (to - from) * standing.without[j]
        + density(from).max(TINY).ln()
        - density(to).max(TINY).ln();
    for (&r, g) in reports.iter().zip(factors) {
        let rest = others(layout, r, j, j, state);
        log += log_ratio(rest + g * from, rest + g * to, layout.events.weight[r as usize]);
    }
    if rng.random::<f64>().ln() < log {
        state.lambda[j] = to;
    }
    reports.len()
}

/// The sum of two hazards split anew: a third of the proposals each as if the one were null, as if the
/// other were, and anywhere. Returns how many event reports it looked at.
fn split(
    layout: &Layout,
    pair: &Pair,
    mixtures: &[Mixture],
    state: &mut State,
    rng: &mut impl Rng,
) -> usize {
    let standing = &layout.standing;
    let causes = [pair.one, pair.other];
    let from = causes.map(|j| state.lambda[j]);
    let sum = from[0] + from[1];
    let null = causes.map(|j| layout.priors.null_rate + standing.exposure[j]);
    let to = match rng.random_range(0..3_u32) {
        0 => {
            let x = rng.sample::<f64, _>(Exp1) / null[0];
            [x, sum - x]
        }
        1 => {
            let x = rng.sample::<f64, _>(Exp1) / null[1];
            [sum - x, x]
        }
        _ => {
            let x = rng.random::<f64>() * sum;
            [x, sum - x]
        }
    };
    if to.iter().any(|&x| x <= TINY || x >= HUGE) {
        return 0;
    }
    let density = |x: [f64; 2]| {
        null[0] * (-null[0] * x[0]).exp() + null[1] * (-null[1] * x[1]).exp() + 1.0 / sum
    };
    let mut log = density(from).ln() - density(to).ln();
    for (i, j) in causes.into_iter().enumerate() {
        let mixture = &mixtures[standing.group[j]];
        log +=
            mixture.at(to[i]).0 - mixture.at(from[i]).0 - (to[i] - from[i]) * standing.without[j];
    }
    for &(r, g, f) in &pair.changed {
        let rest = others(layout, r, pair.one, pair.other, state);
        let (old, new) = (rest + g * from[0] + f * from[1], rest + g * to[0] + f * to[1]);
        log += log_ratio(old, new, layout.events.weight[r as usize]);
    }
    if rng.random::<f64>().ln() < log {
        (state.lambda[pair.one], state.lambda[pair.other]) = (to[0], to[1]);
    }
    pair.changed.len()
}
