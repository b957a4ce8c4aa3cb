//! Limits of a proportion.
//!
//! x of n reports have something. What lives here: three intervals for the proportion behind that, at
//! any level. Wilson's score interval ([`wilson`], [`wilson_corrected`]) has the level asked for on
//! average over proportions; the exact interval of Clopper and Pearson ([`clopper_pearson`]) has at
//! least the level for every one, and is wider for it; that of Jeffreys ([`jeffreys`]) is the
//! posterior under a beta(1/2, 1/2) prior.
//!
//! All are `None` for n = 0: of no reports there is no proportion.
//!
//! ```
//! use iatro_stats::proportion::{clopper_pearson, wilson};
//!
//! let score = wilson(3, 100, 0.95)?.ok_or("no reports")?;
//! assert!((score.lower - 0.010255).abs() < 5e-7 && (score.upper - 0.084519).abs() < 5e-7);
//! let exact = clopper_pearson(3, 100, 0.95)?.ok_or("no reports")?;
//! assert!((exact.lower - 0.006230).abs() < 5e-7 && (exact.upper - 0.085176).abs() < 5e-7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod beta_limits;
mod wilson;

pub use beta_limits::{clopper_pearson, jeffreys};
pub use wilson::{wilson, wilson_corrected};

use crate::DomainError;
use crate::special::{in_range, probability};

/// A proportion with limits at the level asked for: `0 <= lower <= point <= upper <= 1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// Events / n.
    pub point: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

impl Proportion {
    /// The proportion, with limits kept to their side of it (they may be off by rounding).
    fn new(events: u64, n: u64, lower: f64, upper: f64) -> Self {
        let point = events as f64 / n as f64;
        Self { point, lower: lower.clamp(0.0, point), upper: upper.clamp(point, 1.0) }
    }
}

/// Checks counts and level; returns half of what the level leaves out.
fn tail(function: &'static str, events: u64, n: u64, level: f64) -> Result<f64, DomainError> {
    in_range(events <= n, function, "events", events as f64, "a count of at most n")?;
    Ok(0.5 * (1.0 - probability(function, "level", level)?))
}
