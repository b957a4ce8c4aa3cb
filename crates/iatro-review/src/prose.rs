//! English for the terminal and for pages: a study, a run, a signal, the way from files to cases.

mod attribution;
mod bench;
mod definition;
mod exposure;
mod run;
mod set_aside;
mod study;
mod taxonomy;
mod triggers;
mod verdict;
mod waterfall;
mod words;

pub use attribution::{ATTRIBUTION, attribution_notes};
pub use bench::{
    CheckTally, ContrastText, contrast_in_english, outcome_in_english, reason_in_english,
    reason_name, row_detail, sampler_in_english,
};
pub use definition::EventName;
pub use run::{run_in_english, signal_in_english};
pub use set_aside::set_aside_in_english;
pub use study::study_in_english;
pub use verdict::{
    attributed_in_short, attributed_row, attribution_in_english, called, to_others,
    verdict_meaning, verdict_name, verdict_reason,
};
pub use waterfall::waterfall_lines;
pub use words::wrapped;

pub(crate) use bench::ror;
pub(crate) use definition::defined_terms;
pub(crate) use exposure::{comparator_in_english, roles_in_english};
pub(crate) use run::tally;
pub(crate) use verdict::{cases, event_reports};
pub(crate) use words::listed;
