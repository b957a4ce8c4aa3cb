//! Newton's method for an unpenalised logistic regression on few columns, whose maximum may lie at
//! infinity.

use super::RegressionError;
use super::bernoulli::contribution;
use super::classes::Problem;
use super::design::Column;
use super::maximum_likelihood::Separation;
use super::quadratic::gram;
use crate::numeric::linear::Cholesky;
use crate::numeric::maximise::Local;

pub(super) fn not_converged(function: &'static str) -> RegressionError {
    RegressionError::NotConverged { function, iterations: MAX_STEPS }
}

const MAX_STEPS: u32 = 200;

/// The furthest that one column moves a linear predictor in one step.
const REACH: f64 = 8.0;

const MAX_DAMPINGS: u32 = 60;

/// The gain in log-likelihood that a further Newton step may still promise, for rows that weigh at
/// least 1. Near the maximum the next step gains its square, so two more steps give the last digits.
const GAIN: f64 = 1e-7;

/// An unpenalised model on some columns of a problem, with its intercept as first column.
pub(super) struct Model<'p> {
    problem: &'p Problem,
    columns: Vec<&'p Column>,
    intercept: Column,
    range: Vec<f64>,
}

/// The maximum of a model.
pub(super) struct Top {
    pub(super) at: Vec<f64>,
    pub(super) value: f64,
    pub(super) covariance: Vec<f64>,
    pub(super) separation: Vec<Option<Separation>>,
    /// events - total p of each class.
    pub(super) residual: Vec<f64>,
}

impl<'p> Model<'p> {
    pub(super) fn new(problem: &'p Problem, columns: Vec<usize>) -> Self {
        let classes = problem.totals.len();
        let columns: Vec<&Column> = columns.into_iter().map(|j| &problem.columns[j]).collect();
        let rows = (0..u32::try_from(classes).unwrap_or(u32::MAX)).collect();
        let range = std::iter::once(1.0).chain(columns.iter().map(|c| c.range(classes)));
        let range = range.collect();
        Self { problem, columns, intercept: Column { rows, values: None }, range }
    }

    fn all(&self) -> Vec<&Column> {
        std::iter::once(&self.intercept).chain(self.columns.iter().copied()).collect()
    }

