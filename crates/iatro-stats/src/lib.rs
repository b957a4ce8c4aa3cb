//! Estimators for collections of spontaneous reports: pure numerics, `f64` in and `f64` out.
//!
//! | module | what it answers |
//! |--------|-----------------|
//! | [`disproportionality`], [`thresholds`] | measures, tests and decision rules of one 2 x 2 table ([`Table2x2`]) |
//! | [`gamma_poisson`] | the gamma-Poisson shrinker (MGPS): prior, EBGM, any quantile |
//! | [`strata`] | tables in strata: Mantel-Haenszel, expected counts, heterogeneity |
//! | [`regression`] | penalised logistic regression on sparse columns, propensity scores, E-value |
//! | [`interaction`] | two drugs together: Omega, additive and multiplicative contrasts |
//! | [`masking`] | which substance or event hides a pair, and the table without it |
//! | [`attribution`] | which of the possible causes on a report led to it: mode, posterior, limits |
//! | [`multiplicity`] | many tests: false discovery rates, calibration by negative controls |
//! | [`sequential`] | many looks: MaxSPRT with exact critical values and power |
//! | [`tree_scan`] | scan statistics over a hierarchy |
//! | [`time_to_onset`] | Weibull and log-normal under censoring and truncation, comparisons |
//! | [`survival`] | Kaplan-Meier, Aalen-Johansen, log-rank, Cox |
//! | [`meta`], [`proportion`], [`agreement`] | pooling, limits of a proportion, kappa |
//! | [`completeness`] | how complete a report is |
//! | [`special`] | the functions beneath them |
//!
//! One estimator a file, with its formula and its source in the doc comment. What never lives here:
//! reading or writing files, Arrow, async, clocks, randomness without a seed, formatting for people.
//!
//! Two rules hold everywhere:
//! - An estimate that is undefined for its input is `None`. No function returns a NaN, an infinity,
//!   or a 0 that stands for "unknown".
//! - An argument outside its stated range is a typed error that names the argument, its value and
//!   the range.
//!
//! Every result speaks about reporting, not about the population.
//!
//! ```
//! use iatro_stats::{Table2x2, disproportionality};
//!
//! let table = Table2x2::new(122, 1_320, 381, 31_341)?;
//! let ror = disproportionality::ror(&table).ok_or("undefined")?;
//! assert!((ror.point - 7.602804).abs() < 5e-7);
//! assert!((ror.lower - 6.155362).abs() < 5e-7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod agreement;
pub mod attribution;
pub mod completeness;
pub mod disproportionality;
mod estimate;
pub mod gamma_poisson;
pub mod interaction;
pub mod masking;
pub mod meta;
pub mod multiplicity;
mod numeric;
pub mod proportion;
pub mod regression;
pub mod sequential;
pub mod special;
pub mod strata;
pub mod survival;
mod table;
pub mod thresholds;
pub mod time_to_onset;
pub mod tree_scan;

pub use estimate::Estimate;
pub use special::DomainError;
pub use table::{Table2x2, TableError};
