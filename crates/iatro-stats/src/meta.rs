//! Pooling of ratios and proportions over studies or databases.
//!
//! The same quantity was estimated several times: in databases, countries, periods, studies. What lives
//! here: the inverse-variance mean under one common effect ([`fixed_effect`]) or under effects that
//! differ ([`random_effects`]), with the between-study variance by three methods, intervals of Wald
//! and of Hartung, Knapp, Sidik and Jonkman, a prediction interval, Q, I^2 and H^2; the same with each
//! study left out in turn ([`leave_one_out`]); and ways into an [`Effect`] for ratios and proportions.
//! The Mantel-Haenszel estimate from the tables of strata is elsewhere.
//!
//! Nothing here knows what an effect means. Log ratios go in and logs come out; `exp` turns them back.
//!
//! ```
//! use iatro_stats::meta::{Effect, RandomOptions, random_effects};
//!
//! // The same reporting odds ratio in three databases, with its 95 % interval.
//! let effects = [(2.1, 1.2, 3.7), (3.4, 2.2, 5.3), (1.6, 0.9, 2.8)]
//!     .map(|(point, lower, upper)| Effect::of_ratio(point, lower, upper, 0.95));
//! let effects = effects.into_iter().collect::<Result<Vec<_>, _>>()?;
//! let pooled = random_effects(&effects, &RandomOptions::default())?.ok_or("undefined")?;
//! assert!((pooled.point.exp() - 2.3).abs() < 0.1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod between;
mod effect;
mod error;
mod fixed;
mod leave_one_out;
mod proportions;
mod random;
mod sums;

pub use between::Tau2Method;
pub use effect::Effect;
pub use error::MetaError;
pub use fixed::{FixedEffect, Heterogeneity, fixed_effect};
pub use leave_one_out::leave_one_out;
pub use proportions::{
    PooledProportion, ProportionScale, freeman_tukey_inverse, inverse_logit, pool_proportions,
};
pub use random::{IntervalMethod, PredictionDf, RandomEffects, RandomOptions, random_effects};
