//! Measures of one 2 x 2 table.

#![allow(missing_docs, clippy::unwrap_used)]

fn main() {
    divan::main();
}
