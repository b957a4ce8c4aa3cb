//! Profile-likelihood intervals.

use super::classes::Problem;
use super::design::Column;
use super::maximum_likelihood::{Separation, exponential};
use super::newton::{Model, not_converged};
use super::path::FitOptions;
use super::penalty::Scales;
use super::working_set::{WorkingSet, check_unpenalised};
use super::{LogisticData, Penalty, RegressionError};
use crate::Estimate;
use crate::numeric::root::brent;
use crate::special::positive;

/// What is done with the other columns while one coefficient is profiled.
#[derive(Debug, Clone)]
pub enum Nuisance<'a> {
    /// The model is unpenalised, on these columns (the one profiled may be among them or not): at
    /// each value of the coefficient the others are fitted again by maximum likelihood. The usual
    /// profile likelihood, on a support that was chosen before or elsewhere.
    Refitted {
        /// Columns of the model.
        support: &'a [usize],
    },
    /// All columns stay in the model with their penalty: what is profiled is the log-likelihood minus
    /// n times the penalty, that of the profiled coefficient included. A penalty factor of 0 for that
    /// column leaves its own coefficient unpenalised, as is usual for the exposure of interest.
    Penalised {
        /// The penalty.
        penalty: &'a Penalty,
        /// Its strength.
        lambda: f64,
    },
}

/// A coefficient with its 95 % profile-likelihood interval, log odds ratio per unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileInterval {
    /// Where the profile has its maximum; `None` if at infinity or nowhere.
    pub point: Option<f64>,
    /// Lower limit; `None` if the profile does not fall far enough on this side.
    pub lower: Option<f64>,
    /// Upper limit; `None` if the profile does not fall far enough on this side.
    pub upper: Option<f64>,
    /// Why a limit is missing: the column separates the outcome, and its estimate is infinite on
    /// that side (the other limit is still an answer), or undetermined.
    pub separation: Option<Separation>,
}

impl ProfileInterval {
    /// Point and limits on the log scale, if all are finite.
    #[must_use]
    pub fn log_odds_ratio(&self) -> Option<Estimate> {
        Some(Estimate { point: self.point?, lower: self.lower?, upper: self.upper? })
    }

    /// The odds ratio per unit with its interval, if all three are finite.
    #[must_use]
    pub fn odds_ratio(&self) -> Option<Estimate> {
        self.log_odds_ratio().and_then(exponential)
    }
}

/// Half the 95 % point of chi-squared with one degree of freedom.
const HALF_CHI_SQUARED_95: f64 = 0.5 * 3.841_458_820_694_124;

/// A slope (of the log-likelihood over the range of the column) that may be rounding.
const FLAT: f64 = 1e-9;

/// The same where other columns separate: their fit ends within 1e-7 of its supremum, and what is left
/// of their rows shows in the slope.
const FLAT_NEAR_SUPREMUM: f64 = 1e-6;

/// How far the coefficient is followed, in log odds over the range of its column. A binary column
/// shows by 32 whether its profile falls; a valued one may need more.
const FURTHEST: f64 = 1024.0;

