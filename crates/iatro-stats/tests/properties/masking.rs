//! Masking: which substance or event hides others.
