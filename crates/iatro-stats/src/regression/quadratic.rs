//! The quadratic expansion inside a Newton iteration, as coordinate descent sees it.
//!
//! The intercept is solved for at every moment: the curvature is that of columns centred by their
//! weighted mean. Two forms of the same model: with few columns the matrix of second derivatives is
//! formed once, and a move costs one row of it; with many, a move touches the rows where its column
//! is not 0.

use super::classes::Problem;
use super::design::Column;

/// Up to this many columns the matrix is formed (32 MB).
const LARGEST_MATRIX: usize = 2_000;

/// Derivatives of l / n in one column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Term {
    pub(super) gradient: f64,
    /// Sum of weight times value.
    pub(super) weight: f64,
    /// Sum of weight times value squared.
    pub(super) square: f64,
}

impl Term {
    /// Minus the second derivative with the intercept solved for; `total` is the sum of the weights.
    pub(super) fn curvature(&self, total: f64) -> f64 {
        if total > 0.0 { (self.square - self.weight * self.weight / total).max(0.0) } else { 0.0 }
    }
}

/// The expansion in a few columns, around the present point.
pub(super) struct Quadratic<'p> {
    terms: Vec<Term>,
    total: f64,
    form: Form<'p>,
}

enum Form<'p> {
    /// The matrix (row by row) and the slope in each column at the moved point.
    Matrix { matrix: Vec<f64>, slope: Vec<f64> },
    /// The columns, the weights, the move of each class, and the slope in the intercept.
    Rows { columns: Vec<&'p Column>, weight: &'p [f64], moved: Vec<f64>, intercept: f64 },
}

impl<'p> Quadratic<'p> {
    /// The expansion in `columns` of a problem, from the derivatives of all its columns.
    pub(super) fn new(
        problem: &'p Problem,
        weight: &'p [f64],
        total: f64,
        columns: &[usize],
        all: &[Term],
    ) -> Self {
        Self::with_largest_matrix(problem, weight, total, columns, all, LARGEST_MATRIX)
    }

    fn with_largest_matrix(
        problem: &'p Problem,
        weight: &'p [f64],
        total: f64,
        columns: &[usize],
        all: &[Term],
        largest: usize,
    ) -> Self {
        let terms: Vec<Term> = columns.iter().map(|&j| all[j]).collect();
        let columns: Vec<&Column> = columns.iter().map(|&j| &problem.columns[j]).collect();
        let form = if columns.len() <= largest {
            let mut matrix = gram(&columns, weight);
            centre(&mut matrix, &terms, total);
            Form::Matrix { matrix, slope: terms.iter().map(|term| term.gradient).collect() }
        } else {
            Form::Rows { columns, weight, moved: vec![0.0; weight.len()], intercept: 0.0 }
        };
        Self { terms, total, form }
    }

    /// Takes in the slope of the intercept, which is solved for.
    pub(super) fn centre(&mut self, intercept_slope: f64) {
        match &mut self.form {
            Form::Matrix { slope, .. } if self.total > 0.0 => {
                for (slope, term) in slope.iter_mut().zip(&self.terms) {
                    *slope -= term.weight * intercept_slope / self.total;
                }
            }
            Form::Matrix { .. } => {}
            Form::Rows { intercept, .. } => *intercept = intercept_slope,
        }
    }

    /// Where column `k`, now at `beta`, has its minimum with its penalty, all else unmoved.
    pub(super) fn minimum(&self, k: usize, beta: f64, l1: f64, l2: f64) -> f64 {
        let curvature = self.terms[k].curvature(self.total);
        if curvature + l2 <= 0.0 {
            return beta;
        }
        soft_threshold(curvature * beta + self.slope(k), l1) / (curvature + l2)
    }

    /// The slope in column `k` at the moved point.
    fn slope(&self, k: usize) -> f64 {
        match &self.form {
            Form::Matrix { slope, .. } => slope[k],
            Form::Rows { columns, weight, moved, intercept } => {
                let term = &self.terms[k];
                let mut pulled = 0.0;
                columns[k].for_each(|class, value| pulled += value * weight[class] * moved[class]);
                let shift = if self.total > 0.0 { intercept / self.total } else { 0.0 };
                term.gradient - pulled - term.weight * shift
            }
        }
    }

