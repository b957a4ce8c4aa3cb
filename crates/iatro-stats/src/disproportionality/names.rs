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
/// Name of [`ror_conditional`](super::ror_conditional).
pub const ROR_CONDITIONAL: &str = "ROR (conditional, exact 95 %)";
/// Name of [`ror_conditional_mid_p`](super::ror_conditional_mid_p).
pub const ROR_CONDITIONAL_MID_P: &str = "ROR (conditional, mid-P 95 %)";
/// Name of [`fisher_greater`](super::fisher_greater).
pub const FISHER_GREATER: &str = "Fisher's exact test (one-sided, more often)";
/// Name of [`fisher_less`](super::fisher_less).
pub const FISHER_LESS: &str = "Fisher's exact test (one-sided, less often)";
/// Name of [`fisher_two_sided`](super::fisher_two_sided).
pub const FISHER_TWO_SIDED: &str = "Fisher's exact test (two-sided)";
/// Name of [`fisher_mid_p`](super::fisher_mid_p).
pub const FISHER_MID_P: &str = "Fisher's mid-P (one-sided, more often)";
/// Name of [`fisher_mid_p_two_sided`](super::fisher_mid_p_two_sided).
pub const FISHER_MID_P_TWO_SIDED: &str = "Fisher's mid-P (two-sided)";
/// Name of [`g_squared`](super::g_squared).
pub const G_SQUARED: &str = "G-squared (likelihood ratio)";
/// Name of [`log_likelihood_ratio`](super::log_likelihood_ratio).
pub const LOG_LIKELIHOOD_RATIO: &str = "log likelihood ratio (LRT, one-sided)";
/// Name of [`ic_bcpnn`](super::ic_bcpnn).
pub const IC_BCPNN: &str = "IC (BCPNN, sampled Dirichlet 95 %)";
