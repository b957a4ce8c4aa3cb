//! The gamma-Poisson shrinker (MGPS): prior, fit, posterior.
