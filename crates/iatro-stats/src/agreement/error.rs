//! What can be wrong with ratings.

use thiserror::Error;

use crate::DomainError;

/// Ratings that are not the table they should be. Subjects and raters are numbered from 0.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum AgreementError {
    /// A table of the wrong size.
    #[error(
        "table: {found} counts for {categories} categories; expected {expected}, row by row, and at \
         least one category"
    )]
    Shape {
        /// Counts given.
        found: usize,
        /// Categories given.
        categories: usize,
        /// What was expected, in words.
        expected: &'static str,
    },
    /// Two raters with a different number of ratings.
    #[error(
        "the first rater has {first} ratings, the second {second}; expected one of each for every \
         subject"
    )]
    Lengths {
        /// Ratings of the first.
        first: usize,
        /// Ratings of the second.
        second: usize,
    },
    /// More categories than a table is made for.
    #[error("{categories} categories; expected at most {limit}")]
    TooManyCategories {
        /// Categories given.
        categories: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A category that does not exist.
    #[error(
        "subject {subject}: category {value} of {categories}; expected a number from 0 to one less \
         than the number of categories"
    )]
    Category {
        /// Subject, from 0.
        subject: usize,
        /// Category given.
        value: usize,
        /// Number of categories.
        categories: usize,
    },
    /// A subject with another number of ratings than the first, or with fewer than two.
    #[error(
        "subject {subject}: {found} ratings; expected {expected}, the same number, at least 2, for \
         every subject (leave out subjects that some did not rate, and say so)"
    )]
    Raters {
        /// Subject, from 0.
        subject: usize,
        /// Ratings it has.
        found: u64,
        /// Ratings of the first subject, or 2.
        expected: u64,
    },
    /// A number out of its range.
    #[error(transparent)]
    Domain(#[from] DomainError),
}

/// Checks that `table` is `categories` by `categories`.
pub(super) fn square(table: &[u64], categories: usize) -> Result<(), AgreementError> {
    if categories > 0 && categories.checked_mul(categories) == Some(table.len()) {
        return Ok(());
    }
    let (found, expected) = (table.len(), "their number squared");
    Err(AgreementError::Shape { found, categories, expected })
}

/// Checks that `table` has whole rows of `categories` counts.
pub(super) fn rows(table: &[u64], categories: usize) -> Result<(), AgreementError> {
    if categories > 0 && table.len().is_multiple_of(categories) {
        return Ok(());
    }
    let (found, expected) = (table.len(), "a multiple of their number, a row for each subject");
    Err(AgreementError::Shape { found, categories, expected })
}
