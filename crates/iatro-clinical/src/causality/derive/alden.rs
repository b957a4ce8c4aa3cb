//! ALDEN, for Stevens-Johnson syndrome and toxic epidermal necrolysis.

use super::Derived;
use crate::causality::facts::DrugFacts;

/// Whether an event is one that it is made for.
pub(in crate::causality) fn is_for(term: &str) -> bool {
    let lower = term.to_lowercase();
    ["stevens-johnson", "toxic epidermal necrolysis", "sjs-ten"]
        .iter()
        .any(|name| lower.contains(name))
}

/// The delay alone stands in the fields of a case.
pub(super) fn derive(question: &str, facts: &DrugFacts<'_>) -> Option<Derived> {
    if question != "delay" {
        return None;
    }
    let range = facts.since_start()?;
    let band = |days: i64| match days {
        ..=0 => "on_or_after",
        1..=4 => "days_1_4",
        5..=28 => "days_5_28",
        29..=56 => "days_29_56",
        _ => "over_56",
    };
    let (least, most) = (band(range.min), band(range.max));
    (least == most).then(|| Derived::new(least, facts.latency_text()))
}
