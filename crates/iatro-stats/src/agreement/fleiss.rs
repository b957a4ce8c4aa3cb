//! Fleiss' kappa of many raters.

use super::AgreementError;
use super::error::rows;
use crate::special::{probability, student_t_quantile};

/// Fleiss' kappa.
#[derive(Debug, Clone, PartialEq)]
pub struct FleissKappa {
    /// (observed - expected) / (1 - expected): 1 for full agreement, 0 for that of chance.
    pub kappa: f64,
    /// Standard error of kappa, over subjects, for an interval; `None` for one subject.
    pub se: Option<f64>,
    /// Standard error if all raters rated by chance alone, for a test of kappa = 0.
    pub se_null: f64,
    /// Interval at the level asked for, kappa -+ t se with one degree of freedom less than subjects,
    /// kept within [-1, 1]; `None` for one subject, or if the standard error is 0.
    pub interval: Option<[f64; 2]>,
    /// Share of agreeing pairs of ratings of a subject, mean over subjects.
    pub observed: f64,
    /// The same expected by chance.
    pub expected: f64,
    /// Kappa of each category against all others; `None` for a category never used.
    pub by_category: Vec<Option<f64>>,
    /// Standard error of each of those if the ratings were by chance.
    pub category_se_null: f64,
}

/// Returns Fleiss' kappa; `None` without subjects, or if all ratings are of one category.
///
/// `counts` holds a row of `categories` counts for each subject: how many raters gave it each
/// category. Every subject has the same number of ratings, at least 2; they need not come from the
/// same raters. `level` is strictly between 0 and 1.
///
/// With N subjects, m ratings of each, x_ij of subject i in category j, p_j the share of category j
/// and q_j = 1 - p_j:
/// ```text
/// P_i = (sum_j x_ij^2 - m) / (m (m - 1)),   po = mean of P_i,   pe = sum p_j^2
/// kappa = (po - pe) / (1 - pe),   kappa_j = 1 - sum_i x_ij (m - x_ij) / (N m (m - 1) p_j q_j)
/// se_null = sqrt(2 / (N m (m - 1))) sqrt((sum p_j q_j)^2 - sum p_j q_j (q_j - p_j)) / sum p_j q_j
/// se^2 = sum_i (k_i - kappa)^2 / (N (N - 1)),
///     k_i = (P_i - pe) / (1 - pe) - 2 (1 - kappa) (sum_j x_ij p_j / m - pe) / (1 - pe)
/// ```
/// Sources: Fleiss 1971, Psychol Bull 76:378-382; se_null Fleiss, Nee and Landis 1979, Psychol Bull
/// 86:974-977, which corrects that of 1971; se Gwet 2021, Educ Psychol Meas 81:781-790.
///
/// # Errors
/// [`AgreementError`] if the table has no whole rows, a subject has another number of ratings than
/// the first or fewer than 2, or `level` is out of range.
pub fn fleiss_kappa(
    counts: &[u64],
    categories: usize,
    level: f64,
) -> Result<Option<FleissKappa>, AgreementError> {
    rows(counts, categories)?;
    let level = probability("fleiss_kappa", "level", level)?;
    let Some(ratings) = raters(counts, categories)? else {
        return Ok(None);
    };
    let subjects = counts.len() / categories;
    let parts = Parts::new(counts, categories, ratings as f64);
    if 1.0 - parts.expected <= 1e-12 {
        return Ok(None);
    }
    let se = (subjects > 1).then(|| parts.error());
    let kappa = parts.kappa;
    let interval = match se.filter(|&se| se > 0.0) {
        Some(se) => {
            let t = -student_t_quantile(0.5 * (1.0 - level), (subjects - 1) as f64)?;
            Some([(kappa - t * se).max(-1.0), (kappa + t * se).min(1.0)])
        }
        None => None,
    };
    let (se_null, category_se_null) = parts.null_errors();
    let by_category = parts.by_category();
    let Parts { observed, expected, .. } = parts;
    let kappa = FleissKappa {
        kappa,
        se,
        se_null,
        interval,
        observed,
        expected,
        by_category,
        category_se_null,
    };
    Ok(Some(kappa))
}

/// Ratings of each subject; `None` without subjects.
fn raters(counts: &[u64], categories: usize) -> Result<Option<u64>, AgreementError> {
    let mut first = None;
    for (subject, row) in counts.chunks_exact(categories).enumerate() {
        let found = row.iter().fold(0_u64, |sum, &count| sum.saturating_add(count));
        let expected = *first.get_or_insert(found.max(2));
        if found != expected {
            return Err(AgreementError::Raters { subject, found, expected });
        }
    }
    Ok(first)
}

