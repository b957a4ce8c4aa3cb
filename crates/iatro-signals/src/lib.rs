//! Studies, cohorts, counting and signals of disproportionate reporting.
//!
//! Here live the study ([`study`]), the reports in the form in which they are counted ([`corpus`]), the
//! counting on an [`Engine`](count::Engine) with its control totals ([`count`]), the run that turns
//! counts into named estimates ([`run`](mod@run)), what stands on a report beside the event
//! ([`causes`]), the checks that a signal has to stand ([`bench`](mod@bench)), the division of the event reports among
//! what stands on them ([`attribution`]), and the way back from a number to its cases ([`explain`]). Never here: reading source files, formatting, or the terminal.

pub mod attribution;
pub mod bench;
pub mod causes;
pub mod corpus;
pub mod count;
pub mod explain;
pub mod run;
pub mod study;
pub mod waterfall;

mod columns;
