//! The gamma-Poisson shrinker (MGPS): prior, fit, posterior.

#![allow(missing_docs, clippy::unwrap_used)]

fn main() {
    divan::main();
}