/// Returns the 95 % profile-likelihood interval of the coefficient of `column`.
///
/// The limits are where twice the profiled log-likelihood lies 3.841458820694124 below its maximum,
/// each bracketed and found by Brent's method to 1e-8 of the range of the column. If the column
/// separates the outcome the maximum lies at infinity, and the limit on that side is missing with its
/// reason. Source: Venzon and Moolgavkar 1988, J R Stat Soc C 37:87-94.
///
/// # Errors
/// [`RegressionError::NoSuchColumn`], [`RegressionError::ConstantOutcome`],
/// [`RegressionError::Collinear`] if the column is constant or depends on the others,
/// [`RegressionError::Separation`] if other columns without penalty separate the outcome while the rest
/// is penalised, [`RegressionError::NotConverged`], [`RegressionError::Domain`] if `lambda` is not above
/// 0.
pub fn profile_interval(
    data: &LogisticData<'_>,
    column: usize,
    nuisance: &Nuisance<'_>,
    options: &FitOptions,
) -> Result<ProfileInterval, RegressionError> {
    let function = "profile_interval";
    data.design().check_columns(function, &[column])?;
    data.check_outcome(function)?;
    let range = data.design().all()[column].range(data.design().rows());
    let found = match nuisance {
        Nuisance::Refitted { support } => {
            let support = with_target(support, column);
            let problem = Problem::on_columns(function, data, &support)?;
            let dependent = Model::new(&problem, (0..support.len()).collect()).dependent();
            if !dependent.is_empty() {
                let columns = dependent.into_iter().map(|at| support[at]).collect();
                return Err(RegressionError::Collinear { function, columns });
            }
            interval(&mut Refitted::new(&problem), range)
        }
        Nuisance::Penalised { penalty, lambda } => {
            let lambda = positive(function, "lambda", *lambda)?;
            let exactness = options.exactness(function)?;
            let scales = penalty.scales(function, data)?;
            if scales.excluded[column] {
                return Err(RegressionError::Collinear { function, columns: vec![column] });
            }
            check_unpenalised(function, data, &scales, Some(column))?;
            let set = WorkingSet::new(data, scales.clone(), exactness, Some(column));
            let n = data.total_weight();
            interval(&mut Penalised { set, scales, column, lambda, n }, range)
        }
    };
    found.ok_or(not_converged(function))
}

/// The support with the profiled column last.
fn with_target(support: &[usize], column: usize) -> Vec<usize> {
    let others = support.iter().copied().filter(|&j| j != column);
    others.chain(std::iter::once(column)).collect()
}

/// The profile at one value: its height and its slope.
#[derive(Debug, Clone, Copy)]
struct Height {
    at: f64,
    value: f64,
    slope: f64,
    /// A slope over the range of the column that may be rounding.
    flat: f64,
}

/// A concave function of one coefficient, all others optimised out.
trait Profile {
    /// Height and slope; at 0 the slope is that without `kink`. `None` if the inner fit fails.
    fn height(&mut self, at: f64) -> Option<Height>;

    /// Half the jump of the slope at 0.
    fn kink(&self) -> f64;
}

/// The interval of a profile whose column has values of this range.
fn interval(profile: &mut impl Profile, range: f64) -> Option<ProfileInterval> {
    let unit = 1.0 / range;
    let (inside, beyond) = match maximum(profile, unit)? {
        Maximum::At(height) => (height, 0.0),
        Maximum::Beyond(height) => (height, height.at.signum()),
    };
    let mut side = |sign: f64| {
        if beyond == sign { Some(None) } else { limit(profile, inside, sign, unit) }
    };
    let (lower, upper) = (side(-1.0)?, side(1.0)?);
    // A concave profile with a maximum falls without bound on both sides of it.
    let separation = match (lower, upper) {
        (Some(_), Some(_)) => None,
        (Some(_), None) => Some(Separation::Positive),
        (None, Some(_)) => Some(Separation::Negative),
        (None, None) => Some(Separation::Undetermined),
    };
    let point = separation.is_none().then_some(inside.at);
    Some(ProfileInterval { point, lower, upper, separation })
}

/// Where a profile is highest.
enum Maximum {
    At(Height),
    /// At infinity; here the profile has come within rounding of its height there.
    Beyond(Height),
}

fn maximum(profile: &mut impl Profile, unit: f64) -> Option<Maximum> {
    let start = profile.height(0.0)?;
    if start.slope.abs() <= profile.kink() {
        return Some(Maximum::At(start));
    }
    let sign = start.slope.signum();
    let (mut below, mut reach, mut flat) = (0.0, 1.0, false);
    while reach <= FURTHEST {
        let here = profile.height(sign * reach * unit)?;
        let rise = here.slope * sign * unit;
        if rise < -here.flat {
            let slope = |at: f64| match profile.height(at) {
                Some(height) if at == 0.0 => height.slope - sign * profile.kink(),
                Some(height) => height.slope,
                None => f64::NAN,
            };
            let at = brent(below, here.at, 1e-10 * unit, slope)?;
            return profile.height(at).map(Maximum::At);
        }
        if rise > here.flat {
            below = here.at;
        } else if flat {
            // Flat twice in a row: not the chance of having met the maximum.
            return Some(Maximum::Beyond(here));
        }
        flat = rise <= here.flat;
        reach *= 2.0;
    }
    None
}

