//! The variance between studies, tau^2.

use super::Effect;
use super::sums::Sums;
use crate::DomainError;
use crate::numeric::root::brent;
use crate::special::gamma_quantile;

/// How tau^2, the variance of the true effects between studies, is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tau2Method {
    /// Moments of Q with the weights of one common effect, in closed form: DerSimonian and Laird
    /// 1986, Control Clin Trials 7:177-188. Too low where tau^2 is large.
    DerSimonianLaird,
    /// The tau^2 at which Q with its own weights equals its expected value k - 1: Paule and Mandel
    /// 1982, J Res Natl Bur Stand 87:377-385.
    PauleMandel,
    /// Restricted maximum likelihood (the highest maximum): Viechtbauer 2005, J Educ Behav Stat
    /// 30:261-293.
    Reml,
}

impl Tau2Method {
    /// tau^2, 0 or above, of at least two studies.
    pub(super) fn estimate(self, effects: &[Effect]) -> Option<f64> {
        let expected_q = effects.len().saturating_sub(1) as f64;
        match self {
            Self::DerSimonianLaird => {
                let sums = Sums::new(effects, 0.0);
                Some(((sums.q - expected_q) * (sums.w / sums.cross)).max(0.0))
            }
            Self::PauleMandel => profile(effects, expected_q),
            Self::Reml => reml(effects),
        }
    }
}

/// The tau^2 at which Q equals `target` (Q falls with tau^2); 0 if Q is no larger at 0.
fn profile(effects: &[Effect], target: f64) -> Option<f64> {
    let excess = |tau2: f64| Sums::new(effects, tau2).q - target;
    if excess(0.0) <= 0.0 {
        return Some(0.0);
    }
    let (mut low, mut high) = (0.0, smallest_variance(effects));
    while excess(high) > 0.0 && high < f64::MAX / 4.0 {
        low = high;
        high *= 4.0;
    }
    brent(low, high, 0.0, excess)
}

/// The interval of tau^2 by the profile of Q: where Q is at the two quantiles of chi-squared with
/// k - 1 degrees of freedom. Source: Viechtbauer 2007, Stat Med 26:37-52.
pub(super) fn interval(effects: &[Effect], tail: f64) -> Result<Option<[f64; 2]>, DomainError> {
    let shape = effects.len().saturating_sub(1) as f64 / 2.0;
    let quantile = |p: f64| gamma_quantile(p, shape).map(|quantile| 2.0 * quantile);
    let low = profile(effects, quantile(1.0 - tail)?);
    let high = profile(effects, quantile(tail)?);
    Ok(low.zip(high).map(|(low, high)| [low, high]))
}

fn smallest_variance(effects: &[Effect]) -> f64 {
    effects.iter().map(|study| study.variance).fold(f64::INFINITY, f64::min)
}

/// Steps of the search for maxima of the restricted likelihood.
const STEPS: i32 = 120;

/// The tau^2 of the highest maximum of the restricted likelihood. It may have several, so every change
/// of sign of its slope on a logarithmic grid is followed, and 0 is a candidate.
fn reml(effects: &[Effect]) -> Option<f64> {
    let low = 1e-4 * smallest_variance(effects);
    let largest = effects.iter().map(|study| study.variance).fold(0.0, f64::max);
    // Beyond the plain variance of the effects, and of their errors, the likelihood only falls.
    let alike: Vec<Effect> = effects.iter().map(|&e| Effect { variance: 1.0, ..e }).collect();
    let spread = Sums::new(&alike, 0.0).q / effects.len().saturating_sub(1) as f64;
    let high = 4.0 * (spread + largest);
    let ratio = (high / low).powf(1.0 / f64::from(STEPS));
    let mut best = (restricted_likelihood(effects, 0.0), 0.0);
    let (mut before, mut slope_before) = (0.0, slope(effects, 0.0));
    for step in 0..=STEPS {
        let at = low * ratio.powi(step);
        let slope_at = slope(effects, at);
        if slope_before > 0.0 && slope_at <= 0.0 {
            let top = brent(before, at, 0.0, |tau2| slope(effects, tau2))?;
            let value = restricted_likelihood(effects, top);
            if value > best.0 {
                best = (value, top);
            }
        }
        (before, slope_before) = (at, slope_at);
    }
    Some(best.1)
}

/// Twice the slope of the restricted log likelihood in tau^2.
fn slope(effects: &[Effect], tau2: f64) -> f64 {
    let sums = Sums::new(effects, tau2);
    sums.q2 - sums.cross / sums.w
}

/// Twice the restricted log likelihood, up to a constant.
fn restricted_likelihood(effects: &[Effect], tau2: f64) -> f64 {
    let sums = Sums::new(effects, tau2);
    let log: f64 = effects.iter().map(|study| (study.variance + tau2).ln()).sum();
    -log - sums.w.ln() - sums.q
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn effects(pairs: &[(f64, f64)]) -> Vec<Effect> {
        pairs.iter().map(|&(effect, variance)| Effect { effect, variance }).collect()
    }

    /// With equal variances v all three methods give the variance of the effects less v.
    #[test]
    fn equal_variances_have_a_closed_form() {
        let studies = effects(&[(0.1, 0.2), (1.3, 0.2), (-0.4, 0.2), (2.2, 0.2)]);
        let mean = 0.8;
        let spread = studies.iter().map(|s| (s.effect - mean).powi(2)).sum::<f64>() / 3.0;
        for method in [Tau2Method::DerSimonianLaird, Tau2Method::PauleMandel, Tau2Method::Reml] {
            let got = method.estimate(&studies).unwrap();
            assert!((got - (spread - 0.2)).abs() < 1e-13, "{method:?}: {got}");
        }
    }

    #[test]
    fn studies_that_agree_have_none() {
        let studies = effects(&[(0.1, 0.04), (0.12, 0.05), (0.08, 0.03)]);
        for method in [Tau2Method::DerSimonianLaird, Tau2Method::PauleMandel, Tau2Method::Reml] {
            assert_eq!(method.estimate(&studies), Some(0.0));
        }
    }

    /// At the estimate the restricted likelihood is no lower than anywhere on a fine grid.
    #[test]
    fn the_restricted_likelihood_is_at_its_highest() {
        for studies in [
            effects(&[(0.0, 0.01), (0.05, 0.01), (3.0, 4.0), (-3.0, 4.0), (2.0, 1.0)]),
            effects(&[(0.0, 1e-6), (1.0, 1.0), (10.0, 100.0)]),
            effects(&[(5.0, 1e-3), (5.1, 1e3)]),
        ] {
            let got = Tau2Method::Reml.estimate(&studies).unwrap();
            let top = restricted_likelihood(&studies, got);
            for step in -200..100 {
                let tau2 = 10_f64.powf(f64::from(step) / 20.0);
                assert!(restricted_likelihood(&studies, tau2) <= top + 1e-12, "{tau2} {got}");
            }
        }
    }

    #[test]
    fn extreme_variances_are_followed() {
        let studies = effects(&[(-1e50, 1e-50), (1e50, 1e50), (0.0, 1.0)]);
        for method in [Tau2Method::DerSimonianLaird, Tau2Method::PauleMandel, Tau2Method::Reml] {
            assert!(method.estimate(&studies).is_none_or(|tau2| tau2 >= 0.0), "{method:?}");
        }
    }
}
