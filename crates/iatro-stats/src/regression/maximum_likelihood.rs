//! Unpenalised logistic regression on a few columns: estimates, Wald intervals, separation.

use super::bernoulli::contribution;
use super::classes::Problem;
use super::design::Column;
use super::quadratic::gram;
use super::{LogisticData, RegressionError};
use crate::Estimate;
use crate::numeric::linear::Cholesky;
use crate::numeric::maximise::Local;
use crate::special::Z_95;

/// The maximum likelihood fit of a logistic regression on chosen columns.
#[derive(Debug, Clone, PartialEq)]
pub struct MaximumLikelihood {
    columns: Vec<usize>,
    /// Intercept first, then the columns in the order asked for.
    coefficients: Vec<f64>,
    /// The same order, row by row.
    covariance: Vec<f64>,
    separation: Vec<Option<Separation>>,
    log_likelihood: f64,
}

/// Why an estimate is not a number: the columns separate the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separation {
    /// The log-likelihood rises as the coefficient goes to plus infinity: every row with the column has
    /// the outcome, as far as the other columns leave it free.
    Positive,
    /// The log-likelihood rises as the coefficient goes to minus infinity: no row has it.
    Negative,
    /// Other columns separate all that this one could speak about: no value of it fits better than
    /// another.
    Undetermined,
}

impl MaximumLikelihood {
    /// The columns of the model, in the order asked for.
    #[must_use]
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The intercept (log odds); `None` if it has no finite estimate.
    #[must_use]
    pub fn intercept(&self) -> Option<f64> {
        self.separation[0].is_none().then(|| self.coefficients[0])
    }

    /// The coefficient of a column (log odds ratio per unit); `None` if the column is not in the
    /// model or has no finite estimate ([`MaximumLikelihood::separation`] tells why).
    #[must_use]
    pub fn coefficient(&self, column: usize) -> Option<f64> {
        self.finite(column).map(|at| self.coefficients[at])
    }

    /// Standard error of [`MaximumLikelihood::coefficient`]: the root of the diagonal of the inverse
    /// of the observed information.
    #[must_use]
    pub fn standard_error(&self, column: usize) -> Option<f64> {
        let size = self.coefficients.len();
        self.finite(column).map(|at| self.covariance[at * size + at].sqrt())
    }

    /// The coefficient with its Wald interval, `b -+ 1.959963984540054 se`, log odds ratio per unit.
    ///
    /// Source: Wald 1943, Trans Am Math Soc 54:426-482. In small or sparse data the interval is poor
    /// (Hauck and Donner 1977, J Am Stat Assoc 72:851-853); the profile-likelihood interval is not.
    #[must_use]
    pub fn wald(&self, column: usize) -> Option<Estimate> {
        let (point, error) = (self.coefficient(column)?, self.standard_error(column)?);
        Some(Estimate { point, lower: point - Z_95 * error, upper: point + Z_95 * error })
    }

    /// The odds ratio per unit with its Wald interval.
    #[must_use]
    pub fn odds_ratio(&self, column: usize) -> Option<Estimate> {
        self.wald(column).and_then(exponential)
    }

    /// Why a column has no finite estimate; `None` if it has one, or is not in the model.
    #[must_use]
    pub fn separation(&self, column: usize) -> Option<Separation> {
        self.position(column).and_then(|at| self.separation[at])
    }

    /// The columns without finite estimate.
    #[must_use]
    pub fn separated(&self) -> Vec<usize> {
        let infinite = |&column: &usize| self.separation(column).is_some();
        self.columns.iter().copied().filter(infinite).collect()
    }

    /// Log-likelihood (natural logs, without binomial coefficients); under separation its supremum, to
    /// 1e-6.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    fn position(&self, column: usize) -> Option<usize> {
        self.columns.iter().position(|&j| j == column).map(|at| at + 1)
    }

    fn finite(&self, column: usize) -> Option<usize> {
        self.position(column).filter(|&at| self.separation[at].is_none())
    }
}

/// The ratio scale of an estimate on the log scale, if it can be written down.
pub(super) fn exponential(log: Estimate) -> Option<Estimate> {
    let Estimate { point, lower, upper } = log;
    let ratio = Estimate { point: point.exp(), lower: lower.exp(), upper: upper.exp() };
    (ratio.upper.is_finite() && ratio.lower > 0.0).then_some(ratio)
}

/// Returns the unpenalised logistic regression on some columns of the data.
///
/// Newton's method on rows aggregated by the columns; meant for up to a few hundred columns. Under
/// separation the estimates that are infinite are named, never given as numbers, and the log-likelihood
/// is its supremum. Separation shows when the log-likelihood no longer rises while a Newton step still
/// moves a linear predictor. Source: Albert and Anderson 1984, Biometrika 71:1-10.
///
/// # Errors
/// [`RegressionError::NoSuchColumn`] if a column does not exist or is named twice,
/// [`RegressionError::ConstantOutcome`], [`RegressionError::Collinear`] if there is no unique estimate,
/// [`RegressionError::NotConverged`].
pub fn maximum_likelihood(
    data: &LogisticData<'_>,
    columns: &[usize],
) -> Result<MaximumLikelihood, RegressionError> {
    fit_columns("maximum_likelihood", data, columns)
}

