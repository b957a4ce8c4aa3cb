//! A quantile of the posterior as a function of E, for one count.
//!
//! ln of the quantile is an analytic function of ln E: its nearest singularities are where
//! beta + E = 0, at a distance pi from the real line, and where the two components of the posterior
//! exchange their weights. On a short panel of ln E a Chebyshev interpolant through a few exact
//! roots therefore gives all other pairs of the panel to the last digits (Trefethen 2013,
//! *Approximation Theory and Approximation Practice*, chapter 8), at a tenth of the cost of a root.
//! Its coefficients and two roots apart from the nodes say whether it does; where it does not, the
//! panel is halved, and where few pairs are left each has its own root.

use std::f64::consts::PI;

use rayon::prelude::*;

use super::mixture_quantile::{Target, from_log};
use super::posterior::ForCount;

/// A pair in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) count: u64,
    pub(super) expected: f64,
    /// ln of it.
    pub(super) ln_expected: f64,
    /// Index among the rows.
    pub(super) row: usize,
}

/// A quantile for one count, E free.
pub(super) struct Curve<'a> {
    count: &'a ForCount,
    target: Target,
    /// ln of the quantiles of the two components at unit rate.
    unit: [f64; 2],
}

/// Nodes of a panel.
const NODES: usize = 16;

/// Pairs from which on a panel pays.
const WORTH_IT: usize = 24;

/// Width of the first panels, in ln E; they lie on a grid that does not depend on the data.
const WIDTH: f64 = 1.0;

/// Halvings of a panel.
const MAX_DEPTH: u32 = 4;

/// What an interpolant may be off in ln of the quantile, at places where it is checked.
const ACCURACY: f64 = 2e-13;

impl<'a> Curve<'a> {
    pub(super) fn new(count: &'a ForCount, target: Target) -> Self {
        Self { count, target, unit: target.unit_quantiles(count.shapes) }
    }

    /// The quantiles of `places`, which are ordered by E.
    pub(super) fn of(&self, places: &[Place]) -> Vec<f64> {
        // For no E is the panel another one among other pairs, so panels can be filled side by side.
        let index = |place: &Place| (place.ln_expected / WIDTH).floor();
        let panels: Vec<_> = places.chunk_by(|x, y| index(x) == index(y)).collect();
        let fill = |panel: &[Place]| {
            let mut quantiles = Vec::with_capacity(panel.len());
            let from = index(&panel[0]) * WIDTH;
            self.fill(panel, [from, from + WIDTH], 0, &mut quantiles);
            quantiles
        };
        panels.into_par_iter().map(fill).collect::<Vec<_>>().concat()
    }

    /// Adds the quantiles of the places of one panel.
    fn fill(&self, places: &[Place], [from, to]: [f64; 2], depth: u32, quantiles: &mut Vec<f64>) {
        if places.len() < WORTH_IT {
            return self.fill_each(places, quantiles);
        }
        if let Some(interpolant) = Interpolant::new(self, from, to) {
            let at = |place: &Place| from_log(interpolant.at(place.ln_expected));
            quantiles.extend(places.iter().map(at));
        } else if depth == MAX_DEPTH {
            self.fill_each(places, quantiles);
        } else {
            let middle = f64::midpoint(from, to);
            let cut = places.partition_point(|place| place.ln_expected < middle);
            let (left, right) = places.split_at(cut);
            self.fill(left, [from, middle], depth + 1, quantiles);
            self.fill(right, [middle, to], depth + 1, quantiles);
        }
    }

    /// One root a distinct E, each from those before it. Places of equal E share it: a second search,
    /// from the first root, could end a digit away.
    fn fill_each(&self, places: &[Place], quantiles: &mut Vec<f64>) {
        let mut path = Path::default();
        let equal = |x: &Place, y: &Place| x.expected.to_bits() == y.expected.to_bits();
        for same in places.chunk_by(equal) {
            let y = self.ln_quantile(same[0].expected, path.guess(same[0].ln_expected));
            path.push(same[0].ln_expected, y);
            quantiles.extend(same.iter().map(|_| from_log(y)));
        }
    }

    fn ln_quantile(&self, expected: f64, guess: Option<f64>) -> f64 {
        let posterior = self.count.at(expected);
        posterior.components().ln_quantile(&self.target, self.unit, guess)
    }
}

/// The last two roots.
#[derive(Default)]
struct Path {
    last: Option<(f64, f64)>,
    slope: Option<f64>,
}

impl Path {
    fn push(&mut self, x: f64, y: f64) {
        if let Some((x0, y0)) = self.last
            && x != x0
        {
            self.slope = Some((y - y0) / (x - x0));
        }
        self.last = Some((x, y));
    }

    /// Straight on, if it is not far.
    fn guess(&self, x: f64) -> Option<f64> {
        let (x0, y0) = self.last?;
        let slope = self.slope.unwrap_or(-0.5);
        ((x - x0).abs() < 0.5).then_some(y0 + slope * (x - x0))
    }
}

/// A polynomial in Chebyshev form.
struct Interpolant {
    middle: f64,
    half: f64,
    coefficients: [f64; NODES],
}

impl Interpolant {
    /// The interpolant of a curve from one ln E to another; `None` if it is not accurate.
    fn new(curve: &Curve<'_>, from: f64, to: f64) -> Option<Self> {
        let (middle, half) = (f64::midpoint(from, to), 0.5 * (to - from));
        let mut path = Path::default();
        let mut root = |t: f64| {
            let x = middle + half * t;
            let y = curve.ln_quantile(x.exp(), path.guess(x));
            path.push(x, y);
            y
        };
        let angle = |k: usize| PI * (k as f64 + 0.5) / NODES as f64;
        let values: [f64; NODES] = std::array::from_fn(|k| root(angle(k).cos()));
        let coefficients = std::array::from_fn(|j| {
            let factor = if j == 0 { 1.0 } else { 2.0 } / NODES as f64;
            let products = values.iter().enumerate().map(|(k, y)| y * (j as f64 * angle(k)).cos());
            factor * products.sum::<f64>()
        });
        let interpolant = Self { middle, half, coefficients };
        let scale = 1.0 + values[0].abs();
        let last = coefficients[NODES - 3..].iter().map(|c| c.abs()).sum::<f64>();
        // The nodes leave their widest gaps at the middle; 0 and 0.98 lie between two of them.
        let holds = |t: f64| (interpolant.at(middle + half * t) - root(t)).abs() < ACCURACY * scale;
        (last < ACCURACY * scale && [0.0, 0.98].into_iter().all(holds)).then_some(interpolant)
    }

    /// Clenshaw's recurrence.
    fn at(&self, x: f64) -> f64 {
        let t = (x - self.middle) / self.half;
        let (mut b, mut before) = (0.0, 0.0);
        for &c in self.coefficients[1..].iter().rev() {
            (b, before) = (c + 2.0 * t * b - before, b);
        }
        self.coefficients[0] + t * b - before
    }
}
