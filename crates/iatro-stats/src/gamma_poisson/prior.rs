//! The prior: a mixture of two gamma distributions.

use crate::DomainError;
use crate::special::in_range;

/// A mixture of two gamma distributions for the relative reporting ratio lambda:
///
/// ```text
/// lambda ~ p Gamma(shape alpha1, rate beta1) + (1 - p) Gamma(shape alpha2, rate beta2)
/// ```
///
/// A gamma of shape alpha and rate beta has the density beta^alpha x^(alpha - 1) e^(-beta x) /
/// gamma(alpha), the mean alpha / beta and the variance alpha / beta^2. Source: DuMouchel 1999, Am
/// Stat 53:177-190, section 2.
///
/// The two components may be given in either order; [`Prior::ordered`] puts the one with the larger
/// mean first, and so does a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    alpha1: f64,
    beta1: f64,
    alpha2: f64,
    beta2: f64,
    p: f64,
}

impl Prior {
    /// Returns the prior. Shapes `alpha1`, `alpha2` and rates `beta1`, `beta2` lie between 1e-10
    /// and 1e10 (so that no mean or quantile overflows); `p`, the weight of the first component,
    /// strictly between 0 and 1.
    ///
    /// # Errors
    /// [`DomainError`] names the argument that is out of range.
    pub fn new(
        alpha1: f64,
        beta1: f64,
        alpha2: f64,
        beta2: f64,
        p: f64,
    ) -> Result<Self, DomainError> {
        let named = [("alpha1", alpha1), ("beta1", beta1), ("alpha2", alpha2), ("beta2", beta2)];
        for (argument, value) in named {
            let ok = (1e-10..=1e10).contains(&value);
            in_range(ok, "Prior::new", argument, value, "a number from 1e-10 to 1e10")?;
        }
        crate::special::probability("Prior::new", "p", p)?;
        Ok(Self { alpha1, beta1, alpha2, beta2, p })
    }

    /// The starting point of DuMouchel 1999, as openEBGM's vignette has it: (0.2, 0.1, 2, 4, 1/3).
    pub const DUMOUCHEL_1999: Self =
        Self { alpha1: 0.2, beta1: 0.1, alpha2: 2.0, beta2: 4.0, p: 1.0 / 3.0 };

    /// A prior whose numbers are known to be in range.
    pub(super) const fn known(numbers: [f64; 5]) -> Self {
        let [alpha1, beta1, alpha2, beta2, p] = numbers;
        Self { alpha1, beta1, alpha2, beta2, p }
    }

    /// Shape of the first component.
    #[must_use]
    pub fn alpha1(&self) -> f64 {
        self.alpha1
    }

    /// Rate of the first component.
    #[must_use]
    pub fn beta1(&self) -> f64 {
        self.beta1
    }

    /// Shape of the second component.
    #[must_use]
    pub fn alpha2(&self) -> f64 {
        self.alpha2
    }

    /// Rate of the second component.
    #[must_use]
    pub fn beta2(&self) -> f64 {
        self.beta2
    }

    /// Weight of the first component.
    #[must_use]
    pub fn p(&self) -> f64 {
        self.p
    }

    /// Mean of lambda, p alpha1 / beta1 + (1 - p) alpha2 / beta2.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.p * (self.alpha1 / self.beta1) + (1.0 - self.p) * (self.alpha2 / self.beta2)
    }

    /// The same distribution with the component of the larger mean alpha / beta first; of equal
    /// means, the one with the larger shape.
    #[must_use]
    pub fn ordered(&self) -> Self {
        if self.is_ordered() { *self } else { self.swapped() }
    }

    pub(super) fn is_ordered(&self) -> bool {
        let first = (self.alpha1 / self.beta1, self.alpha1);
        first >= (self.alpha2 / self.beta2, self.alpha2)
    }

    fn swapped(&self) -> Self {
        let Self { alpha1, beta1, alpha2, beta2, p } = *self;
        // A weight below 1e-16 must not make the other one 1.
        let p = (1.0 - p).min(1.0 - 0.5 * f64::EPSILON);
        Self { alpha1: alpha2, beta1: beta2, alpha2: alpha1, beta2: beta1, p }
    }

    /// The numbers in the order alpha1, beta1, alpha2, beta2, p.
    #[must_use]
    pub fn to_array(&self) -> [f64; 5] {
        [self.alpha1, self.beta1, self.alpha2, self.beta2, self.p]
    }

    /// ln alpha1, ln beta1, ln alpha2, ln beta2, logit p: the scale on which a fit climbs.
    pub(super) fn to_unbounded(self) -> [f64; 5] {
        let logit = self.p.ln() - (-self.p).ln_1p();
        [self.alpha1.ln(), self.beta1.ln(), self.alpha2.ln(), self.beta2.ln(), logit]
    }

    /// The inverse of [`Prior::to_unbounded`]; the numbers are inside the box of a fit.
    pub(super) fn from_unbounded(at: [f64; 5]) -> Self {
        let [a1, b1, a2, b2, logit] = at;
        Self::known([a1.exp(), b1.exp(), a2.exp(), b2.exp(), 1.0 / (1.0 + (-logit).exp())])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn out_of_range_is_named() {
        let good = [0.2, 0.1, 2.0, 4.0, 0.3];
        let names = ["alpha1", "beta1", "alpha2", "beta2", "p"];
        for (i, name) in names.into_iter().enumerate() {
            for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e11] {
                let mut numbers = good;
                numbers[i] = bad;
                let [a1, b1, a2, b2, p] = numbers;
                assert_eq!(Prior::new(a1, b1, a2, b2, p).unwrap_err().argument, name);
            }
        }
        assert_eq!(Prior::new(0.2, 0.1, 2.0, 4.0, 1.0 / 3.0), Ok(Prior::DUMOUCHEL_1999));
    }

    #[test]
    fn the_larger_mean_comes_first() {
        let prior = Prior::new(1.0, 1.0, 4.0, 2.0, 0.9).unwrap();
        let ordered = prior.ordered();
        assert_eq!(ordered.alpha1(), 4.0);
        assert!((ordered.p() - 0.1).abs() < 1e-15);
        assert!((ordered.mean() - prior.mean()).abs() < 1e-15);
        assert_eq!(ordered.ordered(), ordered);
    }

    /// The weight stays strictly between 0 and 1, as [`Prior::new`] asks.
    #[test]
    fn ordering_keeps_the_weight_in_range() {
        let p = Prior::new(1.0, 1.0, 4.0, 2.0, 1e-300).unwrap().ordered().p();
        assert!(p > 0.999_999 && p < 1.0, "{p}");
    }

    #[test]
    fn the_unbounded_scale_leads_back() {
        let back = Prior::from_unbounded(Prior::DUMOUCHEL_1999.to_unbounded()).to_array();
        for (x, y) in back.into_iter().zip(Prior::DUMOUCHEL_1999.to_array()) {
            assert!((x / y - 1.0).abs() < 1e-14);
        }
    }
}
