//! The q of everything that a run tests at once.

use iatro_stats::multiplicity::{MultiplicityError, benjamini_hochberg};
use serde::Serialize;

/// The test of one table, and what it is worth among all tests of its run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Test {
    /// Mid-P of Fisher's exact test, one-sided: more cases than expected.
    pub fisher_mid_p: Option<f64>,
    /// Benjamini-Hochberg q of the mid-P.
    pub q: Option<f64>,
}

/// Benjamini-Hochberg q of every p, in their order; what has no p has no q and is not counted among the
/// tests.
pub(super) fn adjusted(p: &[Option<f64>]) -> Result<Vec<Option<f64>>, MultiplicityError> {
    let tested: Vec<f64> = p.iter().copied().flatten().collect();
    let mut q = benjamini_hochberg(&tested)?.into_iter();
    Ok(p.iter().map(|p| p.and_then(|_| q.next())).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_has_no_p_is_not_counted() {
        let q = adjusted(&[Some(0.01), None, Some(0.5), Some(0.04), None]).unwrap();
        assert_eq!(q, [Some(0.03), None, Some(0.5), Some(0.06), None]);
        assert_eq!(adjusted(&[None]).unwrap(), [None]);
        assert_eq!(adjusted(&[]).unwrap(), []);
    }
}
