//! Climbs from several starts, and which of them ended at the same optimum.

use rayon::prelude::*;

use super::climb::{self, Limits, Top};
use super::fit::{Fit, FittedOn, Location, Optimum, StandardErrors, StartReport};
use super::likelihood::{Data, UNKNOWNS};
use super::options::FitOptions;
use super::prior::Prior;
use crate::numeric::linear::Cholesky;

/// Gain in ln L below which a further step is the last.
const TOLERANCE: f64 = 1e-10;

fn limits(options: &FitOptions) -> Limits {
    Limits { tolerance: TOLERANCE, steps: options.max_steps }
}

/// Half the 95 % point of chi-squared with one degree of freedom. Two optima of one likelihood are no
/// nested models, so this is a convention and not a test: by less than that, the data do not choose.
const INDISTINGUISHABLE: f64 = 1.92;

/// What ln L of two sets of data may differ by where one stands for the other: far below [`INDISTINGUISHABLE`].
const SAME: f64 = 0.01;

/// Optima with the starts that led to them.
pub(super) struct Climbs {
    found: Vec<Found>,
    starts: Vec<StartReport>,
}

struct Found {
    top: Top,
    location: Location,
    /// Indices of the starts.
    starts: Vec<usize>,
    /// Whether ln L there is that of all pairs.
    on_all: bool,
}

/// The same point with the components in order.
fn ordered(top: Top, data: &Data) -> Top {
    if Prior::from_unbounded(top.at).is_ordered() {
        return top;
    }
    let [a1, b1, a2, b2, logit] = top.at;
    let at = [a2, b2, a1, b1, -logit];
    Top { at, local: data.evaluate(&at), ..top }
}

impl Found {
    fn new(top: Top, starts: Vec<usize>) -> Self {
        let location = if climb::at_bound(&top.at) {
            Location::Boundary
        } else if information(&top).is_some() {
            Location::Interior
        } else {
            Location::Flat
        };
        Self { top, location, starts, on_all: false }
    }

    /// Whether two climbs ended at the same optimum. Where numbers are not determined by the data,
    /// the likelihood alone decides.
    fn is_same(&self, other: &Self) -> bool {
        let (x, y) = (&self.top, &other.top);
        let apart = x.at.iter().zip(y.at).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
        let level = (x.local.value - y.local.value).abs();
        let interior = [self, other].map(|found| found.location == Location::Interior);
        match interior {
            [true, true] => apart < 1e-3 && level < 1e-3,
            [false, false] => level < 1e-3,
            _ => false,
        }
    }
}

impl Climbs {
    /// Climbs from every start.
    pub(super) fn from_starts(data: &Data, options: &FitOptions) -> Self {
        let mut climbs = Self { found: Vec::new(), starts: Vec::new() };
        let climbed = |start: &Prior| {
            climb::climb(start.to_unbounded(), limits(options), |at| data.evaluate(at))
        };
        let tops: Vec<Top> = options.starts.par_iter().map(climbed).collect();
        for (index, (start, top)) in options.starts.iter().zip(tops).enumerate() {
            climbs.starts.push(StartReport {
                start: *start,
                steps: top.steps,
                converged: top.converged,
                log_likelihood: top.local.value,
                optimum: None,
            });
            climbs.add(Found::new(ordered(top, data), vec![index]));
        }
        climbs
    }

    fn add(&mut self, new: Found) {
        let known = self
            .found
            .iter_mut()
            .find(|old| old.top.converged && new.top.converged && old.is_same(&new));
        match known {
            Some(old) => {
                old.starts.extend(&new.starts);
                if new.top.local.value > old.top.local.value {
                    (old.top, old.location, old.on_all) = (new.top, new.location, new.on_all);
                }
            }
            None => self.found.push(new),
        }
    }

    /// The optima as points nearer to those of all pairs: each climbed on data between, and taken from there if ln L of
    /// all pairs is the same there; else, or if that leads nowhere, left where it was.
    pub(super) fn nearer(self, between: &Data, full: &Data, options: &FitOptions) -> Self {
        let mut climbs = Self { found: Vec::new(), starts: self.starts };
        for found in self.found {
            let top = climb::climb(found.top.at, limits(options), |at| between.evaluate(at));
            let near = top.converged.then(|| {
                let top = ordered(top, between);
                (top, full.evaluate(&top.at))
            });
            climbs.add(match near {
                Some((top, local)) if (local.value - top.local.value).abs() < SAME => {
                    Found { on_all: true, ..Found::new(Top { local, ..top }, found.starts) }
                }
                _ => found,
            });
        }
        climbs
    }

