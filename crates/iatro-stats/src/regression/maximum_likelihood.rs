//! Unpenalised logistic regression on a few columns: estimates, Wald intervals, separation.

use super::classes::Problem;
use super::newton::{Model, not_converged};
use super::{LogisticData, RegressionError};
use crate::Estimate;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::Table2x2;
    use crate::disproportionality::ror;
    use crate::regression::DesignMatrix;
    use crate::regression::bernoulli::contribution;

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
