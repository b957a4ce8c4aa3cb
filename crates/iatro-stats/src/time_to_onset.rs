//! Time to onset: parametric fits, comparison, median.
