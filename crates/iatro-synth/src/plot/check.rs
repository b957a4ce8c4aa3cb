//! Which event models are refused.

use crate::catalogue::Catalogue;
use crate::corpus::share;
use crate::error::SynthError;
use crate::event::{NEW_TERM, OLD_TERM};
use crate::model::EventModel;

/// The largest hazard per report: above it every report has the event.
const MOST_HAZARD: f64 = 10.0;
/// The longest latency, a century.
const MOST_DAYS: f64 = 36_525.0;
/// The largest factor of notoriety: each report may have to be drawn so many times.
const MOST_FACTOR: f64 = 100.0;

/// Every number of a model must be in its range.
pub(super) fn numbers(model: &EventModel) -> Result<(), SynthError> {
    rates(model)?;
    causes(model)?;
    innocents(model)?;
    pairs(model)
}

fn rates(model: &EventModel) -> Result<(), SynthError> {
    share("model, background_hazard", model.background_hazard, MOST_HAZARD)?;
    share("model, hidden_disease_share", model.hidden_disease_share, 1.0)?;
    share("model, treated_before_share", model.treated_before_share, 1.0)?;
    share("model, late_disclosure_share", model.late_disclosure_share, 1.0)?;
    share("model, infancy, share", model.infancy.share, 1.0)?;
    share("model, infancy, background_factor", model.infancy.background_factor, 1000.0)?;
    share("model, age_known_share", model.age_known_share, 1.0)?;
    share("model, culprit_suspect_share", model.culprit_suspect_share, 1.0)?;
    share("model, event_duplicate_share", model.event_duplicate_share, 0.9)?;
    share("model, wrong_role_share", model.wrong_role_share, 1.0)?;
    share("model, dropped_indication_share", model.dropped_indication_share, 1.0)
}

fn causes(model: &EventModel) -> Result<(), SynthError> {
    for culprit in &model.culprits {
        share(&culprit.substance, culprit.hazard, MOST_HAZARD)?;
        share(&culprit.substance, culprit.share, 1.0)?;
        share(&culprit.substance, culprit.disease_share, 1.0)?;
        share(&culprit.substance, culprit.latency_days, MOST_DAYS)?;
    }
    for giant in &model.giants {
        share(&giant.substance, giant.hazard, MOST_HAZARD)?;
        share(&giant.substance, giant.share, 1.0)?;
        share(&giant.substance, giant.latency_days, MOST_DAYS)?;
    }
    for disease in &model.diseases {
        share(&disease.term, disease.hazard, MOST_HAZARD)?;
        share(&disease.term, disease.share, 1.0)?;
    }
    Ok(())
}

fn innocents(model: &EventModel) -> Result<(), SynthError> {
    for bystander in &model.bystanders {
        share(&bystander.substance, bystander.with_share, 1.0)?;
        share(&bystander.substance, bystander.alone_share, 1.0)?;
    }
    for channelled in &model.channelled {
        share(&channelled.substance, channelled.disease_share, 1.0)?;
        share(&channelled.substance, channelled.alone_share, 1.0)?;
    }
    for therapy in &model.therapies {
        share(&therapy.substance, therapy.event_share, 1.0)?;
        share(&therapy.substance, therapy.background_share, 1.0)?;
    }
    for notorious in &model.notorious {
        share(&notorious.substance, notorious.hazard, MOST_HAZARD)?;
        share(&notorious.substance, notorious.share, 1.0)?;
        factor(&notorious.substance, notorious.factor)?;
    }
    for bound in &model.age_bound {
        share(&bound.substance, bound.infant_share, 1.0)?;
        share(&bound.substance, bound.other_share, 1.0)?;
    }
    Ok(())
}

fn pairs(model: &EventModel) -> Result<(), SynthError> {
    for pair in &model.together {
        share(&pair.first, pair.first_hazard, MOST_HAZARD)?;
        share(&pair.second, pair.second_hazard, MOST_HAZARD)?;
        share(&pair.first, pair.share, 1.0)?;
        share(&pair.first, pair.latency_days, MOST_DAYS)?;
    }
    for pair in &model.interactions {
        share(&pair.first, pair.first_hazard, MOST_HAZARD)?;
        share(&pair.second, pair.second_hazard, MOST_HAZARD)?;
        share(&pair.first, pair.joint_hazard, MOST_HAZARD)?;
        share(&pair.first, pair.first_share, 1.0)?;
        share(&pair.first, pair.joint_share, 1.0)?;
        share(&pair.second, pair.second_share, 1.0)?;
        share(&pair.first, pair.latency_days, MOST_DAYS)?;
    }
    Ok(())
}

fn factor(substance: &str, value: f64) -> Result<(), SynthError> {
    if (1.0..=MOST_FACTOR).contains(&value) {
        return Ok(());
    }
    let problem = format!("the factor {value} is out of range");
    Err(SynthError::setting(substance, problem, format!("a number from 1 to {MOST_FACTOR}")))
}

/// A trigger disease must not also turn up as background, where it would have no hazard.
pub(super) fn terms(model: &EventModel, catalogue: &Catalogue) -> Result<(), SynthError> {
    let indicated = |term: &str| catalogue.classes.iter().any(|c| c.indications.contains(&term));
    for (index, disease) in model.diseases.iter().enumerate() {
        let term = disease.term.as_str();
        let repeated = model.diseases[..index].iter().any(|other| other.term == term);
        let plain =
            !term.is_empty() && term.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'$');
        let event = term == NEW_TERM || term == OLD_TERM;
        if repeated || !plain || event || catalogue.has_term(term) || indicated(term) {
            return Err(SynthError::setting(
                "model, diseases",
                format!("\"{term}\" cannot be a trigger disease"),
                "printable ASCII, once, and a term that the catalogue does not use as background",
            ));
        }
    }
    Ok(())
}
