//! How far the scores of the two groups overlap.

use super::{PropensityScores, RegressionError};
use crate::special::{in_range, probability};

/// Overlap of the scores of reports with the exposure and without.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Smallest and largest score with the exposure.
    pub exposed: [f64; 2],
    /// Smallest and largest score without.
    pub unexposed: [f64; 2],
    /// Share of the exposed whose score lies within the range of the unexposed.
    pub exposed_within: f64,
    /// Share of the unexposed whose score lies within the range of the exposed.
    pub unexposed_within: f64,
    /// Share of the exposed in equipoise: preference score between the bounds, limits included.
    pub exposed_in_equipoise: f64,
    /// Share of the unexposed in equipoise.
    pub unexposed_in_equipoise: f64,
    /// Share of all in equipoise.
    pub in_equipoise: f64,
}

impl PropensityScores {
    /// Returns the preference score of each report: the propensity score with the prevalence of the
    /// exposure taken out, `logit f = logit e - logit(share exposed)`. Source: Walker et al. 2013, Comp
    /// Eff Res 3:11-20.
    #[must_use]
    pub fn preference_scores(&self) -> Vec<f64> {
        let exposed = self.exposed.iter().filter(|&&e| e).count() as f64;
        let odds = exposed / (self.exposed.len() as f64 - exposed);
        let preference = |&score: &f64| {
            let shifted = score / odds;
            shifted / (shifted + (1.0 - score))
        };
        self.scores.iter().map(preference).collect()
    }

    /// Returns how far the scores of the two groups overlap. A report is in equipoise if its preference
    /// score lies from `low` to `high` (0 < low < high < 1; 0.3 to 0.7 is usual, and half of both groups
    /// in it is taken as enough). Source as for [`PropensityScores::preference_scores`].
    ///
    /// # Errors
    /// [`RegressionError::Domain`] if a bound is out of range.
    pub fn overlap(&self, low: f64, high: f64) -> Result<Overlap, RegressionError> {
        let function = "PropensityScores::overlap";
        probability(function, "low", low)?;
        probability(function, "high", high)?;
        in_range(low < high, function, "high", high, "a bound above low")?;
        let preference = self.preference_scores();
        let scores = |group: bool| {
            self.scores
                .iter()
                .zip(&self.exposed)
                .filter(move |&(_, &e)| e == group)
                .map(|(&s, _)| s)
        };
        let range = |group: bool| {
            let widen = |[least, most]: [f64; 2], s: f64| [least.min(s), most.max(s)];
            scores(group).fold([1.0, 0.0], widen)
        };
        let within = |group: bool| {
            let [least, most] = range(!group);
            share(scores(group).map(|s| least <= s && s <= most))
        };
        let chosen = |&f: &f64| low <= f && f <= high;
        let equipoise = |group: bool| {
            let group = preference.iter().zip(&self.exposed).filter(|&(_, &e)| e == group);
            share(group.map(|(f, _)| chosen(f)))
        };
        Ok(Overlap {
            exposed: range(true),
            unexposed: range(false),
            exposed_within: within(true),
            unexposed_within: within(false),
            exposed_in_equipoise: equipoise(true),
            unexposed_in_equipoise: equipoise(false),
            in_equipoise: share(preference.iter().map(chosen)),
        })
    }

    /// Returns the area under the receiver operating characteristic curve of the score: the probability
    /// that a report with the exposure has a higher score than one without, equal scores counting half.
    ///
    /// Source: Hanley and McNeil 1982, Radiology 143:29-36. Near 1 the groups hardly overlap.
    #[must_use]
    pub fn auc(&self) -> f64 {
        let mut sorted: Vec<(f64, bool)> =
            self.scores.iter().copied().zip(self.exposed.iter().copied()).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut below, mut concordant) = (0.0, 0.0);
        for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
            let with = tied.iter().filter(|&&(_, exposed)| exposed).count() as f64;
            let without = tied.len() as f64 - with;
            concordant += with * (below + 0.5 * without);
            below += without;
        }
        concordant / (below * (sorted.len() as f64 - below))
    }
}

/// The share of true among one value or more.
fn share(values: impl Iterator<Item = bool>) -> f64 {
    let (mut yes, mut all) = (0_u64, 0_u64);
    values.for_each(|value| {
        yes += u64::from(value);
        all += 1;
    });
    yes as f64 / all.max(1) as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn by_hand() {
        let exposed = [true, true, false, false, false];
        let scores = PropensityScores::new(&exposed, &[0.6, 0.4, 0.4, 0.1, 0.5]).unwrap();
        // Pairs: 0.6 above all three; 0.4 equal to one, above one, below one.
        assert!((scores.auc() - 4.5 / 6.0).abs() < 1e-15);
        let overlap = scores.overlap(0.3, 0.7).unwrap();
        assert_eq!(overlap.exposed, [0.4, 0.6]);
        assert_eq!(overlap.unexposed, [0.1, 0.5]);
        assert_eq!((overlap.exposed_within, overlap.unexposed_within), (0.5, 2.0 / 3.0));
        // Odds of the scores over 2/3: 2.25, 1, 1, 1/6, 1.5; in equipoise from 3/7 to 7/3.
        assert_eq!((overlap.exposed_in_equipoise, overlap.in_equipoise), (1.0, 0.8));
        let preference = scores.preference_scores();
        assert!((preference[0] - 2.25 / 3.25).abs() < 1e-15);
        assert!(scores.overlap(0.7, 0.3).is_err() && scores.overlap(0.0, 0.3).is_err());
    }
}