pub(super) fn fit_columns(
    function: &'static str,
    data: &LogisticData<'_>,
    columns: &[usize],
) -> Result<MaximumLikelihood, RegressionError> {
    let problem = Problem::on_columns(function, data, columns)?;
    let model = Model::new(&problem, (0..columns.len()).collect());
    let dependent = model.dependent();
    if !dependent.is_empty() {
        let columns = dependent.into_iter().map(|at| columns[at]).collect();
        return Err(RegressionError::Collinear { function, columns });
    }
    let top = model.maximum(&problem.offset, None).ok_or(not_converged(function))?;
    Ok(MaximumLikelihood {
        columns: columns.to_vec(),
        coefficients: top.at,
        covariance: top.covariance,
        separation: top.separation,
        log_likelihood: top.value,
    })
}

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::Table2x2;
    use crate::disproportionality::ror;
    use crate::regression::DesignMatrix;

    /// Drug and event as a design with one column and four aggregated rows.
    fn fit(cells: [f64; 4]) -> Result<MaximumLikelihood, RegressionError> {
        let [a, b, c, d] = cells;
        let design = DesignMatrix::from_csc(2, &[0, 1], &[0], None).unwrap();
        let data = LogisticData::grouped(&design, &[a, c], &[a + b, c + d]).unwrap();
        maximum_likelihood(&data, &[0])
    }

    #[test]
    fn one_binary_column_is_the_2_by_2_table() {
        let fit = fit([122.0, 1_320.0, 381.0, 31_341.0]).unwrap();
        let table = ror(&Table2x2::new(122, 1_320, 381, 31_341).unwrap()).unwrap();
        let got = fit.odds_ratio(0).unwrap();
        assert!((got.point / table.point - 1.0).abs() < 1e-12, "{got:?} {table:?}");
        assert!((got.lower / table.lower - 1.0).abs() < 1e-12);
        assert!((got.upper / table.upper - 1.0).abs() < 1e-12);
        assert!((fit.intercept().unwrap() - (381.0_f64 / 31_341.0).ln()).abs() < 1e-12);
    }

    #[test]
    fn separation_is_named_and_gives_no_number() {
        for (cells, direction) in [
            ([0.0, 50.0, 10.0, 10_000.0], Separation::Negative),
            ([5.0, 0.0, 10.0, 10_000.0], Separation::Positive),
            ([5.0, 0.0, 0.0, 100.0], Separation::Positive),
        ] {
            let fit = fit(cells).unwrap();
            assert_eq!(fit.separation(0), Some(direction), "{cells:?}");
            assert_eq!(fit.separated(), [0]);
            assert_eq!((fit.coefficient(0), fit.wald(0), fit.odds_ratio(0)), (None, None, None));
            let [_, _, c, d] = cells;
            let supremum =
                if c == 0.0 { 0.0 } else { contribution(c, c + d, (c / d).ln()).log_likelihood };
            assert!((fit.log_likelihood() - supremum).abs() < 1e-6, "{cells:?}");
            assert_eq!(fit.intercept().is_some(), c > 0.0);
        }
    }

    #[test]
    fn no_unique_estimate_is_an_error() {
        let mut design = DesignMatrix::new(4).unwrap();
        design.push_binary(vec![0, 1]).unwrap();
        design.push_binary(vec![0, 1]).unwrap();
        design.push_binary(vec![2, 3]).unwrap();
        design.push_binary(vec![]).unwrap();
        design.push_binary(vec![0, 1, 2, 3]).unwrap();
        let data = LogisticData::new(&design, &[true, false, true, false]).unwrap();
        for columns in [&[0, 1][..], &[0, 2], &[3], &[4]] {
            let error = maximum_likelihood(&data, columns).unwrap_err();
            assert!(matches!(error, RegressionError::Collinear { .. }), "{columns:?} {error}");
        }
        assert!(maximum_likelihood(&data, &[0, 0]).is_err());
        assert!(maximum_likelihood(&data, &[5]).is_err());
        assert!(maximum_likelihood(&data, &[]).unwrap().intercept().unwrap().abs() < 1e-12);
        let constant = LogisticData::new(&design, &[true; 4]).unwrap();
        assert!(maximum_likelihood(&constant, &[0]).is_err());
    }

    /// Column 1 has no event, and the only rows with column 2 are among its rows.
    #[test]
    fn what_separation_leaves_undetermined_is_no_number() {
        let reports: [&[u32]; 8] = [&[], &[], &[0], &[0], &[0], &[1], &[1, 2], &[1]];
        let design = DesignMatrix::from_reports(3, reports).unwrap();
        let outcome = [true, false, true, true, false, false, false, false];
        let data = LogisticData::new(&design, &outcome).unwrap();
        let fit = maximum_likelihood(&data, &[0, 1, 2]).unwrap();
        assert_eq!(fit.separation(1), Some(Separation::Negative));
        assert!(fit.separation(2).is_some() && fit.coefficient(2).is_none());
        // The rest is the table of column 0.
        let table = ror(&Table2x2::new(2, 1, 1, 1).unwrap()).unwrap();
        let got = fit.odds_ratio(0).unwrap();
        assert!((got.point / table.point - 1.0).abs() < 1e-6, "{got:?}");
        assert!((got.upper / table.upper - 1.0).abs() < 1e-6, "{got:?}");
    }
}
