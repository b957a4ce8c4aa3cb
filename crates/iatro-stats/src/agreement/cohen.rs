//! Cohen's kappa of two raters.

use super::AgreementError;
use super::error::square;
use crate::special::{normal_quantile, probability};

/// How much two different categories count as agreement; k categories in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Not at all.
    Unweighted,
    /// 1 - |i - j| / (k - 1), for ordered categories (Cicchetti and Allison 1971).
    Linear,
    /// 1 - ((i - j) / (k - 1))^2, for ordered categories (Fleiss and Cohen 1973).
    Quadratic,
}

impl Weights {
    fn of(self, i: usize, j: usize, categories: usize) -> f64 {
        let distance = i.abs_diff(j) as f64 / categories.saturating_sub(1).max(1) as f64;
        match self {
            Self::Unweighted => f64::from(u8::from(i == j)),
            Self::Linear => 1.0 - distance,
            Self::Quadratic => 1.0 - distance * distance,
        }
    }
}

/// Cohen's kappa.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kappa {
    /// (observed - expected) / (1 - expected): 1 for full agreement, 0 for that of chance, below 0
    /// for less.
    pub kappa: f64,
    /// Standard error of kappa, for an interval.
    pub se: f64,
    /// Standard error if the raters agreed by chance alone, for a test of kappa = 0.
    pub se_null: f64,
    /// Interval at the level asked for, kappa -+ z se, kept within [-1, 1]; `None` if the standard
    /// error is 0, as it is for full agreement: then a large-sample interval does not exist.
    pub interval: Option<[f64; 2]>,
    /// Agreement observed, weighted; 0 to 1.
    pub observed: f64,
    /// Agreement expected by chance, weighted; 0 to 1.
    pub expected: f64,
}

/// Returns Cohen's kappa of two raters; `None` without subjects, or if both gave everything the same
/// category (chance alone then agrees fully).
///
/// `table` holds `categories` x `categories` counts, row by row: the row is the category of the first
/// rater, the column that of the second. `level` is strictly between 0 and 1.
///
/// With shares p, margins r and c, weights w, observed agreement po = sum w p, expected
/// pe = sum w r c:
/// ```text
/// kappa    = (po - pe) / (1 - pe)
/// se^2     = V_p(w_ij - (u_i + v_j)(1 - kappa)) / (n (1 - pe)^2)
/// se_null^2 = V_rc(w_ij - (u_i + v_j)) / (n (1 - pe)^2)
/// ```
/// where u_i = sum_j c_j w_ij, v_j = sum_i r_i w_ij, and V is the variance over the cells with
/// weights p, or r c. Sources: Cohen 1960, Educ Psychol Meas 20:37-46, and 1968, Psychol Bull
/// 70:213-220; standard errors Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323-327.
///
/// # Errors
/// [`AgreementError`] if the table has another size or `level` is out of range.
pub fn cohen_kappa(
    table: &[u64],
    categories: usize,
    weights: Weights,
    level: f64,
) -> Result<Option<Kappa>, AgreementError> {
    square(table, categories)?;
    let level = probability("cohen_kappa", "level", level)?;
    let z = -normal_quantile(0.5 * (1.0 - level))?;
    let n: f64 = table.iter().map(|&count| count as f64).sum();
    if n == 0.0 {
        return Ok(None);
    }
    let cells = Cells::new(table, categories, weights, n);
    Ok(cells.kappa(n, z))
}

/// Shares of the cells, with margins and weights.
struct Cells {
    categories: usize,
    shares: Vec<f64>,
    rows: Vec<f64>,
    columns: Vec<f64>,
    weights: Vec<f64>,
}

impl Cells {
    fn new(table: &[u64], categories: usize, weights: Weights, n: f64) -> Self {
        let place = |at: usize| (at / categories, at % categories);
        let shares: Vec<f64> = table.iter().map(|&count| count as f64 / n).collect();
        let (mut rows, mut columns) = (vec![0.0; categories], vec![0.0; categories]);
        for (at, share) in shares.iter().enumerate() {
            let (i, j) = place(at);
            rows[i] += share;
            columns[j] += share;
        }
        let weight = |at| weights.of(place(at).0, place(at).1, categories);
        let weights = (0..shares.len()).map(weight).collect();
        Self { categories, shares, rows, columns, weights }
    }

