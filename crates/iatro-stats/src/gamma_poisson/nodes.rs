//! All pairs as few points, over which sums of smooth functions are those over the pairs.
//!
//! For one count the log likelihood of a pair is an analytic function of ln E, as a quantile is
//! ([`super::panel`]). On a short panel of ln E it is, to its last digits, its Chebyshev interpolant;
//! so its sum over the pairs of the panel is a weighted sum of its values at the nodes, and a weight is
//! the sum of that node's polynomial over the pairs. A weight may be below 0; those of a panel add up to
//! its pairs.
//!
//! Where a prior makes the function bend within a panel, as when narrow components exchange their weights
//! there, the sum is off. So these points only lead a climb near to its end, if ln L of all pairs is the same
//! there, and all pairs have the last word.

use std::f64::consts::PI;

use rayon::prelude::*;

use super::likelihood::Point;
use super::pair::WeightedPair;

/// Nodes of a panel; one with no more points than these keeps its points.
const NODES: usize = 12;

/// Width of a panel in ln E.
const WIDTH: f64 = 0.5;

/// The points at the nodes, in the order of the counts; `points` are in the order (observed, expected).
pub(super) fn at_nodes(points: &[WeightedPair]) -> Vec<Point> {
    let index = |point: &WeightedPair| (point.expected.ln() / WIDTH).floor();
    let one_panel =
        |x: &WeightedPair, y: &WeightedPair| x.observed == y.observed && index(x) == index(y);
    let panels: Vec<&[WeightedPair]> = points.chunk_by(one_panel).collect();
    let of_panel = |panel: &&[WeightedPair]| -> Vec<Point> {
        if panel.len() > NODES {
            nodes(panel, index(&panel[0]) * WIDTH)
        } else {
            panel.iter().copied().map(Point::from).collect()
        }
    };
    panels.par_iter().map(of_panel).collect::<Vec<_>>().concat()
}

/// The nodes of a panel that begins at a ln E.
fn nodes(panel: &[WeightedPair], from: f64) -> Vec<Point> {
    let (middle, half) = (from + 0.5 * WIDTH, 0.5 * WIDTH);
    // Sums of the Chebyshev polynomials over the pairs.
    let mut sums = [0.0; NODES];
    for point in panel {
        let weight = point.weight as f64;
        let t = (point.expected.ln() - middle) / half;
        let (mut here, mut next) = (weight, weight * t);
        for sum in &mut sums {
            *sum += here;
            (here, next) = (next, 2.0 * t * next - here);
        }
    }
    let node = |k: usize| {
        let angle = PI * (k as f64 + 0.5) / NODES as f64;
        let series = (1..).zip(&sums[1..]).map(|(j, sum)| sum * (f64::from(j) * angle).cos());
        Point {
            observed: panel[0].observed,
            expected: (middle + half * angle.cos()).exp(),
            weight: (sums[0] + 2.0 * series.sum::<f64>()) / NODES as f64,
        }
    };
    (0..NODES).map(node).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::likelihood::{Data, Likelihood};
    use super::*;

    fn points() -> Vec<WeightedPair> {
        let point = |i: u64| WeightedPair {
            observed: 1 + i / 4_000,
            expected: (-6.0 + 0.002 * (i % 4_000) as f64).exp(),
            weight: 1 + i % 3,
        };
        (0..12_000).map(point).collect()
    }

    #[test]
    fn sums_over_the_nodes_are_those_over_the_pairs() {
        let points = points();
        let nodes = at_nodes(&points);
        assert!(nodes.len() * 20 < points.len(), "{}", nodes.len());
        let weight = |points: &[Point]| points.iter().map(|point| point.weight).sum::<f64>();
        let all: Vec<Point> = points.iter().copied().map(Point::from).collect();
        assert!((weight(&nodes) / weight(&all) - 1.0).abs() < 1e-12);
        for kind in [
            Likelihood::ComponentsTruncated { minimum: 1 },
            Likelihood::MixtureTruncated { minimum: 1 },
            Likelihood::Complete,
        ] {
            let [few, all] = [&nodes, &all].map(|points| Data::of(kind, points.clone()));
            for at in [[0.4, -0.6, 0.2, 0.9, -1.3], [-1.6, -2.3, 0.7, 1.4, -1.1]] {
                let (few, all) = (few.evaluate(&at), all.evaluate(&at));
                let close = |x: f64, y: f64| {
                    assert!((x - y).abs() < 1e-9 * (1.0 + y.abs()), "{kind:?}: {x} {y}");
                };
                close(few.value, all.value);
                few.gradient.iter().zip(all.gradient).for_each(|(x, y)| close(*x, y));
                let entries = few.hessian.iter().flatten().zip(all.hessian.iter().flatten());
                entries.for_each(|(x, y)| close(*x, *y));
            }
        }
    }

    /// Two components without spread meet within a panel, for a large count: no polynomial follows that. So a place
    /// that the nodes lead to has to be asked for on all pairs.
    #[test]
    fn a_prior_that_bends_within_a_panel_is_told_by_its_likelihood() {
        let point = |i: u32| WeightedPair {
            observed: 100,
            expected: (2.5 + 0.0025 * f64::from(i)).exp(),
            weight: 1,
        };
        let points: Vec<WeightedPair> = (0..200).map(point).collect();
        let kind = Likelihood::ComponentsTruncated { minimum: 1 };
        let few = Data::of(kind, at_nodes(&points));
        let all = Data::new(kind, points);
        let at = |prior: [f64; 4], p: f64| {
            let [a1, b1, a2, b2] = prior.map(f64::ln);
            [a1, b1, a2, b2, (p / (1.0 - p)).ln()]
        };
        let off = |at: [f64; 5]| (few.evaluate(&at).value - all.evaluate(&at).value).abs();
        assert!(off(at([1e4, 500.0, 1e4, 1e4], 0.05)) > 1.0);
        assert!(off(at([2.0, 0.2, 2.0, 2.0], 0.1)) < 0.01);
    }

    #[test]
    fn few_points_stay_as_they_are() {
        let some: Vec<WeightedPair> = points().into_iter().step_by(500).collect();
        let kept = at_nodes(&some);
        assert_eq!(kept.len(), some.len());
        assert!(kept.iter().zip(&some).all(|(kept, point)| *kept == Point::from(*point)));
        assert_eq!(at_nodes(&[]), []);
    }
}
