//! A penalised fit over all columns, solved on the few that matter.
//!
//! Columns enter the working set by the sequential strong rule (Tibshirani et al. 2012, J R Stat Soc
//! B 74:245-266); after each fit the optimality conditions of all other columns are checked, those
//! that violate them enter, and the fit is repeated. The answer is that of the whole problem. Rows
//! that agree in the working set are one class, so the fits are small however many reports there
//! are.

use super::bernoulli::probability as logistic;
use super::classes::{Classes, Problem};
use super::penalty::Scales;
use super::proximal_newton::{Ending, Exactness, Point, Terms, minimise, violation};
use super::{LogisticData, RegressionError};

/// The state between fits: each starts where the last one ended.
pub(super) struct WorkingSet<'a> {
    data: &'a LogisticData<'a>,
    scales: Scales,
    exactness: Exactness,
    working: Vec<usize>,
    is_working: Vec<bool>,
    classes: Classes,
    problem: Problem,
    point: Point,
    range: Vec<f64>,
    /// Slope of l / n in each column at the last fit.
    slopes: Vec<f64>,
    /// First derivative of l / n in the linear predictor of each row.
    residual: Vec<f64>,
    last_lambda: f64,
    /// A column held at a value.
    held: Option<usize>,
}

/// A fit of the whole problem.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) intercept: f64,
    /// Column and coefficient of those not 0, in order of columns.
    pub(super) coefficients: Vec<(usize, f64)>,
    pub(super) log_likelihood: f64,
    pub(super) violation: f64,
    pub(super) converged: bool,
    pub(super) iterations: u32,
}

impl<'a> WorkingSet<'a> {
    /// Starts with the columns that no penalty holds back, and fits them.
    pub(super) fn new(
        data: &'a LogisticData<'a>,
        scales: Scales,
        exactness: Exactness,
        held: Option<usize>,
    ) -> Self {
        let columns = data.design().columns();
        let mut classes = Classes::new(data);
        classes.renumber();
        let problem = Problem::new(data, &classes, &[]);
        let mut this = Self {
            data,
            scales,
            exactness,
            working: Vec::new(),
            is_working: vec![false; columns],
            classes,
            problem,
            point: Point { intercept: start(data), beta: Vec::new() },
            range: Vec::new(),
            slopes: vec![0.0; columns],
            residual: Vec::new(),
            last_lambda: f64::INFINITY,
            held,
        };
        let mut first = this.scales.unpenalised();
        first.extend(held);
        first.sort_unstable();
        first.dedup();
        this.admit(&first);
        this
    }

    /// The fit without any penalised column, and the smallest lambda at which it is the answer (0 if
    /// no penalised column carries any information). Ridge has no such lambda; the one given is that
    /// of an L1 share of 0.001, as in glmnet.
    pub(super) fn null(&mut self) -> (Fit, f64) {
        let fit = self.converge(f64::INFINITY);
        let share = self.scales.alpha.max(1e-3);
        let least = |j: usize| self.slopes[j].abs() / (share * self.scales.scale[j]);
        let outside = self.scales.penalised().filter(|&j| !self.is_working[j]);
        let lambda_max = outside.map(least).fold(0.0, f64::max);
        self.last_lambda = lambda_max;
        (fit, lambda_max)
    }

    /// The fit at a lambda above 0.
    pub(super) fn fit(&mut self, lambda: f64) -> Fit {
        // Below this slope a column is not expected to enter. The floor keeps a long step in lambda
        // from admitting everything; what it misses, the check below finds.
        let expected = (2.0 * lambda - self.last_lambda).max(0.8 * lambda);
        let entering = self.outside(|slope, l1| slope >= l1 * expected);
        self.admit(&entering);
        self.last_lambda = lambda;
        self.converge(lambda)
    }

    /// Holds the held column at a value for the fits to come.
    pub(super) fn hold_at(&mut self, value: f64) {
        let at = self.working.iter().position(|&j| Some(j) == self.held);
        if let Some(beta) = at.and_then(|at| self.point.beta.get_mut(at)) {
            *beta = value;
        }
    }

    /// Slope of l / n in a column at the last fit.
    pub(super) fn slope(&self, column: usize) -> f64 {
        self.slopes[column]
    }

