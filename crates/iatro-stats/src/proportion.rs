//! Limits of a proportion.
