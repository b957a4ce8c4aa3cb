//! The share of tests without an effect, from the density of large p-values.

use super::MultiplicityError;
use super::error::check_probabilities;
use super::smoothing_spline::last_fitted;
use crate::special::in_range;

/// The grid of lambda: 0.05, 0.10, ..., 0.95.
const GRID: usize = 19;

fn lambda(i: usize) -> f64 {
    (i + 1) as f64 / 20.0
}

/// Returns the share of tests without an effect, judged from the p-values of `lambda` or above; `None`
/// for an empty list and where no p-value is that large.
///
/// ```text
/// pi0(lambda) = min(1, #{p >= lambda} / (m (1 - lambda)))
/// ```
///
/// p-values of such tests are uniform, all others are taken to be below `lambda` (0 or above, below 1).
/// The larger `lambda`, the smaller the bias and the larger the variance. Source: Storey 2002, J R Stat
/// Soc B 64:479-498.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first p-value out of range,
/// [`MultiplicityError::Domain`] if `lambda` is out of range.
pub fn pi0_at(p: &[f64], lambda: f64) -> Result<Option<f64>, MultiplicityError> {
    let ok = (0.0..1.0).contains(&lambda);
    let lambda = in_range(ok, "pi0_at", "lambda", lambda, "a number from 0 to below 1")?;
    check_probabilities("pi0_at", p)?;
    Ok(share(uncapped(p, lambda)))
}

/// Returns the share of tests without an effect at the lambda (0.05, 0.10, ..., 0.95) with the smallest
/// estimated mean squared error; `None` for an empty list and where no p-value is 0.95 or above and that
/// lambda is chosen.
///
/// ```text
/// W = #{p >= lambda}, pi0(lambda) = W / (m (1 - lambda))
/// MSE(lambda) = W / (m (1 - lambda))^2 (1 - W/m) + (pi0(lambda) - 10 % quantile of all pi0)^2
/// ```
///
/// The bootstrap of Storey, Taylor and Siegmund 2004, J R Stat Soc B 66:187-205, with its variance in
/// closed form, as in the R package qvalue. Of equal mean squared errors, the smallest
/// share counts.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first p-value out of range.
pub fn pi0_bootstrap(p: &[f64]) -> Result<Option<f64>, MultiplicityError> {
    check_probabilities("pi0_bootstrap", p)?;
    if p.is_empty() {
        return Ok(None);
    }
    let tests = p.len() as f64;
    let shares: Vec<f64> = (0..GRID).map(|i| uncapped(p, lambda(i))).collect();
    let target = lower_decile(&shares);
    let errors = shares.iter().enumerate().map(|(i, &share)| {
        let rest = 1.0 - lambda(i);
        let count = share * tests * rest;
        let variance = count / (tests * rest).powi(2) * (1.0 - count / tests);
        (variance + (share - target).powi(2), share)
    });
    let best = errors.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    Ok(best.and_then(|(_, best)| share(best)))
}

/// Returns the share of tests without an effect by the smoother of Storey and Tibshirani: a natural cubic
/// smoothing spline with 3 degrees of freedom through pi0(lambda) at lambda = 0.05, 0.10, ..., 0.95, read
/// at 0.95. `None` for an empty list and where the spline falls to 0 or below.
///
/// The R package qvalue finds its spline to fewer digits: its share differs from this one by up to about
/// 1e-5. Source: Storey and Tibshirani 2003, Proc Natl Acad Sci 100:9440-9445.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first p-value out of range.
pub fn pi0_smoother(p: &[f64]) -> Result<Option<f64>, MultiplicityError> {
    check_probabilities("pi0_smoother", p)?;
    if p.is_empty() {
        return Ok(None);
    }
    let shares: Vec<f64> = (0..GRID).map(|i| uncapped(p, lambda(i))).collect();
    Ok(last_fitted(&shares, 3.0).and_then(share))
}

fn share(uncapped: f64) -> Option<f64> {
    (uncapped > 0.0).then(|| uncapped.min(1.0))
}

/// NaN for an empty list.
fn uncapped(p: &[f64], lambda: f64) -> f64 {
    let count = p.iter().filter(|&&p| p >= lambda).count() as f64;
    count / p.len() as f64 / (1.0 - lambda)
}

/// The 10 % quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
fn lower_decile(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    // Position (n - 1) / 10 from 0.
    let (below, tenths) = match values.len().checked_sub(1) {
        Some(last) => (last / 10, last % 10),
        None => (0, 0),
    };
    let mut from = sorted.iter().skip(below);
    let low = from.next().copied().unwrap_or_default();
    let high = from.next().copied().unwrap_or(low);
    low + 0.1 * tenths as f64 * (high - low)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn uniform_p_values_give_one() {
        let uniform: Vec<f64> = (0..1_000).map(|i| (f64::from(i) + 0.5) / 1_000.0).collect();
        for pi0 in [pi0_at(&uniform, 0.5), pi0_bootstrap(&uniform), pi0_smoother(&uniform)] {
            assert!((pi0.unwrap().unwrap() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_to_judge_by_is_none() {
        assert_eq!(pi0_at(&[], 0.5), Ok(None));
        assert_eq!(pi0_bootstrap(&[]), Ok(None));
        assert_eq!(pi0_smoother(&[]), Ok(None));
        assert_eq!(pi0_at(&[0.1, 0.2], 0.5), Ok(None));
        assert_eq!(pi0_bootstrap(&[0.0; 5]), Ok(None));
        assert_eq!(pi0_smoother(&[0.0; 5]), Ok(None));
        assert_eq!(pi0_smoother(&[1.0; 5]), Ok(Some(1.0)));
    }

    #[test]
    fn bad_arguments_are_named() {
        assert!(pi0_at(&[0.1], 1.0).is_err() && pi0_at(&[0.1], f64::NAN).is_err());
        for pi0 in [pi0_at(&[0.1, 2.0], 0.5), pi0_bootstrap(&[0.1, 2.0]), pi0_smoother(&[0.1, 2.0])]
        {
            assert!(matches!(pi0, Err(MultiplicityError::NotAProbability { index: 1, .. })));
        }
    }
}
