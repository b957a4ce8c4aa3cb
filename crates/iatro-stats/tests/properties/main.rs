//! Properties that hold for every input, and slow second computations of the same numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agreement;
mod attribution;
mod completeness;
mod disproportionality;
mod gamma_poisson;
mod interaction;
mod masking;
mod meta;
mod multiplicity;
mod proportion;
mod regression;
mod sequential;
mod strata;
mod survival;
mod time_to_onset;
mod tree_scan;
