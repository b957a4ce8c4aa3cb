//! Many looks: MaxSPRT and cumulative series.

#![allow(missing_docs, clippy::unwrap_used)]

fn main() {
    divan::main();
}
