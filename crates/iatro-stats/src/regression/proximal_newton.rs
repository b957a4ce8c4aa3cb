//! The penalised fit on a few columns: Newton's method with cyclic coordinate descent inside.
//!
//! Each iteration replaces the log-likelihood by its quadratic expansion, minimises that with the
//! penalty by coordinate descent (Friedman, Hastie and Tibshirani 2010, J Stat Softw 33:1), and takes
//! the step, halved until the penalised likelihood rises enough (Lee, Sun and Saunders 2014, SIAM J
//! Optim 24:1420-1443). No coordinate moves the linear predictor of any row by more than
//! [`RADIUS`] in one iteration.

use super::bernoulli::contribution;
use super::classes::Problem;
use super::quadratic::{Quadratic, Term};

/// The furthest that one coordinate moves a linear predictor in one iteration.
const RADIUS: f64 = 4.0;

/// Penalties of the columns of a problem, and whether each is held at its value.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    pub(super) l1: Vec<f64>,
    pub(super) l2: Vec<f64>,
    pub(super) held: Vec<bool>,
    /// Range of the values of each column.
    pub(super) range: Vec<f64>,
}

/// Coefficients of the columns of a problem.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    pub(super) intercept: f64,
    pub(super) beta: Vec<f64>,
}

/// Where the minimisation ended.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    /// Linear predictor of each class.
    pub(super) eta: Vec<f64>,
    pub(super) log_likelihood: f64,
    /// Largest violation of the optimality conditions, in the units of the gradient of l / n.
    pub(super) violation: f64,
    pub(super) converged: bool,
    pub(super) iterations: u32,
}

/// How exact a fit is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exactness {
    pub(super) tolerance: f64,
    pub(super) max_iterations: u32,
}

/// Moves `point` to the minimum of `-l / n + penalty`.
pub(super) fn minimise(
    problem: &Problem,
    terms: &Terms,
    point: &mut Point,
    exactness: Exactness,
) -> Ending {
    let mut eta = problem.linear_predictor(point.intercept, &point.beta);
    let mut local = Local::at(problem, &eta);
    let mut iterations = 0;
    loop {
        let slopes = Slopes::new(problem, &local);
        let check = slopes.check(terms, point, exactness.tolerance);
        let spent = iterations >= exactness.max_iterations;
        if check.holds || spent {
            return Ending {
                eta,
                log_likelihood: local.log_likelihood,
                violation: check.violation,
                converged: check.holds,
                iterations,
            };
        }
        let columns = slopes.movable(terms, point);
        let step = step(problem, terms, point, &local, &slopes, &columns, exactness.tolerance);
        let (next, there) = line_search(problem, terms, point, &eta, &local, &slopes, &step);
        (eta, local) = (next, there);
        iterations += 1;
    }
}

/// The log-likelihood and its derivatives over n, class by class.
struct Local {
    log_likelihood: f64,
    residual: Vec<f64>,
    weight: Vec<f64>,
}

impl Local {
    fn at(problem: &Problem, eta: &[f64]) -> Self {
        let size = eta.len();
        let mut local =
            Self { log_likelihood: 0.0, residual: Vec::with_capacity(size), weight: Vec::new() };
        local.weight.reserve(size);
        for (i, &eta) in eta.iter().enumerate() {
            let c = contribution(problem.events[i], problem.totals[i], eta);
            local.log_likelihood += c.log_likelihood;
            local.residual.push(c.residual / problem.total_weight);
            local.weight.push(c.weight / problem.total_weight);
        }
        local
    }
}

/// First and second derivatives of l / n in the intercept and in each column.
struct Slopes {
    intercept: f64,
    /// Sum of the weights: minus the second derivative in the intercept.
    weight: f64,
    columns: Vec<Term>,
}

struct Check {
    violation: f64,
    holds: bool,
}

impl Slopes {
    fn new(problem: &Problem, local: &Local) -> Self {
        let weight: f64 = local.weight.iter().sum();
        let term = |column: &super::design::Column| {
            let mut term = Term::default();
            column.for_each(|class, value| {
                let weighted = value * local.weight[class];
                term.gradient += value * local.residual[class];
                term.weight += weighted;
                term.square += value * weighted;
            });
            term
        };
        let columns = problem.columns.iter().map(term).collect();
        Self { intercept: local.residual.iter().sum(), weight, columns }
    }

    /// The violation of the optimality conditions, and whether each is so small that re-optimising
    /// its coefficient alone would move no linear predictor by more than `tolerance`.
    fn check(&self, terms: &Terms, point: &Point, tolerance: f64) -> Check {
        let mut check = Check {
            violation: self.intercept.abs(),
            holds: self.intercept.abs() <= tolerance * self.weight,
        };
        for (j, term) in self.columns.iter().enumerate().filter(|&(j, _)| !terms.held[j]) {
            let violation = violation(term.gradient, point.beta[j], terms.l1[j], terms.l2[j]);
            let curvature = term.curvature(self.weight) + terms.l2[j];
            let rounding = 1e-14 * (term.square.sqrt() * self.weight.sqrt() + terms.l1[j]);
            let allowed = tolerance * curvature / terms.range[j].max(f64::MIN_POSITIVE) + rounding;
            check.violation = check.violation.max(violation);
            check.holds &= violation <= allowed;
        }
        check
    }