    fn kappa(&self, n: f64, z: f64) -> Option<Kappa> {
        let by_chance: Vec<f64> =
            self.rows.iter().flat_map(|row| self.columns.iter().map(move |c| row * c)).collect();
        let mean = |shares: &[f64]| -> f64 {
            self.weights.iter().zip(shares).map(|(weight, share)| weight * share).sum()
        };
        let (observed, expected) = (mean(&self.shares), mean(&by_chance));
        if 1.0 - expected <= 1e-12 {
            return None;
        }
        let kappa = (observed - expected) / (1.0 - expected);
        let error = |shares: &[f64], factor: f64| {
            (self.variance(shares, factor) / n).sqrt() / (1.0 - expected)
        };
        let se = error(&self.shares, 1.0 - kappa);
        // Full agreement leaves rounding behind where the variance is 0.
        let se = if se < 1e-12 { 0.0 } else { se };
        let limits = [(kappa - z * se).max(-1.0), (kappa + z * se).min(1.0)];
        let interval = (se > 0.0).then_some(limits);
        let se_null = error(&by_chance, 1.0);
        Some(Kappa { kappa, se, se_null, interval, observed, expected })
    }

    /// The variance of w_ij - factor (u_i + v_j) over the cells.
    fn variance(&self, shares: &[f64], factor: f64) -> f64 {
        let k = self.categories;
        let dot = |a: &[f64], b: &mut dyn Iterator<Item = f64>| -> f64 {
            a.iter().zip(b).map(|(a, b)| a * b).sum()
        };
        let by_row: Vec<f64> = (0..k)
            .map(|i| dot(&self.columns, &mut (0..k).map(|j| self.weights[i * k + j])))
            .collect();
        let by_column: Vec<f64> =
            (0..k).map(|j| dot(&self.rows, &mut (0..k).map(|i| self.weights[i * k + j]))).collect();
        let value = |at: usize| self.weights[at] - factor * (by_row[at / k] + by_column[at % k]);
        let mean: f64 = shares.iter().enumerate().map(|(at, share)| share * value(at)).sum();
        let square = |(at, share): (usize, &f64)| share * (value(at) - mean).powi(2);
        shares.iter().enumerate().map(square).sum()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn kappa(table: &[u64], categories: usize) -> Option<Kappa> {
        cohen_kappa(table, categories, Weights::Unweighted, 0.95).unwrap()
    }

    #[test]
    fn full_agreement_has_no_interval() {
        let got = kappa(&[7, 0, 0, 0, 5, 0, 0, 0, 9], 3).unwrap();
        assert!((got.kappa - 1.0).abs() < 1e-15);
        assert_eq!((got.se, got.interval), (0.0, None));
        assert!(got.se_null > 0.0);
    }

    #[test]
    fn no_subjects_or_one_category_is_undefined() {
        assert_eq!(kappa(&[0; 4], 2), None);
        assert_eq!(kappa(&[9], 1), None);
        assert_eq!(kappa(&[9, 0, 0, 0], 2), None);
        // Each rater used one category, but not the same.
        assert_eq!(kappa(&[0, 9, 0, 0], 2).unwrap().kappa, 0.0);
    }

    #[test]
    fn two_categories_have_no_distances() {
        let table = [20, 5, 10, 15];
        for weights in [Weights::Linear, Weights::Quadratic] {
            assert_eq!(cohen_kappa(&table, 2, weights, 0.95).unwrap(), kappa(&table, 2));
        }
    }

    #[test]
    fn bad_arguments_are_refused() {
        assert!(cohen_kappa(&[1, 2, 3], 2, Weights::Linear, 0.95).is_err());
        assert!(cohen_kappa(&[1, 2, 3, 4], 2, Weights::Linear, 95.0).is_err());
    }
}
