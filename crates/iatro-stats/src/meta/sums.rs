//! Weighted sums over studies.

use super::Effect;

/// Studies in an order of their own, so that the one in which they came changes no bit.
pub(super) fn sorted(effects: &[Effect]) -> Vec<Effect> {
    let mut effects = effects.to_vec();
    effects.sort_by(|a, b| a.effect.total_cmp(&b.effect).then(a.variance.total_cmp(&b.variance)));
    effects
}

/// Sums over studies with weights w = 1 / (variance + tau2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    /// Sum of w.
    pub(super) w: f64,
    /// Sum of w_i w_j over all pairs of different studies, (sum w)^2 - sum w^2: never 0 by rounding,
    /// however much one study outweighs the others.
    pub(super) cross: f64,
    /// Weighted mean.
    pub(super) mean: f64,
    /// Sum of w (y - mean)^2.
    pub(super) q: f64,
    /// Sum of w^2 (y - mean)^2.
    pub(super) q2: f64,
}

impl Sums {
    pub(super) fn new(effects: &[Effect], tau2: f64) -> Self {
        let weight = |study: &Effect| 1.0 / (study.variance + tau2);
        let (mut w, mut cross, mut wy) = (0.0, 0.0, 0.0);
        for study in effects {
            let weight = weight(study);
            cross += 2.0 * weight * w;
            w += weight;
            wy += weight * study.effect;
        }
        let mean = wy / w;
        let (mut q, mut q2) = (0.0, 0.0);
        for study in effects {
            let part = weight(study) * (study.effect - mean).powi(2);
            q += part;
            q2 += weight(study) * part;
        }
        Self { w, cross, mean, q, q2 }
    }
}
