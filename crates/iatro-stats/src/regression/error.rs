//! What the functions of this family refuse.

use thiserror::Error;

use crate::DomainError;

/// An input that a regression cannot work on.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RegressionError {
    /// A number outside the range of its argument.
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// A slice whose length does not fit the others.
    #[error(
        "{function}: {argument} has {got} values; expected {expected}, one for each {each}; \
         pass slices of equal length"
    )]
    Length {
        /// Function that refused the slice.
        function: &'static str,
        /// Name of the argument.
        argument: &'static str,
        /// Length given.
        got: usize,
        /// Length expected.
        expected: usize,
        /// What one value belongs to.
        each: &'static str,
    },
    /// Row ids of a column that are not strictly rising, or reach beyond the last row.
    #[error(
        "column {column}, entry {entry}: row id {row}; expected strictly rising row ids below \
         {rows}; sort them and take out repeats"
    )]
    RowId {
        /// Column, counted from 0.
        column: usize,
        /// Position in the column, counted from 0.
        entry: usize,
        /// Row id given.
        row: u32,
        /// Rows of the design.
        rows: usize,
    },
    /// Column starts that do not describe a compressed sparse column matrix.
    #[error(
        "column starts, entry {entry}: {value}; expected numbers that rise from 0 to {entries}, \
         the number of row ids"
    )]
    ColumnStarts {
        /// Position in the starts, counted from 0.
        entry: usize,
        /// Value given.
        value: usize,
        /// Number of row ids.
        entries: usize,
    },
    /// A column that the design does not have.
    #[error(
        "{function}: column {column}; the design has {columns}, counted from 0; \
         pass a column of this design, each once"
    )]
    NoSuchColumn {
        /// Function that refused the column.
        function: &'static str,
        /// Column asked for.
        column: usize,
        /// Columns of the design.
        columns: usize,
    },
    /// The outcome is the same everywhere, so no odds ratio can be estimated.
    #[error(
        "{function}: {events} events among a weight of {total}; expected both rows with the \
         outcome and rows without it among the rows of weight above 0"
    )]
    ConstantOutcome {
        /// Function that refused the data.
        function: &'static str,
        /// Weight of the rows with the outcome.
        events: f64,
        /// Weight of all rows.
        total: f64,
    },
    /// Columns that predict the outcome perfectly where they differ: their unpenalised estimates are
    /// infinite.
    #[error(
        "{function}: columns {columns:?} separate the outcome, so their unpenalised estimates are \
         infinite; penalise them, take them out, or ask for a profile-likelihood interval, which \
         has a finite limit on one side"
    )]
    Separation {
        /// Function that met the separation.
        function: &'static str,
        /// Columns with infinite estimates.
        columns: Vec<usize>,
    },
    /// Unpenalised columns that are constant or a combination of others: no unique estimate.
    #[error(
        "{function}: columns {columns:?} (with the intercept) are linearly dependent over the \
         rows of weight above 0; take out those that are constant or repeat others"
    )]
    Collinear {
        /// Function that met the dependence.
        function: &'static str,
        /// Columns of the model.
        columns: Vec<usize>,
    },
    /// An iteration that did not reach its tolerance.
    #[error(
        "{function}: no convergence in {iterations} iterations; check for columns on very \
         different scales, or allow more iterations"
    )]
    NotConverged {
        /// Function that gave up.
        function: &'static str,
        /// Iterations made.
        iterations: u32,
    },
}

/// Checks that a slice has the length of the others.
pub(super) fn same_length(
    function: &'static str,
    argument: &'static str,
    got: usize,
    expected: usize,
    each: &'static str,
) -> Result<(), RegressionError> {
    if got == expected {
        return Ok(());
    }
    Err(RegressionError::Length { function, argument, got, expected, each })
}
