//! The same events told again under another case id.

use crate::calendar::Precision;
use crate::model::EventModel;
use crate::quirk::{Quirk, QuirkRates};
use crate::report::Report;
use crate::sampler::{Rng, chance, choose};

/// Copies of one report at most.
const MOST: usize = 20;

/// How many further times a report is sent: once at the general rate, and event reports again and
/// again at the rate of the model. Reports sent directly to the agency are not.
pub(crate) fn copies(
    rng: &mut Rng,
    model: &EventModel,
    quirks: &QuirkRates,
    report: &Report,
) -> usize {
    let general = chance(rng, quirks.get(Quirk::DuplicateCase));
    if report.sender.is_none() {
        return 0;
    }
    let mut copies = usize::from(general);
    if report.origin.is_some() && model.event_duplicate_share > 0.0 {
        while copies < MOST && chance(rng, model.event_duplicate_share) {
            copies += 1;
        }
    }
    copies
}

/// A report as somebody else tells it: small differences, one drug fewer.
pub(crate) fn retold(rng: &mut Rng, report: &Report) -> Report {
    let mut report = report.clone();
    report.occupation = choose(rng, [("MD", 0.4), ("CN", 0.3), ("PH", 0.3)]);
    if chance(rng, 0.3) {
        report.onset.precision = Precision::Month;
    }
    if let Some((value, "YR")) = report.patient.age
        && chance(rng, 0.15)
    {
        report.patient.age = Some((value + 1, "YR"));
    }
    let spare = report.drugs.iter().rposition(|d| d.slot.is_none() && d.role == "C");
    if let Some(spare) = spare
        && chance(rng, 0.2)
    {
        report.drugs.remove(spare);
    }
    report
}
