//! Choice of lambda by cross-validation.

use rand::Rng;

use super::error::same_length;
use super::path::{FitOptions, Lambdas, path};
use super::{LogisticData, Penalty, RegressionError, RegularisationPath};
use crate::numeric::random::stream;
use crate::special::in_range;

/// The deviance that held-out folds give along a path.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossValidation {
    /// The path on all data; the vectors below are parallel to its fits.
    pub path: RegularisationPath,
    /// Fold of each row, from 0.
    pub folds: Vec<u32>,
    /// Mean over the folds (weighted by their weight) of the deviance per report held out.
    pub mean: Vec<f64>,
    /// Standard error of that mean, from its spread over the folds.
    pub standard_error: Vec<f64>,
    /// Position of the smallest mean, the first (with the largest lambda) among equals.
    pub smallest: usize,
    /// Position of the largest lambda whose mean is within one standard error of the smallest.
    pub one_standard_error: usize,
}

impl CrossValidation {
    /// The lambda with the smallest mean deviance (`lambda.min` in glmnet).
    #[must_use]
    pub fn lambda_min(&self) -> f64 {
        self.lambda(self.smallest)
    }

    /// The largest lambda within one standard error of it (`lambda.1se` in glmnet).
    #[must_use]
    pub fn lambda_one_standard_error(&self) -> f64 {
        self.lambda(self.one_standard_error)
    }

    fn lambda(&self, at: usize) -> f64 {
        self.path.fits.get(at).map_or(0.0, |fit| fit.lambda)
    }
}

/// Returns the cross-validated deviance along a path, in `folds` folds (2 to 1,000) drawn with `seed`.
///
/// Folds are drawn separately among the rows with the outcome (events above 0) and among the others,
/// so that a rare outcome reaches every fold as evenly as it can. A row that stands for many reports
/// stays whole: give reports one by one to split them. The lambdas are those of the path on all data,
/// and each fold starts from them (as in glmnet, and as Friedman, Hastie and Tibshirani 2010, J Stat
/// Softw 33:1, section 2.6). The deviance of a report is -2 log-likelihood.
///
/// # Errors
/// Those of [`super::regularisation_path`], on all data or without a fold;
/// [`RegressionError::NotConverged`] if a fit without a fold did not reach its tolerance;
/// [`RegressionError::Domain`] if `folds` is out of range, or there is no lambda to choose from (none
/// given, or [`FitOptions::max_nonzero`] ends the path before its first fit).
pub fn cross_validate(
    data: &LogisticData<'_>,
    penalty: &Penalty,
    lambdas: &Lambdas,
    options: &FitOptions,
    folds: u32,
    seed: u64,
) -> Result<CrossValidation, RegressionError> {
    let expected = "a whole number from 2 to 1,000";
    let ok = (2..=1_000).contains(&folds);
    in_range(ok, "cross_validate", "folds", f64::from(folds), expected)?;
    let folds = stratified_folds(data, folds, seed);
    cross_validate_folds(data, penalty, lambdas, options, &folds)
}

/// The same with the fold of each row given, numbered from 0 (below 1,000; a number without weight is
/// no fold).
///
/// # Errors
/// As for [`cross_validate`]; [`RegressionError::Length`] unless each row has a fold.
pub fn cross_validate_folds(
    data: &LogisticData<'_>,
    penalty: &Penalty,
    lambdas: &Lambdas,
    options: &FitOptions,
    folds: &[u32],
) -> Result<CrossValidation, RegressionError> {
    let function = "cross_validate";
    same_length(function, "folds", folds.len(), data.totals().len(), "row")?;
    let count = check_folds(function, folds)?;
    let whole = path(function, data, penalty, lambdas, options)?;
    let fits = whole.fits.len();
    in_range(fits > 0, function, "lambdas", fits as f64, "at least one fit on the path")?;
    let values = Lambdas::Given(whole.fits.iter().map(|fit| fit.lambda).collect());
    let unlimited = FitOptions { max_nonzero: None, ..*options };
    let (mut weights, mut deviances) = (Vec::new(), Vec::new());
    for fold in 0..count {
        let without = data.restricted(|row| folds[row] != fold);
        let held_out = data.restricted(|row| folds[row] == fold);
        let weight = held_out.total_weight();
        if weight > 0.0 {
            // Without any informative column the one fit of the path has lambda 0: the null model.
            let null = whole.lambda_max == 0.0 && !matches!(lambdas, Lambdas::Given(_));
            let sequence = if null { lambdas } else { &values };
            let fits = path(function, &without, penalty, sequence, &unlimited)?.fits;
            // The curve has no place to say so.
            if let Some(fit) = fits.iter().find(|fit| !fit.converged) {
                let iterations = fit.iterations;
                return Err(RegressionError::NotConverged { function, iterations });
            }
            deviances.push(fits.iter().map(|fit| fit.deviance(&held_out) / weight).collect());
            weights.push(weight);
        }
    }
    Ok(summary(whole, folds.to_vec(), &weights, &deviances))
}

