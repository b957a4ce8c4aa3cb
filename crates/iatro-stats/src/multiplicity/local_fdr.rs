//! From the local false discovery rate of each test to lists of discoveries.

use super::MultiplicityError;
use super::error::{ascending, check_probabilities};
use crate::special::in_range;

/// What is expected of a list of discoveries, from the local false discovery rates of all tests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OperatingCharacteristics {
    /// Share of the list expected to be false discoveries; `None` for an empty list.
    pub fdr: Option<f64>,
    /// Share of the rest expected to be missed: true effects not on the list; `None` if nothing is left.
    pub fnr: Option<f64>,
    /// Share of true effects expected to be on the list; `None` if no true effect is expected.
    pub sensitivity: Option<f64>,
    /// Share of tests without effect expected to be off the list; `None` if none is expected.
    pub specificity: Option<f64>,
}

/// A list of discoveries.
#[derive(Debug, Clone, PartialEq)]
pub struct FdrList {
    /// Positions of the discoveries in the input, in the order of the input.
    pub members: Vec<usize>,
    /// Largest local false discovery rate on the list; `None` if the list is empty.
    pub threshold: Option<f64>,
    /// What is expected of the list.
    pub expected: OperatingCharacteristics,
}

/// Returns, for every test, the false discovery rate of the list of all tests with a local false
/// discovery rate no larger than its own: the running mean of the sorted rates.
///
/// `local` holds the probability, 0 to 1, that a test has no effect: from the gamma-Poisson model, the
/// posterior probability that the ratio is 1 or below; from z-values, [`local_fdr`](super::local_fdr).
/// The answers stand in the order of the input; equal rates have equal answers. Source: Efron and
/// Tibshirani 2002, Genet Epidemiol 23:70-86; for reports, Ahmed et al. 2009, Stat Med 28:1774-1792 and
/// 2010, Biometrics 66:301-309.
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first value out of range.
pub fn fdr_of_lists(local: &[f64]) -> Result<Vec<f64>, MultiplicityError> {
    check_probabilities("fdr_of_lists", local)?;
    let order = ascending(local);
    let mut answers = vec![0.0; local.len()];
    for list in lists(local, &order) {
        for &index in &order[list.before..list.length] {
            answers[index] = list.fdr();
        }
    }
    Ok(answers)
}

/// Returns the longest list of tests whose false discovery rate is at most `level` (above 0, below 1),
/// starting from the smallest local false discovery rate, with what is expected of it.
///
/// Tests with equal rates are all on the list or all off it. `local` as for [`fdr_of_lists`]. For a list
/// of discoveries D among all tests T, with l the local rates (Ahmed et al. 2010, Biometrics 66:301-309):
///
/// ```text
/// FDR = mean over D of l                      FNR = mean over T - D of (1 - l)
/// sensitivity = sum over D of (1 - l) / sum over T of (1 - l)
/// specificity = sum over T - D of l / sum over T of l
/// ```
///
/// # Errors
/// [`MultiplicityError::NotAProbability`] naming the first value out of range,
/// [`MultiplicityError::Domain`] if `level` is out of range.
pub fn list_at_fdr(local: &[f64], level: f64) -> Result<FdrList, MultiplicityError> {
    let ok = level > 0.0 && level < 1.0;
    let expected = "a rate above 0 and below 1 (not a percentage)";
    let level = in_range(ok, "list_at_fdr", "level", level, expected)?;
    check_probabilities("list_at_fdr", local)?;
    let order = ascending(local);
    // The running mean of rising numbers rises, so the lists that qualify come first.
    // The small share keeps the mean of three times 0.1 at 0.1.
    let most = level * (1.0 + 1e-12);
    let longest = lists(local, &order).take_while(|list| list.fdr() <= most).last();
    let length = longest.map_or(0, |list| list.length);
    let (on, off) = order.split_at(length);
    let threshold = on.last().map(|&index| local[index]);
    let expected = characteristics(local, on, off);
    let mut members = on.to_vec();
    members.sort_unstable();
    Ok(FdrList { members, threshold, expected })
}

