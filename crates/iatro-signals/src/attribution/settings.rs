//! What a caller chooses about the attribution.

use crate::corpus::strata::Factor;

/// Settings of the attribution. None of them is part of the study; all are part of the run's identity.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributionSettings {
    /// Seed of the sampler; the study's own if `None`.
    pub seed: Option<u64>,
    /// Chains, at least 2 so that their agreement can be judged.
    pub chains: usize,
    /// Sweeps of each chain; the first fifth is thrown away.
    pub sweeps: usize,
    /// What the background depends on.
    pub factors: Vec<Factor>,
    /// Pairs of substances that may have a contribution of their own when together.
    pub pairs: Vec<(String, String)>,
    /// Whether reports of a cluster of suspected duplicates share the weight of one report.
    pub weigh_duplicates: bool,
    /// Whether the time from start to onset tells substances apart, where dates exist.
    pub time_to_onset: bool,
}

impl Default for AttributionSettings {
    fn default() -> Self {
        Self {
            seed: None,
            chains: 4,
            sweeps: 5_000,
            factors: vec![Factor::AgeGroup, Factor::Sex, Factor::Period, Factor::Region],
            pairs: Vec::new(),
            weigh_duplicates: false,
            time_to_onset: false,
        }
    }
}
