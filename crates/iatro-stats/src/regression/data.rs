//! Outcome, weights and offset of the rows of a design.

use super::error::same_length;
use super::{DesignMatrix, RegressionError};
use crate::special::in_range;

/// A design with a binary outcome for each row, and where wanted a weight and an offset.
///
/// A row may stand for many reports: `total` of them, `events` with the outcome. Such aggregated rows
/// give the same fit as the reports one by one, because the log-likelihood is
///
/// ```text
/// l = sum over rows of  events ln p + (total - events) ln(1 - p),   logit p = offset + b0 + x b
/// ```
#[derive(Debug, Clone)]
pub struct LogisticData<'a> {
    design: &'a DesignMatrix,
    events: Vec<f64>,
    totals: Vec<f64>,
    offset: Option<Vec<f64>>,
}

impl<'a> LogisticData<'a> {
    /// One report a row; `outcome[i]` says whether report i has the outcome.
    ///
    /// # Errors
    /// [`RegressionError::Length`] unless there is one outcome for each row.
    pub fn new(design: &'a DesignMatrix, outcome: &[bool]) -> Result<Self, RegressionError> {
        same_length("LogisticData::new", "outcome", outcome.len(), design.rows(), "row")?;
        let events = outcome.iter().map(|&event| f64::from(u8::from(event))).collect();
        Ok(Self { design, events, totals: vec![1.0; design.rows()], offset: None })
    }

    /// Aggregated rows: row i stands for `totals[i]` reports, `events[i]` of them with the outcome
    /// (0 <= events <= totals <= 1e15; need not be whole numbers).
    ///
    /// # Errors
    /// [`RegressionError::Length`] unless both slices have one value for each row,
    /// [`RegressionError::Domain`] if a value is out of range.
    pub fn grouped(
        design: &'a DesignMatrix,
        events: &[f64],
        totals: &[f64],
    ) -> Result<Self, RegressionError> {
        let function = "LogisticData::grouped";
        same_length(function, "events", events.len(), design.rows(), "row")?;
        same_length(function, "totals", totals.len(), design.rows(), "row")?;
        for (&events, &total) in events.iter().zip(totals) {
            check_weight(function, "totals", total)?;
            let ok = (0.0..=total).contains(&events);
            in_range(ok, function, "events", events, "a number from 0 to the total of the row")?;
        }
        Ok(Self { design, events: events.to_vec(), totals: totals.to_vec(), offset: None })
    }

    /// The same data with row i counted `weights[i]` times (0 to 1e15).
    ///
    /// # Errors
    /// [`RegressionError::Length`] unless there is one weight for each row,
    /// [`RegressionError::Domain`] if a weight is out of range.
    pub fn with_weights(mut self, weights: &[f64]) -> Result<Self, RegressionError> {
        let function = "LogisticData::with_weights";
        same_length(function, "weights", weights.len(), self.totals.len(), "row")?;
        for (row, &weight) in weights.iter().enumerate() {
            check_weight(function, "weights", weight)?;
            self.events[row] *= weight;
            self.totals[row] *= weight;
            check_weight(function, "weights", self.totals[row])?;
        }
        Ok(self)
    }

    /// The same data with `offset[i]` (log odds, -100 to 100) added to the linear predictor of row i.
    ///
    /// # Errors
    /// [`RegressionError::Length`] unless there is one offset for each row,
    /// [`RegressionError::Domain`] if an offset is out of range.
    pub fn with_offset(mut self, offset: &[f64]) -> Result<Self, RegressionError> {
        let function = "LogisticData::with_offset";
        same_length(function, "offset", offset.len(), self.totals.len(), "row")?;
        for &value in offset {
            let expected = "log odds from -100 to 100";
            in_range(value.abs() <= 100.0, function, "offset", value, expected)?;
        }
        self.offset = Some(offset.to_vec());
        Ok(self)
    }

    /// The design.
    #[must_use]
    pub fn design(&self) -> &'a DesignMatrix {
        self.design
    }

    /// Weight of the reports with the outcome, for each row.
    #[must_use]
    pub fn events(&self) -> &[f64] {
        &self.events
    }

    /// Weight of the reports, for each row.
    #[must_use]
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }

    /// Offset of each row, log odds; `None` if all are 0.
    #[must_use]
    pub fn offset(&self) -> Option<&[f64]> {
        self.offset.as_deref()
    }

    /// Weight of all reports: the n of the penalty and of the BIC.
    #[must_use]
    pub fn total_weight(&self) -> f64 {
        // From 0 up: the sum of nothing would be -0.
        self.totals.iter().fold(0.0, |sum, total| sum + total)
    }

    /// The same data with weight 0 in every row for which `keep` is false.
    pub(super) fn restricted(&self, keep: impl Fn(usize) -> bool) -> Self {
        let only = |values: &[f64]| {
            let kept = |(row, &value): (usize, &f64)| if keep(row) { value } else { 0.0 };
            values.iter().enumerate().map(kept).collect()
        };
        let (events, totals) = (only(&self.events), only(&self.totals));
        Self { design: self.design, events, totals, offset: self.offset.clone() }
    }

    /// Refuses an outcome that is the same in all rows of weight above 0.
    pub(super) fn check_outcome(&self, function: &'static str) -> Result<(), RegressionError> {
        let events = self.events.iter().fold(0.0, |sum, events| sum + events);
        let total = self.total_weight();
        let others = self.totals.iter().zip(&self.events).any(|(total, events)| total > events);
        if events > 0.0 && others {
            return Ok(());
        }
        Err(RegressionError::ConstantOutcome { function, events, total })
    }
}

fn check_weight(
    function: &'static str,
    argument: &'static str,
    weight: f64,
) -> Result<f64, RegressionError> {
    let ok = (0.0..=1e15).contains(&weight) && (weight == 0.0 || weight >= 1e-15);
    Ok(in_range(ok, function, argument, weight, "0, or a number from 1e-15 to 1e15")?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        let design = DesignMatrix::new(2).unwrap();
        assert!(LogisticData::new(&design, &[true]).is_err());
        assert!(LogisticData::grouped(&design, &[1.0, 2.0], &[1.0, 1.0]).is_err());
        assert!(LogisticData::grouped(&design, &[-1.0, 1.0], &[1.0, 1.0]).is_err());
        assert!(LogisticData::grouped(&design, &[0.0, f64::NAN], &[1.0, 1.0]).is_err());
        assert!(LogisticData::grouped(&design, &[0.0, 0.0], &[1.0, 1e16]).is_err());
        let data = LogisticData::new(&design, &[true, false]).unwrap();
        assert!(data.clone().with_weights(&[1.0]).is_err());
        assert!(data.clone().with_weights(&[1.0, -1.0]).is_err());
        assert!(data.clone().with_offset(&[1.0, f64::NAN]).is_err());
        assert!(data.check_outcome("test").is_ok());
        let one_sided = data.with_weights(&[1.0, 0.0]).unwrap();
        assert!(one_sided.check_outcome("test").is_err());
        assert_eq!(one_sided.total_weight(), 1.0);
    }
}