/// Where the profile, going from `inside` in the direction of `sign`, has fallen by the chi-squared
/// point; `Some(None)` if it never does.
fn limit(profile: &mut impl Profile, inside: Height, sign: f64, unit: f64) -> Option<Option<f64>> {
    let target = inside.value - HALF_CHI_SQUARED_95;
    let (mut above, mut reach, mut flat) = (inside.at, 0.5, false);
    while reach <= FURTHEST {
        let here = profile.height(inside.at + sign * reach * unit)?;
        if here.value <= target {
            let drop = |at: f64| profile.height(at).map_or(f64::NAN, |h| h.value - target);
            return brent(above, here.at, 1e-8 * unit, drop).map(Some);
        }
        let level = here.slope.abs() * unit <= here.flat;
        // Only well past the other side of 0: the search may start on a plateau.
        if level && flat && reach >= 8.0 + 2.0 * inside.at.abs() / unit {
            return Some(None);
        }
        (above, flat) = (here.at, level);
        reach *= 2.0;
    }
    None
}

/// Unpenalised: the last column of a problem is profiled.
struct Refitted<'p> {
    model: Model<'p>,
    target: &'p Column,
    offset: &'p [f64],
    start: Option<Vec<f64>>,
}

impl<'p> Refitted<'p> {
    fn new(problem: &'p Problem) -> Self {
        let last = problem.columns.len() - 1;
        let model = Model::new(problem, (0..last).collect());
        Self { model, target: &problem.columns[last], offset: &problem.offset, start: None }
    }
}

impl Profile for Refitted<'_> {
    fn height(&mut self, at: f64) -> Option<Height> {
        let mut offset = self.offset.to_vec();
        self.target.for_each(|class, value| offset[class] += at * value);
        let top = self.model.maximum(&offset, self.start.as_deref())?;
        let mut slope = 0.0;
        self.target.for_each(|class, value| slope += value * top.residual[class]);
        // An infinite nuisance estimate is no start for the next fit.
        let separated = top.separation.iter().any(Option::is_some);
        let flat = if separated { FLAT_NEAR_SUPREMUM } else { FLAT };
        self.start = (!separated).then_some(top.at);
        Some(Height { at, value: top.value, slope, flat })
    }

    fn kink(&self) -> f64 {
        0.0
    }
}

/// Penalised, all columns in the model.
struct Penalised<'a> {
    set: WorkingSet<'a>,
    scales: Scales,
    column: usize,
    lambda: f64,
    n: f64,
}