    /// The columns (by position in the model) that depend linearly on the intercept and the columns
    /// before them, where there is weight.
    pub(super) fn dependent(&self) -> Vec<usize> {
        let weight: Vec<f64> =
            self.problem.totals.iter().map(|&t| f64::from(u8::from(t > 0.0))).collect();
        let matrix = gram(&self.all(), &weight);
        let size = self.range.len();
        let scaled = |j: usize, k: usize| {
            let scale = (matrix[j * size + j] * matrix[k * size + k]).sqrt();
            if scale > 0.0 { matrix[j * size + k] / scale } else { 0.0 }
        };
        // Cholesky's factor, row by row, of the columns kept.
        let (mut kept, mut rows): (Vec<usize>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
        for j in 0..size {
            let mut row: Vec<f64> = Vec::with_capacity(kept.len() + 1);
            for (&k, above) in kept.iter().zip(&rows) {
                let dot: f64 = row.iter().zip(above).map(|(a, b)| a * b).sum();
                row.push((scaled(j, k) - dot) / above[above.len() - 1]);
            }
            let rest = scaled(j, j) - row.iter().map(|a| a * a).sum::<f64>();
            // Less than 1e-11 of the square is rounding, not information.
            if rest > 1e-11 {
                row.push(rest.sqrt());
                kept.push(j);
                rows.push(row);
            }
        }
        (1..size).filter(|j| !kept.contains(j)).map(|j| j - 1).collect()
    }

    /// The maximum with the given offset for each class; `None` if Newton's method does not get there.
    pub(super) fn maximum(&self, offset: &[f64], start: Option<&[f64]>) -> Option<Top> {
        let size = self.range.len();
        let zeros = vec![0.0; size];
        let columns = self.all();
        let evaluate = |at: &[f64]| self.local(&columns, offset, at);
        let gain = GAIN * self.least_weight().min(1.0);
        let climb = |start: &[f64]| self.climb(start, gain, evaluate);
        let (mut at, mut local) = start.and_then(climb).or_else(|| climb(&zeros))?;
        let step = factor(&local)?.solve(&local.gradient);
        let moves = step.iter().zip(&self.range).map(|(s, r)| unbounded(s * r));
        let mut separation: Vec<Option<Separation>> = moves.collect();
        let separated = separation.iter().any(Option::is_some);
        let before = factor(&local)?.inverse();
        for polish in 0..2 {
            let step = factor(&local)?.solve(&local.gradient);
            at.iter_mut().zip(&step).for_each(|(at, step)| *at += step);
            local = evaluate(&at);
            if separated && polish == 0 {
                break;
            }
        }
        let covariance = factor(&local)?.inverse();
        if separated {
            for (j, separation) in separation.iter_mut().enumerate() {
                // Where the data still speak, the variance has settled.
                let grows = covariance[j * size + j] > GROWING * before[j * size + j];
                *separation = separation.or(grows.then_some(Separation::Undetermined));
            }
        }
        let residual = self.residual(&columns, offset, &at);
        Some(Top { at, value: local.value, covariance, separation, residual })
    }

    /// Newton's method on a concave function with flat tails: a step that would move a linear predictor
    /// by more than [`REACH`] is damped (Levenberg 1944), and every step is halved until the function
    /// does not fall.
    fn climb(
        &self,
        start: &[f64],
        enough: f64,
        evaluate: impl Fn(&[f64]) -> Local,
    ) -> Option<(Vec<f64>, Local)> {
        let mut at = start.to_vec();
        let mut local = evaluate(&at);
        for _ in 0..MAX_STEPS {
            let step = factor(&local)?.solve(&local.gradient);
            let gain = 0.5 * step.iter().zip(&local.gradient).map(|(s, g)| s * g).sum::<f64>();
            if gain < enough {
                return Some((at, local));
            }
            let step = self.damped(&local, step)?;
            let mut share = 1.0;
            loop {
                let next: Vec<f64> = at.iter().zip(&step).map(|(x, s)| x + share * s).collect();
                let there = evaluate(&next);
                if there.value >= local.value - 1e-13 * local.value.abs() {
                    (at, local) = (next, there);
                    break;
                }
                share *= 0.5;
                if share < 1e-12 {
                    return None;
                }
            }
        }
        None
    }

    /// The step, with as much added to the diagonal of the information (in units of the range of each
    /// column) as it takes to keep it within [`REACH`].
    fn damped(&self, local: &Local, mut step: Vec<f64>) -> Option<Vec<f64>> {
        let size = self.range.len();
        let mut ridge = 0.0;
        for _ in 0..MAX_DAMPINGS {
            let moves = step.iter().zip(&self.range).map(|(s, r)| (s * r).abs());
            if moves.fold(0.0, f64::max) <= REACH {
                return Some(step);
            }
            // The least ridge that matters, then four times more each time.
            let slopes = local.gradient.iter().zip(&self.range).map(|(g, r)| (g / r).abs());
            let least = 1e-6 * slopes.fold(0.0, f64::max) / REACH;
            ridge = if ridge == 0.0 { least } else { 4.0 * ridge };
            let mut matrix: Vec<f64> = local.hessian.iter().map(|h| -h).collect();
            for j in 0..size {
                matrix[j * size + j] += ridge * self.range[j] * self.range[j];
            }
            if let Some(factor) = Cholesky::new(&matrix, size) {
                step = factor.solve(&local.gradient);
            }
        }
        None
    }

    /// The least weight of events or of others in a class, 0 aside; no less than a millionth of the
    /// mean.
    fn least_weight(&self) -> f64 {
        let (events, totals) = (&self.problem.events, &self.problem.totals);
        let others = totals.iter().zip(events).map(|(t, e)| t - e);
        let least = events.iter().copied().chain(others).filter(|&w| w > 0.0).fold(1.0, f64::min);
        least.max(1e-6 * self.problem.total_weight / totals.len().max(1) as f64)
    }

    fn linear_predictor(&self, columns: &[&Column], offset: &[f64], at: &[f64]) -> Vec<f64> {
        let mut eta = offset.to_vec();
        for (column, &coefficient) in columns.iter().zip(at) {
            column.for_each(|class, value| eta[class] += coefficient * value);
        }
        eta
    }

    fn residual(&self, columns: &[&Column], offset: &[f64], at: &[f64]) -> Vec<f64> {
        let (events, totals) = (&self.problem.events, &self.problem.totals);
        let eta = self.linear_predictor(columns, offset, at);
        let rows = events.iter().zip(totals).zip(eta);
        rows.map(|((&e, &t), eta)| contribution(e, t, eta).residual).collect()
    }

    fn local(&self, columns: &[&Column], offset: &[f64], at: &[f64]) -> Local {
        let eta = self.linear_predictor(columns, offset, at);
        let mut value = 0.0;
        let (mut residual, mut weight) = (Vec::with_capacity(eta.len()), Vec::new());
        for (i, &eta) in eta.iter().enumerate() {
            let c = contribution(self.problem.events[i], self.problem.totals[i], eta);
            value += c.log_likelihood;
            residual.push(c.residual);
            weight.push(c.weight);
        }
        let slope = |column: &&Column| {
            let mut sum = 0.0;
            column.for_each(|class, value| sum += value * residual[class]);
            sum
        };
        let gradient = columns.iter().map(slope).collect();
        let hessian = gram(columns, &weight).into_iter().map(|entry| -entry).collect();
        Local { value, gradient, hessian }
    }
}

/// The information, factored; where it is singular to working precision, with as little as needed
/// added to its diagonal.
fn factor(local: &Local) -> Option<Cholesky> {
    let size = local.gradient.len();
    let information: Vec<f64> = local.hessian.iter().map(|h| -h).collect();
    let with = |share: f64| {
        let mut matrix = information.clone();
        (0..size).for_each(|j| matrix[j * size + j] *= 1.0 + share);
        Cholesky::new(&matrix, size)
    };
    [0.0, 1e-13, 1e-11, 1e-9, 1e-6].into_iter().find_map(with)
}

/// Where the log-likelihood has stopped rising, a Newton step is far below this at a finite maximum,
/// and near 1 in the direction of an infinite one, whose last rise falls off as exp(-distance).
const STILL_MOVING: f64 = 0.05;

/// A Newton step in the direction of an infinite maximum multiplies by e the variance of what is
/// separated.
const GROWING: f64 = 1.2;

fn unbounded(step: f64) -> Option<Separation> {
    if step > STILL_MOVING {
        Some(Separation::Positive)
    } else if step < -STILL_MOVING {
        Some(Separation::Negative)
    } else {
        None
    }
}
