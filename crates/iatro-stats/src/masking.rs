//! Masking: which substance or event hides a pair.
//!
//! A measure of disproportionality compares a pair with the rest of the collection. If the rest is
//! full of reports of one other substance with the same event, the comparison is with that
//! substance, and the pair looks ordinary: the other substance masks it. The same holds across the
//! table: an event that fills the reports of the substance masks its other events.
//!
//! [`rank`] takes the reports of each candidate out, one candidate at a time, and says how much the
//! measures rise and whether the pair then meets a rule that it did not meet. [`unmask`] takes one
//! set of reports out, which may be those of several maskers together.
//!
//! A candidate's own reports are given as a [`Table2x2`](crate::Table2x2) of the same pair:
//!
//! |             | event | no event |
//! |-------------|-------|----------|
//! | exposure    | candidate's reports with exposure and event | ... with the exposure only |
//! | no exposure | ... with the event only | ... with neither |
//!
//! which `Table2x2::from_margins(with both, with the exposure, with the event, all)` makes of four
//! counts.
//!
//! ```
//! use iatro_stats::masking::{Axis, Removal, rank};
//! use iatro_stats::{Table2x2, thresholds};
//!
//! let pair = Table2x2::new(12, 1_988, 2_400, 395_600)?;
//! // One product has 1,900 of the 2,400 other reports with the event.
//! let masker = Table2x2::from_margins(0, 0, 1_900, 6_000)?;
//! let other = Table2x2::from_margins(2, 300, 40, 9_000)?;
//! let ranked = rank(&pair, &[other, masker], Axis::Substance, Removal::Background,
//!     thresholds::prr_evans2001)?;
//! assert_eq!(ranked[0].candidate, 1);
//! assert!(ranked[0].appears && !ranked[1].appears);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod rank;
mod ratio;
mod removal;

pub use rank::{Masker, rank};
pub use ratio::{MaskingRatios, masking_ratio_prr, masking_ratios};
pub use removal::{Axis, Removal, unmask};

use thiserror::Error;

/// Counts of a candidate that do not fit the pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MaskingError {
    /// A candidate has more reports of a kind than there are.
    #[error(
        "masking: candidate {candidate} (counted from 0) has {removed} reports with {cell}, but the \
         pair has {available}; expected counts of the same reports"
    )]
    MoreThanPair {
        /// Index of the candidate.
        candidate: usize,
        /// The cell in question.
        cell: &'static str,
        /// The candidate's reports in it.
        removed: u64,
        /// All reports in it.
        available: u64,
    },
}
