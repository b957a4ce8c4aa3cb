//! Proportions pooled on a transformed scale.

use super::effect::double_arcsine;
use super::{Effect, MetaError, RandomEffects, RandomOptions, random_effects};
use crate::DomainError;
use crate::special::{in_range, positive};

/// The scale on which proportions are pooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProportionScale {
    /// Logit; 1/2 is added to both counts of a study with no events or nothing else, which pulls rare
    /// proportions towards 1/2.
    Logit,
    /// Double arcsine of Freeman and Tukey, defined for every count. Its way back depends on a study
    /// size, for which the harmonic mean is put; where sizes differ much the pooled proportion may lie
    /// far off, even outside the proportions pooled (Schwarzer et al. 2019, Res Synth Methods
    /// 10:476-483). Best seen beside the logit.
    FreemanTukey,
}

/// A pooled proportion.
#[derive(Debug, Clone, PartialEq)]
pub struct PooledProportion {
    /// Pooled proportion, 0 to 1: the mean effect turned back. On the logit scale that is the median
    /// of the proportions of studies, not their mean.
    pub point: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Limits for the proportion in a new study like these; `None` with too few studies.
    pub prediction: Option<[f64; 2]>,
    /// The same on the transformed scale, with heterogeneity and weights.
    pub transformed: RandomEffects,
}

/// Returns the proportion behind `studies`, pairs (events, n), that differ; `None` for fewer than two.
///
/// The mean effect of [`random_effects`] on the `scale`, and its limits, turned back
/// ([`inverse_logit`], [`freeman_tukey_inverse`] with the harmonic mean of n).
///
/// # Errors
/// [`MetaError`] if a study has n = 0 or more events than n, or the level is out of range.
pub fn pool_proportions(
    studies: &[(u64, u64)],
    scale: ProportionScale,
    options: &RandomOptions,
) -> Result<Option<PooledProportion>, MetaError> {
    let effect = |(study, &(events, n)): (usize, &(u64, u64))| {
        let effect = match scale {
            ProportionScale::Logit => Effect::logit(events, n),
            ProportionScale::FreemanTukey => Effect::freeman_tukey(events, n),
        };
        effect.ok_or(MetaError::Events { study, events, n })
    };
    let effects = studies.iter().enumerate().map(effect).collect::<Result<Vec<_>, _>>()?;
    let Some(transformed) = random_effects(&effects, options)? else {
        return Ok(None);
    };
    let size = harmonic_mean(studies);
    let back = |value: f64| match scale {
        ProportionScale::Logit => inverse_logit(value),
        ProportionScale::FreemanTukey => double_arcsine_inverse(value, size),
    };
    Ok(Some(PooledProportion {
        point: back(transformed.point),
        lower: back(transformed.lower),
        upper: back(transformed.upper),
        prediction: transformed.prediction.map(|limits| limits.map(back)),
        transformed,
    }))
}

fn harmonic_mean(studies: &[(u64, u64)]) -> f64 {
    let mut inverse: Vec<f64> = studies.iter().map(|&(_, n)| 1.0 / n as f64).collect();
    inverse.sort_by(f64::total_cmp);
    studies.len() as f64 / inverse.iter().sum::<f64>()
}

/// Returns the proportion whose logit is `value`, 1 / (1 + exp(-value)); 0 or 1 far out.
#[must_use]
pub fn inverse_logit(value: f64) -> f64 {
    if value >= 0.0 { 1.0 / (1.0 + (-value).exp()) } else { value.exp() / (1.0 + value.exp()) }
}

/// Returns the proportion whose double arcsine ([`Effect::freeman_tukey`]) is `value` for a study of
/// size `n` (above 0, need not be whole); 0 below the double arcsine of no events, 1 above that of
/// nothing but events.
///
/// ```text
/// p = (1 - sign(cos 2t) sqrt(1 - (s + (s - 1/s) / n)^2)) / 2,   s = sin 2t
/// ```
///
/// Source: Miller 1978, Am Stat 32:138.
///
/// # Errors
/// [`DomainError`] if `value` is not finite or `n` out of range.
pub fn freeman_tukey_inverse(value: f64, n: f64) -> Result<f64, DomainError> {
    const NAME: &str = "freeman_tukey_inverse";
    let value = in_range(value.is_finite(), NAME, "value", value, "a finite number")?;
    Ok(double_arcsine_inverse(value, positive(NAME, "n", n)?))
}

fn double_arcsine_inverse(value: f64, n: f64) -> f64 {
    if value <= double_arcsine(0.0, n) {
        return 0.0;
    }
    if value >= double_arcsine(n, n) {
        return 1.0;
    }
    let (sine, cosine) = (2.0 * value).sin_cos();
    let shifted = sine + (sine - 1.0 / sine) / n;
    let root = ((1.0 - shifted) * (1.0 + shifted)).max(0.0).sqrt();
    0.5 * (1.0 - root.copysign(cosine))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_ways_back_invert_the_ways_there() {
        for n in [1, 2, 7, 50, 1_000] {
            for events in 0..=n {
                let proportion = events as f64 / n as f64;
                let effect = Effect::freeman_tukey(events, n).unwrap().effect;
                let back = freeman_tukey_inverse(effect, n as f64).unwrap();
                assert!((back - proportion).abs() < 1e-7, "{events} of {n}: {back}");
                if events > 0 && events < n {
                    let back = inverse_logit(Effect::logit(events, n).unwrap().effect);
                    assert!((back - proportion).abs() < 1e-15);
                }
            }
        }
        assert_eq!((inverse_logit(-1e9), inverse_logit(1e9)), (0.0, 1.0));
        assert_eq!(freeman_tukey_inverse(-5.0, 10.0), Ok(0.0));
        assert_eq!(freeman_tukey_inverse(5.0, 10.0), Ok(1.0));
        assert!(freeman_tukey_inverse(f64::NAN, 10.0).is_err());
        assert!(freeman_tukey_inverse(0.5, 0.0).is_err());
    }

    #[test]
    fn impossible_counts_are_named() {
        for scale in [ProportionScale::Logit, ProportionScale::FreemanTukey] {
            for bad in [(2, 1), (0, 0)] {
                let error = pool_proportions(&[(1, 5), bad], scale, &RandomOptions::default());
                assert!(error.unwrap_err().to_string().starts_with("study 1: "));
            }
            let one = pool_proportions(&[(1, 5)], scale, &RandomOptions::default());
            assert_eq!(one, Ok(None));
        }
    }
}
