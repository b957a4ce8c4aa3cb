//! English for the terminal and for pages: a study, a run, a signal, the way from files to cases.

mod attribution;
mod definition;
mod exposure;
mod run;
mod set_aside;
mod study;
mod taxonomy;
mod triggers;
mod waterfall;
mod words;

pub use attribution::{ATTRIBUTION, attribution_notes};
pub use definition::EventName;
pub use run::{run_in_english, signal_in_english};
pub use set_aside::set_aside_in_english;
pub use study::study_in_english;
pub use waterfall::waterfall_lines;

pub(crate) use definition::defined_terms;
pub(crate) use exposure::{comparator_in_english, roles_in_english};
pub(crate) use run::tally;
pub(crate) use words::listed;
