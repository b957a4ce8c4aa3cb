//! Limits of one coefficient from the profile of the likelihood.

use super::super::SurvivalError;
use super::super::limits::z_of;
use super::fit::part;
use super::sweep::local;
use super::{Cox, NotEstimable};
use crate::numeric::maximise::{Local, newton};
use crate::numeric::root::brent;

/// Limits of the logarithm of a hazard ratio, where each exists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileInterval {
    /// Lower limit; `None` if the likelihood never falls far enough downwards.
    pub lower: Option<f64>,
    /// Upper limit; `None` if the likelihood never falls far enough upwards.
    pub upper: Option<f64>,
}

impl Cox {
    /// Returns the profile likelihood limits of the coefficient of `covariate` (from 0), at `level`
    /// (0.95, not 95): where twice the log likelihood, maximised over the other coefficients, is the
    /// chi-squared quantile below its maximum. `None` for a covariate that the model leaves out.
    ///
    /// They exist where Wald limits do not: of a coefficient that tends to infinity they give the
    /// other limit. Source: Venzon and Moolgavkar 1988, Appl Stat 37:87-94.
    ///
    /// # Errors
    /// [`SurvivalError`] if there is no such covariate, or the level is out of range.
    pub fn profile_interval(
        &self,
        covariate: usize,
        level: f64,
    ) -> Result<Option<ProfileInterval>, SurvivalError> {
        let z = z_of("Cox::profile_interval", level)?;
        let covariates = self.coefficients.len();
        if covariate >= covariates {
            return Err(SurvivalError::NoSuchCovariate { covariate, covariates });
        }
        let place = self.design.kept.iter().position(|&kept| kept == covariate);
        Ok(place.filter(|_| self.searched()).map(|place| self.profile(place, z)))
    }

    fn profile(&self, place: usize, z: f64) -> ProfileInterval {
        let target = self.fit.top.value - 0.5 * z * z;
        let rising = match self.fit.missing[place] {
            Some(NotEstimable::Monotone { rising }) => rising,
            _ => None,
        };
        let spread = self.design.scaling[place].spread;
        let limit = |upwards: bool| {
            let side = (rising != Some(upwards)).then(|| self.side(place, target, z, upwards));
            side.flatten().map(|limit| limit / spread).filter(|limit| limit.is_finite())
        };
        ProfileInterval { lower: limit(false), upper: limit(true) }
    }

    /// The standardised coefficient on one side of the maximum at which the profile is `target`.
    fn side(&self, place: usize, target: f64, z: f64, upwards: bool) -> Option<f64> {
        let start = self.fit.beta[place];
        let size = self.fit.beta.len();
        let curvature = -self.fit.top.hessian[place * size + place];
        // One over the information without the other coefficients is the shortest a side can be.
        let unit = if curvature > 1e-4 { z / curvature.sqrt() } else { 1.0 };
        let mut others = self.fit.beta.clone();
        let mut excess = |at: f64| {
            self.profiled(place, at, &mut others).map_or(f64::NAN, |value| value - target)
        };
        let mut inside = start;
        let mut step = if upwards { unit } else { -unit };
        for _ in 0..60 {
            let outside = start + step;
            if excess(outside) < 0.0 {
                return brent(inside, outside, 1e-12 * (1.0 + start.abs()), excess);
            }
            inside = outside;
            step *= 2.0;
        }
        None
    }

    /// The likelihood with one coefficient held and the others at their best, from `at` on, where
    /// they are left.
    fn profiled(&self, place: usize, held: f64, at: &mut [f64]) -> Option<f64> {
        let free: Vec<usize> = (0..at.len()).filter(|&other| other != place).collect();
        let mut beta = at.to_vec();
        beta[place] = held;
        let mut f = |others: &[f64]| -> Local {
            for (&to, from) in free.iter().zip(others) {
                beta[to] = *from;
            }
            part(&local(&self.design, &beta, self.ties), &free)
        };
        if free.is_empty() {
            return Some(f(&[]).value);
        }
        let start: Vec<f64> = free.iter().map(|&other| at[other]).collect();
        let a_little = 1e-11 * self.design.events / self.design.event_count.max(1) as f64;
        let top = newton(&start, a_little, 100, f)?;
        for (&to, from) in free.iter().zip(&top.at) {
            at[to] = *from;
        }
        Some(top.local.value)
    }
}
