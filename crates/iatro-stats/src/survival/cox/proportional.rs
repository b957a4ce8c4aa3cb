//! Test of proportional hazards.

use super::super::ChiSquaredTest;
use super::Cox;
use super::design::dot;
use super::fit::information;
use super::sweep::{add, sweep, unpacked};
use crate::numeric::linear::Cholesky;

/// The function of time along which a coefficient may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeTransform {
    /// One minus the Kaplan-Meier curve just before the time, of all strata together, every row
    /// counted once: no outlying times; the default.
    #[default]
    KaplanMeier,
    /// The time itself.
    Identity,
}

/// Whether coefficients change over time.
#[derive(Debug, Clone, PartialEq)]
pub struct ProportionalHazards {
    /// For each covariate of the input, the test that its coefficient does not change; `None` if it
    /// has no coefficient.
    pub covariates: Vec<Option<ChiSquaredTest>>,
    /// The test that none does.
    pub global: Option<ChiSquaredTest>,
}

/// Sums over event times: score, and information, times a power of g(t).
struct Moments {
    score: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Cox {
    /// Returns the score test that a coefficient does not change with g(t), for each covariate and
    /// for all together; `None` if a coefficient tends to infinity.
    ///
    /// ```text
    /// U = sum of g_j r_j,   V = sum g_j^2 V_j - (sum g_j V_j)(sum V_j)^-1 (sum g_j V_j)
    /// chi-squared: U_k^2 / V_kk for one covariate, U' V^-1 U for all
    /// ```
    ///
    /// r_j: Schoenfeld residual (score contribution) of the event time t_j, V_j: its information,
    /// g_j = g(t_j). As R's `cox.zph` from `survival` 3.0 on; before, it took V_j for constant.
    /// Sources: Schoenfeld 1982, Biometrika 69:239-241; Grambsch and Therneau 1994, Biometrika
    /// 81:515-526.
    #[must_use]
    pub fn proportional_hazards(&self, transform: TimeTransform) -> Option<ProportionalHazards> {
        let size = self.design.size();
        if !self.has_maximum() || size == 0 {
            return None;
        }
        let sums = self.moments_of(&self.transformed(transform));
        let explained = Cholesky::new(&information(&self.fit.top), size)?;
        let (first, mut variance) = (unpacked(&sums.first, size), unpacked(&sums.second, size));
        for j in 0..size {
            let column: Vec<f64> = (0..size).map(|i| first[i * size + j]).collect();
            let solved = explained.solve(&column);
            for i in 0..size {
                variance[i * size + j] -= dot(&first[i * size..(i + 1) * size], &solved);
            }
        }
        let mut covariates = vec![None; self.coefficients.len()];
        for (place, &covariate) in self.design.kept.iter().enumerate() {
            let own = variance[place * size + place];
            if own > 1e-10 * sums.second_of(place) {
                let score = sums.score[place];
                covariates[covariate] = ChiSquaredTest::new(score * score / own, 1);
            }
        }
        let factor = Cholesky::new(&variance, size);
        let all = factor.map(|factor| dot(&sums.score, &factor.solve(&sums.score)));
        let global = all.and_then(|chi_squared| ChiSquaredTest::new(chi_squared, size));
        Some(ProportionalHazards { covariates, global })
    }

    /// g of every moment, stratum by stratum, with mean 0 over the events and at most 1 (which changes
    /// no test, and saves digits).
    fn transformed(&self, transform: TimeTransform) -> Vec<Vec<f64>> {
        let of = |time: f64| match transform {
            TimeTransform::Identity => time,
            TimeTransform::KaplanMeier => self.design.gone_before(time),
        };
        let strata = self.design.strata.iter();
        let mut g: Vec<Vec<f64>> =
            strata.map(|s| s.moments.iter().map(|m| of(m.time)).collect()).collect();
        let events = self.design.strata.iter().flat_map(|s| &s.moments).map(|m| m.events);
        let share = |(g, d): (&f64, f64)| g * (d / self.design.events);
        let mean: f64 = g.iter().flatten().zip(events).map(share).sum();
        g.iter_mut().flatten().for_each(|g| *g -= mean);
        let reach = g.iter().flatten().fold(0.0_f64, |most, g| most.max(g.abs()));
        if reach > 0.0 {
            g.iter_mut().flatten().for_each(|g| *g /= reach);
        }
        g
    }

    fn moments_of(&self, g: &[Vec<f64>]) -> Moments {
        let size = self.design.size();
        let packed = size * (size + 1) / 2;
        let mut sums =
            Moments { score: vec![0.0; size], first: vec![0.0; packed], second: vec![0.0; packed] };
        for (stratum, g) in self.design.strata.iter().zip(g) {
            let place = |time: f64| stratum.moments.partition_point(|m| m.time < time);
            sweep(stratum, &self.fit.beta, self.ties, |death| {
                let g = g.get(place(death.moment.time)).copied().unwrap_or(0.0);
                add(&mut sums.score, g, death.score);
                add(&mut sums.first, g, death.information);
                add(&mut sums.second, g * g, death.information);
            });
        }
        sums
    }
}

impl Moments {
    /// The diagonal entry of the second moment.
    fn second_of(&self, place: usize) -> f64 {
        self.second[place * (place + 1) / 2 + place]
    }
}
