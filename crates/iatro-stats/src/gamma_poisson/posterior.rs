//! The posterior of the relative reporting ratio of one pair: again a mixture of two gammas.

use super::mixture_quantile::{Components, Target, from_log};
use super::negative_binomial::ln_coefficient;
use super::pair::Pair;
use super::prior::Prior;
use crate::DomainError;
use crate::special::{GammaShape, digamma_unchecked, non_negative, positive, probability};

/// The posterior of lambda given N and E:
///
/// ```text
/// lambda | N ~ q Gamma(alpha1 + N, beta1 + E) + (1 - q) Gamma(alpha2 + N, beta2 + E)
/// q = p f1(N) / (p f1(N) + (1 - p) f2(N)),   f the negative binomial probabilities of N
/// ```
///
/// q is computed from logarithms and holds for every N and E. For N = 0 the posterior is defined,
/// and pulls lambda below the prior. Source: DuMouchel 1999, Am Stat 53:177-190, section 2.
#[derive(Debug, Clone, Copy)]
pub struct Posterior {
    components: Components,
    /// E[ln X] of a gamma variable of each shape and unit rate.
    digammas: [f64; 2],
}

impl Prior {
    /// Returns the posterior of lambda for a pair.
    ///
    /// # Errors
    /// [`DomainError`] unless the expected count is above 0 and at most 1e300.
    pub fn posterior(&self, pair: &Pair) -> Result<Posterior, DomainError> {
        let expected = positive("Prior::posterior", "expected", pair.expected)?;
        Ok(ForCount::new(self, pair.observed).at(expected))
    }
}

impl Posterior {
    /// The posterior probability that lambda came from the first component, q; 0 to 1.
    #[must_use]
    pub fn mixture_weight(&self) -> f64 {
        self.components.weights[0]
    }

    /// The empirical Bayes geometric mean, EBGM = exp(E[ln lambda]).
    ///
    /// ```text
    /// E[ln lambda] = q (digamma(alpha1 + N) - ln(beta1 + E))
    ///              + (1 - q) (digamma(alpha2 + N) - ln(beta2 + E))
    /// ```
    ///
    /// It rises with N for fixed E and falls with E for fixed N. It lies between EB05 and EB95
    /// wherever one component dominates, as nearly always; a posterior of two far-apart parts of
    /// which one holds less than 5 % may have its geometric mean outside. Source: DuMouchel 1999,
    /// equation 11.
    #[must_use]
    pub fn ebgm(&self) -> f64 {
        let Components { weights, ln_rates, .. } = self.components;
        let log = |i: usize| weights[i] * (self.digammas[i] - ln_rates[i]);
        (log(0) + log(1)).exp()
    }

    /// The posterior mean of lambda.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let Components { weights, shapes, rates, .. } = self.components;
        weights[0] * (shapes[0] / rates[0]) + weights[1] * (shapes[1] / rates[1])
    }

    /// Returns x such that P(lambda <= x) = `p`, 0 < p < 1: EB05 for 0.05, EB95 for 0.95.
    ///
    /// Relative error below 1e-10 while both shapes are 0.01 or more. The quantile is 0 where it
    /// is below 1e-307 (N = 0 with a shape near 0). Between two far-apart parts of the
    /// posterior, where hardly any probability lies, the answer is as uncertain as q is.
    ///
    /// # Errors
    /// [`DomainError`] if `p` is out of range.
    pub fn quantile(&self, p: f64) -> Result<f64, DomainError> {
        let target = Target::new(probability("Posterior::quantile", "p", p)?);
        let unit = target.unit_quantiles(self.components.shapes);
        Ok(from_log(self.components.ln_quantile(&target, unit, None)))
    }

    /// Returns P(lambda <= `x` | N), `x` finite, 0 or above.
    ///
    /// At 1 it is the posterior probability that the pair is reported no more often than expected:
    /// the local false discovery rate of "lambda > 1" for this pair (Efron 2010, *Large-Scale
    /// Inference*, chapter 5; Ahmed et al. 2009, Stat Med 28:1774-1792). The mean over a list of
    /// pairs is the Bayesian false discovery rate of the list.
    ///
    /// # Errors
    /// [`DomainError`] if `x` is out of range.
    pub fn probability_below(&self, x: f64) -> Result<f64, DomainError> {
        let x = non_negative("Posterior::probability_below", "x", x)?;
        Ok(self.components.tails(x).0.min(1.0))
    }

    /// Returns P(lambda > `x` | N), `x` finite, 0 or above; it keeps its digits where
    /// [`Posterior::probability_below`] rounds to 1.
    ///
    /// # Errors
    /// [`DomainError`] if `x` is out of range.
    pub fn probability_above(&self, x: f64) -> Result<f64, DomainError> {
        let x = non_negative("Posterior::probability_above", "x", x)?;
        Ok(self.components.tails(x).1.min(1.0))
    }

    pub(super) fn components(&self) -> &Components {
        &self.components
    }
}

/// What the posteriors of all pairs of one count share.
#[derive(Debug, Clone, Copy)]
pub(super) struct ForCount {
    count: f64,
    /// Log odds of the components, as far as E has no part in them.
    ln_odds: f64,
    prior: Prior,
    pub(super) shapes: [f64; 2],
    tables: [GammaShape; 2],
    digammas: [f64; 2],
    ln_betas: [f64; 2],
}

impl ForCount {
    pub(super) fn new(prior: &Prior, observed: u64) -> Self {
        let [alpha1, beta1, alpha2, beta2, p] = prior.to_array();
        let count = observed as f64;
        let coefficients = ln_coefficient(alpha1, observed) - ln_coefficient(alpha2, observed);
        let shapes = [alpha1 + count, alpha2 + count];
        Self {
            count,
            ln_odds: coefficients + (p.ln() - (-p).ln_1p()),
            prior: *prior,
            shapes,
            tables: shapes.map(GammaShape::new),
            digammas: shapes.map(digamma_unchecked),
            ln_betas: [beta1.ln(), beta2.ln()],
        }
    }

    pub(super) fn at(&self, expected: f64) -> Posterior {
        let [alpha1, beta1, alpha2, beta2, _] = self.prior.to_array();
        let minus_ln_pi = [
            ln_one_plus_ratio(expected, beta1, self.ln_betas[0]),
            ln_one_plus_ratio(expected, beta2, self.ln_betas[1]),
        ];
        let rates = [beta1 + expected, beta2 + expected];
        let ln_rates = [self.ln_betas[0] + minus_ln_pi[0], self.ln_betas[1] + minus_ln_pi[1]];
        // ln of (1 - pi1) / (1 - pi2) = rates[1] / rates[0], without loss where they are close.
        let excess = (beta2 - beta1) / rates[0];
        let rest = if excess.abs() < 0.5 { excess.ln_1p() } else { ln_rates[1] - ln_rates[0] };
        let odds =
            self.ln_odds + self.count * rest - (alpha1 * minus_ln_pi[0] - alpha2 * minus_ln_pi[1]);
        let small = (-odds.abs()).exp();
        let large = 1.0 / (1.0 + small);
        let weights = if odds >= 0.0 { [large, small * large] } else { [small * large, large] };
        let components =
            Components { weights, shapes: self.shapes, rates, ln_rates, tables: self.tables };
        Posterior { components, digammas: self.digammas }
    }
}

/// ln(1 + E / beta); the quotient itself may overflow.
fn ln_one_plus_ratio(expected: f64, beta: f64, ln_beta: f64) -> f64 {
    let ratio = expected / beta;
    if ratio.is_finite() { ratio.ln_1p() } else { expected.ln() - ln_beta }
}
