//! Many looks: MaxSPRT and cumulative series.