/// The curve: weighted mean over folds at each lambda, and its standard error.
fn summary(
    path: RegularisationPath,
    folds: Vec<u32>,
    weights: &[f64],
    deviances: &[Vec<f64>],
) -> CrossValidation {
    let total: f64 = weights.iter().sum();
    let mean_of = |at: usize, value: &dyn Fn(f64) -> f64| -> f64 {
        let folds = weights.iter().zip(deviances);
        folds.map(|(weight, curve)| weight * value(curve[at])).sum::<f64>() / total
    };
    let points = 0..path.fits.len();
    let mean: Vec<f64> = points.map(|at| mean_of(at, &|deviance| deviance)).collect();
    let error = |(at, &middle): (usize, &f64)| {
        let spread = mean_of(at, &|deviance| (deviance - middle).powi(2));
        (spread / (weights.len().max(2) - 1) as f64).sqrt()
    };
    let standard_error: Vec<f64> = mean.iter().enumerate().map(error).collect();
    let smallest = (0..mean.len()).min_by(|&a, &b| mean[a].total_cmp(&mean[b])).unwrap_or(0);
    let within = |&at: &usize| mean[at] <= mean[smallest] + standard_error[smallest];
    let one_standard_error = (0..mean.len()).find(within).unwrap_or(smallest);
    CrossValidation { path, folds, mean, standard_error, smallest, one_standard_error }
}

fn check_folds(function: &'static str, folds: &[u32]) -> Result<u32, RegressionError> {
    let highest = folds.iter().copied().max().unwrap_or(0);
    let expected = "numbers from 0 below 1,000, at least two of them";
    in_range((1..1_000).contains(&highest), function, "folds", f64::from(highest), expected)?;
    Ok(highest + 1)
}

/// Folds dealt out in turn to the shuffled rows with the outcome, then on to the shuffled others.
fn stratified_folds(data: &LogisticData<'_>, folds: u32, seed: u64) -> Vec<u32> {
    let rows = data.totals().len();
    let mut of_row = vec![0; rows];
    let mut next = 0;
    for (number, with_event) in [(0, true), (1, false)] {
        let mut stratum: Vec<usize> =
            (0..rows).filter(|&row| (data.events()[row] > 0.0) == with_event).collect();
        shuffle(&mut stratum, seed, number);
        for row in stratum {
            of_row[row] = next;
            next = (next + 1) % folds;
        }
    }
    of_row
}

/// Fisher and Yates' shuffle.
fn shuffle(rows: &mut [usize], seed: u64, number: u64) {
    let mut rng = stream(seed, number);
    for last in (1..rows.len()).rev() {
        // The high half of a 64-bit draw times the number of choices: uneven by less than 2^-32.
        let draw = (u128::from(rng.next_u64()) * (last as u128 + 1)) >> 64;
        rows.swap(last, usize::try_from(draw).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::regression::DesignMatrix;

    #[test]
    fn every_fold_gets_its_share_of_rows_and_events() {
        let design = DesignMatrix::new(103).unwrap();
        let outcome: Vec<bool> = (0..103).map(|row| row % 9 == 0).collect();
        let data = LogisticData::new(&design, &outcome).unwrap();
        let folds = stratified_folds(&data, 5, 7);
        assert_eq!(folds, stratified_folds(&data, 5, 7));
        assert_ne!(folds, stratified_folds(&data, 5, 8));
        for fold in 0..5 {
            let rows = folds.iter().filter(|&&f| f == fold).count();
            let events = folds.iter().zip(&outcome).filter(|&(&f, &e)| f == fold && e).count();
            assert!((20..=21).contains(&rows) && (2..=3).contains(&events), "{rows} {events}");
        }
    }

    #[test]
    fn a_fold_that_does_not_converge_is_an_error() {
        let mut design = DesignMatrix::new(60).unwrap();
        design.push_binary((0..60).filter(|row| row % 3 == 0).collect()).unwrap();
        design.push_binary((0..60).filter(|row| row % 4 == 1).collect()).unwrap();
        let outcome: Vec<bool> = (0..60).map(|row| row % 5 == 0 || row % 12 == 0).collect();
        let data = LogisticData::new(&design, &outcome).unwrap();
        let options = FitOptions { max_iterations: 1, tolerance: 1e-11, max_nonzero: None };
        let lambdas = Lambdas::Given(vec![1e-3]);
        let error = cross_validate(&data, &Penalty::lasso(), &lambdas, &options, 3, 1).unwrap_err();
        assert!(matches!(error, RegressionError::NotConverged { .. }), "{error}");
    }

    #[test]
    fn the_curve_of_the_null_model_is_flat() {
        let mut design = DesignMatrix::new(40).unwrap();
        design.push_binary(vec![]).unwrap();
        let outcome: Vec<bool> = (0..40).map(|row| row % 4 == 0).collect();
        let data = LogisticData::new(&design, &outcome).unwrap();
        let options = FitOptions::default();
        let run = |lambdas: &Lambdas, folds| {
            cross_validate(&data, &Penalty::lasso(), lambdas, &options, folds, 1)
        };
        let one = run(&Lambdas::default(), 5).unwrap();
        assert_eq!((one.mean.len(), one.path.lambda_max), (1, 0.0));
        let two = run(&Lambdas::Given(vec![0.1, 0.2]), 5).unwrap();
        assert_eq!((two.mean[0], two.one_standard_error), (one.mean[0], 0));
        assert!(run(&Lambdas::default(), 1).is_err());
        assert!(matches!(run(&Lambdas::Given(vec![]), 5), Err(RegressionError::Domain(_))));
        let everywhere = vec![0; 40];
        let lambdas = Lambdas::default();
        let folds = cross_validate_folds(&data, &Penalty::lasso(), &lambdas, &options, &everywhere);
        assert!(folds.is_err());
    }
}
