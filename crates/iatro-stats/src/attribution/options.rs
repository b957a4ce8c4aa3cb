//! Settings of a run: the chains, the priors, and what counts as converged.

use super::error::{AttributionError, check};

/// Settings of a run. Every prior is stated here; the page `docs/methods/attribution.md` says why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Seed of all chains; chain number i has a stream of its own.
    pub seed: u64,
    /// Chains of [`posterior`](super::posterior), 1 to 64.
    pub chains: usize,
    /// Sweeps of a chain, warm-up included; at least 1.
    pub sweeps: usize,
    /// Sweeps that are thrown away at the start; fewer than `sweeps`.
    pub warmup: usize,
    /// Draws of a chain that are kept, at most; fewer where there are very many causes.
    pub kept: usize,
    /// Shape and rate of the gamma prior of every theta (mean 1): the weight of the whole, in cases that
    /// the whole would let one expect. Small, because the first year of life differs by an order of
    /// magnitude and must be able to.
    pub background_shape: f64,
    /// Shape of the gamma prior of mu, whose mean is the crude rate.
    pub rate_shape: f64,
    /// Shape of the active component.
    pub active_shape: f64,
    /// What the null causes of an average report add together, as a share of the crude rate.
    pub null_share: f64,
    /// Beta prior of pi, the probability of the active component.
    pub active_prior: (f64, f64),
    /// Prior mean of an active cause as a multiple of the crude rate.
    pub active_scale: f64,
    /// Shape of the gamma prior of the active component's rate.
    pub active_scale_shape: f64,
    /// A split R-hat above it gets no interval.
    pub r_hat_limit: f64,
    /// An effective sample size below it gets no interval.
    pub ess_limit: f64,
    /// The climb to the mode ends when the log posterior gains less than this.
    pub mode_tolerance: f64,
    /// ... or after so many steps, then unconverged.
    pub mode_iterations: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 20_260_101,
            chains: 4,
            sweeps: 5_000,
            warmup: 1_000,
            kept: 1_000,
            background_shape: 0.5,
            rate_shape: 0.5,
            active_shape: 0.5,
            null_share: 0.005,
            active_prior: (1.0, 9.0),
            active_scale: 10.0,
            active_scale_shape: 1.0,
            r_hat_limit: 1.05,
            ess_limit: 200.0,
            mode_tolerance: 1e-3,
            mode_iterations: 5_000,
        }
    }
}

impl Options {
    /// Fails with the first option out of its range.
    pub(super) fn check(&self) -> Result<(), AttributionError> {
        let counts = [
            ("chains", self.chains, 1, 64, "1 to 64"),
            ("sweeps", self.sweeps, 1, 1_000_000_000, "1 to 1e9"),
            ("kept", self.kept, 1, 1_000_000, "1 to 1,000,000"),
            ("mode_iterations", self.mode_iterations, 1, 1_000_000_000, "1 to 1e9"),
        ];
        for (what, value, low, high, expected) in counts {
            let held = (low..=high).contains(&value);
            check(held, || "options".to_owned(), what, value as f64, expected)?;
        }
        let held = self.warmup < self.sweeps;
        check(held, || "options".to_owned(), "warmup", self.warmup as f64, "fewer than sweeps")?;
        self.check_numbers()
    }

    fn check_numbers(&self) -> Result<(), AttributionError> {
        for (what, value, low, high, expected) in [
            ("background_shape", self.background_shape, 0.1, 1e6, "0.1 to 1e6"),
            ("rate_shape", self.rate_shape, 1e-3, 1e6, "0.001 to 1e6"),
            ("active_shape", self.active_shape, 0.05, 100.0, "0.05 to 100"),
            ("null_share", self.null_share, 1e-6, 1.0, "1e-6 to 1"),
            ("active_prior.0", self.active_prior.0, 1e-3, 1e6, "0.001 to 1e6"),
            ("active_prior.1", self.active_prior.1, 1e-3, 1e6, "0.001 to 1e6"),
            ("active_scale", self.active_scale, 1e-3, 1e6, "0.001 to 1e6"),
            ("active_scale_shape", self.active_scale_shape, 1e-3, 1e6, "0.001 to 1e6"),
            ("r_hat_limit", self.r_hat_limit, 1.0, 10.0, "1 to 10"),
            ("ess_limit", self.ess_limit, 0.0, 1e9, "0 to 1e9"),
            ("mode_tolerance", self.mode_tolerance, 1e-12, 10.0, "1e-12 to 10"),
        ] {
            let held = value >= low && value <= high;
            check(held, || "options".to_owned(), what, value, expected)?;
        }
        Ok(())
    }
}