    /// Each converged optimum of the squashed data (or all that was reached, if none did), climbed
    /// on the full data.
    pub(super) fn polished(self, full: &Data, options: &FitOptions) -> Self {
        let any = self.found.iter().any(|found| found.top.converged);
        let mut climbs = Self { found: Vec::new(), starts: self.starts };
        for found in self.found.into_iter().filter(|found| found.top.converged || !any) {
            let (at, f) = (found.top.at, |at: &_| full.evaluate(at));
            let top = match found.on_all {
                true => climb::climb_on(at, found.top.local, limits(options), f),
                false => climb::climb(at, limits(options), f),
            };
            climbs.add(Found::new(ordered(top, full), found.starts));
        }
        climbs
    }

    /// The optima, that to report first; `None` if there was no start.
    pub(super) fn fit(mut self, data: &Data, on: FittedOn) -> Option<Fit> {
        // Stable, so equal likelihoods stay in the order of the starts.
        self.found.sort_by(|x, y| {
            let converged = y.top.converged.cmp(&x.top.converged);
            converged.then(y.top.local.value.total_cmp(&x.top.local.value))
        });
        if self.found.first().is_some_and(|found| found.top.converged) {
            self.found.retain(|found| found.top.converged);
        } else {
            self.found.truncate(1);
        }
        self.prefer_first_start();
        for (index, found) in self.found.iter().enumerate() {
            for &start in &found.starts {
                if let Some(report) = self.starts.get_mut(start) {
                    report.optimum = Some(index);
                }
            }
        }
        let mut optima = self.found.iter().map(Found::optimum);
        Some(Fit {
            best: optima.next()?,
            others: optima.collect(),
            starts: self.starts,
            data: on,
            pairs: data.pairs(),
            points: data.len(),
        })
    }
}

impl Climbs {
    /// Puts the optimum of the first start before those that the data do not tell from it. One at a
    /// bound, or flat, is left in its place: its numbers mean nothing, so they compare with nothing.
    fn prefer_first_start(&mut self) {
        let highest = self.found.first().map(|found| found.top.local.value);
        let of_first = self.found.iter().position(|found| found.starts.contains(&0));
        let (Some(highest), Some(place)) = (highest, of_first) else { return };
        let found = &self.found[place];
        let interior = found.location == Location::Interior;
        if interior && highest - found.top.local.value < INDISTINGUISHABLE {
            self.found[..=place].rotate_right(1);
        }
    }
}

impl Found {
    fn optimum(&self) -> Optimum {
        let prior = Prior::from_unbounded(self.top.at);
        let interior = self.location == Location::Interior;
        Optimum {
            prior,
            log_likelihood: self.top.local.value,
            starts: self.starts.len(),
            location: self.location,
            converged: self.top.converged,
            gradient_norm: climb::free_gradient_norm(&self.top),
            standard_errors: if interior { standard_errors(&self.top, &prior) } else { None },
        }
    }
}

/// The factor of the observed information, each unknown in units of its own curvature; `None` unless
/// it is positive definite.
fn information(top: &Top) -> Option<Cholesky> {
    let hessian = &top.local.hessian;
    let mut matrix = Vec::with_capacity(UNKNOWNS * UNKNOWNS);
    for (i, row) in hessian.iter().enumerate() {
        for (j, value) in row.iter().enumerate() {
            let scale = hessian[i][i] * hessian[j][j];
            if hessian[i][i] >= 0.0 || scale <= 0.0 {
                return None;
            }
            matrix.push(-value / scale.sqrt());
        }
    }
    Cholesky::new(&matrix, UNKNOWNS)
}

