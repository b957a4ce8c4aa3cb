//! The design matrix: reports by substances (and other covariates), in compressed sparse columns.

use super::RegressionError;
use crate::special::in_range;

/// The largest absolute value in a column.
const LARGEST: f64 = 1e9;

/// A design matrix of `rows` reports, stored by column: for each column, the rows where it is not 0.
///
/// A binary column (a substance that a report names or not) stores row ids alone; a valued column
/// (a dose, an age) stores row ids and values. The intercept is not a column: every model here has
/// one, and it is never penalised. Columns are numbered from 0 in the order in which they were
/// added.
///
/// Units: a coefficient is a log odds ratio per unit of its column. Values are finite, at most 1e9 in
/// absolute value.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignMatrix {
    rows: usize,
    columns: Vec<Column>,
}

/// One sparse column: strictly rising row ids, and values unless all are 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) rows: Vec<u32>,
    pub(super) values: Option<Vec<f64>>,
}

impl Column {
    /// Calls `visit` with row and value of each entry, in order of rows.
    #[inline]
    pub(super) fn for_each(&self, mut visit: impl FnMut(usize, f64)) {
        match &self.values {
            None => self.rows.iter().for_each(|&row| visit(row as usize, 1.0)),
            Some(values) => {
                self.rows.iter().zip(values).for_each(|(&row, &value)| visit(row as usize, value));
            }
        }
    }

    /// The difference between the largest and the smallest value over `rows` rows.
    pub(super) fn range(&self, rows: usize) -> f64 {
        let zero = self.rows.len() < rows;
        let start = if zero || self.rows.is_empty() { (0.0, 0.0) } else { (f64::MAX, f64::MIN) };
        let (mut low, mut high) = start;
        self.for_each(|_, value| {
            low = value.min(low);
            high = value.max(high);
        });
        high - low
    }
}

impl DesignMatrix {
    /// Returns a design of `rows` rows (0 to 2^32 - 1) without columns.
    ///
    /// # Errors
    /// [`RegressionError::Domain`] if there are more rows.
    pub fn new(rows: usize) -> Result<Self, RegressionError> {
        let expected = "at most 4,294,967,295 rows; aggregate equal rows first";
        let fits = u32::try_from(rows).is_ok();
        in_range(fits, "DesignMatrix::new", "rows", rows as f64, expected)?;
        Ok(Self { rows, columns: Vec::new() })
    }

    /// Adds a binary column, 1 in the rows listed, and returns its number.
    ///
    /// # Errors
    /// [`RegressionError::RowId`] unless `rows` rises strictly and stays below the number of rows.
    pub fn push_binary(&mut self, rows: Vec<u32>) -> Result<usize, RegressionError> {
        self.check_rows(&rows)?;
        Ok(self.push(Column { rows, values: None }))
    }

    /// Adds a column with `values[k]` in row `rows[k]` and 0 elsewhere, and returns its number.
    ///
    /// # Errors
    /// [`RegressionError::RowId`] as for [`DesignMatrix::push_binary`], [`RegressionError::Length`]
    /// if there is not one value for each row id, [`RegressionError::Domain`] if a value is not
    /// finite or above 1e9 in absolute value.
    pub fn push_valued(
        &mut self,
        rows: Vec<u32>,
        values: Vec<f64>,
    ) -> Result<usize, RegressionError> {
        let function = "DesignMatrix::push_valued";
        super::error::same_length(function, "values", values.len(), rows.len(), "row id")?;
        self.check_rows(&rows)?;
        for &value in &values {
            let expected = "a finite number, at most 1e9 in absolute value; rescale the column";
            in_range(value.abs() <= LARGEST, function, "values", value, expected)?;
        }
        Ok(self.push(Column { rows, values: Some(values) }))
    }

