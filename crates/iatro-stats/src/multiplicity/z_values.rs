//! Local false discovery rates from z-values.

use std::f64::consts::TAU;

use super::MultiplicityError;
use crate::numeric::maximise::{Local, newton};
use crate::numeric::root::brent;

/// The distribution of z-values of tests without an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Null {
    /// The standard normal distribution.
    Theoretical,
    /// A normal distribution with mean and standard deviation read off the centre of the z-values.
    Empirical,
}

/// Local false discovery rates, and the null distribution that they are taken against.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalFdr {
    /// Probability that a test has no effect, in the order of the z-values; at most 1.
    pub local: Vec<f64>,
    /// Share of tests without an effect; at most 1.
    pub pi0: f64,
    /// Mean of the null distribution.
    pub mean: f64,
    /// Standard deviation of the null distribution.
    pub sd: f64,
}

/// Bins of the histogram.
const BINS: usize = 90;
/// Degree of the polynomial fitted to the logarithm of its heights.
const DEGREE: usize = 7;
/// z-values needed for a density with so many parameters.
const FEWEST: usize = 200;

/// Returns, for each z-value, the probability that its test has no effect: pi0 f0(z) / f(z).
///
/// The density f of all z-values comes from a histogram of 90 bins between the smallest and the largest,
/// smoothed by Poisson regression on a polynomial of degree 7 (Lindsey's method). f0 is normal:
/// - [`Null::Theoretical`]: standard normal; pi0 is the share of z-values in [-1, 1] over its
///   probability there, 0.6827.
/// - [`Null::Empirical`]: mean where f is largest, standard deviation (-(ln f)'')^-1/2 there, pi0 such
///   that pi0 f0 is f there.
///
/// `z` holds 200 z-values or more, each from -1000 to 1000. z-values far out stretch the bins: cut them
/// off, at 8 say, before. Source: Efron 2004, J Am Stat Assoc 99:96-104.
///
/// # Errors
/// [`MultiplicityError::TooFew`]; [`MultiplicityError::NotAZValue`] naming the first out of range;
/// [`MultiplicityError::NoNull`] if the z-values have no spread, no maximum to take an empirical null
/// distribution from, or none from -1 to 1 to take the share of the theoretical one from.
pub fn local_fdr(z: &[f64], null: Null) -> Result<LocalFdr, MultiplicityError> {
    if z.len() < FEWEST {
        let (given, needed) = (z.len(), FEWEST);
        return Err(MultiplicityError::TooFew { function: "local_fdr", given, needed });
    }
    if let Some((index, &value)) = z.iter().enumerate().find(|(_, z)| z.is_nan() || z.abs() > 1e3) {
        return Err(MultiplicityError::NotAZValue { index, value });
    }
    let density = Density::fit(z).ok_or(MultiplicityError::NoNull)?;
    let (mean, sd, pi0) = match null {
        Null::Theoretical => (0.0, 1.0, central_share(z)),
        Null::Empirical => density.centre().ok_or(MultiplicityError::NoNull)?,
    };
    let pi0 = pi0.min(1.0);
    let local = z.iter().map(|&z| {
        let deviation = (z - mean) / sd;
        let log_null = -0.5 * deviation * deviation - (sd * TAU.sqrt()).ln();
        (pi0.ln() + log_null - density.log_at(z)).exp().min(1.0)
    });
    let local: Vec<f64> = local.collect();
    let sound = pi0 > 0.0 && local.iter().all(|rate| rate.is_finite());
    if sound { Ok(LocalFdr { local, pi0, mean, sd }) } else { Err(MultiplicityError::NoNull) }
}

/// The share of z-values in [-1, 1] over its probability under the standard normal distribution.
fn central_share(z: &[f64]) -> f64 {
    const CENTRAL: f64 = 0.682_689_492_137_085_9;
    z.iter().filter(|z| z.abs() <= 1.0).count() as f64 / z.len() as f64 / CENTRAL
}

/// ln f as a polynomial in Legendre's basis over the range of the z-values.
struct Density {
    middle: f64,
    half: f64,
    /// ln of the number of z-values times the width of a bin.
    log_scale: f64,
    coefficients: Vec<f64>,
}

impl Density {
    fn fit(z: &[f64]) -> Option<Self> {
        let low = z.iter().copied().fold(f64::INFINITY, f64::min);
        let high = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let width = (high - low) / BINS as f64;
        if width < 1e-9 {
            return None;
        }
        let mut counts = [0.0; BINS];
        for z in z {
            #[allow(clippy::cast_sign_loss, reason = "no z-value is below the smallest")]
            let bin = (((z - low) / width) as usize).min(BINS - 1);
            counts[bin] += 1.0;
        }
        let basis: Vec<[f64; DEGREE + 1]> =
            (0..BINS).map(|i| legendre((2.0 * i as f64 + 1.0) / BINS as f64 - 1.0)).collect();
        let mut start = vec![0.0; DEGREE + 1];
        start[0] = (z.len() as f64 / BINS as f64).ln();
        let top = newton(&start, 1e-12, 200, |at| poisson_likelihood(&basis, &counts, at))?;
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let log_scale = (z.len() as f64 * width).ln();
        top.converged.then_some(Self { middle, half, log_scale, coefficients: top.at })
    }

