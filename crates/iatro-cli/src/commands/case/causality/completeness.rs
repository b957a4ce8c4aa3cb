//! The completeness score of a drug and the event, from the fields that the case holds.

use iatro_clinical::causality::{CaseCausality, CompletenessFields, TimeToOnset};
use iatro_stats::completeness::{self, Age, PairFields};
use serde_json::{Value, json};

/// The score, from 0.07 (nothing is there) to 1 (everything is).
pub(super) fn score(fields: &CompletenessFields) -> f64 {
    completeness::score(&pair(fields))
}

/// Whether an assessment finds what it needs.
pub(super) fn is_well_documented(fields: &CompletenessFields) -> bool {
    completeness::is_well_documented(score(fields))
}

fn pair(fields: &CompletenessFields) -> PairFields {
    PairFields {
        time_to_onset: match fields.time_to_onset {
            TimeToOnset::Known => completeness::TimeToOnset::Known,
            TimeToOnset::AmbiguousWithinMonth => completeness::TimeToOnset::AmbiguousWithinMonth,
            TimeToOnset::AmbiguousBeyondMonth => completeness::TimeToOnset::AmbiguousBeyondMonth,
            TimeToOnset::Missing => completeness::TimeToOnset::Missing,
        },
        indication: fields.indication,
        outcome: fields.outcome,
        sex: fields.sex,
        age: if fields.age { Age::Known } else { Age::Missing },
        dose: fields.dose,
        country: fields.country,
        reporter: fields.reporter,
        report_type: fields.report_type,
        comments: fields.comments,
    }
}

/// Puts the score beside the fields of every drug.
pub(super) fn add_scores(document: &mut Value, causality: &CaseCausality) {
    for (at, drug) in causality.drugs.iter().enumerate() {
        let fields = document.pointer_mut(&format!("/drugs/{at}/completeness"));
        if let Some(fields) = fields.and_then(Value::as_object_mut) {
            fields.insert("score".to_owned(), json!(score(&drug.completeness)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_that_of_the_fields() {
        let everything = CompletenessFields {
            time_to_onset: TimeToOnset::Known,
            indication: true,
            outcome: true,
            sex: true,
            age: true,
            dose: true,
            country: true,
            reporter: true,
            report_type: true,
            comments: true,
        };
        assert_eq!(score(&everything), 1.0);
        let no_onset = CompletenessFields { time_to_onset: TimeToOnset::Missing, ..everything };
        assert_eq!(score(&no_onset), 0.5);
        let neither = CompletenessFields { age: false, sex: false, ..everything };
        assert!((score(&neither) - 0.49).abs() < 1e-12);
        assert!(is_well_documented(&everything) && !is_well_documented(&no_onset));
    }
}
