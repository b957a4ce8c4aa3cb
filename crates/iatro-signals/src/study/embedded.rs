//! The studies that are built in.

/// Name and text of each, in alphabetical order.
pub(crate) const STUDIES: [(&str, &str); 1] = [("hlh", include_str!("../../studies/hlh.toml"))];