    fn log_at(&self, z: f64) -> f64 {
        let basis = legendre((z - self.middle) / self.half);
        dot(&basis, &self.coefficients) - self.log_scale
    }

    /// The slope of ln f, by its polynomial.
    fn slope(&self, z: f64) -> f64 {
        let slopes = legendre_slopes((z - self.middle) / self.half);
        dot(&slopes, &self.coefficients) / self.half
    }

    /// Mean, standard deviation and share of the null distribution that fits the highest point of f.
    fn centre(&self) -> Option<(f64, f64, f64)> {
        const STEPS: u32 = 2_000;
        let at = |i: u32| self.middle + self.half * (2.0 * f64::from(i) / f64::from(STEPS) - 1.0);
        let highest = (1..STEPS)
            .map(|i| (self.log_at(at(i)), i))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, i)| i)?;
        let mode = brent(at(highest - 1), at(highest + 1), 0.0, |z| self.slope(z))?;
        let step = 1e-4 * self.half;
        let curvature = (self.slope(mode + step) - self.slope(mode - step)) / (2.0 * step);
        let sd = (-1.0 / curvature).sqrt();
        let pi0 = (self.log_at(mode) + (sd * TAU.sqrt()).ln()).exp();
        (sd.is_finite() && sd > 0.0).then_some((mode, sd, pi0))
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Legendre polynomials of degree 0 to [`DEGREE`] at x, by Bonnet's recurrence.
fn legendre(x: f64) -> [f64; DEGREE + 1] {
    let mut values = [1.0; DEGREE + 1];
    values[1] = x;
    for k in 1..DEGREE {
        let n = k as f64;
        values[k + 1] = ((2.0 * n + 1.0) * x * values[k] - n * values[k - 1]) / (n + 1.0);
    }
    values
}

/// Their derivatives: P'(k + 1) = P'(k - 1) + (2 k + 1) P(k).
fn legendre_slopes(x: f64) -> [f64; DEGREE + 1] {
    let values = legendre(x);
    let mut slopes = [0.0; DEGREE + 1];
    slopes[1] = 1.0;
    for k in 1..DEGREE {
        slopes[k + 1] = slopes[k - 1] + (2.0 * k as f64 + 1.0) * values[k];
    }
    slopes
}

/// The log likelihood of Poisson counts with log means linear in the basis, and its derivatives.
fn poisson_likelihood(basis: &[[f64; DEGREE + 1]], counts: &[f64], at: &[f64]) -> Local {
    const SIZE: usize = DEGREE + 1;
    let mut local =
        Local { value: 0.0, gradient: vec![0.0; SIZE], hessian: vec![0.0; SIZE * SIZE] };
    for (row, count) in basis.iter().zip(counts) {
        let log_mean = dot(row, at);
        let mean = log_mean.exp();
        local.value += count * log_mean - mean;
        for i in 0..SIZE {
            local.gradient[i] += (count - mean) * row[i];
            for j in 0..SIZE {
                local.hessian[i * SIZE + j] -= mean * row[i] * row[j];
            }
        }
    }
    local
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::special::normal::quantile;

    fn normal_scores(n: u32) -> Vec<f64> {
        (0..n).map(|i| quantile((f64::from(i) + 0.5) / f64::from(n))).collect()
    }

    #[test]
    fn without_effects_everything_is_null() {
        let z = normal_scores(5_000);
        for null in [Null::Theoretical, Null::Empirical] {
            let got = local_fdr(&z, null).unwrap();
            assert!((got.pi0 - 1.0).abs() < 0.02 && (got.sd - 1.0).abs() < 0.03, "{:?}", got.pi0);
            let central = got.local.iter().zip(&z).filter(|(_, z)| z.abs() < 2.0);
            assert!(central.map(|(rate, _)| rate).fold(1.0_f64, |a, &b| a.min(b)) > 0.85);
        }
    }

    /// z-values moved and stretched: the empirical null distribution follows, the theoretical cannot.
    #[test]
    fn the_empirical_null_follows_the_centre() {
        let z: Vec<f64> = normal_scores(4_000).iter().map(|z| 0.5 + 1.5 * z).collect();
        let got = local_fdr(&z, Null::Empirical).unwrap();
        assert!((got.mean - 0.5).abs() < 0.02 && (got.sd - 1.5).abs() < 0.05, "{got:?}");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let mut z = normal_scores(300);
        assert!(matches!(
            local_fdr(&z[..199], Null::Empirical),
            Err(MultiplicityError::TooFew { .. })
        ));
        z[7] = f64::NAN;
        let error = local_fdr(&z, Null::Empirical).unwrap_err();
        assert!(matches!(error, MultiplicityError::NotAZValue { index: 7, .. }));
        let flat = vec![1.0; 300];
        assert_eq!(local_fdr(&flat, Null::Theoretical), Err(MultiplicityError::NoNull));
        let far: Vec<f64> = normal_scores(300).iter().map(|z| z + 8.0).collect();
        assert_eq!(local_fdr(&far, Null::Theoretical), Err(MultiplicityError::NoNull));
    }
}
