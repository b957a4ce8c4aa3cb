//! Completeness of a report.

use iatro_stats::completeness::{Age, PairFields, TimeToOnset, report_score, score};

use crate::row::Family;

const BERGVALL: &str = "Bergvall 2014, Drug Saf 37:65-77";
const ARITHMETIC: &str = "product of the published penalties, in whole numbers";

/// The family.
pub(crate) fn rows(family: &mut Family) {
    let all = PairFields::COMPLETE;
    let no_onset = PairFields { time_to_onset: TimeToOnset::Missing, ..all };
    let no_person = PairFields { age: Age::Missing, sex: false, ..all };
    let nothing = PairFields::EMPTY;
    family.within("completeness, all fields", BERGVALL, "1", score(&all), 0.0);
    family.within("completeness, no time to onset", BERGVALL, "0.5", score(&no_onset), 0.0);
    family.within("completeness, no age and no sex", BERGVALL, "0.49", score(&no_person), 0.0);
    family.printed("completeness, nothing", BERGVALL, "0.0709", score(&nothing));
    let exact = "0.0708883245";
    family.within("completeness, nothing: all digits", ARITHMETIC, exact, score(&nothing), 0.0);
    let open = |time_to_onset| score(&PairFields { time_to_onset, ..all });
    let (within, beyond) = (TimeToOnset::AmbiguousWithinMonth, TimeToOnset::AmbiguousBeyondMonth);
    family.within("completeness, order open within a month", BERGVALL, "0.9", open(within), 0.0);
    family.within("completeness, order open beyond a month", BERGVALL, "0.7", open(beyond), 0.0);
    let group = PairFields { age: Age::GroupOnly, ..all };
    family.within("completeness, age group only", BERGVALL, "0.9", score(&group), 0.0);
    let mean = report_score(&[all, no_onset, no_person]).unwrap();
    // (1 + 0.5 + 0.49) / 3, printed to 15 digits.
    let expected = "0.663333333333333";
    family.within("completeness, mean of three pairs", ARITHMETIC, expected, mean, 1e-15);
}
