//! The first half of a sweep: who led to each event report, given all hazards.
//!
//! On an event report the number of arrivals is Poisson(h) given that it is not 0. Each arrival comes
//! from a cause in proportion to its hazard. The first one is the cause that the report is attributed to.

use rand::{Rng, RngExt};
use rand_distr::{Binomial, Distribution};

use super::draw::{first_arrival, further, second};
use super::layout::{Events, Layout};
use super::state::State;

/// What the event reports gave in one sweep.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    /// Reports of weight 1 attributed to each cause, and after these to the background, by cell.
    first: Vec<u32>,
    causes: usize,
    /// The hazards of the causes, and that of none.
    lambda: Vec<f64>,
    /// All other arrivals.
    more: Vec<f64>,
    /// Weight of other reports attributed to each cause.
    part: Vec<f64>,
    /// What reports of weight below 1 add to the exposure of each cause.
    time: Vec<f64>,
    cell_more: Vec<f64>,
    cell_time: Vec<f64>,
    /// Weight of other reports attributed to the background.
    background_part: f64,
}

impl Tally {
    pub(super) fn new(layout: &Layout) -> Self {
        let (causes, cells) = (layout.standing.len(), layout.cells.full.len());
        Self {
            first: vec![0; causes + cells],
            causes,
            lambda: vec![0.0; causes + 1],
            more: vec![0.0; causes],
            part: vec![0.0; causes],
            time: vec![0.0; causes],
            cell_more: vec![0.0; cells],
            cell_time: vec![0.0; cells],
            background_part: 0.0,
        }
    }

    /// Arrivals of cause `j`.
    pub(super) fn arrivals(&self, j: usize) -> f64 {
        f64::from(self.first[j]) + self.more[j]
    }

    /// Exposure that reports of weight below 1 add to cause `j`.
    pub(super) fn time(&self, j: usize) -> f64 {
        self.time[j]
    }

    /// Weighted reports attributed to cause `j`.
    pub(super) fn attributed(&self, j: usize) -> f64 {
        f64::from(self.first[j]) + self.part[j]
    }

    /// Arrivals of the background in cell `c`.
    pub(super) fn cell_arrivals(&self, c: usize) -> f64 {
        f64::from(self.first[self.causes + c]) + self.cell_more[c]
    }

    /// Exposure that reports of weight below 1 add to cell `c`.
    pub(super) fn cell_time(&self, c: usize) -> f64 {
        self.cell_time[c]
    }

    /// Weighted reports attributed to the background.
    pub(super) fn background(&self) -> f64 {
        let whole: f64 = self.first[self.causes..].iter().map(|&n| f64::from(n)).sum();
        whole + self.background_part
    }

    /// Draws anew for all event reports.
    pub(super) fn draw(&mut self, layout: &Layout, state: &State, rng: &mut impl Rng) {
        self.first.fill(0);
        self.lambda[..self.causes].copy_from_slice(&state.lambda);
        for numbers in [&mut self.more, &mut self.cell_more, &mut self.time, &mut self.part] {
            numbers.fill(0.0);
        }
        self.cell_time.fill(0.0);
        self.background_part = 0.0;
        if layout.events.unit {
            self.whole::<true>(&layout.events, state, rng);
        } else {
            self.whole::<false>(&layout.events, state, rng);
        }
        for r in layout.events.whole..layout.events.len() {
            self.part(&layout.events, r, state, rng);
        }
    }

    /// Reports of weight 1. One random number decides both the cause (its high 53 bits) and, unless
    /// the hazard is large, that there was no second arrival (its low 11 bits).
    fn whole<const UNIT: bool>(&mut self, events: &Events, state: &State, rng: &mut impl Rng) {
        for r in 0..events.whole {
            let fours = events.fours.start[r] as usize..events.fours.start[r + 1] as usize;
            let edges = events.start[r + 1] - events.start[r];
            let hazards = |four: usize| -> [f64; 4] {
                let lambda = events.fours.cause[four].map(|j| self.lambda[j as usize]);
                if UNIT {
                    return lambda;
                }
                let factors = events.fours.factor[four];
                std::array::from_fn(|at| factors[at] * lambda[at])
            };
            let cell = events.cell[r] as usize;
            let background = state.hazard[cell];
            // Where the hazards end, laid end to end, background first. Most reports have no more than four.
            let mut ends = [background; 4];
            let mut h = background;
            for (end, hazard) in ends.iter_mut().zip(hazards(fours.start)) {
                h += hazard;
                *end = h;
            }
            let others = fours.start + 1..fours.end;
            for four in others.clone() {
                hazards(four).iter().for_each(|hazard| h += hazard);
            }
            let bits = rng.next_u64();
            // The place lies in the edge behind those whose ends it is beyond. They are counted without a branch: which
            // edge it is cannot be foreseen.
            let place = (bits >> 11) as f64 * UNIT_53 * h;
            let is_background = place < background || edges == 0;
            let mut beyond: usize = ends.iter().map(|end| usize::from(place >= *end)).sum();
            let mut end = ends[3];
            for four in others {
                for hazard in hazards(four) {
                    end += hazard;
                    beyond += usize::from(place >= end);
                }
            }
            let edge = beyond.min(edges.saturating_sub(1));
            let cause = events.fours.cause[fours.start + edge / 4][edge % 4] as usize;
            self.first[if is_background { self.causes + cell } else { cause }] += 1;
            let low = (bits & 0x7ff) as f64;
            // second(h) is at most h / 2.
            if low < 1024.0 * h && low + rng.random::<f64>() < 2048.0 * second(h) {
                let k = further(h, rng);
                self.scatter(events, r, state, h, k, rng);
            }
        }
    }