/// By the delta method: d alpha = alpha d ln alpha, d p = p (1 - p) d logit p.
fn standard_errors(top: &Top, prior: &Prior) -> Option<StandardErrors> {
    let inverse = information(top)?.inverse();
    let [alpha1, beta1, alpha2, beta2, p] = prior.to_array();
    let error = |i: usize, slope: f64| {
        slope * (inverse[i * UNKNOWNS + i] / -top.local.hessian[i][i]).sqrt()
    };
    let errors = StandardErrors {
        alpha1: error(0, alpha1),
        beta1: error(1, beta1),
        alpha2: error(2, alpha2),
        beta2: error(3, beta2),
        p: error(4, p * (1.0 - p)),
    };
    let StandardErrors { alpha1, beta1, alpha2, beta2, p } = errors;
    [alpha1, beta1, alpha2, beta2, p].iter().all(|e| e.is_finite()).then_some(errors)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::gamma_poisson::Likelihood;
    use crate::gamma_poisson::likelihood::Local;
    use crate::gamma_poisson::pair::WeightedPair;

    /// An optimum of this ln L, told from the others by its p.
    fn found(value: f64, logit: f64, location: Location, starts: &[usize]) -> Found {
        let hessian = std::array::from_fn(|i| std::array::from_fn(|j| -f64::from(i == j)));
        let local = Local { value, gradient: [0.0; UNKNOWNS], hessian };
        let at = [1.0, 0.0, 0.0, 0.0, logit];
        let top = Top { at, local, converged: true, steps: 1 };
        Found { top, location, starts: starts.to_vec(), on_all: false }
    }

    /// ln L of the optima in the order reported.
    fn order(found: Vec<Found>) -> Vec<f64> {
        let climbs = Climbs { found, starts: Vec::new() };
        let data = Data::new(Likelihood::Complete, Vec::new());
        let fit = climbs.fit(&data, FittedOn::Full).unwrap();
        fit.optima().map(|optimum| optimum.log_likelihood).collect()
    }

    use Location::{Boundary, Flat, Interior};

    #[test]
    fn the_optimum_of_the_first_start_comes_first_by_less_than_the_margin() {
        let with = |first: f64| {
            order(vec![
                found(-100.0, 0.0, Interior, &[2]),
                found(first, 1.0, Interior, &[0, 3]),
                found(-101.0, 2.0, Interior, &[1]),
            ])
        };
        assert_eq!(with(-101.9), [-101.9, -100.0, -101.0]);
        assert_eq!(with(-101.93), [-100.0, -101.0, -101.93]);
        assert_eq!(with(-99.0), [-99.0, -100.0, -101.0]);
    }

    #[test]
    fn without_an_optimum_of_the_first_start_the_highest_comes_first() {
        let optima = vec![found(-100.5, 0.0, Interior, &[2]), found(-100.0, 1.0, Interior, &[1])];
        assert_eq!(order(optima), [-100.0, -100.5]);
    }

    /// An optimum that the data between do not let converge, or that they have where all pairs do not, is still a
    /// starting point for all pairs.
    #[test]
    fn a_stage_between_moves_what_converges_and_loses_nothing() {
        let point = |observed, expected| WeightedPair { observed, expected, weight: 50 };
        let points = [(1, 0.2), (1, 2.0), (2, 0.1), (2, 3.0), (5, 0.4), (9, 8.0), (30, 2.0)];
        let points = points.map(|(observed, expected)| point(observed, expected)).to_vec();
        let data = Data::new(Likelihood::ComponentsTruncated { minimum: 1 }, points.clone());
        let others = points.iter().map(|point| WeightedPair { weight: 51, ..*point }).collect();
        let others = Data::new(Likelihood::ComponentsTruncated { minimum: 1 }, others);
        let after = |max_steps, full: &Data| {
            let start = found(-100.0, 0.0, Interior, &[0, 2]);
            let climbs = Climbs { found: vec![start], starts: Vec::new() };
            let options = FitOptions { max_steps, ..FitOptions::default() };
            let found = climbs.nearer(&data, full, &options).found;
            assert_eq!((found.len(), &found[0].starts), (1, &vec![0, 2]));
            assert!(found[0].top.converged);
            found[0].top.at
        };
        assert_eq!(after(1, &data), [1.0, 0.0, 0.0, 0.0, 0.0]);
        assert_ne!(after(200, &data), [1.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(after(200, &others), [1.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_first_start_that_ended_at_a_limit_has_no_preference() {
        for location in [Boundary, Flat] {
            let optima =
                vec![found(-100.0, 0.0, Interior, &[1]), found(-100.5, 1.0, location, &[0])];
            assert_eq!(order(optima), [-100.0, -100.5]);
        }
        let optima = vec![found(-100.0, 0.0, Boundary, &[1]), found(-100.5, 1.0, Interior, &[0])];
        assert_eq!(order(optima), [-100.5, -100.0]);
    }
}
