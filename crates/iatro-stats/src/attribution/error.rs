//! What can be wrong with the input.

use thiserror::Error;

/// Input or options that the model cannot work with.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum AttributionError {
    /// No event report was given.
    #[error("no event report; attribution needs at least one")]
    NoEvent,
    /// No stratum was given.
    #[error("no stratum; give one without levels if the background is not stratified")]
    NoStratum,
    /// More causes, strata or edges than the layout can number.
    #[error("{what}: {count} is more than {limit}; join or leave out some")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many were given.
        count: usize,
        /// How many are taken.
        limit: usize,
    },
    /// A position that does not exist.
    #[error("{at}: {what} {index} does not exist (there are {count}, numbered from 0)")]
    Index {
        /// Which row of the input.
        at: String,
        /// What the position points to.
        what: &'static str,
        /// Position given.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// A number out of its range.
    #[error("{at}: {what} is {value}; expected {expected}")]
    Value {
        /// Which row of the input, or which option.
        at: String,
        /// Name of the number.
        what: &'static str,
        /// Value given.
        value: f64,
        /// Range expected, in words.
        expected: &'static str,
    },
    /// A stratum whose number of levels is not the number of factors.
    #[error("stratum {stratum}: {found} levels; expected one a factor, {expected}")]
    Levels {
        /// Position of the stratum.
        stratum: usize,
        /// Levels given.
        found: usize,
        /// Number of factors.
        expected: usize,
    },
    /// Two strata of the same levels.
    #[error("strata {first} and {second} have the same levels; join them")]
    SameStratum {
        /// Position of the one.
        first: usize,
        /// Position of the other.
        second: usize,
    },
    /// One cause twice on one event report.
    #[error("event {event}: cause {cause} stands on it twice; give one edge a cause")]
    Repeated {
        /// Position of the event report.
        event: usize,
        /// Position of the cause.
        cause: usize,
    },
    /// More event reports than reports.
    #[error(
        "{at}: event reports weigh {events}, all eligible reports {reports}; count event reports \
         among the eligible ones, with the same weights"
    )]
    MoreEventsThanReports {
        /// Which cause or stratum.
        at: String,
        /// Weighted number of event reports.
        events: f64,
        /// Weighted number of all eligible reports.
        reports: f64,
    },
    /// Chains that do not belong together.
    #[error("chain {number} was not run on these reports with these options, or is there twice")]
    ForeignChain {
        /// Number of the chain.
        number: usize,
    },
    /// The background's prior or the data left the range of floating-point numbers.
    #[error("{at}: {what} left the range of floating-point numbers; check the scale of the counts")]
    Overflow {
        /// Which step.
        at: &'static str,
        /// Which number.
        what: &'static str,
    },
}

/// Returns `value` if it is above 0 and at most 1e15, else the error.
pub(super) fn positive(
    at: impl FnOnce() -> String,
    what: &'static str,
    value: f64,
) -> Result<f64, AttributionError> {
    check(value > 0.0 && value <= 1e15, at, what, value, "a number above 0 and at most 1e15")?;
    Ok(value)
}

/// Fails with the value and the range unless `holds`.
pub(super) fn check(
    holds: bool,
    at: impl FnOnce() -> String,
    what: &'static str,
    value: f64,
    expected: &'static str,
) -> Result<(), AttributionError> {
    if holds { Ok(()) } else { Err(AttributionError::Value { at: at(), what, value, expected }) }
}

/// Returns `index` if it is below `count`, else the error.
pub(super) fn index(
    at: impl FnOnce() -> String,
    what: &'static str,
    index: usize,
    count: usize,
) -> Result<usize, AttributionError> {
    if index < count {
        Ok(index)
    } else {
        Err(AttributionError::Index { at: at(), what, index, count })
    }
}
