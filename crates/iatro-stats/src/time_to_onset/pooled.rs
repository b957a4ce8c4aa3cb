//! Two samples of times, counted at their distinct values: what both comparisons start from.

use thiserror::Error;

/// Why two samples cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum ComparisonError {
    /// A sample without values.
    #[error("comparison of times: the {sample} sample is empty; expected at least one value")]
    Empty {
        /// "first" or "second".
        sample: &'static str,
    },
    /// A value that is not finite.
    #[error(
        "comparison of times: the value at index {index} of the {sample} sample is {value}; \
         expected a finite number"
    )]
    NotFinite {
        /// "first" or "second".
        sample: &'static str,
        /// Index, from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// More permutations than are ever of use, or none.
    #[error("comparison of times: {draws} permutations; expected 1 to 10,000,000")]
    Draws {
        /// Permutations asked for.
        draws: u32,
    },
}

/// Counts of both samples at each distinct value, in order.
#[derive(Debug, Clone)]
pub(super) struct Pooled {
    pub(super) blocks: Vec<[u64; 2]>,
    pub(super) sizes: [u64; 2],
}

impl Pooled {
    pub(super) fn new(first: &[f64], second: &[f64]) -> Result<Self, ComparisonError> {
        let mut all = Vec::with_capacity(first.len() + second.len());
        for (side, sample, values) in [(0, "first", first), (1, "second", second)] {
            if values.is_empty() {
                return Err(ComparisonError::Empty { sample });
            }
            for (index, &value) in values.iter().enumerate() {
                if !value.is_finite() {
                    return Err(ComparisonError::NotFinite { sample, index, value });
                }
                all.push((value, side));
            }
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut blocks: Vec<[u64; 2]> = Vec::new();
        let mut last = None;
        for (value, side) in all {
            if last != Some(value) {
                blocks.push([0, 0]);
                last = Some(value);
            }
            if let Some(block) = blocks.last_mut() {
                block[usize::from(side == 1)] += 1;
            }
        }
        Ok(Self { blocks, sizes: [first.len() as u64, second.len() as u64] })
    }

    pub(super) fn total(&self) -> u64 {
        self.sizes[0] + self.sizes[1]
    }
}
