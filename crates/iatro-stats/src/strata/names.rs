//! The names to print.

/// Name of [`ror_mantel_haenszel`](super::ror_mantel_haenszel).
pub const ROR_MANTEL_HAENSZEL: &str = "ROR (Mantel-Haenszel, Robins-Breslow-Greenland 95 %)";
/// Name of [`prr_mantel_haenszel`](super::prr_mantel_haenszel).
pub const PRR_MANTEL_HAENSZEL: &str = "PRR (Mantel-Haenszel, Greenland-Robins 95 %)";
/// Name of [`chi2_mantel_haenszel`](super::chi2_mantel_haenszel).
pub const CHI2_MANTEL_HAENSZEL: &str = "chi-squared (Mantel-Haenszel)";
/// Name of [`chi2_mantel_haenszel_corrected`](super::chi2_mantel_haenszel_corrected).
pub const CHI2_MANTEL_HAENSZEL_CORRECTED: &str =
    "chi-squared (Mantel-Haenszel, continuity correction)";
/// Name of [`ic`](super::ic).
pub const IC: &str = "IC (stratified expected count, exact gamma 95 %)";
/// Name of the statistic of [`heterogeneity`](super::heterogeneity).
pub const BRESLOW_DAY_TARONE: &str = "heterogeneity of the ROR (Breslow-Day, Tarone)";
/// Name of the statistic of [`heterogeneity`](super::heterogeneity) without Tarone's correction.
pub const BRESLOW_DAY: &str = "heterogeneity of the ROR (Breslow-Day)";
