//! The distribution of `a` when the margins of a 2 x 2 table are held fixed: hypergeometric, and
//! noncentral hypergeometric for an odds ratio other than 1.
//!
//! A table one step up has a + 1, b - 1, c - 1, d + 1. Its weight against the table below is
//! `odds ratio * b c / ((a + 1)(d + 1))`, which falls with every step, so the weights have one peak
//! and a tail is summed from the observed table outward until nothing is left. One step down is one
//! step up of the table with its columns exchanged and the odds ratio inverted, so everything here
//! goes up only. Where the distribution is so wide that the sum would have too many terms, the sum
//! is an integral with Euler and Maclaurin's correction ([`smooth`]).
//!
//! Counts above 2^53 are rounded to `f64`.

mod factorial;
mod noncentral;
mod smooth;
mod tail;

pub(super) use factorial::deviance;
pub(super) use noncentral::{Above, Sums, log_odds_ratio};
pub(super) use tail::{ln_probability, mass_above};

use crate::Table2x2;

/// The table with its columns exchanged: what was one step up is one step down.
pub(super) fn columns_exchanged(table: &Table2x2) -> Table2x2 {
    // The total is the same, so it fits.
    Table2x2::new(table.b(), table.a(), table.d(), table.c()).unwrap_or(*table)
}

/// True if all four margins are above 0, so that more than one table has them.
pub(super) fn has_choice(table: &Table2x2) -> bool {
    table.exposure_total() > 0
        && table.no_exposure_total() > 0
        && table.event_total() > 0
        && table.no_event_total() > 0
}

/// a, b, c, d as `f64`.
fn cells(table: &Table2x2) -> [f64; 4] {
    [table.a() as f64, table.b() as f64, table.c() as f64, table.d() as f64]
}