    /// `k` further arrivals on report `r`.
    fn scatter(
        &mut self,
        events: &Events,
        r: usize,
        state: &State,
        h: f64,
        k: f64,
        rng: &mut impl Rng,
    ) {
        let (causes, factors) = events.edges(r);
        let cell = events.cell[r] as usize;
        if k <= 16.0 {
            let mut left = k;
            while left > 0.0 {
                left -= 1.0;
                let place = rng.random::<f64>() * h - state.hazard[cell];
                match pick(causes, factors, &state.lambda, place) {
                    Some(e) => self.more[causes[e] as usize] += 1.0,
                    None => self.cell_more[cell] += 1.0,
                }
            }
            return;
        }
        let (mut left, mut rest) = (k, h);
        for (&j, g) in causes.iter().zip(factors) {
            let part = g * state.lambda[j as usize];
            let taken = binomial(left, part / rest, rng);
            self.more[j as usize] += taken;
            (left, rest) = (left - taken, rest - part);
        }
        self.cell_more[cell] += left;
    }

    /// A report of weight below 1: one arrival, at a time that is its exposure.
    fn part(&mut self, events: &Events, r: usize, state: &State, rng: &mut impl Rng) {
        let (causes, factors) = events.edges(r);
        let (cell, w) = (events.cell[r] as usize, events.weight[r]);
        let h = events.hazard(r, &state.lambda, &state.hazard);
        let time = first_arrival(h, w, rng);
        self.cell_time[cell] += time;
        for (&j, g) in causes.iter().zip(factors) {
            self.time[j as usize] += g * time;
        }
        let place = rng.random::<f64>() * h - state.hazard[cell];
        match pick(causes, factors, &state.lambda, place) {
            Some(e) => {
                self.more[causes[e] as usize] += 1.0;
                self.part[causes[e] as usize] += w;
            }
            None => {
                self.cell_more[cell] += 1.0;
                self.background_part += w;
            }
        }
    }
}

const UNIT_53: f64 = 1.0 / (1_u64 << 53) as f64;

/// The edge in which `place` lies when the hazards are laid end to end; `None` (the background) below
/// 0. Beyond the end, which rounding alone can reach, the last edge.
#[inline]
fn pick(causes: &[u32], factors: &[f64], lambda: &[f64], mut place: f64) -> Option<usize> {
    if place < 0.0 {
        return None;
    }
    for (e, (&j, factor)) in causes.iter().zip(factors).enumerate() {
        place -= factor * lambda[j as usize];
        if place < 0.0 {
            return Some(e);
        }
    }
    causes.len().checked_sub(1)
}

/// Binomial(n, p), with n so large that only the mean matters beyond 1e15.
pub(super) fn binomial(n: f64, p: f64, rng: &mut impl Rng) -> f64 {
    if n <= 0.0 || p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return n;
    }
    if n > 1e15 {
        return n * p;
    }
    #[allow(clippy::cast_sign_loss)] // n is a whole number above 0.
    let trials = n as u64;
    Binomial::new(trials, p).map_or(n * p, |binomial| binomial.sample(rng) as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::options::Options;
    use super::super::reports::{Cause, Edge, Event, Reports, Stratum};
    use super::*;
    use crate::numeric::random::stream;

    /// Event reports with none to nine causes, so that fours are empty, just full, and followed by others.
    fn layout(factor: impl Fn(usize) -> f64) -> Layout {
        let event = |edges: usize| {
            let edge = |cause| Edge { cause, factor: factor(cause) };
            Event { stratum: 0, weight: 1.0, edges: (0..edges).rev().map(edge).collect() }
        };
        let causes = vec![Cause { group: 0, exposed: 1e6 }; 9];
        let strata = vec![Stratum { levels: Vec::new(), reports: 1e7 }];
        let events = [0, 1, 3, 4, 5, 8, 9].map(event).to_vec();
        let reports = Reports::new(1, causes, Vec::new(), strata, events).unwrap();
        Layout::new(&reports, &Options::default())
    }

    #[test]
    fn the_cause_drawn_is_the_edge_in_which_the_place_lies() {
        for layout in [layout(|_| 1.0), layout(|cause| 0.5 + cause as f64)] {
            let mut state = State::null(&layout);
            // Different hazards, so small that there is no second arrival.
            let lambda = state.lambda.iter_mut().enumerate();
            lambda.for_each(|(j, lambda)| *lambda *= 1e-3 * (1.0 + j as f64));
            state.hazard.iter_mut().for_each(|hazard| *hazard *= 1e-3);
            let (mut rng, mut same) = (stream(7, 0), stream(7, 0));
            let mut tally = Tally::new(&layout);
            let mut all = vec![0; tally.first.len()];
            for _ in 0..2_000 {
                tally.draw(&layout, &state, &mut rng);
                let mut expected = vec![0; tally.first.len()];
                for r in 0..layout.events.whole {
                    let (causes, factors) = layout.events.edges(r);
                    let h = layout.events.hazard(r, &state.lambda, &state.hazard);
                    let bits = same.next_u64();
                    let place = (bits >> 11) as f64 * UNIT_53 * h - state.hazard[0];
                    let picked = pick(causes, factors, &state.lambda, place);
                    expected[picked.map_or(tally.causes, |e| causes[e] as usize)] += 1;
                    if ((bits & 0x7ff) as f64) < 1024.0 * h {
                        let _: f64 = same.random();
                    }
                }
                assert_eq!(tally.first, expected);
                all.iter_mut().zip(expected).for_each(|(all, n)| *all += n);
            }
            assert!(all.iter().all(|n| *n > 10), "{all:?}");
        }
    }
}
