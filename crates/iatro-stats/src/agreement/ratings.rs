//! Tables of ratings from the ratings themselves.

use super::AgreementError;

/// Returns the table of two raters: `categories` x `categories` counts, row by row; the row is the
/// category of the first rater, the column that of the second. Categories are numbered from 0.
///
/// # Errors
/// [`AgreementError`] if the raters have different numbers of ratings, a category is too large, or
/// there are more than 1,000 categories.
pub fn table_of_ratings(
    first: &[usize],
    second: &[usize],
    categories: usize,
) -> Result<Vec<u64>, AgreementError> {
    if first.len() != second.len() {
        return Err(AgreementError::Lengths { first: first.len(), second: second.len() });
    }
    few(categories)?;
    let mut table = vec![0; categories * categories];
    for (subject, (&row, &column)) in first.iter().zip(second).enumerate() {
        let row = checked(subject, row, categories)?;
        table[row * categories + checked(subject, column, categories)?] += 1;
    }
    Ok(table)
}

/// Returns how often each category was given to each subject: a row of `categories` counts for every
/// subject. `ratings` are those of each subject, in any order; categories are numbered from 0.
///
/// # Errors
/// [`AgreementError`] if a category is too large, or there are more than 1,000 categories.
pub fn counts_by_subject(
    ratings: &[Vec<usize>],
    categories: usize,
) -> Result<Vec<u64>, AgreementError> {
    few(categories)?;
    let mut table = vec![0; categories * ratings.len()];
    for (subject, given) in ratings.iter().enumerate() {
        for &category in given {
            table[subject * categories + checked(subject, category, categories)?] += 1;
        }
    }
    Ok(table)
}

/// So that a table always fits in memory.
const LIMIT: usize = 1_000;

fn few(categories: usize) -> Result<(), AgreementError> {
    if categories <= LIMIT {
        return Ok(());
    }
    Err(AgreementError::TooManyCategories { categories, limit: LIMIT })
}

fn checked(subject: usize, value: usize, categories: usize) -> Result<usize, AgreementError> {
    if value < categories {
        Ok(value)
    } else {
        Err(AgreementError::Category { subject, value, categories })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn tables_count_every_rating() {
        assert_eq!(table_of_ratings(&[0, 1, 1, 0], &[0, 1, 0, 0], 2).unwrap(), [2, 0, 1, 1]);
        assert_eq!(table_of_ratings(&[], &[], 1).unwrap(), [0]);
        let counts = counts_by_subject(&[vec![2, 0, 2], vec![1, 1, 1]], 3).unwrap();
        assert_eq!(counts, [1, 0, 2, 0, 3, 0]);
    }

    #[test]
    fn bad_ratings_are_refused() {
        let message = |first: &[usize], second: &[usize]| {
            table_of_ratings(first, second, 2).unwrap_err().to_string()
        };
        assert!(message(&[0], &[]).starts_with("the first rater has 1 ratings, the second 0;"));
        assert!(message(&[0, 2], &[0, 0]).starts_with("subject 1: category 2 of 2;"));
        assert!(counts_by_subject(&[vec![0]], 0).is_err());
        assert!(counts_by_subject(&[vec![0]], usize::MAX).is_err());
        assert!(table_of_ratings(&[0], &[0], usize::MAX).is_err());
    }
}
