//! Interactions of two drugs.
