//! Weights from the propensity score.

use super::PropensityScores;

/// Which population the weighted groups are made to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// Overlap weights: 1 - e with the exposure, e without. The reports that might as well have had it
    /// or not. Bounded, and with scores from an unpenalised logistic regression every covariate in it
    /// has exactly equal means in the two weighted groups. Source: Li, Morgan and Zaslavsky 2018, J Am
    /// Stat Assoc 113:390-400.
    Overlap,
    /// Inverse probability weights: 1/e with the exposure, 1/(1 - e) without. All reports. Source:
    /// Robins, Hernan and Brumback 2000, Epidemiology 11:550-560.
    InverseProbability,
    /// Inverse probability weights times the share of reports in the group.
    StabilisedInverseProbability,
    /// 1 with the exposure, e/(1 - e) without. The reports with the exposure.
    Exposed,
}

impl PropensityScores {
    /// Returns the weight of each report, above 0.
    #[must_use]
    pub fn weights(&self, weighting: Weighting) -> Vec<f64> {
        let share = self.exposed.iter().filter(|&&e| e).count() as f64 / self.exposed.len() as f64;
        let weight = |(&score, &exposed): (&f64, &bool)| {
            let (own, group) = if exposed { (score, share) } else { (1.0 - score, 1.0 - share) };
            match weighting {
                Weighting::Overlap => 1.0 - own,
                Weighting::InverseProbability => 1.0 / own,
                Weighting::StabilisedInverseProbability => group / own,
                Weighting::Exposed => {
                    if exposed {
                        1.0
                    } else {
                        score / (1.0 - score)
                    }
                }
            }
        };
        self.scores.iter().zip(&self.exposed).map(weight).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_four_weights() {
        let scores = PropensityScores::new(&[true, false], &[0.2, 0.2]).unwrap();
        let close = |weighting, expected: [f64; 2]| {
            let got = scores.weights(weighting);
            assert!((got[0] - expected[0]).abs() + (got[1] - expected[1]).abs() < 1e-14);
        };
        close(Weighting::Overlap, [0.8, 0.2]);
        close(Weighting::InverseProbability, [5.0, 1.25]);
        close(Weighting::StabilisedInverseProbability, [2.5, 0.625]);
        close(Weighting::Exposed, [1.0, 0.25]);
    }
}
