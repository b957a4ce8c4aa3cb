//! What can be wrong with a list of tests or controls.

use rayon::prelude::*;
use thiserror::Error;

use crate::DomainError;

/// A list of tests or controls that cannot be used.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum MultiplicityError {
    /// An argument out of range.
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// A value that is no probability.
    #[error(
        "{function}: value number {index} (from 0) is {value}; expected a probability from 0 to 1 (not a \
         percentage), leave out tests without one"
    )]
    NotAProbability {
        /// Function that refused the list.
        function: &'static str,
        /// Position in the list, from 0.
        index: usize,
        /// Value given.
        value: f64,
    },
    /// A z-value that is not finite, or absurd.
    #[error(
        "local_fdr: z-value number {index} (from 0) is {value}; expected a number from -1000 to 1000, \
         leave out tests without one"
    )]
    NotAZValue {
        /// Position in the list, from 0.
        index: usize,
        /// Value given.
        value: f64,
    },
    /// Too few values for the estimate.
    #[error("{function}: {given} values; expected at least {needed}")]
    TooFew {
        /// Function that refused the list.
        function: &'static str,
        /// Values given.
        given: usize,
        /// Values needed.
        needed: usize,
    },
    /// Two lists that must be of one length are not.
    #[error("{function}: {estimates} estimates, but {truths} true values; expected one for each")]
    Lengths {
        /// Function that refused the lists.
        function: &'static str,
        /// Estimates given.
        estimates: usize,
        /// True values given.
        truths: usize,
    },
    /// All controls have the same true effect.
    #[error(
        "{function}: all controls have the same true log ratio, {value}; expected at least two \
         different ones, or an empirical null from the negative controls alone"
    )]
    NoSpread {
        /// Function that refused the controls.
        function: &'static str,
        /// The one true value.
        value: f64,
    },
    /// z-values without the density that the local false discovery rate needs.
    #[error(
        "local_fdr: the z-values give no density with a null distribution; expected values that differ, \
         with their peak inside their range, and for the theoretical null some from -1 to 1"
    )]
    NoNull,
    /// The likelihood has no maximum that could be found.
    #[error(
        "{function}: no maximum of the likelihood was found; expected controls whose estimates rise with \
         their true values, check the units (natural logarithms)"
    )]
    NotConverged {
        /// Function that gave up.
        function: &'static str,
    },
}

/// Returns the error for the first value that is no probability.
pub(super) fn check_probabilities(
    function: &'static str,
    values: &[f64],
) -> Result<(), MultiplicityError> {
    let bad = values.iter().position(|value| !(0.0..=1.0).contains(value));
    match bad.and_then(|index| values.get(index).map(|&value| (index, value))) {
        Some((index, value)) => Err(MultiplicityError::NotAProbability { function, index, value }),
        None => Ok(()),
    }
}

/// Positions in the order of their values, equal ones by position.
pub(super) fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.par_sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    order
}
