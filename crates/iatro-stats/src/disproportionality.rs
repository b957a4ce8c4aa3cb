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
//! | [`ic`], [`ic_noren2013`] | at least one report | same |
//!
//! Everything else is `None`. No cell is ever raised by 0.5 to make an estimate exist; IC is the
//! measure that shrinks, and it says so. A point of exactly 0 (a = 0 with the denominator positive)
//! is a real answer: nothing was observed where something could have been.

mod chi2;
mod ic;
mod ic_noren2013;
pub mod names;
mod prr;
mod ror;
mod rrr;

pub use chi2::{chi2_pearson, chi2_yates};
pub use ic::{ic, ic_observed_expected};
pub use ic_noren2013::{ic_noren2013, ic_noren2013_observed_expected};
pub use prr::{prr, prr_point};
pub use ror::{ror, ror_point};
pub use rrr::{rrr, rrr_observed_expected};
