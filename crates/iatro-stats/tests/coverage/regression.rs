//! Regression on sparse report data, propensity scores, the E-value.
