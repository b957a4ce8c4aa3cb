//! Estimators for collections of spontaneous reports: pure numerics, `f64` in and `f64` out.
//!
//! What lives here: the 2 x 2 table ([`Table2x2`]), the measures of disproportionality computed
//! from it ([`disproportionality`]), the decision rules in use ([`thresholds`]) and the special
//! functions they need ([`special`]). One estimator a file, with its formula and its source in the
//! doc comment. What never lives here: reading or writing files, Arrow, async, clocks, randomness
//! without a seed, formatting for people.
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
