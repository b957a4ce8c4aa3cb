//! How much reports of a quarter say: how many drugs, terms, indications, courses and codes.
//!
//! Without an [`Intensity`] every quarter has the same habits. With one, means follow the rows of
//! the published quarter, and the shape is that of the published files: half of the reports name
//! one drug, a few name more than a hundred, and a drug may be listed once for each of its doses.

use rand_distr::{Distribution, LogNormal};

use crate::quarter::{Era, Quarter};
use crate::sampler::{Rng, chance, long_tailed};

/// The chances of 1 to 4 drugs, and of one more beyond 5: median 2, mean 3.2.
pub(crate) const DRUGS_HEAD: [f64; 4] = [0.46, 0.19, 0.1, 0.07];
pub(crate) const DRUGS_TAIL: f64 = 0.85;
const TERMS_HEAD: [f64; 4] = [0.28, 0.22, 0.18, 0.12];
const TERMS_TAIL: f64 = 0.6;
/// The share of drugs with a date of start.
const STARTED: f64 = 0.5;

/// With an intensity: the shares of reports with one drug, and with one term.
const ONE_DRUG: f64 = 0.58;
const ONE_TERM: f64 = 0.34;
/// The log-scale spread of the number of further drugs and terms, and the most of them.
const DRUGS_SPREAD: f64 = 1.1;
const TERMS_SPREAD: f64 = 0.8;
const MOST: f64 = 400.0;
/// The share of drugs that are listed again for other doses, and the chance of each row after the
/// first further one: rows are 1.22 times the drugs.
const REPEATED: f64 = 0.1;
const REPEATED_AGAIN: f64 = 0.545;
const ROWS_A_DRUG: f64 = 1.0 + REPEATED / (1.0 - REPEATED_AGAIN);
/// Outcomes and sources a report without an intensity, sources where it has any.
const OUTCOMES: f64 = 0.767;
const SOURCES_IF_ANY: f64 = 1.42;
/// Indications of a drug that has any.
pub(crate) const INDICATIONS_IF_ANY: f64 = 1.04;

/// Mean numbers of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Intensity {
    /// DRUG, REAC, OUTC and RPSR rows a report.
    pub(crate) drugs: f64,
    pub(crate) terms: f64,
    pub(crate) outcomes: f64,
    pub(crate) sources: f64,
    /// INDI and THER rows a DRUG row.
    pub(crate) indications: f64,
    pub(crate) courses: f64,
}

/// The habits of a quarter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    pub(crate) quarter: Quarter,
    pub(crate) intensity: Option<Intensity>,
}

impl Habits {
    /// The same in every quarter.
    pub(crate) fn usual(quarter: Quarter) -> Self {
        Self { quarter, intensity: None }
    }

    /// The number of drugs of a report.
    pub(crate) fn drugs(self, rng: &mut Rng) -> usize {
        match self.intensity {
            None => long_tailed(rng, DRUGS_HEAD, DRUGS_TAIL),
            Some(rows) => many(rng, ONE_DRUG, rows.drugs / ROWS_A_DRUG, DRUGS_SPREAD),
        }
    }

    /// The number of reaction terms of a report.
    pub(crate) fn terms(self, rng: &mut Rng) -> usize {
        match self.intensity {
            None => long_tailed(rng, TERMS_HEAD, TERMS_TAIL),
            Some(rows) => many(rng, ONE_TERM, rows.terms, TERMS_SPREAD),
        }
    }

    /// Further rows of a drug, for other doses.
    pub(crate) fn further_rows(self, rng: &mut Rng) -> usize {
        if self.intensity.is_none() || !chance(rng, REPEATED) {
            return 0;
        }
        let mut rows = 1;
        while rows < 40 && chance(rng, REPEATED_AGAIN) {
            rows += 1;
        }
        rows
    }

    /// Whether a drug has a date of start.
    pub(crate) fn started(self, rng: &mut Rng) -> bool {
        chance(rng, self.intensity.map_or(STARTED, |rows| rows.courses))
    }

    /// By what the share of each outcome is multiplied.
    pub(crate) fn outcomes(self) -> f64 {
        self.intensity.map_or(1.0, |rows| rows.outcomes / OUTCOMES)
    }

    /// The share of reports with report sources: usual in legacy quarters, rare afterwards.
    pub(crate) fn sources(self) -> f64 {
        let usual = if self.quarter.era() == Era::Legacy { 0.45 } else { 0.05 };
        self.intensity.map_or(usual, |rows| rows.sources / SOURCES_IF_ANY)
    }
}

/// One with the chance `one`, otherwise two and a log-normal number more, so that the mean is `mean`.
#[expect(clippy::cast_sign_loss, reason = "clamped to be positive")]
fn many(rng: &mut Rng, one: f64, mean: f64, spread: f64) -> usize {
    if chance(rng, one) {
        return 1;
    }
    // Rounding down takes half a unit away on average.
    let more = ((mean - one) / (1.0 - one) - 1.5).max(0.2);
    let location = more.ln() - spread * spread / 2.0;
    let drawn = LogNormal::new(location, spread).map_or(more, |d| d.sample(rng));
    2 + drawn.clamp(0.0, MOST) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn drawn(one: f64, mean: f64, spread: f64) -> (f64, usize, usize) {
        let mut rng = Rng::seed_from_u64(4);
        let mut all: Vec<usize> = (0..100_001).map(|_| many(&mut rng, one, mean, spread)).collect();
        all.sort_unstable();
        (all.iter().sum::<usize>() as f64 / 100_001.0, all[50_000], all[100_000])
    }

    #[test]
    fn number_of_drugs_has_median_two_and_mean_about_three() {
        let mut rng = Rng::seed_from_u64(2);
        let mut drawn: Vec<usize> =
            (0..20_001).map(|_| long_tailed(&mut rng, DRUGS_HEAD, DRUGS_TAIL)).collect();
        drawn.sort_unstable();
        let mean = drawn.iter().sum::<usize>() as f64 / drawn.len() as f64;
        assert!((1..=2).contains(&drawn[10_000]));
        assert!((2.9..3.5).contains(&mean), "{mean}");
    }

    #[test]
    fn numbers_with_an_intensity_have_its_mean_and_a_heavy_tail() {
        for mean in [2.5, 3.3, 4.0] {
            let (drugs, median, most) = drawn(ONE_DRUG, mean, DRUGS_SPREAD);
            assert!((drugs / mean - 1.0).abs() < 0.05, "{drugs}, not {mean}");
            assert!(median == 1 && most > 60, "{median} {most}");
        }
        let (terms, median, _) = drawn(ONE_TERM, 3.3, TERMS_SPREAD);
        assert!((terms / 3.3 - 1.0).abs() < 0.06 && (2..=3).contains(&median), "{terms} {median}");
    }
}
