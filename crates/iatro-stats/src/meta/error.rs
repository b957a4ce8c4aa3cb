//! What can be wrong with the estimates of studies.

use thiserror::Error;

use crate::DomainError;

/// Estimates that cannot be pooled. `study` is the index of the study, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum MetaError {
    /// An effect that is not a number, or far too large.
    #[error("study {study}: effect is {value}; expected a number within 1e50 of 0 (a log ratio)")]
    Effect {
        /// Study, from 0.
        study: usize,
        /// Value given.
        value: f64,
    },
    /// A variance that is none.
    #[error(
        "study {study}: variance is {value}; expected a number from 1e-50 to 1e50, the square of the \
         standard error (leave out a study that gives none, and say so)"
    )]
    Variance {
        /// Study, from 0.
        study: usize,
        /// Value given.
        value: f64,
    },
    /// More events than subjects, or no subjects.
    #[error(
        "study {study}: {events} events of {n}; expected at least 1 in all and at most n events"
    )]
    Events {
        /// Study, from 0.
        study: usize,
        /// Events given.
        events: u64,
        /// Size given.
        n: u64,
    },
    /// A number out of its range.
    #[error(transparent)]
    Domain(#[from] DomainError),
}
