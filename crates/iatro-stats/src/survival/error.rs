//! What the survival estimators refuse.

use thiserror::Error;

use crate::DomainError;

/// An input that no estimate can be computed from.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum SurvivalError {
    /// A subject is out of range.
    #[error("subject {index}: {quantity} is {value}; expected {expected}")]
    Subject {
        /// Place of the subject in the input, from 0.
        index: usize,
        /// Which of its numbers.
        quantity: &'static str,
        /// Its value.
        value: f64,
        /// Range expected, in words.
        expected: &'static str,
    },
    /// No subject was given.
    #[error("no subject; expected at least one")]
    NoSubject,
    /// More subjects than an index of 32 bits holds.
    #[error("{subjects} subjects; expected at most 4,294,967,295; combine like subjects by weight")]
    TooManySubjects {
        /// How many were given.
        subjects: usize,
    },
    /// A list that goes with the subjects is shorter or longer than they are.
    #[error(
        "{list}: {got} values for {expected} subjects; expected one a subject, in the same order"
    )]
    Length {
        /// Which list.
        list: &'static str,
        /// Its length.
        got: usize,
        /// How many subjects there are.
        expected: usize,
    },
    /// More groups or causes than a comparison of them has room for.
    #[error("{groups} groups or causes; expected at most {most}; combine them")]
    TooManyGroups {
        /// How many there are.
        groups: usize,
        /// How many there may be.
        most: usize,
    },
    /// A regression without covariates.
    #[error("no covariate; expected at least one (`kaplan_meier` describes a cohort without any)")]
    NoCovariate,
    /// A covariate is of another length than the cohort.
    #[error(
        "covariate {covariate}: {got} values for {expected} subjects; expected one a subject, in the same order"
    )]
    CovariateLength {
        /// Which covariate, from 0.
        covariate: usize,
        /// Its length.
        got: usize,
        /// How many subjects there are.
        expected: usize,
    },
    /// A covariate of a subject is not a usable number.
    #[error(
        "covariate {covariate}, subject {index}: {value}; expected a number from -1e100 to 1e100; leave out subjects with unknown covariates, or impute them before"
    )]
    Covariate {
        /// Which covariate, from 0.
        covariate: usize,
        /// Place of the subject in the input, from 0.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// A covariate is asked for that the model does not have.
    #[error("covariate {covariate}: the model has {covariates}, numbered from 0")]
    NoSuchCovariate {
        /// The number asked for.
        covariate: usize,
        /// How many there are.
        covariates: usize,
    },
    /// A scalar argument is out of range.
    #[error(transparent)]
    Domain(#[from] DomainError),
}

/// Refuses a list that has not one value for each subject.
pub(super) fn same_length(
    list: &'static str,
    got: usize,
    expected: usize,
) -> Result<(), SurvivalError> {
    if got == expected { Ok(()) } else { Err(SurvivalError::Length { list, got, expected }) }
}
