//! Is this HLH, and which of the things present brought it about? Instruments for one patient.
//!
//! A [`case::Case`] holds what is known of a patient: observations with time, unit and source, candidate
//! triggers, drugs. Diagnostic instruments are data files of items, cut-offs and points
//! ([`instrument`]); [`assess`] evaluates them in three-valued logic ([`logic::Ternary`]): what was not
//! observed is unknown, never normal, so a score is an interval and a verdict is given only if every
//! completion of the unknown items agrees. [`causality`] lays the case out drug by drug. [`exchange`] reads and
//! writes the forms in which cases travel.
//!
//! Pure: bytes in, values out. No files, no clock, and nothing of statistics on reports: a causality
//! category is never derived from a measure of disproportionality.
//!
//! Research use. Not a medical device.

pub mod assess;
pub mod case;
pub mod causality;
pub mod evidence;
pub mod exchange;
pub mod instrument;
pub mod logic;
pub mod observable;
pub mod observation;
pub mod set;
pub mod unit;
pub mod when;

pub use rust_decimal::Decimal;
