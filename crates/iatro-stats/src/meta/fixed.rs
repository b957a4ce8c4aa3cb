//! One common effect: the inverse-variance mean.

use super::effect::check;
use super::sums::{Sums, sorted};
use super::{Effect, MetaError};
use crate::special::{chi_squared_upper, normal_quantile, probability};

/// The pooled effect if it is the same in all studies.
#[derive(Debug, Clone, PartialEq)]
pub struct FixedEffect {
    /// Pooled effect, on the scale of the effects.
    pub point: f64,
    /// Its standard error.
    pub se: f64,
    /// Lower limit at the level asked for.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// How far the studies differ; `None` for one study.
    pub heterogeneity: Option<Heterogeneity>,
    /// Share of each study in the pooled effect, in the order given; they add up to 1.
    pub weights: Vec<f64>,
}

/// How far studies differ beyond chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// Cochran's Q, weighted sum of squares about the common effect.
    pub q: f64,
    /// Its degrees of freedom, studies less one.
    pub df: f64,
    /// P(chi-squared >= Q), the p of "all studies have the same effect".
    pub p: f64,
    /// I^2, the share of the variation between estimates that is not chance, 0 to 1.
    pub i2: f64,
    /// H^2 = 1 / (1 - I^2), 1 or above.
    pub h2: f64,
}

/// Returns the pooled effect of `effects` under one common effect; `None` without studies.
///
/// ```text
/// w = 1 / variance,   point = sum w y / sum w,   se = 1 / sqrt(sum w),   limits = point -+ z se
/// Q = sum w (y - point)^2,   I^2 = max(0, (Q - (k - 1)) / Q),   H^2 = max(1, Q / (k - 1))
/// ```
///
/// Where Q shows that studies differ, the interval is too narrow. Sources: Cochran 1954, Biometrics
/// 10:101-129; I^2 and H^2 Higgins and Thompson 2002, Stat Med 21:1539-1558.
///
/// # Errors
/// [`MetaError`] if an effect, a variance or `level` is out of range.
pub fn fixed_effect(effects: &[Effect], level: f64) -> Result<Option<FixedEffect>, MetaError> {
    check(effects)?;
    let tail = 0.5 * (1.0 - probability("fixed_effect", "level", level)?);
    let z = -normal_quantile(tail)?;
    if effects.is_empty() {
        return Ok(None);
    }
    let sums = Sums::new(&sorted(effects), 0.0);
    let se = 1.0 / sums.w.sqrt();
    Ok(Some(FixedEffect {
        point: sums.mean,
        se,
        lower: sums.mean - z * se,
        upper: sums.mean + z * se,
        heterogeneity: heterogeneity(&sums, effects.len())?,
        weights: weights(effects, 0.0, sums.w),
    }))
}

/// From the sums with tau^2 = 0; `None` for one study.
pub(super) fn heterogeneity(
    sums: &Sums,
    studies: usize,
) -> Result<Option<Heterogeneity>, MetaError> {
    if studies < 2 {
        return Ok(None);
    }
    let (q, df) = (sums.q, (studies - 1) as f64);
    let i2 = if q > df { (q - df) / q } else { 0.0 };
    let p = chi_squared_upper(q, df)?;
    Ok(Some(Heterogeneity { q, df, p, i2, h2: (q / df).max(1.0) }))
}

pub(super) fn weights(effects: &[Effect], tau2: f64, sum: f64) -> Vec<f64> {
    effects.iter().map(|study| 1.0 / (study.variance + tau2) / sum).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn one_study_is_its_own_pool() {
        let study = Effect { effect: 0.7, variance: 0.04 };
        let got = fixed_effect(&[study], 0.95).unwrap().unwrap();
        assert!((got.point - 0.7).abs() < 1e-15 && (got.se - 0.2).abs() < 1e-15);
        assert_eq!((got.heterogeneity, got.weights), (None, vec![1.0]));
        assert_eq!(fixed_effect(&[], 0.95), Ok(None));
    }

    #[test]
    fn bad_studies_are_named() {
        let good = Effect { effect: 0.0, variance: 1.0 };
        let message = |bad| fixed_effect(&[good, bad], 0.95).unwrap_err().to_string();
        let nan = message(Effect { effect: f64::NAN, ..good });
        assert!(nan.starts_with("study 1: effect is NaN;"), "{nan}");
        for variance in [0.0, -1.0, f64::INFINITY, f64::NAN] {
            let error = message(Effect { variance, ..good });
            assert!(error.starts_with("study 1: variance is "), "{error}");
        }
        assert!(fixed_effect(&[good], 95.0).is_err());
    }
}
