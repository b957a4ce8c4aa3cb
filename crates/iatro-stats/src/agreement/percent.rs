//! The share of subjects on which two raters agree.

use super::AgreementError;
use super::error::square;

/// Returns the share of subjects on which two raters agree, from 0 to 1; `None` without subjects.
///
/// `table` holds `categories` x `categories` counts, row by row.
///
/// # Errors
/// [`AgreementError::Shape`] if the table has another size.
pub fn percent_agreement(table: &[u64], categories: usize) -> Result<Option<f64>, AgreementError> {
    square(table, categories)?;
    let all: u128 = table.iter().map(|&count| u128::from(count)).sum();
    let agreed: u128 = table.iter().step_by(categories + 1).map(|&count| u128::from(count)).sum();
    Ok((all > 0).then(|| agreed as f64 / all as f64))
}

/// Returns the kappa adjusted for prevalence and bias, (k po - 1) / (k - 1) for k categories and the
/// share po of subjects on which two raters agree; `None` without subjects or with one category.
///
/// The agreement by chance is taken as 1/k, whatever the categories that the raters preferred; with
/// two categories it is 2 po - 1. Shown beside Cohen's kappa it says how much of a low kappa comes
/// from uneven categories. Sources: Byrt, Bishop and Carlin 1993, J Clin Epidemiol 46:423-429;
/// Bennett, Alpert and Goldstein 1954, Public Opin Q 18:303-308.
///
/// # Errors
/// [`AgreementError::Shape`] if the table has another size.
pub fn prevalence_adjusted_kappa(
    table: &[u64],
    categories: usize,
) -> Result<Option<f64>, AgreementError> {
    let k = categories as f64;
    let observed = percent_agreement(table, categories)?.filter(|_| categories > 1);
    Ok(observed.map(|observed| (k * observed - 1.0) / (k - 1.0)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn shares() {
        assert_eq!(percent_agreement(&[20, 5, 10, 15], 2), Ok(Some(0.7)));
        assert_eq!(percent_agreement(&[0; 9], 3), Ok(None));
        assert_eq!(percent_agreement(&[u64::MAX; 4], 2), Ok(Some(0.5)));
        let adjusted = prevalence_adjusted_kappa(&[20, 5, 10, 15], 2).unwrap().unwrap();
        assert!((adjusted - 0.4).abs() < 1e-15);
        assert_eq!(prevalence_adjusted_kappa(&[3], 1), Ok(None));
        assert_eq!(prevalence_adjusted_kappa(&[0, 3, 4, 0], 2), Ok(Some(-1.0)));
    }

    #[test]
    fn tables_of_another_size_are_refused() {
        let error = percent_agreement(&[1, 2, 3], 2).unwrap_err().to_string();
        assert!(
            error.starts_with("table: 3 counts for 2 categories; expected their number squared")
        );
        assert!(percent_agreement(&[], 0).is_err());
        assert!(percent_agreement(&[1], usize::MAX).is_err());
    }
}
