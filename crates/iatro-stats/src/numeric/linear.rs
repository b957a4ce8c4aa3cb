//! Small dense symmetric systems: Cholesky factor, solution, inverse, determinant.
//!
//! The systems here have two to a few hundred unknowns and are solved once an iteration, so a plain
//! row-wise factor serves; a linear algebra library would double the build for it.

/// The Cholesky factor of a symmetric positive definite matrix.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    size: usize,
    /// Lower triangle, row by row; entries above the diagonal are not used.
    factor: Vec<f64>,
}

impl Cholesky {
    /// Factors the `size` x `size` matrix `rows` (row by row, lower triangle read); `None` unless it
    /// is positive definite to working precision.
    pub(crate) fn new(rows: &[f64], size: usize) -> Option<Self> {
        let mut factor = rows.to_vec();
        for i in 0..size {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|k| factor[i * size + k] * factor[j * size + k]).sum();
                let rest = rows[i * size + j] - dot;
                if i != j {
                    factor[i * size + j] = rest / factor[j * size + j];
                } else if rest > rows[i * size + i].abs() * 1e-14 && rest.is_finite() {
                    factor[i * size + i] = rest.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(Self { size, factor })
    }

    /// Solves A x = `right`.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.size;
        let mut x = right.to_vec();
        for i in 0..n {
            let dot: f64 = (0..i).map(|k| self.factor[i * n + k] * x[k]).sum();
            x[i] = (x[i] - dot) / self.factor[i * n + i];
        }
        for i in (0..n).rev() {
            let dot: f64 = (i + 1..n).map(|k| self.factor[k * n + i] * x[k]).sum();
            x[i] = (x[i] - dot) / self.factor[i * n + i];
        }
        x
    }

    /// The inverse of A, row by row.
    pub(crate) fn inverse(&self) -> Vec<f64> {
        let n = self.size;
        let mut inverse = vec![0.0; n * n];
        for j in 0..n {
            let mut unit = vec![0.0; n];
            unit[j] = 1.0;
            for (i, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[i * n + j] = value;
            }
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn solves_and_inverts() {
        let a = [4.0, 2.0, 0.4, 2.0, 3.0, -0.5, 0.4, -0.5, 1.0];
        let factor = Cholesky::new(&a, 3).unwrap();
        let x = factor.solve(&[1.0, 2.0, 3.0]);
        for (i, right) in [1.0, 2.0, 3.0].into_iter().enumerate() {
            let left: f64 = (0..3).map(|k| a[i * 3 + k] * x[k]).sum();
            assert!((left - right).abs() < 1e-14);
        }
        let inverse = factor.inverse();
        for i in 0..3 {
            for j in 0..3 {
                let entry: f64 = (0..3).map(|k| a[i * 3 + k] * inverse[k * 3 + j]).sum();
                assert!((entry - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_is_refused() {
        assert!(Cholesky::new(&[1.0, 2.0, 2.0, 1.0], 2).is_none());
        assert!(Cholesky::new(&[1.0, 1.0, 1.0, 1.0], 2).is_none());
        assert!(Cholesky::new(&[f64::NAN], 1).is_none());
    }
}
