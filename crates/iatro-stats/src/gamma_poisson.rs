//! The gamma-Poisson shrinker (MGPS): prior, fit, posterior.

mod bulk;
mod climb;
mod climbs;
mod fit;
mod likelihood;
mod mixture_quantile;
mod negative_binomial;
mod options;
mod pair;
mod panel;
mod posterior;
mod prior;
mod squash;
mod tail;

pub use bulk::{QuantileError, Score, quantiles, score};
pub use fit::{Fit, FittedOn, Location, Optimum, StandardErrors, StartReport, fit};
pub use likelihood::Likelihood;
pub use options::{DEFAULT_STARTS, FitError, FitOptions, Squashing};
pub use pair::{Pair, PairError, WeightedPair};
pub use posterior::Posterior;
pub use prior::Prior;
pub use squash::{SquashError, SquashOptions, squash};

