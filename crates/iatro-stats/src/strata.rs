//! Stratified 2 x 2 tables.
