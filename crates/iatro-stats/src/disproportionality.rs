//! Measures of disproportionality of one 2 x 2 table, one a file.
//!
//! When each is defined (a, b, c, d as in [`Table2x2`](crate::Table2x2)):
//!
//! | function | point | interval |
//! |----------|-------|----------|
//! | [`ror`] | b > 0 and c > 0 ([`ror_point`]) | all four cells > 0 |
//! | [`prr`] | a + b > 0 and c > 0 ([`prr_point`]) | a > 0, c > 0 and b + d > 0 |
//! | [`chi2_pearson`], [`chi2_yates`] | all four margins > 0 | has none |
//! | [`rrr`] | expected count > 0 | has none |
//! | [`ic`], [`ic_noren2013`], [`ic_bcpnn`] | at least one report | same |
//! | [`ror_conditional`], [`ror_conditional_mid_p`] | all four margins > 0, b and c > 0 | a limit at a time: lower a, d > 0, upper b, c > 0 |
//! | [`fisher_greater`], [`fisher_less`], [`fisher_two_sided`], [`fisher_mid_p`], [`fisher_mid_p_two_sided`], [`fisher_greater_and_mid_p`], [`g_squared`] | all four margins > 0 | has none |
//! | [`log_likelihood_ratio`] | a + b, a + c and b + d > 0 | has none |
//!
//! Everything else is `None`. No cell is ever raised by 0.5 to make an estimate exist; IC is the
//! measure that shrinks, and it says so. A point of exactly 0 (a = 0 with the denominator positive)
//! is a real answer: nothing was observed where something could have been.

mod chi2;
mod fisher;
mod hypergeometric;
mod ic;
mod ic_bcpnn;
mod ic_noren2013;
mod likelihood_ratio;
mod limits_of_count;
pub mod names;
mod prr;
mod ror;
mod ror_conditional;
mod rrr;

pub use chi2::{chi2_pearson, chi2_yates};
pub use fisher::{
    FisherGreater, fisher_greater, fisher_greater_and_mid_p, fisher_less, fisher_mid_p,
    fisher_mid_p_two_sided, fisher_two_sided,
};
pub use ic::{ic, ic_observed_expected};
pub use ic_bcpnn::{BcpnnIc, ic_bcpnn};
pub use ic_noren2013::{ic_noren2013, ic_noren2013_observed_expected};
pub use likelihood_ratio::{g_squared, log_likelihood_ratio};
pub use prr::{prr, prr_point};
pub use ror::{ror, ror_point};
pub use ror_conditional::{ConditionalRor, ror_conditional, ror_conditional_mid_p};
pub use rrr::{rrr, rrr_observed_expected};
