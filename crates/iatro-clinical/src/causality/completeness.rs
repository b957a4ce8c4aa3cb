//! What the record holds of what an assessment needs. The completeness score is computed from this elsewhere.

use super::facts::DrugFacts;
use super::result::{Completeness, DayRange, OnsetKnown};

/// The fields of a drug and the event.
pub(super) fn fields(facts: &DrugFacts<'_>) -> Completeness {
    let (patient, event, drug) = (&facts.case.patient, &facts.case.event, facts.drug);
    let filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    Completeness {
        time_to_onset: onset_known(facts.since_start()),
        indication: filled(&drug.indication),
        outcome: event.outcome.is_some(),
        sex: patient.sex.is_some(),
        age: patient.age.is_some() || (patient.birth_date.is_some() && event.onset.is_some()),
        dose: drug.courses.iter().any(|course| filled(&course.dose)),
        country: filled(&patient.country),
        reporter: filled(&event.reporter),
        report_type: filled(&event.report_type),
        comments: filled(&event.narrative),
    }
}

/// Ambiguous are dates that leave open which came first.
fn onset_known(from_start: Option<DayRange>) -> OnsetKnown {
    match from_start {
        None => OnsetKnown::Missing,
        Some(DayRange { min, max }) if min >= 0 || max < 0 => OnsetKnown::Known,
        Some(DayRange { min, max }) if max - min <= 31 => OnsetKnown::AmbiguousWithinMonth,
        Some(_) => OnsetKnown::AmbiguousBeyondMonth,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_in_time_decides() {
        let known = |min, max| onset_known(Some(DayRange { min, max }));
        assert_eq!(known(3, 3), OnsetKnown::Known);
        assert_eq!(known(0, 40), OnsetKnown::Known);
        assert_eq!(known(-20, 10), OnsetKnown::AmbiguousWithinMonth);
        assert_eq!(known(-200, 160), OnsetKnown::AmbiguousBeyondMonth);
        assert_eq!(onset_known(None), OnsetKnown::Missing);
    }
}
