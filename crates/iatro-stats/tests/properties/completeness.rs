//! Completeness of a report.
