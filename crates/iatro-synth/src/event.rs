//! The event and its preferred term, which MedDRA 21.1 renamed.

use crate::quarter::Quarter;

/// The preferred term before 2018Q3.
pub const OLD_TERM: &str = "Histiocytosis haematophagic";
/// The preferred term from 2018Q3 on.
pub const NEW_TERM: &str = "Haemophagocytic lymphohistiocytosis";
/// The first quarter with the new term.
pub(crate) const RENAMED: Quarter = Quarter::fixed(2018, 3);

/// Terms that come with the event, each with the share of event reports that list it.
pub(crate) const COMPANIONS: [(&str, f64); 6] = [
    ("Pyrexia", 0.5),
    ("Pancytopenia", 0.35),
    ("Serum ferritin increased", 0.3),
    ("Splenomegaly", 0.25),
    ("Hepatic function abnormal", 0.2),
    ("Multiple organ dysfunction syndrome", 0.15),
];

/// The event's preferred term in a quarter.
pub(crate) fn term(quarter: Quarter) -> &'static str {
    if quarter < RENAMED { OLD_TERM } else { NEW_TERM }
}
