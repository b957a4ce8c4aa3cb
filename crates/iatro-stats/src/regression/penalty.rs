//! The penalty: L1, L2 or both, and what its strength means.

use super::error::same_length;
use super::{LogisticData, RegressionError};
use crate::DomainError;
use crate::special::{in_range, positive};

/// An elastic-net penalty on the coefficients; the intercept is never penalised.
///
/// The fit minimises, with n the weight of all reports and l the log-likelihood,
///
/// ```text
/// -l / n + lambda * sum over columns of  f_j ( alpha |b_j| + (1 - alpha)/2 b_j^2 )
/// ```
///
/// `alpha` 1 is the lasso (Tibshirani 1996, J R Stat Soc B 58:267-288), 0 is ridge (Hoerl and Kennard
/// 1970, Technometrics 12:55-67), between them the elastic net (Zou and Hastie 2005, J R Stat Soc B
/// 67:301-320). This lambda is that of the R package glmnet (which also rescales the factors f_j to
/// a mean of 1; here they are taken as given). A Bayesian reading of it: [`laplace_variance`].
///
/// Columns are penalised on the scale they have, unless [`Penalty::standardised`] is asked for: then
/// b_j is multiplied by the standard deviation of its column (divisor n) inside the penalty.
/// Coefficients are always returned on the scale of the column. A column that is constant over the rows
/// of weight above 0, or whose standard deviation is below 3e-7 of the root of its mean square, stays at
/// 0: centre a column of large values that differ by little.
#[derive(Debug, Clone, PartialEq)]
pub struct Penalty {
    alpha: f64,
    factors: Option<Vec<f64>>,
    excluded: Vec<usize>,
    standardise: bool,
}

impl Penalty {
    /// L1 alone.
    #[must_use]
    pub fn lasso() -> Self {
        Self { alpha: 1.0, factors: None, excluded: Vec::new(), standardise: false }
    }

    /// L2 alone.
    #[must_use]
    pub fn ridge() -> Self {
        Self { alpha: 0.0, ..Self::lasso() }
    }

    /// Both, with `alpha` (0 to 1) the share of L1.
    ///
    /// # Errors
    /// [`DomainError`] if `alpha` is out of range.
    pub fn elastic_net(alpha: f64) -> Result<Self, DomainError> {
        let expected = "a share from 0 (ridge) to 1 (lasso)";
        let ok = (0.0..=1.0).contains(&alpha);
        let alpha = in_range(ok, "Penalty::elastic_net", "alpha", alpha, expected)?;
        Ok(Self { alpha, ..Self::lasso() })
    }

    /// The same with `factors[j]` (0 to 1e6) multiplying the penalty of column j; 0 leaves it
    /// unpenalised. The number of factors is checked against the design by the fit.
    ///
    /// # Errors
    /// [`DomainError`] if a factor is out of range.
    pub fn with_factors(mut self, factors: &[f64]) -> Result<Self, DomainError> {
        for &factor in factors {
            let expected = "a number from 0 (not penalised) to 1e6";
            let ok = (0.0..=1e6).contains(&factor) && (factor == 0.0 || factor >= 1e-6);
            in_range(ok, "Penalty::with_factors", "factors", factor, expected)?;
        }
        self.factors = Some(factors.to_vec());
        Ok(self)
    }

    /// The same with some columns left out of the model.
    #[must_use]
    pub fn excluding(mut self, columns: &[usize]) -> Self {
        self.excluded.extend_from_slice(columns);
        self
    }

    /// The same on standardised columns.
    #[must_use]
    pub fn standardised(mut self) -> Self {
        self.standardise = true;
        self
    }

    /// The share of L1.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// What the penalty of each column is multiplied by, for these data.
    pub(super) fn scales(
        &self,
        function: &'static str,
        data: &LogisticData<'_>,
    ) -> Result<Scales, RegressionError> {
        let columns = data.design().columns();
        if let Some(factors) = &self.factors {
            same_length(function, "factors", factors.len(), columns, "column")?;
        }
        let mut scales = Scales::empty(self.alpha, columns);
        let total = data.total_weight();
        for (j, column) in data.design().all().iter().enumerate() {
            let (mut sum, mut square) = (0.0, 0.0);
            column.for_each(|row, value| {
                let weighted = data.totals()[row] * value;
                sum += weighted;
                square += weighted * value;
            });
            let (mean, mean_square) = (sum / total, square / total);
            let variance = (mean_square - mean * mean).max(0.0);
            scales.excluded[j] = variance.is_nan() || variance <= 1e-13 * mean_square;
            let factor = self.factors.as_ref().map_or(1.0, |factors| factors[j]);
            let deviation = if self.standardise { variance.sqrt() } else { 1.0 };
            scales.scale[j] = factor * deviation;
            scales.l1[j] = self.alpha * scales.scale[j];
            scales.l2[j] = (1.0 - self.alpha) * scales.scale[j] * deviation;
        }
        for &column in &self.excluded {
            let Some(excluded) = scales.excluded.get_mut(column) else {
                return Err(RegressionError::NoSuchColumn { function, column, columns });
            };
            *excluded = true;
        }
        Ok(scales)
    }
}

/// For each column, what lambda is multiplied by to give its L1 and L2 penalty; and the columns that
/// stay out: those excluded, and those that are constant over the rows of weight above 0.
#[derive(Debug, Clone)]
pub(super) struct Scales {
    pub(super) alpha: f64,
    /// Factor and standard deviation.
    pub(super) scale: Vec<f64>,
    pub(super) l1: Vec<f64>,
    pub(super) l2: Vec<f64>,
    pub(super) excluded: Vec<bool>,
}

