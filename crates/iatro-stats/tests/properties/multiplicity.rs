//! Many tests: false discovery rates, empirical calibration.
