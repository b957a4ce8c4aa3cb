//! The forms in which cases travel: FHIR R4 Bundles and GA4GH phenopackets in, REDCap and FHIR Questionnaires out.
//!
//! Nothing is dropped silently: whatever of a file is not used is noted with its path and why, and the entries of the
//! file are the sum of those used and those not used.

mod fhir;
mod hlh;
mod imported;
mod object;
mod phenopacket;
pub mod questionnaire;
pub mod redcap;
mod sniff;

pub(crate) use fhir::OWN_SYSTEM;

pub use imported::{Control, Imported, Note, NoteKind, SourceKind};
pub use sniff::read_any;
