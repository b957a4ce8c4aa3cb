//! Stratified 2 x 2 tables: one table a stratum, same exposure and event.
//!
//! Strata are categories of reports (age band, sex, year, country) that together hold each report
//! once. What lives here: Mantel-Haenszel estimates, expected counts summed over the strata,
//! heterogeneity, the table of strata, and whether adjustment changes the direction of a pair.
//!
//! A stratum in which exposure or event does not vary says nothing about the pair. It stays in the
//! list and in the count, marked with what it lacks ([`Content`]); the sums give it no weight by
//! themselves. Sums do not depend on the order of the strata, to the last bit.
//!
//! ```
//! use iatro_stats::{Table2x2, strata};
//!
//! // The drug is given to the old, and the old have the event whatever they take.
//! let young = Table2x2::new(10, 490, 180, 8_820)?;
//! let old = Table2x2::new(900, 3_600, 100, 400)?;
//! let summary = strata::summary(&[young, old])?;
//! assert!(summary.crude_ror.is_some_and(|ror| ror.lower > 1.0));
//! assert!(summary.ror.is_some_and(|ror| (ror.point - 1.0).abs() < 1e-12));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod content;
mod expected;
mod heterogeneity;
mod mantel_haenszel;
pub mod names;
mod summary;

pub use content::{Content, content};
pub use expected::{StratumTotals, expected, ic};
pub use heterogeneity::{Heterogeneity, heterogeneity};
pub use mantel_haenszel::{
    chi2_mantel_haenszel, chi2_mantel_haenszel_corrected, prr_mantel_haenszel,
    prr_mantel_haenszel_point, ror_mantel_haenszel, ror_mantel_haenszel_point,
};
pub use summary::{Stratum, Summary, pooled, summary};

use thiserror::Error;

use crate::TableError;

/// Counts that cannot be strata of one collection of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StrataError {
    /// Two lists that must have one entry a stratum have different lengths.
    #[error(
        "strata: {argument} has {found} entries, but there are {strata} strata; expected one count \
         a stratum, in the same order, 0 where there are no reports"
    )]
    Length {
        /// Name of the argument.
        argument: &'static str,
        /// Its number of entries.
        found: usize,
        /// Number of strata.
        strata: usize,
    },
    /// A count of reports in a stratum is above the number of its reports.
    #[error(
        "strata: {argument} is {count} in stratum {stratum} (counted from 0), which has {reports} \
         reports; expected a count of distinct reports, check that both count the same reports"
    )]
    MoreThanReports {
        /// Name of the argument.
        argument: &'static str,
        /// Index of the stratum.
        stratum: usize,
        /// Its count.
        count: u64,
        /// Reports of the stratum.
        reports: u64,
    },
    /// The strata together do not make a table.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Returns the sum in an order that depends on the terms alone.
fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let mut terms: Vec<f64> = terms.collect();
    terms.sort_unstable_by(f64::total_cmp);
    terms.iter().sum()
}
