//! Pooling of proportions and ratios over studies or databases.