    /// Adds a column with a value for each row, and returns its number.
    ///
    /// # Errors
    /// As for [`DesignMatrix::push_valued`].
    pub fn push_dense(&mut self, values: &[f64]) -> Result<usize, RegressionError> {
        let function = "DesignMatrix::push_dense";
        super::error::same_length(function, "values", values.len(), self.rows, "row")?;
        let kept = || (0_u32..).zip(values).filter(|(_, value)| **value != 0.0);
        let rows = kept().map(|(row, _)| row).collect();
        self.push_valued(rows, kept().map(|(_, &value)| value).collect())
    }

    /// Returns the design with the given compressed sparse columns: column j holds the row ids
    /// `row_ids[starts[j]..starts[j + 1]]`, and the same part of `values` (all 1 where `None`).
    /// `starts` has one entry more than there are columns, from 0 to the number of row ids.
    ///
    /// # Errors
    /// [`RegressionError::ColumnStarts`] if the starts do not rise from 0 to the number of row ids;
    /// otherwise as for [`DesignMatrix::push_valued`].
    pub fn from_csc(
        rows: usize,
        starts: &[usize],
        row_ids: &[u32],
        values: Option<&[f64]>,
    ) -> Result<Self, RegressionError> {
        let mut design = Self::new(rows)?;
        check_starts(starts, row_ids.len())?;
        if let Some(values) = values {
            let function = "DesignMatrix::from_csc";
            super::error::same_length(function, "values", values.len(), row_ids.len(), "row id")?;
        }
        for pair in starts.windows(2) {
            let part = pair[0]..pair[1];
            let rows = row_ids[part.clone()].to_vec();
            match values {
                None => design.push_binary(rows)?,
                Some(values) => design.push_valued(rows, values[part].to_vec())?,
            };
        }
        Ok(design)
    }

