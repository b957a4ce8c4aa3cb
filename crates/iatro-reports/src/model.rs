//! The report model: the values a report is made of, whatever file it came from.

pub mod codes;
pub mod date;
pub mod measure;