    /// Fits the working set until no column outside violates its condition.
    fn converge(&mut self, lambda: f64) -> Fit {
        let mut iterations = 0;
        loop {
            let terms = self.terms(lambda);
            let ending = minimise(&self.problem, &terms, &mut self.point, self.exactness);
            iterations += ending.iterations;
            self.update_slopes(&ending.eta);
            let violators = if lambda.is_finite() {
                self.outside(|slope, l1| slope > l1 * lambda * (1.0 + 1e-9))
            } else {
                Vec::new()
            };
            if violators.is_empty() {
                return self.describe(&ending, lambda, iterations);
            }
            self.admit(&violators);
        }
    }

    fn describe(&self, ending: &Ending, lambda: f64, iterations: u32) -> Fit {
        let mut coefficients: Vec<(usize, f64)> = self
            .working
            .iter()
            .zip(&self.point.beta)
            .filter(|&(_, &beta)| beta != 0.0)
            .map(|(&j, &beta)| (j, beta))
            .collect();
        coefficients.sort_unstable_by_key(|&(j, _)| j);
        let outside =
            self.scales.penalised().filter(|&j| !self.is_working[j] && lambda.is_finite());
        let beyond =
            outside.map(|j| violation(self.slopes[j], 0.0, self.scales.l1[j] * lambda, 0.0));
        Fit {
            intercept: self.point.intercept,
            coefficients,
            log_likelihood: ending.log_likelihood,
            violation: beyond.fold(ending.violation, f64::max),
            converged: ending.converged,
            iterations,
        }
    }

    /// Penalised columns outside the working set whose absolute slope and L1 scale satisfy `enters`.
    fn outside(&self, enters: impl Fn(f64, f64) -> bool) -> Vec<usize> {
        let outside = self.scales.penalised().filter(|&j| !self.is_working[j]);
        outside.filter(|&j| enters(self.slopes[j].abs(), self.scales.l1[j])).collect()
    }

    /// Adds columns to the working set, at 0.
    fn admit(&mut self, columns: &[usize]) {
        if columns.is_empty() {
            return;
        }
        let all = self.data.design().all();
        for &j in columns {
            self.is_working[j] = true;
            self.working.push(j);
            self.point.beta.push(0.0);
            self.range.push(all[j].range(self.data.design().rows()));
            self.classes.refine(&all[j]);
        }
        self.classes.renumber();
        self.problem = Problem::new(self.data, &self.classes, &self.working);
    }

    fn terms(&self, lambda: f64) -> Terms {
        let scaled = |scale: f64| if scale == 0.0 { 0.0 } else { scale * lambda };
        let held = |j: usize| Some(j) == self.held;
        let part = |scales: &[f64]| {
            let at = |&j: &usize| if held(j) { 0.0 } else { scaled(scales[j]) };
            self.working.iter().map(at).collect()
        };
        Terms {
            l1: part(&self.scales.l1),
            l2: part(&self.scales.l2),
            held: self.working.iter().map(|&j| held(j)).collect(),
            range: self.range.clone(),
        }
    }

    /// Slope of l / n in every column, from the linear predictor of each class.
    fn update_slopes(&mut self, eta: &[f64]) {
        let n = self.problem.total_weight;
        let probability: Vec<[f64; 2]> = eta.iter().map(|&e| [logistic(e), logistic(-e)]).collect();
        let rows = self.data.events().iter().zip(self.data.totals()).zip(self.classes.of_rows());
        self.residual.clear();
        self.residual.extend(rows.map(|((&events, &total), &class)| {
            let [p, q] = probability[class as usize];
            (events * q - (total - events) * p) / n
        }));
        let residual = &self.residual;
        for (slope, column) in self.slopes.iter_mut().zip(self.data.design().all()) {
            let mut sum = 0.0;
            column.for_each(|row, value| sum += value * residual[row]);
            *slope = sum;
        }
    }
}

/// The logit of the share with the outcome: the intercept of a model without columns.
fn start(data: &LogisticData<'_>) -> f64 {
    let events: f64 = data.events().iter().sum();
    let others: f64 = data.totals().iter().zip(data.events()).map(|(t, e)| t - e).sum();
    (events / others).ln().clamp(-40.0, 40.0)
}

/// Checks that the columns that no penalty holds back have finite estimates.
pub(super) fn check_unpenalised(
    function: &'static str,
    data: &LogisticData<'_>,
    scales: &Scales,
    held: Option<usize>,
) -> Result<(), RegressionError> {
    let mut columns = scales.unpenalised();
    columns.retain(|&j| Some(j) != held);
    if columns.is_empty() {
        return data.check_outcome(function);
    }
    let fit = super::maximum_likelihood::fit_columns(function, data, &columns)?;
    let separated = fit.separated();
    if separated.is_empty() {
        return Ok(());
    }
    Err(RegressionError::Separation { function, columns: separated })
}
