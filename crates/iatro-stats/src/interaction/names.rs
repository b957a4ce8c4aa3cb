//! The names to print.

/// Name of [`Omega::gamma`](super::Omega::gamma).
pub const OMEGA: &str = "Omega (gamma 95 %)";
/// Name of [`Omega::normal`](super::Omega::normal).
pub const OMEGA_NORMAL: &str = "Omega (normal approximation 95 %)";
/// Name of [`interaction_contrast`](super::interaction_contrast).
pub const INTERACTION_CONTRAST: &str = "interaction contrast of proportions (Wald 95 %)";
/// Name of [`Additive::reri`](super::Additive::reri).
pub const RERI: &str = "RERI (delta method 95 %)";
/// Name of [`Additive::attributable_proportion`](super::Additive::attributable_proportion).
pub const ATTRIBUTABLE_PROPORTION: &str =
    "proportion attributable to interaction (delta method 95 %)";
/// Name of [`Additive::synergy_index`](super::Additive::synergy_index).
pub const SYNERGY_INDEX: &str = "synergy index (delta method 95 %, log scale)";
/// Name of [`multiplicative`](super::multiplicative) for PRRs.
pub const MULTIPLICATIVE_PRR: &str = "multiplicative contrast of PRRs (log-normal 95 %)";
/// Name of [`multiplicative`](super::multiplicative) for RORs.
pub const MULTIPLICATIVE_ROR: &str = "multiplicative contrast of RORs (Wald 95 %)";
