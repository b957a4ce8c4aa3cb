//! p-values adjusted for the number of tests.

use super::MultiplicityError;
use super::error::{ascending, check_probabilities};

/// Returns p-values adjusted by Bonferroni's inequality, min(1, m p): the probability of even one false
/// discovery among all m tests is held, whatever their dependence.
///
/// `p` holds one p-value a test, 0 to 1; the answers stand in the same order. Source: Dunn 1961, J Am
/// Stat Assoc 56:52-64.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first p-value out of range.
pub fn bonferroni(p: &[f64]) -> Result<Vec<f64>, MultiplicityError> {
    check_probabilities("bonferroni", p)?;
    let tests = p.len() as f64;
    Ok(p.iter().map(|p| (tests * p).min(1.0)).collect())
}

/// Returns p-values adjusted by Holm's step-down procedure, which holds what [`bonferroni`] holds and
/// adjusts less.
///
/// ```text
/// p(1) <= ... <= p(m); adjusted(i) = max over j <= i of min(1, (m - j + 1) p(j))
/// ```
///
/// `p` holds one p-value a test, 0 to 1; the answers stand in the same order. Source: Holm 1979, Scand J
/// Stat 6:65-70.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first p-value out of range.
pub fn holm(p: &[f64]) -> Result<Vec<f64>, MultiplicityError> {
    check_probabilities("holm", p)?;
    let mut adjusted = vec![0.0; p.len()];
    let mut largest = 0.0_f64;
    for (before, index) in ascending(p).into_iter().enumerate() {
        largest = largest.max(((p.len() - before) as f64 * p[index]).min(1.0));
        adjusted[index] = largest;
    }
    Ok(adjusted)
}

/// Returns p-values adjusted by the step-up procedure of Benjamini and Hochberg: the smallest false
/// discovery rate at which each test is a discovery.
///
/// ```text
/// p(1) <= ... <= p(m); adjusted(i) = min over j >= i of min(1, (m / j) p(j))
/// ```
///
/// `p` holds one p-value a test, 0 to 1; the answers stand in the same order, none is below its p-value.
/// The rate is held for independent tests and under positive dependence. Source: Benjamini and Hochberg
/// 1995, J R Stat Soc B 57:289-300; in the form of adjusted p-values, Yekutieli and Benjamini 1999, J
/// Stat Plan Inference 82:171-196.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first p-value out of range.
pub fn benjamini_hochberg(p: &[f64]) -> Result<Vec<f64>, MultiplicityError> {
    check_probabilities("benjamini_hochberg", p)?;
    Ok(step_up(p, 1.0))
}

/// Returns p-values adjusted by the procedure of Benjamini and Yekutieli, which holds the false discovery
/// rate under any dependence: [`benjamini_hochberg`] with m replaced by m (1 + 1/2 + ... + 1/m).
///
/// `p` holds one p-value a test, 0 to 1; the answers stand in the same order. Source: Benjamini and
/// Yekutieli 2001, Ann Stat 29:1165-1188.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first p-value out of range.
pub fn benjamini_yekutieli(p: &[f64]) -> Result<Vec<f64>, MultiplicityError> {
    check_probabilities("benjamini_yekutieli", p)?;
    let harmonic: f64 = (1..=p.len()).rev().map(|i| 1.0 / i as f64).sum();
    Ok(step_up(p, harmonic))
}

/// (m factor / j) is formed first, so that it is never below 1 and no answer falls below its p-value by
/// a rounding.
fn step_up(p: &[f64], factor: f64) -> Vec<f64> {
    let tests = p.len() as f64;
    let mut adjusted = vec![0.0; p.len()];
    let mut smallest = 1.0_f64;
    for (before, index) in ascending(p).into_iter().enumerate().rev() {
        let rank = (before + 1) as f64;
        smallest = smallest.min(tests * factor / rank * p[index]);
        adjusted[index] = smallest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    type Method = fn(&[f64]) -> Result<Vec<f64>, MultiplicityError>;
    const METHODS: [Method; 4] = [bonferroni, holm, benjamini_hochberg, benjamini_yekutieli];

    #[test]
    fn ends_and_empty_lists() {
        for method in METHODS {
            assert_eq!(method(&[]), Ok(vec![]));
            assert_eq!(method(&[0.3]), Ok(vec![0.3]));
            assert_eq!(method(&[0.0, 1.0]), Ok(vec![0.0, 1.0]));
        }
    }

    #[test]
    fn what_is_no_p_value_is_named_by_its_place() {
        for method in METHODS {
            for bad in [f64::NAN, -1e-9, 1.0 + 1e-9, f64::INFINITY] {
                let error = method(&[0.1, bad, 0.2]).unwrap_err();
                assert!(error.to_string().contains("value number 1 (from 0)"), "{error}");
            }
        }
    }
}
