//! Survival: Kaplan-Meier, Aalen-Johansen, log-rank, Cox.

#![allow(missing_docs, clippy::unwrap_used)]

fn main() {
    divan::main();
}