    /// Returns the binary design of reports given as lists of column numbers, below `columns`; a
    /// number that stands twice in a report counts once.
    ///
    /// # Errors
    /// [`RegressionError::NoSuchColumn`] if a number is not below `columns`.
    pub fn from_reports<'r>(
        columns: usize,
        reports: impl IntoIterator<Item = &'r [u32]>,
    ) -> Result<Self, RegressionError> {
        let function = "DesignMatrix::from_reports";
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); columns];
        let mut rows = 0_usize;
        for report in reports {
            let row = row_number(rows)?;
            for &number in report {
                let column = number as usize;
                let Some(list) = lists.get_mut(column) else {
                    return Err(RegressionError::NoSuchColumn { function, column, columns });
                };
                if list.last() != Some(&row) {
                    list.push(row);
                }
            }
            rows += 1;
        }
        let columns = lists.into_iter().map(|rows| Column { rows, values: None }).collect();
        Ok(Self { rows, columns })
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns, without the intercept.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    /// Row ids and values (`None`: all 1) of a column; `None` if there is no such column.
    #[must_use]
    pub fn column(&self, column: usize) -> Option<(&[u32], Option<&[f64]>)> {
        self.columns.get(column).map(|c| (c.rows.as_slice(), c.values.as_deref()))
    }

    /// Whether each row holds a value other than 0 in a column; `None` if there is no such column.
    #[must_use]
    pub fn indicator(&self, column: usize) -> Option<Vec<bool>> {
        let mut present = vec![false; self.rows];
        self.columns.get(column)?.for_each(|row, value| present[row] = value != 0.0);
        Some(present)
    }

    pub(super) fn all(&self) -> &[Column] {
        &self.columns
    }

    /// Checks that the columns exist and that none is named twice.
    pub(super) fn check_columns(
        &self,
        function: &'static str,
        columns: &[usize],
    ) -> Result<(), RegressionError> {
        let mut seen = vec![false; self.columns.len()];
        for &column in columns {
            match seen.get_mut(column) {
                Some(seen) if !*seen => *seen = true,
                _ => {
                    let columns = self.columns.len();
                    return Err(RegressionError::NoSuchColumn { function, column, columns });
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, column: Column) -> usize {
        self.columns.push(column);
        self.columns.len() - 1
    }

    fn check_rows(&self, rows: &[u32]) -> Result<(), RegressionError> {
        let mut next = 0_u64;
        for (entry, &row) in rows.iter().enumerate() {
            if u64::from(row) < next || row as usize >= self.rows {
                let (column, rows) = (self.columns.len(), self.rows);
                return Err(RegressionError::RowId { column, entry, row, rows });
            }
            next = u64::from(row) + 1;
        }
        Ok(())
    }
}

fn row_number(rows: usize) -> Result<u32, RegressionError> {
    DesignMatrix::new(rows + 1)?;
    Ok(u32::try_from(rows).unwrap_or(u32::MAX))
}

fn check_starts(starts: &[usize], entries: usize) -> Result<(), RegressionError> {
    let mut least = 0;
    for (entry, &value) in starts.iter().enumerate() {
        let last = entry + 1 == starts.len();
        if value < least
            || value > entries
            || (entry == 0 && value > 0)
            || (last && value < entries)
        {
            return Err(RegressionError::ColumnStarts { entry, value, entries });
        }
        least = value;
    }
    if starts.is_empty() {
        return Err(RegressionError::ColumnStarts { entry: 0, value: 0, entries });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn four_ways_to_the_same_design() {
        let mut one = DesignMatrix::new(3).unwrap();
        assert_eq!(one.push_binary(vec![0, 2]), Ok(0));
        assert_eq!(one.push_binary(vec![1]), Ok(1));
        let csc = DesignMatrix::from_csc(3, &[0, 2, 3], &[0, 2, 1], None).unwrap();
        let reports: [&[u32]; 3] = [&[0, 0], &[1], &[0]];
        assert_eq!(one, csc);
        assert_eq!(one, DesignMatrix::from_reports(2, reports).unwrap());
        let mut dense = DesignMatrix::new(3).unwrap();
        dense.push_dense(&[1.5, 0.0, -2.0]).unwrap();
        assert_eq!(dense.column(0), Some((&[0, 2][..], Some(&[1.5, -2.0][..]))));
        assert_eq!(dense.all()[0].range(3), 3.5);
        assert_eq!(dense.indicator(0), Some(vec![true, false, true]));
    }

    #[test]
    fn rows_out_of_order_or_range_are_refused() {
        let mut design = DesignMatrix::new(3).unwrap();
        for rows in [vec![1, 0], vec![1, 1], vec![3], vec![0, u32::MAX]] {
            let error = design.push_binary(rows).unwrap_err();
            assert!(matches!(error, RegressionError::RowId { .. }), "{error}");
        }
        for starts in [&[][..], &[1, 3], &[0, 2], &[0, 2, 1, 3], &[0, 4], &[0]] {
            let error = DesignMatrix::from_csc(3, starts, &[0, 1, 2], None).unwrap_err();
            assert!(matches!(error, RegressionError::ColumnStarts { .. }), "{error}");
        }
        let report: [&[u32]; 1] = [&[2]];
        assert!(DesignMatrix::from_reports(2, report).is_err());
        assert!(DesignMatrix::new(usize::MAX).is_err());
    }

    #[test]
    fn values_are_finite_and_moderate() {
        let mut design = DesignMatrix::new(3).unwrap();
        for value in [f64::NAN, f64::INFINITY, -1e10] {
            assert!(design.push_valued(vec![0], vec![value]).is_err());
        }
        assert!(design.push_valued(vec![0, 1], vec![1.0]).is_err());
        assert!(design.push_dense(&[1.0]).is_err());
        assert_eq!(design.columns(), 0);
    }

    #[test]
    fn the_error_says_what_to_do() {
        let mut design = DesignMatrix::new(3).unwrap();
        design.push_binary(vec![]).unwrap();
        assert_eq!(
            design.push_binary(vec![2, 1]).unwrap_err().to_string(),
            "column 1, entry 1: row id 1; expected strictly rising row ids below 3; sort them and \
             take out repeats"
        );
    }
}
