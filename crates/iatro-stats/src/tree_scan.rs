//! Scan statistics over a hierarchy.