impl Profile for Penalised<'_> {
    fn height(&mut self, at: f64) -> Option<Height> {
        self.set.hold_at(at);
        let fit = self.set.fit(self.lambda);
        if !fit.converged {
            return None;
        }
        let size =
            |&(j, b): &(usize, f64)| self.scales.l1[j] * b.abs() + 0.5 * self.scales.l2[j] * b * b;
        let penalty: f64 = fit.coefficients.iter().map(size).sum();
        let own = if at == 0.0 { 0.0 } else { self.scales.l1[self.column].copysign(at) };
        let own = own + self.scales.l2[self.column] * at;
        Some(Height {
            at,
            value: fit.log_likelihood - self.n * self.lambda * penalty,
            slope: self.n * (self.set.slope(self.column) - self.lambda * own),
            flat: FLAT,
        })
    }

    fn kink(&self) -> f64 {
        self.n * self.lambda * self.scales.l1[self.column]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::regression::{DesignMatrix, penalised_logistic};

    fn table(cells: [f64; 4], nuisance: &Nuisance<'_>) -> ProfileInterval {
        let [a, b, c, d] = cells;
        let design = DesignMatrix::from_csc(2, &[0, 1], &[0], None).unwrap();
        let data = LogisticData::grouped(&design, &[a, c], &[a + b, c + d]).unwrap();
        profile_interval(&data, 0, nuisance, &FitOptions::default()).unwrap()
    }

    #[test]
    fn no_event_with_the_drug_leaves_an_upper_limit() {
        let none = table([0.0, 50.0, 100.0, 10_000.0], &Nuisance::Refitted { support: &[0] });
        assert_eq!((none.point, none.lower), (None, None));
        assert_eq!(none.separation, Some(Separation::Negative));
        assert_eq!(none.odds_ratio(), None);
        let upper = none.upper.unwrap();
        // 50 ln(1 + p/(1-p) e^upper) is the drop, with the comparator's odds all but fixed.
        let drop = 50.0 * (0.01 * upper.exp()).ln_1p();
        assert!((drop - HALF_CHI_SQUARED_95).abs() < 0.05, "{upper} {drop}");
        let all = table([5.0, 0.0, 100.0, 10_000.0], &Nuisance::Refitted { support: &[] });
        assert_eq!((all.point, all.upper), (None, None));
        assert_eq!(all.separation, Some(Separation::Positive));
        assert!(all.lower.unwrap() > 3.0);
    }

    /// The only row with column 1 is among those of column 2, which has no event: no value of the
    /// coefficient fits better than another.
    #[test]
    fn what_others_separate_leaves_the_coefficient_undetermined() {
        let mut design = DesignMatrix::new(13).unwrap();
        design
            .push_dense(&[-1.0, -2.0, 1.0, -2.0, -2.0, -1.0, -1.0, 1.0, 1.0, 2.0, 3.0, 3.0, -2.0])
            .unwrap();
        design.push_binary(vec![12]).unwrap();
        design.push_binary(vec![1, 5, 9, 12]).unwrap();
        design
            .push_dense(&[3.0, -2.0, 3.0, 4.0, 4.0, 2.0, 0.0, 4.0, 0.0, 1.0, -2.0, 3.0, 1.0])
            .unwrap();
        let outcome: Vec<bool> = (0..13).map(|row| [2, 7, 8].contains(&row)).collect();
        let data = LogisticData::new(&design, &outcome).unwrap();
        let nuisance = Nuisance::Refitted { support: &[0, 2, 3] };
        let got = profile_interval(&data, 1, &nuisance, &FitOptions::default()).unwrap();
        assert_eq!((got.point, got.lower, got.upper), (None, None, None));
        assert_eq!(got.separation, Some(Separation::Undetermined));
    }

    #[test]
    fn with_its_own_penalty_the_point_is_the_penalised_fit() {
        let [a, b, c, d] = [12.0, 50.0, 100.0, 10_000.0];
        let design = DesignMatrix::from_csc(2, &[0, 1], &[0], None).unwrap();
        let data = LogisticData::grouped(&design, &[a, c], &[a + b, c + d]).unwrap();
        for penalty in [Penalty::lasso(), Penalty::ridge(), Penalty::elastic_net(0.4).unwrap()] {
            for lambda in [1e-5, 3e-4, 5e-3] {
                let options = FitOptions::default();
                let fit = penalised_logistic(&data, &penalty, lambda, &options).unwrap();
                let nuisance = Nuisance::Penalised { penalty: &penalty, lambda };
                let interval = profile_interval(&data, 0, &nuisance, &options).unwrap();
                let point = interval.point.unwrap();
                assert!((point - fit.coefficient(0)).abs() < 1e-6, "{lambda} {interval:?} {fit:?}");
                let all = interval.log_odds_ratio().unwrap();
                assert!(all.lower < point && point < all.upper);
            }
        }
    }
}
