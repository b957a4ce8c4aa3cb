//! Effects that differ between studies: the random-effects mean.

use super::between::{Tau2Method, interval};
use super::effect::check;
use super::fixed::{Heterogeneity, heterogeneity, weights};
use super::sums::{Sums, sorted};
use super::{Effect, MetaError};
use crate::special::{normal_quantile, probability, student_t_quantile};

/// How the interval of the mean effect is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// se = 1 / sqrt(sum w), normal quantile. Too narrow with few studies.
    Wald,
    /// se = sqrt(sum w (y - point)^2 / ((k - 1) sum w)), quantile of t with k - 1 degrees of freedom:
    /// Hartung and Knapp 2001, Stat Med 20:3875-3889; Sidik and Jonkman 2002, Stat Med 21:3153-3159.
    /// Where studies agree by chance better than their variances allow, it may be narrower than
    /// Wald's; where all effects are equal it has no width.
    HartungKnapp,
    /// The same, but never with a smaller standard error than Wald's: Rover, Knapp and Friede 2015,
    /// BMC Med Res Methodol 15:99.
    HartungKnappAdHoc,
}

/// Degrees of freedom of the prediction interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PredictionDf {
    /// k - 2: Higgins, Thompson and Spiegelhalter 2009, J R Stat Soc A 172:137-159. Takes 3 studies.
    KMinusTwo,
    /// k - 1: IntHout et al. 2016, BMJ Open 6:e010247. Takes 2 studies; a little narrower.
    KMinusOne,
}

/// How to pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomOptions {
    /// Variance between studies.
    pub tau2: Tau2Method,
    /// Interval of the mean effect.
    pub interval: IntervalMethod,
    /// Degrees of freedom of the prediction interval.
    pub prediction: PredictionDf,
    /// Level of all intervals, strictly between 0 and 1.
    pub level: f64,
}

impl Default for RandomOptions {
    /// REML, Hartung-Knapp, k - 2, 95 %.
    fn default() -> Self {
        Self {
            tau2: Tau2Method::Reml,
            interval: IntervalMethod::HartungKnapp,
            prediction: PredictionDf::KMinusTwo,
            level: 0.95,
        }
    }
}

/// The mean of effects that differ between studies.
#[derive(Debug, Clone, PartialEq)]
pub struct RandomEffects {
    /// Mean effect, on the scale of the effects.
    pub point: f64,
    /// Its standard error, by the method of the interval.
    pub se: f64,
    /// Lower limit of the mean effect.
    pub lower: f64,
    /// Upper limit of the mean effect.
    pub upper: f64,
    /// Limits for the effect in a new study like these; `None` with too few studies.
    pub prediction: Option<[f64; 2]>,
    /// Variance of effects between studies, tau^2; 0 or above.
    pub tau2: f64,
    /// Its limits, by the profile of Q.
    pub tau2_interval: [f64; 2],
    /// Q as under one common effect; I^2 = tau^2 / (tau^2 + s^2) and H^2 = 1 + tau^2 / s^2 of this
    /// tau^2.
    pub heterogeneity: Heterogeneity,
    /// Limits of I^2, from those of tau^2.
    pub i2_interval: [f64; 2],
    /// Limits of H^2, from those of tau^2.
    pub h2_interval: [f64; 2],
    /// Share of each study in the mean effect, in the order given; they add up to 1.
    pub weights: Vec<f64>,
}

