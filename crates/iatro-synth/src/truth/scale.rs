//! The truth about a corpus of true size: how near it came to the published volume.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a corpus follows the published quarters. The rows of single quarters stand in
/// [`QuarterTruth::published`](super::QuarterTruth::published).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ScaleTruth {
    /// The share of the published rows, above 0 and at most 1.
    pub scale: f64,
    /// Substances that reports are drawn from, planted ones and combinations among them. In a small
    /// corpus the rarest may not occur.
    pub substances: u64,
    /// Background terms that reports are drawn from.
    pub terms: u64,
    /// Rows by table.
    pub tables: BTreeMap<String, ScaledRows>,
    /// Ids on all lists of deleted cases, unknown and repeated ones among them.
    pub listed_ids: u64,
    /// How many distinct drugs a current case names.
    pub drugs: DrugSpread,
}

/// The rows of one table over all quarters.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ScaledRows {
    /// The rows of the published files times the scale: what the corpus aims at.
    pub published: u64,
    /// The rows that were written.
    pub records: u64,
}

/// Distinct drugs of a current case, in any role but DN; a combination is one drug.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct DrugSpread {
    /// Over all current cases.
    pub total: u64,
    /// The mean, to a millionth.
    pub mean: f64,
    /// The median.
    pub median: u64,
    /// The most on one case.
    pub most: u64,
}
