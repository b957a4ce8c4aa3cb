//! Regression on sparse report data, propensity scores, the E-value.

#![allow(missing_docs, clippy::unwrap_used)]

fn main() {
    divan::main();
}
