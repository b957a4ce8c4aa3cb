//! What can be wrong with a plan or a series.

use thiserror::Error;

use crate::{DomainError, TableError};

/// A plan or a series that cannot be computed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SequentialError {
    /// An argument out of range.
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// Cumulated cells that form no table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A plan without looks.
    #[error("looks: the list is empty; expected at least one look")]
    NoLooks,
    /// A look that does not come after the one before.
    #[error(
        "looks: number {index} (from 0) is {value}, and the one before it {before}; expected \
         cumulative values, above 0 and rising"
    )]
    LooksNotRising {
        /// Position in the list, from 0.
        index: usize,
        /// The look.
        value: f64,
        /// The look before, or 0.
        before: f64,
    },
    /// The plan ends too early for a signal with probability `alpha`.
    #[error(
        "critical value: alpha is {alpha}, but under this plan even the smallest excess signals with \
         probability {attainable}; expected a longer plan or fewer events required before a signal"
    )]
    TooShort {
        /// Probability of a false signal asked for.
        alpha: f64,
        /// The largest probability of a false signal that the plan can have.
        attainable: f64,
    },
    /// Not even the most extreme outcome is rare enough to signal.
    #[error(
        "critical value: alpha is {alpha}, but not even the most extreme outcome of this plan is that \
         rare; expected more events before the end, or a larger alpha"
    )]
    NeverSignals {
        /// Probability of a false signal asked for.
        alpha: f64,
    },
    /// Two lists that must be of one length are not.
    #[error(
        "cumulative_counts: {observed} observed counts, but {expected} expected ones; expected one of \
         each for every period"
    )]
    Lengths {
        /// Observed counts given.
        observed: usize,
        /// Expected counts given.
        expected: usize,
    },
    /// More reports than a `u64` counts.
    #[error(
        "cumulative_counts: the observed counts up to period {index} (from 0) sum to more than \
         18446744073709551615; expected counts of reports, check the column they were read from"
    )]
    TooMany {
        /// Position in the list, from 0.
        index: usize,
    },
}