/// A list that holds all tests up to one local rate, and the sum of their rates.
struct List {
    /// Length of the list before.
    before: usize,
    length: usize,
    sum: f64,
}

impl List {
    fn fdr(&self) -> f64 {
        self.sum / self.length as f64
    }
}

fn lists(local: &[f64], order: &[usize]) -> impl Iterator<Item = List> {
    let runs = order.chunk_by(|&i, &j| local[i] == local[j]);
    runs.scan((0, 0.0), |(length, sum), run| {
        let before = *length;
        *length += run.len();
        *sum += run.iter().map(|&index| local[index]).sum::<f64>();
        Some(List { before, length: *length, sum: *sum })
    })
}

fn characteristics(local: &[f64], on: &[usize], off: &[usize]) -> OperatingCharacteristics {
    // From 0 up: the sum of nothing would be -0.
    let null = |list: &[usize]| list.iter().fold(0.0, |sum, &index| sum + local[index]);
    let effect = |list: &[usize]| list.iter().fold(0.0, |sum, &index| sum + (1.0 - local[index]));
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| (part / whole).min(1.0));
    OperatingCharacteristics {
        fdr: share(null(on), on.len() as f64),
        fnr: share(effect(off), off.len() as f64),
        sensitivity: share(effect(on), effect(on) + effect(off)),
        specificity: share(null(off), null(on) + null(off)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn by_hand() {
        let local = [0.30, 0.01, 0.90, 0.04, 0.10];
        let lists = fdr_of_lists(&local).unwrap();
        for (got, expected) in lists.iter().zip([0.1125, 0.01, 0.27, 0.025, 0.05]) {
            assert!((got - expected).abs() < 1e-15);
        }
        let list = list_at_fdr(&local, 0.05 + 1e-12).unwrap();
        assert_eq!((list.members, list.threshold), (vec![1, 3, 4], Some(0.10)));
        let expected = list.expected;
        assert!((expected.fdr.unwrap() - 0.05).abs() < 1e-15);
        assert!((expected.fnr.unwrap() - 0.4).abs() < 1e-15);
        assert!((expected.sensitivity.unwrap() - 2.85 / 3.65).abs() < 1e-15);
        assert!((expected.specificity.unwrap() - 1.2 / 1.35).abs() < 1e-15);
    }

    #[test]
    fn equal_rates_stay_together() {
        let local = [0.02, 0.08, 0.08];
        assert_eq!(list_at_fdr(&local, 0.05).unwrap().members, [0]);
        assert_eq!(list_at_fdr(&local, 0.06).unwrap().members, [0, 1, 2]);
        let lists = fdr_of_lists(&local).unwrap();
        assert_eq!(lists[1], lists[2]);
        assert_eq!(list_at_fdr(&[0.1; 3], 0.1).unwrap().members, [0, 1, 2]);
    }

    #[test]
    fn ends() {
        let nothing = list_at_fdr(&[], 0.05).unwrap();
        assert_eq!(
            (nothing.members, nothing.threshold, nothing.expected.fdr),
            (vec![], None, None)
        );
        let none = list_at_fdr(&[0.5, 1.0], 0.05).unwrap();
        assert_eq!((none.expected.fdr, none.expected.sensitivity), (None, Some(0.0)));
        assert!(none.expected.sensitivity.unwrap().is_sign_positive());
        let all = list_at_fdr(&[0.0, 0.0], 0.05).unwrap();
        assert_eq!(
            (all.members, all.expected.specificity, all.expected.fnr),
            (vec![0, 1], None, None)
        );
        assert_eq!(fdr_of_lists(&[]), Ok(vec![]));
        assert!(list_at_fdr(&[0.1], 0.0).is_err() && list_at_fdr(&[0.1], f64::NAN).is_err());
        assert!(fdr_of_lists(&[f64::NAN]).is_err() && list_at_fdr(&[-0.1], 0.05).is_err());
    }
}
