//! Agreement between raters: kappa.
//!
//! Two reviewers sort the same cases, or several do. What lives here: the share of cases on which they
//! agree ([`percent_agreement`]) and the same corrected for the agreement that chance alone would
//! give: Cohen's kappa for two raters ([`cohen_kappa`], also weighted for ordered categories), Fleiss'
//! kappa for many ([`fleiss_kappa`]), and the kappa that takes all categories as equally likely
//! ([`prevalence_adjusted_kappa`]).
//!
//! ```
//! use iatro_stats::agreement::{Weights, cohen_kappa};
//!
//! // Rows: first rater; columns: second rater.
//! let table = [53, 5, 2, 11, 14, 5, 1, 6, 3];
//! let kappa = cohen_kappa(&table, 3, Weights::Unweighted, 0.95)?.ok_or("undefined")?;
//! assert!((kappa.kappa - 0.428571).abs() < 5e-7 && (kappa.se - 0.075959).abs() < 5e-7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cohen;
mod error;
mod fleiss;
mod percent;
mod ratings;

pub use cohen::{Kappa, Weights, cohen_kappa};
pub use error::AgreementError;
pub use fleiss::{FleissKappa, fleiss_kappa};
pub use percent::{percent_agreement, prevalence_adjusted_kappa};
pub use ratings::{counts_by_subject, table_of_ratings};
