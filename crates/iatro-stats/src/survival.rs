//! Survival and outcome: what became of people followed over time.
//!
//! A [`Cohort`] holds the subjects, checked and sorted once; every estimator reads it:
//!
//! | function | answer |
//! |----------|--------|
//! | [`kaplan_meier`] | survival curve, [quantiles](KaplanMeier::quantile), [survival at a time](KaplanMeier::at), [restricted mean](KaplanMeier::restricted_mean) |
//! | [`nelson_aalen`] | cumulative hazard |
//! | [`aalen_johansen`] | cumulative incidence of each of several competing causes |
//! | [`log_rank`] | comparison of groups, plain, weighted or stratified |
//! | [`cox`] | proportional hazards regression, its tests and its checks |
//!
//! Two times are equal if they are the same number: nothing is rounded. (R's `survival` first merges
//! times that differ by less than about 1e-8 of their size.) No result depends on the order of the
//! subjects, to the last bit.
//!
//! These methods need follow-up: a registry or a cohort. Spontaneous reports have none, so nothing
//! here applies to them.
//!
//! ```
//! use iatro_stats::survival::{Cohort, ConfidenceLimits, kaplan_meier, log_rank};
//!
//! // Weeks in remission of acute myelogenous leukaemia; false: censored (Miller 1997).
//! let times = [
//!     9., 13., 13., 18., 23., 28., 31., 34., 45., 48., 161., //
//!     5., 5., 8., 8., 12., 16., 23., 27., 30., 33., 43., 45.,
//! ];
//! let mut ended = [true; 23];
//! for censored in [2, 5, 8, 10, 16] {
//!     ended[censored] = false;
//! }
//! let cohort = Cohort::right_censored(&times, &ended)?;
//! let curve = kaplan_meier(&cohort);
//! let limits = ConfidenceLimits::default();
//! assert_eq!(curve.median(&limits).point, Some(27.0));
//! let at_24 = curve.at(24.0).ok_or("follow-up is shorter")?;
//! assert!((at_24.survival - 0.546583850932).abs() < 1e-11);
//!
//! let maintained: Vec<usize> = (0..23).map(|i| usize::from(i < 11)).collect();
//! let test = log_rank(&cohort, &maintained, None, 0.0)?.test.ok_or("nothing to compare")?;
//! assert!((test.chi_squared - 3.3963885).abs() < 1e-6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aalen_johansen;
mod cohort;
mod cox;
mod error;
mod kaplan_meier;
mod limits;
mod log_rank;
mod nelson_aalen;
mod quantile;
mod restricted_mean;
mod subject;

pub use aalen_johansen::{
    AalenJohansen, AalenJohansenStep, CauseStep, IncidenceVariance, aalen_johansen,
};
pub use cohort::Cohort;
pub use cox::{
    BaselineStep, Coefficient, Concordance, Cox, CoxOptions, HazardRatio, NotEstimable,
    ProfileInterval, ProportionalHazards, Ties, TimeTransform, cox,
};
pub use error::SurvivalError;
pub use kaplan_meier::{KaplanMeier, KaplanMeierStep, kaplan_meier};
pub use limits::{ChiSquaredTest, ConfidenceLimits, Interval, LimitScale};
pub use log_rank::{LogRank, LogRankGroup, log_rank};
pub use nelson_aalen::{NelsonAalenStep, nelson_aalen};
pub use quantile::SurvivalQuantile;
pub use restricted_mean::RestrictedMean;
pub use subject::{State, Subject};
