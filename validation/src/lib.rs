//! Validation of the attribution of reporting, and of the methods it is compared with, on planted truth
//! and on a real file.
//!
//! A scenario of `iatro-synth` at a seed is drawn in memory ([`corpus`](mod@corpus)) and given to every
//! method ([`planting`]); many of them ([`grid`]) become tables and figures ([`document`]). Research use. Not a
//! medical device.

pub mod arguments;
pub mod corpus;
pub mod document;
pub mod error;
pub mod grid;
pub mod method;
pub mod methods;
pub mod planting;
pub mod rank;
pub mod recovery;
pub mod summary;
pub mod vaers;