/// What the formulas share.
struct Parts<'a> {
    counts: &'a [u64],
    /// p_j.
    shares: Vec<f64>,
    /// P_i.
    agreement: Vec<f64>,
    ratings: f64,
    observed: f64,
    expected: f64,
    kappa: f64,
}

impl<'a> Parts<'a> {
    fn new(counts: &'a [u64], categories: usize, ratings: f64) -> Self {
        let subjects = (counts.len() / categories) as f64;
        let share = |j: usize| {
            let column = counts.iter().skip(j).step_by(categories);
            column.map(|&count| count as f64).sum::<f64>() / (subjects * ratings)
        };
        let shares: Vec<f64> = (0..categories).map(share).collect();
        let pairs = ratings * (ratings - 1.0);
        let agreement: Vec<f64> = counts
            .chunks_exact(categories)
            .map(|row| row.iter().map(|&x| x as f64 * (x as f64 - 1.0)).sum::<f64>() / pairs)
            .collect();
        // Sorted, so that the order of the subjects changes no bit.
        let mut sorted = agreement.clone();
        sorted.sort_by(f64::total_cmp);
        let observed = sorted.iter().sum::<f64>() / subjects;
        let expected = shares.iter().map(|share| share * share).sum::<f64>();
        let kappa = (observed - expected) / (1.0 - expected);
        Self { counts, shares, agreement, ratings, observed, expected, kappa }
    }

    fn error(&self) -> f64 {
        let (scale, n) = (1.0 - self.expected, self.agreement.len() as f64);
        let rows = self.counts.chunks_exact(self.shares.len());
        let mut squares: Vec<f64> = rows
            .zip(&self.agreement)
            .map(|(row, agreement)| {
                let dot: f64 = row.iter().zip(&self.shares).map(|(&x, p)| x as f64 * p).sum();
                let chance = 2.0 * (1.0 - self.kappa) * (dot / self.ratings - self.expected);
                ((agreement - self.expected - chance) / scale - self.kappa).powi(2)
            })
            .collect();
        squares.sort_by(f64::total_cmp);
        let se = (squares.iter().sum::<f64>() / n / (n - 1.0)).sqrt();
        // Full agreement leaves rounding behind where the variance is 0.
        if se < 1e-12 { 0.0 } else { se }
    }

    /// Standard errors by chance: of kappa, and of the kappa of a category.
    fn null_errors(&self) -> (f64, f64) {
        let pairs = self.agreement.len() as f64 * self.ratings * (self.ratings - 1.0);
        let category = (2.0 / pairs).sqrt();
        let sum: f64 = self.shares.iter().map(|p| p * (1.0 - p)).sum();
        let skew: f64 = self.shares.iter().map(|p| p * (1.0 - p) * (1.0 - 2.0 * p)).sum();
        (category * (sum * sum - skew).max(0.0).sqrt() / sum, category)
    }

    fn by_category(&self) -> Vec<Option<f64>> {
        let pairs = self.agreement.len() as f64 * self.ratings * (self.ratings - 1.0);
        let kappa = |(j, &p): (usize, &f64)| {
            let column = self.counts.iter().skip(j).step_by(self.shares.len());
            let apart: f64 = column.map(|&x| x as f64 * (self.ratings - x as f64)).sum();
            (p > 0.0 && p < 1.0).then(|| 1.0 - apart / (pairs * p * (1.0 - p)))
        };
        self.shares.iter().enumerate().map(kappa).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn full_agreement_and_none() {
        let full = fleiss_kappa(&[3, 0, 0, 3, 3, 0], 2, 0.95).unwrap().unwrap();
        assert!((full.kappa - 1.0).abs() < 1e-15);
        assert_eq!((full.se, full.interval), (Some(0.0), None));
        assert_eq!(fleiss_kappa(&[3, 0, 3, 0], 2, 0.95), Ok(None));
        assert_eq!(fleiss_kappa(&[], 2, 0.95), Ok(None));
        let one = fleiss_kappa(&[2, 1, 0], 3, 0.95).unwrap().unwrap();
        assert_eq!((one.se, one.interval, one.by_category[2]), (None, None, None));
    }

    #[test]
    fn tables_that_are_none_are_refused() {
        let message = |counts: &[u64]| fleiss_kappa(counts, 2, 0.95).unwrap_err().to_string();
        assert!(message(&[1, 2, 3]).starts_with("table: 3 counts for 2 categories;"));
        assert!(message(&[2, 1, 2, 0]).starts_with("subject 1: 2 ratings; expected 3,"));
        assert!(message(&[1, 0]).starts_with("subject 0: 1 ratings; expected 2,"));
        assert!(fleiss_kappa(&[], 0, 0.95).is_err() && fleiss_kappa(&[], 2, 1.0).is_err());
    }
}