    /// Takes in a change of column `k`.
    pub(super) fn moved(&mut self, k: usize, change: f64) {
        match &mut self.form {
            Form::Matrix { matrix, slope } => {
                let row = &matrix[k * slope.len()..(k + 1) * slope.len()];
                slope.iter_mut().zip(row).for_each(|(slope, entry)| *slope -= entry * change);
            }
            Form::Rows { columns, moved, intercept, .. } => {
                columns[k].for_each(|class, value| moved[class] += change * value);
                *intercept -= self.terms[k].weight * change;
            }
        }
    }
}

/// The value shrunk towards 0 by `by`, and 0 if it is no larger.
fn soft_threshold(value: f64, by: f64) -> f64 {
    if value.abs() <= by { 0.0 } else { value - by.copysign(value) }
}

/// The matrix of weighted products of the columns, row by row, summed class by class: a class takes
/// part with the square of the number of its columns.
pub(super) fn gram(columns: &[&Column], weight: &[f64]) -> Vec<f64> {
    let size = columns.len();
    let (starts, entries) = by_class(columns, weight.len());
    let mut matrix = vec![0.0; size * size];
    for (class, &weight) in weight.iter().enumerate() {
        let entries = &entries[starts[class]..starts[class + 1]];
        for (at, &(j, value)) in entries.iter().enumerate() {
            let weighted = weight * value;
            let row = &mut matrix[j as usize * size..];
            entries[..=at].iter().for_each(|&(k, other)| row[k as usize] += weighted * other);
        }
    }
    for j in 0..size {
        for k in 0..j {
            matrix[k * size + j] = matrix[j * size + k];
        }
    }
    matrix
}

/// The entries of the columns by class: where each class starts, and column and value of each entry.
fn by_class(columns: &[&Column], classes: usize) -> (Vec<usize>, Vec<(u32, f64)>) {
    let mut starts = vec![0_usize; classes + 1];
    for column in columns {
        column.rows.iter().for_each(|&class| starts[class as usize + 1] += 1);
    }
    for class in 0..classes {
        starts[class + 1] += starts[class];
    }
    let mut next = starts.clone();
    let mut entries = vec![(0, 0.0); starts[classes]];
    for (number, column) in (0_u32..).zip(columns) {
        column.for_each(|class, value| {
            entries[next[class]] = (number, value);
            next[class] += 1;
        });
    }
    (starts, entries)
}

fn centre(matrix: &mut [f64], terms: &[Term], total: f64) {
    if total <= 0.0 {
        return;
    }
    let size = terms.len();
    for (j, row) in matrix.chunks_mut(size.max(1)).enumerate() {
        let share = terms[j].weight / total;
        row.iter_mut().zip(terms).for_each(|(entry, term)| *entry -= share * term.weight);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// Both forms give the same minima after the same moves.
    #[test]
    fn the_matrix_and_the_rows_agree() {
        let column = |rows: Vec<u32>, values| Column { rows, values };
        let columns = vec![
            column(vec![0, 2, 3], None),
            column(vec![1, 2, 4], Some(vec![0.5, -2.0, 1.5])),
            column(vec![3, 4], None),
        ];
        let weight = [0.1, 0.2, 0.15, 0.05, 0.3];
        let total: f64 = weight.iter().sum();
        let term = |column: &Column| {
            let mut term = Term { gradient: 0.02, ..Term::default() };
            column.for_each(|class, value| {
                term.weight += value * weight[class];
                term.square += value * value * weight[class];
            });
            term
        };
        let terms: Vec<Term> = columns.iter().map(term).collect();
        let zeros = || vec![0.0; 5];
        let problem = Problem {
            events: zeros(),
            totals: zeros(),
            offset: zeros(),
            columns,
            total_weight: 1.0,
        };
        let model = |largest| {
            let columns = [0, 1, 2];
            let mut model =
                Quadratic::with_largest_matrix(&problem, &weight, total, &columns, &terms, largest);
            model.centre(0.03);
            model.moved(0, 0.4);
            model.moved(2, -0.7);
            model
        };
        let (matrix, rows) = (model(3), model(2));
        assert!(matches!(matrix.form, Form::Matrix { .. }));
        assert!(matches!(rows.form, Form::Rows { .. }));
        for k in 0..3 {
            let [a, b] = [&matrix, &rows].map(|model| model.minimum(k, 0.1, 0.001, 0.01));
            assert!((a - b).abs() < 1e-14, "{k}: {a} {b}");
        }
    }

    #[test]
    fn soft_threshold_shrinks_to_zero() {
        assert_eq!(soft_threshold(3.0, 1.0), 2.0);
        assert_eq!(soft_threshold(-3.0, 1.0), -2.0);
        assert_eq!(soft_threshold(0.5, 1.0), 0.0);
    }
}
