//! Interactions of two drugs: is an event reported more often with both together than the two would
//! suggest?
//!
//! The input is always the same four groups of reports ([`FourGroups`]). What "would suggest" means
//! is a choice, and each measure names its own: adding ([`omega`], [`interaction_contrast`],
//! [`additive`]) or multiplying ([`multiplicative`]). The two can point in opposite directions for
//! the same reports. For reports, where the baseline is itself a proportion of reports, Noren et al.
//! argue for adding.
//!
//! ```
//! use iatro_stats::interaction::{FourGroups, Group, omega};
//!
//! let groups = FourGroups::new(
//!     Group::new(98_000, 500)?,
//!     Group::new(1_000, 30)?,
//!     Group::new(900, 25)?,
//!     Group::new(200, 20)?,
//! )?;
//! let omega = omega(&groups).ok_or("undefined")?;
//! assert!((omega.expected - 10.3134581).abs() < 5e-8);
//! assert!(omega.gamma.lower > 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod additive;
mod contrast;
mod groups;
mod multiplicative;
pub mod names;
mod omega;
mod ratio;

pub use additive::{Additive, additive};
pub use contrast::interaction_contrast;
pub use groups::{FourGroups, Group, InteractionError};
pub use multiplicative::multiplicative;
pub use omega::{Omega, omega};
pub use ratio::Scale;