/// Returns the mean effect of `effects` that differ between studies; `None` for fewer than two.
///
/// ```text
/// w = 1 / (variance + tau^2),   point = sum w y / sum w
/// prediction = point -+ t sqrt(tau^2 + se^2)
/// s^2 = (k - 1) sum v / ((sum v)^2 - sum v^2),   v = 1 / variance
/// ```
///
/// tau^2 by [`Tau2Method`], the interval by [`IntervalMethod`], t with [`PredictionDf`]. The
/// "typical" variance s^2, I^2 and H^2: Higgins and Thompson 2002, Stat Med 21:1539-1558; with
/// DerSimonian and Laird's tau^2 they are those of Q. The limits of tau^2: Viechtbauer 2007, Stat Med
/// 26:37-52.
///
/// # Errors
/// [`MetaError`] if an effect, a variance or the level is out of range.
pub fn random_effects(
    effects: &[Effect],
    options: &RandomOptions,
) -> Result<Option<RandomEffects>, MetaError> {
    check(effects)?;
    let tail = 0.5 * (1.0 - probability("random_effects", "level", options.level)?);
    let studies = sorted(effects);
    let common = Sums::new(&studies, 0.0);
    let Some(parts) = heterogeneity(&common, studies.len())? else {
        return Ok(None);
    };
    let limits = interval(&studies, tail)?;
    let Some((tau2, tau2_interval)) = options.tau2.estimate(&studies).zip(limits) else {
        return Ok(None);
    };
    let sums = Sums::new(&studies, tau2);
    let se = standard_error(&sums, parts.df, options.interval);
    let quantile = match options.interval {
        IntervalMethod::Wald => -normal_quantile(tail)?,
        _ => -student_t_quantile(tail, parts.df)?,
    };
    let typical = parts.df * (common.w / common.cross);
    let i2 = |tau2: f64| tau2 / (tau2 + typical);
    let h2 = |tau2: f64| 1.0 + tau2 / typical;
    Ok(Some(RandomEffects {
        point: sums.mean,
        se,
        lower: sums.mean - quantile * se,
        upper: sums.mean + quantile * se,
        prediction: prediction(options.prediction, tail, parts.df, sums.mean, tau2 + se * se)?,
        tau2,
        tau2_interval,
        heterogeneity: Heterogeneity { i2: i2(tau2), h2: h2(tau2), ..parts },
        i2_interval: tau2_interval.map(i2),
        h2_interval: tau2_interval.map(h2),
        weights: weights(effects, tau2, sums.w),
    }))
}

fn standard_error(sums: &Sums, df: f64, method: IntervalMethod) -> f64 {
    let factor = match method {
        IntervalMethod::Wald => 1.0,
        IntervalMethod::HartungKnapp => sums.q / df,
        IntervalMethod::HartungKnappAdHoc => (sums.q / df).max(1.0),
    };
    (factor / sums.w).sqrt()
}

fn prediction(
    method: PredictionDf,
    tail: f64,
    df: f64,
    mean: f64,
    variance: f64,
) -> Result<Option<[f64; 2]>, MetaError> {
    let df = match method {
        PredictionDf::KMinusTwo => df - 1.0,
        PredictionDf::KMinusOne => df,
    };
    if df < 1.0 {
        return Ok(None);
    }
    let width = -student_t_quantile(tail, df)? * variance.sqrt();
    Ok(Some([mean - width, mean + width]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn effects(pairs: &[(f64, f64)]) -> Vec<Effect> {
        pairs.iter().map(|&(effect, variance)| Effect { effect, variance }).collect()
    }

    #[test]
    fn fewer_than_two_studies_are_undefined() {
        let options = RandomOptions::default();
        assert_eq!(random_effects(&[], &options), Ok(None));
        assert_eq!(random_effects(&effects(&[(1.0, 1.0)]), &options), Ok(None));
    }

    #[test]
    fn two_studies_have_a_prediction_interval_with_one_degree_of_freedom_only() {
        let two = effects(&[(0.1, 0.1), (0.9, 0.2)]);
        let options = RandomOptions::default();
        assert_eq!(random_effects(&two, &options).unwrap().unwrap().prediction, None);
        let options = RandomOptions { prediction: PredictionDf::KMinusOne, ..options };
        assert!(random_effects(&two, &options).unwrap().unwrap().prediction.is_some());
    }

    #[test]
    fn with_dersimonian_and_laird_the_two_definitions_of_i2_agree() {
        let studies = effects(&[(0.1, 0.01), (1.3, 0.2), (-0.4, 0.05), (2.2, 0.3)]);
        let options = RandomOptions { tau2: Tau2Method::DerSimonianLaird, ..Default::default() };
        let random = random_effects(&studies, &options).unwrap().unwrap().heterogeneity;
        let fixed = super::super::fixed_effect(&studies, 0.95).unwrap().unwrap();
        let fixed = fixed.heterogeneity.unwrap();
        assert!((random.i2 - fixed.i2).abs() < 1e-14 && (random.h2 - fixed.h2).abs() < 1e-13);
        assert_eq!((random.q, random.p), (fixed.q, fixed.p));
    }

    #[test]
    fn the_ad_hoc_interval_is_never_narrower_than_its_wald_error() {
        let studies = effects(&[(0.1, 0.04), (0.12, 0.05), (0.08, 0.03)]);
        let se = |interval| {
            let options = RandomOptions { interval, ..Default::default() };
            random_effects(&studies, &options).unwrap().unwrap().se
        };
        let (wald, plain) = (se(IntervalMethod::Wald), se(IntervalMethod::HartungKnapp));
        assert!(plain < wald && se(IntervalMethod::HartungKnappAdHoc) == wald);
    }
}
