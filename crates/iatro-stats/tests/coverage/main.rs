//! Simulations with planted truth: how often a 95 % interval holds it.
//!
//! Seeds are fixed, so a run always gives the same number; it must lie between 93 and 97 % where the
//! method claims 95 %. A method that claims less (an exact method is conservative) states its own
//! range and why.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod agreement;
mod attribution;
mod disproportionality;
mod gamma_poisson;
mod interaction;
mod meta;
mod multiplicity;
mod proportion;
mod regression;
mod sequential;
mod simulation;
mod strata;
mod survival;
mod time_to_onset;
