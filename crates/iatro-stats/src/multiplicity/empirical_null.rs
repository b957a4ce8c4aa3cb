//! The distribution of systematic error, learnt from negative controls.

use std::f64::consts::{FRAC_2_PI, TAU};

use super::{LogEstimate, MultiplicityError, Side};
use crate::Estimate;
use crate::numeric::root::brent;
use crate::special::normal::cdf;
use crate::special::{Z_95, in_range};

/// A normal distribution of systematic error, from controls that are believed to have a ratio of 1.
///
/// ```text
/// log estimate(i) = error(i) + noise(i),  error ~ N(mean, sd^2),  noise ~ N(0, standard error(i)^2)
/// so log estimate(i) ~ N(mean, sd^2 + standard error(i)^2)
/// ```
///
/// Both parameters by maximum likelihood; the integral over the unknown error is exact. Natural
/// logarithms. Source: Schuemie et al. 2014, Stat Med 33:209-218.
///
/// ```
/// use iatro_stats::multiplicity::{EmpiricalNull, LogEstimate, Side};
///
/// let controls = [(0.31, 0.20), (0.55, 0.31), (0.12, 0.15), (0.48, 0.22), (0.70, 0.40)];
/// let controls: Result<Vec<_>, _> =
///     controls.iter().map(|&(value, error)| LogEstimate::new(value, error)).collect();
/// let null = EmpiricalNull::fit(&controls?)?;
/// // These controls lie above 1 by 30 to 40 %: so would an estimate without any association.
/// let estimate = LogEstimate::new(0.6, 0.2)?;
/// assert!(estimate.p(Side::Two) < 0.01 && null.calibrated_p(&estimate, Side::Two) > 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmpiricalNull {
    mean: f64,
    sd: f64,
    uncertainty: Option<Uncertainty>,
}

/// How well the parameters are known: from the curvature of the likelihood at its maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Uncertainty {
    mean_variance: f64,
    /// Variance of `sd`, and covariance with `mean`; `None` where `sd` is 0, the edge of its range.
    sd: Option<(f64, f64)>,
}

impl EmpiricalNull {
    /// Fits the distribution to negative controls (2 or more).
    ///
    /// The likelihood is searched over all standard deviations from 0 up, so the maximum found is the
    /// largest; `sd` is 0 where the controls scatter no more than their standard errors say. The answer
    /// does not depend on the order of the controls.
    ///
    /// # Errors
    /// [`MultiplicityError::TooFew`] for fewer than 2 controls.
    pub fn fit(controls: &[LogEstimate]) -> Result<Self, MultiplicityError> {
        if controls.len() < 2 {
            let given = controls.len();
            return Err(MultiplicityError::TooFew {
                function: "EmpiricalNull::fit",
                given,
                needed: 2,
            });
        }
        let mut sorted: Vec<(f64, f64)> =
            controls.iter().map(|c| (c.value(), c.standard_error().powi(2))).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let variance = best_variance(&sorted);
        let at = Profile::new(&sorted, variance);
        let uncertainty = Some(at.uncertainty(variance));
        Ok(Self { mean: at.mean, sd: variance.sqrt(), uncertainty })
    }

    /// A distribution whose parameters are known, or were fitted elsewhere; their standard errors are
    /// not.
    ///
    /// `mean` is from -700 to 700, `sd` from 0 to 1e3.
    ///
    /// # Errors
    /// [`MultiplicityError::Domain`] if an argument is out of range.
    pub fn known(mean: f64, sd: f64) -> Result<Self, MultiplicityError> {
        let function = "EmpiricalNull::known";
        in_range(mean.abs() <= 700.0, function, "mean", mean, "a log ratio from -700 to 700")?;
        let ok = (0.0..=1e3).contains(&sd);
        in_range(ok, function, "sd", sd, "a standard deviation from 0 to 1000")?;
        Ok(Self { mean, sd, uncertainty: None })
    }

    /// Mean of the systematic error, natural logarithm of a ratio.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Standard deviation of the systematic error.
    #[must_use]
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// Standard error of the mean; `None` if the parameters were not fitted here.
    #[must_use]
    pub fn mean_standard_error(&self) -> Option<f64> {
        self.uncertainty.map(|u| u.mean_variance.sqrt())
    }

    /// Standard error of the standard deviation; `None` where that is 0, or if the parameters were not
    /// fitted here.
    #[must_use]
    pub fn sd_standard_error(&self) -> Option<f64> {
        self.uncertainty.and_then(|u| u.sd).map(|(variance, _)| variance.sqrt())
    }

