//! What a fit may be told.

use thiserror::Error;

use super::likelihood::Likelihood;
use super::pair::PairError;
use super::prior::Prior;
use super::squash::SquashOptions;
use crate::DomainError;
use crate::special::in_range;

/// How [`super::fit`] works.
#[derive(Debug, Clone, PartialEq)]
pub struct FitOptions {
    /// The likelihood to maximise.
    pub likelihood: Likelihood,
    /// Starting points, 1 or more; of optima that the data do not tell apart, that of the first is
    /// [`super::Fit::best`]. Two equal components are a bad one: the likelihood does not say there
    /// which way to part them.
    pub starts: Vec<Prior>,
    /// Steps after which a climb that has not converged is given up, 1 or more.
    pub max_steps: u32,
    /// Whether the data are squashed.
    pub squashing: Squashing,
}

/// What is squashed, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Squashing {
    /// Every start climbs on the full data.
    Never,
    /// Every start climbs on squashed data, where that saves half of the points; each distinct
    /// optimum then goes on over nodes of the full data, where these save half too, and is climbed to its end on the
    /// full data. The result is that of the full data.
    Starts(SquashOptions),
    /// All is done on squashed data. The result says so ([`super::FittedOn::Squashed`]); it may be
    /// another optimum than that of the full data.
    Only(SquashOptions),
}

/// The starting points of [`FitOptions::default`]: that of DuMouchel 1999; a typical fit to a large
/// database of reports; and four more, spread over what fits to such tables look like: a first
/// component that is wide or narrow, frequent or rare, near the second or far above it.
pub const DEFAULT_STARTS: [Prior; 6] = [
    Prior::DUMOUCHEL_1999,
    Prior::known([0.2, 0.06, 1.4, 1.8, 0.1]),
    Prior::known([2.0, 0.2, 2.0, 2.0, 0.1]),
    Prior::known([10.0, 1.0, 2.0, 2.0, 0.05]),
    Prior::known([30.0, 2.0, 2.0, 2.0, 0.02]),
    Prior::known([3.0, 1.0, 0.3, 0.3, 0.2]),
];

impl Default for FitOptions {
    /// The likelihood of MGPS with N >= 1, [`DEFAULT_STARTS`], 200 steps, starts on squashed data.
    fn default() -> Self {
        Self {
            likelihood: Likelihood::ComponentsTruncated { minimum: 1 },
            starts: DEFAULT_STARTS.to_vec(),
            max_steps: 200,
            squashing: Squashing::Starts(SquashOptions::default()),
        }
    }
}

/// The largest truncation point.
const LARGEST_MINIMUM: u64 = 100;

impl FitOptions {
    pub(super) fn check(&self) -> Result<(), DomainError> {
        let minimum = self.likelihood.minimum();
        let truncated = self.likelihood != Likelihood::Complete;
        let ok = !truncated || (1..=LARGEST_MINIMUM).contains(&minimum);
        let expected = "a count from 1 to 100 (the complete likelihood takes zeros)";
        in_range(ok, "fit", "minimum", minimum as f64, expected)?;
        let steps = self.max_steps;
        in_range(steps > 0, "fit", "max_steps", f64::from(steps), "1 step or more")?;
        match self.squashing {
            Squashing::Never => Ok(()),
            Squashing::Starts(options) | Squashing::Only(options) => options.check(),
        }
    }
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum FitError {
    /// A row is out of range.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// An option is out of range.
    #[error(transparent)]
    Option(#[from] DomainError),
    /// No starting point.
    #[error(
        "fit: starts is empty; expected 1 starting point or more. Give DEFAULT_STARTS, or the prior \
         of an earlier fit"
    )]
    NoStarts,
    /// No pair takes part.
    #[error(
        "fit: none of the {rows} pairs has {minimum} reports or more; expected pairs from the \
         truncation point on. Give the pairs that were reported, or lower the truncation point"
    )]
    NoPairs {
        /// Pairs given.
        rows: usize,
        /// Truncation point.
        minimum: u64,
    },
}
