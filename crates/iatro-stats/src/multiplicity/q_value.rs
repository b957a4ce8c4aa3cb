//! q-values.

use super::{MultiplicityError, benjamini_hochberg};
use crate::special::in_range;

/// Returns q-values: the p-values adjusted by [`benjamini_hochberg`], times the share of tests without an
/// effect.
///
/// `p` holds one p-value a test, 0 to 1; `pi0` is that share, above 0 and at most 1, known or estimated
/// ([`pi0_bootstrap`](super::pi0_bootstrap), [`pi0_smoother`](super::pi0_smoother)). With `pi0` 1 the
/// q-values are the adjusted p-values; with an estimate below 1 a q-value may be below its p-value.
/// Source: Storey 2002, J R Stat Soc B 64:479-498; Storey and Tibshirani 2003, Proc Natl Acad Sci
/// 100:9440-9445.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first p-value out of range,
/// [`MultiplicityError::Domain`] if `pi0` is out of range.
pub fn q_values(p: &[f64], pi0: f64) -> Result<Vec<f64>, MultiplicityError> {
    let ok = pi0 > 0.0 && pi0 <= 1.0;
    let pi0 = in_range(ok, "q_values", "pi0", pi0, "a share above 0 and at most 1")?;
    Ok(benjamini_hochberg(p)?.into_iter().map(|adjusted| pi0 * adjusted).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_share_scales_the_adjusted_p_values() {
        assert_eq!(q_values(&[0.01, 0.5], 0.5), Ok(vec![0.01, 0.25]));
        assert_eq!(q_values(&[], 0.5), Ok(vec![]));
        for bad in [0.0, -1.0, 1.1, f64::NAN] {
            assert!(q_values(&[0.1], bad).is_err());
        }
        assert!(q_values(&[f64::NAN], 0.5).is_err());
    }
}