impl Scales {
    fn empty(alpha: f64, columns: usize) -> Self {
        let zeros = vec![0.0; columns];
        Self {
            alpha,
            scale: zeros.clone(),
            l1: zeros.clone(),
            l2: zeros,
            excluded: vec![false; columns],
        }
    }

    /// Columns in the model that no penalty holds back.
    pub(super) fn unpenalised(&self) -> Vec<usize> {
        let free = |&j: &usize| !self.excluded[j] && self.l1[j] == 0.0 && self.l2[j] == 0.0;
        (0..self.l1.len()).filter(free).collect()
    }

    /// Columns in the model that a penalty holds back.
    pub(super) fn penalised(&self) -> impl Iterator<Item = usize> {
        let held = |&j: &usize| !self.excluded[j] && (self.l1[j] > 0.0 || self.l2[j] > 0.0);
        (0..self.l1.len()).filter(held)
    }
}

/// Returns the variance of the Laplace prior whose posterior mode is the lasso fit with `lambda`, for
/// data of weight `total_weight`: `2 / (lambda n)^2`.
///
/// A Laplace prior with scale s has density `exp(-|b| / s) / (2 s)` and variance 2 s^2; its minus log
/// is the L1 penalty with lambda n = 1/s. The programs of OHDSI state this variance. Source: Genkin,
/// Lewis and Madigan 2007, Technometrics 49:291-304.
///
/// # Errors
/// [`DomainError`] unless both arguments are above 0 and at most 1e300.
pub fn laplace_variance(lambda: f64, total_weight: f64) -> Result<f64, DomainError> {
    let lambda = positive("laplace_variance", "lambda", lambda)?;
    let n = positive("laplace_variance", "total_weight", total_weight)?;
    let variance = 2.0 / (lambda * n).powi(2);
    positive("laplace_variance", "2 / (lambda total_weight)^2", variance)
}

/// Returns the lambda of the lasso whose fit is the posterior mode under a Laplace prior of the given
/// `variance`: `sqrt(2 / variance) / n`. The inverse of [`laplace_variance`].
///
/// # Errors
/// [`DomainError`] unless both arguments are above 0 and at most 1e300.
pub fn lambda_of_laplace_variance(variance: f64, total_weight: f64) -> Result<f64, DomainError> {
    let function = "lambda_of_laplace_variance";
    let variance = positive(function, "variance", variance)?;
    let n = positive(function, "total_weight", total_weight)?;
    positive(function, "sqrt(2 / variance) / total_weight", (2.0 / variance).sqrt() / n)
}

/// Returns the variance of the normal prior whose posterior mode is the ridge fit with `lambda`:
/// `1 / (lambda n)`. Source as for [`laplace_variance`].
///
/// # Errors
/// [`DomainError`] unless both arguments are above 0 and at most 1e300.
pub fn normal_variance(lambda: f64, total_weight: f64) -> Result<f64, DomainError> {
    let lambda = positive("normal_variance", "lambda", lambda)?;
    let n = positive("normal_variance", "total_weight", total_weight)?;
    positive("normal_variance", "1 / (lambda total_weight)", 1.0 / (lambda * n))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::regression::DesignMatrix;

    #[test]
    fn lambda_and_prior_variance_are_inverse() {
        let variance = laplace_variance(0.002, 1_000.0).unwrap();
        assert!((variance - 0.5).abs() < 1e-15);
        let back = lambda_of_laplace_variance(variance, 1_000.0).unwrap();
        assert!((back - 0.002).abs() < 1e-17);
        assert_eq!(normal_variance(0.25, 8.0), Ok(0.5));
        for (lambda, n) in [(0.0, 1.0), (1.0, 0.0), (f64::NAN, 1.0), (1e200, 1e200)] {
            assert!(laplace_variance(lambda, n).is_err());
        }
        assert!(lambda_of_laplace_variance(1e-300, 1e-300).is_err());
        assert!(normal_variance(-1.0, 1.0).is_err());
    }

    #[test]
    fn constant_and_empty_columns_stay_out() {
        let mut design = DesignMatrix::new(4).unwrap();
        design.push_binary(vec![]).unwrap();
        design.push_binary(vec![0, 1, 2, 3]).unwrap();
        design.push_binary(vec![0, 1, 2]).unwrap();
        design.push_dense(&[7.0, 7.0, 7.0, 1.0]).unwrap();
        let data = LogisticData::new(&design, &[true, false, true, false]).unwrap();
        let scales = |data: &LogisticData<'_>| Penalty::lasso().scales("test", data).unwrap();
        assert_eq!(scales(&data).excluded, [true, true, false, false]);
        let last_out = data.with_weights(&[1.0, 1.0, 1.0, 0.0]).unwrap();
        assert_eq!(scales(&last_out).excluded, [true; 4]);
        let wrong = Penalty::lasso().with_factors(&[1.0]).unwrap();
        assert!(wrong.scales("test", &last_out).is_err());
        assert!(Penalty::lasso().excluding(&[4]).scales("test", &last_out).is_err());
        assert!(Penalty::elastic_net(1.5).is_err());
        assert!(Penalty::lasso().with_factors(&[-1.0]).is_err());
    }
}