    /// Expected absolute systematic error: the mean of |error|, 0 for an analysis without.
    ///
    /// The mean of a folded normal variable (Leone, Nelson and Nottingham 1961, Technometrics
    /// 3:543-550); EASE in the R package EmpiricalCalibration.
    #[must_use]
    pub fn expected_absolute_error(&self) -> f64 {
        if self.sd == 0.0 {
            return self.mean.abs();
        }
        let z = self.mean / self.sd;
        self.sd * FRAC_2_PI.sqrt() * (-0.5 * z * z).exp() + self.mean * (1.0 - 2.0 * cdf(-z))
    }

    /// The calibrated p-value: of a ratio of 1, given an analysis with this systematic error.
    ///
    /// z = (log estimate - mean) / sqrt(sd^2 + standard error^2), against the normal distribution. The
    /// parameters are taken as known; see [`Self::calibrated_p_limits`].
    #[must_use]
    pub fn calibrated_p(&self, estimate: &LogEstimate, side: Side) -> f64 {
        side.p(self.z(estimate))
    }

    /// The calibrated p-value with 95 % limits for what the controls leave open; `None` where `sd` is 0
    /// or the parameters were not fitted here.
    ///
    /// The limits are those of z by the delta method, from the covariance of mean and standard
    /// deviation, carried over to p. They speak about the null distribution, not about the ratio.
    #[must_use]
    pub fn calibrated_p_limits(&self, estimate: &LogEstimate, side: Side) -> Option<Estimate> {
        let uncertainty = self.uncertainty?;
        let (sd_variance, covariance) = uncertainty.sd?;
        let z = self.z(estimate);
        let spread = self.spread(estimate);
        let (by_mean, by_sd) = (-1.0 / spread, -z * self.sd / (spread * spread));
        let variance = by_mean * by_mean * uncertainty.mean_variance
            + by_sd * by_sd * sd_variance
            + 2.0 * by_mean * by_sd * covariance;
        let half = Z_95 * variance.max(0.0).sqrt();
        let ends = [z - half, z + half].map(|z| side.p(z));
        let around_zero = side == Side::Two && z.abs() <= half;
        let upper = if around_zero { 1.0 } else { ends[0].max(ends[1]) };
        Some(Estimate { point: side.p(z), lower: ends[0].min(ends[1]), upper })
    }

    /// The ratio with its calibrated 95 % interval, ratio scale: the mean error taken out, the standard
    /// deviation of the error added to the standard error.
    ///
    /// `exp(log estimate - mean -+ 1.96 sqrt(sd^2 + standard error^2))`. It takes the systematic error of
    /// a ratio above 1 to be that of a ratio of 1; [`SystematicErrorModel`](super::SystematicErrorModel)
    /// does not. `None` where the interval leaves the range of an f64. Source: Schuemie et al. 2018, Proc
    /// Natl Acad Sci 115:2571-2577.
    #[must_use]
    pub fn calibrated_interval(&self, estimate: &LogEstimate) -> Option<Estimate> {
        let log = estimate.value() - self.mean;
        let half = Z_95 * self.spread(estimate);
        let [point, lower, upper] = [log, log - half, log + half].map(f64::exp);
        (lower > 0.0 && upper.is_finite()).then_some(Estimate { point, lower, upper })
    }

    fn spread(&self, estimate: &LogEstimate) -> f64 {
        self.sd.hypot(estimate.standard_error())
    }

    fn z(&self, estimate: &LogEstimate) -> f64 {
        (estimate.value() - self.mean) / self.spread(estimate)
    }
}

/// The likelihood of a variance of the error, with the mean at its best.
struct Profile {
    mean: f64,
    log_likelihood: f64,
    /// First derivative by the variance.
    score: f64,
    /// Sum of the weights w = 1 / (variance + standard error^2), of w^2 r, of w^2 - 2 w^3 r^2.
    sums: [f64; 3],
}

impl Profile {
    fn new(controls: &[(f64, f64)], variance: f64) -> Self {
        let weight = |noise: f64| 1.0 / (variance + noise);
        let total: f64 = controls.iter().map(|&(_, noise)| weight(noise)).sum();
        let weighted: f64 = controls.iter().map(|&(value, noise)| weight(noise) * value).sum();
        let mean = weighted / total;
        let (mut log_likelihood, mut score) = (0.0, 0.0);
        let mut sums = [total, 0.0, 0.0];
        for &(value, noise) in controls {
            let (w, r) = (weight(noise), value - mean);
            log_likelihood += 0.5 * ((w / TAU).ln() - w * r * r);
            score += 0.5 * (w * w * r * r - w);
            sums[1] += w * w * r;
            sums[2] += w * w - 2.0 * w * w * w * r * r;
        }
        Self { mean, log_likelihood, score, sums }
    }

