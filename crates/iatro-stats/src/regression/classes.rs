//! Rows with the same covariates, found by refining a partition column by column.
//!
//! A model with few columns sees a million reports as a few thousand different ones. The refinement
//! touches only the entries of the columns it is given, so it costs as much as one pass over them.

use super::design::Column;
use super::{LogisticData, RegressionError};

/// A partition of the rows into classes that agree in every column seen so far.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    class: Vec<u32>,
    count: u32,
    /// For a class of the present column: the class its rows move to, and the column it was met in.
    moved: Vec<(u32, u32)>,
    column: u32,
}

impl Classes {
    /// All rows in one class, split by offset.
    pub(super) fn new(data: &LogisticData<'_>) -> Self {
        let rows = data.totals().len();
        let mut classes = Self { class: vec![0; rows], count: 1, moved: Vec::new(), column: 0 };
        if let Some(offset) = data.offset() {
            let rows = (0_u32..).take(rows).collect();
            classes.refine(&Column { rows, values: Some(offset.to_vec()) });
            classes.renumber();
        }
        classes
    }

    /// The class of each row.
    pub(super) fn of_rows(&self) -> &[u32] {
        &self.class
    }

    /// Splits every class by the values of a column.
    pub(super) fn refine(&mut self, column: &Column) {
        if self.count as usize + column.rows.len() > u32::MAX as usize {
            self.renumber();
        }
        match &column.values {
            None => self.split(&column.rows),
            Some(values) => {
                let mut rows_of_value: Vec<(u64, u32)> = column
                    .rows
                    .iter()
                    .zip(values)
                    .filter(|(_, value)| **value != 0.0)
                    .map(|(&row, value)| (value.to_bits(), row))
                    .collect();
                rows_of_value.sort_unstable();
                for run in rows_of_value.chunk_by(|a, b| a.0 == b.0) {
                    let rows: Vec<u32> = run.iter().map(|&(_, row)| row).collect();
                    self.split(&rows);
                }
            }
        }
    }

    /// Moves the rows given out of their classes, those of one class together.
    fn split(&mut self, rows: &[u32]) {
        self.column += 1;
        self.moved.resize(self.count as usize, (0, 0));
        for &row in rows {
            let class = &mut self.class[row as usize];
            let (to, met_in) = &mut self.moved[*class as usize];
            if *met_in != self.column {
                (*to, *met_in) = (self.count, self.column);
                self.count += 1;
            }
            *class = *to;
        }
    }

    /// Numbers the classes that hold rows from 0, in order of their first row.
    pub(super) fn renumber(&mut self) {
        let mut number = vec![u32::MAX; self.count as usize];
        let mut next = 0;
        for class in &mut self.class {
            let number = &mut number[*class as usize];
            if *number == u32::MAX {
                *number = next;
                next += 1;
            }
            *class = *number;
        }
        self.count = next;
        self.moved.clear();
        self.column = 0;
    }
}

/// A logistic regression over classes of rows: what a fit on some columns needs to know of the data.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) events: Vec<f64>,
    pub(super) totals: Vec<f64>,
    pub(super) offset: Vec<f64>,
    /// The columns, with class numbers in the place of row ids.
    pub(super) columns: Vec<Column>,
    pub(super) total_weight: f64,
}

impl Problem {
    /// The problem on some columns; the classes are refined by all of them, and renumbered.
    pub(super) fn new(data: &LogisticData<'_>, classes: &Classes, columns: &[usize]) -> Self {
        let size = classes.count as usize;
        let (mut events, mut totals) = (vec![0.0; size], vec![0.0; size]);
        for (row, &class) in classes.class.iter().enumerate() {
            events[class as usize] += data.events()[row];
            totals[class as usize] += data.totals()[row];
        }
        let mut offset = vec![0.0; size];
        if let Some(values) = data.offset() {
            classes.class.iter().zip(values).for_each(|(&c, &value)| offset[c as usize] = value);
        }
        let mut met_in = vec![usize::MAX; size];
        let all = data.design().all();
        let columns = columns.iter().map(|&j| by_class(&all[j], j, classes, &mut met_in)).collect();
        Self { events, totals, offset, columns, total_weight: data.total_weight() }
    }

    /// The problem on some columns of data, from the rows.
    pub(super) fn on_columns(
        function: &'static str,
        data: &LogisticData<'_>,
        columns: &[usize],
    ) -> Result<Self, RegressionError> {
        data.design().check_columns(function, columns)?;
        data.check_outcome(function)?;
        let mut classes = Classes::new(data);
        columns.iter().for_each(|&j| classes.refine(&data.design().all()[j]));
        classes.renumber();
        Ok(Self::new(data, &classes, columns))
    }

    /// Offset, intercept and the columns times their coefficients, for each class.
    pub(super) fn linear_predictor(&self, intercept: f64, beta: &[f64]) -> Vec<f64> {
        let mut eta: Vec<f64> = self.offset.iter().map(|offset| offset + intercept).collect();
        for (column, &coefficient) in self.columns.iter().zip(beta) {
            if coefficient != 0.0 {
                column.for_each(|class, value| eta[class] += coefficient * value);
            }
        }
        eta
    }
}

/// A column by class: each class once, at its first row.
fn by_class(column: &Column, number: usize, classes: &Classes, met_in: &mut [usize]) -> Column {
    let mut rows = Vec::new();
    let mut values = column.values.as_ref().map(|_| Vec::new());
    column.for_each(|row, value| {
        let class = classes.class[row];
        if met_in[class as usize] != number && value != 0.0 {
            met_in[class as usize] = number;
            rows.push(class);
            if let Some(values) = &mut values {
                values.push(value);
            }
        }
    });
    Column { rows, values }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::regression::DesignMatrix;

    #[test]
    fn rows_meet_exactly_when_they_agree() {
        let reports: [&[u32]; 7] = [&[0], &[0, 1], &[], &[0], &[1, 0], &[], &[2]];
        let mut design = DesignMatrix::from_reports(3, reports).unwrap();
        design.push_dense(&[0.0, 1.0, 2.0, 0.0, 1.0, 3.0, -0.0]).unwrap();
        let outcome = [true, false, false, true, true, false, false];
        let data = LogisticData::new(&design, &outcome).unwrap();
        let problem = |columns: &[usize]| Problem::on_columns("test", &data, columns).unwrap();
        let binary = problem(&[0, 1, 2]);
        assert_eq!(binary.totals, [2.0, 2.0, 2.0, 1.0]);
        assert_eq!(binary.events, [2.0, 1.0, 0.0, 0.0]);
        assert_eq!(binary.columns[0].rows, [0, 1]);
        let with_values = problem(&[3, 1, 0]);
        assert_eq!(with_values.totals, [2.0, 2.0, 1.0, 1.0, 1.0]);
        assert_eq!(with_values.columns[0].rows, [1, 2, 3]);
        assert_eq!(with_values.columns[0].values, Some(vec![1.0, 2.0, 3.0]));
        let shifted = data.clone().with_offset(&[0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0]).unwrap();
        let problem = Problem::on_columns("test", &shifted, &[0, 1, 2]).unwrap();
        assert_eq!(problem.totals, [1.0, 2.0, 2.0, 1.0, 1.0]);
        assert_eq!(problem.offset, [0.0, 0.0, 0.0, 0.5, 0.0]);
        let eta = problem.linear_predictor(1.0, &[2.0, 4.0, 8.0]);
        assert_eq!(eta, [3.0, 7.0, 1.0, 3.5, 9.0]);
    }
}
