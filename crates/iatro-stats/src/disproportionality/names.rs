//! The names to print: an estimator is shown with its name and the kind of its interval.

/// Name of [`ror`](super::ror).
pub const ROR: &str = "ROR (Wald 95 %)";
/// Name of [`prr`](super::prr).
pub const PRR: &str = "PRR (log-normal 95 %)";
/// Name of [`chi2_pearson`](super::chi2_pearson).
pub const CHI2_PEARSON: &str = "chi-squared (Pearson)";
/// Name of [`chi2_yates`](super::chi2_yates).
pub const CHI2_YATES: &str = "chi-squared (Yates)";
/// Name of [`ic`](super::ic).
pub const IC: &str = "IC (exact gamma 95 %)";
/// Name of [`ic_noren2013`](super::ic_noren2013).
pub const IC_NOREN_2013: &str = "IC (Noren 2013 approximation 95 %)";
/// Name of [`rrr`](super::rrr).
pub const RRR: &str = "RRR (no interval)";