    /// Columns that can move: those not 0 and those that the penalty does not hold at 0.
    fn movable(&self, terms: &Terms, point: &Point) -> Vec<usize> {
        let moves = |&j: &usize| {
            let free = point.beta[j] != 0.0 || self.columns[j].gradient.abs() > terms.l1[j];
            !terms.held[j] && free
        };
        (0..point.beta.len()).filter(moves).collect()
    }
}

/// How far a slope is from what optimality asks: equal to the slope of the penalty where the
/// coefficient is not 0, at most `l1` in absolute value where it is.
pub(super) fn violation(gradient: f64, beta: f64, l1: f64, l2: f64) -> f64 {
    if beta == 0.0 {
        return (gradient.abs() - l1).max(0.0);
    }
    (gradient - l1.copysign(beta) - l2 * beta).abs()
}

/// A step of the intercept and of some columns.
struct Step {
    intercept: f64,
    /// Column and by how much.
    columns: Vec<(usize, f64)>,
}

/// The minimum of the quadratic expansion with the penalty, over the columns that can move.
fn step(
    problem: &Problem,
    terms: &Terms,
    point: &Point,
    local: &Local,
    slopes: &Slopes,
    columns: &[usize],
    tolerance: f64,
) -> Step {
    let mut model = Quadratic::new(problem, &local.weight, slopes.weight, columns, &slopes.columns);
    model.centre(slopes.intercept);
    let mut beta: Vec<f64> = columns.iter().map(|&j| point.beta[j]).collect();
    let mut enough = 0.1 * tolerance;
    for pass in 0..MAX_PASSES {
        let mut largest = 0.0_f64;
        for (k, &j) in columns.iter().enumerate() {
            let reach = RADIUS / terms.range[j].max(f64::MIN_POSITIVE);
            let (low, high) = (point.beta[j] - reach, point.beta[j] + reach);
            let to = model.minimum(k, beta[k], terms.l1[j], terms.l2[j]).clamp(low, high);
            let change = to - beta[k];
            if change != 0.0 {
                model.moved(k, change);
                beta[k] = to;
                largest = largest.max(change.abs() * terms.range[j]);
            }
        }
        if pass == 0 {
            // The expansion is only as good as the step is short: no use in solving it further.
            enough = enough.max(1e-4 * largest);
        }
        if largest <= enough {
            break;
        }
    }
    let moved = columns.iter().zip(&beta).map(|(&j, &to)| (j, to - point.beta[j]));
    let columns: Vec<(usize, f64)> = moved.filter(|&(_, change)| change != 0.0).collect();
    let pulled: f64 = columns.iter().map(|&(j, change)| slopes.columns[j].weight * change).sum();
    let intercept = if slopes.weight > 0.0 {
        ((slopes.intercept - pulled) / slopes.weight).clamp(-RADIUS, RADIUS)
    } else {
        0.0
    };
    Step { intercept, columns }
}

const MAX_PASSES: u32 = 2_000;

/// Takes the step, halved until the objective falls by a tenth of a thousandth of what the expansion
/// promised; a promise below the rounding of the objective is taken on trust.
fn line_search(
    problem: &Problem,
    terms: &Terms,
    point: &mut Point,
    eta: &[f64],
    local: &Local,
    slopes: &Slopes,
    step: &Step,
) -> (Vec<f64>, Local) {
    let mut direction = vec![step.intercept; eta.len()];
    let mut promised = -slopes.intercept * step.intercept;
    for &(j, change) in &step.columns {
        problem.columns[j].for_each(|class, value| direction[class] += change * value);
        promised -= slopes.columns[j].gradient * change;
    }
    let penalty = |share: f64| -> f64 {
        let at = |&(j, change): &(usize, f64)| {
            let beta = point.beta[j] + share * change;
            terms.l1[j] * beta.abs() + 0.5 * terms.l2[j] * beta * beta
        };
        step.columns.iter().map(at).sum()
    };
    promised += penalty(1.0) - penalty(0.0);
    let now = -local.log_likelihood / problem.total_weight + penalty(0.0);
    let mut share = 1.0;
    loop {
        let next: Vec<f64> = eta.iter().zip(&direction).map(|(e, d)| e + share * d).collect();
        let there = Local::at(problem, &next);
        let value = -there.log_likelihood / problem.total_weight + penalty(share);
        let slack = 1e-13 * now.abs();
        if value <= now + 1e-4 * share * promised.min(0.0) + slack || share < 1e-8 {
            point.intercept += share * step.intercept;
            step.columns.iter().for_each(|&(j, change)| point.beta[j] += share * change);
            return (next, there);
        }
        share *= 0.5;
    }
}
