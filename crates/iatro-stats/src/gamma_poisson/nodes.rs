//! All pairs as few points, over which sums of smooth functions are those over the pairs.
//!
//! For one count the log likelihood of a pair is an analytic function of ln E, as a quantile is
//! ([`super::panel`]). On a short panel of ln E it is, to its last digits, its Chebyshev interpolant;
//! so its sum over the pairs of the panel is a weighted sum of its values at the nodes, and a weight is
//! the sum of that node's polynomial over the pairs. A weight may be below 0; those of a panel add up to
//! its pairs.
//!
//! The function bends where the components of a mixture exchange their weights. Of a component without spread, ln f
//! is n ln E - E: it gives way where that is some units below its top, |E - n| a few sqrt(n), and there it changes by a
//! few sqrt(n) for each unit of ln E. So the panels of a large count are narrower by its root, and a prior at the
//! bound of its spread is followed too.
//!
//! Where a prior makes the function bend more within a panel, the sum is off. So these points only lead a climb near
//! to its end, if ln L of all pairs is the same there, and all pairs have the last word.

use std::f64::consts::PI;

use rayon::prelude::*;

use super::likelihood::Point;
use super::pair::WeightedPair;

/// Nodes of a panel; one with no more points than these keeps its points.
const NODES: usize = 12;

/// Width of a panel in ln E, up to the count [`WIDE`] ...
const WIDTH: f64 = 0.5;
/// ... beyond which it falls with the root of the count.
const WIDE: u64 = 4;

/// The width of the panels of a count.
fn width(count: u64) -> f64 {
    WIDTH * (WIDE as f64 / count.max(WIDE) as f64).sqrt()
}

/// The points at the nodes, in the order of the counts; `points` are in the order (observed, expected).
pub(super) fn at_nodes(points: &[WeightedPair]) -> Vec<Point> {
    let index = |point: &WeightedPair| (point.expected.ln() / width(point.observed)).floor();
    let one_panel =
        |x: &WeightedPair, y: &WeightedPair| x.observed == y.observed && index(x) == index(y);
    let panels: Vec<&[WeightedPair]> = points.chunk_by(one_panel).collect();
    let of_panel = |panel: &&[WeightedPair]| -> Vec<Point> {
        if panel.len() > NODES {
            nodes(panel, index(&panel[0]))
        } else {
            panel.iter().copied().map(Point::from).collect()
        }
    };
    panels.par_iter().map(of_panel).collect::<Vec<_>>().concat()
}

/// The nodes of a panel, which is so many widths above ln E = 0.
fn nodes(panel: &[WeightedPair], index: f64) -> Vec<Point> {
    let half = 0.5 * width(panel[0].observed);
    let middle = (2.0 * index + 1.0) * half;
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

    /// A prior with its shapes and rates, and the weight of its first component, as the unknowns.
    fn unknowns(prior: [f64; 4], p: f64) -> [f64; 5] {
        let [a1, b1, a2, b2] = prior.map(f64::ln);
        [a1, b1, a2, b2, (p / (1.0 - p)).ln()]
    }

    /// 4,000 pairs of each count, ln E within 2 of that of the count.
    fn around(counts: &[u64]) -> [Data; 2] {
        let kind = Likelihood::ComponentsTruncated { minimum: 1 };
        let point = |&count: &u64, i: u32| WeightedPair {
            observed: count,
            expected: ((count as f64).ln() - 2.0 + 0.001 * f64::from(i)).exp(),
            weight: 1,
        };
        let points = counts.iter().flat_map(|count| (0..4_000).map(move |i| point(count, i)));
        let points: Vec<WeightedPair> = points.collect();
        [Data::of(kind, at_nodes(&points)), Data::new(kind, points)]
    }

    /// The component without spread gives way to the wide one on both sides of every count.
    #[test]
    fn a_prior_at_the_bound_of_its_spread_is_followed() {
        let [few, all] = around(&[1, 2, 5, 12, 40, 150, 400]);
        assert!(few.len() * 5 < all.len(), "{} {}", few.len(), all.len());
        for p in [0.5, 1e-3, 1e-6] {
            let at = unknowns([0.42, 0.24, 1e4, 1e4], p);
            let (few, all) = (few.evaluate(&at), all.evaluate(&at));
            assert!((few.value - all.value).abs() < 1e-3, "{p}: {} {}", few.value, all.value);
            let entries = few.gradient.iter().zip(all.gradient);
            let entries: Vec<f64> = entries.map(|(x, y)| (x - y).abs() / (1.0 + y.abs())).collect();
            assert!(entries.iter().all(|off| *off < 1e-5), "{p}: {entries:?}");
        }
    }

    /// Two components without spread meet where both are far below their tops: no polynomial follows that. So a place
    /// that the nodes lead to has to be asked for on all pairs.
    #[test]
    fn a_prior_that_bends_within_a_panel_is_told_by_its_likelihood() {
        let [few, all] = around(&[2_000]);
        let off = |prior: [f64; 4], p: f64| {
            let at = unknowns(prior, p);
            (few.evaluate(&at).value - all.evaluate(&at).value).abs()
        };
        let (bends, even) = (off([1e4, 500.0, 1e4, 1e4], 0.05), off([2.0, 0.2, 2.0, 2.0], 0.1));
        assert!(bends > 1.0, "{bends}");
        assert!(even < 1e-6, "{even}");
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
