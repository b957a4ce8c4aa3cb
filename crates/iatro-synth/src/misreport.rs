//! What a report gets wrong about its drugs: the role, and what they were given for.

use crate::model::EventModel;
use crate::report::{Report, Term};
use crate::sampler::{Rng, chance, pick};

/// Turns roles round and loses indications, at the rates of the model.
pub(crate) fn apply(rng: &mut Rng, model: &EventModel, report: &mut Report) {
    if model.wrong_role_share > 0.0 {
        turn_roles(rng, model.wrong_role_share, report);
    }
    if model.dropped_indication_share > 0.0 {
        drop_indications(rng, model.dropped_indication_share, report);
    }
}

/// Suspect becomes concomitant and the other way round. There is always one primary suspect: it
/// changes places with a drug that has become, or was, concomitant.
fn turn_roles(rng: &mut Rng, share: f64, report: &mut Report) {
    let Some(primary) = report.drugs.first().map(|drug| drug.substance) else { return };
    for drug in report.drugs.iter_mut().filter(|drug| drug.substance != primary) {
        if chance(rng, share) {
            drug.role = if drug.role == "C" { "SS" } else { "C" };
        }
    }
    if !chance(rng, share) {
        return;
    }
    let places = 1..report.drugs.len();
    let concomitant: Vec<usize> = places
        .filter(|place| report.drugs[*place].role == "C" && !report.drugs[*place].treats_event)
        .collect();
    let Some(place) = pick(rng, &concomitant).copied() else { return };
    for drug in report.drugs.iter_mut().filter(|drug| drug.substance == primary) {
        drug.role = "C";
    }
    report.drugs[place].role = "PS";
    report.drugs.swap(0, place);
}

/// A disease that was only named as an indication is no longer visible if it is lost.
fn drop_indications(rng: &mut Rng, share: f64, report: &mut Report) {
    for drug in &mut report.drugs {
        if chance(rng, share) {
            drug.indications.clear();
        }
    }
    let Report { diseases, drugs, terms, .. } = report;
    for carried in diseases {
        let term = Term::Disease(carried.disease);
        let indicated = drugs.iter().any(|drug| drug.indications.contains(&term));
        carried.visible = indicated || terms.contains(&term);
    }
}
