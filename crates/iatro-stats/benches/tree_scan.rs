//! Scan statistics over a hierarchy.

#![allow(missing_docs, clippy::unwrap_used)]

fn main() {
    divan::main();
}