    /// The inverse of the observed information about (mean, sd).
    fn uncertainty(&self, variance: f64) -> Uncertainty {
        let [mean, cross, square] = self.sums;
        let (cross, square) = (2.0 * variance.sqrt() * cross, -2.0 * variance * square);
        let determinant = mean * square - cross * cross;
        if variance > 0.0 && determinant > 0.0 {
            let sd = Some((mean / determinant, -cross / determinant));
            return Uncertainty { mean_variance: square / determinant, sd };
        }
        Uncertainty { mean_variance: 1.0 / mean, sd: None }
    }
}

/// The variance of the error with the largest likelihood.
///
/// No variance above the squared range of the controls can be: there the score is negative. The grid
/// finds the hill, the root of the score its top.
fn best_variance(controls: &[(f64, f64)]) -> f64 {
    const GRID: u32 = 48;
    let range = match (controls.first(), controls.last()) {
        (Some(first), Some(last)) => last.0 - first.0,
        _ => 0.0,
    };
    if range <= 0.0 {
        return 0.0;
    }
    // 0, then from 1e-12 times the squared range up to it.
    let grid: Vec<f64> = std::iter::once(0.0)
        .chain((0..=GRID).rev().map(|i| range * range * 10_f64.powf(-0.25 * f64::from(i))))
        .collect();
    let likelihoods = grid.iter().map(|&v| Profile::new(controls, v).log_likelihood);
    let best = likelihoods.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(i, _)| i);
    let low = grid[best.saturating_sub(1)];
    let high = grid[(best + 1).min(grid.len() - 1)];
    let score = |variance: f64| Profile::new(controls, variance).score;
    if low == 0.0 && score(0.0) <= 0.0 && best == 0 {
        return 0.0;
    }
    brent(low, high, 1e-15 * high, score).unwrap_or(grid[best])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn controls(values: &[(f64, f64)]) -> Vec<LogEstimate> {
        values.iter().map(|&(value, error)| LogEstimate::new(value, error).unwrap()).collect()
    }

    /// With one standard error for all, mean and variance are those of the sample.
    #[test]
    fn equal_standard_errors_have_a_closed_form() {
        let null = EmpiricalNull::fit(&controls(&[(0.0, 0.1), (1.0, 0.1), (2.0, 0.1)])).unwrap();
        assert!((null.mean() - 1.0).abs() < 1e-15);
        assert!((null.sd() - (2.0_f64 / 3.0 - 0.01).sqrt()).abs() < 1e-12);
        let total: f64 = 2.0 / 3.0;
        assert!((null.mean_standard_error().unwrap() - (total / 3.0).sqrt()).abs() < 1e-12);
        let by_hand = total / (null.sd() * 6_f64.sqrt());
        assert!((null.sd_standard_error().unwrap() - by_hand).abs() < 1e-10);
    }

    #[test]
    fn controls_that_scatter_less_than_their_noise_have_no_systematic_error() {
        let null = EmpiricalNull::fit(&controls(&[(0.1, 0.5), (0.2, 0.5), (0.0, 1.0)])).unwrap();
        assert_eq!((null.sd(), null.sd_standard_error()), (0.0, None));
        assert!((null.mean_standard_error().unwrap() - 9.0_f64.recip().sqrt()).abs() < 1e-15);
        let target = LogEstimate::new(0.4, 0.2).unwrap();
        assert_eq!(null.calibrated_p_limits(&target, Side::Two), None);
        assert!((null.expected_absolute_error() - null.mean()).abs() < 1e-15);
        let same = EmpiricalNull::fit(&controls(&[(0.3, 0.5), (0.3, 0.5)])).unwrap();
        assert_eq!((same.mean(), same.sd()), (0.3, 0.0));
    }

    #[test]
    fn one_control_is_too_few() {
        let one = controls(&[(0.1, 0.2)]);
        for few in [&one[..0], &one] {
            assert!(matches!(EmpiricalNull::fit(few), Err(MultiplicityError::TooFew { .. })));
        }
        assert!(EmpiricalNull::known(f64::NAN, 0.1).is_err());
        assert!(EmpiricalNull::known(0.1, -1.0).is_err());
    }

    /// Without systematic error the calibrated p-value is the traditional one.
    #[test]
    fn nothing_to_calibrate() {
        let null = EmpiricalNull::known(0.0, 0.0).unwrap();
        let target = LogEstimate::new(0.4, 0.2).unwrap();
        for side in [Side::Two, Side::Upper, Side::Lower] {
            assert_eq!(null.calibrated_p(&target, side), target.p(side));
        }
        let interval = null.calibrated_interval(&target).unwrap();
        assert!((interval.lower / (0.4 - Z_95 * 0.2_f64).exp() - 1.0).abs() < 1e-15);
        let wide = LogEstimate::new(600.0, 900.0).unwrap();
        assert_eq!(null.calibrated_interval(&wide), None);
    }
}
